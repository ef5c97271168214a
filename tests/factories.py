"""Records in a wanted state, brought there through the door by the people whose turn it is."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from documents.models import (
    Campaign,
    Document,
    DocumentVersion,
    ImpactItem,
    Regulation,
    RegulationRelation,
    open_version,
)
from tests.people import World
from workflows import engine

_numbers = itertools.count(1)

LAW = "123/2015/NĐ-CP"
AWAITED = "77/2026/QĐ-UBND"


def content(**changes: Any) -> dict[str, Any]:
    """A complete procedure of two steps within a limit of three days."""
    return {
        "purpose": "Thống nhất cách giải quyết hồ sơ.",
        "scope": "Áp dụng cho phòng chuyên môn và bộ phận một cửa.",
        "definitions": "HĐND: Hội đồng nhân dân.",
        "dossier": [{"key": "d1", "item": "Tờ khai", "quantity": "01 bản chính"}],
        "time_limit": {"text": "03 ngày làm việc", "days": "3"},
        "fee": "Không thu phí.",
        "steps": [
            {"key": "s1", "name": "Tiếp nhận", "responsible": "Một cửa", "time": "½ ngày", "form": "BM.01"},
            {"key": "s2", "name": "Thẩm tra", "responsible": "Chuyên viên", "time": "02 ngày", "form": ""},
        ],
        "legal_basis": [{"key": "b1", "number": LAW, "issuer": "", "note": ""}],
        "forms": [{"key": "f1", "code": "BM.01", "name": "Phiếu tiếp nhận"}],
        "records": [{"key": "r1", "name": "Hồ sơ đã giải quyết", "holder": "Phòng chuyên môn", "retention": "05 năm"}],
        **changes,
    }


def regulation(number: str = LAW, **facts: Any) -> Regulation:
    """An act in the national register, by default in force since 2016; the same one again if it is there."""
    known = Regulation.objects.by_number(number).first()
    given = {"number": number, "effective_on": date(2016, 1, 1), **facts}
    return known or engine.start(Regulation(), "import", by=None, facts=given)


def document(world: World, unit: str = "hctp", **facts: Any) -> Document:
    """A document of a unit of the world."""
    place, number = world.unit(unit), next(_numbers)
    given = {"kind": "TTHC_PROC", "code": f"QT.{number:03}", "title": f"Quy trình số {number}", **facts}
    assert place.agency is not None
    return Document.objects.create(agency=place.agency, unit=place, **given)


def in_force(
    world: World, unit: str = "hctp", since: date | None = date(2026, 1, 5), **changes: Any
) -> DocumentVersion:
    """A version in force, taken over as already applied."""
    regulation()
    owner = document(world, unit)
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    return engine.start(fresh, "adopt", by=None, content=content(**changes), effective_from=since)


PATH = (
    ("unit_review", "submit", "lan"),
    ("iso_check", "agree", "minh"),
    ("leader_review", "pass", "hoa"),
    ("pending_approval", "agree", "quang"),
    ("approved", "approve", "tuan"),
    ("issued", "issue", "van"),
    ("effective", "effect", None),
)


def version(world: World, state: str = "draft", *, owner: Document | None = None, **changes: Any) -> DocumentVersion:
    """A version drafted by Lan and brought to a state by the people of the main path."""
    regulation()
    found = open_version(owner or document(world), by=world.lan, content=content(**changes))
    if state == "cancelled":
        return engine.fire(found, "abandon", by=world.lan, note="Không cần nữa")
    for target, action, name in PATH:
        if found.state == state:
            return found
        found = engine.fire(found, action, by=world.people[name] if name else None, **answers(action))
        assert found.state == target
    if state == "withdrawn":
        return engine.fire(found, "withdraw", by=world.tuan, **answers("withdraw"))
    if state == "superseded":
        engine.fire(found, "supersede", by=None, effective_to=timezone.localdate())
        return DocumentVersion.objects.get(pk=found.pk)
    return found


def answers(action: str) -> dict[str, Any]:
    """Right answers for a step of any machine, as of today."""
    today = timezone.localdate()
    given: dict[str, dict[str, Any]] = {
        "issue": {"decision_on": today, "effective_from": today},
        "edit": {"content": content(purpose="Sửa mục đích.")},
        "return": {"note": "Thiếu căn cứ"},
        "recall": {"note": "Cần bổ sung"},
        "abandon": {"note": "Không cần nữa"},
        "withdraw": {"decision_no": "99/QĐ-STP", "note": "Luật bãi bỏ thủ tục"},
        "lapse": {"note": "Cơ quan kết thúc"},
        "supersede": {"effective_to": today},
        "screen": {"note": "Nội dung không đổi"},
        "waive": {"note": "Chờ thông tư", "until": today + timedelta(days=30)},
        "defer": {"note": "Chờ hướng dẫn", "review_on": date(today.year + 1, 1, 5), "awaits": AWAITED},
        "correct": {"facts": {"number": LAW, "effective_on": date(2016, 1, 1), "title": "Nghị định"}},
    }
    return given.get(action, {})


def campaign(world: World, number: str = "18/2026/NĐ-CP") -> Campaign:
    """An open campaign of the first department, without items."""
    act = regulation(number, effective_on=date(2027, 1, 1))
    place = world.unit("stp")
    known = Campaign.objects.filter(agency=place, regulation=act).first()
    return known or engine.start(Campaign(agency=place, unit=place, regulation=act), "launch", by=world.phuc)


def impact(world: World, state: str = "detected", unit: str = "hctp") -> ImpactItem:
    """An item on a version in force that cites the act, brought to a state."""
    act = regulation("18/2026/NĐ-CP", effective_on=date(2027, 1, 1))
    basis = [{"key": "b1", "number": act.number, "issuer": "", "note": ""}]
    cited = in_force(world, unit, legal_basis=basis)
    item = ImpactItem(
        campaign=campaign(world),
        regulation=act,
        document=cited.document,
        version=cited,
        agency=cited.agency,
        unit=cited.unit,
    )
    item = engine.start(item, "detect", by=world.phuc)
    if state == "resolved":
        engine.fire(cited, "withdraw", by=world.tuan, **answers("withdraw"))
        return engine.fire(item, "drop", by=None)
    for action, name in IMPACT_PATHS[state]:
        item = engine.fire(item, action, by=world.people[name] if name else None, **answers(action))
    return item


def learned(world: World, item: ImpactItem) -> DocumentVersion:
    """A version in force of a resolved item's document, of whose legal basis the register learns only now that the
    item's act ends it: an answer until then.
    """
    fresh = version(world, "effective", owner=item.document)
    RegulationRelation.objects.create(source=act_of(item), kind="replaces", target=regulation())
    return fresh


def act_of(record: Campaign | ImpactItem) -> Regulation:
    """The act that a campaign or an item is about."""
    assert record.regulation is not None
    return record.regulation


IMPACT_PATHS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "detected": (),
    "screening": (("screen", "phuc"),),
    "no_impact": (("screen", "phuc"), ("no_impact", "quang")),
    "deferred": (("defer", "phuc"),),
    "impact_confirmed": (("confirm", "phuc"),),
    "revision_open": (("confirm", "phuc"), ("open_revision", "lan")),
    "waived": (("confirm", "phuc"), ("open_revision", "lan"), ("waive", "tuan")),
}
