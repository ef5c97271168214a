"""What stands around a legal document: acts within two hops of relations, and the versions in force that cite them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from documents.models import Citation, DocumentVersion, Regulation, RegulationRelation
from workflows.models import User

HOPS = 2
"""How many relations away from the act the neighbourhood ends."""
MOST = 200
"""Acts and versions together that are kept, the act itself included."""

Key = tuple[int, int, str, str, str, str]
"""Order of what is kept: hops, acts before versions, then texts that tell two of the same kind apart."""


@dataclass(frozen=True)
class NearAct:
    """A legal document with ``validity_on``, and how many relations lie between it and the one in the middle."""

    act: Regulation
    hops: int


@dataclass(frozen=True)
class NearVersion:
    """A version in force; ``hops``: one more than those of the nearest act that it cites."""

    version: DocumentVersion
    hops: int


@dataclass(frozen=True)
class NearRelation:
    """“Source does this to target” between two acts that are kept. ``since``: None where nobody knows the day."""

    source: UUID
    kind: str
    target: UUID
    since: date | None


@dataclass(frozen=True)
class NearCitation:
    """A version that is kept cites an act that is kept, in these rows of its legal basis, from 1."""

    version: UUID
    act: UUID
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Neighbourhood:
    """Acts and versions, nearest first, and what lies between them. ``left_*``: how many more there are."""

    acts: list[NearAct]
    versions: list[NearVersion]
    relations: list[NearRelation]
    citations: list[NearCitation]
    left_acts: int
    left_versions: int

    @property
    def left(self) -> int:
        """Acts and versions that were left out."""
        return self.left_acts + self.left_versions


def neighbourhood(act: Regulation, *, on: date, user: User, most: int = MOST) -> Neighbourhood:
    """The act, the acts at most ``HOPS`` relations away, and the versions that cite any of them, that are in force on
    the day and that the person may see; at most ``most`` of both, nearest first. Six queries and those of sight.

    Versions are ordered by agency, unit and code among those that are equally near; an act that acts on itself by a
    slip of the source is no relation.
    """
    near, names = _hops(act)
    citing, places = _citing(near, on, user)
    keys: dict[UUID, Key] = {pk: (hops, 0, *names[pk], "", str(pk)) for pk, hops in near.items()}
    for pk, rows in citing.items():
        keys[pk] = (1 + min(near[cited] for cited in rows), 1, *places[pk], str(pk))
    kept = sorted(keys, key=keys.__getitem__)[:most]
    versions = _versions([pk for pk in kept if pk in citing])
    acts = _acts([pk for pk in kept if pk in near], on)
    return Neighbourhood(
        acts=[NearAct(acts[pk], near[pk]) for pk in kept if pk in acts],
        versions=[NearVersion(versions[pk], keys[pk][0]) for pk in kept if pk in versions],
        relations=_between(acts),
        citations=[
            NearCitation(pk, cited, tuple(sorted(rows)))
            for pk in kept
            for cited, rows in sorted(citing.get(pk, {}).items(), key=lambda row: keys[row[0]])
            if cited in acts
        ],
        left_acts=len(near) - len(acts),
        left_versions=len(citing) - len(versions),
    )


def _hops(act: Regulation) -> tuple[dict[UUID, int], dict[UUID, tuple[str, str]]]:
    """How far each act is, and its number's and issuer's keys; one query for each hop."""
    near, names = {act.pk: 0}, {act.pk: (act.number_key, act.issuer_key)}
    front = {act.pk}
    columns = [f"{end}{field}" for end in ("source", "target") for field in ("", "__number_key", "__issuer_key")]
    for hops in range(1, HOPS + 1):
        found = RegulationRelation.objects.filter(Q(source__in=front) | Q(target__in=front)).values_list(*columns)
        front = set()
        for row in found:
            for pk, *name in (row[:3], row[3:]):
                if pk not in near:
                    near[pk], names[pk] = hops, (name[0], name[1])
                    front.add(pk)
    return near, names


Rows = dict[UUID, dict[UUID, list[int]]]
"""Rows of the legal basis, from 1, by version and act."""


def _citing(acts: Iterable[UUID], on: date, user: User) -> tuple[Rows, dict[UUID, tuple[str, str, str]]]:
    """Who cites the acts in which rows, and the order of each version: agency, unit, code; one query."""
    seen = DocumentVersion.objects.in_force(on).visible_to(user)
    cited = Citation.objects.filter(regulation__in=list(acts), version__in=seen).order_by("version", "position")
    citing: Rows = defaultdict(lambda: defaultdict(list))
    places: dict[UUID, tuple[str, str, str]] = {}
    order = ("version__agency__path", "version__unit__path", "version__document__code_key")
    for pk, act, position, *place in cited.values_list("version", "regulation", "position", *order):
        citing[pk][act].append(position + 1)
        places[pk] = (place[0], place[1], place[2])
    return citing, places


def _acts(keys: list[UUID], on: date) -> dict[UUID, Regulation]:
    return Regulation.objects.with_validity(on).in_bulk(keys)


def _versions(keys: list[UUID]) -> dict[UUID, DocumentVersion]:
    return DocumentVersion.objects.for_list().in_bulk(keys)


def _between(acts: Iterable[UUID]) -> list[NearRelation]:
    """Relations among acts, by the day from which they hold, the unknown days last; one query."""
    ends = list(acts)
    rows = (
        RegulationRelation.objects.filter(source__in=ends, target__in=ends)
        .exclude(source=F("target"))
        .annotate(since=Coalesce("effective_on", "source__effective_on"))
        .order_by(F("since").asc(nulls_last=True), "source__number_key", "target__number_key", "kind", "pk")
    )
    return [NearRelation(*row) for row in rows.values_list("source", "kind", "target", "since")]
