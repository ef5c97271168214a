"""How far a change of law reaches and how hard it hits: one table, and the search over it (domain §4.1–4.3).

A legal document that takes effect acts on others by its relations; what happens to those passes on to the documents
that rest on them. The law for the last: a text that details or guides a dead one dies with it unless it is kept
(Law 64/2025/QH15 and, before it, 80/2015/QH13 art. 154); a legal basis or a plain citation passes nothing on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from documents.models.regulation import RelationKind
from documents.provisions import Provisions, overlaps, within


class Strength(models.TextChoices):
    """What happens to a legal document when the event occurs, hardest first; the words say it to those who cite it."""

    ABOLISHED = "abolished", lazy("thủ tục bị bãi bỏ")
    DIES = "dies", lazy("căn cứ bị thay thế hoặc bãi bỏ")
    STOPS = "stops", lazy("căn cứ ngưng hiệu lực")
    CHANGES = "changes", lazy("căn cứ được sửa đổi")
    UNGROUNDED = "ungrounded", lazy("căn cứ hướng dẫn văn bản không còn hiệu lực")
    ANNOUNCED = "announced", lazy("thủ tục được công bố lại")
    PROCESS = "process", lazy("quy trình nội bộ được phê duyệt lại")
    SUNSET = "sunset", lazy("nội dung hết thời hạn áp dụng")
    CITED = "cited", lazy("viện dẫn trực tiếp")
    GUIDED = "guided", lazy("căn cứ có hướng dẫn mới")
    OWNER = "owner", lazy("đơn vị chủ trì thay đổi")
    NAMED = "named", lazy("có nhắc tên đơn vị thay đổi")
    REFERS = "refers", lazy("có nhắc tài liệu bị bãi bỏ")


Node = tuple[UUID, Strength, Provisions, bool]
"""A document, what happens to it, to which parts, and whether only citations of these feel it."""
NOT_MERGED = (
    Strength.ABOLISHED,
    Strength.ANNOUNCED,
    Strength.PROCESS,
    Strength.SUNSET,
    Strength.OWNER,
    Strength.NAMED,
    Strength.REFERS,
)
"""Changes that are not of the cited law: what is late of these is “not merged”, not “dead law” (domain §4.5)."""
RANK = {strength: rank for rank, strength in enumerate(Strength)}
EVENTS: Mapping[str, Strength] = {
    "effective": Strength.CITED,
    "expired": Strength.DIES,
    "suspended": Strength.STOPS,
    "amended": Strength.CHANGES,
}
"""What an event does to the legal document that it is about."""


@dataclass(frozen=True)
class Carry:
    """A rule: across a relation of this kind, ``given`` at one end gives ``gives`` at the other.

    ``forward``: from the acting document to its target; else from the target back to the document that acts on it.
    ``exact``: only to those who cite the very provisions that the relation names, or parts of them.
    """

    given: Strength
    kind: RelationKind
    forward: bool
    gives: Strength
    exact: bool = False


# fmt: off
CARRIES = (
    Carry(Strength.CITED,      RelationKind.REPLACES,     True,  Strength.DIES),
    Carry(Strength.CITED,      RelationKind.REPEALS,      True,  Strength.DIES),
    Carry(Strength.CITED,      RelationKind.SUSPENDS,     True,  Strength.STOPS),
    Carry(Strength.CITED,      RelationKind.STAYS,        True,  Strength.STOPS),
    Carry(Strength.CITED,      RelationKind.AMENDS,       True,  Strength.CHANGES),
    Carry(Strength.CITED,      RelationKind.SUPPLEMENTS,  True,  Strength.CHANGES),
    Carry(Strength.CITED,      RelationKind.REPEALS_PART, True,  Strength.CHANGES),
    Carry(Strength.CITED,      RelationKind.REPEALS_PART, True,  Strength.DIES, exact=True),
    Carry(Strength.CITED,      RelationKind.CORRECTS,     True,  Strength.CHANGES),
    Carry(Strength.CITED,      RelationKind.GUIDES,       True,  Strength.GUIDED),
    Carry(Strength.DIES,       RelationKind.GUIDES,       False, Strength.UNGROUNDED),
    Carry(Strength.STOPS,      RelationKind.GUIDES,       False, Strength.UNGROUNDED),
    Carry(Strength.UNGROUNDED, RelationKind.GUIDES,       False, Strength.UNGROUNDED),
    Carry(Strength.DIES,       RelationKind.CONSOLIDATES, False, Strength.DIES),
    Carry(Strength.CHANGES,    RelationKind.CONSOLIDATES, False, Strength.CHANGES),
)
# fmt: on

Edge = tuple[UUID, str, UUID]
"""Acting document, kind of relation, target."""
Asked = Callable[[Mapping[str, set[UUID]], Mapping[str, set[UUID]]], Mapping[Edge, Provisions]]
"""Relations out of documents, and into documents, by kind, with the provisions of the target that each acts on."""


@dataclass(frozen=True)
class Reached:
    """A legal document, what happens to it, and the relations by which the event comes to it.

    ``parts``: to which of its provisions alone, none for the whole; ``exact``: felt only by citations of those.
    """

    act: UUID
    strength: Strength
    path: tuple[Edge, ...] = ()
    parts: Provisions = ()
    exact: bool = False

    def touches(self, cited: Provisions) -> bool:
        """Whether a citation of these provisions (none: of the whole document) feels it."""
        return within(cited, self.parts) if self.exact else overlaps(cited, self.parts)

    @property
    def node(self) -> Node:
        """What makes it another one than those found before, whatever the way."""
        return self.act, self.strength, self.parts, self.exact

    @property
    def weight(self) -> tuple[int, int]:
        """Smaller is more telling: hardest first, then the shortest path."""
        return RANK[self.strength], len(self.path)


def spread(act: UUID, event: str, relations: Asked, parts: Provisions = ()) -> list[Reached]:
    """Everything that an event of ``EVENTS`` about ``act`` reaches, each document in each strength and parts once.

    Breadth first, so each path is a shortest one; ``relations`` is asked once per level. Cycles end: no document is
    reached twice in one strength and parts. ``parts``: the event concerns these provisions of the act alone. What
    happens to a part alone goes on only to consolidated texts, whose provisions bear the same numbers.
    """
    start = Reached(act, EVENTS[event], parts=parts)
    found: dict[Node, Reached] = {start.node: start}
    front = [start]
    while front:
        out: dict[str, set[UUID]] = defaultdict(set)
        into: dict[str, set[UUID]] = defaultdict(set)
        for one in front:
            for rule in _rules(one):
                (out if rule.forward else into)[str(rule.kind)].add(one.act)
        edges = relations(out, into) if out or into else {}
        front = list(_next(front, edges, found))
    return list(found.values())


def _rules(given: Reached) -> list[Carry]:
    return [
        rule
        for rule in CARRIES
        if rule.given == given.strength and (not given.parts or rule.kind == RelationKind.CONSOLIDATES)
    ]


def _next(front: list[Reached], edges: Mapping[Edge, Provisions], found: dict[Node, Reached]) -> Iterable[Reached]:
    leaving, arriving = defaultdict(list), defaultdict(list)
    for edge in sorted(edges, key=str):
        leaving[edge[0], edge[1]].append(edge)
        arriving[edge[2], edge[1]].append(edge)
    for one in front:
        for rule in _rules(one):
            for edge in (leaving if rule.forward else arriving)[one.act, str(rule.kind)]:
                fresh = _carried(one, rule, edge, edges[edge])
                if fresh is not None and fresh.node not in found:
                    found[fresh.node] = fresh
                    yield fresh


def _carried(one: Reached, rule: Carry, edge: Edge, acts_on: Provisions) -> Reached | None:
    """What a rule makes of one relation; None if it asks for the provisions that the relation does not name."""
    if rule.exact and not acts_on:
        return None
    parts = acts_on if rule.forward else one.parts
    exact = rule.exact if rule.forward else one.exact
    return Reached(edge[2] if rule.forward else edge[0], rule.gives, (*one.path, edge), parts, exact)
