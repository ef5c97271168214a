"""Handling times as people write them."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.times import parse_time, sum_times, written
from tests.real_data import naughty_strings

COUNTED = ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]
KNOWN = [
    ("½ ngày", "0.5"),
    ("1/2 ngày", "0.5"),
    ("1⁄2 ngày", "0.5"),
    ("0,5 ngày", "0.5"),
    ("0.5 ngày", "0.5"),
    (".5 ngày", None),
    ("nửa ngày", "0.5"),
    ("01 ngày", "1"),
    ("1ngày", "1"),
    ("0 ngày", "0"),
    ("1,5 ngày làm việc", "1.5"),
    ("1½ ngày", "1.5"),
    ("1 ½ ngày", "1.5"),
    ("1 1/2 ngày", "1.5"),
    ("1 ngày rưỡi", "1.5"),
    ("3/4 ngày", "0.75"),
    ("¾ ngày", "0.75"),
    ("¼ ngày", "0.25"),
    ("ngay trong ngày", "1"),
    ("Trong ngày làm việc", "1"),
    ("Giải quyết ngay trong ngày.", "1"),
    ("2 giờ", "0.25"),
    ("08 giờ làm việc", "1"),
    ("4h", "0.5"),
    ("8 tiếng", "1"),
    ("30 phút", "0.0625"),
    ("30'", "0.0625"),
    ("60p", "0.125"),
    ("01 buổi", "0.5"),
    ("1 ngày 4 giờ", "1.5"),
    ("1 ngày và 4 giờ", "1.5"),
    ("1 ngày, 4 giờ, 240 phút", "2"),
    ("1 ngày + 30'", "1.0625"),
    ("1 ngày 1 ngày", None),
    ("05 (năm) ngày làm việc", "5"),
    *((f"{word} ngày", str(n)) for n, word in enumerate(COUNTED, 1)),
    ("một ngày rưỡi", "1.5"),
    ("02 ngày LV", "2"),
    ("không quá 2 ngày", "2"),
    ("Tối đa: 02 ngày làm việc", "2"),
    ("≤ 2 ngày", "2"),
    ("<=2 ngày", "2"),
    ("trong thời hạn 15 ngày", "15"),
    ("chậm nhất là 3 ngày", "3"),
    ("10 ngày kể từ ngày nhận đủ hồ sơ hợp lệ", "10"),
    ("10 ngày làm việc, kể từ ngày nhận đủ hồ sơ", "10"),
    ("10 ngày (làm việc)", "10"),
    ("3 ngày tính từ khi tiếp nhận", "3"),
    ("3 ngày sau khi có kết quả", "3"),
    ("3 ngày; giờ hành chính", "3"),
    ("3650 ngày", "3650"),
    # Unknown stays unknown.
    ("", None),
    ("   ", None),
    ("ngay", None),
    ("Giờ hành chính", None),
    ("theo quy định", None),
    ("ngày", None),
    ("5", None),
    ("3-5 ngày", None),
    ("3 - 5 ngày", None),
    ("3 đến 5 ngày", None),
    ("từ 3 đến 5 ngày", None),
    ("3 ngày hoặc 5 ngày", None),
    ("2 ngày, 3 ngày", None),
    ("4 giờ 1 ngày", None),
    ("3 ngày (phức tạp: 10 ngày)", None),
    ("3 ngày kể từ ngày 01/7/2025", None),
    ("3 ngày; ½ ngày với hồ sơ đơn giản", None),
    ("2 ngày/hồ sơ", None),
    ("2 ngày mỗi hồ sơ", None),
    ("1/0 ngày", None),
    ("1.000 phút", None),
    ("1,234 ngày", None),
    ("12345 ngày", None),
    ("8h30", None),
    ("-1 ngày", None),
    ("2 tuần", None),
    ("1 tháng", None),
    ("2 năm", None),
    ("02 phòng", None),
    ("3 hồ sơ", None),
]


@pytest.mark.parametrize(("text", "days"), KNOWN)
def test_parse_time(text: str, days: str | None) -> None:
    expected = None if days is None else Decimal(days)
    assert parse_time(text) == expected
    assert parse_time(unicodedata.normalize("NFD", text)) == expected
    assert parse_time(f"  {text.upper()}\n") == expected


def test_hostile_times_are_unknown() -> None:
    assert {parse_time(text) for text in (*naughty_strings(), "9" * 100_000, "1 ngày" * 50_000)} == {None}


@given(st.text(alphabet="0123456789½¼/,.()' ngàygiờphútrưỡivànămkểtừ<≤"))
def test_any_text_gives_a_time_or_none(text: str) -> None:
    days = parse_time(text)
    assert days is None or days >= 0


@given(st.integers(min_value=0, max_value=9999), st.sampled_from([(" ngày", 1), (" giờ", 8), (" phút", 480)]))
def test_whole_amounts_are_exact(amount: int, unit: tuple[str, int]) -> None:
    assert sum_times([f"{amount}{unit[0]}"]) == (Fraction(amount, unit[1]), [])


def test_sums_are_exact_and_unknown_times_are_named() -> None:
    assert sum_times([]) == (Fraction(0), [])
    assert sum_times(["20 phút"] * 24) == (Fraction(1), [])  # 24 rounded figures would be more than a day
    assert sum_times(["½ ngày", "", "1 ngày", "theo quy định", "0 ngày"]) == (Fraction(3, 2), [2, 4])
    assert sum_times(["⅓ ngày", "⅔ ngày", "⅕ ngày", "⅛ ngày"]) == (Fraction(53, 40), [])


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (Decimal(5), "5"),
        (Decimal("0.50"), "0,5"),
        (Decimal(100), "100"),
        (Fraction(5, 4), "1,25"),
        (Fraction(1, 24), "0,04"),
        (Fraction(2, 3), "0,67"),
        (Fraction(0), "0"),
    ],
)
def test_figures_for_people(days: Fraction | Decimal, text: str) -> None:
    assert written(days) == text
