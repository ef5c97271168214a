"""Merging, splitting, renaming, moving and ending agencies: decided, undone until the day, done by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.people import World, person, seat
from tests.workflows.mergers import SOON, TODAY, at, decided, leader, merge, prepared, second_commune
from workflows import engine
from workflows.errors import WorkflowError
from workflows.handing import sweep
from workflows.models import FormerParent, Reorganisation, Seat, Unit, UnitDecision, User
from workflows.roles import Role
from workflows.tree import readings

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def test_the_decision_takes_effect_at_midnight_of_its_day_and_once(world: World) -> None:
    found = decided(world)
    done, complaints = sweep(at(SOON) - MINUTE)
    assert (done, complaints) == ({}, [])
    assert Unit.objects.get(code="XA1").valid_to is None
    done, complaints = sweep(at(SOON))
    assert complaints == []
    assert done["reorganisation.finish"] == 1
    assert sweep(at(SOON) + MINUTE) == ({}, [])
    ended, heir = Unit.objects.get(code="XA1"), Unit.objects.get(code="XB1")
    assert (ended.valid_to, ended.successor, heir.inherits) == (SOON, heir, [ended.path])
    assert Seat.objects.get(user=world.xuan).valid_to == SOON
    assert Seat.objects.get(user=world.an).valid_to is None
    assert Reorganisation.objects.get(pk=found.pk).state == "in_effect"


def test_a_month_late_gives_the_same_days(world: World) -> None:
    decided(world)
    assert sweep(at(SOON + 30 * DAY))[1] == []
    assert Unit.objects.get(code="XA1").valid_to == SOON
    assert Seat.objects.get(user=world.xuan).valid_to == SOON


@pytest.mark.parametrize("late", [-MINUTE, 3 * DAY])
def test_it_is_undone_until_it_has_begun_and_never_after(world: World, late: timedelta) -> None:
    undone = engine.fire(decided(world), "undo", by=leader(world), now=at(SOON) + late, note="Chờ hướng dẫn")
    assert undone.state == "undone"
    assert sweep(at(SOON + 4 * DAY)) == ({}, [])
    assert Unit.objects.get(code="XA1").valid_to is None
    found = decided(world, number="6/NQ-SV")
    sweep(at(SOON))
    with pytest.raises(WorkflowError) as caught:
        engine.fire(found, "undo", by=leader(world), now=at(SOON), note="x")
    assert caught.value.code == "wrong_state"


def test_who_prepared_does_not_decide(world: World) -> None:
    seat(leader(world), Role.PROVINCE_COORDINATOR, world.unit("tinh"))
    draft = prepared(world, by=User.objects.get(pk=leader(world).pk))
    facts: dict[str, Any] = {"decision_no": "1", "decision_on": TODAY, "effective_on": SOON}
    with pytest.raises(WorkflowError) as caught:
        engine.fire(draft, "decide", by=leader(world), **facts)
    assert caught.value.code == "same_hand"


FOUND = {"what": "found", "unit": "XC1", "name": "Xã Bình Yên", "kind": "commune", "parent": "STP"}
WRONG: list[tuple[list[dict[str, Any]], str]] = [
    ([merge(into="XA1")], "chính nó kết thúc"),
    ([merge(into="KHONG")], "Không có cơ quan mã"),
    ([merge(), merge(into="STP")], "nhiều dòng"),
    ([merge(), merge("XB1", "STP")], "chính nó kết thúc"),
    ([merge(into="NX")], "nằm ngoài cây"),
    ([{"what": "split", "unit": "XA1", "into": ["XB1"]}], "từ hai cơ quan"),
    ([{"what": "rename", "unit": "XA1"}], "cần tên"),
    ([{"what": "move", "unit": "XA1"}], "cấp trên"),
    ([{"what": "move", "unit": "STP", "parent": "XA1"}], "dưới mình"),
    ([{"what": "abolish", "unit": "STP"}], "cần một dòng chuyển"),
    ([{"what": "abolish", "unit": "SV"}], "chỉ tự đổi tên"),
    ([FOUND | {"unit": "XA1"}], "đã có cơ quan dùng"),
    ([FOUND | {"kind": ""}], "cần loại"),
    ([merge(), {"what": "rename", "unit": "XA1", "name": "Xã Mới"}], "nhiều dòng"),
    ([merge("STP", "XA1")], "dưới mình"),
    ([{"what": "move", "unit": "XA1", "parent": "XB1"}, {"what": "move", "unit": "XB1", "parent": "XA1"}], "dưới mình"),
    ([FOUND | {"parent": "XA1"}, {"what": "move", "unit": "STP", "parent": "XC1"}], "dưới mình"),
]


@pytest.mark.parametrize(("lines", "said"), WRONG)
def test_lines_that_cannot_be_are_refused_and_leave_nothing(world: World, lines: Any, said: str) -> None:
    second_commune(world)
    with pytest.raises(WorkflowError) as caught:
        prepared(world, *lines)
    assert said in caught.value.said
    assert not Reorganisation.objects.exists()


@pytest.mark.parametrize("lines", [None, [], "x", [1], [{"what": "merge", "unit": 3}], [{"what": "no", "unit": "XA1"}],
                                   [{"what": "merge", "unit": "XA1", "into": "XB1"}],
                                   [{"what": "merge", "unit": "XA1", "more": "x"}],
                                   [{"what": "merge", "unit": "X" * 41, "into": []}]])  # fmt: skip
def test_lines_of_another_shape_are_bad_answers(world: World, lines: Any) -> None:
    tinh = world.unit("tinh")
    with pytest.raises(WorkflowError) as caught:
        engine.start(Reorganisation(agency=tinh, unit=tinh), "draft", by=world.cao, lines=lines)
    assert caught.value.code == "bad_answer"


def test_a_commune_is_founded_and_two_go_into_it_and_it_has_its_new_name(world: World) -> None:
    decided(world, FOUND, merge(into="XC1"), merge("XB1", "XC1"), {"what": "rename", "unit": "STP", "name": "Sở Mới"})
    assert not Unit.objects.filter(code="XC1").exists()
    assert sweep(at(SOON))[1] == []
    fresh, stp = Unit.objects.get(code="XC1"), world.unit("stp")
    assert (fresh.valid_from, fresh.parent, len(fresh.inherits)) == (SOON, stp, 2)
    assert UnitDecision.objects.get(about=stp).value == "Sở Mới"
    before = {one.unit.code: one.name for one in readings(stp, SOON - DAY)}
    after = {one.unit.code: one.name for one in readings(stp, SOON)}
    assert before == {"STP": "Sở Tư pháp tỉnh Sông Vàng", "XA1": "Xã Bình Minh", "XB1": "Xã Bình An"}
    assert after == {"STP": "Sở Mới", "XC1": "Xã Bình Yên"}


def test_what_is_below_goes_along_and_the_tree_of_before_stays_as_it_was(world: World) -> None:
    second_commune(world)
    tinh, stp = world.unit("tinh"), world.unit("stp")
    new = Unit.objects.create(code="SM", name="Sở Nội vụ", kind="department", parent=tinh)
    decided(world, merge("STP", "SM"))
    assert sweep(at(SOON))[1] == []
    moved = Unit.objects.get(code="XA1")
    assert moved.path == f"{new.path}{moved.pk}/"
    assert {one.unit.code for one in readings(new, SOON)} == {"SM", "XA1", "XB1"}
    assert {one.unit.code for one in readings(new, SOON - DAY)} == {"SM"}
    assert {one.unit.code for one in readings(stp, SOON - DAY)} == {"STP", "XA1", "XB1"}
    was = next(one for one in readings(stp, SOON - DAY) if one.unit.code == "XA1")
    assert was.unit.parent_id == stp.pk
    assert set(FormerParent.objects.values_list("unit__code", flat=True)) == {"XA1", "XB1"}


def test_the_heir_sees_what_is_left_and_nobody_beside_it(world: World) -> None:
    second_commune(world)
    neighbour = Unit.objects.create(code="XD1", name="Xã Bình Hoà", kind="commune", parent=world.unit("stp"))
    seat(person("ke"), Role.STEERING_HEAD, neighbour)
    ended = world.unit("xa").pk

    def seen() -> set[str]:
        people = {name: User.objects.get(username=name) for name in ("an", "ke", "xuan", "tuan", "dung")}
        found = Unit.objects.filter(pk=ended)
        return {name for name, one in people.items() if found.visible_to(one, at(SOON)).exists()}

    decided(world)
    assert seen() == {"xuan", "tuan"}
    sweep(at(SOON))
    assert seen() == {"an", "tuan"}


def test_a_seat_of_a_unit_that_ended_never_counts(world: World) -> None:
    decided(world)
    sweep(at(SOON))
    late = person("muon")
    seat(late, Role.STEERING_HEAD, world.unit("xa"), since=SOON + DAY)
    assert not Seat.objects.held_on(SOON + 2 * DAY).filter(user=late).exists()


def test_one_agency_waits_in_one_decision(world: World) -> None:
    decided(world)
    second = prepared(world)
    facts: dict[str, Any] = {"decision_no": "6/NQ-SV", "decision_on": TODAY, "effective_on": SOON}
    with pytest.raises(WorkflowError) as caught:
        engine.fire(second, "decide", by=leader(world), **facts)
    assert "quyết định khác" in caught.value.said


def test_a_tree_that_has_changed_meanwhile_is_complained_about_and_left_whole(world: World) -> None:
    found = decided(world)
    Unit.objects.filter(code="XB1").update(valid_to=TODAY)
    done, complaints = sweep(at(SOON))
    assert done == {"reorganisation.hinder": 1}
    assert "không tồn tại" in complaints[0].reason
    assert Reorganisation.objects.get(pk=found.pk).state == "hindered"
    assert Unit.objects.get(code="XA1").valid_to is None


@pytest.mark.parametrize("ahead", [0, 1, 90])
def test_a_division_that_was_to_begin_later_never_does(world: World, ahead: int) -> None:
    begins, xa = SOON + ahead * DAY, world.unit("xa")
    made: dict[str, Any] = {"kind": "division", "parent": xa}
    late = Unit.objects.create(code="P9", name="Phòng Mới", valid_from=begins, **made)
    running = Unit.objects.create(code="P1", name="Phòng Cũ", valid_from=TODAY, **made)
    gone = Unit.objects.create(code="P0", name="Phòng Xưa", valid_to=TODAY, **made)
    seat(person("muon"), Role.DRAFTER, late, since=SOON)
    decided(world)
    assert sweep(at(SOON))[1] == []
    ends = {one.code: (one.valid_from, one.valid_to) for one in Unit.objects.filter(agency=xa)}
    assert ends == {"XA1": (None, SOON), "P9": (begins, begins), "P1": (TODAY, SOON), "P0": (None, gone.valid_to)}
    assert running.valid_to is None, "as it was before"
    for day in (SOON, SOON + DAY, begins, begins + DAY):
        assert not Unit.objects.filter(agency=xa).standing_on(day).exists()
        assert not Seat.objects.held_on(day).filter(unit__agency=xa).exists()


def test_what_is_founded_below_later_goes_along(world: World) -> None:
    second_commune(world)
    new = Unit.objects.create(code="SM", name="Sở Nội vụ", kind="department", parent=world.unit("tinh"))
    late = Unit.objects.create(
        code="XL", name="Xã Mai", kind="commune", parent=world.unit("stp"), valid_from=SOON + DAY
    )
    decided(world, merge("STP", "SM"))
    assert sweep(at(SOON))[1] == []
    late.refresh_from_db()
    assert (late.parent, late.valid_to) == (new, None)
