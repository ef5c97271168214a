"""How an indicator is counted: facts of agencies in, numerator, denominator and percentage out (domain §6.3).

Pure: no database, no clock. Whatever is shown, kept or exported comes out of ``count`` here, so that a maintained
figure, a recomputed one and one from a snapshot cannot be counted by different rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.functional import Promise

EACH, ALL_OF, ANY_OF, SUM = "each", "all_of", "any_of", "sum"
"""Every agency counts for itself; a place counts if all, or any, of its agencies do; a number of each is added up."""
DAY, YEAR = "day", "year"
"""As it stands on the day; what happened in the day's year until then."""
AGENCIES, INSPECTIONS, REGISTER = "agencies", "inspections", "register"
"""Rows that an indicator is counted over."""


class Facts(NamedTuple):
    """What the indicators need to know of one agency on one day.

    ``place``: the ministry or province it belongs to (itself, or the nearest above), by id; 0: to none. ``counts``: it
    has procedures to handle, so it stands in denominators. ``listed``: its list of procedures is known; ``declared``:
    procedures announced that its standing declaration names. ``complete``: every group of documents that it keeps is in
    force, and so is every item required by a framework model that it applies. ``reissued`` and ``certificates`` are of
    the day's year until the day.
    """

    agency: int
    path: str
    kind: str
    place: int
    place_kind: str
    obligation: str
    counts: bool
    listed: bool
    announced: int
    covered: int
    declared: int
    published: bool
    building: bool
    applied: bool
    complete: bool
    reissued: int
    planned: int
    certified: bool
    certificates: int

    @property
    def full(self) -> bool:
        """Every announced procedure has a document in force; nobody knows it where there is no list."""
        return self.listed and self.covered == self.announced

    @property
    def built(self) -> bool:
        """All documents of the framework in force, and every procedure has one."""
        return self.complete and self.full

    @property
    def conforms(self) -> bool:
        """A declaration stands that names every procedure, and each has its document (domain §6.3, F9)."""
        return self.published and self.full and self.declared == self.announced


class Listed(NamedTuple):
    """One entry of a register that is not kept by agency; ``agency``: its own id."""

    agency: int
    kind: str


Test = Callable[[Any], int]


def _everything(row: Any) -> bool:
    del row
    return True


@dataclass(frozen=True)
class Part:
    """A number beside the numerator. ``places``: ministries or provinces with such an agency, not the agencies."""

    key: str
    label: str | Promise
    hit: Test
    places: bool = False


@dataclass(frozen=True)
class Indicator:
    """One row of the table. ``base``: who stands in the denominator; ``hit``: who of those in the numerator.

    ``of``: what is added up for the denominator of a sum. ``over``: the kind of place that ``all_of`` and ``any_of``
    judge. ``reference``: the kind whose dated number is the denominator for the whole country. ``parts_add_up``: the
    parts divide the numerator; where they do not, they overlap and are never drawn as parts of a whole. ``overlaps``:
    indicators that count some agencies together with this one.
    """

    number: int
    label: str | Promise
    means: str | Promise
    whole: str | Promise
    hit: Test
    base: Test = _everything
    source: str = AGENCIES
    how: str = EACH
    of: Test | None = None
    over: str = ""
    reference: str = ""
    when: str = DAY
    decimals: int = 1
    by_kind: bool = False
    parts: tuple[Part, ...] = ()
    overlaps: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """``F9``."""
        return f"F{self.number}"

    @property
    def has_denominator(self) -> bool:
        """A share of something; else a plain number."""
        return bool(self.whole)

    @property
    def is_judged(self) -> bool:
        """Counted from what inspectors judge (F3 to F8)."""
        return self.source == INSPECTIONS and self.has_denominator


@dataclass(frozen=True)
class Reference:
    """A dated number of all units of a kind in the country, with its source."""

    number: int
    source: str


@dataclass(frozen=True)
class Counted:
    """A number and the ids of the rows behind it."""

    key: str
    label: str | Promise
    number: int
    behind: tuple[int, ...]


@dataclass(frozen=True)
class Live:
    """What the product's own data says of an indicator that inspectors judge, by ids of agencies.

    ``behind``: those that count by it, of those that it knows (``of``); ``differ``: those of which the inspector says
    otherwise.
    """

    behind: tuple[int, ...]
    of: tuple[int, ...]
    differ: tuple[int, ...]

    @property
    def numbers(self) -> dict[str, int]:
        """How many, by the keys of their lists."""
        return {"auto": len(self.behind), "auto_of": len(self.of), "differ": len(self.differ)}


@dataclass(frozen=True)
class Figure:
    """One indicator of one node on one day. ``behind`` and ``of``: ids of agencies, places or entries counted.

    ``held``: the denominator as the rows give it; ``reference``: the dated number that stands in its place; ``live``:
    the same by the product's own data, where somebody asked for it.
    """

    indicator: Indicator
    numerator: int
    behind: tuple[int, ...]
    held: int = 0
    of: tuple[int, ...] = ()
    reference: Reference | None = None
    parts: tuple[Counted, ...] = field(default=())
    live: Live | None = None

    @property
    def denominator(self) -> int | None:
        """Of how many; None of a plain number."""
        if not self.indicator.has_denominator:
            return None
        return self.held if self.reference is None else self.reference.number

    @property
    def percent(self) -> Decimal | None:
        """Numerator of denominator; None of nothing."""
        whole = self.denominator
        return None if not whole else percent(self.numerator, whole, self.indicator.decimals)

    def part(self, key: str) -> Counted | None:
        """A part by its key."""
        return next((one for one in self.parts if one.key == key), None)


def percent(part: int, whole: int, decimals: int = 1) -> Decimal:
    """Percent rounded once and half up, in whole numbers: 5,564 of 8,910 is 62.4 and not the 62.5 of two roundings."""
    scaled = (200 * part * 10**decimals + whole) // (2 * whole)
    return Decimal(scaled).scaleb(-decimals)


def count(
    indicator: Indicator,
    rows: Sequence[Any],
    *,
    kinds: Mapping[str, str | Promise],
    reference: Reference | None = None,
) -> Figure:
    """Count one indicator over rows. ``kinds``: names of the kinds of agencies, in the order of the parts."""
    base = rows if indicator.base is _everything else [row for row in rows if indicator.base(row)]
    if indicator.how in (ALL_OF, ANY_OF):
        number, behind, held, of = _places(indicator, rows, base)
    elif indicator.how == SUM:
        behind = [row.agency for row in base if indicator.hit(row)]
        of = [row.agency for row in base if indicator.of is not None and indicator.of(row)]
        number = sum(indicator.hit(row) for row in base)
        held = sum(indicator.of(row) for row in base) if indicator.of is not None else 0
    else:
        behind = [row.agency for row in base if indicator.hit(row)]
        of = [row.agency for row in base] if indicator.has_denominator else []
        number, held = len(behind), len(of)
    parts = tuple(_part(one, base) for one in indicator.parts)
    if indicator.by_kind:
        parts = (*_by_kind(indicator, base, kinds), *parts)
    return Figure(indicator, number, tuple(behind), held, tuple(of), reference, parts)


def _places(indicator: Indicator, rows: Iterable[Any], base: Iterable[Any]) -> tuple[int, list[int], int, list[int]]:
    """Places that lie in the rows themselves: of a part of a province nobody says what holds for the province."""
    mine: dict[int, list[bool]] = {row.agency: [] for row in rows if row.kind == indicator.over}
    for row in base:
        if row.place in mine:
            mine[row.place].append(bool(indicator.hit(row)))
    if indicator.how == ALL_OF:
        mine = {place: hits for place, hits in mine.items() if hits}
    behind = [place for place, hits in mine.items() if (all if indicator.how == ALL_OF else any)(hits)]
    return len(behind), behind, len(mine), list(mine)


def _part(part: Part, base: Iterable[Any]) -> Counted:
    hits = [(row, part.hit(row)) for row in base]
    if part.places:
        places = tuple(dict.fromkeys(row.place for row, hit in hits if hit and row.place))
        return Counted(part.key, part.label, len(places), places)
    return Counted(part.key, part.label, sum(hit for _row, hit in hits), tuple(row.agency for row, hit in hits if hit))


def _by_kind(indicator: Indicator, base: Iterable[Any], kinds: Mapping[str, str | Promise]) -> list[Counted]:
    """The numerator by kind of agency: these parts add up to it."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in base:
        if indicator.hit(row):
            found[row.kind].append(row.agency)
    return [Counted(kind, label, len(found[kind]), tuple(found[kind])) for kind, label in kinds.items() if found[kind]]
