"""Separation of duties on a CAR (domain §2.2 rule 3): who did one thing does not judge it, from any later seat."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from capa.models import Action, Car
from tests.capa import records, seats
from tests.people import World
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import Move, User
from workflows.roles import Role

pytestmark = pytest.mark.once

OWN = {
    "correct": Role.DRAFTER,
    "analyse": Role.DRAFTER,
    "draft_plan": Role.DRAFTER,
    "submit_plan": Role.UNIT_HEAD,
    "complete": Role.UNIT_HEAD,
}
"""Deeds of the owner's side, with the seat that gives them."""
JUDGING = {"approve_plan": Role.QMR, "pass": Role.AUDITOR, "fail": Role.LEAD_AUDITOR, "close": Role.QMR}
BEFORE = {"approve_plan": "plan_review"}

CHAINS = [
    (deed, later, way)
    for deed, later, way in itertools.product(OWN, JUDGING, seats.WAYS)
    if (deed, later) != ("complete", "approve_plan")
]


def refused(record: Any, action: str, user: User, world: World, code: str = "same_hand") -> WorkflowError:
    """The door refuses with this code and writes nothing; the offers say the same."""
    moves, record = Move.objects.count(), type(record).objects.get(pk=record.pk)
    with pytest.raises(WorkflowError) as caught:
        engine.fire(record, action, by=user, **records.answers(world, action))
    assert (caught.value.code, caught.value.status) == (code, 403), caught.value
    again = type(record).objects.get(pk=record.pk)
    assert (Move.objects.count(), again.row_version, again.state) == (moves, record.row_version, record.state)
    offer = next(offer for offer in engine.offers(record, user) if offer.step.action == action)
    assert offer.refusal is not None
    return caught.value


def path(world: World, found: Car, until: str, deed: str = "", doer: User | None = None) -> Car:
    """Along the main path, with one of the deeds done by somebody of one's own choice."""
    for target, action, name in records.CAR_PATH:
        if records.CAR_ORDER.index(target) > records.CAR_ORDER.index(until):
            break
        if action == "complete":
            records.finish(world, found)
        by = doer if action == deed and doer else world.people[name]
        by = records.decider(world, found) if action == "approve_plan" else by
        found = engine.fire(found, action, by=by, **records.answers(world, action))
        assert found.state == target
    return found


def before(world: World, later: str, found: Car, judge: User, *, deed: str = "", doer: User | None = None) -> Car:
    """The CAR as it waits for the judgement, which is the person's in every other respect."""
    found = path(world, found, BEFORE.get(later, "awaiting_verification"), deed, doer)
    if later in ("pass", "fail"):
        return seats.force(found, verifier=judge)  # type: ignore[no-any-return]
    if later == "close":
        return engine.fire(found, "pass", by=world.binh, **records.answers(world, "pass"))
    return found


@pytest.mark.parametrize(("deed", "later", "way"), CHAINS)
def test_who_did_it_does_not_judge_it(world: World, deed: str, later: str, way: seats.Way) -> None:
    tam = seats.newcomer(world, OWN[deed])
    found = before(world, later, records.car(world, "issued"), tam, deed=deed, doer=tam)
    assert set(Move.objects.filter(actor=tam).values_list("action", flat=True)) == {deed}
    tam = way(world, tam, JUDGING[later])
    error = refused(found, later, tam, world)
    label = found.machine.rows_of(deed)[0].label
    assert str(label) in str(error.sentence)
    assert tam not in found.fit_verifiers()


@pytest.mark.parametrize("later", sorted(JUDGING))
def test_who_did_nothing_may(world: World, later: str) -> None:
    """The same paths end well for a person without a past in them: what is refused above is the deed."""
    tam = seats.newcomer(world, JUDGING[later], "stp")
    found = before(world, later, records.car(world, "issued"), tam)
    assert tam in found.fit_verifiers() or JUDGING[later] == Role.QMR
    after = engine.fire(found, later, by=tam, **records.answers(world, later))
    assert after.row_version > found.row_version


@pytest.mark.parametrize(("later", "way"), [*itertools.product(JUDGING, (seats.add, seats.leave))])
def test_who_was_of_the_unit_does_not_judge_without_any_deed(world: World, later: str, way: seats.Way) -> None:
    tam = seats.newcomer(world, Role.STAFF)
    found = before(world, later, records.car(world, "issued"), tam)
    tam = way(world, tam, JUDGING[later])
    assert "đơn vị chịu trách nhiệm" in str(refused(found, later, tam, world).sentence)
    assert tam not in found.fit_verifiers()


def task_of(world: World, user: User, found: Car) -> Action:
    """The one action of a CAR, given to somebody else than planned."""
    task = found.actions.get(state="open")
    return engine.fire(task, "reassign", by=world.minh, assignee=str(user.pk), note="")


@pytest.mark.parametrize(("later", "way"), [*itertools.product(("pass", "fail", "close"), seats.WAYS)])
def test_who_finished_an_action_does_not_judge_it(world: World, later: str, way: seats.Way) -> None:
    tam = seats.newcomer(world, Role.STAFF)
    found = path(world, records.car(world, "issued"), "implementing")
    engine.fire(task_of(world, tam, found), "finish", by=tam, **records.answers(world, "finish"))
    found = engine.fire(found, "complete", by=world.minh)
    found = engine.fire(found, "pass", by=world.binh, **records.answers(world, "pass")) if later == "close" else found
    found = found if later == "close" else seats.force(found, verifier=tam)
    tam = way(world, tam, JUDGING[later])
    refused(found, later, tam, world)
    assert tam not in found.fit_verifiers()


@pytest.mark.parametrize("later", ["pass", "close"])
def test_who_once_worked_on_an_action_given_away_since_is_still_its_implementer(world: World, later: str) -> None:
    tam = seats.newcomer(world, Role.STAFF)
    found = path(world, records.car(world, "issued"), "implementing")
    task = engine.fire(task_of(world, tam, found), "ask_more_time", by=tam, note="Chưa đủ người")
    task = engine.fire(task, "reassign", by=world.minh, assignee=str(world.son.pk), note="")
    engine.fire(task, "finish", by=world.son, **records.answers(world, "finish"))
    found = engine.fire(found, "complete", by=world.minh)
    found = engine.fire(found, "pass", by=world.binh, **records.answers(world, "pass")) if later == "close" else found
    found = found if later == "close" else seats.force(found, verifier=tam)
    tam = seats.vanish(world, tam, JUDGING[later])
    assert "đã thực hiện hành động" in str(refused(found, later, tam, world).sentence)
    assert tam not in found.fit_verifiers()


def test_work_does_not_go_to_the_verifier(world: World) -> None:
    found = path(world, records.car(world, "issued"), "implementing")
    seats.add(world, world.binh, Role.STAFF, "hctp")
    task = found.actions.get(state="open")
    assert str(world.binh.pk) not in dict(task.options("assignee"))
    with pytest.raises(WorkflowError) as caught:
        engine.fire(task, "reassign", by=world.minh, assignee=str(world.binh.pk), note="")
    assert caught.value.code == "bad_answer"


@pytest.mark.parametrize("way", [seats.add, seats.leave])
def test_who_verified_does_not_close(world: World, way: seats.Way) -> None:
    found = engine.fire(
        records.car(world, "awaiting_verification"), "pass", by=world.binh, **records.answers(world, "pass")
    )
    refused(found, "close", way(world, world.binh, Role.QMR), world)
    assert engine.fire(found, "close", by=world.quang).state == "closed"


@pytest.mark.parametrize(("deed", "way"), [*itertools.product([*OWN, "finish"], seats.WAYS)])
def test_a_hand_in_an_earlier_cycle_is_a_hand_in_the_next(world: World, deed: str, way: seats.Way) -> None:
    """They are not offered as verifiers of the next cycle and cannot be entrusted with it."""
    tam = seats.newcomer(world, OWN.get(deed, Role.STAFF))
    found = path(world, records.car(world, "issued"), "implementing", deed, tam)
    if deed == "finish":
        task_of(world, tam, found)
    records.finish(world, found)
    found = engine.fire(found, "complete", by=tam if deed == "complete" else world.minh)
    engine.fire(found, "fail", by=world.binh, **records.answers(world, "fail"))
    following = Car.objects.get(predecessor=found)
    following = path(world, following, "plan_approved")
    tam = way(world, tam, Role.AUDITOR)
    assert tam not in following.fit_verifiers()
    assert world.binh in following.fit_verifiers()
    with pytest.raises(WorkflowError) as caught:
        engine.fire(following, "entrust", by=world.hoa, verifier=str(tam.pk))
    assert caught.value.code in ("bad_answer", "guard_failed")


@pytest.mark.parametrize(("later", "way"), [*itertools.product(("pass", "fail", "close"), seats.WAYS)])
def test_the_implementer_of_one_cycle_does_not_judge_the_next(world: World, later: str, way: seats.Way) -> None:
    tam = seats.newcomer(world, Role.STAFF)
    found = path(world, records.car(world, "issued"), "implementing")
    engine.fire(task_of(world, tam, found), "finish", by=tam, **records.answers(world, "finish"))
    found = engine.fire(found, "complete", by=world.minh)
    engine.fire(found, "fail", by=world.binh, **records.answers(world, "fail"))
    following = before(world, later, Car.objects.get(predecessor=found), tam)
    tam = way(world, tam, Role.STEERING_HEAD if later == "close" else JUDGING[later])
    refused(following, later, tam, world)


@pytest.mark.parametrize("way", [seats.add, seats.leave])
def test_who_planned_a_cycle_does_not_approve_the_plan_of_the_next(world: World, way: seats.Way) -> None:
    tam = seats.newcomer(world, Role.UNIT_HEAD)
    found = path(world, records.car(world, "issued"), "awaiting_verification", "submit_plan", tam)
    engine.fire(found, "fail", by=world.binh, **records.answers(world, "fail"))
    following = path(world, Car.objects.get(predecessor=found), "plan_review")
    refused(following, "approve_plan", way(world, tam, Role.STEERING_HEAD), world)


@pytest.mark.parametrize("way", [seats.add, seats.leave])
def test_who_disputed_or_is_of_the_unit_does_not_decide_the_dispute(world: World, way: seats.Way) -> None:
    tam = seats.newcomer(world, Role.UNIT_HEAD)
    found = engine.fire(records.car(world, "issued"), "dispute", by=tam, note="Không đúng")
    refused(found, "uphold", way(world, tam, Role.QMR), world)
    refused(found, "cancel", tam, world)


def test_who_analysed_does_not_verify_the_cause(world: World) -> None:
    tam = seats.newcomer(world, Role.UNIT_HEAD)
    found = engine.fire(records.car(world, "acknowledged"), "analyse", by=tam, **records.answers(world, "analyse"))
    refused(found, "verify_cause", tam, world)
    refused(found, "verify_cause", seats.vanish(world, tam, Role.QMR), world)
