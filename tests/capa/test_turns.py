"""Whose turn it is where that depends on the record: inbox, notices, words and sight, on the product's own tables."""

from __future__ import annotations

from typing import Any

import pytest

from capa.models import Action, Car, Round
from notifications.recipients import recipients
from tests.capa import records, seats
from tests.people import World, seat
from workflows import engine, inbox, registry, standing
from workflows.models import Move, Record, User
from workflows.roles import Role

pytestmark = pytest.mark.once


def in_inbox(world: World, record: Record) -> set[str]:
    """Names of all on whose desk the record lies."""
    found = set()
    for name, user in world.people.items():
        entries = inbox.for_user(User.objects.get(pk=user.pk), machine=record.machine.name)
        if record.pk in [entry.record.pk for entry in entries]:
            found.add(name)
    return found


def told(record: Record) -> set[str]:
    """Names of those who get a notice of the record's latest deed."""
    return {user.username for user in recipients(Move.objects.of(record.pk).latest("seq"))}


def fire(world: World, record: Any, action: str, by: str, **answers: Any) -> Any:
    return engine.fire(record, action, by=world.people[by], **(answers or records.answers(world, action)))


# Inbox.


@pytest.mark.parametrize(("state", "minor", "major"), [
    ("reported", {"hoa"}, {"hoa"}),
    ("issued", {"minh"}, {"minh"}),
    ("rejected", set(), set()),
    ("acknowledged", {"minh"}, {"minh"}),
    ("disputed", {"quang"}, {"quang"}),
    ("analysis", {"minh"}, {"minh"}),
    ("plan_review", {"quang"}, {"tuan"}),
    ("plan_approved", {"hoa"}, {"hoa"}),
    ("implementing", {"minh"}, {"minh"}),
    ("awaiting_verification", {"binh"}, {"binh"}),
    ("passed", {"quang"}, {"tuan"}),
    ("closed", set(), set()),
    ("reissued", set(), set()),
    ("cancelled", set(), set()),
])  # fmt: skip
@pytest.mark.parametrize("severity", ["minor", "major"])
def test_a_car_lies_with_whom_its_class_and_verifier_say(
    world: World, state: str, minor: set[str], major: set[str], severity: str
) -> None:
    found = records.car(world, "awaiting_verification" if state == "passed" else state, severity=severity)
    found = fire(world, found, "pass", "binh") if state == "passed" else found
    assert in_inbox(world, found) == (minor if severity == "minor" else major)


def test_another_verifier_takes_the_car_from_the_first(world: World) -> None:
    found = records.car(world, "awaiting_verification")
    found = fire(world, found, "entrust", "hoa", verifier=str(world.binh2.pk))
    assert in_inbox(world, found) == {"binh2"}
    assert told(found) == {"binh2"}
    assert standing.waits_in_words(found) == "Binh2"


def test_a_verifier_whose_seat_has_ended_holds_nothing(world: World) -> None:
    found = records.car(world, "awaiting_verification")
    seats.leave(world, world.binh, Role.STAFF)
    assert in_inbox(world, found) == set()


def test_an_action_lies_with_its_person_alone(world: World) -> None:
    for name in ("hoa", "giup", "phuc"):  # who works for the whole agency is not asked for each of its actions
        seat(world.people[name], Role.STAFF, world.unit("hctp"))
    task = records.action(world)
    assert in_inbox(world, task) == {"lan"}
    assert told(task) == {"lan"}
    task = fire(world, task, "reassign", "minh")
    assert (in_inbox(world, task), told(task)) == ({"son"}, {"son"})
    assert standing.waits_in_words(task) == "Son"
    done = fire(world, task, "finish", "son")
    assert in_inbox(world, done) == set()
    back = fire(world, done, "return", "hoa", note="Chưa có bằng chứng")
    assert (in_inbox(world, back), told(back)) == ({"son"}, {"son", "minh"})


def test_a_round_lies_with_the_secretary_until_a_team_is_proposed_and_with_the_head_from_then_on(world: World) -> None:
    found = records.programme(world, "approved").rounds.get()
    assert in_inbox(world, found) == {"hoa"}
    found = fire(world, found, "propose", "hoa")
    assert (in_inbox(world, found), told(found)) == ({"tuan"}, {"tuan"})
    assert standing.waits_in_words(found) == "Trưởng Ban chỉ đạo ISO (Tuan)"
    back = fire(world, found, "return", "tuan", note="Đổi người")
    assert (in_inbox(world, back), told(back)) == ({"hoa"}, {"hoa"})


def test_a_round_under_way_lies_with_its_own_lead(world: World) -> None:
    other = seats.newcomer(world, Role.LEAD_AUDITOR, "stp")
    found = records.audit_round(world, "notified")
    assert (in_inbox(world, found), standing.waits_in_words(found)) == ({"binh2"}, "Binh2")
    assert other.username not in in_inbox(world, found)


@pytest.mark.parametrize(("state", "who"), [
    ("recorded", set()), ("presented", {"minh"}), ("acknowledged", set()), ("disputed", {"quang"}), ("upheld", set()),
])  # fmt: skip
def test_a_finding_lies_with_the_unit_and_a_dispute_with_the_qmr(world: World, state: str, who: set[str]) -> None:
    assert in_inbox(world, records.finding(world, state)) == who


# Notices.


@pytest.mark.parametrize(("severity", "decides"), [("minor", "quang"), ("major", "tuan")])
def test_notices_of_a_car_reach_whom_it_waits_on_and_not_all_of_their_role(
    world: World, severity: str, decides: str
) -> None:
    found = records.car(world, "plan_review", severity=severity)
    assert told(found) == {decides, "hoa"}
    back = engine.fire(found, "return_plan", by=records.decider(world, found), note="Thiếu")
    assert told(back) == {"lan", "minh"} | ({"binh2"} if back.created_by == world.binh2 else set())
    found = fire(world, back, "submit_plan", "minh")
    found = engine.fire(found, "approve_plan", by=records.decider(world, found))
    found = fire(world, found, "entrust", "hoa")
    records.finish(world, found)
    found = engine.fire(found, "complete", by=world.minh)
    assert told(found) == {"binh", "hoa"}
    found = fire(world, found, "pass", "binh")
    assert told(found) == {decides, "hoa", "minh"}


# Words.


@pytest.mark.parametrize(("state", "severity", "words"), [
    ("issued", "minor", "Trưởng đơn vị (Minh)"),
    ("plan_review", "minor", "Đại diện lãnh đạo (Quang)"),
    ("plan_review", "major", "Trưởng Ban chỉ đạo ISO (Tuan)"),
    ("awaiting_verification", "minor", "Binh"),
    ("closed", "minor", ""),
])  # fmt: skip
def test_whose_turn_in_words(world: World, state: str, severity: str, words: str) -> None:
    assert standing.waits_in_words(records.car(world, state, severity=severity)) == words


@pytest.mark.parametrize(("who", "action", "said"), [
    ("binh2", "pass", "người được cử kiểm tra hiệu lực"),
    ("quang", "close", "phiếu đã được kiểm tra là có hiệu lực"),
    ("tuan", "close", "phiếu đã được kiểm tra là có hiệu lực"),
])  # fmt: skip
def test_a_refusal_says_for_whom_the_step_is(world: World, who: str, action: str, said: str) -> None:
    found, user = records.car(world, "awaiting_verification"), world.people[who]
    refusal, step = standing.refusal_of(found, user, action), found.machine.step(action, found.state)
    assert refusal is not None
    assert step is not None
    assert refusal.code == "not_tied"
    assert standing.reason(found, user, step, refusal) == f"Bước này chỉ dành cho: {said}."
    assert str(engine.refusal_error(refusal, found).sentence) == f"Bước này chỉ dành cho: {said}."


def test_a_refusal_says_what_stands_in_the_way(world: World) -> None:
    found, tam = records.car(world, "plan_review"), seats.newcomer(world, Role.STAFF)
    tam = seats.add(world, tam, Role.QMR)
    refusal, step = standing.refusal_of(found, tam, "approve_plan"), found.machine.step("approve_plan", found.state)
    assert refusal is not None
    assert step is not None
    words = "Bạn là người của đơn vị chịu trách nhiệm nên bước này phải do người khác làm."
    assert standing.reason(found, tam, step, refusal) == words
    assert str(engine.refusal_error(refusal, found).sentence) == words


# Sight.


def test_who_reported_reads_on_and_who_only_may_report_does_not(world: World) -> None:
    """To create one is not to read them all; to have created this one is to follow it to its end."""
    found = records.report(world)
    issued = fire(
        world, found, "issue", "hoa", **{**records.answers(world, "issue"), "unit": str(world.unit("bttp").pk)}
    )

    def readers() -> set[str]:
        people = {name: User.objects.get(pk=one.pk) for name, one in world.people.items()}
        return {name for name, one in people.items() if Car.objects.visible_to(one).filter(pk=issued.pk).exists()}

    insiders = {"hoa", "quang", "tuan", "binh", "binh2", "giup", "hung", "mai"}
    assert readers() == insiders | {"son"}
    seats.leave(world, world.son, Role.STAFF, "xa")  # gone to the commune below: the wall is nearer than the deed
    assert readers() == insiders


@pytest.mark.parametrize("name", ["programme", "round", "finding", "car", "action", "observation"])
def test_insiders_are_those_with_a_step_that_is_not_the_first(name: str) -> None:
    """Attaching is of those who take part already: the author of a report, or whoever has another step."""
    machine = registry.machine(name)
    later = {role for step in machine.steps if step.sources and step.action != "attach" for role in step.by}
    assert machine.insiders == later | set(machine.readers)


def test_plain_staff_read_their_unit_s_actions_and_no_car(world: World) -> None:
    task = records.action(world)
    assert Action.objects.visible_to(world.son).filter(pk=task.pk).exists()
    assert not Car.objects.visible_to(world.son).exists()
    assert not Round.objects.visible_to(world.tuvan).exclude(state__in=("in_progress",)).exists()
    assert not Action.objects.visible_to(world.dung).exists()
