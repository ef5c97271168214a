"""Cards of the home page: each app adds its own; the kernel adds what every person has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from workflows.models import User


@dataclass(frozen=True)
class Card:
    """A number, what it counts, and the list behind it. ``alarm``: it should be none."""

    number: int
    label: str | Promise
    url: str
    alarm: bool = False


Source = Callable[[User, datetime], Iterable[Card]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Announce a function that gives cards for a person; called once per app at ``ready()``."""
    if source not in _sources:
        _sources.append(source)


def cards(user: User, now: datetime) -> list[Card]:
    """All cards for a person, in the order in which the apps announced them."""
    return [card for source in _sources for card in source(user, now)]
