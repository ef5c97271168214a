"""Lines of text in a drawing: how wide letters are without asking a browser, and what of a text fits."""

from __future__ import annotations

import re
import unicodedata

LATIN = "\u024f"
"""The last letter that is surely no wider than Latin ones."""

_LETTERS = ((0.45, " ilIj.,:;!|'`"), (0.75, 'trfJ()[]{}/\\*-"“”'), (1.15, "023456789Đ_=…"), (1.6, "mwMW@%—"))
"""How wide Be Vietnam Pro's letters are, where not like most."""
_UNDRAWABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010fffd]")
_WIDTHS = {letter: width for width, letters in _LETTERS for letter in letters}


def drawable(text: str) -> str:
    """The text with a mark instead of every character that XML or a reader's eye cannot take."""
    return _UNDRAWABLE.sub("\ufffd", str.__str__(text))


def wrapped(text: str, width: int, most: int) -> list[str]:
    """At least one and at most ``most`` lines of ``width`` measured characters, of which a small ``o`` is one.

    An ellipsis ends what is cut.
    """
    lines: list[str] = []
    words = " ".join(text.split())[: (4 * width + 1) * most + 1]
    while words and len(lines) < most:
        line, words = _first_line(words, width)
        lines.append(line)
    if words:
        lines[-1] = _fitting(lines[-1], width - 1).rstrip() + "…"
    return lines or [""]


def measured(text: str) -> float:
    """How many small letters wide a text is."""
    return sum(map(_measure, text))


def _first_line(words: str, width: int) -> tuple[str, str]:
    """As much as fits, up to a space where there is one, and the rest."""
    line = _fitting(words, width)
    rest = words[len(line) :]
    if rest and not rest.startswith(" ") and " " in line:
        line = line[: line.rindex(" ")]
        rest = words[len(line) :]
    return line.rstrip(), rest.lstrip()


def _fitting(text: str, width: int) -> str:
    """The beginning of the text that ``width`` measured characters hold, one character at least."""
    left = float(width)
    for at, char in enumerate(text):
        left -= _measure(char)
        if left < 0 and at:
            return text[:at]
    return text


def _measure(char: str) -> float:
    """How many small letters wide a character is; marks count a little, so that no pile of them is endless."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0.25
    if unicodedata.east_asian_width(char) in {"W", "F"}:
        return 2
    base = unicodedata.normalize("NFD", char)[0]
    return _WIDTHS.get(base, 1.25 if base.isupper() or base > LATIN else 1)
