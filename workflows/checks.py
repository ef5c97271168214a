"""System checks over the tables: a wrong table stops the start, not the user's click."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from viewflow.workflow.lock import SelectForUpdateLock

from workflows import registry
from workflows.models import Record
from workflows.roles import CLOCK, Role
from workflows.tables import TELL_TOKENS, If, Machine

ROLES = frozenset(Role.values) | {CLOCK}


@register()
def check_machines(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Check every registered machine."""
    del app_configs
    found: list[CheckMessage] = []
    for model in registry.models():
        for number, text, hint in problems(model.machine, model):
            found.append(Error(f"{model.machine.name}: {text}", hint=hint, id=f"workflows.E{number:03}"))
    return [*found, *_unlocked()]


def _unlocked() -> Iterator[CheckMessage]:
    for flow_class in registry.flows():
        lock = flow_class.lock_impl
        if not isinstance(lock, SelectForUpdateLock) or lock.nowait:
            yield Error(
                f"{flow_class.__name__} has no waiting row lock: two people could take one duty at once",
                hint="Set lock_impl = workflows.flows.patient_lock.",
                id="workflows.E008",
            )


def problems(machine: Machine, model: type[Record] | None = None) -> Iterator[tuple[int, str, str]]:
    """Yield (number, what is wrong, what to do) for a table; nothing for a sound one."""
    yield from _reach(machine)
    yield from _holders(machine)
    yield from _labels(machine)
    yield from _rows(machine)
    yield from _ties(machine)
    if model is not None:
        yield from _methods(machine, model)


def _reach(machine: Machine) -> Iterator[tuple[int, str, str]]:
    reached = {step.target for step in machine.starts}
    grown = True
    while grown:
        fresh = {step.target for step in machine.steps if reached.intersection(step.sources)} - reached
        grown = bool(fresh)
        reached |= fresh
    for stage in machine.stages:
        leaves = [step for step in machine.steps_from(stage.state) if step.target != stage.state]
        if stage.state not in reached:
            yield 1, f"state {stage.state!r} cannot be reached", "Add a step that leads to it or drop the stage."
        if not stage.final and not leaves:
            yield 2, f"state {stage.state!r} is a dead end", "Mark it final or add a step out of it."
        if stage.final and any(step.by != (CLOCK,) for step in leaves):
            yield 2, f"final state {stage.state!r} has a step out of it", "Drop final, or leave it to the clock alone."


def _holders(machine: Machine) -> Iterator[tuple[int, str, str]]:
    for step in machine.steps:
        if not step.by:
            yield 3, f"step {step.action!r}: no role may take it", "Name the roles in `by`."
        for role in step.by:
            if role not in ROLES:
                yield 3, f"step {step.action!r}: nobody can hold role {role!r}", "Use a code of workflows.roles.Role."
        if Role.SYSADMIN in step.by:
            yield 3, f"step {step.action!r}: sysadmin has no business power", "Name a business role."
        for word in set(step.tell) - ((ROLES | TELL_TOKENS) - {CLOCK}):
            yield 3, f"step {step.action!r} tells unknown {word!r}", "Use a role code or a token of tables.py."
    yield from _idle(machine)


def _idle(machine: Machine) -> Iterator[tuple[int, str, str]]:
    for stage in machine.stages:
        movers = {role for step in machine.steps_from(stage.state) for role in step.by}
        for role in set(stage.waits_on) - movers:
            yield 4, f"state {stage.state!r} waits on {role!r}, who can do nothing there", "Give that role a step."


def _labels(machine: Machine) -> Iterator[tuple[int, str, str]]:
    rows = [("machine", machine.name, machine.label)]
    rows += [("state", stage.state, stage.label) for stage in machine.stages]
    rows += [("step", step.action, step.label) for step in machine.steps]
    rows += [("answer", ask.name, ask.label) for step in machine.steps for ask in step.asks]
    for kind, name, label in rows:
        if not str(label).strip():
            yield 5, f"{kind} {name!r} has no label", "Say it in Vietnamese in the table."


def _rows(machine: Machine) -> Iterator[tuple[int, str, str]]:
    states, seen = set(machine.states), set()
    for step in machine.steps:
        for state in (*step.sources, step.target):
            if state not in states:
                yield 6, f"step {step.action!r} names unknown state {state!r}", "Add the stage."
        for source in step.sources or ("",):
            if (step.action, source) in seen:
                yield 6, f"two rows for {step.action!r} out of {source!r}", "One row per action and source."
            seen.add((step.action, source))
    yield from _references(machine)


def _references(machine: Machine) -> Iterator[tuple[int, str, str]]:
    for step in machine.steps:
        if step.starts and step.takes_files:
            yield 6, f"start row {step.action!r} asks for files", "There is no record yet to upload them to."
        for deed in filter(None, (*step.apart, *step.same, step.follow)):
            if deed not in machine.actions:
                yield 6, f"step {step.action!r} is tied to unknown action {deed!r}", "Use an action of this table."


def _ties(machine: Machine) -> Iterator[tuple[int, str, str]]:
    known = {tie.name: tie for tie in machine.ties}
    for step in machine.steps:
        for name in set(step.ties) - known.keys():
            yield 9, f"step {step.action!r} asks for unknown tie {name!r}", "Add the row to the machine's ties."
        follower = machine.step(step.follow, step.target) if step.follow else None
        if step.follow and (follower is None or CLOCK not in follower.by):
            yield (
                9,
                f"step {step.action!r} is followed by {step.follow!r}",
                "Name a step of the clock out of its target.",
            )
        yield from _strangers(f"step {step.action!r}", step.only, step.by)
    for stage in machine.stages:
        for one in stage.only:
            if one.tie not in known or known[one.tie].column is None:
                yield (
                    9,
                    f"state {stage.state!r} waits by {one.tie!r}",
                    "An inbox reads columns: use field=value or field=me.",
                )
        yield from _strangers(f"state {stage.state!r}", stage.only, stage.waits_on)


def _strangers(row: str, only: Iterable[If], roles: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """A condition on a mistyped role would bind nobody, and leave the role that was meant free of it."""
    for one in only:
        if one.role and one.role not in roles:
            yield 9, f"{row} has a condition on {one.role!r}, who is not in it", "Name a role of the row."


def _methods(machine: Machine, model: type[Record]) -> Iterator[tuple[int, str, str]]:
    needed = {name for step in machine.steps for name in (step.guard, step.then) if name}
    needed |= {f"tie_{tie.name}" for tie in machine.ties if tie.column is None}
    for name in sorted(needed):
        if not callable(getattr(model, name, None)):
            yield 7, f"the table needs method {name!r} of {model.__name__}", "Write it on the model."
    columns = {field.attname for field in model._meta.concrete_fields} | {
        field.name for field in model._meta.concrete_fields
    }
    for tie in machine.ties:
        if tie.column is not None and tie.column[0] not in columns:
            yield 7, f"tie {tie.name!r} needs column {tie.column[0]!r} of {model.__name__}", "Add the field."
