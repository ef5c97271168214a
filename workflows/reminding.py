"""Reminders and escalation: what the clock owes to people who are about to be late, or are (domain §4.4).

A record that waits and has a last day passes thresholds: ``REMIND_BEFORE`` days ahead of it, the day after it, every
``REMIND_EVERY`` days from then on, and ``ESCALATE_AFTER`` working days past it, where a leader is told as well. Each
threshold is answered once. Who runs the clock a month late gets one reminder for each record, the newest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from workflows import registry
from workflows.models import Move, Record, Reminder, calendar, day_of
from workflows.signals import reminded
from workflows.ticking import Complaint

CHUNK = 500
"""Records looked at in one go: two queries each."""
NEXT_DAY = timedelta(days=1)


def remind(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Write the reminders that are due by ``now``; people are told after commit. Safe to run twice and late."""
    done: Counter[str] = Counter()
    horizon = day_of(now) + timedelta(days=max(settings.REMIND_BEFORE, default=0))
    for model in registry.models():
        states = [stage.state for stage in model.machine.stages if stage.waits_on]
        waiting = model.objects.filter(state__in=states, due_on__lte=horizon)
        keys = list(waiting.order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(keys), CHUNK):
            chunk = waiting.filter(pk__in=keys[first : first + CHUNK])
            done["remind"] += _remind(list(chunk), now)
    return +done, []


def _remind(records: Sequence[Record], now: datetime) -> int:
    found = _answered(record.pk for record in records)
    arrivals = _arrivals(records)
    fresh = []
    for record in records:
        passed = passed_threshold(record, day_of(now))
        if passed is None or record.pk not in arrivals:
            continue
        answered = found.get((record.pk, record.due_on))
        if answered is None or answered < passed[0]:
            fresh.append(_reminder(record, arrivals[record.pk], passed, now))
    with transaction.atomic():
        Reminder.objects.bulk_create(fresh, ignore_conflicts=True)
        if fresh:
            # A function, not a partial: Django names what failed by __qualname__, which a partial does not have.
            transaction.on_commit(lambda: reminded.send(sender=Reminder), robust=True)
    return len(fresh)


def passed_threshold(record: Record, today: date) -> tuple[date, list[str]] | None:
    """The newest threshold that a waiting record has passed, and the roles that are told beside those who wait.

    A threshold before the record came to wait is none of its: a task of three days is not reminded thirty days ahead.
    """
    due = record.due_on
    if due is None:
        return None
    came = day_of(record.entered_at)
    ahead = [due - timedelta(days=days) for days in settings.REMIND_BEFORE]
    days = [day for day in ahead if came < day <= today]
    if today > due:
        late = (today - due - NEXT_DAY).days // settings.REMIND_EVERY
        days.append(due + NEXT_DAY + timedelta(days=late * settings.REMIND_EVERY))
    raised = {role: calendar().add(due, working) for working, role in settings.ESCALATE_AFTER if today > due}
    escalated = [role for role, day in raised.items() if day <= today]
    days += [raised[role] for role in escalated]
    return (max(days), escalated) if days else None


def _answered(keys: Iterable[UUID]) -> dict[tuple[UUID, date | None], date]:
    sent = Reminder.objects.filter(stream__in=list(keys)).values("stream", "due_on").annotate(newest=Max("threshold"))
    return {(row["stream"], row["due_on"]): row["newest"] for row in sent.order_by()}


def _arrivals(records: Sequence[Record]) -> dict[UUID, int]:
    """The deed that brought each record where it waits."""
    keys, instants = [record.pk for record in records], {record.entered_at for record in records}
    came = {record.pk: record.entered_at for record in records}
    moves = Move.objects.filter(stream__in=keys, at__in=instants).order_by("seq").values_list("stream", "at", "pk")
    return {stream: pk for stream, at, pk in moves if came[stream] == at}


def _reminder(record: Record, arrival: int, passed: tuple[date, list[str]], now: datetime) -> Reminder:
    assert record.due_on is not None  # noqa: S101 - passed_threshold gives none without it
    return Reminder(
        arrival_id=arrival,
        machine=record.machine.name,
        stream=record.pk,
        agency_id=record.agency_id,
        unit_id=record.unit_id,
        due_on=record.due_on,
        threshold=passed[0],
        escalated=passed[1],
        at=now,
    )
