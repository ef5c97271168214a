"""Working days in Việt Nam: the library's calendar, the official swaps that it lacks, and the agency's own exceptions.

Pure: who reads the table of exceptions passes it in. Days are dates in Việt Nam, without a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import holidays
from django.utils.translation import gettext as _

SWAPS: Mapping[date, bool] = MappingProxyType({date(2026, 1, 2): False, date(2026, 1, 10): True})
"""Swaps of working days that holidays 0.108 lacks; True is a working day.

Dispatch 12729/VPCP-KGVX of 25/12/2025: Friday 2 January 2026 off, worked on Saturday 10 January.
"""

SATURDAY = 5
_DAY = timedelta(days=1)


@cache
def _year(year: int) -> tuple[Mapping[date, str], frozenset[date]]:
    """Holidays by name, and the weekend days worked instead; no holidays outside the library's years (1901 to 2100)."""
    library = holidays.country_holidays("VN", years=year, language="vi")
    return {day: str(name) for day, name in library.items()}, frozenset(library.weekend_workdays)


class Calendar:
    """A working calendar. ``exceptions``: day → True worked, False off; they stand above the swaps and the library.

    Outside the library's years only weekends are off. Counting stops at the first and last day a date can have.
    """

    def __init__(self, exceptions: Mapping[date, bool]) -> None:
        self._exceptions = {**SWAPS, **exceptions}

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        known = self._exceptions.get(day)
        if known is not None:
            return known
        off, worked = _year(day.year)
        return day in worked or (day.weekday() < SATURDAY and day not in off)

    def add(self, day: date, n: int) -> date:
        """The nth working day after a day, or before it if n < 0; n = 0 is the day itself or the next working day.

        The day itself never counts: received on Monday, due in 1 day, is Tuesday.
        """
        if n == 0:
            return day if self.is_working(day) else self.add(day, 1)
        step = _DAY if n > 0 else -_DAY
        end = date.max if n > 0 else date.min
        left = abs(n)
        while left and day != end:
            day += step
            left -= self.is_working(day)
        return day

    def last_before(self, day: date) -> date:
        """The last working day strictly before a day."""
        return self.add(day, -1)

    def between(self, a: date, b: date) -> int:
        """Number of working days in ``[a, b)``; negative, of ``[b, a)``, if b lies before a."""
        if b < a:
            return -self.between(b, a)
        return sum(self.is_working(a + timedelta(days=i)) for i in range((b - a).days))

    def reason(self, day: date) -> str:
        """Why a day is off, or worked against the calendar, in Vietnamese; "" for an ordinary working day."""
        name = _year(day.year)[0].get(day, "")
        weekend = day.weekday() >= SATURDAY
        if self.is_working(day):
            return _("Ngày làm bù") if weekend or name else ""
        if name:
            return name
        if weekend:
            return _("Thứ Bảy") if day.weekday() == SATURDAY else _("Chủ Nhật")
        return _("Ngày nghỉ hoán đổi")
