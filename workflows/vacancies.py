"""Seats that stand empty, computed from seats; the tasks that say so are opened and closed by what is computed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from workflows import engine, grants
from workflows.errors import WorkflowError
from workflows.machines.committee import COORDINATOR, NEEDED
from workflows.models import Committee, Establishment, Move, Seat, Unit, VacantSeat, day_of
from workflows.ticking import Complaint
from workflows.tree import ids_of

Gap = tuple[int, str]
"""An agency's id and a role that nobody holds there."""


def committees(agencies: Iterable[int] | None = None) -> QuerySet[Committee]:
    """All committees, or those of some agencies."""
    found = Committee.objects.all()
    return found if agencies is None else found.filter(agency__in=list(agencies))


def gaps(day: date, agencies: Iterable[int] | None = None) -> set[Gap]:
    """Seats without a holder in agencies that have had a committee by the day and still exist; two queries."""
    begun = committees(agencies).filter(valid_from__lte=day, agency__in=Unit.objects.standing_on(day))
    found: set[int] = set(begun.values_list("agency_id", flat=True))
    needed = {(pk, str(role)) for pk in found for role in NEEDED}
    return needed - held(found, day, NEEDED) if needed else set()


def held(agencies: Iterable[int], day: date, roles: Iterable[str]) -> set[Gap]:
    """Which of the roles are held in these agencies on a day; one query."""
    seats = Seat.objects.held_on(day).filter(unit__agency__in=list(agencies), role__in=list(roles))
    found = seats.order_by().values_list("unit__agency", "role").distinct()
    return {(agency, role) for agency, role in found if agency is not None}


def reconcile(now: datetime, agencies: Iterable[int] | None = None) -> Counter[str]:
    """Open a task for each empty seat that has none, close those that are not empty any more; the clock's deed."""
    done, day = Counter[str](), day_of(now)
    wanted = gaps(day, agencies)
    tasks = VacantSeat.objects.filter(state="open").select_related("about")
    tasks = tasks if agencies is None else tasks.filter(about__in=list(agencies))
    places = _places({pk for pk, _role in wanted}, day)
    standing: set[Gap] = set()
    for task in tasks:
        gap = (task.about_id, task.role)
        if gap in wanted and places[task.about_id].pk == task.agency_id:
            standing.add(gap)
            continue
        engine.fire(task, "close", by=None, now=now)
        done["close"] += 1
    units = Unit.objects.in_bulk({pk for pk, _role in wanted - standing})
    for pk, role in sorted(wanted - standing):
        fresh = VacantSeat(about=units[pk], role=role, agency=places[pk], unit=places[pk])
        engine.start(fresh, "raise", by=None, now=now)
        done["raise"] += 1
    return done


def _places(agencies: Iterable[int], day: date) -> Mapping[int, Unit]:
    """Who is to see to it: the agency, if anybody there can; else the nearest above where somebody can; two queries."""
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=list(agencies))}
    lines = {pk: list(reversed(ids_of(unit.path))) for pk, unit in units.items()}
    able: dict[int, set[str]] = defaultdict(set)
    for pk, role in held({one for line in lines.values() for one in line}, day, (*NEEDED, COORDINATOR)):
        able[pk].add(role)
    chosen = {pk: next((one for one in line if able.get(one)), pk) for pk, line in lines.items()}
    above = Unit.objects.in_bulk(set(chosen.values()))
    return {pk: above[one] for pk, one in chosen.items()}


def replace_ended(now: datetime) -> Counter[str]:
    """Decisions whose committee has ended are replaced from that day."""
    done, day = Counter[str](), day_of(now)
    for one in Establishment.objects.filter(state="in_force", committee__valid_to__lte=day):
        engine.fire(one, "replace", by=None, now=now)
        done["replace"] += 1
    return done


def sweep(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """What the clock owes to committees; safe to run twice and late."""
    try:
        return replace_ended(now) + reconcile(now), []
    except WorkflowError as error:
        return Counter(), [Complaint("vacant_seat", error.said)]


SEATING = frozenset({("establishment", "enact"), ("vacant_seat", "fill")})
"""Deeds that change who sits where."""


def after_deed(move: Move, **_kwargs: object) -> None:
    """What a deed has changed shows at once in the tasks, without waiting for the clock."""
    if (move.machine, move.action) in SEATING:
        record = (Establishment if move.machine == "establishment" else VacantSeat).objects.get(pk=move.stream)
        grants.rebuild(day_of())
        replace_ended(timezone.now())
        reconcile(timezone.now(), [record.about_id])
