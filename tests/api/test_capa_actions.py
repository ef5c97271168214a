"""Every step of audits and corrective action over HTTP: for each persona the answer that the door itself gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from capa.models import Car
from tests.api.conftest import Caller
from tests.capa import records, yearly
from tests.people import World
from tests.tables.capa_rows import plain
from workflows import engine, registry
from workflows.errors import WorkflowError
from workflows.models import Move, Pending, Record, User

pytestmark = pytest.mark.once

Call = Callable[[User | None], Caller]
Make = Callable[[World, str], Record]

SUBJECTS = ("lan", "minh", "hoa", "quang", "tuan", "binh", "binh2", "son", "mai", "cao")
MAKERS: dict[str, Make] = {
    "programme": records.programme,
    "round": records.audit_round,
    "finding": records.finding,
    "car": records.car,
    "action": records.action,
    "observation": records.observation,
    "objective_set": yearly.objectives,
    "objective": yearly.objective,
    "review": yearly.review,
    "output": yearly.output,
}
PASSING = {"ineffective"}
"""States that no record stays in."""


def stays(name: str) -> list[str]:
    return [state for state in registry.machine(name).states if state not in PASSING]


def actions(name: str) -> list[str]:
    table = registry.machine(name)
    return [action for action in table.actions if any(not row.starts for row in table.rows_of(action))]


def at_the_door(record: Record, action: str, person: User, answers: dict[str, Any]) -> tuple[int, str, str]:
    """Status, code or "done", and the record's state afterwards; then all of it is undone."""
    with transaction.atomic():
        try:
            done = engine.fire(record, action, by=person, expected=record.row_version, **answers)
            said = (200, "done", done.state)
        except WorkflowError as refused:
            said = (refused.status, refused.code, record.state)
        transaction.set_rollback(True)
    return said


def over_http(caller: Caller, record: Record, action: str, answers: dict[str, Any]) -> tuple[int, str, str]:
    with transaction.atomic():
        answer = caller.do(record, action, **answers)
        transaction.set_rollback(True)
    body = answer.json()
    if answer.status_code == 200:
        assert body["row_version"] > record.row_version
        return 200, "done", body["state"]
    assert body["row_version"] == record.row_version
    return answer.status_code, body["code"], body["state"]


@pytest.mark.parametrize(("name", "state"), [(name, state) for name in MAKERS for state in stays(name)])
def test_the_api_answers_as_the_door(world: World, call: Call, name: str, state: str) -> None:
    record = MAKERS[name](world, state)
    before, seen = (Move.objects.count(), Pending.objects.count()), set()
    leading = {step.action for step in record.machine.steps_from(state)}
    elsewhere = [action for action in actions(name) if action not in leading][:1]
    for subject in SUBJECTS:
        caller = call(world.people[subject])
        for action in (*sorted(leading), *elsewhere):
            answers = plain(world, name, action)
            expected = at_the_door(record, action, world.people[subject], answers)
            assert over_http(caller, record, action, answers) == expected, (subject, action)
            seen.add(expected[0])
    assert (Move.objects.count(), Pending.objects.count()) == before
    if record.stage.waits_on:
        assert seen & {200, 422}, "it is somebody's turn; otherwise refusals alone were compared"


def test_a_car_goes_its_way_over_http_alone(world: World, call: Call) -> None:
    document = records.fresh_document(world)
    found = records.car(world, "issued")
    for target, action, name in records.CAR_PATH:
        if action == "complete":
            records.finish(world, found)
        answers = records.answers(world, action, documents=(document,))
        answer = call(world.people[name]).do(Car.objects.get(pk=found.pk), action, **answers)
        assert (answer.status_code, answer.json()["state"]) == (200, target), answer.content
    shown = call(world.quang).get(f"cars/{found.pk}/").json()
    assert (shown["analysis"]["root"], shown["plan"]["documents"][0]["document"]) == (
        records.analysis()["root"],
        str(document.pk),
    )
    assert [(row["document"]["id"], row["met"], row["revision"]) for row in shown["demands"]] == [
        (str(document.pk), False, None)
    ]
    assert shown["verifier"]["id"] == world.binh.pk
    lan = call(world.lan)
    opened = lan.do(Car.objects.get(pk=found.pk), "revise_document", document=str(document.pk))
    assert opened.status_code == 200, opened.content
    (demand,) = lan.get(f"cars/{found.pk}/").json()["demands"]
    assert lan.get(f"versions/{demand['revision']}/").json()["state"] == "draft"
    passed = call(world.binh).do(Car.objects.get(pk=found.pk), "pass", **records.answers(world, "pass"))
    assert passed.json()["verdict"] == "passed"
    refused = call(world.quang).do(Car.objects.get(pk=found.pk), "close")
    assert (refused.status_code, refused.json()["code"]) == (422, "guard_failed")
    waiver: dict[str, Any] = {"document": str(document.pk), "until": records.in_days(30), "note": "Chờ thông tư"}
    assert call(world.tuan).do(Car.objects.get(pk=found.pk), "waive", **waiver).status_code == 200
    closed = call(world.quang).do(Car.objects.get(pk=found.pk), "close")
    assert closed.json()["state"] == "closed"


def test_a_failed_check_shows_the_chain(world: World, call: Call) -> None:
    old = records.car(world, "reissued")
    shown = call(world.quang).get(f"cars/{old.pk}/").json()
    assert [(row["cycle"], row["state"]) for row in shown["chain"]] == [(1, "reissued"), (2, "issued")]
    new = call(world.quang).get(f"cars/{shown['chain'][1]['id']}/").json()
    assert (new["predecessor"]["id"], new["root"], new["severity"]) == (str(old.pk), str(old.pk), "major")
    listed = call(world.quang).get("cars/", root=old.pk).json()
    assert {row["id"] for row in listed["results"]} == {str(old.pk), new["id"]}


def test_who_may_pick_is_told_what_there_is(world: World, call: Call) -> None:
    record = records.car(world, "plan_approved")
    offered = {offer["action"]: offer for offer in call(world.hoa).get(f"cars/{record.pk}/").json()["actions"]}
    (ask,) = offered["entrust"]["asks"]
    assert ask["kind"] == "pick"
    assert [row["value"] for row in ask["choices"]] == [str(one.pk) for one in record.fit_verifiers()]
    others = {offer["action"]: offer for offer in call(world.minh).get(f"cars/{record.pk}/").json()["actions"]}
    assert others["entrust"]["asks"][0]["choices"] == []


@pytest.mark.parametrize(
    ("step", "answers", "field"),
    [
        (("plan_approved", "entrust", "hoa"), {"verifier": "0"}, "verifier"),
        (("plan_approved", "entrust", "hoa"), {"verifier": 5}, "verifier"),
        (("plan_approved", "entrust", "hoa"), {"verifier": ["5"]}, "verifier"),
        (("plan_approved", "entrust", "hoa"), {}, "verifier"),
        (("analysis", "analyse", "lan"), {"analysis": []}, "shape"),
        (("analysis", "analyse", "lan"), {"analysis": {"nonsense": ""}}, "nonsense"),
        (("analysis", "analyse", "lan"), {"analysis": {"whys": [{"text": 3}]}}, "whys.0.text"),
        (("analysis", "analyse", "lan"), {"analysis": {"whys": [{"text": "a", "parent": "x"}]}}, "whys.0.parent"),
        (("analysis", "analyse", "lan"), {"analysis": {"category": "weather"}}, "category"),
        (("analysis", "draft_plan", "lan"), {"plan": {"actions": [{"due": "2026-02-30"}]}}, "actions.0.due"),
        (("analysis", "draft_plan", "lan"), {"plan": {"measure": {"number": 0}}}, "measure.number"),
        (("analysis", "draft_plan", "lan"), {"plan": {"documents": [{"document": "QT.01"}]}}, "documents.0.document"),
        (("analysis", "correct", "lan"), {"correction": "a" * 20_001}, "correction"),
        (("analysis", "correct", "lan"), {"correction": "a", "corrected_on": "hôm qua"}, "corrected_on"),
        (("awaiting_verification", "pass", "binh"), {"exposures": -1}, "exposures"),
        (("awaiting_verification", "pass", "binh"), {"exposures": 1.5}, "exposures"),
        (("awaiting_verification", "pass", "binh"), {"exposures": True}, "exposures"),
        (("awaiting_verification", "pass", "binh"), {"method": ["sample"]}, "method"),
        (("awaiting_verification", "pass", "binh"), {"verdict": "passed"}, "verdict"),
    ],
)
def test_wrong_answers_are_refused_by_field(
    world: World, call: Call, step: tuple[str, str, str], answers: dict[str, Any], field: str
) -> None:
    state, action, name = step
    record = records.car(world, state)
    given = {**records.answers(world, action), **answers} if answers else {}
    refused = call(world.people[name]).do(record, action, **given)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_answer"), refused.content
    assert [problem["field"] for problem in refused.json()["problems"]] == [field]
    assert (refused.json()["state"], refused.json()["row_version"]) == (state, record.row_version)


def test_a_step_is_done_once_under_a_key(world: World, call: Call) -> None:
    record = records.observation(world)
    answers = records.answers(world, "respond")
    first = call(world.minh).do(record, "respond", key="một-lần".encode().hex(), **answers)
    again = call(world.minh).do(record, "respond", key="một-lần".encode().hex(), **answers)
    assert (first.status_code, again.json(), again["Idempotency-Replayed"]) == (200, first.json(), "true")
    assert Move.objects.filter(stream=record.pk, action="respond").count() == 1


@pytest.mark.parametrize("name", list(MAKERS))
def test_the_version_that_was_read_is_required(world: World, call: Call, name: str) -> None:
    record = MAKERS[name](world, stays(name)[0])
    for expected, said in ((None, "expected_version_required"), ("1", "expected_version_required")):
        for action in actions(name):
            answer = call(world.hoa).do(record, action, expected_version=expected)
            assert (answer.status_code, answer.json()["code"]) == (400, said)
