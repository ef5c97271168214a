"""Every row of the tables of audits and corrective action once through the door; everybody else leaves no trace."""

from __future__ import annotations

from typing import Any

import pytest

from capa.models import Car
from tests.capa import records
from tests.people import HOLDERS, World
from tests.tables import capa_rows, oracle_capa
from workflows import engine, ledger, registry
from workflows.errors import WorkflowError
from workflows.models import Move, Pending
from workflows.roles import CLOCK, Role

pytestmark = pytest.mark.once


def check_move(record: Any, before: tuple[int, str], row: tuple[str, str, str], by: Any) -> None:
    """One sealed ledger row that follows the one before, and an outbox row if somebody is to be told."""
    name, state, action = row
    move = Move.objects.get(stream=record.pk, seq=before[0] + 1)
    target = oracle_capa.RULES[name][state, action][1]
    assert (move.action, move.source, move.target, move.actor) == (action, state, target, by)
    assert move.prev_hash == before[1]
    assert move.hash == ledger.link(move.prev_hash, move.body)
    assert ledger.is_sealed(move.hash, move.mac)
    step = registry.machine(name).step(action, state)
    assert step is not None
    assert Pending.objects.filter(move=move).exists() == bool(step.tell)


@pytest.mark.parametrize(("name", "state", "action"), capa_rows.ROWS)
def test_row(world: World, name: str, state: str, action: str) -> None:
    record = capa_rows.ready(world, name, state, action)
    before = (record.row_version, record.ledger_hash)
    by = world.people[capa_rows.fit(name, state, action)[0]] if capa_rows.fit(name, state, action) else None
    given, now = capa_rows.answers(world, record, action), capa_rows.moment(action)
    after = engine.fire(record, action, by=by, now=now, expected=record.row_version, **given)
    assert after.state == oracle_capa.RULES[name][state, action][1]
    assert after.row_version == before[0] + 1
    assert after.ledger_hash == Move.objects.get(stream=record.pk, seq=after.row_version).hash
    check_move(record, before, (name, state, action), by)


@pytest.mark.parametrize(("name", "state", "action"), capa_rows.ROWS)
def test_everybody_else_is_refused_without_a_trace(world: World, name: str, state: str, action: str) -> None:
    record = capa_rows.ready(world, name, state, action)
    before = (Move.objects.count(), Pending.objects.count())
    given, now = capa_rows.answers(world, record, action), capa_rows.moment(action)
    for person in capa_rows.everybody_but(world, capa_rows.fit(name, state, action)):
        with pytest.raises(WorkflowError) as caught:
            engine.fire(record, action, by=person, now=now, **given)
        assert (caught.value.code, caught.value.status) == ("not_your_turn", 403), person
        assert caught.value.state == state
    assert (Move.objects.count(), Pending.objects.count()) == before
    again = type(record).objects.get(pk=record.pk)
    assert (again.state, again.row_version) == (record.state, record.row_version)


@pytest.mark.parametrize(("name", "state", "action"), capa_rows.STARTS)
def test_start(world: World, name: str, state: str, action: str) -> None:
    record, given = capa_rows.fresh(world, name, action)
    names = capa_rows.fit(name, state, action)
    by = world.people[names[0]] if names else None
    after = engine.start(record, action, by=by, **given)
    assert (after.row_version, after.state) == (1, oracle_capa.RULES[name][state, action][1])
    assert after.created_by == by
    check_move(record, (0, ledger.genesis(record.pk)), (name, state, action), by)


@pytest.mark.parametrize(("name", "state", "action"), capa_rows.STARTS)
def test_everybody_else_starts_nothing(world: World, name: str, state: str, action: str) -> None:
    record, given = capa_rows.fresh(world, name, action)
    before = (Move.objects.count(), Pending.objects.count(), type(record).objects.count())
    for person in capa_rows.everybody_but(world, capa_rows.fit(name, state, action)):
        with pytest.raises(WorkflowError) as caught:
            engine.start(record, action, by=person, **given)
        assert caught.value.code == "not_your_turn", person
    assert (Move.objects.count(), Pending.objects.count(), type(record).objects.count()) == before


@pytest.mark.parametrize("role", sorted(oracle_capa.REPORTERS))
def test_whoever_works_here_may_report(world: World, role: str) -> None:
    record, given = capa_rows.fresh(world, "car", "report")
    by = world.people[HOLDERS[Role(role)]]
    found = engine.start(record, "report", by=by, **given)
    assert (found.state, found.created_by, found.number) == ("reported", by, "")


def test_a_failed_check_and_the_next_cycle_are_one(world: World) -> None:
    record = records.car(world, "awaiting_verification")
    before = (record.row_version, record.ledger_hash)
    after = engine.fire(record, "fail", by=world.binh, **records.answers(world, "fail"))
    assert (after.state, after.row_version) == ("reissued", before[0] + 2)
    failed = Move.objects.get(stream=record.pk, seq=before[0] + 1)
    check_move(record, before, ("car", "awaiting_verification", "fail"), world.binh)
    check_move(record, (failed.seq, failed.hash), ("car", "ineffective", "reissue"), None)
    assert Move.objects.get(stream=record.pk, seq=failed.seq + 1).role == CLOCK
    carried = Car.objects.get(predecessor=record)
    assert [move.action for move in Move.objects.of(carried.pk)] == ["carry"]


def test_everybody_else_is_refused_the_failed_check(world: World) -> None:
    record = records.car(world, "awaiting_verification")
    before = (Move.objects.count(), Car.objects.count())
    for action, names in (("fail", ["binh"]), ("reissue", [])):
        for person in capa_rows.everybody_but(world, names):
            with pytest.raises(WorkflowError) as caught:
                engine.fire(record, action, by=person, **capa_rows.answers(world, record, action))
            assert caught.value.code == "not_your_turn"
    assert (Move.objects.count(), Car.objects.count()) == before


@pytest.mark.parametrize(("state", "action"), [
    ("plan_review", "approve_plan"), ("plan_review", "return_plan"), ("awaiting_verification", "close"),
])  # fmt: skip
def test_a_major_one_is_for_the_head_to_decide(world: World, state: str, action: str) -> None:
    record = records.car(world, state, severity="major")
    if action == "close":
        record = engine.fire(record, "pass", by=world.binh, **records.answers(world, "pass"))
    given = capa_rows.answers(world, record, action)
    with pytest.raises(WorkflowError) as caught:
        engine.fire(record, action, by=world.quang, **given)
    assert caught.value.code == "not_your_turn"
    assert engine.fire(record, action, by=world.tuan, **given).state == oracle_capa.RULES["car"][state, action][1]


@pytest.mark.parametrize("name", sorted(oracle_capa.RULES))
def test_actions_out_of_place_are_refused_to_their_own_role(world: World, name: str) -> None:
    """On a record at its beginning, every step that belongs elsewhere: the role learns that it is not the time."""
    first = {"programme": "draft", "round": "planned", "finding": "recorded", "car": "issued", "action": "open"}
    first |= {"objective_set": "draft", "objective": "proposed", "review": "planned", "output": "planned"}
    first |= {"inspection": "planned"} | dict.fromkeys(("inspection_plan", "scoring_template", "self_score"), "draft")
    state = first.get(name, "reported")
    record = capa_rows.ready(world, name, state, "")
    for action in {action for source, action in oracle_capa.RULES[name] if source}:
        if (state, action) in oracle_capa.RULES[name]:
            continue
        rules = [rule for (source, other), rule in oracle_capa.RULES[name].items() if other == action and source]
        for role in set().union(*(rule[0] for rule in rules)) - {CLOCK}:
            with pytest.raises(WorkflowError) as caught:
                engine.fire(record, action, by=world.holder(role), **capa_rows.plain(world, name, action))
            assert (caught.value.code, caught.value.status) == ("wrong_state", 409), (action, role)
