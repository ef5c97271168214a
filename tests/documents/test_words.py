"""Word diffs: what stays whole, what joins, and how much work they may do."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.words import WORK, Op, Span, Words, tokens, vocabulary
from tests.real_data import naughty_strings

NFD_WORD = unicodedata.normalize("NFD", "Quyết")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Trả kết quả", ["Trả", " ", "kết", " ", "quả"]),
        ("theo 144/2006/QĐ-TTg.", ["theo", " ", "144/2006/QĐ-TTg", "."]),
        ("19/2014/QĐ - TTg", ["19/2014/QĐ - TTg"]),
        ("60/2014/QH1352/2014/QH13", ["60/2014/QH13", "52/2014/QH13"]),
        ("8.000 đồng, 0,5 ngày", ["8.000", " ", "đồng", ",", " ", "0,5", " ", "ngày"]),
        ("15/7/2020", ["15/7/2020"]),
        ("1/2 ngày", ["1/2", " ", "ngày"]),
        ("A;\n  B", ["A", ";", "\n  ", "B"]),
        ("(a)--b", ["(", "a", ")", "-", "-", "b"]),
        (f"{NFD_WORD} định", ["Quyết", " ", "định"]),
        ("x\u0331y z", ["x\u0331y", " ", "z"]),  # a mark that does not compose stays with its word
        ("BM_01", ["BM_01"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == unicodedata.normalize("NFC", text)


def test_vocabulary_compares_words_and_numbers_however_written() -> None:
    assert vocabulary("Theo 08/2025/TT-BTP, THEO!") == frozenset({"theo", "8/2025/TT-BTP"})
    assert vocabulary(" - ") == frozenset()


def spans(*parts: tuple[Op, str]) -> tuple[Span, ...]:
    return tuple(Span(op, text) for op, text in parts)


DIFFS: list[tuple[str, str, tuple[Span, ...]]] = [
    ("", "", ()),
    ("x y", "x y", spans(("same", "x y"))),
    ("", "x y", spans(("ins", "x y"))),
    ("x y", "", spans(("del", "x y"))),
    ("2 ngày", "1 ngày", spans(("del", "2"), ("ins", "1"), ("same", " ngày"))),
    (
        "Theo 144/2006/QĐ-TTg của Thủ tướng",
        "Theo 19/2014/QĐ-TTg của Thủ tướng",
        spans(("same", "Theo "), ("del", "144/2006/QĐ-TTg"), ("ins", "19/2014/QĐ-TTg"), ("same", " của Thủ tướng")),
    ),
    ("hồ sơ", "hồ sơ gốc", spans(("same", "hồ sơ"), ("ins", " gốc"))),
    ("nhận hồ sơ tại phòng", "nhận tại phòng", spans(("same", "nhận "), ("del", "hồ sơ "), ("same", "tại phòng"))),
    ("thẩm định", "thẩm tra", spans(("same", "thẩm "), ("del", "định"), ("ins", "tra"))),
    ("đúng hạn", "dung hạn", spans(("del", "đúng"), ("ins", "dung"), ("same", " hạn"))),
    (
        "giảm từ 5 ngày xuống 3 ngày",
        "giảm từ 7 ngày xuống 4 ngày",
        spans(
            ("same", "giảm từ "),
            ("del", "5"),
            ("ins", "7"),
            ("same", " ngày xuống "),
            ("del", "3"),
            ("ins", "4"),
            ("same", " ngày"),
        ),
    ),
    (  # chance matches (the spaces) do not cut a phrase to pieces
        "Phòng Tư pháp tiếp nhận",
        "Trung tâm Hành chính công tiếp nhận",
        spans(("del", "Phòng Tư pháp"), ("ins", "Trung tâm Hành chính công"), ("same", " tiếp nhận")),
    ),
    (  # too little in common to compare
        "a b c d e f g h k",
        "a n o p q r s t u",
        spans(("del", "a b c d e f g h k"), ("ins", "a n o p q r s t u")),
    ),
    ("a b c d", "a x y z", spans(("same", "a "), ("del", "b c d"), ("ins", "x y z"))),  # a quarter is enough
    ("a", "a b c d e f g h", spans(("same", "a"), ("ins", " b c d e f g h"))),  # measured on the shorter text
    (  # the shortest edit, not the longest common run
        "c f b f f c f f",
        "f f c f a c f",
        spans(
            ("del", "c"),
            ("ins", "f"),
            ("same", " f "),
            ("del", "b"),
            ("ins", "c"),
            ("same", " f "),
            ("del", "f"),
            ("ins", "a"),
            ("same", " c f"),
            ("del", " f"),
        ),
    ),
    ("...", ",,,", spans(("del", "..."), ("ins", ",,,"))),
]


@pytest.mark.parametrize(("old", "new", "expected"), DIFFS)
def test_diff(old: str, new: str, expected: tuple[Span, ...]) -> None:
    assert Words().diff(old, new) == expected
    old, new = (unicodedata.normalize("NFD", text) for text in (old, new))
    assert Words().diff(old, new) == expected


def test_how_marks_were_typed_is_no_change() -> None:
    assert Words().diff(NFD_WORD, "Quyết") == spans(("same", "Quyết"))


def check(old: str, new: str, found: tuple[Span, ...]) -> None:
    """The spans lead from old to new, none is empty, no two neighbours are of one kind."""
    assert "".join(span.text for span in found if span.op != "ins") == unicodedata.normalize("NFC", old)
    assert "".join(span.text for span in found if span.op != "del") == unicodedata.normalize("NFC", new)
    assert all(span.text for span in found)
    assert all(one.op != other.op for one, other in itertools.pairwise(found))


PHRASES = st.lists(st.sampled_from(["hồ sơ", " ", "1/2", "18/2026/NĐ-CP", ".", "\n", "đ", "ngày ", ""])).map("".join)


@given(PHRASES | st.text(), PHRASES | st.text())
def test_spans_always_lead_from_old_to_new(old: str, new: str) -> None:
    check(old, new, Words().diff(old, new))


def test_hostile_strings_are_diffed_too() -> None:
    texts = [text for text in naughty_strings() if "\ud800" not in text]
    words = Words()
    for old, new in zip(texts, reversed(texts), strict=True):
        check(old, new, words.diff(old, new))


def edited(edits: int) -> tuple[str, str]:
    """Two texts of six words for each edit, each sixth word changed, the first and the last too."""
    old = [f"từ{n}" for n in range(6 * edits - 5)]
    return " ".join(old), " ".join(f"mới{n}" if n % 6 == 0 else word for n, word in enumerate(old))


def inserted(found: tuple[Span, ...]) -> list[str]:
    return [span.text for span in found if span.op == "ins"]


def test_scattered_edits_are_found_one_by_one_up_to_the_limit() -> None:
    old, new = edited(299)
    assert inserted(Words().diff(old, new)) == [f"mới{n}" for n in range(0, 6 * 299 - 5, 6)]


def test_texts_further_apart_than_the_limit_are_replaced_as_a_whole() -> None:
    old, new = edited(300)
    assert Words().diff(old, new) == spans(("del", old), ("ins", new))


def test_work_is_limited_over_all_pairs_of_a_redline() -> None:
    old, new = edited(20)
    words = Words(1000)
    assert [len(inserted(words.diff(old, new))) for _ in range(4)] == [20, 1, 1, 1]
    assert len(inserted(Words().diff(old, new))) == 20, "one redline does not spend another's budget"
    assert words.diff("2 ngày", "1 ngày")[-1] == Span("same", " ngày"), "what needs no search is still told apart"


def test_the_budget_is_enough_for_a_whole_procedure_of_edits() -> None:
    old, new = edited(100)
    words = Words()
    assert WORK == 2_000_000
    assert {len(inserted(words.diff(old, new))) for _ in range(20)} == {100}
