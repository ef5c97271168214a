"""Every row of every table once through the door, on the database; and every other persona refused with no trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories
from tests.people import HOLDERS, World
from tests.tables import oracle, oracle_capa
from workflows import engine, ledger, registry
from workflows.errors import WorkflowError
from workflows.models import Move, Pending, Record
from workflows.roles import CLOCK

ROWS = [
    (name, state, action)
    for name, rules in oracle.RULES.items()
    for (state, action) in rules
    if state and name not in oracle_capa.RULES
]


def record_in(world: World, name: str, state: str) -> Record:
    """A record of a machine in a state, reached through the door."""
    if name == "version":
        return factories.version(world, state)
    if name == "impact":
        return factories.impact(world, state)
    if name == "campaign":
        return factories.campaign(world)
    act = factories.regulation()
    return act if state == "registered" else engine.fire(act, "verify", by=world.phuc)


def prepare(world: World, record: Any, state: str, action: str) -> None:
    """What the clock's own rows wait for: the linked revision in force, or cancelled; the document withdrawn."""
    if record.machine.name != "impact":
        return
    draft: Any = record.revision
    if draft is not None and state == "revision_open" and action in ("confirm", "drop"):
        engine.fire(draft, "abandon", by=world.lan, note="Huỷ")
    if action == "drop":
        engine.fire(record.version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    if draft is None or action != "resolve":
        return
    factories.regulation()
    for _target, step, name in factories.PATH:
        draft = engine.fire(draft, step, by=world.people[name] if name else None, **factories.answers(step))


@pytest.mark.parametrize(("name", "state", "action"), ROWS)
def test_row(world: World, name: str, state: str, action: str) -> None:
    roles, target, _barred = oracle.RULES[name][state, action]
    record = record_in(world, name, state)
    prepare(world, record, state, action)
    before = (record.row_version, record.ledger_hash, Move.objects.count())
    by = None if roles == {CLOCK} else world.holder(min(roles - {CLOCK}))
    if action == "edit":
        by = world.lan
    late = timezone.now() + timedelta(days=40) if (state, action) == ("waived", "confirm") else None
    after = engine.fire(record, action, by=by, expected=record.row_version, now=late, **factories.answers(action))
    assert after.state == target
    assert after.row_version == before[0] + 1
    move = Move.objects.get(stream=record.pk, seq=after.row_version)
    assert (move.action, move.source, move.target, move.actor) == (action, state, target, by)
    assert move.prev_hash == before[1]
    assert move.hash == ledger.link(move.prev_hash, move.body) == after.ledger_hash
    assert ledger.is_sealed(move.hash, move.mac)
    step = registry.machine(name).step(action, state)
    assert step is not None
    assert Pending.objects.filter(move=move).exists() == bool(step.tell)


@pytest.mark.parametrize(("name", "state", "action"), ROWS)
def test_everybody_else_is_refused_without_a_trace(world: World, name: str, state: str, action: str) -> None:
    roles, _target, _barred = oracle.RULES[name][state, action]
    record = record_in(world, name, state)
    prepare(world, record, state, action)
    record = type(record).objects.get(pk=record.pk)
    before = (Move.objects.count(), Pending.objects.count())
    refused = [world.people[who] for role, who in HOLDERS.items() if role not in roles]
    refused += [world.people[who] for who in ("root", "nghi", "cao")]
    if name != "regulation":  # the national register is everybody's
        refused += [world.people[who] for who in ("dung", "xuan")]
    for person in refused:
        with pytest.raises(WorkflowError) as caught:
            engine.fire(record, action, by=person, **factories.answers(action))
        assert caught.value.code == "not_your_turn", person
        assert caught.value.state == state
    assert (Move.objects.count(), Pending.objects.count()) == before
    again = type(record).objects.get(pk=record.pk)
    assert (again.state, again.row_version) == (record.state, record.row_version)


@pytest.mark.parametrize("state", sorted(oracle.STATES["version"]))
def test_unit_roles_of_another_unit_are_refused(world: World, state: str) -> None:
    record = record_in(world, "version", state)
    for person, actions in ((world.mai, ("edit", "submit", "abandon", "recall")), (world.hung, ("agree", "return"))):
        for action in actions:
            with pytest.raises(WorkflowError) as caught:
                engine.fire(record, action, by=person, **factories.answers(action))
            assert caught.value.code == "not_your_turn"


@pytest.mark.parametrize("state", sorted(oracle.STATES["version"]))
def test_actions_out_of_place_are_refused_to_their_own_role(world: World, state: str) -> None:
    record = record_in(world, "version", state)
    for action in {action for _state, action in oracle.RULES["version"]} - {"create", "adopt"}:
        rule = oracle.RULES["version"].get((state, action))
        if rule is not None:
            continue
        roles = set().union(*(other[0] for key, other in oracle.RULES["version"].items() if key[1] == action))
        for role in roles - {CLOCK}:
            with pytest.raises(WorkflowError) as caught:
                engine.fire(record, action, by=world.holder(role), **factories.answers(action))
            assert caught.value.code == "wrong_state", (action, role)
            assert caught.value.status == 409
