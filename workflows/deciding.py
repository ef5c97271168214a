"""Who may record a decision on a unit, and for which of their agencies they do it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from workflows import engine, registry
from workflows.access import may_start
from workflows.errors import NotYourTurn
from workflows.models import Unit, UnitDecision, User

RECORDING = ("unit_decision", "record")


def place_of(
    user: User, about: Unit, now: datetime | None = None, *, action: tuple[str, str] = RECORDING, own: bool = False
) -> Unit | None:
    """The agency for which the person may start a record about a unit, by machine and action; None if they may not.

    It is the nearest above the unit before the unit itself, whose hands are tied in some things; ``own`` turns that.
    """
    places = {seat.agency.pk: seat.agency for seat in user.seats_held(now) if about.path.startswith(seat.agency.path)}
    near = sorted(places.values(), key=lambda one: len(one.path), reverse=True)
    machine, start = registry.machine(action[0]), action[1]
    allowed = [one for one in near if may_start(machine, start, user, one.pk, one.pk) is None]
    above = [one for one in allowed if one.pk != about.pk]
    return next(iter(allowed if own else [*above, *allowed]), None)


def decide(
    *,
    about: Unit,
    by: User,
    aspect: str,
    value: str,
    valid_from: date | str,
    decision_no: str,
    decision_on: date | str,
    below: str = "",
    now: datetime | None = None,
) -> UnitDecision:
    """Record a decision on a unit through the door. Raises ``WorkflowError``."""
    place = place_of(by, about, now)
    if place is None:
        raise NotYourTurn
    fresh = UnitDecision(about=about, agency=place, unit=place)
    answers = {
        "aspect": aspect,
        "value": value,
        "below": below,
        "valid_from": valid_from,
        "decision_no": decision_no,
        "decision_on": decision_on,
    }
    return engine.start(fresh, "record", by=by, now=now, **answers)


def place_over(user: User, codes: Collection[str]) -> Unit | None:
    """The agency for which the person may prepare a reorganisation of these agencies: the nearest above all of them.

    None if the person may prepare none at all; where no agency of theirs is above all, the highest: the door says what
    lies outside.
    """
    machine = registry.machine("reorganisation")
    mine = {seat.agency.pk: seat.agency for seat in user.seats_held()}
    allowed = [one for one in mine.values() if may_start(machine, "draft", user, one.pk, one.pk) is None]
    paths = Unit.objects.agencies().filter(code__in=codes).values_list("path", flat=True)
    over = [one for one in allowed if all(path.startswith(one.path) for path in paths)]
    if over:
        return max(over, key=lambda one: len(one.path))
    return min(allowed, key=lambda one: len(one.path), default=None)
