"""Base of the import commands: files, ``--dry-run``, report, exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflows.importing import Outcome, Row, run


class ImportCommand(BaseCommand):
    """Imports JSON Lines. Exit 0 even with bad rows: they are reported, and the good ones stay."""

    title = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Files and ``--dry-run``."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")

    def taker(self, options: dict[str, Any]) -> Callable[[Row], Outcome]:
        """The function that takes one row."""
        raise NotImplementedError

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import every file in the order given."""
        take = self.taker(options)
        for file in options["files"]:
            report = run(file, take, dry_run=options["dry_run"], title=self.title, quiet=options["verbosity"] == 0)
            for line in report.lines():
                self.stdout.write(line if line.startswith(file) else f"{line}")
