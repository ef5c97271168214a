"""Who counts the points of computed criteria: services announce it, so that the door can keep them with a deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.models import Unit

Counter = Callable[[Unit, int, date, Sequence[Mapping[str, Any]]], dict[str, Decimal | None]]
_counters: list[Counter] = []


def register(counter: Counter) -> None:
    """Announce who counts; called once at ``ready()``. The last one announced counts."""
    _counters.append(counter)


def computed(agency: Unit, year: int, day: date, criteria: Sequence[Mapping[str, Any]]) -> dict[str, Decimal | None]:
    """Points of each criterion with a rule, by key, from what is on record on the day; None: nothing to count."""
    return _counters[-1](agency, year, day, criteria)
