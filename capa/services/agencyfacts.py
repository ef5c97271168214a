"""Facts of agencies computed from the records, for any day and any set of agencies: a fixed number of queries.

Everything is asked by date, so a day gone by is answered as of that day, with what is recorded until now; what was
computed on the day itself is kept in snapshots.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from capa.models import Certificate
from capa.rollup import Facts
from documents.machines.version import OPEN, WAS_IN_FORCE
from documents.models import (
    AnnouncedProcedure,
    Document,
    DocumentKind,
    DocumentVersion,
    Publication,
    ScopeKind,
    ScopeRow,
)
from documents.models.announced import standing_on
from documents.services import required
from documents.services.asof import Moment, versions_in_force
from workflows.models import Unit, UnitKind
from workflows.models.people import COUNTRY
from workflows.tree import LIGHT, Book, Reading, Then, ids_of

PLACES = (UnitKind.MINISTRY, UnitKind.PROVINCE)
PROCEDURES = (DocumentKind.TTHC_PROC, DocumentKind.SYS_PROC)
PUBLISHED = ("published", "republish_required", "superseded", "revoked")
"""A declaration in one of these has been public since ``published_on``; the last two until ``ended_on``."""
ISSUED = ("issued", *WAS_IN_FORCE)


@dataclass(frozen=True)
class Among:
    """Which agencies: all under a path, or these."""

    path: str = COUNTRY
    ids: Collection[int] | None = None

    def of(self, name: str = "agency") -> Q:
        """As a condition on a foreign key, or on the row itself where ``name`` is empty."""
        prefix = f"{name}__" if name else ""
        if self.ids is not None:
            return Q(**{f"{prefix}pk__in": list(self.ids)})
        return Q() if self.path == COUNTRY else Q(**{f"{prefix}path__startswith": self.path})

    def stood(self, then: Then) -> Among:
        """Those that were under the path then; one query where anything has moved since."""
        if self.ids is not None or self.path == COUNTRY or not then.moved:
            return self
        return Among(ids=[unit.pk for unit in then.under(self.path, Unit.objects.agencies().only("path"))])


@dataclass(frozen=True)
class _Counts:
    """What the records say, by agency."""

    announced: dict[int, tuple[int, int, int]]
    declared: set[int]
    standing: dict[int, tuple[int, int]]
    kept: dict[int, int]
    years: dict[int, tuple[int, int]]
    certificates: dict[int, tuple[int, int]]
    lacking: set[int]


def compute(day: date, among: Among | None = None) -> list[Facts]:
    """Facts of the agencies that stand on a day, in the order of the tree, each where it stood then."""
    then = Then(day)
    chosen = (among or Among()).stood(then)
    found = _counts(day, chosen)
    return [_facts(reading, place, kind, found) for reading, place, kind in _readings(day, chosen, then)]


def _facts(reading: Reading, place: int, place_kind: str, found: _Counts) -> Facts:
    pk = reading.unit.pk
    announced, covered, declared = found.announced.get(pk, (0, 0, 0))
    in_force, groups = found.standing.get(pk, (0, 0))
    kept, (reissued, planned) = found.kept.get(pk, 0), found.years.get(pk, (0, 0))
    valid, issued = found.certificates.get(pk, (0, 0))
    return Facts(
        agency=pk,
        path=reading.unit.path,
        kind=reading.kind,
        place=place,
        place_kind=place_kind,
        obligation=reading.obligation.value,
        counts=reading.counts,
        listed=pk in found.announced or not reading.counts,
        announced=announced,
        covered=covered,
        declared=declared if pk in found.declared else 0,
        published=pk in found.declared,
        building=kept > 0,
        applied=in_force > 0,
        complete=kept > 0 and groups == kept and pk not in found.lacking,
        reissued=reissued,
        planned=planned,
        certified=valid > 0,
        certificates=issued,
    )


def _readings(day: date, among: Among, then: Then) -> Iterator[tuple[Reading, int, str]]:
    """Agencies as the tree says they are on the day, each with the ministry or province it belongs to."""
    book = Book()
    units = then.put_back(Unit.objects.agencies().standing_on(day).filter(among.of("")).only(*LIGHT).order_by("path"))
    readings = [book.read(unit, day) for unit in units]
    kinds = {one.unit.pk: one.kind for one in readings}
    above = {pk for unit in units for pk in ids_of(unit.path)} - kinds.keys()
    kinds |= {unit.pk: book.column(unit, "kind", day).value for unit in Unit.objects.filter(pk__in=above).only(*LIGHT)}
    for one in readings:
        place = next((pk for pk in reversed(ids_of(one.unit.path)) if kinds.get(pk) in PLACES), 0)
        yield one, place, kinds.get(place, "")


def _counts(day: date, among: Among) -> _Counts:
    return _Counts(
        announced=_announced(day, among),
        declared=set(declarations_on(day).filter(among.of()).values_list("agency", flat=True)),
        standing=_standing(day, among),
        kept=_kept(day, among),
        years=_years(day, among),
        certificates=_certificates(day, among),
        lacking=_lacking(day, among),
    )


def _lacking(day: date, among: Among) -> set[int]:
    """Agencies without a text in force for an item that a framework model which they apply requires."""
    return set(required.lacking(day, among.of()).values_list("applier", flat=True))


def _after(day: date) -> datetime:
    """Midnight at the end of a day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def declarations_on(day: date) -> Any:
    """Declarations that stood on a day."""
    runs = Q(ended_on=None) | Q(ended_on__gt=day)
    return Publication.objects.filter(runs, state__in=PUBLISHED, published_on__lte=day).order_by()


def _announced(day: date, among: Among) -> dict[int, tuple[int, int, int]]:
    """Procedures announced, those with a document in force, and those that the standing declaration names."""
    moment = Moment(day, None, day)
    documents = versions_in_force(moment).filter(document__kind=DocumentKind.TTHC_PROC)
    documented = documents.filter(agency=OuterRef("agency"), document__code_key=OuterRef("code_key"))
    named = ScopeRow.objects.filter(
        publication__in=declarations_on(day).values("pk"),
        publication__agency=OuterRef("agency"),
        taken=F("publication__taken"),
        kind=ScopeKind.PROCEDURE,
        code_key=OuterRef("code_key"),
    )
    live = standing_on(day)
    rows: Any = AnnouncedProcedure.objects.lists(day).filter(among.of()).order_by().values("agency")
    rows = rows.annotate(
        n=Count("code_key", distinct=True, filter=live),
        done=Count("code_key", distinct=True, filter=live & Q(Exists(documented))),
        told=Count("code_key", distinct=True, filter=live & Q(Exists(named))),
    )
    return {row["agency"]: (row["n"], row["done"], row["told"]) for row in rows}


def _standing(day: date, among: Among) -> dict[int, tuple[int, int]]:
    """Documents in force, and of how many groups."""
    rows: Any = versions_in_force(Moment(day, None, day)).filter(among.of()).values("agency")
    rows = rows.annotate(n=Count("pk"), groups=Count("document__kind", distinct=True))
    return {row["agency"]: (row["n"], row["groups"]) for row in rows}


def kept_on(day: date) -> Q:
    """Documents that an agency kept at the end of a day: entered by then, or since, with a version of before."""
    began = Q(effective_from=None) | Q(effective_from__lte=day)
    versions = DocumentVersion.objects.filter(began, document=OuterRef("pk"), state__in=ISSUED).order_by()
    return Q(created_at__lt=_after(day)) | Q(Exists(versions))


def _kept(day: date, among: Among) -> dict[int, int]:
    """Groups of documents that an agency keeps, be they in force or only drafted."""
    rows: Any = Document.objects.filter(among.of()).filter(kept_on(day)).order_by().values("agency")
    return {row["agency"]: row["groups"] for row in rows.annotate(groups=Count("kind", distinct=True))}


def _years(day: date, among: Among) -> dict[int, tuple[int, int]]:
    """Procedures with an issuing decision in the day's year, and those under way on the day."""
    issued = reissued_on(day)
    rows: Any = DocumentVersion.objects.filter(among.of()).filter(issued | under_way_on(day)).order_by()
    rows = rows.values("agency").annotate(n=Count("pk", filter=issued), m=Count("pk", filter=under_way_on(day)))
    return {row["agency"]: (row["n"], row["m"]) for row in rows}


def reissued_on(day: date) -> Q:
    """Versions of procedures that were issued by a decision of the day's year, until the day (F15)."""
    first = date(day.year, 1, 1)
    return Q(document__kind__in=PROCEDURES, state__in=ISSUED, decision_on__range=(first, day))


def under_way_on(day: date) -> Q:
    """Versions of procedures that were being written at the end of the day."""
    end = _after(day)
    begun = Q(document__kind__in=PROCEDURES, created_at__lt=end)
    not_issued = Q(issued_at=None, state__in=(*OPEN, "cancelled")) | Q(issued_at__gte=end)
    return begun & not_issued & ~Q(state="cancelled", entered_at__lt=end)


def _certificates(day: date, among: Among) -> dict[int, tuple[int, int]]:
    """Certificates valid on the day, and those of the day's year until then."""
    valid = Q(pk__in=Certificate.objects.valid_on(day).values("pk"))
    fresh = Q(issued_on__range=(date(day.year, 1, 1), day))
    rows: Any = Certificate.objects.filter(among.of()).filter(valid | fresh).order_by().values("agency")
    rows = rows.annotate(n=Count("pk", filter=valid), m=Count("pk", filter=fresh))
    return {row["agency"]: (row["n"], row["m"]) for row in rows}
