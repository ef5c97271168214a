"""A record for each row of the tables of inspections, ready for its step; as ``capa_rows``."""

from __future__ import annotations

from datetime import date
from typing import Any

from capa.models import Inspection, InspectionPlan, ScoringTemplate, SelfScore
from tests.capa import inspected
from tests.people import World
from tests.tables import oracle_inspections
from workflows import engine

NAMES = frozenset(oracle_inspections.RULES)


def plan(world: World, state: str, action: str) -> InspectionPlan:
    """A plan; one that is to be closed has nothing left open."""
    found = inspected.plan(world, "draft" if state == "cancelled" else state)
    if action == "close":
        engine.fire(found.inspections.get(), "cancel", by=world.daumoi, note="Không kiểm tra")
    return found


def inspection(world: World, state: str, action: str) -> Inspection:
    """An inspection; one that is to be concluded has been judged by another."""
    found = inspected.inspection(world, state)
    if action == "conclude":
        for deed in ("judge", "score"):
            found = engine.fire(found, deed, by=world.kiemtra, now=inspected.on(7, 1), **inspected.answers(deed))
    return found


def template(world: World, state: str, action: str) -> ScoringTemplate:
    """A point table."""
    del action
    return inspected.template(world, state)


def self_score(world: World, state: str, action: str) -> SelfScore:
    """A self-score; one that is to be confirmed has been scored by another."""
    found = inspected.self_score(world)
    if action == "confirm":
        return engine.fire(found, "score", by=world.hoa, **inspected.answers("score"))
    return found


BUILDERS = {"inspection_plan": plan, "inspection": inspection, "scoring_template": template, "self_score": self_score}


def answers(world: World, name: str, action: str) -> dict[str, Any]:
    """Right answers for a step."""
    reason = {"note": "Lý do"} if action in ("cancel", "drop") else {}
    special: dict[tuple[str, str], dict[str, Any]] = {
        ("inspection_plan", "edit"): inspected.facts(title="Kế hoạch khác"),
        ("inspection_plan", "appoint"): inspected.member(world, "doan2", "deputy"),
        ("inspection_plan", "issue"): {"number": "91/KH-STP", "decided_on": date(2026, 5, 28), "template": ""},
        ("inspection_plan", "close"): {"summary": "Đã kiểm tra xong"},
        ("inspection", "edit"): {"mode": "file", "planned_on": date(2026, 7, 2)},
        ("scoring_template", "edit"): inspected.table(title="Bảng điểm khác"),
    }
    return special.get((name, action), {**inspected.answers(action), **reason})


def fresh(world: World, name: str, action: str) -> tuple[Any, dict[str, Any]]:
    """A record not yet started, and the answers of its start row."""
    place = world.unit("stp")
    if name == "scoring_template":
        return ScoringTemplate(agency=place, unit=place), inspected.table()
    if name == "self_score":
        inspected.template(world, "in_force")
        return SelfScore(agency=place, unit=place), {"year": inspected.YEAR}
    if name == "inspection_plan":
        facts = {**inspected.facts(), "number": "90/KH", "decided_on": date(2026, 5, 28)}
        given = {"facts": facts} if action == "import" else inspected.facts()
        return InspectionPlan(agency=place, unit=place), given
    record = Inspection(agency=place, unit=place, plan=inspected.draft(world))
    if action == "plan":
        return record, {"about": str(world.unit("xa").pk), "mode": "file", "planned_on": None}
    about = {"about": world.unit("xa"), "mode": "direct", "done_on": date(2026, 7, 1), "conclusion": ""}
    return record, {"facts": {**about, "judgements": inspected.judgements(posted=True)}}
