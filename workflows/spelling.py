"""Forms in which texts are compared by the search: without marks, with marks, and codes without their punctuation.

Numbers are spelt in one way: ``08 / 2020`` is ``#8/#2020``, where ``#`` begins every number, so that 8/2020 is not
found in 18/2020.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from workflows.text import fold, nfc

WORD_LIMIT = 20
"""Words of a query that are looked for; what follows them narrows nothing any more."""
KEY_LENGTH = 3
"""Signs that a code must have, beside the sign of a number, to be looked for without its punctuation."""
CODE_WORDS = 5
"""Words that a code is typed in, at most: what is longer is a sentence, and its words find it."""

_UNKEEPABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_GAP = r"[^\S\n]*"
_DASHES = "‐‑‒–—―−﹘"
_NUMBERS = re.compile(
    rf"{_GAP}[/⁄∕]{_GAP}(?:(?P<kind>[^\W\d_]{{1,5}}){_GAP}[-{_DASHES}]{_GAP}(?=[^\W\d_]))?"
    rf"|(?P<dash>[{_DASHES}])"
    r"|(?P<zeros>(?<![0-9])0*)(?=[0-9])"
)
"""A slash with what stands around it (``/ NĐ - `` is ``/nđ-``), a dash of any kind, the beginning of a number."""


def _spelt(match: re.Match[str]) -> str:
    if match["zeros"] is not None:
        return "#"
    if match["dash"]:
        return "-"
    return f"/{match['kind']}-" if match["kind"] else "/"


def readable(text: str) -> str:
    """The text composed, with spaces for control characters and half surrogates, which no database keeps."""
    return _UNKEEPABLE.sub(" ", nfc(text))


def _plain_form(text: str) -> str:
    return fold(unicodedata.normalize("NFKC", nfc(text))).replace("#", " ")


def _marked_form(text: str) -> str:
    return nfc(unicodedata.normalize("NFKC", nfc(text)).casefold()).replace("#", " ")


def folded(text: str) -> str:
    """Form without marks and case, numbers in one spelling."""
    return _NUMBERS.sub(_spelt, _plain_form(text))


def marked(text: str) -> str:
    """Form with marks and without case, numbers in one spelling."""
    return _NUMBERS.sub(_spelt, _marked_form(text))


def key(text: str) -> str:
    """A code or number without punctuation: ``QT.01/CX`` and ``qt 1 cx`` are ``qt#1cx``."""
    return re.sub(r"[^\w#]|_", "", folded(text))


def code_of(query: str) -> str:
    """The key of a query that may be a code: a few words with a number; "" for another."""
    if len(query.split()) > CODE_WORDS:
        return ""
    found = key(query)
    return found if "#" in found and len(found) > KEY_LENGTH else ""


def words(form: str) -> tuple[str, ...]:
    """Different words of a form, in order, at most ``WORD_LIMIT``; punctuation alone is no word."""
    found = dict.fromkeys(word for word in form.split() if any(char.isalnum() for char in word))
    return tuple(found)[:WORD_LIMIT]


# Where a form's letters stand in the text: for marking a hit.


_ALIKE = re.compile(r"[ -~\n“”‘’–·À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]+|.", re.DOTALL)
"""Letters each of which is one letter in either form, whatever stands beside it; or any one letter."""


def _placed(text: str, one: Callable[[str], str]) -> tuple[str, list[int]]:
    """The form of a composed text, run by run, and for each of its letters the place in the text."""
    letters: list[str] = []
    origins: list[int] = []
    for match in _ALIKE.finditer(text):
        form = one(match[0])
        letters.append(form)
        alike = len(form) == match.end() - match.start()
        origins += range(match.start(), match.end()) if alike else [match.start()] * len(form)
    plain = "".join(letters)
    out, places, at = [], [], 0
    for match in _NUMBERS.finditer(plain):
        spelt = _spelt(match)
        out += [plain[at : match.start()], spelt]
        places += origins[at : match.start()]
        # A sign put in before a number stands where the number does.
        places += [origins[min(match.start() + step, len(origins) - 1)] for step in range(len(spelt))]
        at = match.end()
    out.append(plain[at:])
    return "".join(out), places + origins[at:]


def spans(text: str, wanted: tuple[str, ...], *, exact: bool) -> list[tuple[int, int]]:
    """Where the words stand in a composed text: disjoint ``[start, end)`` in order. ``exact``: words with marks."""
    form, places = _placed(text, _marked_form if exact else _plain_form)
    found = sorted(
        (places[at], _end(text, places[at + len(word) - 1])) for word in wanted for at in _occurrences(form, word)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _occurrences(form: str, word: str) -> Iterator[int]:
    at = form.find(word)
    while at >= 0:
        yield at
        at = form.find(word, at + len(word))


def _end(text: str, last: int) -> int:
    """The place after a letter and the marks on it."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end
