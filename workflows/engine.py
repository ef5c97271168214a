"""The one door. A governed record is created by ``start`` and changed by ``fire``; nothing else writes it.

Order inside the transaction: row lock, expected version, role held now, separation of duties from past deeds,
guard, move, ledger row with its files, record, outbox. Notices go out after commit.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows import answers as answering
from workflows import writing
from workflows.errors import (
    Busy,
    GuardFailed,
    NotVisible,
    NotYourTurn,
    SameHand,
    Stale,
    WorkflowError,
    WrongState,
)
from workflows.models import Attachment, Move, Record, Seat, User, covers, day_of
from workflows.roles import CLOCK, label_of
from workflows.tables import Refusal, Step, acting_role, judge, method_name

R = TypeVar("R", bound=Record)
log = logging.getLogger("khung.door")
TAKEN = ("55P03", "40P01")
"""PostgreSQL's states for a lock not had in time and for a deadlock."""


@dataclass(frozen=True)
class Act:
    """One deed under way: what guards and ``then`` methods get to see."""

    step: Step
    by: User | None
    role: str
    seat: Seat | None
    now: datetime
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The calendar day of the deed."""
        return day_of(self.now)


@dataclass(frozen=True)
class _Hand:
    """Who acts, when, and the seats held at that instant."""

    by: User | None
    now: datetime
    seats: list[Seat]


@dataclass(frozen=True)
class Offer:
    """A step out of the present state, and why this person cannot take it (None: can)."""

    step: Step
    refusal: Refusal | None


def start(record: R, action: str, *, by: User | None, now: datetime | None = None, **given: Any) -> R:
    """Insert a new record by a start row of its table; raises like ``fire``."""
    moment = now or timezone.now()
    with transaction.atomic():
        _rest(record, _lock_owner(record))
        act = _begun(record, action, _Hand(by, moment, _seats(by, moment)), given)
        writing.write(record, act, source="", changed=None)
    return record


def start_many(
    records: Sequence[R], action: str, *, by: User | None, now: datetime | None = None, **given: Any
) -> Sequence[R]:
    """Insert new records of one model by the same start row and answers: all, or, if one is refused, none.

    What is judged, written, told and announced is what ``start`` does for each; only the statements are few: three
    inserts per ``writing.BATCH`` records. All are judged before the first is written. Raises like ``fire``.
    """
    moment = now or timezone.now()
    if len({type(record) for record in records}) > 1:
        raise TypeError("records of one model at a time")
    with transaction.atomic():
        owners = _lock_owners(records)
        hand = _Hand(by, moment, _seats(by, moment))
        if records:
            type(records[0]).look_ahead(records, moment)
        acts = []
        for record in records:
            _rest(record, owners.get(getattr(record, f"{record.rests_on}_id")) if record.rests_on else None)
            acts.append(_begun(record, action, hand, given))
        writing.write_many(list(zip(records, acts, strict=True)))
    return records


def fire(
    record: R, action: str, *, by: User | None, expected: int | None = None, now: datetime | None = None, **given: Any
) -> R:
    """Do ``action`` on a record and return it as it is afterwards.

    ``by`` None is the clock. ``expected`` is the row version on which the person decided. Raises ``WorkflowError``:
    ``NotYourTurn``, ``SameHand``, ``WrongState``, ``Stale``, ``GuardFailed``, ``BadAnswer``, ``Busy``, ``NotVisible``;
    then nothing is written.
    """
    moment = now or timezone.now()
    try:
        with transaction.atomic():
            locked = _lock(record)
            try:
                follow = _step(locked, action, _Hand(by, moment, _seats(by, moment)), expected, given)
                while follow:
                    follow = _step(locked, follow, _Hand(None, moment, []), None, {})
            except WorkflowError as refused:
                refused.state = refused.state or locked.state
                log.info("refused %s %s by %s: %s", action, record.pk, by and by.pk, refused.code)
                raise
    except OperationalError as error:
        if not is_taken(error):
            raise
        raise Busy(state=record.state) from error
    return locked


def offers(record: Record, user: User, now: datetime | None = None) -> list[Offer]:
    """Every step out of the present state that people take, each with the reason why this person cannot."""
    roles = {seat.role for seat in user.seats_held(now) if covers(seat, record.agency_id, record.unit_id)}
    deeds = set(Move.objects.filter(stream=record.pk, actor=user).values_list("action", flat=True))
    steps = [step for step in record.machine.steps_from(record.state) if step.by != (CLOCK,)]
    ties = record.ties_of(user, {tie for step in steps if roles.intersection(step.by) for tie in step.ties}, now)
    return [Offer(step, judge(record.machine, record.state, step.action, roles, deeds, ties=ties)) for step in steps]


def refusal_error(refusal: Refusal, record: Record) -> WorkflowError:
    """The exception that says a refusal to a person."""
    machine, state = record.machine, record.state
    if refusal.code == "same_hand":
        deed = machine.rows_of(refusal.detail)[0].label
        text = _("Bạn đã thực hiện bước “%(deed)s” của hồ sơ này nên không được thực hiện bước này.")
        return SameHand(text % {"deed": deed}, state=state)
    if refusal.code == "barred":
        text = _("Bạn %(tie)s nên bước này phải do người khác làm.")
        return SameHand(text % {"tie": machine.tie(refusal.detail).label}, state=state)
    if refusal.code == "not_tied":
        text = _("Bước này chỉ dành cho: %(tie)s.")
        return NotYourTurn(text % {"tie": machine.tie(refusal.detail).label}, state=state)
    if refusal.code == "wrong_state":
        text = _("Hồ sơ đang ở bước “%(stage)s”, không thực hiện được thao tác này.")
        return WrongState(text % {"stage": record.stage.label} if state else None, state=state)
    return NotYourTurn(state=state)


def needed(step: Step) -> str:
    """Labels of the roles that may take a step, for “why can I not”."""
    return ", ".join(label_of(role) for role in step.by)


def is_taken(error: OperationalError) -> bool:
    """True if somebody else holds the lock: PostgreSQL's time-out or deadlock, or SQLite's single writer."""
    return getattr(error.__cause__, "sqlstate", None) in TAKEN or "locked" in str(error)


def _lock(record: R) -> R:
    """The row as it is now, ours until the end; behind it, if its guards rest on another record, that one too."""
    model, owner = type(record), _lock_owner(record)
    try:
        locked = cast("R", model.objects.select_for_update(of=("self",)).get(pk=record.pk))
    except model.DoesNotExist as missing:
        raise NotVisible from missing
    if owner is not None:
        setattr(locked, model.rests_on, owner)
    return locked


def _lock_owner(record: Record) -> Record | None:
    """Lock the record on which this one rests; None if there is none. Always the owner first: no two deeds deadlock."""
    return next(iter(_lock_owners([record]).values()), None)


def _lock_owners(records: Sequence[Record]) -> dict[Any, Record]:
    """Lock the records on which these rest, by key and always in the order of keys; one query, none for nothing."""
    if not records or not records[0].rests_on:
        return {}
    name = records[0].rests_on
    model: type[Record] = records[0]._meta.get_field(name).related_model  # type: ignore[assignment]
    keys = {getattr(record, f"{name}_id") for record in records}
    return {
        owner.pk: owner for owner in model.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    }


def _rest(record: Record, owner: Record | None) -> None:
    """Let a new record see what it rests on as it stands now: it may have moved on after the person's page was read."""
    if owner is not None and owner.row_version != getattr(record, record.rests_on).row_version:
        setattr(record, record.rests_on, owner)


def _begun(record: Record, action: str, hand: _Hand, given: dict[str, Any]) -> Act:
    """Judge the start of a record and let the row's ``then`` run; nothing of the record is written yet."""
    act = _answered(record, _act(record, action, hand), given)
    if act.step.guard and (problems := getattr(record, act.step.guard)(act)):
        raise GuardFailed(problems=problems)
    record.created_at, record.created_by = hand.now, hand.by
    _run(record, act)
    return act


def _step(record: Record, action: str, hand: _Hand, expected: int | None, given: dict[str, Any]) -> str:
    """Do one step on a locked record; return the action that the row wants done at once afterwards, or ""."""
    rows = [row for row in record.machine.rows_of(action) if record.state in row.sources]
    deeds: Iterable[str] = ()
    if hand.by is not None and any(row.apart or row.same for row in rows):
        wanted = {deed for row in rows for deed in (*row.apart, *row.same)}
        deeds = Move.objects.filter(stream=record.pk, actor=hand.by, action__in=wanted).values_list("action", flat=True)
    stale = expected is not None and expected != record.row_version
    try:
        act = _act(record, action, hand, deeds)
    except (NotYourTurn, SameHand) as refused:
        if stale and _has_part(record, _roles(record, hand), action):
            raise Stale(state=record.state) from refused
        raise
    if stale:
        raise Stale(state=record.state)
    act = _answered(record, act, given)
    source, before = record.state, _snapshot(record)
    if act.step.guard and (problems := getattr(record, act.step.guard)(act)):
        raise GuardFailed(problems=problems)
    getattr(record, method_name(action, act.step.target))()
    _run(record, act)
    writing.write(record, act, source=source, changed=before)
    return act.step.follow


def _has_part(record: Record, roles: Collection[str], action: str) -> bool:
    """True if the person takes this action somewhere in the table: a late one is told that the record has moved on,
    not that they lack a role which they held for what they saw.
    """
    return any(role in row.by for row in record.machine.rows_of(action) for role in roles)


def _roles(record: Record, hand: _Hand) -> set[str]:
    return {seat.role for seat in hand.seats if covers(seat, record.agency_id, record.unit_id)}


def _seats(by: User | None, now: datetime) -> list[Seat]:
    """Seats held at this instant, read inside the transaction: a cached answer could outlive a revocation."""
    return [] if by is None else Seat.objects.of(by, day_of(now))


def _act(record: Record, action: str, hand: _Hand, deeds: Iterable[str] = ()) -> Act:
    """Judge the deed and name the seat in which it is done: the first role of the row that the person holds."""
    mine = [seat for seat in hand.seats if covers(seat, record.agency_id, record.unit_id)]
    roles = {CLOCK} if hand.by is None else {seat.role for seat in mine}
    step = record.machine.step(action, record.state)
    ties = record.ties_of(hand.by, step.ties, hand.now) if step and roles.intersection(step.by) else set()
    refusal = judge(record.machine, record.state, action, roles, deeds, ties=ties)
    if refusal is not None or step is None:
        raise refusal_error(refusal or Refusal("wrong_state"), record)
    if hand.by is None:
        return Act(step, None, CLOCK, None, hand.now)
    role = acting_role(step, roles, ties)
    seat = next(seat for seat in mine if seat.role == role)
    return Act(step, hand.by, seat.role, seat, hand.now)


def _answered(record: Record, act: Act, given: dict[str, Any]) -> Act:
    cleaned = record.clean_answers(act.step, answering.clean(act.step, given, record.options))
    for ask in act.step.asks:
        if ask.kind == "files":
            cleaned[ask.name] = Attachment.objects.claim(ask.name, cleaned[ask.name], stream=record.pk, by=act.by)
    return Act(act.step, act.by, act.role, act.seat, act.now, cleaned)


def _run(record: Record, act: Act) -> None:
    if act.step.then:
        getattr(record, act.step.then)(act)


def _snapshot(record: Record) -> dict[str, Any]:
    return {f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields}
