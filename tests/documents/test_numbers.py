"""Finding legal numbers in running text, and near misses of unknown ones."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import numbers
from documents.numbers import SUGGESTIONS, Found, apart, find_numbers, suggest
from tests.patience import HUNG
from tests.real_data import naughty_strings, needs_data, rows

NUMBERS = [row["number"] for row in rows("regulations")]

TEXTS: list[tuple[str, list[str]]] = [
    ("", []),
    ("Căn cứ Nghị định số 18/2026/NĐ-CP ngày 15/01/2026 của Chính phủ;", ["18/2026/NĐ-CP"]),
    ("18/2026/NĐ-CP", ["18/2026/NĐ-CP"]),
    ("Luật 60/2014/QH13, Nghị quyết 66.7/2025/NQ-CP.", ["60/2014/QH13", "66.7/2025/NQ-CP"]),
    ("số18/2026/NĐ-CPcủa Chính phủ", ["18/2026/NĐ-CP"]),
    ("18/2026/NĐ-CPđã hết hiệu lực", ["18/2026/NĐ-CP"]),
    *((f"18/2026/NĐ-CP{char}", []) for char in "ÀÁÂÃĂÊÔƠÝẠỲỸ"),
    ("18/2026/NĐ-CP - Nghị định về …", ["18/2026/NĐ-CP"]),
    ("18/2026/NĐ-CP-Nghị định", ["18/2026/NĐ-CP"]),
    ("19/2014/QĐ - TTg và 19/2014/ QĐ-TTg", ["19/2014/QĐ - TTg", "19/2014/ QĐ-TTg"]),
    ("19/2014/QĐ-TTg.Theo đó", ["19/2014/QĐ-TTg"]),
    ("19/2014/QĐ-\nTTg", ["19/2014/QĐ-\nTTg"]),
    ("theo 18/2026/nđ-cp và 60/2014/qh13", ["18/2026/nđ-cp", "60/2014/qh13"]),
    ("18/2026/NĐ–CP", ["18/2026/NĐ–CP"]),
    ("18/2026/NÐ-CP", ["18/2026/NÐ-CP"]),
    ("01/2014/NQLT/CP-UBTƯMTTQVN", ["01/2014/NQLT/CP-UBTƯMTTQVN"]),
    ("01/2014/NQLT/CP-UBTU\u031bMTTQVN", ["01/2014/NQLT/CP-UBTU\u031bMTTQVN"]),
    ("12/2010/TT-BGD&ĐT", ["12/2010/TT-BGD&ĐT"]),
    ("12a/2010/QĐ-UBND", ["12a/2010/QĐ-UBND"]),
    ("03/2007/PL-UBTVQH11; 89/2025/UBTVQH15", ["03/2007/PL-UBTVQH11", "89/2025/UBTVQH15"]),
    ("20/2022/QyĐ-UBND", ["20/2022/QyĐ-UBND"]),
    ("Quyết định 1898/QĐ-BTP, 493/QĐ-UBND", ["1898/QĐ-BTP", "493/QĐ-UBND"]),
    ("kế hoạch 90/KH-SKHCN, công văn 2557/VP-VX, 5335/BKHCN-TĐC", ["90/KH-SKHCN", "2557/VP-VX", "5335/BKHCN-TĐC"]),
    ("04/QĐ-BCĐISO và 05/QĐ-BCĐ389", ["04/QĐ-BCĐISO", "05/QĐ-BCĐ389"]),
    ("2010/TT-BTP", ["2010/TT-BTP"]),
    ("18/1826/NĐ-CP", ["18/1826/NĐ-CP"]),  # an odd year is still the number that is written
    ("Nghị quyết 12/NQ-CP", ["12/NQ-CP"]),
    (
        "05/2015/TTLT-BTP-BCA-BYT05/2015/TTLT-BTP-BCA-BYT",
        ["05/2015/TTLT-BTP-BCA-BYT", "05/2015/TTLT-BTP-BCA-BYT"],
    ),
    ("60/2014/QH1352/2014/QH1318/2026/NĐ-CP", ["60/2014/QH13", "52/2014/QH13", "18/2026/NĐ-CP"]),
    ("18/2026/NĐ-CP1898/QĐ-BTP", ["18/2026/NĐ-CP", "1898/QĐ-BTP"]),
    ("theo TCVN ISO 9001:2015", ["TCVN ISO 9001:2015"]),
    ("Thông tư số 267/2016/TT-BTCTHÔNG TƯ", ["267/2016/TT-BTC"]),
    ("64/2025/TT-BCTLuật Phục hồi", ["64/2025/TT-BCT"]),
    # What only looks like one.
    ("ngày 15/7/2020", []),
    ("QT 01/CX-HCTP", []),  # a procedure's code
    ("BM.01.07", []),
    ("và/hoặc 1/2 ngày", []),
    ("18/2026/NĐ", []),
    ("18/2026/NĐ-CHÍNH PHỦ", []),
    ("7/18/2026/NĐ-CP", []),  # which of them?
    ("18/26/NĐ-CP", []),
    ("ISO 9001", []),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_find_numbers(text: str, expected: list[str]) -> None:
    assert [found.text for found in find_numbers(text)] == expected


def test_where_a_number_was_found_and_its_key() -> None:
    text = "theo 08/2025/TT-BTP và 19/2014/ QĐ - TTg."
    assert find_numbers(text) == [
        Found("08/2025/TT-BTP", 5, 19, "8/2025/TT-BTP"),
        Found("19/2014/ QĐ - TTg", 23, 40, "19/2014/QD-TTG"),
    ]


CELLS = [
    ("", [""]),
    ("Căn cứ chung", ["Căn cứ chung"]),
    ("15/2015/TT-BTP; 52/2014/QH13", ["15/2015/TT-BTP", "52/2014/QH13"]),
    ("60/2014/QH1352/2014/QH13", ["60/2014/QH13", "52/2014/QH13"]),
    ("Luật 60/2014/QH1352/2014/QH13", ["Luật 60/2014/QH13", "52/2014/QH13"]),
    ("15/2015/TT-BTP15/2015/TT-BTP", ["15/2015/TT-BTP15/2015/TT-BTP"]),
    ("15/2015/TT-BTP, 015/2015/tt-btp", ["15/2015/TT-BTP"]),
    ("15/2015/TT-BTP; 52/2014/QH13; 15/2015/TT-BTP", ["15/2015/TT-BTP", "52/2014/QH13"]),
    ("15/2015/TT-BTPx; 52/2014/QH13", ["15/2015/TT-BTPx", "52/2014/QH13"]),
    (
        "khoản 2 Điều 5 Thông tư 15/2015/TT-BTP, Luật 52/2014/QH13 (Điều 7)",
        ["khoản 2 Điều 5 Thông tư 15/2015/TT-BTP", "Luật 52/2014/QH13 (Điều 7)"],
    ),
    ("15/2015/TT-BTP và 66,7/2025/NQ-CP", ["15/2015/TT-BTP và 66,7/2025/NQ-CP"]),
]


@pytest.mark.parametrize(("cell", "pieces"), CELLS)
def test_a_cell_of_several_numbers_is_cut_into_one_for_each(cell: str, pieces: list[str]) -> None:
    assert apart(cell) == pieces


@given(st.lists(st.sampled_from([text for text, _ in TEXTS])).map(" ".join))
def test_cutting_a_cell_loses_no_number(cell: str) -> None:
    assert {one.key for piece in apart(cell) for one in find_numbers(piece)} == {one.key for one in find_numbers(cell)}


@given(st.text() | st.lists(st.sampled_from([text for text, _ in TEXTS])).map("".join))
def test_places_are_right_whatever_the_text(text: str) -> None:
    at = 0
    for found in find_numbers(text):
        assert at <= found.start < found.end
        assert text[found.start : found.end] == found.text
        at = found.end


@needs_data
def test_every_real_number_is_found_in_a_sentence() -> None:
    glued = {"05/2015/TTLT-BTP-BCA-BYT", "11/2016/TTLT-BTP-TANDTC-VKSNDTC"}
    for number in NUMBERS:
        texts = [found.text for found in find_numbers(f"Căn cứ {number} của cơ quan")]
        assert texts == [number] or (len(texts) == 2 and set(texts) <= glued)


HOSTILE = ["1/" * 20_000, "18/2026/NĐ-" * 5_000, "18/2026/" * 5_000, "A" * 50_000, " " * 50_000, "1" * 50_000]


def test_hostile_text_is_searched_quickly() -> None:
    for text in (*naughty_strings(), *HOSTILE):
        start = time.perf_counter()
        find_numbers(text)
        assert time.perf_counter() - start < HUNG, text[:40]


KNOWN = [
    "08/2025/TT-BTP",
    "18/2026/NĐ-CP",
    "60/2014/QH13",
    "52/2014/QH13",
    "123/2013/NĐ-CP",
    "123/2015/NĐ-CP",
    "01/2010/TT-BTP",
    "2013/TT-BTP",
    "04/2020/TT-BTP",
    "05/2021/TT-BTC",
    "05/2021/TT-BTP",
    "11/2016/TTLT-BTP-TANDTC-VKSNDTC",
]
NEAR: list[tuple[str, list[str]]] = [
    ("08/2025/TT-BT", ["08/2025/TT-BTP"]),  # cut short
    ("8/2025/tt-bt", ["08/2025/TT-BTP"]),
    ("04/2020/TT-BTPTH", ["04/2020/TT-BTP"]),  # run on
    ("08/2025/TT-BCP", ["08/2025/TT-BTP"]),  # one letter off
    ("08/2025/TT-TBP", ["08/2025/TT-BTP"]),  # two exchanged
    ("08/2025/TT-BP", ["08/2025/TT-BTP"]),  # one left out
    ("11/2016/TTLT-BTP-TANDTC-VKSND", ["11/2016/TTLT-BTP-TANDTC-VKSNDTC"]),
    ("05/2021/TT-BT", ["05/2021/TT-BTC", "05/2021/TT-BTP"]),
    ("2010/TT-BTP", ["01/2010/TT-BTP"]),  # serial lost; 2013/TT-BTP is no better
    ("123/NĐ-CP", ["123/2013/NĐ-CP", "123/2015/NĐ-CP"]),  # year lost
    ("18/2025/NĐ-CP", ["18/2026/NĐ-CP"]),  # another year
    ("321/2015/NĐ-CP", ["123/2015/NĐ-CP"]),  # digits exchanged
    ("18/2026/NĐ-CP60/2014/QH13", ["18/2026/NĐ-CP", "60/2014/QH13"]),  # glued
    ("18/2026/NĐ-CP60/2014/QH13x", ["18/2026/NĐ-CP", "60/2014/QH13"]),
    ("11/2016/TTLT-BTP-TANDTX-VKSNDTC", ["11/2016/TTLT-BTP-TANDTC-VKSNDTC"]),  # one letter off in the middle
    ("11/2016/TTLT-BXP-TANDTX-VKSNDTC", []),  # two
    ("08/2025/TT-PTB", []),
    ("60/2015/QH14", []),
    ("18/2026/NĐ-CP", []),  # known
    ("018/2026/ND-CP", []),
    ("08/2025/QĐ-TTg", []),
    ("08/2025/TT", []),
    ("08/2025/TT-B", ["08/2025/TT-BTP"]),
    ("08/2025/TT-XYZ", []),
    ("08/2025/TT-BCA", []),  # two letters off is another ministry
    ("9/2025/TT-BTP", []),  # the next number is another act
    ("18/2035/NĐ-CP", []),
    ("124/2015/NĐ-CP", []),
    ("Luật Hộ tịch năm 2014", []),
    ("", []),
]


@pytest.mark.parametrize(("number", "expected"), NEAR)
def test_suggest(number: str, expected: list[str]) -> None:
    assert suggest(number, KNOWN) == expected
    assert suggest(number, reversed(KNOWN)) == expected, "the order of the register does not matter"


@pytest.mark.parametrize(
    ("number", "known"),
    [
        ("08/2025/TT-BTP", "08/2025/TT-BP"),
        ("08/2025/TT-BTP", "08/2025/TT-BT"),
        ("55/2015/TT-BTP", "55/TT-BTP"),
        ("12/TTLT/BTP-BCA", "12/2015/TTLT/BTP-BCA"),
        ("08/2025/TT-BTPX", "08/2025/TT-BT"),
    ],
)
def test_a_near_miss_is_one_from_both_sides(number: str, known: str) -> None:
    assert suggest(number, [known]) == [known]
    assert suggest(known, [number]) == [number]


def test_parts_of_a_glued_number_come_first() -> None:
    known = ["18/2026/NĐ-C", "60/2014/QH13", "18/2026/NĐ-CP"]
    assert suggest("18/2026/NĐ-CP60/2014/QH13", known) == ["18/2026/NĐ-CP", "60/2014/QH13", "18/2026/NĐ-C"]


def test_suggestions_come_nearest_first_and_are_few() -> None:
    years = [f"55/20{year}/TT-BTP" for year in range(10, 20)]
    assert suggest("55/TT-BTP", years) == years[:SUGGESTIONS]
    near = ["12/2012/TT-BTP", "21/2011/TT-BTP", "21/2012/TT-BCP", "21/2012/TT-BT"]
    assert suggest("21/2012/TT-BTP", near) == list(reversed(near))


def test_keys_may_be_given_instead_of_numbers() -> None:
    assert suggest("08/2025/TT-BT", ["8/2025/TT-BTP"]) == ["8/2025/TT-BTP"]


@needs_data
def test_truncated_numbers_of_the_real_register_find_their_act() -> None:
    cut = [number for number in NUMBERS if number.endswith("/TT-BT")]
    whole = set(NUMBERS)
    assert len(cut) == 14
    for number in cut:
        others = [known for known in NUMBERS if known != number]
        assert any(near in suggest(number, others) for near in (f"{number}P", f"{number}C")) is bool(
            {f"{number}P", f"{number}C"} & whole
        )


@given(st.text(), st.lists(st.text()))
def test_suggestions_are_always_known_ones(number: str, known: list[str]) -> None:
    assert set(suggest(number, known)) <= set(known)


def test_the_module_gives_keys_too() -> None:
    assert numbers.number_key("08/2025/TT-BTP") == "8/2025/TT-BTP"
    assert numbers.issuer_key("08/2025/TT-BTP", "") == "BTP"
    assert numbers.kind_of("08/2025/TT-BTP") == "Thông tư"
    assert numbers.defects("08/2025/TT-BTP") == []
