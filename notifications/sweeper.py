"""The thread beside the server: delivers what a crash left in the outbox, and sends letters."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, close_old_connections

from notifications.deliver import deliver, deliver_reminders
from notifications.mails import send_mails

log = logging.getLogger(__name__)

SECONDS = 5.0

_started = threading.Lock()


def sweep() -> tuple[int, int]:
    """Deliver and send once; return deeds delivered and letters sent."""
    return deliver() + deliver_reminders(), send_mails()


def start() -> None:
    """Start the thread, once per process; it ends with the process, between or in the middle of two letters."""
    if _started.acquire(blocking=False):
        threading.Thread(target=_run, name="notices", daemon=True).start()


def _run() -> None:
    pause = threading.Event()
    while not pause.wait(SECONDS):
        try:
            sweep()
        except DatabaseError:
            log.exception("sweep failed; the next one follows")
        finally:
            # Lent from the pool, or of no use to anybody else: the thread keeps none while it waits.
            close_old_connections()
