"""Differences between two texts word by word: a Vietnamese word, a figure and a legal number each stay whole."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import isqrt
from typing import Any, Literal

from diff_match_patch import diff_match_patch

from documents.numbers import find_numbers, number_key
from workflows.text import fold, nfc

Op = Literal["same", "ins", "del"]

_TOKEN = re.compile(r"[0-9]+(?:[.,/][0-9]+)+|\w[\w\u0300-\u036f]*|\s+|.", re.DOTALL)
_FIRST_SIGN = 0xF0000
"""Words are mapped to private-use characters: no letters, so that the library sees no words of its own in them."""
_SHARED = 0.25
"""Share of the shorter text's words below which the whole text is shown replaced."""
_ROUNDS = 300
"""Rounds of search for one pair of texts: some 600 edits; texts further apart are shown replaced as a whole."""
WORK = 2_000_000
"""Work for all pairs of one redline, in squared rounds: some 2 s. A procedure of 68,000 characters, one word in fifty
changed, takes 10,000. Counted, not timed: the same two versions always give the same redline."""
_OPS: dict[int, Op] = {0: "same", 1: "ins", -1: "del"}


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text that both versions have, or only the new (``ins``) or the old one (``del``)."""

    op: Op
    text: str


def tokens(text: str) -> list[str]:
    """Cut a text into words, figures, legal numbers, runs of space and single signs; joined they are the text, NFC."""
    text, found, at = nfc(text), [], 0
    for number in find_numbers(text):
        found += _TOKEN.findall(text, at, number.start)
        found.append(number.text)
        at = number.end
    return found + _TOKEN.findall(text, at)


def vocabulary(text: str) -> frozenset[str]:
    """Words, figures and legal numbers of a text in their comparison form, for judging how alike two texts are."""
    return frozenset(_form(token) for token in tokens(text) if token[0].isalnum())


def _form(token: str) -> str:
    return number_key(token) if "/" in token else fold(token)


def _foreign(one: list[str], other: list[str]) -> bool:
    """Whether two texts share too few words for a comparison of words to mean anything."""
    counts = [Counter(token for token in text if token[0].isalnum()) for text in (one, other)]
    shortest = min(count.total() for count in counts)
    return (counts[0] & counts[1]).total() < _SHARED * shortest


class _Rounds:
    """Stands where the library expects a time of day to stop at, and counts the times it looks at its clock."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0

    def __lt__(self, now: object) -> bool:
        self.used += 1
        return self.used > self.most


class _Library(diff_match_patch):  # type: ignore[misc] # it has no types
    """The library with a budget of work in place of a time limit."""

    def __init__(self, work: int) -> None:
        super().__init__()
        self.Diff_Timeout = 0
        self.work = work

    def diff_bisect(self, text1: str, text2: str, deadline: object) -> Any:
        """Search the shortest edit within the rounds that are left; round n looks at n places."""
        del deadline
        rounds = _Rounds(min(_ROUNDS, isqrt(self.work)))
        found = super().diff_bisect(text1, text2, rounds)
        self.work = max(0, self.work - rounds.used**2)
        return found


class Words:
    """Word diffs of one redline, within one budget of work."""

    def __init__(self, work: int = WORK) -> None:
        self._library = _Library(work)

    def diff(self, old: str, new: str) -> tuple[Span, ...]:
        """Return the spans that lead from old to new, in reading order, deletions before insertions.

        ``same`` and ``del`` joined are the old text, ``same`` and ``ins`` joined the new one, both NFC. Changes parted
        only by chance matches are joined, so that people read phrases and not confetti.
        """
        old, new = nfc(old), nfc(new)
        if old == new:
            return (Span("same", new),) if new else ()
        before, after = tokens(old), tokens(new)
        if _foreign(before, after):
            return Span("del", old), Span("ins", new)
        signs = {word: chr(_FIRST_SIGN + place) for place, word in enumerate(dict.fromkeys((*before, *after)))}
        words = {sign: word for word, sign in signs.items()}
        one, other = ("".join(map(signs.__getitem__, text)) for text in (before, after))
        found = self._library.diff_main(one, other, checklines=False)
        self._library.diff_cleanupSemantic(found)
        return tuple(Span(_OPS[op], "".join(map(words.__getitem__, text))) for op, text in found)
