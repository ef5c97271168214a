"""Steps over HTTP: the door's own answers, for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from documents.models import DocumentVersion
from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from workflows import registry
from workflows.models import Move, Pending, Record, User, covers
from workflows.roles import CLOCK
from workflows.tables import judge

pytestmark = pytest.mark.once

Call = Callable[[User | None], Caller]

STATES = ("draft", "unit_review", "iso_check", "leader_review", "pending_approval", "approved", "effective")
SUBJECTS = ("lan", "minh", "hoa", "quang", "tuan", "van", "phuc", "binh", "son", "mai", "hung", "admin", "cao")
STATUS = {"not_your_turn": 403, "same_hand": 403, "wrong_state": 409}


def actions(machine: str) -> list[str]:
    table = registry.machine(machine)
    return [action for action in table.actions if any(not row.starts for row in table.rows_of(action))]


def verdicts(record: Record, person: User) -> Iterator[tuple[str, str | None]]:
    """What the table says of each action, asked as a pure function."""
    roles = {seat.role for seat in person.seats_held() if covers(seat, record.agency_id, record.unit_id)}
    deeds = set(Move.objects.filter(stream=record.pk, actor=person).values_list("action", flat=True))
    for action in actions(record.machine.name):
        refusal = judge(record.machine, record.state, action, roles, deeds)
        yield action, refusal.code if refusal else None


def everything() -> tuple[list[Any], ...]:
    return (
        list(Move.objects.order_by("pk").values_list("hash")),
        list(Pending.objects.order_by("pk").values_list("pk")),
        list(DocumentVersion.objects.order_by("pk").values_list("state", "row_version", "content_sha256")),
    )


@pytest.mark.parametrize("state", STATES)
def test_the_api_refuses_what_the_table_refuses(world: World, call: Call, state: str) -> None:
    record = factories.version(world, state)
    before, allowed = everything(), set()
    for name in SUBJECTS:
        caller = call(world.people[name])
        for action, code in verdicts(record, world.people[name]):
            if code is None:
                allowed.add((name, action))
                continue
            response = caller.do(record, action, **factories.answers(action))
            assert (response.status_code, response.json()["code"]) == (STATUS[code], code), (name, action)
            assert response.json()["state"] == state
            assert response.json()["row_version"] == record.row_version
    assert everything() == before
    assert allowed, "somebody can always do something"


@pytest.mark.parametrize("state", STATES)
def test_the_api_does_what_the_table_allows(world: World, call: Call, state: str) -> None:
    first = factories.version(world, state)
    for name in SUBJECTS:
        for action in [action for action, code in verdicts(first, world.people[name]) if code is None]:
            record = factories.version(world, state)
            response = call(world.people[name]).do(record, action, **factories.answers(action))
            if response.status_code == 422:  # the ISO secretary drafts system documents only
                assert (name, action) == ("hoa", "edit")
                continue
            assert response.status_code == 200, (name, action, response.content)
            assert response.json()["row_version"] == record.row_version + 1
            step = record.machine.step(action, state)
            assert step is not None
            assert response.json()["state"] == step.target
            assert Move.objects.filter(stream=record.pk).count() == record.row_version + 1


SHARED = {
    ("adoption", "settle"),
    ("campaign", "close"),
    ("campaign", "launch"),
    ("campaign", "widen"),
    ("impact", "detect"),
    ("publication", "revoke"),
    ("regulation", "correct"),
    ("report_receipt", "leave_out"),
    ("unit_decision", "record"),
    ("version", "create"),
}
"""Steps that the clock takes as well as people."""


def test_nobody_does_what_only_the_clock_does(world: World, call: Call) -> None:
    rows = [(table.name, step) for table in registry.machines() for step in table.steps if CLOCK in step.by]
    assert {(name, step.action) for name, step in rows if set(step.by) != {CLOCK}} == SHARED
    issued, running = factories.version(world, "issued"), factories.impact(world, "revision_open")
    for name in SUBJECTS:
        assert call(world.people[name]).do(issued, "effect").json()["code"] == "not_your_turn"
        assert call(world.people[name]).do(running, "resolve").json()["code"] == "not_your_turn"


def test_impact_campaign_and_regulation_go_through_the_same_door(world: World, call: Call) -> None:
    item = factories.impact(world)
    caller = call(world.phuc)
    assert caller.do(item, "screen", note="Nội dung không đổi").json()["state"] == "screening"
    assert call(world.quang).do(item, "no_impact", expected_version=2).json()["state"] == "no_impact"
    campaign = item.campaign
    assert caller.do(campaign, "close").json()["state"] == "closed"
    act = factories.act_of(item)
    assert caller.do(act, "verify").json()["state"] == "verified"
    facts = {"number": act.number, "effective_on": "2027-02-01"}
    done = caller.do(act, "correct", expected_version=2, facts=facts).json()
    assert (done["state"], done["effective_on"]) == ("registered", "2027-02-01")


def test_an_answer_shows_the_record_after_the_deed_for_this_person(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    done = call(world.minh).do(record, "agree").json()
    assert (done["state"], done["stage"]) == ("iso_check", "Thư ký ISO thẩm tra")
    assert "content" not in done
    assert {offer["action"]: offer["allowed"] for offer in done["actions"]} == {
        "pass": False,
        "return": False,
        "recall": False,
    }


@pytest.mark.parametrize("expected", [None, "2", 2.0, True, 0, -1, 2**31, [2], {"v": 2}])
def test_the_version_that_was_read_is_required(world: World, call: Call, expected: Any) -> None:
    record = factories.version(world, "unit_review")
    response = call(world.minh).do(record, "agree", expected_version=expected)
    assert (response.status_code, response.json()["code"]) == (400, "expected_version_required")
    assert (response.json()["state"], response.json()["row_version"]) == ("unit_review", 2)
    place = f"versions/{record.pk}/actions/agree/"
    assert call(world.minh).post(place, {"note": "Được"}).json()["code"] == "expected_version_required"


@pytest.mark.parametrize("expected", [1, 3])
def test_a_decision_on_another_version_is_stale(world: World, call: Call, expected: int) -> None:
    record = factories.version(world, "unit_review")
    response = call(world.minh).do(record, "agree", expected_version=expected)
    assert (response.status_code, response.json()["code"]) == (409, "stale")
    assert (response.json()["state"], response.json()["row_version"]) == ("unit_review", 2)
    assert DocumentVersion.objects.get(pk=record.pk).row_version == 2


@pytest.mark.parametrize(
    "name",
    ["state", "agency", "unit", "row_version", "approved_by", "is_staff", "by", "now", "expected", "action", "record"],
)
def test_keys_that_the_step_does_not_ask_for_are_refused(world: World, call: Call, name: str) -> None:
    record = factories.version(world, "unit_review")
    before = everything()
    body = {"expected_version": record.row_version, name: "approved"}
    response = call(world.minh).post(f"versions/{record.pk}/actions/agree/", body)
    assert (response.status_code, response.json()["code"]) == (400, "bad_answer")
    (problem,) = response.json()["problems"]
    assert problem["field"].removeprefix("body.") == name
    assert everything() == before


SIGNED = {"decision_on": "2026-02-27", "effective_from": "2026-03-01"}


@pytest.mark.parametrize(
    ("step", "answers", "field"),
    [
        (("unit_review", "return", "minh"), {}, "note"),
        (("unit_review", "return", "minh"), {"note": "  \n "}, "note"),
        (("unit_review", "return", "minh"), {"note": 5}, "note"),
        (("unit_review", "return", "minh"), {"note": "a" * 4001}, "note"),
        (("unit_review", "return", "minh"), {"note": "a\x07b"}, "note"),
        (("approved", "issue", "van"), {**SIGNED, "decision_on": "2026-02-30"}, "decision_on"),
        (("approved", "issue", "van"), {**SIGNED, "decision_on": 20260227}, "decision_on"),
        (("draft", "edit", "lan"), {"content": []}, "content"),
        (("draft", "edit", "lan"), {"content": {"steps": [{"time": 3}]}}, "steps.0.time"),
        (("draft", "edit", "lan"), {"content": {"nonsense": ""}}, "nonsense"),
    ],
)
def test_wrong_answers_are_refused_by_field(
    world: World, call: Call, step: tuple[str, str, str], answers: dict[str, Any], field: str
) -> None:
    state, action, person = step
    response = call(world.people[person]).do(factories.version(world, state), action, **answers)
    assert (response.status_code, response.json()["code"]) == (400, "bad_answer")
    assert field in [problem["field"] for problem in response.json()["problems"]]


def test_what_a_guard_misses_is_listed(world: World, call: Call) -> None:
    record = factories.version(world, purpose="", records=[])
    response = call(world.lan).do(record, "submit")
    assert (response.status_code, response.json()["code"]) == (422, "guard_failed")
    assert len(response.json()["problems"]) == 2
    assert {problem["field"] for problem in response.json()["problems"]} == {None}


def test_an_action_that_no_table_has(world: World, call: Call) -> None:
    record = factories.version(world)
    for action in ("undo", "cancel", "revive", "assign", "create", "adopt", "toString", "%00"):
        assert call(world.lan).do(record, action).status_code == 404
