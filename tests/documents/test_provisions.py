"""Articles, clauses and points: read from text, compared, stored, written again."""

from __future__ import annotations

import time
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.provisions import (
    LETTERS,
    LIMIT,
    covers,
    find_provisions,
    loaded,
    ordered,
    overlaps,
    parse,
    read,
    stored,
    within,
    words,
)
from tests.patience import HUNG

# The first block is how the steps of the real procedures cite; the second, how people and drafters do.
TEXTS: list[tuple[str, str]] = [
    ("khoản 2 Điều 20 Nghị định số 77/2008/NĐ-CP", "20.2"),
    ("Điều 4 của Nghị định số 65/2026/NĐ-CP", "4"),
    ("Điểm a, Điểm b Khoản 3 Điều 8 của Luật hòa giải", "8.3.a 8.3.b"),
    ("điểm đ khoản 3 Điều 22 Nghị định", "22.3.đ"),
    ("khoản 13 Điều 1 Nghị định 38/2023/NĐ-CP", "1.13"),
    ("khoản 2, khoản 3 Điều 17 Luật Đấu giá", "17.2 17.3"),
    ("điểm a, b, c, đ, e, g, h, i và k khoản 1 Điều 18",
     "18.1.a 18.1.b 18.1.c 18.1.đ 18.1.e 18.1.g 18.1.h 18.1.i 18.1.k"),
    ("điểm g, h và i khoản 1 Điều 18 của Luật Luật sư", "18.1.g 18.1.h 18.1.i"),
    ("điểm d và điểm đ khoản 1 Điều 18", "18.1.d 18.1.đ"),
    ("Điều 27 đến Điều 31 Nghị định", "27 28 29 30 31"),
    ("khoản 5a Điều 5 Nghị định", "5.5a"),
    ("điểm b khoản 1, điểm b khoản 2 và khoản 5 Điều 26", "26.1.b 26.2.b 26.5"),
    ("khoản 1, Điều 45 Luật Trợ giúp pháp lý", "45.1"),
    ("điểm a và c khoản 1 Điều 34", "34.1.a 34.1.c"),
    ("khoản 1 và khoản 2 Điều 25", "25.1 25.2"),
    ("khoản 2, khoản 3, khoản 4 Điều 27 Luật", "27.2 27.3 27.4"),
    ("Điều 56, Điều 58 và Điều 59 Luật TNBTCNN", "56 58 59"),
    ("điểm a hoặc điểm b Khoản 1 Điều 40", "40.1.a 40.1.b"),
    ("khoản 2 Điều 29 Luật A và khoản 2 Điều 22 Nghị định", "22.2 29.2"),
    ("điểm a khoản 2 Điều 5", "5.2.a"),
    ("khoản 1, 3 Điều 7", "7.1 7.3"),
    ("Điều 5, 6 và 8", "5 6 8"),
    ("Điều 12a", "12a"),
    ("điểm đ) khoản 1 Điều 2", "2.1.đ"),
    ("Điều 5 khoản 2 điểm a", "5.2.a"),
    ("Điều 5 khoản 2, Điều 7 khoản 3 điểm b, c", "5.2 7.3.b 7.3.c"),
    ("Điều 5 khoản 2, 3", "5.2 5.3"),
    ("Điều 5, khoản 2 Điều 7", "5 7.2"),
    ("Điều 7, khoản 2", "7 7.2"),
    ("khoản 2 Điều 5; khoản 3 Điều 6", "5.2 6.3"),
    ("điểm a Điều 5", "5..a"),
    ("điểm a1 khoản 2 Điều 5", "5.2.a1"),
    ("từ điểm a đến điểm đ khoản 1 Điều 3", "3.1.a 3.1.b 3.1.c 3.1.d 3.1.đ"),
    ("điểm c-e khoản 1 Điều 3", "3.1.c 3.1.d 3.1.đ 3.1.e"),
    ("từ khoản 1 đến khoản 3 Điều 3", "3.1 3.2 3.3"),
    ("các Điều 33 đến 36", "33 34 35 36"),
    ("Điều 36 đến Điều 33", "33 36"),
    ("ĐIỀU 5 và KHOẢN 2 ĐIỀU 6", "5 6.2"),
    ("Điều 5, 10 ngày làm việc", "5"),
    ("Điều 5, 06/2025/TT-BTP", "5"),
    ("Điều 5. Hồ sơ", "5"),
    ("Điều 10.", "10"),
    # None.
    ("khoản 2 của Nghị định này", ""),
    ("từ 50 điểm trở lên", ""),
    ("điều kiện 5 năm", ""),
    ("tài khoản 12 Điều", ""),
    ("thời điểm a", ""),
    ("5 điều", ""),
    ("khoản 5 triệu đồng", ""),
    ("Điều 2025/QĐ", ""),
    ("Điều 2025", ""),
    ("18/2026/NĐ-CP", ""),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_what_a_text_cites(text: str, expected: str) -> None:
    assert parse(text) == tuple(expected.split())
    assert parse(unicodedata.normalize("NFD", text)) == tuple(expected.split())


def test_places_in_a_text() -> None:
    text = "theo khoản 2 Điều 29 Luật A và Điều 3 của Nghị định"
    assert [(text[one.start : one.end], one.provisions) for one in find_provisions(text)] == [
        ("khoản 2 Điều 29", ("29.2",)),
        ("Điều 3", ("3",)),
    ]


articles = st.builds(
    lambda number, letter: f"{number}{letter}", st.integers(1, 120), st.sampled_from(["", "", "", "a", "đ"])
)
provisions = st.one_of(
    articles,
    st.builds(lambda a, c: f"{a}.{c}", articles, st.integers(1, 30)),
    st.builds(lambda a, c, p: f"{a}.{c}.{p}", articles, st.integers(1, 30), st.sampled_from(LETTERS)),
    st.builds(lambda a, p: f"{a}..{p}", articles, st.sampled_from(LETTERS)),
)
sets = st.lists(provisions, max_size=6).map(ordered)


@given(sets)
def test_written_in_words_and_read_again(given_set: tuple[str, ...]) -> None:
    assert parse(words(given_set)) == given_set
    assert read(words(given_set)) == read(list(given_set)) == read(", ".join(given_set)) == given_set
    assert loaded(stored(given_set)) == given_set


@given(sets, sets)
def test_to_overlap_is_mutual_and_the_whole_act_touches_all(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert overlaps(one, other) is overlaps(other, one)
    assert overlaps(one, ())
    assert overlaps((), other)
    pairs = [(a.split("."), b.split(".")) for a, b in product(one, other)]
    by_hand = not one or not other or any(a[: len(b)] == b or b[: len(a)] == a for a, b in pairs)
    assert overlaps(one, other) is by_hand
    assert within(one, other) is any(a[: len(b)] == b for a, b in pairs)


@given(provisions)
def test_a_part_is_covered_by_what_it_is_part_of_and_not_the_other_way(one: str) -> None:
    article = one.partition(".")[0]
    assert covers(article, one)
    assert covers(one, one)
    assert covers(one, article) is (one == article)
    assert not covers(f"{article}1", one)
    assert not covers(article[:-1], one) or len(article) == 1


def test_neighbours_in_number_are_not_parts() -> None:
    assert not overlaps(["1"], ["12.1"])
    assert not overlaps(["5"], ["5a"])
    assert not overlaps(["5.1"], ["5.10", "5.2"])
    assert not overlaps(["5.2.d"], ["5.2.đ"])
    assert within(["5.2.a", "9"], ["5"])
    assert not within(["5"], ["5.2"])
    assert not within([], ["5"])


def test_provisions_stand_in_the_order_of_the_law() -> None:
    assert ordered(["10", "9.2", "9", "9a", "9.10", "9.2.đ", "9.2.e", "9.2.d", "9"]) == (
        "9", "9.2", "9.2.d", "9.2.đ", "9.2.e", "9.10", "9a", "10",
    )  # fmt: skip


def test_words_group_as_laws_do() -> None:
    assert words(["5.2.a", "5.2.b", "5.4", "5.6", "7", "9"]) == "điểm a, b khoản 2 Điều 5, khoản 4, 6 Điều 5, Điều 7, 9"
    assert words([]) == ""


@pytest.mark.parametrize("raw", [None, "", "  ", [], [""]])
def test_nothing_is_no_provision(raw: object) -> None:
    assert read(raw) == ()


@pytest.mark.parametrize("raw", ["điều khoản chung", "khoản 2", "5.2.a.1", "5 và mấy", [5], ["5", "x"], {"5": 1}, 5])
def test_what_is_no_provision_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(raw)


def test_a_set_too_long_to_store_becomes_coarser_and_never_narrower() -> None:
    many = [f"{article}.{clause}" for article in range(1, 100) for clause in range(1, 9)]
    assert loaded(stored(many)) == tuple(str(article) for article in range(1, 100))
    assert stored([str(article) for article in range(1, 300)]) == ""
    assert len(stored(many)) <= LIMIT


@given(st.text() | st.lists(st.sampled_from([text for text, _found in TEXTS])).map(" ".join))
def test_any_text_is_read(text: str) -> None:
    found = parse(text)
    assert found == ordered(found)


def test_hostile_text_is_read_quickly() -> None:
    for text in ("Điều 1, " * 9_000, "điểm a " * 9_000, "khoản " * 9_000, "Điều 1 " + "và " * 20_000, " " * 60_000):
        start = time.perf_counter()
        parse(text)
        assert time.perf_counter() - start < HUNG, text[:20]
