"""Every row of every table once through the door, on the database; and every other persona refused with no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories
from tests.documents import modelled, published
from tests.people import HOLDERS, World
from tests.tables import oracle, oracle_capa, oracle_framework, oracle_kernel
from workflows import engine, ledger, registry
from workflows.errors import WorkflowError
from workflows.models import Move, Pending, Record
from workflows.roles import CLOCK

pytestmark = pytest.mark.once

ROWS = [
    (name, state, action)
    for name, rules in oracle.RULES.items()
    for (state, action) in rules
    if state and name not in oracle_capa.RULES and name not in oracle_kernel.RULES
]


def record_in(world: World, name: str, state: str) -> Record:
    """A record of a machine in a state, reached through the door."""
    if name in oracle_framework.RULES:
        return modelled.record_in(world, name, state)
    if name == "campaign" and state == "closed":
        return engine.fire(factories.impact(world, "waived").campaign, "close", by=world.phuc)
    made: dict[str, Callable[[], Record]] = {
        "version": lambda: factories.version(world, state),
        "impact": lambda: factories.impact(world, state),
        "campaign": lambda: factories.campaign(world),
        "publication": lambda: published.publication(world, state),
        "regulation": factories.regulation,
    }
    found = made[name]()
    return engine.fire(found, "verify", by=world.phuc) if state == "verified" else found


def prepare(world: World, record: Any, state: str, action: str) -> None:
    """What the clock's own rows wait for: the linked revision in force, or cancelled; the document withdrawn; the act
    that an item waits for; an item that came back.
    """
    awaited: dict[str, Callable[[], object]] = {
        "reopen": lambda: engine.fire(record.items.get(), "confirm", by=None, now=timezone.now() + timedelta(days=40)),
        "resume": lambda: factories.regulation(factories.AWAITED),
        "wake": lambda: factories.learned(world, record),
    }
    awaited.get(action, lambda: None)()
    if record.machine.name != "impact":
        modelled.prepare(world, record, action)
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


def answers_to(name: str, action: str, record: Any) -> dict[str, Any]:
    """Right answers; a step of the same name asks for other things on another table."""
    if name in oracle_framework.RULES:
        return modelled.answers(record, action)
    if action == "wake":
        version = record.document.versions.get(state="effective")
        return {"found": {"version": str(version.pk), "path": [], "strength": "dies"}}
    return published.answers(action) if name == "publication" else factories.answers(action)


@pytest.mark.parametrize(("name", "state", "action"), ROWS)
def test_row(world: World, name: str, state: str, action: str) -> None:
    roles, target, _barred = oracle.RULES[name][state, action]
    record = record_in(world, name, state)
    prepare(world, record, state, action)
    if action == "require":
        factories.in_force(world)
    before = (record.row_version, record.ledger_hash, Move.objects.count())
    by = None if roles == {CLOCK} else world.holder(min(roles - {CLOCK}))
    if action == "edit" and name == "version":
        by = world.lan
    moved_on = name in oracle_framework.RULES and action != "publish"  # the model's next version holds by then
    late = timezone.now() + timedelta(days=40) if (state, action) == ("waived", "confirm") or moved_on else None
    given = answers_to(name, action, record)
    after = engine.fire(record, action, by=by, expected=record.row_version, now=late, **given)
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
            engine.fire(record, action, by=person, **answers_to(name, action, record))
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
