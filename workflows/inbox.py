"""The inbox: what waits on the seats a person holds today, computed from tables and seats, stored nowhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Value

from workflows import registry
from workflows.models import Record, User, day_of


@dataclass(frozen=True)
class Entry:
    """One record waiting: the record and the label of the stage it is in."""

    record: Record

    @property
    def stage_label(self) -> str:
        """What is to be done."""
        return str(self.record.stage.label)


def for_user(
    user: User,
    now: datetime | None = None,
    *,
    machine: str = "",
    among: Collection[str] | None = None,
    late: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> list[Entry]:
    """Records whose turn is the person's, most urgent first; one query per machine the person's roles wait in.

    ``offset`` pages within one machine; over all machines the first ``limit`` of each are merged. ``among``:
    machines that are known to hold any; the others are not asked. ``late``: only those whose last day has passed.
    """
    seats = user.seats_held(now)
    found: list[Record] = []
    for model in registry.models():
        if machine not in ("", model.machine.name) or (among is not None and model.machine.name not in among):
            continue
        if model.machine.waiting_on(seat.role for seat in seats):
            waiting = (
                model.objects.waiting_on(seats).for_list().order_by(F("due_on").asc(nulls_last=True), "entered_at")
            )
            if late:
                waiting = waiting.filter(due_on__lt=day_of(now))
            found.extend(waiting[offset : offset + limit])
    found.sort(key=lambda record: (record.due_on is None, record.due_on, record.entered_at))
    return [Entry(record) for record in found[:limit]]


def counts(user: User, now: datetime | None = None) -> dict[str, int]:
    """How many records wait on the person, by machine; machines with none are left out. One query."""
    seats = user.seats_held(now)
    parts = [
        model.objects.waiting_on(seats)
        .order_by()
        .values(machine_=Value(model.machine.name))
        .annotate(number_=Count("pk"))
        for model in registry.models()
        if model.machine.waiting_on(seat.role for seat in seats)
    ]
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    return {row["machine_"]: row["number_"] for row in rows if row["number_"]}
