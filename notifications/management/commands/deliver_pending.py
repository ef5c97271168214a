"""``manage.py deliver_pending``: notices and letters, once or for ever."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from notifications.sweeper import sweep


def _drained() -> tuple[int, int]:
    """Sweep until a sweep finds nothing more to do; return deeds delivered and letters sent in all."""
    total = round_ = sweep()
    while any(round_):
        round_ = sweep()
        total = (total[0] + round_[0], total[1] + round_[1])
    return total


class Command(BaseCommand):
    help = "Deliver deeds that wait in the outbox and send letters that are due. Safe to run twice, also at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", type=float, metavar="SECONDS", help="do it again every SECONDS, until stopped")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Sweep and print counts; with --watch only those of sweeps that did something."""
        self._say(*_drained())
        pause: float | None = options["watch"]
        while pause is not None:
            time.sleep(max(pause, 0.1))
            close_old_connections()
            delivered, sent = _drained()
            if delivered or sent:
                self._say(delivered, sent)

    def _say(self, delivered: int, sent: int) -> None:
        self.stdout.write(f"{delivered} deeds delivered, {sent} letters sent")
