"""The inbox: what waits on the seats a person holds today, computed from tables and seats, stored nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, CharField, Count, F, Q, Value, Window
from django.db.models.functions import Cast, Concat, RowNumber

from workflows import registry
from workflows.marks import Mark
from workflows.models import Record, RecordQuerySet, User, day_of

URGENT = (F("due_on").asc(nulls_last=True), "entered_at")


def gathered(waiting: RecordQuerySet[Any]) -> RecordQuerySet[Any]:
    """The most urgent record of each line, with ``number_``, how many the line stands for."""
    name = waiting.model.gathered
    if not name:
        return waiting
    group: list[Any] = [F(name), F("state")]
    place = Window(RowNumber(), partition_by=group, order_by=[*URGENT, "pk"])
    number = Window(Count("pk"), partition_by=group)
    return waiting.annotate(place_=place, number_=number).filter(place_=1)


def number_of_lines(model: type[Record], only: Q | None = None) -> Aggregate:
    """How many lines the records make."""
    if not model.gathered:
        return Count("pk", filter=only)
    group = Concat(Cast(model.gathered, CharField()), Value(":"), "state", output_field=CharField())
    return Count(group, filter=only, distinct=True)


@dataclass(frozen=True)
class Entry:
    """One line: a record waiting, or the most urgent of a ``number`` of them that are dealt with together."""

    record: Record
    marks: Sequence[Mark] = ()

    @property
    def number(self) -> int:
        """How many records the line stands for."""
        return getattr(self.record, "number_", 1)

    @property
    def title(self) -> str:
        """What the line says."""
        return self.record.gathered_title(self.number) if self.number > 1 else str(self.record)

    @property
    def url(self) -> str:
        """Where several records are dealt with together; "" for a line of one."""
        return self.record.gathered_url() if self.number > 1 else ""

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
            waiting = model.objects.waiting_on(seats).for_list()
            if late:
                waiting = waiting.filter(due_on__lt=day_of(now))
            found.extend(gathered(waiting).order_by(*URGENT)[offset : offset + limit])
    found.sort(key=lambda record: (record.due_on is None, record.due_on, record.entered_at))
    return [Entry(record) for record in found[:limit]]


def counts(user: User, now: datetime | None = None) -> dict[str, int]:
    """How many lines wait on the person, by machine; machines with none are left out. One query."""
    seats = user.seats_held(now)
    parts = [
        model.objects.waiting_on(seats)
        .order_by()
        .values(machine_=Value(model.machine.name))
        .annotate(number_=number_of_lines(model))
        for model in registry.models()
        if model.machine.waiting_on(seat.role for seat in seats)
    ]
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    return {row["machine_"]: row["number_"] for row in rows if row["number_"]}
