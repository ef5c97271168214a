"""``manage.py reseat``: put every running flow where its record stands."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from workflows.flows import reseat


class Command(BaseCommand):
    """The record is the truth; a process that drifted is put right. Safe to run at any time and twice."""

    help = "Rebuild running flows from their records."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Reseat and count."""
        looked, mended = reseat()
        self.stdout.write(f"{looked} processes looked at, {mended} put right")
