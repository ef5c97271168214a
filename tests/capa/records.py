"""Audits and corrective action in a wanted state, brought there through the door by the people whose turn it is.

Bình and Bình2 audit for the whole agency; the unit audited is ``hctp``, headed by Minh, where Lan works.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from capa.models import Action, Car, Finding, Observation, Programme, Round
from tests import factories
from tests.people import World
from workflows import engine
from workflows.models import User

LONG_AGO = timedelta(days=40)


def ago(days: int) -> datetime:
    """An instant some days back."""
    return timezone.now() - timedelta(days=days)


def in_days(days: int) -> date:
    """A day ahead, or back if negative."""
    return timezone.localdate() + timedelta(days=days)


def round_plan(world: World, *, units: tuple[str, ...] = ("hctp",), **changes: Any) -> dict[str, Any]:
    """A plan for a round that begins today."""
    return {
        "title": "Đợt 1",
        "criteria": "TCVN ISO 9001:2015; quy trình của đơn vị",
        "clauses": ["7.5", "8.5", "10.2"],
        "starts_on": timezone.localdate().isoformat(),
        "ends_on": in_days(2).isoformat(),
        "units": [world.unit(name).pk for name in units],
        "size": 2,
        **changes,
    }


def teams(world: World, units: tuple[str, ...] = ("hctp",)) -> dict[str, Any]:
    """Bình2 leads, Bình goes along, everywhere."""
    rows = [{"unit": world.unit(name).pk, "lead": world.binh2.pk, "members": [world.binh.pk]} for name in units]
    return {"lead": world.binh2.pk, "teams": rows}


PROGRAMME_PATH = (
    ("submitted", "submit", "hoa"),
    ("reviewed", "review", "quang"),
    ("approved", "approve", "tuan"),
)


def programme(world: World, state: str = "draft") -> Programme:
    """This year's programme with one planned round, so that it can be submitted."""
    place = world.unit("stp")
    found = Programme(agency=place, unit=place)
    found = engine.start(found, "draft", by=world.hoa, now=ago(30), year=2026, title="Chương trình năm", aim="")
    plan(world, found)
    for target, action, name in PROGRAMME_PATH:
        if found.state == state:
            return found
        found = engine.fire(found, action, by=world.people[name], now=ago(20))
        assert found.state == target
    if state in ("running", "completed"):
        found = engine.fire(found, "begin", by=None)
    if state == "completed":
        for one in found.rounds.all():
            engine.fire(one, "cancel", by=world.tuan, note="Không cần")
        found = engine.fire(found, "complete", by=world.hoa)
    return found


def plan(world: World, owner: Programme, units: tuple[str, ...] = ("hctp",), **changes: Any) -> Round:
    """A planned round of a programme."""
    fresh = Round(agency_id=owner.agency_id, unit_id=owner.unit_id, programme=owner)
    return engine.start(fresh, "plan", by=world.hoa, now=ago(25), plan=round_plan(world, units=units, **changes))


ROUND_PATH: tuple[tuple[str, str, str], ...] = (
    ("planned", "propose", "hoa"),
    ("team_appointed", "appoint", "tuan"),
    ("notified", "notify", "hoa"),
    ("in_progress", "open", "binh2"),
    ("findings_agreed", "agree", "binh2"),
    ("report_draft", "report", "binh2"),
    ("report_signed", "sign", "binh2"),
    ("follow_up", "follow", "hoa"),
    ("closed", "close", "hoa"),
)


def audit_round(world: World, state: str = "planned", *, units: tuple[str, ...] = ("hctp",)) -> Round:
    """A round of an approved programme; when it is agreed, each unit has one conforming result."""
    owner = programme(world, "approved")
    found = owner.rounds.get() if units == ("hctp",) else plan(world, owner, units)
    if state == "cancelled":
        return engine.fire(found, "cancel", by=world.tuan, note="Không cần")
    if state == "postponed":
        return engine.fire(found, "postpone", by=world.hoa, note="Bận")
    for target, action, name in ROUND_PATH:
        if found.state == state and action != "propose":
            return found
        if action == "agree":
            for unit in units:
                conform(world, found, unit)
        when = ago(10) if action in ("propose", "appoint", "notify") else timezone.now()
        found = engine.fire(found, action, by=world.people[name], now=when, **answers(world, action, units=units))
        assert found.state == target
    return found


def conform(world: World, owner: Round, unit: str = "hctp") -> Finding:
    """A conforming result, settled."""
    found = write(world, owner, unit, result="conform")
    return engine.fire(found, "note", by=world.binh)


def recorded(**changes: Any) -> dict[str, Any]:
    """What an auditor writes of a minor nonconformity."""
    return {
        "result": "minor",
        "clause": "7.5",
        "requirement": "Quy trình phải viện dẫn văn bản còn hiệu lực.",
        "statement": "Quy trình chứng thực còn viện dẫn thông tư đã hết hiệu lực.",
        "sampled": "Hồ sơ số 12/2026",
        "evidence_text": "Mục 5.4 của quy trình; bản in tại bộ phận một cửa.",
        **changes,
    }


def write(world: World, owner: Round, unit: str = "hctp", **changes: Any) -> Finding:
    """A finding just recorded."""
    fresh = Finding(agency_id=owner.agency_id, unit=world.unit(unit), round=owner)
    return engine.start(fresh, "record", by=world.binh, **recorded(**changes))


FINDING_PATHS: dict[str, tuple[tuple[str, str], ...]] = {
    "recorded": (),
    "presented": (("present", "binh"),),
    "acknowledged": (("present", "binh"), ("acknowledge", "minh")),
    "disputed": (("present", "binh"), ("dispute", "minh")),
    "upheld": (("present", "binh"), ("dispute", "minh"), ("uphold", "quang")),
    "withdrawn": (("withdraw", "binh2"),),
}


def finding(world: World, state: str = "recorded", **changes: Any) -> Finding:
    """A finding of a running round in a state."""
    owner = Round.objects.filter(state="in_progress").first() or audit_round(world, "in_progress")
    if state == "noted":
        return conform(world, owner)
    if state == "raised":
        found = car(world, "issued").finding
        assert found is not None
        return Finding.objects.get(pk=found.pk)
    found = write(world, owner, **changes)
    for action, name in FINDING_PATHS[state]:
        found = engine.fire(found, action, by=world.people[name], **answers(world, action))
    return found


def analysis(**changes: Any) -> dict[str, Any]:
    """Three whys with evidence, a root cause in a category, similar cases looked for."""
    whys = [
        {"key": "w1", "parent": "", "text": "Quy trình chưa sửa", "evidence": "Bản 01/00"},
        {"key": "w2", "parent": "w1", "text": "Không ai được giao theo dõi", "evidence": "Bảng phân công"},
        {"key": "w3", "parent": "w2", "text": "Chưa có quy định rà soát", "evidence": "Sổ tay mục 4"},
    ]
    return {
        "whys": whys,
        "causes": [{"key": "c1", "category": "procedure", "text": "Thiếu bước rà soát"}],
        "root": "Chưa quy định ai rà soát khi văn bản thay đổi",
        "category": "procedure",
        "similar": "Đã xem 12 quy trình khác của phòng",
        "extent": "Một quy trình",
        **changes,
    }


def car_plan(world: World, *, documents: tuple[Any, ...] = (), **changes: Any) -> dict[str, Any]:
    """One action of Lan's, due in ten days; effective if ten cases in a row are right."""
    return {
        "actions": [
            {
                "key": "a1",
                "what": "Lập sổ theo dõi văn bản",
                "assignee": world.lan.pk,
                "due": in_days(10).isoformat(),
                "resources": "",
            }
        ],
        "documents": [{"document": str(one.pk), "what": "Thêm bước rà soát"} for one in documents],
        "risk": "",
        "measure": {"what": "Quy trình viện dẫn đúng", "kind": "cases", "number": 10, "target": "10/10 hồ sơ đúng"},
        **changes,
    }


CAR_PATH: tuple[tuple[str, str, str], ...] = (
    ("acknowledged", "acknowledge", "minh"),
    ("analysis", "analyse", "lan"),
    ("analysis", "verify_cause", "minh"),
    ("analysis", "draft_plan", "lan"),
    ("analysis", "correct", "lan"),
    ("plan_review", "submit_plan", "minh"),
    ("plan_approved", "approve_plan", "quang"),
    ("implementing", "entrust", "hoa"),
    ("awaiting_verification", "complete", "minh"),
)


def report(world: World) -> Car:
    """A nonconformity that Sơn of the unit reports."""
    place = world.unit("hctp")
    return engine.start(Car(agency=place.agency, unit=place), "report", by=world.son, **reported())


def car(world: World, state: str = "issued", *, severity: str = "minor", documents: tuple[Any, ...] = ()) -> Car:
    """A CAR in a state: reported ones by Sơn, the others raised from an agreed finding."""
    if state in ("reported", "rejected"):
        found = report(world)
        return found if state == "reported" else engine.fire(found, "reject", by=world.quang, note="Không phải lỗi")
    agreed = finding(world, "acknowledged", result=severity)
    fresh = Car(agency_id=agreed.agency_id, unit_id=agreed.unit_id, finding=agreed)
    found = engine.start(fresh, "raise", by=world.binh2)
    if state == "cancelled":
        return engine.fire(found, "cancel", by=world.quang if severity == "minor" else world.tuan, note="Nhầm")
    if state == "disputed":
        return engine.fire(found, "dispute", by=world.minh, note="Không đúng")
    found = advance(world, found, state, documents=documents)
    if state in ("ineffective", "reissued"):
        return engine.fire(found, "fail", by=world.binh, **answers(world, "fail"))
    if state == "closed":
        found = engine.fire(found, "pass", by=world.binh, **answers(world, "pass"))
        return engine.fire(found, "close", by=decider(world, found))
    return found


def decider(world: World, one: Car) -> User:
    """Who decides on a CAR of this class."""
    return world.tuan if one.severity == "major" else world.quang


def advance(world: World, found: Car, state: str, *, documents: tuple[Any, ...] = ()) -> Car:
    """Go on along the main path until the state is reached."""
    for target, action, name in CAR_PATH:
        leaving = CAR_ORDER.index(target) > CAR_ORDER.index(state) if state in CAR_ORDER else False
        if leaving:
            break
        if action == "complete":
            finish(world, found)
        by = decider(world, found) if action == "approve_plan" else world.people[name]
        found = engine.fire(found, action, by=by, **answers(world, action, documents=documents))
        assert found.state == target
    return found


CAR_ORDER = ("issued", *dict.fromkeys(target for target, _action, _name in CAR_PATH))


def finish(world: World, found: Car) -> None:
    """Do every open action of a CAR, by its person."""
    for task in found.actions.filter(state="open"):
        engine.fire(task, "finish", by=task.assignee, **answers(world, "finish"))


def action(world: World, state: str = "open") -> Action:
    """Lan's task of a CAR under way."""
    found = Action.objects.get(car=car(world, "implementing"))
    if state == "done":
        return engine.fire(found, "finish", by=world.lan, **answers(world, "finish"))
    return engine.fire(found, "drop", by=world.quang, note="Không cần") if state == "dropped" else found


def observation(world: World, state: str = "reported") -> Observation:
    """An observation of the unit."""
    agreed = finding(world, "acknowledged", result="observation")
    fresh = Observation(agency_id=agreed.agency_id, unit_id=agreed.unit_id, finding=agreed)
    found = engine.start(fresh, "raise", by=world.binh2)
    for target, name, by in (("responded", "respond", world.minh), ("closed", "close", world.hoa)):
        if found.state == state:
            return found
        found = engine.fire(found, name, by=by, **answers(world, name))
        assert found.state == target
    return found


def answers(
    world: World, step: str, *, units: tuple[str, ...] = ("hctp",), documents: tuple[Any, ...] = ()
) -> dict[str, Any]:
    """Right answers for a step of these machines, as of today."""
    today, note = timezone.localdate(), {"note": "Lý do đầy đủ"}
    judged = {"method": "sample", "exposures": 12, "evidence_text": "Đã xem 12 hồ sơ liên tiếp"}
    given: dict[str, dict[str, Any]] = {
        "draft": {"year": 2026, "title": "Chương trình năm", "aim": ""},
        "edit": {"year": 2026, "title": "Chương trình sửa", "aim": "Theo kế hoạch"},
        "plan": {"plan": round_plan(world, units=units)},
        "replan": {"plan": round_plan(world, units=units)},
        "propose": {"teams": teams(world, units)},
        "report": {"strengths": "Hồ sơ gọn", "conclusion": "Phù hợp, có hiệu lực", "advice": ""},
        "resume": {"starts_on": today, "ends_on": in_days(3)},
        "record": recorded(),
        "revise": recorded(statement="Ghi rõ hơn"),
        "correct": {"correction": "Đã thu hồi bản in cũ", "corrected_on": today},
        "analyse": {"analysis": analysis()},
        "verify_cause": {"method": "interview", "evidence_text": "Đã hỏi ba người phụ trách"},
        "draft_plan": {"plan": car_plan(world, documents=documents)},
        "entrust": {"verifier": str(world.binh.pk)},
        "pass": judged,
        "fail": judged,
        "extend": {"due": in_days(30), **note},
        "reassign": {"assignee": str(world.son.pk), "note": ""},
        "finish": {"done_on": today, "evidence_text": "Sổ đã lập, có ba dòng"},
        "respond": {"response": "Đã nhắc và sắp xếp lại"},
        "issue": {"severity": "minor", "clause": "8.5", "unit": str(world.unit("hctp").pk), "document": "", "note": ""},
        **dict.fromkeys(NOTED, note),
    }
    return given.get(step, {})


NOTED = (
    "return", "postpone", "cancel", "dispute", "uphold", "overturn", "withdraw", "reject", "return_plan", "drop",
    "ask_more_time",
)  # fmt: skip


def reported(**changes: Any) -> dict[str, Any]:
    """What anybody writes when they report a nonconformity."""
    return {
        "source": "complaint",
        "found_on": timezone.localdate(),
        "requirement": "",
        "description": "Người dân phải bổ sung giấy tờ không có trong thủ tục.",
        "evidence_text": "Phiếu phản ánh số 8",
        "concerns": "",
        "document": "",
        "clause": "",
        **changes,
    }


def fresh_document(world: World, unit: str = "hctp") -> Any:
    """A document in force that a plan may demand to be changed."""
    return factories.in_force(world, unit).document
