"""``manage.py import_units FILE…``: administrative units of the country, as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.dateparse import parse_date

from workflows.import_command import ImportCommand
from workflows.importing import BadRow, Outcome, Row, day, text
from workflows.models import Unit, UnitKind

KINDS = {
    "bo": UnitKind.MINISTRY,
    "tinh": UnitKind.PROVINCE,
    "thanh_pho": UnitKind.PROVINCE,
    "so": UnitKind.DEPARTMENT,
    "chi_cuc": UnitKind.SUB_DEPARTMENT,
    "huyen": UnitKind.DISTRICT,
    "quan": UnitKind.DISTRICT,
    "thi_xa": UnitKind.DISTRICT,
    "xa": UnitKind.COMMUNE,
    "phuong": UnitKind.COMMUNE,
    "thi_tran": UnitKind.COMMUNE,
    "dac_khu": UnitKind.COMMUNE,
}


class Command(ImportCommand):
    """Each row becomes an agency in the tree; parents must come before their children."""

    help = (
        "Import administrative units (JSON Lines: code, name, level, parent; optional valid_from, valid_to, "
        "successor). A second import changes nothing; a broken one goes on where it stopped."
    )
    title = "Đơn vị hành chính"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--since", metavar="DAY", default="", help="first day of units that bring no valid_from")

    def taker(self, options: dict[str, Any]) -> Callable[[Row], Outcome]:
        """Rows are matched by code."""
        return Taker(_since(options["since"])).take


def _since(typed: str) -> date | None:
    try:
        found = parse_date(typed) if typed else None
    except ValueError:
        found = None
    if typed and found is None:
        raise CommandError(f"--since: {typed!r} is no date of the form YYYY-MM-DD")
    return found


class Taker:
    """Takes rows; knows the agencies by code, so that a row costs no look-up."""

    def __init__(self, since: date | None = None) -> None:
        self.since = since
        self.known = {unit.code: unit for unit in Unit.objects.agencies()}

    def take(self, row: Row) -> Outcome:
        """Take one row. A known code with another name is kept: a renaming needs its decision."""
        code, name = text(row, "code", required=True, limit=40), text(row, "name", required=True, limit=300)
        level, begun, ended = (
            text(row, "level", required=True),
            day(row, "valid_from") or self.since,
            day(row, "valid_to"),
        )
        if level not in KINDS:
            raise BadRow(f"level: unknown level {level!r}")
        if begun and ended and ended <= begun:
            raise BadRow(f"valid_to: {ended} is not after valid_from {begun}")
        parent, successor = self._named(row, "parent"), self._named(row, "successor")
        known = self.known.get(code)
        if known is None:
            fresh = Unit(code=code, name=name, kind=KINDS[level], parent=parent, valid_from=begun, valid_to=ended)
            fresh.successor = successor
            fresh.save()
            self.known[code] = fresh
            return "added"
        return "kept" if known.name != name else self._dated(known, begun, ended, successor)

    def _named(self, row: Row, name: str) -> Unit | None:
        code = text(row, name, limit=40)
        if code and code not in self.known:
            raise BadRow(f"{name}: no unit {code!r}")
        return self.known[code] if code else None

    def _dated(self, known: Unit, begun: date | None, ended: date | None, successor: Unit | None) -> Outcome:
        """Days and successor fill what is empty; what differs from a known one is kept as it was."""
        given = {"valid_from": begun, "valid_to": ended, "successor_id": successor and successor.pk}
        wanted = {name: value for name, value in given.items() if value not in (None, getattr(known, name))}
        fresh = {name: value for name, value in wanted.items() if getattr(known, name) is None}
        if not fresh:
            return "kept" if wanted else "same"
        before = {name: getattr(known, name) for name in fresh}
        for name, value in fresh.items():
            setattr(known, name, value)
        try:
            known.save(update_fields=[*fresh])
        except Exception:
            for name, value in before.items():
                setattr(known, name, value)
            raise
        return "changed"
