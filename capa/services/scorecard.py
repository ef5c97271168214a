"""A score as a page and a pack show it: every criterion with points given, points counted, and the evidence of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from capa.machines.scoring import MANUAL
from capa.models import Points, ScoringTemplate
from capa.services.known import Place
from capa.services.rules import Earned, sheet
from capa.sheets import NOTHING, band_of


@dataclass(frozen=True)
class Line:
    """One criterion. ``given``: what stands of the points somebody gave; ``earned``: what the product counts now."""

    key: str
    text: str
    most: Decimal
    rule: str
    wanted: str
    given: Points | None
    earned: Earned | None
    other: Points | None = None

    @property
    def is_manual(self) -> bool:
        """Nobody but a person can give it."""
        return self.rule == MANUAL

    @property
    def points(self) -> Decimal | None:
        """As given, else as counted; None: not scored yet."""
        if self.given is not None:
            return self.given.points
        return self.earned.points if self.earned else None


@dataclass(frozen=True)
class Group:
    """Criteria that belong together."""

    name: str
    lines: Sequence[Line]

    @property
    def most(self) -> Decimal:
        """The most that the group gives."""
        return sum((line.most for line in self.lines), NOTHING)

    @property
    def points(self) -> Decimal:
        """What it has so far."""
        return sum((line.points or NOTHING for line in self.lines), NOTHING)


@dataclass(frozen=True)
class Card:
    """A whole score."""

    groups: Sequence[Group]
    most: Decimal
    bands: Sequence[Mapping[str, Any]]

    @property
    def lines(self) -> list[Line]:
        """Every criterion."""
        return [line for group in self.groups for line in group.lines]

    @property
    def points(self) -> Decimal:
        """The sum so far."""
        return sum((group.points for group in self.groups), NOTHING)

    @property
    def band(self) -> str:
        """What the sum so far is called."""
        return band_of(self.bands, self.points, self.most)

    @property
    def left(self) -> int:
        """Criteria without points."""
        return sum(line.points is None for line in self.lines)


def card(
    template: ScoringTemplate,
    place: Place,
    given: Mapping[str, Points],
    *,
    others: Mapping[str, Points] | None = None,
    live: bool = True,
) -> Card:
    """The score of a place by a template; ``others``: points of another score of the same template beside it."""
    counted = sheet(place, template.criteria) if live else {}
    lines = [
        (
            row["group"],
            Line(
                row["key"],
                row["text"],
                Decimal(row["max"]),
                row["rule"],
                row["evidence"],
                given.get(row["key"]),
                counted.get(row["key"]),
                (others or {}).get(row["key"]),
            ),
        )
        for row in template.criteria
    ]
    groups = [Group(name, [line for _name, line in rows]) for name, rows in groupby(lines, key=lambda one: one[0])]
    return Card(groups, template.most, template.bands)
