"""Who is told of a deed: read from the row of the table that was followed, and from the seats of that day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from workflows import registry
from workflows.models import Move, Record, Reminder, Seat, User
from workflows.models.people import day_of
from workflows.roles import UNIT_SCOPED, Role
from workflows.tables import ABOUT, ACTORS, AUTHOR, PARTS, TELL_TOKENS, WAITS, Stage

ANSWERING = (Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD)
"""Seats that are told of what concerns an agency from outside."""


def recipients(move: Move) -> list[User]:
    """Active people to be told of ``move``, in the order of their numbers; never its actor. One query."""
    if move.step is None or not move.step.tell:
        return []
    tell, day = set(move.step.tell), day_of(move.at)
    stage = registry.machine(move.machine).stage(move.target)
    wanted = _seated(tell - TELL_TOKENS, move, day, widely=stage.public)
    if WAITS in tell:
        wanted |= _waited_on(stage, move, day)
    if PARTS in tell:
        wanted |= _parts(move, day)
    if ABOUT in tell:
        wanted |= _concerned(move, day)
    if ACTORS in tell:
        wanted |= _acted(move, day, move.seq)
    if AUTHOR in tell:
        wanted |= _acted(move, day, 1)
    told = User.objects.filter(wanted, is_active=True).order_by("pk")
    return [person for person in told if person.pk != move.actor_id]


def reminded(reminder: Reminder) -> list[User]:
    """Active people to be reminded: those whose turn it still is, and the leaders to whom it was escalated.

    Nobody, if the record has gone on meanwhile or has another last day.
    """
    record = registry.model_of(reminder.machine).objects.filter(pk=reminder.stream, due_on=reminder.due_on).first()
    if record is None or record.entered_at != reminder.arrival.at:
        return []
    day = day_of(reminder.at)
    wanted = _turns(record, reminder.arrival, day) | _seated(reminder.escalated, reminder.arrival, day)
    return list(User.objects.filter(wanted, is_active=True).order_by("pk"))


def _seated(roles: Iterable[str], move: Move, day: date, *, widely: bool = False) -> Q:
    """People who hold one of the roles for the record: in its unit, or anywhere in its agency, by the role.

    ``widely``: a record of the agency as a whole that everybody there may read also concerns every unit, so that
    the heads of all units hear of a campaign. A record of the national register has no agency and concerns nobody.
    """
    asked = set(roles)
    if move.agency_id is None or not asked:
        return Q(pk__in=())
    where = Q(role__in=asked - UNIT_SCOPED, unit__agency=move.agency_id)
    near = Q(role__in=asked & UNIT_SCOPED)
    where |= near & (Q(unit__agency=move.agency_id) if _whole(move) and widely else Q(unit=move.unit_id))
    return Q(pk__in=Seat.objects.held_on(day).filter(where).values("user"))


def _waited_on(stage: Stage, move: Move, day: date) -> Q:
    """People whose turn it is. Where that depends on the record, it is asked as it stands now."""
    if not stage.only:
        return _seated(stage.waits_on, move, day)
    return _turns(registry.model_of(move.machine).objects.get(pk=move.stream), move, day)


def _parts(move: Move, day: date) -> Q:
    """People on whom any part of the record waits, by the roles of the stage in which it is; each once."""
    parts, found = registry.model_of(move.machine).objects.get(pk=move.stream).parts(), Q(pk__in=())
    for stage in parts.model.machine.stages:
        roles, waiting = set(stage.waits_on), parts.filter(state=stage.state).order_by()
        if roles:
            wide = Q(role__in=roles - UNIT_SCOPED, unit__agency__in=waiting.values("agency"))
            near = Q(role__in=roles & UNIT_SCOPED, unit__in=waiting.values("unit"))
            found |= Q(pk__in=Seat.objects.held_on(day).filter(wide | near).values("user"))
    return found


def _concerned(move: Move, day: date) -> Q:
    """Who answers for the system in the agency that the record is about."""
    agency = registry.model_of(move.machine).objects.get(pk=move.stream).concerned()
    seats = Seat.objects.held_on(day).filter(unit__agency=agency, role__in=ANSWERING)
    return Q(pk__in=seats.values("user")) if agency else Q(pk__in=())


def _turns(record: Record, move: Move, day: date) -> Q:
    found = Q(pk__in=())
    for role, person in record.turns():
        seated = _seated((role,), move, day)
        found |= seated & Q(pk=person) if person else seated
    return found


def _whole(move: Move) -> bool:
    return move.unit_id == move.agency_id


def _acted(move: Move, day: date, up_to: int) -> Q:
    """People who acted on the record in its first ``up_to`` deeds and have not left its agency since."""
    doers = Move.objects.filter(stream=move.stream, seq__lte=up_to, actor__isnull=False)
    where = Q(pk__in=doers.values("actor"))
    if move.agency_id is None:
        return where
    return where & Q(pk__in=Seat.objects.held_on(day).filter(unit__agency=move.agency_id).values("user"))
