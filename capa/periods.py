"""Periods of a year in which an objective is measured: months, quarters, halves, or the year. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from django.utils.translation import gettext as _

from capa.machines.objective import PERIODS

MONTHS = 12


def number_of(frequency: str) -> int:
    """How many periods a year has."""
    return PERIODS[frequency]


def first_day(year: int, frequency: str, number: int) -> date:
    """The day on which a period begins; the first period has number 1."""
    length = MONTHS // PERIODS[frequency]
    return date(year, (number - 1) * length + 1, 1)


def last_day(year: int, frequency: str, number: int) -> date:
    """The day on which a period ends."""
    month = number * (MONTHS // PERIODS[frequency])
    return date(year, month, monthrange(year, month)[1])


def ended(year: int, frequency: str, day: date) -> int:
    """How many periods have ended before a day."""
    return sum(last_day(year, frequency, number) < day for number in range(1, PERIODS[frequency] + 1))


def begun(year: int, frequency: str, day: date) -> int:
    """How many periods have begun by a day."""
    return sum(first_day(year, frequency, number) <= day for number in range(1, PERIODS[frequency] + 1))


def label(year: int, frequency: str, number: int) -> str:
    """A period in words."""
    words = {
        "month": _("Tháng %(number)d/%(year)d"),
        "quarter": _("Quý %(number)d/%(year)d"),
        "half": _("Sáu tháng lần %(number)d/%(year)d"),
        "year": _("Năm %(year)d"),
    }
    return words[frequency] % {"number": number, "year": year}
