"""From a change of law to the versions in force that it touches, each with every step of the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from documents.models import Citation, DocumentVersion, Regulation, RegulationRelation
from documents.reach import Asked, Edge, Reached, Strength, spread
from workflows.models import Unit, User

Hop = dict[str, Any]
"""``kind``: a relation or "cites"; ``from`` and ``to``: a legal number or a document's code, the acting side first;
``row`` of the legal basis from 1 for "cites"; ``since``: ISO day of a relation, None where nobody knows it."""


Supposed = Mapping[Edge, date | None]
"""Relations that somebody tries out, each with its day."""


@dataclass(frozen=True)
class Touched:
    """A version in force that the event reaches: the hops, and what happens to the document that it cites."""

    version: DocumentVersion
    path: list[Hop]
    strength: Strength


def regulation_touches(
    regulation: Regulation,
    *,
    on: date,
    user: User | None = None,
    agency: Unit | None = None,
    event: str = "effective",
    supposed: Supposed | None = None,
) -> list[Touched]:
    """Versions in force on a day that an event about the act reaches, by unit and code; each once, by the hardest and
    then the shortest path. One query per level of relations, and three.

    ``user`` narrows to what the person sees, ``agency`` to one agency's own documents. ``event``: of ``reach.EVENTS``.
    ``supposed``: relations that are not in the register; then the act itself need not be there either.
    """
    supposed = supposed or {}
    reached = spread(regulation.pk, event, _relations(supposed))
    strongest: dict[UUID, Reached] = {}
    for one in sorted(reached, key=lambda one: one.weight):
        strongest.setdefault(one.act, one)
    cited = Citation.objects.filter(regulation__in=strongest)
    versions = DocumentVersion.objects.in_force(on).filter(pk__in=cited.values("version")).for_list()
    if user is not None:
        versions = versions.visible_to(user)
    if agency is not None:
        versions = versions.filter(agency=agency)
    found = list(versions.order_by("agency__path", "unit__path", "document__code_key"))
    rows: dict[UUID, list[tuple[Reached, int]]] = {}
    for version, act, position in cited.filter(version__in=[one.pk for one in found]).values_list(
        "version", "regulation", "position"
    ):
        rows.setdefault(version, []).append((strongest[act], position))
    best = {pk: min(own, key=lambda row: (*row[0].weight, row[1])) for pk, own in rows.items()}
    facts = _facts(one for one, _position in best.values())
    facts.numbers.setdefault(regulation.pk, regulation.number)
    facts.days.update(supposed)
    return [_touched(version, *best[version.pk], facts) for version in found]


def _relations(supposed: Supposed) -> Asked:
    """The register's relations and the supposed ones, out of documents and into documents, by kind; one query."""

    def asked(out: Mapping[str, set[UUID]], into: Mapping[str, set[UUID]]) -> Iterable[Edge]:
        where = Q(pk__in=())
        for kind, acts in out.items():
            where |= Q(kind=kind, source__in=acts)
        for kind, acts in into.items():
            where |= Q(kind=kind, target__in=acts)
        found = set(RegulationRelation.objects.filter(where).values_list("source", "kind", "target"))
        return found | {
            edge for edge in supposed if edge[0] in out.get(edge[1], ()) or edge[2] in into.get(edge[1], ())
        }

    return asked


@dataclass(frozen=True)
class _Facts:
    numbers: dict[UUID, str]
    days: dict[Edge, date | None]


def _facts(reached: Iterable[Reached]) -> _Facts:
    """Numbers and days of what the chosen paths name; two queries."""
    reached = list(reached)
    acts = {one.act for one in reached} | {end for one in reached for edge in one.path for end in (edge[0], edge[2])}
    edges = {edge for one in reached for edge in one.path}
    dated = RegulationRelation.objects.filter(source__in={edge[0] for edge in edges})
    rows = dated.values_list("source", "kind", "target", Coalesce("effective_on", "source__effective_on"))
    days = {(source, kind, target): day for source, kind, target, day in rows} if edges else {}
    return _Facts(dict(Regulation.objects.filter(pk__in=acts).values_list("pk", "number")), days)


def _touched(version: DocumentVersion, reached: Reached, position: int, facts: _Facts) -> Touched:
    path: list[Hop] = []
    for edge in reached.path:
        day, (acting, kind, target) = facts.days.get(edge), edge
        since = day.isoformat() if day else None
        path.append(_hop(kind, facts.numbers[acting], facts.numbers[target], since=since))
    path.append(_hop("cites", facts.numbers[reached.act], version.document.code, row=position + 1))
    return Touched(version, path, reached.strength)


def _hop(kind: str, acting: str, target: str, *, row: int | None = None, since: str | None = None) -> Hop:
    return {"kind": kind, "from": acting, "to": target, "row": row, "since": since}
