"""Whatever the spelling, one act has one key; and no spelling makes one act of two."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.law_names import find_names, title_name
from documents.numbers import defects, find_numbers, number_key, suggest
from tests.real_data import rows

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "citations.jsonl").read_text("utf-8").splitlines()
]
SINGLE = sorted(
    {row["text"] for row in ROWS if row["from"] in ("basis", "register", "decision") and len(row["keys"]) == 1}
)
KINDS = ["NĐ-CP", "TT-BTP", "TT-BTC", "QĐ-TTg", "QĐ-UBND", "NQ-HĐND", "NQ-CP", "QH13", "QH15", "TTLT-BTP-BCA-BYT"]


def parts() -> st.SearchStrategy[tuple[str, int, str]]:
    """Serial (decimals too), year and suffix of a normative number."""
    serials = st.integers(1, 9999).map(str) | st.tuples(st.integers(1, 99), st.integers(1, 99)).map(
        lambda pair: f"{pair[0]}.{pair[1]}"
    )
    return st.tuples(serials, st.integers(1999, 2026), st.sampled_from(KINDS))


def written(serial: str, year: int, suffix: str) -> str:
    return f"{serial}/{year}/{suffix}"


@st.composite
def spelt(draw: st.DrawFn, number: str) -> str:
    """The number as somebody else writes it: other case, form of marks, Đ, dash, zeros and spaces."""
    text = "0" * draw(st.integers(0, 2)) + number
    text = draw(st.sampled_from([text, text.lower(), text.upper()]))
    for letter, other in (("Đ", "Ð"), ("Đ", "D"), ("-", "–"), ("-", " - "), ("/", "⁄"), ("/", " / ")):
        if draw(st.booleans()):
            text = text.replace(letter, other)
    text = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), text)
    return (
        draw(st.sampled_from(["", "Nghị định số ", "Thông tư ", " ", "\u00a0"]))
        + text
        + draw(st.sampled_from(["", " ", ".", ";"]))
    )


@given(st.data(), st.one_of(parts().map(lambda given: written(*given)), st.sampled_from(SINGLE)))
def test_any_spelling_has_the_key_of_the_plain_one(data: st.DataObject, number: str) -> None:
    spelling = data.draw(spelt(number))
    assert number_key(spelling) == number_key(number)
    assert number_key(number_key(number)) == number_key(number)


WRITTEN = [
    *(row["text"] for row in ROWS if len(row["keys"]) == 1 and row["from"] in ("basis", "register", "decision")),
    *(row["number"] for row in rows("regulations")),
    *(row[end] for row in rows("relations") for end in ("source", "target")),
    *(number for row in rows("procedures") for number in row["legal_basis"] or ()),
    "51/2001/NQ-QH10", "96/2019/NQ-QH14", "23/2021/NQ-HĐND13", "22/2023/Qh15", "22/2023/QH 15", "58/2003/NĐ.CP",
    "104/2022/NĐ_CP", "04/2020/TT.BTP", "196/HĐBT", "178-HĐBT", "75/CP", "100/SL", "21-LCT/HĐNN8", "28-L/CTN",
    "57-NQ/TW", "22-CT/TW",
]  # fmt: skip


def test_the_key_of_a_readable_number_is_the_one_that_is_found_in_it() -> None:
    readable = [number for number in WRITTEN if not {"unreadable", "glued"} & set(defects(number))]
    found = {number: [one.key for one in find_numbers(number)] for number in [*readable, *WRITTEN[-16:]]}
    assert {number: keys for number, keys in found.items() if keys != [number_key(number)]} == {}
    assert len(found) > 16 + 100


@given(parts(), st.sampled_from(["", "NQ-QH10", "NQ-QH15", "NQ-HĐND13", "PL-UBTVQH11", "QĐ-BCĐ389", "QĐ.UBND"]))
def test_the_same_of_any_number(one: tuple[str, int, str], suffix: str) -> None:
    number = written(one[0], one[1], suffix or one[2])
    assert [(found.text, found.key) for found in find_numbers(f"theo {number}.")] == [(number, number_key(number))]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("66,7/2025/NQ-CP", "66.7/2025/NQ-CP"),
        ("01/20l0/TT-BTP", "01/2010/TT-BTP"),
        ("O1/2010/TT-BTP", "01/2010/TT-BTP"),
        ("l1/2010/TT-BTP", "11/2010/TT-BTP"),
        ("2O1/2010/TT-BTP", "201/2010/TT-BTP"),
    ],
)
def test_a_letter_or_comma_in_a_digit_s_place_is_suggested_and_never_read_as_a_number(wrong: str, right: str) -> None:
    assert find_numbers(wrong) == find_numbers(f"Nghị quyết số {wrong} của") == []
    assert suggest(wrong, [right, "7/2025/NQ-CP", "0/TT-BTP"]) == [right]


@given(st.lists(parts(), min_size=1, max_size=4), st.sampled_from([",", ";", ".", "", ", "]))
def test_numbers_that_stand_close_are_each_whole(given_parts: list[tuple[str, int, str]], between: str) -> None:
    numbers = [written(*one) for one in given_parts]
    assert [one.text for one in find_numbers(f"năm 2015,{between.join(numbers)}")] == numbers


@given(parts(), parts())
def test_two_acts_never_share_a_key(one: tuple[str, int, str], other: tuple[str, int, str]) -> None:
    same = number_key(written(*one)) == number_key(written(*other))
    assert same is (one == other)


@given(st.data(), st.lists(parts(), min_size=1, max_size=4))
def test_numbers_in_a_sentence_are_found_each_once_and_in_order(
    data: st.DataObject, given_parts: list[tuple[str, int, str]]
) -> None:
    numbers = [written(*one) for one in given_parts]
    words = data.draw(st.sampled_from([" và ", "; ", ", ", " của Chính phủ, ", "\n", ") ("]))
    text = f"Căn cứ {words.join(numbers)}."
    assert [one.key for one in find_numbers(text)] == [number_key(number) for number in numbers]


@given(parts(), st.sampled_from(["NĐ-C", "TT-BT", "QĐ-UBN"]))
def test_a_misprint_keeps_a_key_of_its_own_and_is_only_suggested(one: tuple[str, int, str], cut: str) -> None:
    serial, year, _suffix = one
    whole = {"NĐ-C": "NĐ-CP", "TT-BT": "TT-BTP", "QĐ-UBN": "QĐ-UBND"}[cut]
    wrong, right = written(serial, year, cut), written(serial, year, whole)
    assert number_key(wrong) != number_key(right)
    assert suggest(wrong, [right, "1/1999/TT-XYZ"]) == [right]
    assert suggest(right, [right]) == []


@given(parts())
def test_a_year_to_come_is_called_so_and_not_changed(one: tuple[str, int, str]) -> None:
    serial, year, suffix = one
    future = written(serial, year + 200, suffix)
    assert defects(future) == ["future_year"]
    assert f"/{year + 200}/" in number_key(future)


@given(
    st.integers(1, 99_999),
    st.integers(1990, 2026),
    st.sampled_from(["TCVN ISO", "ISO", "TCVN ISO/IEC", "TCVN", "QCVN"]),
)
def test_an_edition_of_a_standard_is_an_act_of_its_own(number: int, year: int, body: str) -> None:
    text = f"{body} {number}:{year}"
    key = number_key(text)
    assert key == number_key(key) == number_key(text.lower()) == number_key(text.replace(" ", "-"))
    assert [one.key for one in find_numbers(f"theo {text}, khi")] == [key]
    assert number_key(f"{body} {number}:{year - 1}") != key != number_key(f"{body} {number + 1}:{year}")


@given(st.text())
def test_any_text_is_searched_for_names(text: str) -> None:
    for one in find_names(text):
        assert unicodedata.normalize("NFC", text)[one.start : one.end] == one.text
    assert title_name(title_name(text)) == title_name(text)
