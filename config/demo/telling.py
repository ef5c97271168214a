"""How a story is told: people by role, days gone by, and beats that are done once and printed as they happen."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console

from config.demo.stage import AGENCY
from config.management import SAMPLE
from documents.models import Regulation, replacements
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import Move, Record, Seat, Unit, User, calendar
from workflows.roles import UNIT_SCOPED


class Telling:
    """A story of one agency, ``length`` days long, that ends ``today``."""

    length = 45

    def __init__(self, console: Console, today: date) -> None:
        self.console = console
        self.today = today
        self.beats = self.found_done = 0
        self.agency = Unit.objects.agencies().get(code=AGENCY)

    def day(self, number: int, hour: int, minute: int = 0) -> datetime:
        """An hour of the story's n-th working day."""
        date_ = calendar().add(self.today - timedelta(days=self.length), number)
        return timezone.make_aware(datetime.combine(date_, time(hour, minute)))

    def seated(self, role: str, unit: Unit, *, but: User | None = None) -> User:
        """Who holds a role when the story begins: in the unit for unit roles, else anywhere in the agency."""
        seats = Seat.objects.held_on(self.day(0, 8).date()).filter(role=role, unit__agency=self.agency)
        if role in UNIT_SCOPED:
            seats = seats.filter(unit=unit)
        seat = seats.exclude(user=but).select_related("user").order_by("pk").first()
        if seat is None:
            raise CommandError(f"the sample gives nobody the role {role}")
        return seat.user

    def beat(self, record: Record, action: str, by: User, now: datetime, *, ordinal: int = 1, **answers: Any) -> None:
        """Do a step unless it has been done ``ordinal`` times, and print it."""
        step = record.machine.step(action, record.state) or record.machine.rows_of(action)[0]
        if Move.objects.filter(stream=record.pk, action=action).count() >= ordinal:
            self.found_done += 1
            return
        done = engine.fire(record, action, by=by, now=now, **answers)
        self._told(done, str(step.label), by, now)

    def begin(self, record: Record, action: str, by: User, now: datetime, **answers: Any) -> None:
        """Create a record, and print it."""
        done = engine.start(record, action, by=by, now=now, **answers)
        self._told(done, str(done.machine.rows_of(action)[0].label), by, now)

    def _told(self, done: Record, label: str, by: User, now: datetime) -> None:
        self.beats += 1
        self.say(f"{now:%d/%m/%Y %H:%M} {by.full_name}: {label} – {str(done)[:70]} → {done.stage.label}")

    def refused(self, record: Record, action: str, by: User, now: datetime | None = None, **answers: Any) -> None:
        """Try what must not be possible, and print the reason that the product gives."""
        label = record.machine.rows_of(action)[0].label
        try:
            engine.fire(record, action, by=by, now=now, **answers)
        except WorkflowError as error:
            why = "; ".join(map(str, error.problems)) or error.sentence
            self.say(f"{by.full_name} thử “{label}”: bị từ chối – {why}")
        else:
            raise RuntimeError(f"{action} by {by} should have been refused")

    def title(self, text: str) -> None:
        """A heading."""
        self.console.print(f"\n[bold]{text}[/bold]")

    def say(self, text: str) -> None:
        """A line."""
        self.console.print(f"  {text}", markup=False, highlight=False, soft_wrap=True)


def written(code: str) -> dict[str, Any]:
    """The sample's own text of a procedure: the imported facts alone make no complete procedure."""
    lines = (SAMPLE / "procedures.jsonl").read_text("utf-8").splitlines()
    rows = (json.loads(line) for line in lines)
    content: dict[str, Any] = next(row["content"] for row in rows if row["code"] == code)
    return content


def heir(number: str, on: date) -> str:
    """Number of the act that replaced a dead one by that day; "" for one alive, or dead without an heir."""
    act = Regulation.objects.by_number(number).dead(on).first()
    heirs = replacements(act, on) if act else []
    return heirs[0].number if heirs else ""


def with_living_basis(content: dict[str, Any], on: date) -> dict[str, Any]:
    """The content with every dead act of its legal basis replaced by its heir, each named once."""
    rows: dict[str, dict[str, Any]] = {}
    for row in content["legal_basis"]:
        number = heir(row["number"], on) or row["number"]
        rows.setdefault(number, {**row, "number": number})
    return {**content, "legal_basis": list(rows.values())}
