"""Every machine x state x action x role x deeds x relations, as a pure function: table against hand-written oracle."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import pytest

from tests.tables import oracle, oracle_capa
from workflows import registry
from workflows.roles import CLOCK, Role
from workflows.tables import Machine, judge

pytestmark = pytest.mark.once

ROLES = (*Role.values, CLOCK)
NAMES = sorted(oracle.RULES)
OUTSIDE = {Role.SYSADMIN, Role.CONSULTANT, Role.CERT_BODY}


def some(names: Iterable[str], most: int = 2) -> list[frozenset[str]]:
    """None of the names, each alone, each pair, and all of them."""
    sizes = [itertools.combinations(sorted(names), size) for size in range(most + 1)]
    return list(dict.fromkeys(frozenset(one) for one in (*itertools.chain(*sizes), tuple(names))))


def most_of(names: Iterable[str]) -> list[frozenset[str]]:
    """``some`` of the names and what they leave out: all but one and all but two as well."""
    every = frozenset(names)
    return list(dict.fromkeys(one for few in some(every) for one in (few, every - few)))


def cells(name: str) -> Iterator[tuple[str, str]]:
    """Every state with every action, whether they belong together or not."""
    return itertools.product(("", *sorted(oracle.STATES[name])), sorted({action for _s, action in oracle.RULES[name]}))


def says(
    machine: Machine, state: str, action: str, roles: Iterable[str], deeds: Iterable[str], *, ties: Iterable[str]
) -> bool:
    """The table's verdict."""
    return judge(machine, state, action, roles, deeds, ties=ties) is None


def test_every_registered_machine_has_an_oracle() -> None:
    assert sorted(machine.name for machine in registry.machines()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_states_and_targets(name: str) -> None:
    machine = registry.machine(name)
    assert set(machine.states) == oracle.STATES[name]
    assert {stage.state for stage in machine.stages if stage.final} == oracle.FINAL[name]
    assert {stage.state for stage in machine.stages if stage.public} == oracle.PUBLIC[name]
    rows = {(source, step.action): step.target for step in machine.steps for source in step.sources or ("",)}
    assert rows == {key: rule[1] for key, rule in oracle.RULES[name].items()}


@pytest.mark.parametrize("name", NAMES)
def test_inbox_column(name: str) -> None:
    machine = registry.machine(name)
    waits = {stage.state: set(stage.waits_on) for stage in machine.stages if stage.waits_on}
    assert waits == oracle.WAITS[name]
    conditions = {
        stage.state: {role: set(stage.conditions(role)) for role in stage.waits_on} for stage in machine.stages
    }
    asked = {state: row for state, row in conditions.items() if any(row.values())}
    assert asked == oracle_capa.WAITS_IF.get(name, {})


@pytest.mark.parametrize("name", NAMES)
def test_relations_are_all_named(name: str) -> None:
    assert {tie.name for tie in registry.machine(name).ties} == oracle.relations(name)


@pytest.mark.parametrize(("name", "state"), oracle_capa.DAYS)
def test_days_of_the_domain(name: str, state: str) -> None:
    assert registry.machine(name).stage(state).days == oracle_capa.DAYS[name, state]


@pytest.mark.parametrize("name", NAMES)
def test_whole_grid_for_who_has_a_part(name: str) -> None:
    """Where the oracle gives a role the step: all deeds, none, one or two of them, under all relations."""
    machine = registry.machine(name)
    deeds, ties = some(machine.actions), most_of(oracle.relations(name))
    wrong = [
        (state, action, role, set(done), set(held))
        for (state, action), (roles, _target, _barred) in oracle.RULES[name].items()
        for role, done, held in itertools.product(roles, deeds, ties)
        if says(machine, state, action, {role}, done, ties=held)
        != oracle.allowed(name, state, action, role, done, ties=held)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_whole_grid_for_who_has_none(name: str) -> None:
    """Everywhere else nothing opens: to no role alone, nor to all of them in one hand."""
    machine = registry.machine(name)
    deeds, ties = some(machine.actions, 1), most_of(oracle.relations(name))
    few_deeds, few_ties = some(machine.actions, 0), some(oracle.relations(name), 1)
    wrong = []
    for state, action in cells(name):
        out = frozenset(ROLES) - oracle.RULES[name].get((state, action), (set(), "", set()))[0]
        together = itertools.product([out], deeds, ties)
        alone = itertools.product(({role} for role in out), few_deeds, few_ties)
        wrong += [
            (state, action, roles, set(done), set(held))
            for roles, done, held in itertools.chain(together, alone)
            if says(machine, state, action, roles, done, ties=held)
        ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_two_roles_add_up_and_never_take_away(name: str) -> None:
    """Who holds two roles may what either may, under the relations that role asks for, and nothing besides."""
    machine = registry.machine(name)
    ties = most_of(oracle.relations(name))
    for (state, action), (roles, _target, _barred) in oracle.RULES[name].items():
        for pair in itertools.combinations(sorted(roles | {Role.STAFF, Role.QMR}), 2):
            for held in ties:
                either = any(oracle.allowed(name, state, action, role, set(), ties=held) for role in pair)
                done = oracle.ONLY.get((name, action), set())
                either = either or any(oracle.allowed(name, state, action, role, done, ties=held) for role in pair)
                assert says(machine, state, action, pair, done, ties=held) == either, (state, action, pair, held)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_without_a_role_may_anything(name: str) -> None:
    machine = registry.machine(name)
    for state, action in itertools.product(("", *machine.states), machine.actions):
        refusal = judge(machine, state, action, (), set(machine.actions), ties={tie.name for tie in machine.ties})
        assert refusal is not None
        assert refusal.code == "not_your_turn"


@pytest.mark.parametrize("name", NAMES)
def test_sysadmin_and_outsiders_hold_no_step(name: str) -> None:
    """§2.2 rules 4 and 5: no step, no reading of work in progress, no place in an inbox."""
    machine = registry.machine(name)
    assert not {role for step in machine.steps for role in step.by} & OUTSIDE
    assert not {role for stage in machine.stages for role in stage.waits_on} & OUTSIDE
    assert not machine.insiders & OUTSIDE


def test_plain_staff_and_inspectors_may_report_and_work_and_no_more() -> None:
    """§2.1: everyone may report a nonconformity; staff do the actions given to them."""
    held = {role: {(m.name, s.action) for m in registry.machines() for s in m.steps if role in s.by} for role in ROLES}
    spot = {("inspection", action) for action in ("begin", "judge", "look", "score", "find")}
    assert held[Role.INSPECTOR] == {("car", "report"), ("car", "attach")} | spot
    work = {("car", "report"), ("car", "attach"), ("action", "ask_more_time"), ("action", "finish")}
    work |= {("objective", "measure"), ("output", "finish")}
    for role in (Role.STAFF, Role.FRONT_DESK, Role.STEERING_MEMBER, Role.SUPPORT_TEAM):
        assert held[role] == work


def test_a_refusal_says_why() -> None:
    version = registry.machine("version")
    late = judge(version, "effective", "approve", {Role.STEERING_HEAD})
    same = judge(version, "pending_approval", "approve", {Role.STEERING_HEAD}, {"agree"})
    other = judge(version, "unit_review", "agree", {Role.QMR})
    assert late is not None
    assert late.code == "wrong_state"
    assert same is not None
    assert (same.code, same.detail) == ("same_hand", "agree")
    assert other is not None
    assert other.code == "not_your_turn"
    assert judge(version, "draft", "no_such_action", {Role.DRAFTER}) is not None


def test_a_refusal_by_a_relation_names_it() -> None:
    car, place = registry.machine("car"), ("awaiting_verification", "pass", {Role.AUDITOR})
    fit = {"verdict=", "verifier=me", "severity=minor"}
    assert judge(car, *place, ties=fit) is None
    for ties, code, detail in (
        (fit | {"owner_unit"}, "barred", "owner_unit"),
        (fit | {"implementer"}, "barred", "implementer"),
        (fit - {"verifier=me"}, "not_tied", "verifier=me"),
        (fit - {"verdict="}, "not_tied", "verdict="),
    ):
        refusal = judge(car, *place, ties=ties)
        assert refusal is not None
        assert (refusal.code, refusal.detail) == (code, detail)


def test_several_roles_add_up() -> None:
    version = registry.machine("version")
    assert judge(version, "unit_review", "agree", {Role.UNIT_HEAD, Role.STAFF}) is None
    assert judge(version, "unit_review", "agree", {Role.UNIT_HEAD, Role.DRAFTER}, {"submit"}) is not None
