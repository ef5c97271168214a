"""The table vocabulary: one row states a rule, and engine, inbox, notices, pages and tests read that row.

Nothing here touches the database. Legality (`judge`) is a pure function of the table, so the whole
state x step x role x deeds grid is tested without one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from django.utils.functional import Promise
from django_fsm import transition

Label = str | Promise
AskKind = Literal["line", "text", "prose", "date", "choice", "number", "pick", "json", "files"]

AUTHOR = "author"
ACTORS = "actors"
WAITS = "waits"
PARTS = "parts"
ABOUT = "about"
TELL_TOKENS = frozenset({AUTHOR, ACTORS, WAITS, PARTS, ABOUT})
"""Words allowed in ``Step.tell`` beside roles: who created the record, all who acted on it, who it now waits on, who
any of its parts waits on (``Record.parts``), who answers for the system in the agency that the record is about
(``Record.concerned``).
"""


@dataclass(frozen=True)
class Ask:
    """One answer that a step needs from the person: form field, API key and ledger key alike.

    ``prose``: a text kept to the letter, blanks at its ends included. ``pick``: the key of a row that the record itself
    offers (``Record.options``); ``choices`` are fixed in the table. ``files``: ids of files that the person has
    uploaded to the record; the door binds them to the deed.
    """

    name: str
    kind: AskKind
    label: Label
    required: bool = True
    choices: tuple[tuple[str, Label], ...] = ()
    limit: int = 4000


@dataclass(frozen=True)
class Tie:
    """How a person or a record stands, as far as a rule asks for it; ``label`` is the phrase that people read.

    ``field=value`` holds for the record whose field has the value, ``field=me`` for the person whom the field names;
    any other name is a method of the record, ``tie_<name>(user, now)``, which looks at past deeds and seats.
    """

    name: str
    label: Label

    @property
    def column(self) -> tuple[str, str] | None:
        """Field and value of a tie that a database column shows; None for one that a method finds out."""
        field, equals, value = self.name.partition("=")
        return (field, value) if equals else None


@dataclass(frozen=True)
class If:
    """A condition: the tie must hold; for one role only, where ``role`` is given."""

    tie: str
    role: str = ""


ME = "me"
"""Value of a tie to the person who acts."""
AUTHOR_ALONE = f"created_by={ME}"
"""Tie of a step that is for who created the record; what they may read is said by ``Machine.author_reads``."""


@dataclass(frozen=True)
class Stage:
    """One state. ``waits_on`` is the inbox: the roles whose turn it is. ``days`` are working days allowed.

    ``public``: every seat of the agency and of its superiors may read the record; else only working roles may.
    ``final``: people are done with the record; the clock alone may bring it back.
    ``only``: on which of these roles, or on whom, it waits depends on the record's columns.
    """

    state: str
    label: Label
    colour: str
    waits_on: tuple[str, ...] = ()
    days: int | None = None
    final: bool = False
    public: bool = False
    only: tuple[If, ...] = ()

    def conditions(self, role: str) -> tuple[str, ...]:
        """Ties that must hold for this role to be waited on."""
        return tuple(one.tie for one in self.only if one.role in ("", role))


@dataclass(frozen=True)
class Step:
    """One transition. ``sources=()`` marks a start row, which creates the record.

    ``apart``: actions whose doer on this record may not do this one. ``same``: only a doer of one of these may.
    ``bars``: ties that forbid the step. ``only``: ties that must hold. ``follow``: action that the clock does on the
    record at once afterwards, in the same transaction.
    ``guard``: name of a record method returning sentences of what is missing. ``then``: name of a record method
    run in the same transaction. ``tell``: roles and tokens that get a notice. ``inner``: what is said with it is for
    those who may read work in progress; that it was done is for every reader.
    """

    action: str
    label: Label
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    apart: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    guard: str = ""
    asks: tuple[Ask, ...] = ()
    then: str = ""
    tell: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    only: tuple[If, ...] = ()
    follow: str = ""
    inner: bool = False

    def conditions(self, role: str) -> tuple[str, ...]:
        """Ties that must hold for this role to take the step."""
        return tuple(one.tie for one in self.only if one.role in ("", role))

    @property
    def ties(self) -> tuple[str, ...]:
        """Every tie that the row asks for."""
        return (*self.bars, *(one.tie for one in self.only))

    @property
    def starts(self) -> bool:
        """True if the row creates the record."""
        return not self.sources

    @property
    def takes_files(self) -> bool:
        """True if the row asks for files, required or not."""
        return any(ask.kind == "files" for ask in self.asks)


def staying(step: Step) -> tuple[Step, ...]:
    """One row for each source of a step that leaves the record where it stands."""
    return tuple(replace(step, sources=(state,), target=state) for state in step.sources)


RefusalCode = Literal["wrong_state", "not_your_turn", "same_hand", "barred", "not_tied"]


@dataclass(frozen=True)
class Refusal:
    """Why a step is not possible: a code, and what stands in the way: for ``same_hand`` the earlier action, for
    ``barred`` and ``not_tied`` the tie.
    """

    code: RefusalCode
    detail: str = ""


@dataclass(frozen=True)
class Machine:
    """A literal table: stages and steps of one kind of record.

    ``readers``: roles that may read work in progress beside those that have a step somewhere in the table.
    ``author_reads``: who created a record may read it in any stage. ``ties``: every tie that a row or a stage names,
    in words.
    """

    name: str
    label: Label
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    readers: tuple[str, ...] = ()
    author_reads: bool = False
    ties: tuple[Tie, ...] = ()

    @cached_property
    def _ties(self) -> dict[str, Tie]:
        return {tie.name: tie for tie in self.ties}

    def tie(self, name: str) -> Tie:
        """Return the row of a tie; ``KeyError`` if the table has none."""
        return self._ties[name]

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.state: stage for stage in self.stages}

    @cached_property
    def _steps(self) -> dict[tuple[str, str], Step]:
        rows = {}
        for step in self.steps:
            for source in step.sources or ("",):
                rows[step.action, source] = step
        return rows

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """Every action once, in table order."""
        return tuple(dict.fromkeys(step.action for step in self.steps))

    @cached_property
    def starts(self) -> tuple[Step, ...]:
        """The rows that create a record."""
        return tuple(step for step in self.steps if step.starts)

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in table order."""
        return tuple(self._stages)

    def stage(self, state: str) -> Stage:
        """Return the row of a state; ``KeyError`` if the table has none."""
        return self._stages[state]

    def step(self, action: str, state: str) -> Step | None:
        """Return the row of an action out of a state (``""``: before the record exists), or None."""
        return self._steps.get((action, state))

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """All rows that leave a state or stay in it, in table order."""
        return tuple(step for step in self.steps if state in step.sources)

    def rows_of(self, action: str) -> tuple[Step, ...]:
        """All rows of an action."""
        return tuple(step for step in self.steps if step.action == action)

    @cached_property
    def takes_files(self) -> bool:
        """True if any step asks for files."""
        return any(step.takes_files for step in self.steps)

    @cached_property
    def insiders(self) -> frozenset[str]:
        """Roles that may read a record of their scope in any stage: who does, reviews or approves, and ``readers``.

        To create one is not to read them all, nor is a step that only its author may take.
        """
        following = [step for step in self.steps if not step.starts]
        doers = {role for step in following for role in step.by if AUTHOR_ALONE not in step.conditions(role)}
        return frozenset(doers) | frozenset(self.readers)

    def waiting_on(self, roles: Iterable[str]) -> tuple[str, ...]:
        """States whose turn is one of these roles."""
        held = set(roles)
        return tuple(stage.state for stage in self.stages if held.intersection(stage.waits_on))


def judge(
    machine: Machine,
    state: str,
    action: str,
    roles: Iterable[str],
    deeds: Iterable[str] = (),
    *,
    ties: Iterable[str] = (),
) -> Refusal | None:
    """Say whether a person may do ``action`` on a record in ``state``; None means yes.

    ``roles``: codes held now for this record's agency and unit. ``deeds``: actions this person has done on this
    record, whatever seat was held then. ``ties``: those that hold between this person and this record. The role is
    judged before the state, so that a person without any part in an action learns nothing about where the record
    stands.
    """
    held, done = set(roles), set(deeds)
    if not any(held.intersection(row.by) for row in machine.rows_of(action)):
        return Refusal("not_your_turn")
    step = machine.step(action, state)
    if step is None:
        return Refusal("wrong_state")
    able = [role for role in step.by if role in held]
    if not able:
        return Refusal("not_your_turn")
    clash = next((deed for deed in step.apart if deed in done), None)
    if clash:
        return Refusal("same_hand", clash)
    if step.same and not done.intersection(step.same):
        return Refusal("not_your_turn", step.same[0])
    return _judge_ties(step, able, set(ties))


def _judge_ties(step: Step, able: Sequence[str], hold: set[str]) -> Refusal | None:
    bar = next((tie for tie in step.bars if tie in hold), None)
    if bar:
        return Refusal("barred", bar)
    lacking = [next((tie for tie in step.conditions(role) if tie not in hold), "") for role in able]
    return Refusal("not_tied", lacking[0]) if all(lacking) else None


def acting_role(step: Step, roles: Collection[str], ties: Collection[str]) -> str:
    """The role in which a person whom ``judge`` lets through takes a step: the first of the row whose ties hold."""
    return next(role for role in step.by if role in roles and all(tie in ties for tie in step.conditions(role)))


def method_name(action: str, target: str) -> str:
    """Name of the django-fsm method that moves a record: ``pass`` and ``return`` are no Python names."""
    return f"to_{target}_by_{action}"


def transitions(machine: Machine) -> dict[str, Callable[[Any], None]]:
    """Build the django-fsm transition methods of a machine's record, by name; the kernel's ``Record`` takes them in."""
    sources: dict[tuple[str, str], list[str]] = {}
    for step in machine.steps:
        if not step.starts:
            sources.setdefault((step.action, step.target), []).extend(step.sources)
    return {method_name(action, target): _mover(froms, target) for (action, target), froms in sources.items()}


def _mover(sources: list[str], target: str) -> Callable[[Any], None]:
    def move(self: Any) -> None:
        """Move the record's state; called by the door only."""

    marked: Callable[[Any], None] = transition(field="state", source=sources, target=target)(move)
    return marked
