"""Inspections in a wanted state, brought there through the door by the people whose turn it is.

The first department inspects the commune below it: Đầu mối plans, Đoàn heads the team and Kiểm Tra is its member.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from capa.machines import suggestion
from capa.models import Inspection, InspectionFinding, InspectionPlan, ScoringTemplate, SelfScore
from tests.people import World, person, seat
from workflows import engine

YEAR = 2026


def on(month: int, day: int, year: int = YEAR) -> datetime:
    """Noon of a day."""
    return datetime(year, month, day, 12, tzinfo=timezone.get_current_timezone())


def facts(**changes: Any) -> dict[str, Any]:
    """A plan of the second half of the year."""
    days = {"starts_on": date(YEAR, 6, 1), "ends_on": date(YEAR, 12, 31)}
    return {"year": YEAR, "title": "Kiểm tra áp dụng hệ thống quản lý", "aim": "", **days, **changes}


def member(world: World, name: str, duty: str, **changes: Any) -> dict[str, Any]:
    """One in the team since June; who is not in the world yet is given an inspector's seat."""
    if name not in world.people:
        world.people[name] = person(name)
        seat(world.people[name], "inspector", world.unit("stp"))
    days = {"decision_on": date(YEAR, 5, 20), "valid_from": date(YEAR, 6, 1)}
    return {"person": str(world.people[name].pk), "duty": duty, "decision_no": "15/QĐ-STP", **days, **changes}


def draft(world: World, **changes: Any) -> InspectionPlan:
    """A plan with its team and no agency."""
    place = world.unit("stp")
    fresh = InspectionPlan(agency=place, unit=place)
    found = engine.start(fresh, "draft", by=world.daumoi, now=on(5, 20), **facts(**changes))
    for name, duty in (("doan", "head"), ("kiemtra", "member")):
        found = engine.fire(found, "appoint", by=world.daumoi, now=on(5, 25), **member(world, name, duty))
    return found


def add(world: World, within: InspectionPlan, unit: str = "xa", mode: str = "direct") -> Inspection:
    """An agency of the plan."""
    fresh = Inspection(agency_id=within.agency_id, unit_id=within.agency_id, plan=within)
    about = str(world.unit(unit).pk)
    return engine.start(
        fresh, "plan", by=world.daumoi, now=on(5, 26), about=about, mode=mode, planned_on=date(YEAR, 7, 1)
    )


def issue(world: World, found: InspectionPlan, number: str = "90/KH-STP", template: str = "") -> InspectionPlan:
    """The plan in force."""
    given: dict[str, Any] = {"number": number, "decided_on": date(YEAR, 5, 28), "template": template}
    return engine.fire(found, "issue", by=world.doan, now=on(5, 28), **given)


def plan(world: World, state: str = "issued", *, scored: bool = False, **changes: Any) -> InspectionPlan:
    """A plan with one agency, in a state; ``scored``: by a point table."""
    found = draft(world, **changes)
    add(world, found)
    if state == "draft":
        return found
    return issue(world, found, template=str(template(world).pk) if scored else "")


def table(**changes: Any) -> dict[str, Any]:
    """A small point table: two criteria by hand, one that is counted."""
    criteria = [
        {
            "key": "c1",
            "group": "Tổ chức",
            "text": "Phân công rõ",
            "max": "10",
            "rule": "manual",
            "evidence": "Phân công",
        },
        {"key": "c2", "group": "Hồ sơ", "text": "Hồ sơ đúng, đủ", "max": "20", "rule": "manual", "evidence": ""},
        {"key": "c3", "group": "Cập nhật", "text": "Không lạc hậu", "max": "10", "rule": "living", "evidence": ""},
    ]
    given = {"year": YEAR, "title": "Bảng điểm", "ground": "", "criteria": criteria, "bands": suggestion.bands()}
    return {**given, **changes}


def template(world: World, state: str = "in_force", unit: str = "stp", **changes: Any) -> ScoringTemplate:
    """A point table of the first department, in a state."""
    place = world.unit(unit)
    fresh = ScoringTemplate(agency=place, unit=place)
    found = engine.start(fresh, "draft", by=world.daumoi, now=on(1, 10), **table(**changes))
    return found if state == "draft" else engine.fire(found, "adopt", by=world.doan, now=on(1, 11))


def self_score(world: World) -> SelfScore:
    """The first department scores itself."""
    template(world)
    place = world.unit("stp")
    return engine.start(SelfScore(agency=place, unit=place), "open", by=world.hoa, year=YEAR)


def points(**given: Any) -> list[dict[str, Any]]:
    """Rows of points with their evidence."""
    return [
        {"criterion": key, "points": value, "note": "Đã xem", "evidence": "Hồ sơ 12"} for key, value in given.items()
    ]


def judgements(**flags: bool) -> list[dict[str, Any]]:
    """Rows of judgements, each with its evidence."""
    return [{"flag": key, "value": value, "note": "Đã xem hồ sơ số 12"} for key, value in flags.items()]


PATH = (
    ("notified", "notify", "daumoi", 6, 10),
    ("in_progress", "begin", "kiemtra", 7, 1),
    ("concluded", "conclude", "doan", 7, 2),
    ("remediation", "remediate", "daumoi", 7, 3),
    ("closed", "close", "daumoi", 7, 4),
)


def answers(action: str) -> dict[str, Any]:
    """Right answers of a step."""
    given: dict[str, dict[str, Any]] = {
        "judge": {"seen_on": date(YEAR, 7, 1), "judgements": judgements(built_applied=True, audit_done=True)},
        "score": {"rows": points(c1="7.5", c2=20, c3="2,25")},
        "look": {
            "url": "https://stp.example.vn/iso",
            "alive": "yes",
            "posted": "yes",
            "seen_on": date(YEAR, 7, 1),
            "note": "Thấy danh mục tài liệu",
        },
        "find": {
            "severity": "major",
            "clause": "7.5",
            "requirement": "Lưu đủ hồ sơ",
            "description": "Thiếu hồ sơ đánh giá",
            "evidence_text": "Tủ hồ sơ phòng chuyên môn",
        },
        "conclude": {
            "done_on": date(YEAR, 7, 1),
            "minutes": "Biên bản kiểm tra",
            "conclusion": "Cơ bản đạt yêu cầu",
            "guidance": "",
        },
    }
    return given.get(action, {})


def found(world: World) -> InspectionFinding:
    """A finding of an inspection under way."""
    one = inspection(world, "in_progress")
    engine.fire(one, "find", by=world.kiemtra, now=on(7, 1), **answers("find"))
    return one.findings.get()


def inspection(world: World, state: str = "planned", *, scored: bool = True) -> Inspection:
    """The one inspection of a plan, in a state."""
    owner = plan(world, scored=scored)
    found = owner.inspections.get()
    for target, action, name, month, day in PATH:
        if found.state == state:
            return found
        if action == "conclude":
            for deed in ("judge", "score") if scored else ("judge",):
                found = engine.fire(found, deed, by=world.kiemtra, now=on(7, 1), **answers(deed))
        found = engine.fire(found, action, by=world.people[name], now=on(month, day), **answers(action))
        assert found.state == target
    return found
