"""``manage.py rebuild_grants``: guardian's groups and grants from the seats held today."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from workflows.grants import rebuild
from workflows.models import day_of


class Command(BaseCommand):
    """Safe to run at any time and twice."""

    help = "Rebuild guardian's grants on units from the seats held today."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Rebuild and count."""
        groups, memberships = rebuild(day_of())
        self.stdout.write(f"{groups} groups, {memberships} memberships")
