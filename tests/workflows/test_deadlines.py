"""Working days: holidays, swaps, exceptions, and the edges of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import deadlines
from workflows.deadlines import SWAPS, Calendar

PLAIN = Calendar({})

DAYS = [
    # day, worked, reason
    (date(2026, 11, 20), True, ""),  # an ordinary Friday
    (date(2026, 11, 21), False, "Thứ Bảy"),
    (date(2026, 11, 22), False, "Chủ Nhật"),
    (date(2026, 11, 23), True, ""),
    (date(2026, 1, 1), False, "Tết Dương lịch"),
    (date(2026, 1, 2), False, "Ngày nghỉ hoán đổi"),  # dispatch 12729/VPCP-KGVX
    (date(2026, 1, 10), True, "Ngày làm bù"),  # the Saturday worked for it
    (date(2026, 1, 17), False, "Thứ Bảy"),
    (date(2026, 2, 13), True, ""),
    (date(2026, 2, 16), False, "Giao thừa Tết Nguyên Đán"),
    (date(2026, 2, 20), False, "Mùng bốn Tết Nguyên Đán"),
    (date(2026, 2, 23), True, ""),
    (date(2026, 4, 26), False, "Ngày Giỗ Tổ Hùng Vương"),  # a Sunday too
    (date(2026, 4, 27), False, "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
    (date(2026, 8, 22), True, "Ngày làm bù"),  # the library's own swap
    (date(2026, 8, 31), False, "Ngày nghỉ (thay cho ngày 22/08/2026)"),
    (date(2025, 4, 26), True, "Ngày làm bù"),
    (date(2025, 5, 2), False, "Ngày nghỉ (thay cho ngày 26/04/2025)"),
    (date(2027, 2, 4), False, "29 Tết"),
]


@pytest.mark.parametrize(("day", "worked", "reason"), DAYS)
def test_a_day(day: date, worked: bool, reason: str) -> None:
    assert PLAIN.is_working(day) is worked
    assert PLAIN.reason(day) == reason


def test_the_shipped_swaps_are_the_dispatch() -> None:
    assert dict(SWAPS) == {date(2026, 1, 2): False, date(2026, 1, 10): True}


def test_an_exception_stands_above_weekday_weekend_holiday_and_swap() -> None:
    weekday, saturday, holiday = date(2026, 11, 20), date(2026, 11, 21), date(2026, 1, 1)
    swapped_off, swapped_on = date(2026, 1, 2), date(2026, 1, 10)
    own = Calendar({weekday: False, saturday: True, holiday: True, swapped_off: True, swapped_on: False})
    assert [own.is_working(day) for day in (weekday, saturday, holiday, swapped_off, swapped_on)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    reasons = [own.reason(day) for day in (weekday, saturday, holiday, swapped_off, swapped_on)]
    assert reasons == ["Ngày nghỉ hoán đổi", "Ngày làm bù", "Ngày làm bù", "", "Thứ Bảy"]
    assert PLAIN.is_working(weekday), "one calendar's exceptions are not another's"


def test_an_exception_given_later_changes_nothing() -> None:
    given_rows = {date(2026, 11, 20): False}
    own = Calendar(given_rows)
    given_rows.clear()
    assert not own.is_working(date(2026, 11, 20))


SUMS = [
    # from, n, result
    (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
    (date(2026, 11, 20), 2, date(2026, 11, 25)),  # Tuesday 24 November is a holiday from 2026 on
    (date(2026, 11, 21), 1, date(2026, 11, 23)),
    (date(2026, 11, 20), 0, date(2026, 11, 20)),
    (date(2026, 11, 21), 0, date(2026, 11, 23)),
    (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over Tết
    (date(2025, 12, 31), 1, date(2026, 1, 5)),  # over the swapped Friday
    (date(2026, 1, 9), 1, date(2026, 1, 10)),  # into the worked Saturday
    (date(2026, 1, 9), 2, date(2026, 1, 12)),
    (date(2026, 11, 23), -1, date(2026, 11, 20)),
    (date(2026, 11, 25), -2, date(2026, 11, 20)),
    (date(2026, 11, 22), -1, date(2026, 11, 20)),
    (date(2026, 1, 12), -1, date(2026, 1, 10)),
]


@pytest.mark.parametrize(("day", "n", "expected"), SUMS)
def test_adding_working_days(day: date, n: int, expected: date) -> None:
    assert PLAIN.add(day, n) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 20)),
        (date(2026, 2, 23), date(2026, 2, 13)),
        (date(2026, 1, 5), date(2025, 12, 31)),
    ],
)
def test_last_before_is_strictly_before(day: date, expected: date) -> None:
    assert PLAIN.last_before(day) == expected


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 21), 1),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 11, 20), date(2026, 11, 24), 2),
        (date(2026, 11, 21), date(2026, 11, 23), 0),
        (date(2026, 11, 24), date(2026, 11, 20), -2),
        (date(2026, 1, 1), date(2027, 1, 1), 249),
    ],
)
def test_between_counts_the_half_open_span(a: date, b: date, days: int) -> None:
    assert PLAIN.between(a, b) == days


NEAR = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))


@given(NEAR, st.integers(min_value=1, max_value=60))
def test_add_agrees_with_a_plain_count(day: date, n: int) -> None:
    worked = [d for d in (day + timedelta(days=i) for i in range(1, 200)) if PLAIN.is_working(d)]
    assert PLAIN.add(day, n) == worked[n - 1]
    assert PLAIN.between(day + timedelta(days=1), worked[n - 1] + timedelta(days=1)) == n


@given(NEAR, st.integers(min_value=1, max_value=60))
def test_add_forth_and_back(day: date, n: int) -> None:
    start = PLAIN.add(day, 0)
    assert PLAIN.add(PLAIN.add(start, n), -n) == start


@given(st.dates())
def test_any_date_is_answered(day: date) -> None:
    PLAIN.reason(day)
    assert date.min <= PLAIN.last_before(day) <= day <= PLAIN.add(day, 1) <= date.max


def test_counting_stops_at_the_first_and_last_day_there_is() -> None:
    assert PLAIN.add(date.max, 5) == date.max
    assert PLAIN.add(date.max, 1) == date.max
    assert PLAIN.add(date.min, -5) == date.min
    assert PLAIN.last_before(date.min) == date.min
    assert PLAIN.add(date(9999, 12, 30), 1) == date(9999, 12, 31)


@pytest.mark.parametrize("year", [1, 1900, 2101, 9999])
def test_years_the_library_does_not_know_have_weekends_only(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(365)]
    assert [d for d in days if PLAIN.is_working(d) != (d.weekday() < 5)] == []


@pytest.mark.parametrize("year", [1901, 2100])
def test_the_library_s_first_and_last_year_have_holidays(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(365)]
    assert any(not PLAIN.is_working(d) for d in days if d.weekday() < 5)


def test_a_year_is_computed_once() -> None:
    PLAIN.is_working(date(2031, 1, 1))
    asked = deadlines._year.cache_info().misses
    for _ in range(1000):
        PLAIN.add(date(2031, 3, 3), 10)
    assert deadlines._year.cache_info().misses == asked
