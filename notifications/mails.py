"""Letters: one per notice, sent outside any transaction, tried again for 31 hours at most."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPConnectError, SMTPException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone, translation

from notifications.models import Notice
from notifications.sentences import say

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 480, 480))
"""Time to the next attempt after each failed one; there is none after the last."""
ATTEMPTS = len(WAITS) + 1
BATCH = 50
ERROR_CHARACTERS = 500


def send_mails(now: datetime | None = None, limit: int = BATCH) -> int:
    """Send up to ``limit`` letters that are due; return how many the mail server took.

    A letter that fails waits for its own next attempt and holds up no other. If the server itself cannot be
    reached the others stay due, since each would wait EMAIL_TIMEOUT for nothing.
    """
    moment, sent = now or timezone.now(), 0
    due = Notice.objects.mail_due(moment).select_related("user", "move__actor", "reminder")
    with translation.override(settings.LANGUAGE_CODE):
        for notice in due[:limit]:
            if not _claimed(notice, moment):
                continue
            try:
                sent += _send(notice)
            except Exception as error:  # noqa: BLE001 - a letter can fail by address, text, server or disk: none may stop the rest
                _note(notice, error)
                if _server_is_down(error):
                    break
    return sent


def _claimed(notice: Notice, now: datetime) -> bool:
    """Count an attempt and set the day of the next one before sending: of two processes one gets the letter.

    A process that dies while sending thus leaves the letter to the next attempt, with the same Message-ID.
    """
    tried = notice.mail_attempts + 1
    following = now + WAITS[tried - 1] if tried < ATTEMPTS else None
    mine = Notice.objects.filter(pk=notice.pk, mail_next_at=notice.mail_next_at, mail_attempts=notice.mail_attempts)
    return bool(mine.update(mail_attempts=F("mail_attempts") + 1, mail_next_at=following))


def _send(notice: Notice) -> int:
    """Send one letter; 0 if its person has left or has no address any more."""
    row = Notice.objects.filter(pk=notice.pk)
    if not (notice.user.is_active and notice.user.email):
        row.update(mail_next_at=None)
        return 0
    words = next(iter(say([notice])))[1]
    letter = EmailMessage(words.subject, words.body, to=[notice.user.email], headers={"Message-ID": message_id(notice)})
    letter.send()
    row.update(mailed_at=timezone.now(), mail_next_at=None, mail_error="")
    return 1


def message_id(notice: Notice) -> str:
    """The same for every attempt, so that a mail server can drop a second copy."""
    deed = f"r{notice.reminder_id}" if notice.reminder_id else str(notice.move_id)
    return f"<notice-{deed}-{notice.user_id}@khung>"


def _note(notice: Notice, error: Exception) -> None:
    log.warning("letter %s failed: %s", message_id(notice), error)
    text = f"{type(error).__name__}: {error}"[:ERROR_CHARACTERS]
    Notice.objects.filter(pk=notice.pk).update(mail_error=text)


def _server_is_down(error: Exception) -> bool:
    """No connection, or lost: nothing that another address would change. ``SMTPException`` is an ``OSError`` too."""
    if isinstance(error, SMTPConnectError | SMTPServerDisconnected):
        return True
    return isinstance(error, OSError) and not isinstance(error, SMTPException)
