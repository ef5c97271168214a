"""Mergers told from elsewhere, line by line: which unit of before went into which one of today.

A line names the unit of before by its name and by codes that may be its own. Where exactly one code fits, two lines
with that code are about one unit, which then was split; where none or several do, nothing is guessed: the unit is known
by its name and by the unit into which it went. Its code here is made, ``cu-…``, because old codes are given anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from workflows import engine
from workflows.importing import BadRow, Row, text, texts
from workflows.machines.reorganisation import HAND, MERGE, SPLIT
from workflows.models import Reorganisation, Unit, UnitKind
from workflows.text import fold

LEVELS = {"tinh": UnitKind.PROVINCE, "huyen": UnitKind.DISTRICT, "xa": UnitKind.COMMUNE}
CODE_LIMIT = 40


@dataclass(frozen=True)
class Told:
    """One line: a unit of before, by the code that it gets here, and into which unit of today it went."""

    line: int
    old: str
    name: str
    kind: str
    new: str


@dataclass
class Case:
    """What hangs together: units of before, each with where it went; decided as one."""

    rows: list[Told] = field(default_factory=list)

    def into(self) -> Mapping[str, list[str]]:
        """Where each unit of before went, in the order of the lines."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.rows:
            if row.new not in found[row.old]:
                found[row.old].append(row.new)
        return found


def read_row(line: int, row: Row, known: Mapping[str, Unit]) -> Told:
    """A line of the file; raises ``BadRow``."""
    new, name = text(row, "new", required=True, limit=CODE_LIMIT), text(row, "old_name", required=True, limit=300)
    level, candidates = text(row, "level", required=True), texts(row, "old_candidates")
    if new not in known:
        raise BadRow(f"new: no unit {new!r}; import the units first")
    if level not in LEVELS:
        raise BadRow(f"level: unknown level {level!r}")
    if row.get("partial"):
        raise BadRow("partial: only a part went there, and nothing says where the rest is")
    own = candidates[0] if len(candidates) == 1 else f"{new}-{fold(name).replace(' ', '-')}"
    return Told(line, f"cu-{own}"[:CODE_LIMIT], name, LEVELS[level], new)


def cases(rows: Iterable[Told]) -> list[Case]:
    """Lines that share a unit of before or of today belong to one case."""
    of: dict[tuple[str, str], Case] = {}
    for row in rows:
        found = Case([row])
        for key in (("old", row.old), ("new", row.new)):
            other = of.get(key)
            if other is not None and other is not found:
                found.rows = [*other.rows, *found.rows]
                for one in other.rows:
                    of["old", one.old] = of["new", one.new] = found
            of[key] = found
        of["old", row.old] = of["new", row.new] = found
    return list({id(case): case for case in of.values()}.values())


@transaction.atomic
def decide(case: Case, known: Mapping[str, Unit], facts: Mapping[str, Any], now: datetime) -> Reorganisation | None:
    """The decision of a case with its units of before, whole or not at all; None if it is there already.

    Raises ``WorkflowError``.
    """
    into = {old: new for old, new in case.into().items() if old not in known}
    if not into:
        return None
    named = {row.old: row for row in case.rows}
    for old, new in into.items():
        above = known[new[0]].parent
        Unit.objects.create(code=old, name=named[old].name, kind=named[old].kind, parent=above)
    lines = [
        {"what": MERGE if len(new) == 1 else SPLIT, "unit": old, "into": new, "documents": HAND}
        for old, new in into.items()
    ]
    first = known[next(iter(into.values()))[0]]
    place = first.parent or first
    return engine.start(Reorganisation(agency=place, unit=place), "import", by=None, now=now, lines=lines, **facts)


def facts_of(number: str, dated: date, since: date) -> dict[str, Any]:
    """Number and days of the decision as the door asks for them."""
    return {"decision_no": number, "decision_on": dated, "effective_on": since}
