"""From a change of law to the versions in force that it touches, each with every step of the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from documents.citing import BASIS, STEP
from documents.models import DocumentVersion, Regulation, RegulationRelation
from documents.models.version import VersionQuerySet
from documents.provisions import Provisions, loaded
from documents.reach import Asked, Edge, Reached, Strength, spread
from workflows.models import Unit, User

Hop = dict[str, Any]
"""``kind``: a relation or "cites"; ``from`` and ``to``: a legal number or a document's code, the acting side first;
``row`` from 1 for "cites", of the legal basis, or of the ``section`` that is named; ``since``: ISO day of a
relation, None where nobody knows it; ``provisions``, if any are named: those acted on or cited, canonical."""


Supposed = Mapping[Edge, date | None]
"""Relations that somebody tries out, each with its day."""


@dataclass(frozen=True)
class Touched:
    """A version in force that the event reaches: the hops, and what happens to the document that it cites.

    ``direct``: its legal basis cites the very act; ``in_step``: a step does. The way shown may still be another one, if
    that one is harder.
    """

    version: DocumentVersion
    path: list[Hop]
    strength: Strength
    direct: bool
    in_step: bool = False


FOUND = ("agency", "unit", "document")
"""Columns of versions that the finding itself needs."""
SHOWN = (
    *FOUND, "state", "row_version", "issue_no", "revision_no", "decision_no", "decision_on", "effective_from",
    "effective_to", "due_on", "entered_at", "document__code", "document__code_key", "document__title", "document__kind",
)  # fmt: skip
"""And those that lists and the API show."""


def regulation_touches(
    regulation: Regulation,
    *,
    on: date,
    user: User | None = None,
    agency: Unit | None = None,
    below: bool = False,
    event: str = "effective",
    supposed: Supposed | None = None,
    keys: tuple[UUID, UUID] | None = None,
    coming: bool = False,
    among: Q | None = None,
    most: int | None = None,
) -> list[Touched]:
    """Versions in force on a day that an event about the act reaches, by unit and code; each once, by the hardest and
    then the shortest path. One query per level of relations, and three. A citation of articles feels only what
    happens to these or to the whole act. ``coming``: versions issued for a later day instead of those in force.

    ``user`` narrows to what the person sees, ``agency`` to one agency's own documents, and ``below`` to those of the
    agencies below it as well. ``event``: of ``reach.EVENTS``.
    ``supposed``: relations that are not in the register; then the act itself need not be there either. ``keys``: the
    first and last version, in the order of ids, that is looked at; then versions come in no order, without their other
    columns, documents and units: 50,000 of them are written down and never shown.
    ``among``: only versions for which this holds; ``most``: stop after so many.
    """
    supposed = supposed or {}
    reached: dict[UUID, list[Reached]] = {}
    for one in sorted(law_reached(regulation, event, supposed), key=lambda one: one.weight):
        reached.setdefault(one.act, []).append(one)
    cited = Q(citations__regulation__in=list(reached))
    if keys is not None:  # said of the citations, whose index begins with the act: no database infers it of them
        cited &= Q(citations__version__gte=keys[0], citations__version__lte=keys[1])
    rows = DocumentVersion.objects.all()
    versions = (rows.coming(on) if coming else rows.in_force(on)).filter(cited, among or Q())
    versions = _narrowed(versions, user, agency, below)
    found, ways = _cited(_shown(versions) if keys is None else _written(versions), reached, most)
    if keys is None:
        _place(found)
    facts = _facts(own[0].reached for own in ways.values())
    facts.numbers.setdefault(regulation.pk, regulation.number)
    facts.days.update(supposed)
    code = attrgetter("document.code" if keys is None else "code_")
    return [_touched(one, code(one), ways[one.pk], facts, regulation) for one in found]


def _narrowed(versions: VersionQuerySet, user: User | None, agency: Unit | None, below: bool) -> VersionQuerySet:
    seen: VersionQuerySet = versions if user is None else versions.visible_to(user)
    if agency is None:
        return seen
    return seen.filter(agency__path__startswith=agency.path) if below else seen.filter(agency=agency)


@dataclass(frozen=True)
class _Way:
    """One citation and the hardest that comes to it."""

    reached: Reached
    place: str
    position: int
    cited: Provisions

    @property
    def weight(self) -> tuple[int, int, bool, int]:
        """Smaller is shown first: by what happens, then the legal basis before the steps."""
        return *self.reached.weight, self.place != BASIS, self.position


def _cited(
    versions: VersionQuerySet, reached: Mapping[UUID, list[Reached]], most: int | None
) -> tuple[list[DocumentVersion], dict[UUID, list[_Way]]]:
    """Versions by their citations of what is reached, each once and in their order, and the citations that feel the
    event, the most telling first, by version. ``most``: no more of them.
    """
    columns = {f"{name}_": F(f"citations__{name}") for name in ("regulation_id", "place", "position", "provisions")}
    found: dict[UUID, DocumentVersion] = {}
    ways: dict[UUID, list[_Way]] = {}
    rows: Any = versions.annotate(**columns)
    for row in rows if most is None else rows.iterator():
        parts = loaded(row.provisions_)
        felt = next((one for one in reached[row.regulation_id_] if one.touches(parts)), None)
        if felt is not None:
            if row.pk not in found and len(found) == most:
                break
            found.setdefault(row.pk, row)
            ways.setdefault(row.pk, []).append(_Way(felt, row.place_, row.position_, parts))
    return list(found.values()), {
        version: sorted(own, key=lambda way: way.weight) if len(own) > 1 else own for version, own in ways.items()
    }


def _shown(versions: VersionQuerySet) -> VersionQuerySet:
    """There may be very many: what lists show of them in the order of lists, and nothing else."""
    shown = versions.select_related("document").only(*SHOWN)
    found: VersionQuerySet = shown.order_by("agency__path", "unit__path", "document__code_key")
    return found


def _written(versions: VersionQuerySet) -> VersionQuerySet:
    """What is written down of them, and nothing else: ids, and the code that the way names as ``code_``."""
    found: VersionQuerySet = versions.only(*FOUND).annotate(code_=F("document__code")).order_by()
    return found


def _place(found: Iterable[DocumentVersion]) -> None:
    """Give versions their agencies and units; these are few and read apart, by one query."""
    units = Unit.objects.in_bulk({pk for one in found for pk in (one.agency_id, one.unit_id)})
    for one in found:
        one.agency, one.unit = units[one.agency_id], units[one.unit_id]


def law_reached(regulation: Regulation, event: str, supposed: Supposed | None = None) -> list[Reached]:
    """Legal documents that an event about the act reaches; one query per level of relations."""
    return spread(regulation.pk, event, _relations(supposed or {}))


def _relations(supposed: Supposed) -> Asked:
    """The register's relations and the supposed ones, out of documents and into documents, by kind; one query."""

    def asked(out: Mapping[str, set[UUID]], into: Mapping[str, set[UUID]]) -> Mapping[Edge, Provisions]:
        where = Q(pk__in=())
        for kind, acts in out.items():
            where |= Q(kind=kind, source__in=acts)
        for kind, acts in into.items():
            where |= Q(kind=kind, target__in=acts)
        rows = RegulationRelation.objects.filter(where).values_list("source", "kind", "target", "provisions")
        found = {(source, kind, target): loaded(parts) for source, kind, target, parts in rows}
        return {
            edge: () for edge in supposed if edge[0] in out.get(edge[1], ()) or edge[2] in into.get(edge[1], ())
        } | found

    return asked


@dataclass(frozen=True)
class _Facts:
    numbers: dict[UUID, str]
    days: dict[Edge, date | None]
    parts: dict[Edge, Provisions]


def _facts(reached: Iterable[Reached]) -> _Facts:
    """Numbers, days and provisions of what the chosen paths name; two queries."""
    reached = list(reached)
    acts = {one.act for one in reached} | {end for one in reached for edge in one.path for end in (edge[0], edge[2])}
    edges = {edge for one in reached for edge in one.path}
    dated = RegulationRelation.objects.filter(source__in={edge[0] for edge in edges})
    since = Coalesce("effective_on", "source__effective_on")
    days: dict[Edge, date | None] = {}
    parts: dict[Edge, Provisions] = {}
    for source, kind, target, day, named in (
        dated.values_list("source", "kind", "target", since, "provisions") if edges else ()
    ):
        days[source, kind, target], parts[source, kind, target] = day, loaded(named)
    return _Facts(dict(Regulation.objects.filter(pk__in=acts).values_list("pk", "number")), days, parts)


def _touched(version: DocumentVersion, code: str, ways: Sequence[_Way], facts: _Facts, about: Regulation) -> Touched:
    path: list[Hop] = []
    best = ways[0]
    for edge in best.reached.path:
        day, (acting, kind, target) = facts.days.get(edge), edge
        since, parts = day.isoformat() if day else None, facts.parts.get(edge, ())
        path.append(_hop(kind, facts.numbers[acting], facts.numbers[target], since=since, parts=parts))
    number = facts.numbers[best.reached.act]
    cites = _hop("cites", number, code, row=best.position + 1, parts=best.cited)
    path.append(cites if best.place == BASIS else cites | {"section": "steps"})
    very = {way.place for way in ways if way.reached.act == about.pk}
    return Touched(version, path, best.reached.strength, BASIS in very, STEP in very)


def _hop(
    kind: str, acting: str, target: str, *, row: int | None = None, since: str | None = None, parts: Provisions = ()
) -> Hop:
    hop = {"kind": kind, "from": acting, "to": target, "row": row, "since": since}
    return hop | {"provisions": list(parts)} if parts else hop
