"""Text in one form: NFC kept, folded compared."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.real_data import naughty_strings
from workflows.text import fold, nfc

FOLDED = [
    ("", ""),
    ("Đánh giá", "danh gia"),
    ("đánh giá", "danh gia"),
    ("ÐÁNH GIÁ", "danh gia"),  # U+00D0, which some keyboards give for Đ
    ("Ɖ", "d"),
    ("ð ɖ", "d d"),
    ("KHẮC PHỤC", "khac phuc"),
    ("Ưu tiên  Ơ", "uu tien  o"),
    ("Quy trình số 19/2014/QĐ-TTg", "quy trinh so 19/2014/qd-ttg"),
    ("Straße", "strasse"),
    ("ﾊﾝ 漢", "ﾊﾝ 漢"),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_fold_strips_marks_crosses_and_case(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize("text", [text for text, _ in FOLDED])
def test_fold_does_not_see_how_marks_were_typed(text: str) -> None:
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms == {fold(text)}


@given(st.text())
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_a_part_is_found_in_the_whole(head: str, tail: str) -> None:
    assert fold("quy trình") in fold(f"{head} QUY TRÌNH {tail}")


def test_hostile_text_is_only_text() -> None:
    for text in naughty_strings():
        assert unicodedata.is_normalized("NFC", nfc(text))
        assert not any(unicodedata.category(char) == "Mn" for char in fold(text))


def test_nfc_composes_what_was_typed_in_pieces() -> None:
    assert nfc("Qu" + "ye\u0302\u0301" + "t") == "Quyết"
    assert nfc("Quyết") == "Quyết"
    assert nfc("½") == "½"
