"""What the app listens to: deeds of the kernel, and log-ins that end."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db import DatabaseError, transaction
from django.db.models.signals import post_save
from django.http import HttpRequest

from notifications import pokes
from notifications.deliver import deliver, deliver_reminders
from notifications.sessions import digest
from workflows.models import Move, User
from workflows.signals import moved, reminded

log = logging.getLogger(__name__)


def connect() -> None:
    """Connect every receiver; doing so twice changes nothing."""
    moved.connect(tell, dispatch_uid="notifications.tell")
    reminded.connect(remind, dispatch_uid="notifications.remind")
    user_logged_out.connect(logged_out, dispatch_uid="notifications.logged_out")
    post_save.connect(person_saved, sender=User, dispatch_uid="notifications.person_saved")


def tell(move: Move, **_kwargs: Any) -> None:
    """Deliver a committed deed at once. What fails here stays in the outbox for the next sweep."""
    if move.step is None or not move.step.tell:
        return
    try:
        deliver([move.pk])
    except DatabaseError:
        log.exception("deed %s stays in the outbox", move.pk)


def remind(**_kwargs: Any) -> None:
    """Deliver committed reminders at once. What fails here stays for the next sweep."""
    try:
        deliver_reminders()
    except DatabaseError:
        log.exception("reminders stay in the outbox")


def logged_out(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    """Close the sockets of the session that ends; the person's other sessions go on."""
    if user is not None and request.session.session_key:
        pokes.session_revoked(user.pk, digest(request.session.session_key))


def person_saved(instance: User, *, created: bool, update_fields: frozenset[str] | None = None, **_kwargs: Any) -> None:
    """A new password or a closed account ends log-ins: let the person's sockets look at theirs again."""
    if created or update_fields == frozenset({"last_login"}):
        return
    # A function, not a partial: Django names what failed by __qualname__, which a partial does not have.
    transaction.on_commit(lambda: pokes.session_revoked(instance.pk), robust=True)
