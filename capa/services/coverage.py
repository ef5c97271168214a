"""Which units and clauses the rounds cover, and what is left out: every one at least once a year (domain §5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from capa.clauses import CLAUSES, clause_label, main_clause
from capa.models import Programme, Round
from workflows.models import Unit

NOT_COUNTED = ("cancelled", "postponed")
"""Rounds that will not be, or of which nobody knows when."""


@dataclass(frozen=True)
class Line:
    """One unit. ``cells``: for each clause, the numbers of the rounds that look at it there, in words."""

    unit: Unit
    cells: tuple[str, ...]
    visited: bool


@dataclass(frozen=True)
class Coverage:
    """The table, and its gaps. ``rounds``: each with its number in the cells."""

    rounds: tuple[tuple[int, Round], ...]
    clauses: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    units_missing: tuple[Unit, ...]
    clauses_missing: tuple[str, ...]

    @property
    def gaps(self) -> list[str]:
        """What is not covered, as sentences; none: all of it is."""
        found = []
        if self.units_missing:
            names = "; ".join(map(str, self.units_missing))
            found.append(_("Chưa có đợt nào đánh giá đơn vị: %(units)s.") % {"units": names})
        if self.clauses_missing:
            names = "; ".join(map(clause_label, self.clauses_missing))
            found.append(_("Chưa có đợt nào đánh giá điều khoản: %(clauses)s.") % {"clauses": names})
        return found


def of_programme(programme: Programme, rounds: Sequence[Round]) -> Coverage:
    """The whole year against all units of the agency and all clauses. Rounds come with their visits."""
    units = list(Unit.objects.filter(agency=programme.agency_id).order_by("path"))
    return _coverage([one for one in rounds if one.state not in NOT_COUNTED], units, list(CLAUSES))


def of_round(owner: Round) -> Coverage:
    """One round against what it set out to look at; its visits come with their units."""
    units = [visit.unit for visit in owner.visits.all()]
    return _coverage([owner], units, _in_order({main_clause(code) for code in owner.clauses}))


def _in_order(codes: Iterable[str]) -> list[str]:
    known = set(codes)
    return [code for code in CLAUSES if code in known]


def _coverage(rounds: Sequence[Round], units: list[Unit], clauses: list[str]) -> Coverage:
    numbered = tuple(enumerate(rounds, start=1))
    seen: dict[tuple[int, str], list[str]] = {}
    visited: set[int] = set()
    for number, one in numbered:
        heads = {main_clause(code) for code in one.clauses}
        for visit in one.visits.all():
            visited.add(visit.unit_id)
            for head in heads:
                seen.setdefault((visit.unit_id, head), []).append(str(number))
    lines = tuple(
        Line(unit, tuple(", ".join(seen.get((unit.pk, code), ())) for code in clauses), unit.pk in visited)
        for unit in units
    )
    looked_at = {head for _unit, head in seen}
    return Coverage(
        rounds=numbered,
        clauses=tuple((code, clause_label(code)) for code in clauses),
        lines=lines,
        units_missing=tuple(unit for unit in units if unit.pk not in visited),
        clauses_missing=tuple(code for code in clauses if code not in looked_at),
    )
