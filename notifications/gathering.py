"""One notice for many deeds: what was decided on many parts of one record at one instant, or reminded of in one run.

Which records are parts of one is the table's word (``Record.gathered``), as in the inbox. A person has one notice of
such an act, that of the first deed delivered; of how many it stands for is counted from ledger and seats when it is
shown, so that nothing has to be kept in step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from notifications.models import Notice
from workflows import registry
from workflows.models import Move, Record, Reminder, Seat, User, day_of
from workflows.roles import UNIT_SCOPED
from workflows.tables import ACTORS, AUTHOR, TELL_TOKENS, WAITS

LETTER_WAITS = timedelta(minutes=1)
"""A letter about one of many waits for the others: a decision on 500 items takes some seconds."""


@dataclass(frozen=True)
class Many:
    """Of how many records a notice tells; of a reminder, how many of them are late."""

    number: int
    late: int = 0


def gathered(machine: str) -> bool:
    """Whether records of this machine are parts of another."""
    return bool(registry.model_of(machine).gathered)


def told_of_move(move: Move, people: Sequence[User]) -> set[int]:
    """Those of some people who have a notice of the same act already; it is unread again, since it says more now.

    Two queries. The people's rows are locked, so that of two processes one tells.
    """
    like = Notice.objects.filter(reminder=None, move__in=_of_one_instant(move))
    return _told(move.machine, move.stream, like, people)


def told_of_reminder(reminder: Reminder, people: Sequence[User]) -> set[int]:
    """The same for a reminder: those who were reminded in the same run of another part of the same record."""
    like = Notice.objects.filter(reminder__machine=reminder.machine, reminder__at=reminder.at)
    return _told(reminder.machine, reminder.stream, like, people)


def _of_one_instant(move: Move) -> QuerySet[Move]:
    same = {name: getattr(move, name) for name in ("machine", "action", "target", "at", "actor_id")}
    return Move.objects.order_by().filter(**same)


def _told(machine: str, stream: UUID, like: QuerySet[Notice], people: Sequence[User]) -> set[int]:
    if not people or not gathered(machine):
        return set()
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in people]).order_by("pk"))
    # One notice for each record that has parts, so there are few.
    found = list(like.filter(user__in=people).order_by().values_list("pk", "user", "move__stream"))
    parents = _parents(machine, {stream, *(other for _pk, _user, other in found)})
    mine = {pk: user for pk, user, other in found if parents.get(other) == parents.get(stream)}
    Notice.objects.filter(pk__in=mine, read_at__isnull=False).update(read_at=None)
    return set(mine.values())


def _parents(machine: str, streams: set[UUID]) -> dict[UUID, Any]:
    model = registry.model_of(machine)
    return dict(model.objects.filter(pk__in=streams).order_by().values_list("pk", model.gathered))


def numbers(notices: Iterable[Notice]) -> dict[int, Many]:
    """Of how many records each notice tells, where it may tell of several; one query for all of them."""
    parts = [_counted(notice) for notice in notices if gathered(notice.move.machine)]
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    return {row["notice_"]: Many(row["number_"], row["late_"]) for row in rows}


def _counted(notice: Notice) -> QuerySet[Any, Any]:
    siblings = _siblings(notice.move)
    rows: QuerySet[Any, Any]
    if notice.reminder is None:
        rows, late = _of_one_instant(notice.move).filter(_hears(notice), stream__in=siblings), Q(pk__in=())
    else:
        run = {"machine": notice.reminder.machine, "at": notice.reminder.at, "stream__in": siblings}
        rows = Reminder.objects.alias(raised=Cast("escalated", TextField())).filter(_is_reminded(notice), **run)
        late = Q(threshold__gt=F("due_on"))
    counted = rows.order_by().values(notice_=Value(notice.pk))
    return counted.annotate(number_=Count("pk"), late_=Count("pk", filter=late))


def _siblings(move: Move) -> QuerySet[Any, Any]:
    model: type[Record] = registry.model_of(move.machine)
    parent = model.objects.filter(pk=move.stream).order_by().values(model.gathered)
    return model.objects.filter(**{f"{model.gathered}__in": parent}).order_by().values("pk")


def _hears(notice: Notice) -> Q:
    """Deeds like this one of which the person is told: ``recipients``, asked from the person's side."""
    move = notice.move
    tell = set(move.step.tell) if move.step else set()
    stage = registry.machine(move.machine).stage(move.target)
    seats = Seat.objects.held_on(day_of(move.at)).filter(user=notice.user_id)
    roles = tell - TELL_TOKENS | (set(stage.waits_on) if WAITS in tell else set())
    where = _held(seats, roles)
    if stage.public:
        wide = seats.filter(role__in=(tell - TELL_TOKENS) & UNIT_SCOPED).values("unit__agency")
        where |= Q(unit=F("agency"), agency__in=wide)
    here = Q(agency__in=seats.values("unit__agency"))
    deeds = Move.objects.filter(stream=OuterRef("stream"), actor=notice.user_id)
    if ACTORS in tell:
        where |= here & Q(Exists(deeds.filter(seq__lte=OuterRef("seq"))))
    if AUTHOR in tell:
        where |= here & Q(Exists(deeds.filter(seq=1)))
    return where


def _is_reminded(notice: Notice) -> Q:
    """Reminders of one run that concern the person: their turn, or raised to a role of theirs."""
    assert notice.reminder is not None  # noqa: S101 - asked for notices of reminders alone
    machine = registry.machine(notice.reminder.machine)
    seats = Seat.objects.held_on(day_of(notice.reminder.at)).filter(user=notice.user_id)
    where = Q(pk__in=())
    for stage in machine.stages:
        if stage.waits_on:
            where |= Q(arrival__target=stage.state) & _held(seats, set(stage.waits_on))
    for role in sorted({role for _days, role in settings.ESCALATE_AFTER}):
        where |= Q(raised__contains=f'"{role}"') & _held(seats, {role})
    return where


def _held(seats: QuerySet[Seat], roles: set[str]) -> Q:
    """Rows in the scope of seats with one of the roles."""
    near = seats.filter(role__in=roles & UNIT_SCOPED).values("unit")
    return Q(unit__in=near) | Q(agency__in=seats.filter(role__in=roles - UNIT_SCOPED).values("unit__agency"))
