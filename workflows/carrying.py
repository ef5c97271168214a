"""What an agency that ends has to hand on: one row for each kind of thing, announced by the app that keeps it.

The kernel keeps the list; page, guard and clock read it. What a row finds is what is still to be carried, so that the
preview shows what the deed will do, and a run that was broken off goes on with what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from workflows.models.people import Unit
from workflows.tables import Label


@dataclass(frozen=True)
class Parting:
    """One thing on its way: to which unit (None: it has no heir), how, from which day, by which decision, and when."""

    heir: Unit | None
    manner: str
    day: date
    ground: str
    now: datetime


Find = Callable[[Collection[int], date], QuerySet[Any]]
"""What agencies that end on a day have still to hand on; rows have ``unit`` and ``agency``."""


@dataclass(frozen=True)
class Carrier:
    """One kind of thing. ``how``: what becomes of it, in words. ``inherited``: it needs somebody who takes it. ``of``:
    the column that names the unit of the agency that ends.
    """

    name: str
    label: Label
    how: Label
    find: Find
    carry: Callable[[Any, Parting], object]
    inherited: bool = True
    of: str = "unit"


_carriers: dict[str, Carrier] = {}


def register(*carriers: Carrier) -> None:
    """Announce kinds of things, once per name; things are carried in the order in which kinds are announced."""
    for carrier in carriers:
        _carriers.setdefault(carrier.name, carrier)


def carriers() -> tuple[Carrier, ...]:
    """All kinds, in order."""
    return tuple(_carriers.values())
