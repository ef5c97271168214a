"""Reorganisations of the small world: who prepares and decides in the province above, and what is in the way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from tests.people import World, person, seat
from workflows import engine
from workflows.models import Reorganisation, Unit, UnitKind, User
from workflows.roles import Role

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=10)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of a day in the country's time zone."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def leader(world: World) -> User:
    """Head of the committee of the province, who decides."""
    if "chutich" not in world.people:
        world.people["chutich"] = person("chutich")
        seat(world.people["chutich"], Role.STEERING_HEAD, world.unit("tinh"))
    return world.people["chutich"]


def second_commune(world: World) -> Unit:
    """Xã Bình An, a neighbour of Xã Bình Minh, with a head and a division of the same name as none."""
    if "xb" not in world.units:
        made = {"kind": UnitKind.COMMUNE, "parent": world.unit("stp")}
        world.units["xb"] = Unit.objects.create(code="XB1", name="Xã Bình An", **made)
        world.people["an"] = person("an")
        seat(world.people["an"], Role.STEERING_HEAD, world.unit("xb"))
    return world.units["xb"]


def merge(unit: str = "XA1", into: str = "XB1", **more: str) -> dict[str, Any]:
    """A line by which one agency goes into another."""
    return {"what": "merge", "unit": unit, "into": [into], **more}


def prepared(world: World, *lines: dict[str, Any], by: User | None = None) -> Reorganisation:
    """A draft of the province; two communes that merge, unless said otherwise."""
    second_commune(world)
    tinh = world.unit("tinh")
    rows = list(lines) or [merge()]
    return engine.start(Reorganisation(agency=tinh, unit=tinh), "draft", by=by or world.cao, lines=rows)


def decided(world: World, *lines: dict[str, Any], on: date = SOON, number: str = "5/NQ-SV") -> Reorganisation:
    """The same, decided."""
    facts: dict[str, Any] = {"decision_no": number, "decision_on": TODAY, "effective_on": on}
    return engine.fire(prepared(world, *lines), "decide", by=leader(world), **facts)
