"""Vietnamese text in one form: NFC for what is kept, folded for what is compared or searched."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

_CROSSED_D = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d"})
"""Crossed letters have no decomposition; ð and ɖ are look-alikes that keyboards and fonts put in for đ."""


_MAYBE_MARKS = re.compile("[\u0300-\u1dff\u1f00-\U0010ffff]{31}")
"""A run in which there may be more marks than any writing has (30: Unicode Annex 15, stream-safe text)."""


def nfc(text: str) -> str:
    """Compose marks, so that the same word typed on two keyboards is the same string.

    Long runs of marks are sorted first: the library sorts them by insertion, and 80,000 on one letter take it ten
    seconds, which a request could ask for.
    """
    return unicodedata.normalize("NFC", _ordered(text) if _MAYBE_MARKS.search(text) else text)


def _ordered(text: str) -> str:
    apart = (part for char in text for part in unicodedata.normalize("NFD", char))
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if marks else run)
        for marks, run in groupby(apart, key=lambda char: unicodedata.combining(char) != 0)
    )


def fold(text: str) -> str:
    """Return the search form: no marks, đ as d, no case. Idempotent; spaces and punctuation stay."""
    return _strip_marks(_strip_marks(text).casefold().translate(_CROSSED_D))


def _strip_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", nfc(text))
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
