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


class Strength(models.TextChoices):
    """What happens to a legal document when the event occurs, hardest first."""

    DIES = "dies", lazy("bị thay thế hoặc bãi bỏ")
    STOPS = "stops", lazy("ngưng hiệu lực")
    CHANGES = "changes", lazy("được sửa đổi")
    UNGROUNDED = "ungrounded", lazy("hướng dẫn văn bản không còn hiệu lực")
    CITED = "cited", lazy("có hiệu lực")
    GUIDED = "guided", lazy("có hướng dẫn mới")


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
    """

    given: Strength
    kind: RelationKind
    forward: bool
    gives: Strength


# fmt: off
CARRIES = (
    Carry(Strength.CITED,      RelationKind.REPLACES,     True,  Strength.DIES),
    Carry(Strength.CITED,      RelationKind.REPEALS,      True,  Strength.DIES),
    Carry(Strength.CITED,      RelationKind.SUSPENDS,     True,  Strength.STOPS),
    Carry(Strength.CITED,      RelationKind.STAYS,        True,  Strength.STOPS),
    Carry(Strength.CITED,      RelationKind.AMENDS,       True,  Strength.CHANGES),
    Carry(Strength.CITED,      RelationKind.SUPPLEMENTS,  True,  Strength.CHANGES),
    Carry(Strength.CITED,      RelationKind.REPEALS_PART, True,  Strength.CHANGES),
    Carry(Strength.CITED,      RelationKind.CORRECTS,     True,  Strength.CHANGES),
    Carry(Strength.CITED,      RelationKind.GUIDES,       True,  Strength.GUIDED),
    Carry(Strength.DIES,       RelationKind.GUIDES,       False, Strength.UNGROUNDED),
    Carry(Strength.STOPS,      RelationKind.GUIDES,       False, Strength.UNGROUNDED),
    Carry(Strength.UNGROUNDED, RelationKind.GUIDES,       False, Strength.UNGROUNDED),
    Carry(Strength.DIES,       RelationKind.CONSOLIDATES, False, Strength.DIES),
    Carry(Strength.CHANGES,    RelationKind.CONSOLIDATES, False, Strength.CHANGES),
)
# fmt: on

Node = tuple[UUID, Strength]
Edge = tuple[UUID, str, UUID]
"""Acting document, kind of relation, target."""
Asked = Callable[[Mapping[str, set[UUID]], Mapping[str, set[UUID]]], Iterable[Edge]]
"""Relations out of documents, and into documents, by kind."""


@dataclass(frozen=True)
class Reached:
    """A legal document, what happens to it, and the relations by which the event comes to it."""

    act: UUID
    strength: Strength
    path: tuple[Edge, ...] = ()

    @property
    def weight(self) -> tuple[int, int]:
        """Smaller is more telling: hardest first, then the shortest path."""
        return RANK[self.strength], len(self.path)


def spread(act: UUID, event: str, relations: Asked) -> list[Reached]:
    """Everything that an event of ``EVENTS`` about ``act`` reaches, each document in each strength once.

    Breadth first, so each path is a shortest one; ``relations`` is asked once per level. Cycles end: no document is
    reached twice in one strength.
    """
    start = Reached(act, EVENTS[event])
    found: dict[Node, Reached] = {(act, start.strength): start}
    front = [start]
    while front:
        out: dict[str, set[UUID]] = defaultdict(set)
        into: dict[str, set[UUID]] = defaultdict(set)
        for one in front:
            for rule in _rules(one.strength):
                (out if rule.forward else into)[str(rule.kind)].add(one.act)
        edges = sorted(relations(out, into), key=str) if out or into else []
        front = list(_next(front, edges, found))
    return list(found.values())


def _rules(given: Strength) -> list[Carry]:
    return [rule for rule in CARRIES if rule.given == given]


def _next(front: list[Reached], edges: list[Edge], found: dict[Node, Reached]) -> Iterable[Reached]:
    leaving, arriving = defaultdict(list), defaultdict(list)
    for edge in edges:
        leaving[edge[0], edge[1]].append(edge)
        arriving[edge[2], edge[1]].append(edge)
    for one in front:
        for rule in _rules(one.strength):
            for edge in (leaving if rule.forward else arriving)[one.act, str(rule.kind)]:
                other = edge[2] if rule.forward else edge[0]
                if (other, rule.gives) not in found:
                    found[other, rule.gives] = fresh = Reached(other, rule.gives, (*one.path, edge))
                    yield fresh
