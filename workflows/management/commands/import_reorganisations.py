"""``manage.py import_reorganisations FILE…``: which units went into which, as JSON Lines, decided and carried out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from django.utils.dateparse import parse_date
from rich.console import Console
from rich.progress import track

from workflows import mergers
from workflows.errors import WorkflowError
from workflows.handing import carry_out
from workflows.importing import BadRow, Report, read
from workflows.models import Reorganisation, Unit, day_of


class Command(BaseCommand):
    """Reads every line first, because a unit that went into two is told by two lines."""

    help = (
        "Import reorganisations (JSON Lines: new, old_name, level, old_candidates). What hangs together is one "
        "decision, taken whole or not at all. A second import changes nothing; a broken one goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Files, and what the decision says of itself."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--decision", required=True, metavar="NUMBER", help="number of the decision")
        parser.add_argument("--dated", required=True, metavar="DAY", help="its day, YYYY-MM-DD")
        parser.add_argument("--since", required=True, metavar="DAY", help="first day of the new order, YYYY-MM-DD")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Decide, then carry out what is due."""
        since = _day("--since", options["since"])
        self.facts = mergers.facts_of(options["decision"], _day("--dated", options["dated"]), since)
        self.console = Console(stderr=True, quiet=options["verbosity"] == 0)
        self.now = timezone.now()
        for file in options["files"]:
            report, records = self._decide(file)
            for line in report.lines():
                self.stdout.write(line)
            if since <= day_of(self.now):
                done, complaints = carry_out(self._shown(records, "Thực hiện"), self.now)
                self.stdout.write(f"{done['reorganisation.finish']} carried out, {len(complaints)} not")
                for one in complaints:
                    self.stdout.write(f"{one.record}: {one.reason}")

    def _shown(self, rows: list[Any], what: str) -> Any:
        return track(rows, description=what, console=self.console, disable=not self.console.is_terminal)

    def _decide(self, file: str) -> tuple[Report, list[Reorganisation]]:
        report, records, name = Report(), list[Reorganisation](), Path(file).name
        known = {unit.code: unit for unit in Unit.objects.agencies().select_related("parent")}
        told = []
        try:
            rows = list(read(Path(file)))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        for line, row in rows:
            try:
                if isinstance(row, BadRow):
                    raise row
                told.append(mergers.read_row(line, row, known))
            except BadRow as error:
                report.bad.append((name, line, str(error)))
        for case in self._shown(mergers.cases(told), "Sắp xếp tổ chức"):
            try:
                found = mergers.decide(case, known, self.facts, self.now)
            except (WorkflowError, DatabaseError) as error:
                said = error.said if isinstance(error, WorkflowError) else str(error).splitlines()[0]
                report.bad += [(name, row.line, said) for row in case.rows]
                continue
            report.counts["added" if found else "same"] += len(case.rows)
            records += [found] if found else []
        return report, records


def _day(name: str, typed: str) -> date:
    try:
        found = parse_date(typed)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{name}: {typed!r} is no date of the form YYYY-MM-DD")
    return found
