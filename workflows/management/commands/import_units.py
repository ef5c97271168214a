"""``manage.py import_units FILE…``: administrative units of the country, as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflows.import_command import ImportCommand
from workflows.importing import BadRow, Outcome, Row, text
from workflows.models import Unit, UnitKind

KINDS = {
    "tinh": UnitKind.PROVINCE,
    "thanh_pho": UnitKind.PROVINCE,
    "xa": UnitKind.COMMUNE,
    "phuong": UnitKind.COMMUNE,
    "dac_khu": UnitKind.COMMUNE,
}


class Command(ImportCommand):
    """Each row becomes an agency in the tree; parents must come before their children."""

    help = "Import administrative units (JSON Lines); a second import changes nothing."
    title = "Đơn vị hành chính"

    def taker(self, options: dict[str, Any]) -> Callable[[Row], Outcome]:
        """Rows are matched by code."""
        del options
        return take_unit


def take_unit(row: Row) -> Outcome:
    """Take one row of ``units.jsonl``. A known code with another name is kept: a renaming needs its decision."""
    code, name = text(row, "code", required=True, limit=40), text(row, "name", required=True, limit=300)
    level, parent_code = text(row, "level", required=True), text(row, "parent", limit=40)
    if level not in KINDS:
        raise BadRow(f"level: unknown level {level!r}")
    agencies = Unit.objects.agencies()
    parent = agencies.filter(code=parent_code).first() if parent_code else None
    if parent_code and parent is None:
        raise BadRow(f"parent: no unit {parent_code!r}")
    known = agencies.filter(code=code).first()
    if known is not None:
        return "same" if known.name == name else "kept"
    Unit.objects.create(code=code, name=name, kind=KINDS[level], parent=parent)
    return "added"
