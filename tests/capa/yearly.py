"""Objectives, reviews and their work in a wanted state, brought there through the door by the people whose turn it is.

The set is the first department's of 2026; its objective is Hành chính tư pháp's, of which Lan is in charge.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from capa.machines.review import INPUTS
from capa.models import Objective, ObjectiveSet, Output, Review
from tests.people import World
from workflows import engine

YEAR = 2026


def on(month: int, day: int, year: int = YEAR) -> datetime:
    """Noon of a day."""
    return datetime(year, month, day, 12, tzinfo=timezone.get_current_timezone())


def facts(world: World, **changes: Any) -> dict[str, Any]:
    """A quarterly objective of ninety percent at least, measured by Lan."""
    return {
        "statement": "Giải quyết hồ sơ đúng hạn",
        "scope": "qms",
        "measure": "Hồ sơ đúng hạn trên tổng số hồ sơ đã giải quyết",
        "source": "manual",
        "direction": "least",
        "target": "90",
        "measured_in": "%",
        "frequency": "quarter",
        "owner": str(world.lan.pk),
        "actions": "Rà hồ sơ hằng tuần",
        "resources": "",
        "deadline": None,
        "method": "",
        **changes,
    }


def propose(world: World, within: ObjectiveSet, unit: str = "hctp", /, **changes: Any) -> Objective:
    """An objective of a unit, proposed by the secretary."""
    fresh = Objective(agency_id=within.agency_id, unit=world.unit(unit), owner_set=within)
    return engine.start(fresh, "propose", by=world.hoa, now=on(1, 6), **facts(world, **changes))


SET_PATH = (
    ("submitted", "submit", "hoa"),
    ("reviewed", "review", "quang"),
    ("approved", "approve", "tuan"),
    ("running", "begin", "hoa"),
)


def objectives(world: World, state: str = "draft", *, year: int = YEAR, **changes: Any) -> ObjectiveSet:
    """The year's set with one objective, in a state."""
    place = world.unit("stp")
    fresh = ObjectiveSet(agency=place, unit=place)
    found = engine.start(fresh, "draft", by=world.hoa, now=on(1, 5), year=year, title="Mục tiêu năm", policy="")
    propose(world, found, **changes)
    return advance(world, found, state)


def advance(world: World, found: ObjectiveSet, state: str) -> ObjectiveSet:
    """Go on along the main path until the state is reached."""
    order = ["draft", *(target for target, _action, _name in SET_PATH)]
    for target, action, name in SET_PATH[order.index(found.state) :]:
        if found.state == state:
            return found
        found = engine.fire(found, action, by=world.people[name], now=on(1, 7))
        assert found.state == target
    if state == "evaluated":
        one = found.objectives.get()
        for number in range(one.measured_period + 1, one.periods_ended(timezone.localdate()) + 1):
            measure(world, one, number)
        found = engine.fire(found, "evaluate", by=world.hoa, conclusion="Đạt phần lớn mục tiêu")
    return found


def objective(world: World, state: str = "proposed", **changes: Any) -> Objective:
    """The one objective of a set."""
    owner = objectives(world, **changes)
    found = owner.objectives.get()
    if state == "dropped":
        return engine.fire(found, "drop", by=world.hoa, note="Trùng")
    if state != "proposed":
        advance(world, owner, "running")
        found = Objective.objects.get(pk=found.pk)
    if state == "due":
        return engine.fire(found, "ask", by=None, now=on(4, 1))
    if state in ("met", "missed"):
        return engine.fire(found, "meet" if state == "met" else "miss", by=None)
    return found


def measure(world: World, one: Objective, period: int, value: str = "95", note: str = "", **when: Any) -> Objective:
    """Lan writes what was measured of a period."""
    return engine.fire(one, "measure", by=world.lan, period=str(period), value=value, note=note, **when)


def planned(**changes: Any) -> dict[str, Any]:
    """Facts of a meeting two weeks ahead."""
    day = timezone.localdate() + timedelta(days=14)
    return {"year": YEAR, "title": "Họp xem xét của lãnh đạo", "meets_on": day, "agenda": "Theo kế hoạch", **changes}


REVIEW_PATH = (
    ("collecting_inputs", "collect", "hoa"),
    ("ready", "ready", "hoa"),
    ("held", "hold", "tuan"),
    ("minutes_draft", "minutes", "hoa"),
    ("conclusions_issued", "issue", "tuan"),
    ("tracking", "track", "hoa"),
    ("closed", "close", "hoa"),
)


def review(world: World, state: str = "planned", **changes: Any) -> Review:
    """A review in a state: every input written, one piece of work for Lan."""
    place = world.unit("stp")
    found = engine.start(Review(agency=place, unit=place), "plan", by=world.hoa, **planned(**changes))
    for target, action, name in REVIEW_PATH:
        if found.state == state:
            return found
        if action == "ready":
            found = write_inputs(world, found)
        if action == "issue":
            decide(world, found)
        if action == "close":
            end(world, found)
        found = engine.fire(found, action, by=world.people[name], **answers(world, action))
        assert found.state == target
    return found


def write_inputs(world: World, found: Review) -> Review:
    """The secretary writes every input that the product does not know; the QMR waives the audit that was not."""
    found = engine.fire(found, "waive_input", by=world.quang, subject="audit", note="Chưa đến kỳ đánh giá")
    for one in INPUTS:
        if one.written:
            found = engine.fire(found, "write_input", by=world.hoa, subject=one.key, text=f"Báo cáo {one.clause}")
    return found


def decide(world: World, found: Review, **changes: Any) -> Output:
    """Work for Lan."""
    fresh = Output(agency_id=found.agency_id, unit_id=found.unit_id, review=found)
    return engine.start(fresh, "decide", by=world.hoa, **decision(world, **changes))


def decision(world: World, **changes: Any) -> dict[str, Any]:
    """What Lan is to do within a month."""
    day = timezone.localdate() + timedelta(days=30)
    work = {"kind": "improvement", "what": "Rút ngắn quy trình chứng thực", "owner": str(world.lan.pk)}
    return {**work, "due": day, "resources": "", **changes}


def end(world: World, found: Review) -> None:
    """Lan does the work, the QMR accepts it."""
    for one in found.outputs.filter(state="open"):
        done = engine.fire(one, "finish", by=one.owner, **answers(world, "finish"))
        engine.fire(done, "accept", by=world.quang)


def output(world: World, state: str = "planned") -> Output:
    """Lan's work of a review."""
    if state == "planned":
        return decide(world, review(world, "held"))
    found = review(world, "conclusions_issued").outputs.get()
    if state == "dropped":
        return engine.fire(found, "drop", by=world.tuan, note="Không cần")
    if state in ("done", "ended"):
        found = engine.fire(found, "finish", by=world.lan, **answers(world, "finish"))
    return engine.fire(found, "accept", by=world.quang) if state == "ended" else found


def answers(world: World, step: str) -> dict[str, Any]:
    """Right answers for a step of these machines."""
    note = {"note": "Lý do đầy đủ"}
    given: dict[str, dict[str, Any]] = {
        "draft": {"year": YEAR, "title": "Mục tiêu năm", "policy": ""},
        "propose": facts(world),
        "measure": {"period": "1", "value": "92,5", "note": "Sổ theo dõi"},
        "pull": {"span": 1, "part": 9, "whole": 10},
        "reassign": {"owner": str(world.son.pk), "note": "Chuyển việc"},
        "plan": planned(),
        "write_input": {"subject": "risks", "text": "Đã xử lý hai rủi ro"},
        "waive_input": {"subject": "providers", "note": "Không thuê ngoài"},
        "hold": {"held_on": timezone.localdate(), "attendance": "Đủ thành viên Ban chỉ đạo"},
        "minutes": {"minutes": "Kết luận: hệ thống phù hợp, có hiệu lực."},
        "issue": {"number": "12/TB-BCĐ", "note": ""},
        "decide": decision(world),
        "extend": {"due": timezone.localdate() + timedelta(days=60), **note},
        "finish": {"done_on": timezone.localdate(), "evidence_text": "Đã ban hành quy trình mới"},
        "evaluate": {"conclusion": "Đạt phần lớn mục tiêu"},
        **dict.fromkeys(("return", "drop"), note),
    }
    return given.get(step, {})


def edited(world: World, name: str) -> dict[str, Any]:
    """What ``edit`` asks differs by machine."""
    given = {"objective": facts(world, target="95,5"), "review": planned(agenda=""), "output": decision(world)}
    return given.get(name) or answers(world, "draft")
