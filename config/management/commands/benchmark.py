"""``manage.py benchmark NAME``: the promised figures on the database in use, beside their floor in the same run."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from rich.console import Console
from rich.table import Table

from config.bench import inbox, step
from config.bench.scratch import Figure, scratch_database

NAMES = {"step": (step.run, 60), "inbox": (inbox.run, 10_000)}


class Command(BaseCommand):
    help = "Measure in a scratch database on the server in use, and drop it: " + ", ".join(NAMES)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(NAMES))
        parser.add_argument("--size", type=int, help="versions of five steps (step), records waiting (inbox)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure and print."""
        run, size = NAMES[options["name"]]
        with scratch_database():
            figures = run(options["size"] or size)
        Console(width=120).print(self._table(options["name"], figures))

    def _table(self, name: str, figures: list[Figure]) -> Table:
        table = Table(title=f"{name} on {connection.vendor}: per unit; BEGIN and COMMIT are not counted as statements")
        for head in ("", "per second", "of the first row", "statements", "CPU ms client", "CPU ms server"):
            table.add_column(head, justify="left" if not head else "right")
        for figure in figures:
            table.add_row(
                figure.name,
                f"{figure.per_second:,.0f}",
                f"{figure.per_second / figures[0].per_second:.0%}",
                f"{figure.statements:.1f}",
                f"{figure.client_ms:.2f}",
                "in client" if figure.server_ms is None else f"{figure.server_ms:.2f}",
            )
        return table
