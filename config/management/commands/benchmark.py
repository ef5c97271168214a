"""``manage.py benchmark NAME``: the promised figures on the database in use, beside their floor in the same run."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from config.bench import asof, campaign, impact, inbox, rollup, search, site, step
from config.bench.country import FULL, SEED, Country, build
from config.bench.scratch import Figure, copied, scratch_database
from config.bench.timing import Timing

NAMES = {"step": (step.run, 60), "inbox": (inbox.run, 10_000)}
COUNTRY = {"impact": impact.run, "asof": asof.run, "search": search.run, "campaign": campaign.run}
"""Measured over a country of so many versions; the promised figures are those of ``FULL``."""
SIZED = {"rollup": (rollup.run, 12_000), "site": (site.run, 3_000)}
"""Timings over something of a size of its own: agencies, requests of a turn."""
ANYWHERE = ("site",)
"""Those of them that any database answers."""
WRITING = ("campaign",)
"""Those that leave something behind: they run on a copy of a kept database."""
PART = FULL // 20
NEEDS_POSTGRES = "this benchmark needs PostgreSQL: set DATABASE_URL"


class Command(BaseCommand):
    help = "Measure in a scratch database on the server in use, and drop it: " + ", ".join((*NAMES, *COUNTRY, *SIZED))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted((*NAMES, *COUNTRY, *SIZED)))
        parser.add_argument(
            "--size",
            type=int,
            help="versions of five steps (step), records waiting (inbox), agencies (rollup), requests a turn (site), "
            f"versions ({PART:,})",
        )
        parser.add_argument("--full", action="store_true", help=f"{FULL:,} versions: the country of the promises")
        parser.add_argument("--seed", type=int, default=SEED, help="the same seed gives the same country")
        parser.add_argument("--keep", default="", metavar="NAME", help="keep the database for the next run")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure and print."""
        name, console = options["name"], Console(width=120)
        if name in COUNTRY:
            console.print(self._timings(name, self._measure(options)))
            return
        if name in SIZED:
            console.print(self._timings(name, self._sized(options)))
            return
        run, size = NAMES[name]
        with scratch_database():
            figures = run(options["size"] or size)
        console.print(self._table(name, figures))

    def _sized(self, options: dict[str, Any]) -> list[Timing]:
        """In a scratch database of the benchmark's own making."""
        if connection.vendor != "postgresql" and options["name"] not in ANYWHERE:
            raise CommandError(NEEDS_POSTGRES)
        run, size = SIZED[options["name"]]
        with scratch_database():
            return run(options["size"] or size)

    def _measure(self, options: dict[str, Any]) -> list[Timing]:
        """Build the country, or find the kept one, and run."""
        country = Country(FULL if options["full"] else options["size"] or PART, options["seed"])
        if connection.vendor != "postgresql":
            raise CommandError(NEEDS_POSTGRES)
        with scratch_database(options["keep"]):
            with Progress() as progress:
                build(country, progress)
            with copied() if options["keep"] and options["name"] in WRITING else nullcontext():
                return COUNTRY[options["name"]](country)

    def _timings(self, name: str, timings: list[Timing]) -> Table:
        table = Table(title=f"{name} on {connection.vendor}: median of the rounds")
        for head in ("", "ms", "rows", "of its floor", "bar", ""):
            table.add_column(head, justify="right" if head in ("ms", "rows", "of its floor") else "left")
        for one in timings:
            verdict = {True: "kept", False: "missed", None: ""}[one.met]
            ratio = "" if one.ratio is None else f"{one.ratio:.2f} ×"
            table.add_row(one.name, f"{one.p50:,.1f}", f"{one.rows:,}" if one.rows else "", ratio, one.bar, verdict)
        return table

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
