"""From the outbox to notices. Every deed is delivered in a transaction of its own, once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import DatabaseError, transaction
from django.utils import timezone

from notifications import pokes
from notifications.models import Notice
from notifications.recipients import recipients, reminded
from workflows.models import Move, Pending, Reminder

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
    Notice.objects.bulk_create(
        [
            Notice(
                user=person,
                move=reminder.arrival,
                reminder=reminder,
                created_at=now,
                mail_next_at=now if person.email else None,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    reminder.delivered_at = now
    reminder.save(update_fields=["delivered_at"])
    transaction.on_commit(partial(pokes.look, [person.pk for person in people]))
    return True


@transaction.atomic
def _deliver_one(move_id: int, now: datetime) -> bool:
    """Write notices and take the deed out of the outbox; False if another process has it."""
    pending = Pending.objects.select_for_update(skip_locked=True).filter(pk=move_id).first()
    if pending is None:
        return False
    people = recipients(Move.objects.get(pk=move_id))
    notices = [
        Notice(user=person, move_id=move_id, created_at=now, mail_next_at=now if person.email else None)
        for person in people
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    pending.delete()
    transaction.on_commit(partial(pokes.look, [person.pk for person in people]))
    return True
