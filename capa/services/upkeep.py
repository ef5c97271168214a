"""Keeps the facts of agencies up to date, and reads them: what is kept where it is good, computed anew where not.

A change writes into ``Touched``, in its own transaction, whose facts it may have altered; the clock computes those
anew, and at midnight all. Readers do not wait for the clock: what is touched or of another day they compute. So a
figure is that of a full recomputation at any instant, and only its price differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from time import monotonic
from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save

from capa.models import AgencyFacts, Certificate, Touched
from capa.rollup import Facts
from capa.services.agencyfacts import Among, compute
from documents.machines.version import VERSION
from documents.models import (
    AdoptedItem,
    Adoption,
    AnnouncedProcedure,
    DocumentVersion,
    ModelVersion,
    Publication,
)
from documents.models.framework import HELD
from workflows.machines.tree import NAME
from workflows.models import ObligationRule, Unit, UnitDecision, day_of
from workflows.models.people import COUNTRY
from workflows.ticking import Complaint

AT_ONCE = 4_000
"""Agencies of one transaction."""
SECONDS = 30.0
"""After which a run of the clock leaves the rest to the next."""
COLUMNS = Facts._fields[2:]
STATES = frozenset(stage.state for stage in VERSION.stages if stage.public) | {"cancelled"}
AWAY = [False, *(getattr(AgencyFacts(), name) for name in COLUMNS)]
"""Values of an agency that does not exist on the day."""
Where = Callable[[Any], Touched | None]


def _of_agency(row: Any) -> Touched:
    return Touched(agency_id=row.agency_id)


def _of_version(row: DocumentVersion) -> Touched | None:
    """A version that begins, is issued, ends, or is given up; the steps between alter no figure."""
    return _of_agency(row) if row.state in STATES or row.row_version == 1 else None


def _of_model(row: ModelVersion) -> Touched | None:
    """A version that has held may ask something else of whoever applies the model: agencies within its reach.

    One that has moved away meanwhile is touched when its adoption falls behind.
    """
    return Touched(agency_id=row.model.below_id, below=True) if row.state in HELD else None


def _of_decision(row: UnitDecision) -> Touched | None:
    return None if row.aspect == NAME else Touched(agency_id=row.about_id, below=True)


SOURCES: tuple[tuple[type[models.Model], Where], ...] = (
    (DocumentVersion, _of_version),
    (Publication, lambda row: _of_agency(row) if row.published_on else None),
    (AnnouncedProcedure, _of_agency),
    (Certificate, _of_agency),
    (Adoption, _of_agency),
    (AdoptedItem, _of_agency),
    (ModelVersion, _of_model),
    (Unit, lambda row: Touched(agency_id=row.pk, below=True) if row.is_agency else None),
    (UnitDecision, _of_decision),
    (ObligationRule, lambda _row: Touched(below=True)),
)
"""What facts rest on, and whose facts a row of it may alter."""


def connect() -> None:
    """Listen to every source; called once at ``ready()``."""
    for model, where in SOURCES:
        post_save.connect(_listener(where), sender=model, weak=False, dispatch_uid=f"facts-{model.__name__}")


def _listener(where: Where) -> Callable[..., None]:
    def listen(instance: Any, **_kwargs: Any) -> None:
        found = where(instance)
        if found is not None:
            found.save()

    return listen


class Pending:
    """What is touched and not computed yet."""

    def __init__(self) -> None:
        rows = list(Touched.objects.values_list("pk", "agency__path", "below"))
        self.pks = [pk for pk, _path, _below in rows]
        self._own = {path for _pk, path, below in rows if not below}
        self._below = tuple({path or COUNTRY for _pk, path, below in rows if below})

    def has(self, path: str) -> bool:
        """Whether the facts of the agency with this path are touched."""
        return path in self._own or path.startswith(self._below)


def facts(day: date, today: date, path: str = COUNTRY) -> list[Facts]:
    """Facts of the agencies under a path on a day that has come, in the order of the tree.

    Those of today come from what is kept. Three queries where all of it is good.
    """
    if day != today:
        return compute(day, Among(path))
    pending = Pending()
    good = AgencyFacts.objects.filter(day=today, stands=True).order_by("agency__path")
    rows = _under(path, good, "agency__path").values_list("agency", "agency__path", *COLUMNS)
    kept = list(map(Facts._make, rows))
    stale = set(_under(path, _agencies(), "path").exclude(facts__day=today).values_list("pk", flat=True))
    if pending.pks:
        places = _under(path, _agencies(), "path").values_list("pk", "path")
        stale |= {pk for pk, place in places if pending.has(place)}
    if not stale:
        return kept
    anew = compute(day, Among(path) if len(stale) > AT_ONCE else Among(ids=stale))
    fresh = {one.agency: one for one in (*(one for one in kept if one.agency not in stale), *anew)}
    return sorted(fresh.values(), key=lambda one: one.path)


def _agencies() -> Any:
    return Unit.objects.agencies().order_by()


def _under(path: str, rows: Any, name: str) -> Any:
    return rows if path == COUNTRY else rows.filter(**{f"{name}__startswith": path})


def refresh(agencies: Collection[int], day: date) -> int:
    """Compute the facts of these agencies anew and keep them; return how many were computed.

    The rows are locked first and the records read after, so that of two who do it at once the later one has seen all
    that the earlier has.
    """
    with transaction.atomic():
        blank = [AgencyFacts(agency_id=pk, day=date.min, stands=False) for pk in agencies]
        AgencyFacts.objects.bulk_create(blank, ignore_conflicts=True)
        locked = AgencyFacts.objects.select_for_update().filter(pk__in=list(agencies)).order_by("pk")
        held = {pk: values for pk, *values in locked.values_list("pk", "stands", *COLUMNS)}
        rows = dict.fromkeys(held, AWAY) | {one.agency: [True, *one[2:]] for one in compute(day, Among(ids=held))}
        changed = [_row(pk, values, day) for pk, values in rows.items() if values != held[pk]]
        AgencyFacts.objects.bulk_create(
            changed,
            batch_size=500,
            update_conflicts=True,
            update_fields=["day", "stands", *COLUMNS],
            unique_fields=["agency"],
        )
        AgencyFacts.objects.filter(pk__in=list(held)).exclude(day=day).update(day=day)
    return len(rows)


def _row(agency: int, values: Sequence[Any], day: date) -> AgencyFacts:
    return AgencyFacts(agency_id=agency, day=day, **dict(zip(("stands", *COLUMNS), values, strict=True)))


def facts_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Compute what is touched or of another day; a sweep of ``tick``, safe to run twice, late, and to be broken off."""
    day, done, until = day_of(now), Counter[str](), monotonic() + SECONDS
    pending = Pending()
    stale = [pk for pk, path, kept_on in _days() if kept_on != day or pending.has(path)]
    for part in _batches(stale):
        if monotonic() > until:
            return done, []
        done["facts"] += refresh(part, day)
    Touched.objects.filter(pk__in=pending.pks).delete()
    return done, []


def recompute(day: date) -> int:
    """Compute the facts of all agencies anew and keep them."""
    pending = Pending()
    everybody = list(Unit.objects.agencies().order_by("pk").values_list("pk", flat=True))
    number = sum(refresh(part, day) for part in _batches(everybody))
    Touched.objects.filter(pk__in=pending.pks).delete()
    return number


def _days() -> Iterable[tuple[int, str, date | None]]:
    return Unit.objects.agencies().order_by("pk").values_list("pk", "path", "facts__day")


def _batches(agencies: Sequence[int]) -> Iterator[Sequence[int]]:
    return (agencies[at : at + AT_ONCE] for at in range(0, len(agencies), AT_ONCE))
