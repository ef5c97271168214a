"""What reports on paper say beside our figures: typed in, and refused where the numbers contradict themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from capa.indicators import BY_NUMBER, INDICATORS
from capa.models import ReportedTotal
from capa.services.rollup import Place
from capa.services.snapshots import may_take
from workflows.errors import BadAnswer, NotYourTurn
from workflows.models import User

MOST_PARTS = 40
LARGEST = 2_147_483_647
LINE = re.compile(r"^(?P<label>.+?)\s*[:=]\s*(?P<number>[0-9][0-9. ]*)$")
GROUPED = re.compile(r"^[0-9]{1,3}([. ][0-9]{3})+$")


@dataclass(frozen=True)
class Told:
    """One total as somebody typed it."""

    indicator: int
    numerator: int
    denominator: int | None
    parts: Sequence[tuple[str, int]]
    source: str


def parts_of(text: str) -> list[tuple[str, int]]:
    """Parts typed one to a line, ``label: number``; thousands may be grouped by a point. Raises ``BadAnswer``."""
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        match = LINE.match(line)
        number = match["number"].strip() if match else ""
        if match is None or not (number.isdecimal() or GROUPED.match(number)):
            raise BadAnswer(
                problems={"parts": _("Không hiểu dòng “%(line)s”: cần viết “tên: số”.") % {"line": line[:80]}}
            )
        found.append((match["label"].strip()[:200], int(re.sub(r"[. ]", "", number))))
    if len(found) > MOST_PARTS:
        raise BadAnswer(problems={"parts": _("Nhiều nhất %(most)d dòng.") % {"most": MOST_PARTS}})
    return found


def contradictions(told: Told) -> dict[str, str]:
    """Why these numbers cannot all be right, by field: parts that do not add up, a part greater than its whole."""
    found = {}
    numbers = [number for _label, number in told.parts]
    if told.parts and sum(numbers) != told.numerator:
        words = _("Các phần không cộng thành tổng: %(sum)s = %(is)d, không phải %(said)d.")
        found["parts"] = words % {"sum": " + ".join(map(str, numbers)), "is": sum(numbers), "said": told.numerator}
    if max([told.numerator, told.denominator or 0, *numbers]) > LARGEST:
        found["numerator"] = _("Số quá lớn.")
    row = BY_NUMBER[told.indicator]
    if row.has_denominator and told.denominator is None:
        found["denominator"] = _("Chỉ tiêu này cần mẫu số.")
    if not row.has_denominator and told.denominator is not None:
        found["denominator"] = _("Chỉ tiêu này không có mẫu số.")
    elif told.denominator is not None and told.numerator > told.denominator:
        words = _("Tử số %(part)d lớn hơn mẫu số %(whole)d.")
        found["denominator"] = words % {"part": told.numerator, "whole": told.denominator}
    return found


DIRECT = 1
"""Agencies inspected directly: the whole of every indicator that inspectors judge."""
APART = (5, 6, 7)
"""Indicators that divide that whole: an agency counts in one of them. F3 and F4 overlap (domain §6.3)."""
JUDGED = tuple(one.number for one in INDICATORS if one.is_judged)


def beyond(told: Told, others: Mapping[int, tuple[int, int | None]]) -> dict[str, str]:
    """Why the number cannot be right beside those of the same place and day, by field.

    ``others``: numerator and denominator by indicator. Only what the definitions exclude is refused: more than the
    agencies inspected directly, in one indicator, or in those together that divide them. Where nobody has said how
    many those are, the greatest denominator is.
    """
    if told.indicator not in (DIRECT, *JUDGED):
        return {}
    rows = {**others, told.indicator: (told.numerator, told.denominator)}
    wholes = [rows[DIRECT][0]] if DIRECT in rows else [rows[one][1] or 0 for one in JUDGED if one in rows]
    asked = JUDGED if told.indicator == DIRECT else (told.indicator,)
    groups: list[tuple[int, ...]] = [(one,) for one in asked if one in rows]
    groups += [APART] if told.indicator in (DIRECT, *APART) else []
    for group in groups:
        numbers = {one: rows[one][0] for one in group if one in rows}
        if sum(numbers.values()) > max(wholes):
            words = _("%(sum)s: %(is)d cơ quan, nhiều hơn %(whole)d cơ quan được kiểm tra trực tiếp ghi cho cùng ngày.")
            parts = " + ".join(f"{BY_NUMBER[one].key} ({number})" for one, number in numbers.items())
            return {"numerator": words % {"sum": parts, "is": sum(numbers.values()), "whole": max(wholes)}}
    return {}


def enter(place: Place, user: User, told: Told) -> ReportedTotal:
    """Keep a total of a node for a day. Raises ``NotYourTurn``, and ``BadAnswer`` where it contradicts itself."""
    if not may_take(user, place):
        raise NotYourTurn
    others = {key: (one.numerator, one.denominator) for key, one in _of_day(place).items()}
    if problems := contradictions(told) or beyond(told, others):
        raise BadAnswer(problems=problems)
    return ReportedTotal.objects.create(
        node=place.node,
        day=place.day,
        indicator=told.indicator,
        numerator=told.numerator,
        denominator=told.denominator,
        parts=[list(one) for one in told.parts],
        source=told.source,
        entered_at=timezone.now(),
        entered_by=user,
    )


def _of_day(place: Place) -> dict[int, ReportedTotal]:
    """By indicator the total that counts, of the node for this very day: another day's may truly differ."""
    found = ReportedTotal.objects.told(place.node, place.day)
    return {key: one for key, one in found.items() if one.day == place.day}


def told_of(place: Place, until: date) -> dict[int, ReportedTotal]:
    """By indicator the total that counts, of the node itself."""
    return ReportedTotal.objects.told(place.node, until)
