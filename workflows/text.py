"""Vietnamese text in one form: NFC for what is kept, folded for what is compared or searched."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

_CROSSED_D = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d"})
"""Crossed letters have no decomposition; ð and ɖ are look-alikes that keyboards and fonts put in for đ."""


_MAYBE_MARKS = re.compile("[\u0300-\u1dff\u1f00-\U0010ffff]{31}")
"""A run in which there may be more marks than any writing has (30: Unicode Annex 15, stream-safe text)."""

_LATIN_MARKS = re.compile("[\u0300-\u036f]+")
"""Marks of the letters that nearly all text is written in; those of others are asked for one by one."""
_OTHER = re.compile("[\u0370-\U0010ffff]")


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


_ALPHABET = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def alphabetical(text: str) -> tuple[list[tuple[int, int]], str]:
    """Key by which names stand as a Vietnamese reader looks for them: letters, then tones; numbers by their size."""
    small = nfc(text).casefold()
    bare = unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", small)))
    parts = re.findall("[0-9]+|[^0-9]", bare)
    return [(1, int(part)) if part[0] in "0123456789" else _placed(part) for part in parts], small


def _placed(sign: str) -> tuple[int, int]:
    return (2, _ALPHABET.get(sign, len(_ALPHABET) + ord(sign))) if sign.isalpha() else (0, ord(sign))


def fold(text: str) -> str:
    """Return the search form: no marks, đ as d, no case. Idempotent; spaces and punctuation stay."""
    return _strip_marks(_strip_marks(text).casefold().translate(_CROSSED_D))


def _strip_marks(text: str) -> str:
    if text.isascii():
        return text
    return _OTHER.sub(_base, _LATIN_MARKS.sub("", unicodedata.normalize("NFD", nfc(text))))


def _base(match: re.Match[str]) -> str:
    return "" if unicodedata.category(match[0]) == "Mn" else match[0]
