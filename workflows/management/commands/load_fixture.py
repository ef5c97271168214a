"""``manage.py load_fixture FILE``: agencies, units, people, committees and seats (shape: ``workflows.fixture``)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflows.fixture import load
from workflows.grants import rebuild
from workflows.models import day_of


class Command(BaseCommand):
    """Loads the tree and its people, then rebuilds guardian's grants."""

    help = "Load agencies, units, people and seats from a JSON file; a second load changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and a password for people who bring none."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--password", default="", help="password for new people without one (else they have none)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load and report."""
        report = load(options["file"], password=options["password"])
        rebuild(day_of())
        for line in report.lines():
            self.stdout.write(line)
