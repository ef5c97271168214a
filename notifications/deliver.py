"""From the outbox to notices. Every deed is delivered in a transaction of its own, once; of a decision on many records
a person has one notice (``gathering``).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db import DatabaseError, transaction
from django.utils import timezone

from notifications import pokes
from notifications.gathering import LETTER_WAITS, gathered, told_of_move, told_of_reminder
from notifications.models import Notice
from notifications.recipients import recipients, reminded
from workflows.models import Move, Pending, Reminder, User

log = logging.getLogger(__name__)

BATCH = 500
"""Deeds taken up in one sweep; what is left waits for the next one."""


def deliver(move_ids: Iterable[int] | None = None, *, now: datetime | None = None) -> int:
    """Deliver deeds of the outbox (default: the oldest ``BATCH``); return how many deeds were delivered.

    Running it twice, or in two processes, tells nobody twice. A deed that cannot be delivered stays in the outbox,
    is logged, and does not hold up the others.
    """
    waiting = Pending.objects.order_by("pk").values_list("pk", flat=True)
    ids = list(waiting[:BATCH] if move_ids is None else waiting.filter(pk__in=list(move_ids)))
    return sum(_delivered(move_id, now or timezone.now()) for move_id in ids)


def _delivered(move_id: int, now: datetime) -> bool:
    try:
        return _deliver_one(move_id, now)
    except (DatabaseError, LookupError):
        log.exception("deed %s was not delivered", move_id)
        return False


def deliver_reminders(*, now: datetime | None = None) -> int:
    """Tell people of the reminders that wait, the oldest ``BATCH`` of them; return how many were delivered."""
    ids = list(Reminder.objects.filter(delivered_at=None).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(_reminded(pk, now or timezone.now()) for pk in ids)


def _reminded(pk: int, now: datetime) -> bool:
    try:
        return _remind_one(pk, now)
    except (DatabaseError, LookupError):
        log.exception("reminder %s was not delivered", pk)
        return False


@transaction.atomic
def _remind_one(pk: int, now: datetime) -> bool:
    waiting = Reminder.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, delivered_at=None)
    reminder = waiting.select_related("arrival").first()
    if reminder is None:
        return False
    people = reminded(reminder)
    told = told_of_reminder(reminder, people)
    _notice([person for person in people if person.pk not in told], reminder.arrival, now, reminder)
    reminder.delivered_at = now
    reminder.save(update_fields=["delivered_at"])
    return True


@transaction.atomic
def _deliver_one(move_id: int, now: datetime) -> bool:
    """Write notices and take the deed out of the outbox; False if another process has it."""
    pending = Pending.objects.select_for_update(skip_locked=True).filter(pk=move_id).first()
    if pending is None:
        return False
    move = Move.objects.get(pk=move_id)
    people = recipients(move)
    told = told_of_move(move, people)
    _notice([person for person in people if person.pk not in told], move, now)
    pending.delete()
    return True


def _notice(people: Sequence[User], move: Move, now: datetime, reminder: Reminder | None = None) -> None:
    """One notice for each of these people; a letter about one of many waits for the others."""
    mail_at = now + LETTER_WAITS if gathered(move.machine) else now
    Notice.objects.bulk_create(
        [
            Notice(
                user=person,
                move=move,
                reminder=reminder,
                created_at=now,
                mail_next_at=mail_at if person.email else None,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(partial(pokes.look, [person.pk for person in people]))
