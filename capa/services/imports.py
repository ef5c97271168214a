"""CARs that were opened elsewhere, from JSON Lines (as ``data/findings.jsonl``), through the door as the clock."""

from __future__ import annotations

from capa import facts
from capa.facts import Facts
from capa.models import Car
from capa.shapes import TEXT_LIMIT, ShapeError
from workflows import engine
from workflows.importing import BadRow, Outcome, Row, text, texts
from workflows.models import Unit, day_of

GRAVE = ("material_weakness", "modified_opinion")
"""Kinds of finding that make it a major one, as the Federal Audit Clearinghouse names them."""
PART_LIMIT = 59


def prose(row: Row, name: str) -> str:
    """A text of a row to the letter, blanks at its ends included; ``""`` for null. Raises ``BadRow``."""
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRow(f"{name}: must be text")
    if len(value) > TEXT_LIMIT:
        raise BadRow(f"{name}: longer than {TEXT_LIMIT} characters")
    return value


class FindingTaker:
    """Takes rows of ``findings.jsonl`` as CARs of one unit."""

    def __init__(self, agency: Unit, unit: Unit, source: str) -> None:
        self.agency, self.unit, self.source = agency, unit, source

    def __call__(self, row: Row) -> Outcome:
        """Take one row. A CAR is known by report and reference; what the product holds of it is never overwritten."""
        given = self.facts(row)
        known = Car.objects.filter(
            agency=self.agency, reference=given["reference"], cycle=1, created_by__isnull=True
        ).first()
        if known is not None:
            held = {name: getattr(known, name) for name in ("source", "severity", "description", "plan")}
            return "same" if all(given[name] == value for name, value in held.items()) else "kept"  # type: ignore[literal-required]
        engine.start(Car(agency=self.agency, unit=self.unit), "import", by=None, facts=given)
        return "added"

    def facts(self, row: Row) -> Facts:
        """What the row says; raises ``BadRow``."""
        report, reference = (text(row, name, required=True, limit=PART_LIMIT) for name in ("report", "reference"))
        if "/" in report:
            raise BadRow("report: holds a slash, which parts it from the reference")
        done = prose(row, "corrective_action")
        given = {
            "source": self.source,
            "severity": "major" if set(GRAVE).intersection(texts(row, "type")) else "minor",
            "reference": f"{report}/{reference}",
            "description": prose(row, "text"),
            "found_on": day_of(),
            "plan": {"actions": [{"what": done}] if done else []},
        }
        try:
            return facts.clean(given)
        except ShapeError as error:
            raise BadRow(str(error)) from error
