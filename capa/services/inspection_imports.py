"""Inspections that were carried out elsewhere, from JSON Lines, through the door as the clock.

A line: ``{"plan": {"agency", "year", "number", "decided_on", "title", "starts_on", "ends_on"}, "about", "mode",
"done_on", "flags": {name: true or false}, "note", "conclusion"}``; agencies by code. The note is the evidence of every
flag of the line; a flag that is missing or null was not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from capa.flags import clean_judgements, contradictions
from capa.machines.inspection import MODES
from capa.models import Inspection, InspectionPlan
from capa.models.inspection_plan import NUMBER_LIMIT
from capa.models.programme import YEARS
from capa.shapes import ShapeError
from workflows import engine
from workflows.importing import BadRow, Outcome, Row, day, text
from workflows.models import Unit


class InspectionTaker:
    """Takes rows as inspections that are closed; a plan is made once, by its number and day."""

    def __call__(self, row: Row) -> Outcome:
        """Take one row. An inspection is known by plan, agency and mode; what is held of it is never overwritten."""
        plan, about = self._plan(_part(row, "plan")), _agency(text(row, "about", required=True))
        if not about.path.startswith(plan.agency.path) or about == plan.agency:
            raise BadRow(f"about: {about.code} is not below {plan.agency.code}")
        given = self._facts(row, about)
        known = plan.inspections.filter(about=about, mode=given["mode"]).exclude(state="cancelled").first()
        if known is not None:
            wanted = {one["flag"]: one["value"] for one in given["judgements"]}
            held = {key: value for key, value in known.flags.items() if value is not None}
            return "same" if (wanted, given["done_on"]) == (held, known.done_on) else "kept"
        fresh = Inspection(agency=plan.agency, unit=plan.agency, plan=plan)
        engine.start(fresh, "import", by=None, facts=given)
        return "added"

    def _facts(self, row: Row, about: Unit) -> dict[str, Any]:
        mode = text(row, "mode", required=True)
        if mode not in dict(MODES):
            raise BadRow(f"mode: {mode!r} is none of {', '.join(dict(MODES))}")
        note, flags = text(row, "note"), _part(row, "flags") if row.get("flags") else {}
        judged = [{"flag": key, "value": value, "note": note} for key, value in flags.items() if value is not None]
        try:
            judgements = clean_judgements(judged) if judged else []
        except ShapeError as error:
            raise BadRow(str(error)) from error
        if problems := contradictions({one["flag"]: one["value"] for one in judgements}):
            raise BadRow(" ".join(problems))
        return {
            "about": about,
            "mode": mode,
            "done_on": day(row, "done_on"),
            "conclusion": text(row, "conclusion"),
            "judgements": judgements,
        }

    def _plan(self, row: Row) -> InspectionPlan:
        agency = _agency(text(row, "agency", required=True))
        number, decided_on = text(row, "number", required=True, limit=NUMBER_LIMIT), _day(row, "decided_on")
        known = InspectionPlan.objects.filter(agency=agency, number=number, decided_on=decided_on).first()
        if known is not None:
            return known
        year, starts_on, ends_on = row.get("year"), _day(row, "starts_on"), _day(row, "ends_on")
        if not isinstance(year, int) or not YEARS[0] <= year <= YEARS[1] or ends_on < starts_on:
            raise BadRow("plan: year or period is not one")
        facts = {
            "year": year,
            "number": number,
            "decided_on": decided_on,
            "title": text(row, "title", required=True, limit=300),
            "starts_on": starts_on,
            "ends_on": ends_on,
        }
        return engine.start(InspectionPlan(agency=agency, unit=agency), "import", by=None, facts=facts)


def _part(row: Row, name: str) -> Mapping[str, Any]:
    value = row.get(name)
    if not isinstance(value, Mapping):
        raise BadRow(f"{name}: must be an object")
    return value


def _day(row: Row, name: str) -> date:
    found = day(row, name)
    if found is None:
        raise BadRow(f"{name}: missing")
    return found


def _agency(code: str) -> Unit:
    found = Unit.objects.agencies().filter(code=code).first()
    if found is None:
        raise BadRow(f"no agency {code}")
    return found
