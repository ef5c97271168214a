"""Numbers of legal documents in running text, and near misses of a number that the register does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from documents.number_keys import defects, issuer_key, kind_of, number_key

__all__ = ["Found", "defects", "find_numbers", "issuer_key", "kind_of", "number_key", "suggest"]

SUGGESTIONS = 5
"""Near misses offered at most."""
_SHORTEST = 4
"""Letters that the shorter of two suffixes must have to be the longer one cut: ``TT-B`` of ``TT-BTP``."""

_CAPS = "A-ZĐÐƯ\u031b"
"""Capitals of abbreviations; U+031B is the horn of a decomposed Ư."""
_MARKED = "".join(char for char in map(chr, range(0xC0, 0x1EFA)) if char.isupper() and char not in "ĐÐƯ")
"""Capitals with marks, which abbreviations do not have."""
_DASH = "[-‐‑‒–—−]"
_WORD = rf"(?:[{_CAPS}&]{{2,}}+(?![{_MARKED}\u0300-\u0309]))"
"""An abbreviation, whole: the first capitals of a word in capitals (CHÍNH PHỦ) are none."""
_BODY = rf"(?:TTg|BCĐ[0-9]{{1,4}}|HĐNN[78]|UBTVQH1[0-9]|{_WORD})"
_MORE = rf"(?:(?:{_DASH}|/){_BODY})*"
_KNOWN = (
    "NQLT|NQ|NĐ|ND|QĐ|QD|QyĐ|TTLT|TTr|TT|CTr|CT|PL|LCT|SL|VBHN|QC|TB|HD|KH|PA|ĐA|DA|BC|BB|CĐ"
    "|UBND|HĐND|VPCP|VP|B[A-ZĐ]{2,9}"
)
"""What may follow a serial without a year; anything else in that place is as likely a document's code (01/CX-HCTP)."""
_SMALL = (
    rf"(?:(?:nđ|nd|nqlt|nq|qđ|qd|ttlt|tt|ct)\s?{_DASH}\s?[a-zđ]{{2,12}}(?:{_DASH}[a-zđ]{{2,12}})*|(?:ubtv)?qh1[0-9])"
    r"(?!\w)"
)
_SLASH = r"\s?[/⁄∕／]\s?"
_NUMBER = (
    r"(?:[0-9]{1,3}\.[0-9]{1,3}|[0-9]{1,6})[A-Za-z]?"
    rf"(?:{_SLASH}[0-9]{{4}}{_SLASH}"
    rf"(?:(?:UBTV)?QH(?:1[0-9]|[2-9])|(?:QyĐ|CTr|TTr|{_WORD})(?:\s?{_DASH}\s?|/){_BODY}{_MORE}|{_SMALL})"
    rf"|{_SLASH}(?:{_KNOWN})\s?{_DASH}\s?{_BODY}{_MORE})"
)
_HERE = re.compile(_NUMBER)
_NEXT = re.compile(rf"(?<![0-9])(?<![0-9]/){_NUMBER}")


@dataclass(frozen=True, slots=True)
class Found:
    """One number in a text: as written, where (``text[start:end]``), and its key."""

    text: str
    start: int
    end: int
    key: str


def find_numbers(text: str) -> list[Found]:
    """Find legal numbers in running text, in order; numbers stuck together are found one by one."""
    found: list[Found] = []
    at = 0
    while match := (_HERE.match(text, at) if found else None) or _NEXT.search(text, at):
        found.append(Found(match[0], match.start(), match.end(), number_key(match[0])))
        at = match.end()
    return found


def suggest(number: str, known_keys: Iterable[str]) -> list[str]:
    """Return those of the known numbers (or keys) that this one may be a slip of, nearest first, as they were given.

    Nearest: a part of a glued number; the same serial and year with a suffix cut short, run on or one letter off; then
    another year, or none; then a serial with two digits exchanged. Empty if the number itself is known. For people to
    choose from: nothing is ever corrected by it.
    """
    wanted, parts = number_key(number), {found.key for found in find_numbers(number)}
    near: dict[str, tuple[int, str]] = {}
    for known in known_keys:
        key = number_key(known)
        if key == wanted:
            return []
        distance = 0 if key in parts else _distance(wanted, key)
        if distance is not None:
            near[known] = min(near.get(known, (distance, key)), (distance, key))
    return sorted(near, key=lambda known: (*near[known], known))[:SUGGESTIONS]


def _distance(wanted: str, key: str) -> int | None:
    """How far a known key is from the wanted one, 1 to 5; None if it is another document altogether."""
    serial, year, suffix = _split(wanted)
    other_serial, other_year, other_suffix = _split(key)
    if (serial, year) == (other_serial, other_year):
        return _suffix_distance(suffix, other_suffix)
    if suffix != other_suffix or not other_serial:
        return None
    if serial == other_serial and _one_slip(year, other_year):
        return 4
    if year == other_year:
        return 3 if not serial else 5 if sorted(serial) == sorted(other_serial) else None
    return None


def _split(key: str) -> tuple[str, str, str]:
    """Serial, year and suffix of a key; a lone year in the serial's place is the year."""
    serial, _, rest = key.partition("/")
    year, slash, suffix = rest.partition("/")
    if slash and year.isdecimal():
        return serial, year, suffix
    if "no_number" in defects(key):
        return "", serial, rest
    return serial, "", rest


def _suffix_distance(one: str, other: str) -> int | None:
    if one.startswith(other) or other.startswith(one):
        return 1 if min(len(one), len(other)) >= _SHORTEST else None
    return 2 if _one_slip(one, other) else None


def _one_slip(one: str, other: str) -> bool:
    """One letter put in, left out or changed, two neighbours exchanged, or nothing on one side."""
    if not one or not other:
        return True
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    swapped = len(one) == len(other) == 2 and one == other[::-1]  # noqa: PLR2004 - a pair
    return swapped or max(len(one), len(other)) <= 1
