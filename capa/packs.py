"""Who makes what is frozen with a deed, the pack of a review and the content of a report: services announce it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from capa.models import Review, YearReport

Maker = Callable[["Review", date], dict[str, Any]]
_makers: list[Maker] = []


def register(maker: Maker) -> None:
    """Announce who makes packs; called once at ``ready()``. The last one announced counts."""
    _makers.append(maker)


def make(review: Review, day: date) -> dict[str, Any]:
    """The whole pack of a review as JSON: figures as of a day with the rows behind each, texts and waivers."""
    return _makers[-1](review, day)


@dataclass(frozen=True)
class Teller:
    """What a yearly report needs to be told: its content on a day, gates of the year that are unmet (a sentence by
    key), and its numbers in words by key.
    """

    content: Callable[[YearReport, date], dict[str, Any]]
    gates: Callable[[YearReport, date], dict[str, str]]
    labels: Callable[[], dict[str, str]]


_tellers: list[Teller] = []


def register_teller(found: Teller) -> None:
    """Announce who tells yearly reports; called once at ``ready()``. The last one announced counts."""
    _tellers.append(found)


def teller() -> Teller:
    """Who tells yearly reports."""
    return _tellers[-1]
