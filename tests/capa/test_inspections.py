"""Inspections: who may inspect whom, what is seen by whom, and what is judged on which evidence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from capa.machines.inspection import FLAGS
from capa.models import Inspection, InspectionPlan, Judgement, TeamMember
from capa.models.inspection import FLAG_KEYS
from tests.capa import inspected
from tests.capa.inspected import on
from tests.people import World, seat
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn, SameHand


def test_the_flags_are_the_columns() -> None:
    assert tuple(flag.key for flag in FLAGS) == FLAG_KEYS
    assert all(Inspection._meta.get_field(key).null for key in FLAG_KEYS)


def test_who_drafted_the_plan_does_not_issue_it(world: World) -> None:
    found = inspected.plan(world, "draft")
    seat(world.daumoi, "inspection_head", world.unit("stp"))
    with pytest.raises(SameHand):
        engine.fire(found, "issue", by=world.daumoi, number="90/KH", decided_on=date(2026, 5, 28))
    assert inspected.issue(world, found).state == "issued"


def test_a_plan_without_head_or_agency_is_not_issued(world: World) -> None:
    found = inspected.draft(world)
    with pytest.raises(GuardFailed) as refused:
        inspected.issue(world, found)
    assert len(refused.value.problems) == 1
    head = found.members.get(duty="head")
    left: dict[str, Any] = {"member": str(head.pk), "valid_to": date(2026, 6, 2), "note": "Chuyển công tác"}
    engine.fire(found, "release", by=world.daumoi, **left)
    with pytest.raises(GuardFailed) as refused:
        inspected.issue(world, found)
    assert len(refused.value.problems) == 2


def test_agencies_are_taken_from_the_own_tree_and_once(world: World) -> None:
    found = inspected.draft(world)
    fresh = Inspection(agency=found.agency, unit=found.agency, plan=found)
    assert {key for key, _label in fresh.options("about")} == {str(world.unit("xa").pk)}
    for unit in ("nx", "tinh", "stp", "hctp"):
        with pytest.raises(BadAnswer):
            inspected.add(world, found, unit)
    inspected.add(world, found)
    with pytest.raises(GuardFailed):
        inspected.add(world, found)
    assert inspected.add(world, found, mode="website").mode == "website"


def test_only_the_team_of_the_day_inspects(world: World) -> None:
    found = inspected.inspection(world, "notified")
    plan = found.plan
    with pytest.raises(NotYourTurn):
        engine.fire(found, "begin", by=world.kiemtra, now=on(5, 31))
    member = plan.members.get(user=world.kiemtra)
    left: dict[str, Any] = {"member": str(member.pk), "valid_to": date(2026, 6, 20), "note": "Chuyển công tác"}
    engine.fire(plan, "release", by=world.daumoi, **left)
    with pytest.raises(NotYourTurn):
        engine.fire(found, "begin", by=world.kiemtra, now=on(6, 20))
    assert engine.fire(found, "begin", by=world.kiemtra, now=on(6, 19)).state == "in_progress"


def test_nobody_inspects_their_own_agency(world: World) -> None:
    found = inspected.inspection(world, "notified")
    seat(world.kiemtra, "staff", world.unit("xa"))
    with pytest.raises(SameHand):
        engine.fire(found, "begin", by=world.kiemtra, now=on(7, 1))


def test_who_judged_does_not_conclude(world: World) -> None:
    found = inspected.inspection(world, "in_progress")
    found = engine.fire(found, "judge", by=world.doan, now=on(7, 1), **inspected.answers("judge"))
    with pytest.raises(SameHand):
        engine.fire(found, "conclude", by=world.doan, now=on(7, 2), **inspected.answers("conclude"))


def test_an_inspection_is_held_between_the_decision_and_today(world: World) -> None:
    found = inspected.inspection(world, "in_progress", scored=False)
    found = engine.fire(found, "judge", by=world.kiemtra, now=on(7, 1), **inspected.answers("judge"))
    given = inspected.answers("conclude")
    for day, said in ((date(2026, 5, 27), "không được trước ngày 28/05/2026"), (date(2026, 7, 3), "tương lai")):
        with pytest.raises(GuardFailed) as caught:
            engine.fire(found, "conclude", by=world.doan, now=on(7, 2), **{**given, "done_on": day})
        assert (len(caught.value.problems), said in caught.value.said) == (1, True)
    done = engine.fire(found, "conclude", by=world.doan, now=on(7, 2), **{**given, "done_on": date(2026, 5, 28)})
    assert done.done_on == date(2026, 5, 28)


def test_the_newest_judgement_counts_and_the_first_stays(world: World) -> None:
    found = inspected.inspection(world, "in_progress")
    assert set(found.flags.values()) == {None}
    for value in (True, False):
        given: dict[str, Any] = {"seen_on": date(2026, 7, 1), "judgements": inspected.judgements(posted=value)}
        found = engine.fire(found, "judge", by=world.kiemtra, now=on(7, 1), **given)
    assert Inspection.objects.get(pk=found.pk).posted is False
    assert list(Judgement.objects.values_list("flag", "value", "by")) == [
        ("posted", True, world.kiemtra.pk),
        ("posted", False, world.kiemtra.pk),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.update(value=True)
    given = {"seen_on": date(2026, 7, 1), "judgements": inspected.judgements(link_alive=True)}
    with pytest.raises(GuardFailed):
        engine.fire(found, "judge", by=world.kiemtra, now=on(7, 1), **given)


@pytest.mark.parametrize(
    "row",
    [
        {"flag": "posted", "value": True, "note": " "},
        {"flag": "posted", "value": "yes", "note": "Đã xem"},
        {"flag": "nothing", "value": True, "note": "Đã xem"},
        {"flag": "posted", "value": True, "note": "Đã xem", "by": "ai đó"},
    ],
)
def test_a_judgement_without_evidence_is_none(world: World, row: dict[str, Any]) -> None:
    found = inspected.inspection(world, "in_progress")
    with pytest.raises(BadAnswer):
        engine.fire(found, "judge", by=world.kiemtra, now=on(7, 1), seen_on=date(2026, 7, 1), judgements=[row])


def test_an_agency_sees_its_own_inspection_from_the_notice_on(world: World) -> None:
    found = inspected.inspection(world, "planned")
    everybody = Inspection.objects.all()
    assert found in everybody.visible_to(world.kiemtra)
    assert not everybody.in_agencies_of(world.xuan).exists()
    assert found not in everybody.visible_to(world.lan)
    told = engine.fire(found, "notify", by=world.daumoi, now=on(6, 10))
    assert list(everybody.visible_to(world.xuan)) == [told]
    assert not InspectionPlan.objects.visible_to(world.xuan).exists()
    assert not everybody.in_agencies_of(world.dung).exists()


def test_who_was_in_the_team_stays(world: World) -> None:
    found = inspected.draft(world)
    for change in ({"duty": "secretary"}, {"user": world.dung}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamMember.objects.filter(plan=found).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamMember.objects.filter(plan=found).delete()
    TeamMember.objects.filter(plan=found).update(valid_to=date(2026, 8, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamMember.objects.filter(plan=found).update(valid_to=date(2026, 9, 1))


LINE = {
    "plan": {
        "agency": "STP",
        "year": 2021,
        "number": "90/KH-SKHCN",
        "decided_on": "2021-10-01",
        "title": "Kiểm tra năm 2021",
        "starts_on": "2021-10-01",
        "ends_on": "2021-12-31",
    },
    "about": "XA1",
    "mode": "direct",
    "done_on": "2021-11-02",
    "flags": {"built_applied": True, "outdated_law": True, "audit_done": False, "posted": None},
    "note": "Báo cáo kết quả kiểm tra năm 2021",
}


def test_past_inspections_are_taken_once(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        LINE,
        {**LINE, "mode": "website", "flags": {"posted": False}},
        {**LINE, "about": "NX"},
        {**LINE, "mode": "file", "flags": {"audit_done": False, "audit_ok": True}},
        {**LINE, "mode": "file", "note": ""},
    ]
    file = tmp_path / "past.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    call_command("import_inspections", str(file), verbosity=0)
    assert capsys.readouterr().out.startswith("2 added, 0 changed, 0 same, 0 kept, 3 bad")
    call_command("import_inspections", str(file), verbosity=0)
    assert capsys.readouterr().out.startswith("0 added, 0 changed, 2 same, 0 kept, 3 bad")
    (plan,) = InspectionPlan.objects.all()
    assert (plan.year, plan.state) == (2021, "closed")
    direct = plan.inspections.get(mode="direct")
    assert (direct.state, direct.about, direct.kind) == ("closed", world.unit("xa"), "commune")
    assert {key for key, value in direct.flags.items() if value is not None} == {
        "built_applied",
        "outdated_law",
        "audit_done",
    }
    assert (direct.audit_done, direct.posted) == (False, None)
    assert list(Inspection.objects.visible_to(world.xuan).order_by("mode")) == list(plan.inspections.order_by("mode"))
