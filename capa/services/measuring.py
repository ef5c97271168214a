"""Measuring in time: the product takes its own figures when a period has ended, and asks people for theirs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from capa.machines.objective import MANUAL
from capa.models import Objective
from capa.rollup import percent
from capa.services.known import MEASURES, Count, Place
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import day_of
from workflows.ticking import Complaint


@dataclass(frozen=True)
class Live:
    """A figure of today: part of whole, with the counts behind them."""

    part: int
    whole: int
    of_part: Count
    of_whole: Count

    @property
    def percent(self) -> Decimal | None:
        """As a percentage; None where there is nothing to count."""
        return percent(self.part, self.whole) if self.whole else None


def place_of(objective: Objective, day: date) -> Place:
    """Where its figure is counted: in its unit, or in the whole agency."""
    unit = None if objective.unit_id == objective.agency_id else objective.unit
    return Place(objective.agency, day, objective.year, unit)


def live(objective: Objective, day: date) -> Live | None:
    """The figure as it stands on a day; None for an objective that people measure."""
    measure = MEASURES.get(objective.source)
    if measure is None:
        return None
    place = place_of(objective, day)
    return Live(measure.part.number(place), measure.whole.number(place), measure.part, measure.whole)


def measure_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """For every objective under way whose oldest unmeasured period has ended: take the figure, or ask its owner.

    Who runs the clock late gets every period that has gone by, one after the other; safe to repeat.
    """
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    rows = Objective.objects.filter(state="running").select_related("owner_set", "agency", "unit").order_by("pk")
    for one in rows.iterator(chunk_size=200):
        try:
            done += _measure(one, now)
        except WorkflowError as refused:
            complaints.append(Complaint(str(one.pk), str(refused.sentence)))
    return done, complaints


def _measure(one: Objective, now: datetime) -> Counter[str]:
    done: Counter[str] = Counter()
    day = day_of(now)
    if one.source == MANUAL:
        if one.measured_period < one.periods_ended(day):
            engine.fire(one, "ask", by=None, now=now)
            done["ask"] += 1
        return done
    for number in range(one.measured_period + 1, one.periods_ended(day) + 1):
        found = live(one, day)
        if found is not None:
            engine.fire(one, "pull", by=None, now=now, span=number, part=found.part, whole=found.whole)
            done["pull"] += 1
    return done
