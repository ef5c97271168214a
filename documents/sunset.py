"""Days on which something that a procedure says stops to hold: “phí … áp dụng đến hết ngày 31/12/2025” (domain §3.5).

Only a wording of an end counts. A day alone, a decision's day or a beginning is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from workflows.text import nfc

YEARS = range(1990, 2100)
"""Years that are meant as years."""
AROUND = 90
"""Letters kept before the end's own words."""

_DAY = (
    r"(?:ngày\s+)?(?P<day>[0-9]{1,2})\s?(?:[/.-]|\s+tháng\s+)\s?(?P<month>[0-9]{1,2})"
    r"\s?(?:[/.-]|\s+năm\s+)\s?(?P<year>[0-9]{4})"
)
_MONTH = r"tháng\s+(?P<month_only>[0-9]{1,2})\s?(?:/|\s+năm\s+)\s?(?P<month_year>[0-9]{4})"
_YEAR = r"năm\s+(?P<year_only>[0-9]{4})"
_END = re.compile(
    r"(?:(?:cho\s+)?(?:tới|đến)\s+(?:hết\s+)?|hết\s+hiệu\s+lực\s+(?:kể\s+)?(?:từ|vào|sau)?\s*|hết\s+)"
    rf"(?:{_DAY}|{_MONTH}|{_YEAR})(?![0-9/])",
    re.IGNORECASE,
)
_FROM_ON = re.compile(r"hết\s+hiệu\s+lực\s+(?:kể\s+)?từ", re.IGNORECASE)
_WHOLE = re.compile(r"hết", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?:tới|đến)\s+năm", re.IGNORECASE)


@dataclass(frozen=True)
class Ending:
    """The last day on which a wording holds, and the words that say so."""

    until: date
    text: str


def endings(text: str) -> list[Ending]:
    """Every end that a text names, in order; each day once.

    ``đến hết tháng 6/2026`` is the month's last day, ``đến hết năm 2025`` the year's; ``hết hiệu lực từ ngày D`` is the
    day before D. ``đến năm 2030`` without ``hết`` is a plan's horizon, no end. An impossible day is no day.
    """
    composed, found = nfc(text), {}
    for match in _END.finditer(composed):
        until = _last_day(match)
        if until is not None and until not in found:
            start = max(0, match.start() - AROUND)
            found[until] = Ending(until, composed[start : match.end()].strip())
    return list(found.values())


def _last_day(match: re.Match[str]) -> date | None:
    if match["day"]:
        day = _date(int(match["year"]), int(match["month"]), int(match["day"]))
        return _before(day) if day and _FROM_ON.match(match[0]) else day
    if not _WHOLE.search(match[0]) or _BARE_YEAR.match(match[0]):
        return None
    if match["month_only"]:
        year, month = int(match["month_year"]), int(match["month_only"])
        return _before(_date(year + month // 12, month % 12 + 1, 1)) if 1 <= month <= 12 else None  # noqa: PLR2004
    return _date(int(match["year_only"]), 12, 31)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _before(day: date | None) -> date | None:
    return date.fromordinal(day.toordinal() - 1) if day else None
