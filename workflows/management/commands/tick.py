"""``manage.py tick``: everything the clock owes by now. Safe to run twice and late; run it every minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from workflows import ticking


class Command(BaseCommand):
    """Activate, supersede, resolve, by dates."""

    help = "Do everything the clock owes by now; safe to run twice and late."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--now`` is for rehearsals: the instant to reckon with."""
        parser.add_argument("--now", help="ISO instant with offset to reckon with instead of the clock")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run all sweeps; exit 1 if something due could not be done."""
        try:
            now = parse_datetime(options["now"]) if options["now"] else timezone.now()
        except ValueError:
            now = None
        if now is None or timezone.is_naive(now):
            raise CommandError("--now: an ISO instant with offset, e.g. 2026-03-05T00:00:00+07:00")
        done, complaints = ticking.tick(now)
        self.stdout.write(", ".join(f"{number} {name}" for name, number in sorted(done.items())) or "nothing due")
        if complaints:
            raise CommandError("\n".join(f"{one.record}: {one.reason}" for one in complaints))
