"""What stands around a legal document: acts within two hops of relations, and the versions in force that cite them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from documents.citing import BASIS
from documents.models import Citation, DocumentVersion, Regulation, RegulationRelation
from documents.services.asof import Moment, versions_in_force
from documents.services.lawthen import acts_known
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
    """“Source does this to target” between two acts that are kept. ``since``: None where nobody knows the day.

    ``provisions``: of the target, as a column holds them; "" for the whole.
    """

    source: UUID
    kind: str
    target: UUID
    since: date | None
    provisions: str = ""


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


def neighbourhood(act: Regulation, *, at: Moment, user: User, most: int = MOST) -> Neighbourhood:
    """The act, the acts at most ``HOPS`` relations away, and the versions that cite any of them, that are in force at
    the moment and that the person may see; at most ``most`` of both, nearest first. Six queries and those of sight; by
    the records of a day gone by two more, and nothing where the act was not registered yet.

    Versions are ordered by agency, unit and code among those that are equally near; an act that acts on itself by a
    slip of the source is no relation.
    """
    if at.cutoff is not None and act.created_at >= at.cutoff:
        return Neighbourhood([], [], [], [], 0, 0)
    near, names = _hops(act, at)
    citing, places = _citing(near, at, user)
    keys: dict[UUID, Key] = {pk: (hops, 0, *names[pk], "", str(pk)) for pk, hops in near.items()}
    for pk, rows in citing.items():
        keys[pk] = (1 + min(near[cited] for cited in rows), 1, *places[pk], str(pk))
    kept = sorted(keys, key=keys.__getitem__)[:most]
    versions = _versions([pk for pk in kept if pk in citing])
    acts = _acts([pk for pk in kept if pk in near], at)
    return Neighbourhood(
        acts=[NearAct(acts[pk], near[pk]) for pk in kept if pk in acts],
        versions=[NearVersion(versions[pk], keys[pk][0]) for pk in kept if pk in versions],
        relations=_between(acts, at),
        citations=[
            NearCitation(pk, cited, tuple(sorted(rows)))
            for pk in kept
            for cited, rows in sorted(citing.get(pk, {}).items(), key=lambda row: keys[row[0]])
            if cited in acts
        ],
        left_acts=len(near) - len(acts),
        left_versions=len(citing) - len(versions),
    )


def _recorded(at: Moment) -> QuerySet[RegulationRelation]:
    """Relations that were recorded by the moment, between acts that were."""
    if at.cutoff is None:
        return RegulationRelation.objects.all()
    held = dict.fromkeys(("recorded_at__lt", "source__created_at__lt", "target__created_at__lt"), at.cutoff)
    return RegulationRelation.objects.filter(**held)


def _hops(act: Regulation, at: Moment) -> tuple[dict[UUID, int], dict[UUID, tuple[str, str]]]:
    """How far each act is, and its number's and issuer's keys; one query for each hop."""
    near, names = {act.pk: 0}, {act.pk: (act.number_key, act.issuer_key)}
    front = {act.pk}
    columns = [f"{end}{field}" for end in ("source", "target") for field in ("", "__number_key", "__issuer_key")]
    for hops in range(1, HOPS + 1):
        found = _recorded(at).filter(Q(source__in=front) | Q(target__in=front)).values_list(*columns)
        front = set()
        for row in found:
            for pk, *name in (row[:3], row[3:]):
                if pk not in near:
                    near[pk], names[pk] = hops, (name[0], name[1])
                    front.add(pk)
    return near, names


Rows = dict[UUID, dict[UUID, list[int]]]
"""Rows of the legal basis, from 1, by version and act."""


def _citing(acts: Iterable[UUID], at: Moment, user: User) -> tuple[Rows, dict[UUID, tuple[str, str, str]]]:
    """Who cites the acts in which rows, and the order of each version: agency, unit, code; one query."""
    seen = versions_in_force(at).visible_to(user)
    cited = Citation.objects.filter(regulation__in=list(acts), version__in=seen, place=BASIS)
    cited = cited.order_by("version", "position")
    citing: Rows = defaultdict(lambda: defaultdict(list))
    places: dict[UUID, tuple[str, str, str]] = {}
    order = ("version__agency__path", "version__unit__path", "version__document__code_key")
    for pk, act, position, *place in cited.values_list("version", "regulation", "position", *order):
        citing[pk][act].append(position + 1)
        places[pk] = (place[0], place[1], place[2])
    return citing, places


def _acts(keys: list[UUID], at: Moment) -> dict[UUID, Regulation]:
    if at.cutoff is None:
        return Regulation.objects.with_validity(at.on).in_bulk(keys)
    return acts_known(Regulation.objects.filter(pk__in=keys), at.on, at.cutoff)


def _versions(keys: list[UUID]) -> dict[UUID, DocumentVersion]:
    return DocumentVersion.objects.for_list().in_bulk(keys)


def _between(acts: Mapping[UUID, Regulation], at: Moment) -> list[NearRelation]:
    """Relations among acts, by the day from which they hold, the unknown days last; one query.

    A relation without a day of its own holds from that of the acting act, as it is in these acts.
    """
    ends = list(acts)
    rows = _recorded(at).filter(source__in=ends, target__in=ends).exclude(source=F("target"))
    columns = ("source", "kind", "target", "effective_on", "provisions")
    order = ("source__number_key", "target__number_key", "kind", "pk")
    found = [
        NearRelation(source, kind, target, own or acts[source].effective_on, parts)
        for source, kind, target, own, parts in rows.order_by(*order).values_list(*columns)
    ]
    return sorted(found, key=lambda one: (one.since is None, one.since or date.min))
