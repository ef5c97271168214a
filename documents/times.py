"""Handling times as people write them, in working days of 8 hours. What cannot be read is unknown, never zero."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from workflows.text import nfc

HOURS = 8
"""Hours of a working day (Labour Code 45/2019/QH14, Article 105)."""

# fmt: off
_UNITS = {
    "ngày": Fraction(1),
    "buổi": Fraction(1, 2),
    "giờ": Fraction(1, HOURS), "tiếng": Fraction(1, HOURS), "h": Fraction(1, HOURS),
    "phút": Fraction(1, HOURS * 60), "p": Fraction(1, HOURS * 60), "'": Fraction(1, HOURS * 60),
}
_WORDS = {
    "nửa": Fraction(1, 2), "một": Fraction(1), "hai": Fraction(2), "ba": Fraction(3), "bốn": Fraction(4),
    "năm": Fraction(5), "sáu": Fraction(6), "bảy": Fraction(7), "tám": Fraction(8), "chín": Fraction(9),
    "mười": Fraction(10),
}
# fmt: on
_VULGAR = "½⅓⅔¼¾⅕⅛"

_SAME_DAY = re.compile(r"(?:(?:giải quyết|thực hiện|xử lý|trả kết quả) )?(?:ngay )?trong ngày(?: làm việc)?\.?")
"""“Within the day”: the day it is, so at most one working day."""

_PREFIX = re.compile(
    r"^(?:(?:thời hạn|thời gian|trong vòng|trong thời hạn|trong|không quá|tối đa|chậm nhất(?: là)?)[ :]*|(?:≤|<=|<) ?)*"
)
_AMOUNT = (
    rf"(?P<mixed>[0-9]{{1,4}}) ?(?P<vulgar>[{_VULGAR}])"
    rf"|(?P<lone>[{_VULGAR}])"
    r"|(?:(?P<whole>[0-9]{1,4}) )?(?P<top>[0-9]{1,4}) ?[/⁄] ?(?P<bottom>[0-9]{1,4})"
    r"|(?P<plain>[0-9]{1,4}(?:[.,][0-9]{1,2})?)(?![0-9])"
    rf"|(?P<word>{'|'.join(_WORDS)})\b"
)
_SPELT = r" ?(?:\([^()0-9]{1,30}\) ?)?"
"""“05 (năm) ngày”: the figure once more in words."""
_UNIT = r"(?P<unit>ngày|buổi|giờ|tiếng|phút|h\b|p\b|')(?: (?:làm việc|lv)\b)?(?P<half> rưỡi\b)?"
_PART = re.compile(rf" ?(?:,|và|\+)? ?(?:{_AMOUNT}){_SPELT}{_UNIT}")
_TAIL = re.compile(r"(?: làm việc)?(?:[ ]?[.,;:(]| (?:kể từ|tính từ|từ khi|từ ngày|sau khi|theo)\b).*|", re.DOTALL)
_OTHER_TIME = re.compile(rf"[0-9{_VULGAR}]")


def parse_time(text: str) -> Decimal | None:
    """Return working days of 8 hours, or None if the wording gives no single figure.

    ``½ ngày``, ``1/2 ngày``, ``0,5 ngày`` and ``4 giờ`` are 0.5; ``ngay trong ngày`` is 1, the day it allows at most;
    what follows the figure (``kể từ ngày nhận đủ hồ sơ``) is read over unless it holds another figure. Ranges,
    alternatives, rates and bare words are unknown. Thirds are rounded to 28 digits; ``sum_times`` adds exactly.
    """
    days = _read(text)
    return None if days is None else Decimal(days.numerator) / days.denominator


def sum_times(texts: Iterable[str]) -> tuple[Fraction, list[int]]:
    """Exact sum in working days of the times that are known, and the places (from 1) of those that are not."""
    total, unknown = Fraction(0), []
    for place, text in enumerate(texts, 1):
        days = _read(text)
        if days is None:
            unknown.append(place)
        else:
            total += days
    return total, unknown


def written(days: Fraction | Decimal) -> str:
    """A figure for people: at most two decimals, comma, no trailing zeros: ``1,25``."""
    value = Fraction(days)
    rounded = (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"))
    return format(rounded.normalize(), "f").replace(".", ",")


def _read(text: str) -> Fraction | None:
    line = " ".join(nfc(text).casefold().split())
    if _SAME_DAY.fullmatch(line):
        return Fraction(1)
    line = _PREFIX.sub("", line)
    total, smallest, at = Fraction(0), None, 0
    while part := _PART.match(line, at):
        unit, size = _UNITS[part["unit"]], _size(part)
        if size is None or (smallest is not None and unit >= smallest):
            return None
        total += (size + (Fraction(1, 2) if part["half"] else 0)) * unit
        smallest, at = unit, part.end()
    tail = line[at:]
    return total if at and _TAIL.fullmatch(tail) and not _OTHER_TIME.search(tail) else None


def _size(amount: re.Match[str]) -> Fraction | None:
    if amount["word"]:
        return _WORDS[amount["word"]]
    if amount["plain"]:
        return Fraction(amount["plain"].replace(",", "."))
    if amount["bottom"]:
        if not int(amount["bottom"]):
            return None
        return Fraction(amount["whole"] or 0) + Fraction(int(amount["top"]), int(amount["bottom"]))
    return Fraction(amount["mixed"] or 0) + _vulgar(amount["vulgar"] or amount["lone"])


def _vulgar(char: str) -> Fraction:
    return Fraction(unicodedata.numeric(char)).limit_denominator(10)
