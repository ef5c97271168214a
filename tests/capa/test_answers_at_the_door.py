"""Wrong answers on audits and CARs, a follower that fails, and what is then written: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError

from capa.models import Action, Car
from tests.capa import records
from tests.people import World
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed, WorkflowError
from workflows.models import Move, Pending

pytestmark = pytest.mark.once

Answers = dict[str, Any]


def untouched(record: Any, deed: Callable[[], Any]) -> WorkflowError:
    """The deed is refused and leaves no row and no column changed."""
    model, before = type(record), (Move.objects.count(), Pending.objects.count(), Car.objects.count())
    columns = model.objects.filter(pk=record.pk).values().get()
    with pytest.raises(WorkflowError) as caught:
        deed()
    assert (Move.objects.count(), Pending.objects.count(), Car.objects.count()) == before
    assert model.objects.filter(pk=record.pk).values().get() == columns
    return caught.value


def wrong(record: Any, action: str, by: Any, name: str, **answers: Any) -> None:
    """A bad answer, named by its field."""
    error = untouched(record, lambda: engine.fire(record, action, by=by, **answers))
    assert isinstance(error, BadAnswer), error
    assert isinstance(error.problems, dict)
    assert set(error.problems) == {name}


@pytest.mark.parametrize(("name", "value"), [
    ("severity", "fatal"),
    ("severity", ""),
    ("clause", ""),
    ("clause", "bảy"),
    ("clause", "99.1"),
    ("unit", ""),
    ("unit", "0"),
    ("unit", "nx1"),
    ("unit", "foreign"),
    ("unit", 7),
    ("document", "foreign"),
    ("document", "not-a-key"),
    ("no_such_field", "x"),
])  # fmt: skip
def test_issue(world: World, name: str, value: Any) -> None:
    found = records.report(world)
    if value == "foreign":
        value = str(world.unit("nx1").pk if name == "unit" else records.fresh_document(world, "nx1").pk)
    wrong(found, "issue", world.hoa, name, **{**records.answers(world, "issue"), name: value})


@pytest.mark.parametrize("name", ["binh2_moved", "lan", "minh", "hoa", "dung", "0", "", None, ["1"], {"a": 1}])
def test_entrust(world: World, name: Any) -> None:
    found = records.car(world, "plan_approved")
    value = str(world.people[name].pk) if isinstance(name, str) and name in world.people else name
    wrong(found, "entrust", world.hoa, "verifier", verifier=value)


@pytest.mark.parametrize("value", ["nhiều", "-1", -1, 1.5, "1.5", True, [12], 10**7, "１２"])
def test_exposures_are_a_number(world: World, value: Any) -> None:
    found = records.car(world, "awaiting_verification")
    for action in ("pass", "fail"):
        wrong(found, action, world.binh, "exposures", **{**records.answers(world, action), "exposures": value})


@pytest.mark.parametrize("value", [None, "", 0, 9, " 9 "])
def test_a_pass_needs_as_many_cases_as_were_planned(world: World, value: Any) -> None:
    found = records.car(world, "awaiting_verification")
    given = {**records.answers(world, "pass"), "exposures": value}
    assert isinstance(untouched(found, lambda: engine.fire(found, "pass", by=world.binh, **given)), GuardFailed)
    assert engine.fire(found, "pass", by=world.binh, **{**given, "exposures": " 10 "}).exposures == 10


@pytest.mark.parametrize("value", [None, "", "  \n", 5, ["x"], "chữ\x00", "chữ\x07", "x" * 20_001])
def test_a_judgement_without_evidence_is_none(world: World, value: Any) -> None:
    found = records.car(world, "awaiting_verification")
    for action in ("pass", "fail"):
        wrong(found, action, world.binh, "evidence_text", **{**records.answers(world, action), "evidence_text": value})


def test_prose_is_kept_to_the_letter(world: World) -> None:
    text = "  Đã xem:\n\n\t1. hồ sơ 12 \n"
    found = engine.fire(records.car(world, "issued"), "correct", by=world.lan, correction=text, corrected_on="")
    assert Car.objects.get(pk=found.pk).correction == text
    assert found.corrected_on is None


@pytest.mark.parametrize(("name", "value"), [
    ("found_on", "hôm qua"), ("found_on", ""), ("source", "gossip"), ("description", " "), ("clause", "x"),
    ("concerns", "0"), ("document", "0"),
])  # fmt: skip
def test_report(world: World, name: str, value: Any) -> None:
    place, before = world.unit("hctp"), Move.objects.count()
    with pytest.raises(BadAnswer) as caught:
        engine.start(Car(agency=place.agency, unit=place), "report", by=world.son, **records.reported(**{name: value}))
    assert set(caught.value.problems) == {name}
    assert (Move.objects.count(), Car.objects.count()) == (before, 0)


@pytest.mark.parametrize(("action", "state", "by", "changes"), [
    ("correct", "issued", "lan", {"corrected_on": records.in_days(1)}),
    ("correct", "issued", "lan", {"corrected_on": records.in_days(-1)}),
    ("verify_cause", "acknowledged", "hoa", {}),
    ("submit_plan", "acknowledged", "minh", {}),
    ("complete", "implementing", "minh", {}),
])  # fmt: skip
def test_what_is_not_ready_or_not_in_order(world: World, action: str, state: str, by: str, changes: Answers) -> None:
    found = records.car(world, state)
    if state == "acknowledged":  # an analysis with nothing in it
        empty = {**records.analysis(), "whys": [], "causes": [], "root": ""}
        found = engine.fire(found, "analyse", by=world.lan, analysis=empty)
    given = {**records.answers(world, action), **changes}
    error = untouched(found, lambda: engine.fire(found, action, by=world.people[by], **given))
    assert isinstance(error, GuardFailed)
    assert error.problems


@pytest.mark.parametrize(("action", "by", "changes", "error"), [
    ("finish", "lan", {"done_on": records.in_days(1)}, GuardFailed),
    ("finish", "lan", {"done_on": records.in_days(-1)}, GuardFailed),
    ("finish", "lan", {"evidence_text": " "}, BadAnswer),
    ("extend", "quang", {"due": records.in_days(0)}, GuardFailed),
    ("extend", "quang", {"due": records.in_days(10)}, GuardFailed),
    ("extend", "quang", {"note": ""}, BadAnswer),
    ("reassign", "minh", {"assignee": "0"}, BadAnswer),
    ("reassign", "minh", {"assignee": "mai"}, BadAnswer),
])  # fmt: skip
def test_action(world: World, action: str, by: str, changes: Answers, error: type[WorkflowError]) -> None:
    task = records.action(world)
    if changes.get("assignee") == "mai":
        changes = {"assignee": str(world.mai.pk)}
    given = {**records.answers(world, action), **changes}
    assert isinstance(untouched(task, lambda: engine.fire(task, action, by=world.people[by], **given)), error)


def test_two_extensions_and_no_third(world: World) -> None:
    task = records.action(world)
    for days in (20, 30):
        task = engine.fire(task, "extend", by=world.quang, due=records.in_days(days), note="Thiếu người")
    given: Answers = {"due": records.in_days(40), "note": "Thiếu người"}
    assert isinstance(untouched(task, lambda: engine.fire(task, "extend", by=world.quang, **given)), GuardFailed)
    assert (task.extensions, task.due_on, task.planned_for) == (2, records.in_days(30), records.in_days(10))


# A step and its follower.


def test_if_the_follower_is_refused_the_step_is_not_written_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = records.car(world, "awaiting_verification")
    monkeypatch.setattr(Car, "take_predecessor", refuse)
    error = untouched(found, lambda: engine.fire(found, "fail", by=world.binh, **records.answers(world, "fail")))
    assert isinstance(error, GuardFailed)


def refuse(self: Car, act: engine.Act) -> None:
    raise GuardFailed(problems=["Không lập được phiếu tiếp nối"])


def test_if_the_follower_breaks_the_step_is_not_written_either(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found, before = records.car(world, "awaiting_verification"), Move.objects.count()

    def collide(self: Car, act: engine.Act) -> None:
        raise IntegrityError("two open cycles")

    monkeypatch.setattr(Car, "carry_on", collide)
    with pytest.raises(IntegrityError):
        engine.fire(found, "fail", by=world.binh, **records.answers(world, "fail"))
    again = Car.objects.get()
    assert (again.state, again.verdict, Move.objects.count()) == ("awaiting_verification", "", before)


def test_if_one_action_cannot_be_given_the_car_does_not_begin(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = records.car(world, "plan_approved")
    monkeypatch.setattr(Action, "evidence", lambda self: refuse(found, None))  # type: ignore[arg-type]
    untouched(found, lambda: engine.fire(found, "entrust", by=world.hoa, **records.answers(world, "entrust")))
    assert not Action.objects.exists()
