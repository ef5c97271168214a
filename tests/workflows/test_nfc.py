"""Composing text: the standard's answer, and never in the square of its length."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.capa.samples import hostile_strings
from workflows.text import nfc

PIECES = "aeđᄀ가ᅡᆨ각\u0301\u0323\u0327\u0344\u0345\u0f71\u0f72\u0f73\u0f81\u3099か\u0958ếΩ\u1e9b\u0300\u034f ."


@given(st.text(PIECES, max_size=150) | st.text(max_size=80), st.text("\u0301\u0323\u0327\u0344\u0f73", max_size=60))
def test_it_is_nfc(text: str, marks: str) -> None:
    assert nfc(text + marks) == unicodedata.normalize("NFC", text + marks)


@pytest.mark.parametrize(
    "start", ["\u0301\u0323" * 20, "e" + "\u0f73" * 40, "가" * 40 + "ᆨ", "ế" + "\u0323" * 40, "か\u3099" * 20]
)
def test_long_runs_are_nfc_too(start: str) -> None:
    assert nfc(start) == unicodedata.normalize("NFC", start)


def test_hostile_strings_are_nfc_too() -> None:
    for text in hostile_strings():
        assert nfc(text * 40) == unicodedata.normalize("NFC", text * 40)


@pytest.mark.parametrize(
    "text", ["a" + "\u0301" * 90_000 + "\u0323" * 90_000, "\u0323\u0301" * 90_000, "\u0f73" * 90_000]
)
def test_a_pile_of_marks_ends(text: str) -> None:
    """Python's own normaliser takes a minute for each."""
    assert len(nfc(text)) >= 90_000
