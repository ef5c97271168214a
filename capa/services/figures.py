"""The leaders' figures of corrective action: how much is open, late, repeated and closed, where and why.

Open, overdue and recurring are as of today; what is closed, how fast and how timely, and the causes are of one year.
Five groupings and one summary: six queries, however many CARs there are. Each number carries the filters of the list
that it counts (``car_filters``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DurationField, F, Min, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from capa.analysis import Category
from capa.clauses import clause_label
from capa.machines.car import SEVERITIES, SOURCES
from capa.models.car_rows import CarQuerySet
from capa.services.car_filters import AGES, COLUMNS, NONE, age_q, clause_key, group_q, timely_q, year_of

SHOWN = ("open", "overdue", "recurring", "closed")
"""Groups that the tables count, in their order."""
MOST_YEARS = 30
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Number:
    """How many CARs, and the query string of the list of exactly these."""

    n: int
    query: str


@dataclass(frozen=True)
class Row:
    """One line of a table: a number for each group of SHOWN."""

    label: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Table:
    """One grouping. ``key`` is its filter; ``head`` names the first column; ``total`` is the line below all rows."""

    key: str
    title: str
    head: str
    rows: tuple[Row, ...]
    total: Row


@dataclass(frozen=True)
class Part:
    """One part of a whole, with the whole: shown as n / of / percent. ``upto``: this part and those before it."""

    label: str
    number: Number
    of: int
    upto: int = 0

    @property
    def percent(self) -> Decimal | None:
        """Percent of the whole; None of nothing."""
        return percent(self.number.n, self.of)

    @property
    def upto_percent(self) -> Decimal | None:
        """Cumulative percent, from the counts and not from rounded shares."""
        return percent(self.upto, self.of)


@dataclass(frozen=True)
class Figures:
    """Everything on the page. ``numbers`` by group of SHOWN; ``mean_days`` None where nothing was closed."""

    year: int
    years: tuple[int, ...]
    today: date
    numbers: Mapping[str, Number]
    timely: Part
    mean_days: Decimal | None
    tables: tuple[Table, ...]
    ages: tuple[Part, ...]
    causes: tuple[Part, ...]
    uncaused: Number
    any: bool


def percent(part: int, whole: int) -> Decimal | None:
    """Percent with one decimal, rounded once and half up; None of nothing."""
    return rounded(100 * part, whole) if whole else None


def rounded(dividend: int, divisor: int) -> Decimal:
    """A quotient with one decimal, half up."""
    return (Decimal(dividend) / Decimal(divisor)).quantize(TENTH, ROUND_HALF_UP)


def figures(rows: CarQuerySet, given: Mapping[str, str], today: date) -> Figures:
    """Figures over the rows that a person may see, for the year in ``given`` or this one."""
    rows = rows.order_by()
    first = rows.aggregate(found=Min("found_on"), closed=Min("closed_on"))
    days = [day for day in first.values() if day]
    oldest = max(min((day.year for day in days), default=today.year), today.year - MOST_YEARS + 1)
    years = tuple(range(today.year, min(oldest, today.year) - 1, -1))
    asked = year_of(given)
    year = asked if asked in years else today.year
    return _Count(rows, year, today).figures(years, some=bool(days))


class _Count:
    """The queries of one page."""

    def __init__(self, rows: CarQuerySet, year: int, today: date) -> None:
        self.rows, self.year, self.today = rows, year, today
        self.conditions = {name: group_q(name, today, year if name == "closed" else None) for name in SHOWN}

    def figures(self, years: tuple[int, ...], *, some: bool) -> Figures:
        sums = self._sums()
        numbers = {name: Number(sums[f"n_{name}"], self._query(name)) for name in SHOWN}
        total = Row(_("Cộng"), tuple(numbers.values()))
        found: dict[str, list[Row]] = {}
        raised: dict[str, int] = {}
        for key in ("unit", "clause", "cause", "source", "severity"):
            found[key], counted = self._rows(key)
            raised |= counted if key == "cause" else {}
        closed, in_time = numbers["closed"].n, Number(sums["n_timely"], self._query("closed", timely="1"))
        ages = [Number(sums[f"n_{place}"], self._query("open", age=name)) for place, name in enumerate(AGES)]
        return Figures(
            year=self.year,
            years=years,
            today=self.today,
            numbers=numbers,
            timely=Part(_("Đóng đúng hạn"), in_time, closed),
            mean_days=rounded(sums["days"].days, closed) if closed else None,
            tables=tuple(Table(key, *_titles()[key], tuple(found[key]), total) for key in found),
            ages=tuple(
                Part(str(label), number, numbers["open"].n) for label, number in zip(AGES.values(), ages, strict=True)
            ),
            causes=tuple(self._pareto(raised)),
            uncaused=Number(raised.get("", 0), self._query("raised", cause=NONE)),
            any=some,
        )

    def _sums(self) -> dict[str, Any]:
        closed = self.conditions["closed"]
        by_age = {f"n_{place}": self.conditions["open"] & age_q(name, self.today) for place, name in enumerate(AGES)}
        return self.rows.aggregate(
            **self._counts(),
            **{name: Count("pk", filter=where) for name, where in by_age.items()},
            n_timely=Count("pk", filter=closed & timely_q()),
            days=Sum(F("closed_on") - F("found_on"), filter=closed, output_field=DurationField()),
        )

    def _counts(self) -> dict[str, Count]:
        return {f"n_{name}": Count("pk", filter=where) for name, where in self.conditions.items()}

    def _query(self, group: str, **more: object) -> str:
        by_year = {"year": self.year} if group in ("closed", "raised") else {}
        return urlencode({**more, "group": group, **by_year})

    def _rows(self, key: str) -> tuple[list[Row], dict[str, int]]:
        """Lines of one grouping, those without any number left out; and of each value how many were raised."""
        names = {"unit": ("unit", "unit__name", "agency", "agency__name")}.get(key, (COLUMNS.get(key, key),))
        raised = Count("pk", filter=group_q("raised", self.today, self.year))
        counted = list(self.rows.values_list(*names).annotate(**self._counts(), n_raised=raised))
        name, place = _NAMERS[key](counted)
        merged: dict[Any, list[int]] = {}
        for line in counted:
            value = clause_key(line[0]) if key == "clause" else line[0] or NONE
            sums = merged.setdefault(value, [0] * len(SHOWN))
            merged[value] = [a + b for a, b in zip(sums, line[len(names) : -1], strict=True)]
        rows = [
            Row(
                name(value),
                tuple(Number(n, self._query(group, **{key: value})) for group, n in zip(SHOWN, numbers, strict=True)),
            )
            for value, numbers in sorted(merged.items(), key=lambda item: place(*item))
            if any(numbers)
        ]
        return rows, {str(line[0]): line[-1] for line in counted if line[-1]}

    def _pareto(self, raised: Mapping[str, int]) -> Iterable[Part]:
        """Causes of the year's CARs, the most frequent first; CARs whose cause is not known yet are no cause."""
        known = {cause: n for cause, n in raised.items() if cause}
        whole, upto = sum(known.values()), 0
        for cause in sorted(known, key=lambda one: (-known[one], _place(Category.values, one))):
            upto += known[cause]
            number = Number(known[cause], self._query("raised", cause=cause))
            yield Part(_word(Category.choices, cause), number, whole, upto)


Namer = tuple[Callable[[Any], str], Callable[[Any, list[int]], Any]]
"""What a value is called, and where its line stands."""


def _titles() -> dict[str, tuple[str, str]]:
    return {
        "unit": (_("Theo đơn vị"), _("Đơn vị")),
        "clause": (_("Theo điều khoản"), _("Điều khoản")),
        "cause": (_("Theo nhóm nguyên nhân"), _("Nhóm nguyên nhân")),
        "source": (_("Theo nguồn"), _("Nguồn")),
        "severity": (_("Theo mức độ"), _("Mức độ")),
    }


def _by_unit(counted: list[Any]) -> Namer:
    """The latest unit first; with its agency where several are seen."""
    several = len({line[2] for line in counted}) > 1
    names = {line[0]: f"{line[1]} – {line[3]}" if several and line[0] != line[2] else str(line[1]) for line in counted}
    overdue, opened = SHOWN.index("overdue"), SHOWN.index("open")
    return names.__getitem__, lambda value, n: (-n[overdue], -n[opened], names[value], value)


def _by_clause(_counted: list[Any]) -> Namer:
    def place(value: str, _n: list[int]) -> tuple[bool, list[int], str]:
        return value == NONE, [int(part) for part in value.split(".") if part.isdecimal()], value

    return lambda value: _("Chưa ghi") if value == NONE else clause_label(value), place


def _by_choice(
    choices: Iterable[tuple[str, str | Promise]], missing: Callable[[], str]
) -> Callable[[list[Any]], Namer]:
    known = list(choices)

    def namer(_counted: list[Any]) -> Namer:
        codes = [code for code, _label in known]
        return (
            lambda value: missing() if value == NONE else _word(known, value),
            lambda value, _n: (value == NONE, _place(codes, value)),
        )

    return namer


def _word(choices: Iterable[tuple[str, str | Promise]], code: str) -> str:
    return str(dict(choices).get(code, code))


def _place(codes: list[str], code: str) -> tuple[int, str]:
    return codes.index(code) if code in codes else len(codes), code


_NAMERS: dict[str, Callable[[list[Any]], Namer]] = {
    "unit": _by_unit,
    "clause": _by_clause,
    "cause": _by_choice(Category.choices, lambda: _("Chưa phân tích")),
    "source": _by_choice(SOURCES, lambda: _("Chưa ghi")),
    "severity": _by_choice(SEVERITIES, lambda: _("Chưa ghi")),
}
