"""Numbers of legal documents in running text, and near misses of a number that the register does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from documents.number_keys import CENTRAL, STANDARD, defects, is_standard, issuer_key, kind_of, number_key

__all__ = [
    "Found",
    "apart",
    "defects",
    "find_numbers",
    "is_standard",
    "issuer_key",
    "kind_of",
    "lookalike",
    "number_key",
    "suggest",
]

SUGGESTIONS = 5
"""Near misses offered at most."""
_LOOKALIKES = str.maketrans("OIL,", "011.")
_SHORTEST = 4
"""Letters that the shorter of two suffixes must have to be the longer one cut: ``TT-B`` of ``TT-BTP``."""

_CAPS = "A-ZĐÐƯ\u031b"
"""Capitals of abbreviations; U+031B is the horn of a decomposed Ư."""
_MARKED = "".join(char for char in map(chr, range(0xC0, 0x1EFA)) if char.isupper() and char not in "ĐÐƯ")
"""Capitals with marks, which abbreviations do not have."""
_LOWER = "".join(char for char in map(chr, range(0x61, 0x1EFA)) if char.islower())
_DASH = "[-‐‑‒–—−]"
_BODIES = "|".join(sorted((body.replace("D", "[DĐÐ]") for body in CENTRAL), key=len, reverse=True))
_WORD = (
    rf"(?:(?:{_BODIES})(?=[{_CAPS}{_MARKED}][{_LOWER}]|[{_CAPS}]{{1,3}}[{_MARKED}])"
    rf"|[{_CAPS}&]{{2,}}+(?![{_MARKED}\u0300-\u0309]))"
)
"""An abbreviation, whole: the first capitals of a word in capitals (CHÍNH PHỦ) are none, nor is the first letter of the
word that is stuck to a body we know (BTCThông tư)."""
_TERM = "QH(?:1[0-9]|[2-9])"
_BODY = rf"(?:TTg|BCĐ[0-9]{{1,4}}|HĐNN[78]|(?:UBTV)?{_TERM}|H[ĐÐ]ND[0-9]{{1,2}}(?![0-9]|\.[0-9]|\s?[/⁄∕／])|{_WORD})"
"""A body, with the term of an assembly where the number has it: NQ-QH10, NQ-HĐND13."""
_MORE = rf"(?:(?:{_DASH}|/){_BODY})*"
_KNOWN = (
    "NQLT|NQ|NĐ|ND|QĐ|QD|QyĐ|TTLT|TTr|TT|CTr|CT|PL|LCT|SL|VBHN|QC|TB|HD|KH|PA|ĐA|DA|BC|BB|CĐ"
    "|UBND|HĐND|VPCP|VP|B[A-ZĐ]{2,9}"
)
"""What may follow a serial without a year; anything else in that place is as likely a document's code (01/CX-HCTP)."""
_SMALL = (
    rf"(?:(?:nđ|nd|nqlt|nq|qđ|qd|ttlt|tt|ct)\s?{_DASH}\s?[a-zđ]{{2,12}}(?:{_DASH}[a-zđ]{{2,12}})*"
    r"|(?:ubtv)?[Qq]h1[0-9]|QH\s1[0-9])"
    r"(?!\w)"
)
_SLASH = r"\s?[/⁄∕／]\s?"
_OLD = (
    rf"(?:\s?{_DASH}\s?LCT/HĐNN[78]|\s?{_DASH}\s?L/CTN|{_DASH}(?:NQ|CT|KL|QĐ|QĐi|HD|TB)/TW"
    rf"|(?:{_DASH}|{_SLASH})HĐBT|{_SLASH}(?:CP|SL))(?![\w/])(?!{_DASH}\w)"
)
"""Forms of the Party, and of the years in which a number had no year: 57-NQ/TW, 21-LCT/HĐNN8, 75/CP, 100/SL."""
_NUMBER = (
    r"(?:[0-9]{1,3}\.[0-9]{1,3}|[0-9]{1,6})[A-Za-z]?"
    rf"(?:{_SLASH}[0-9]{{4}}{_SLASH}"
    rf"(?:(?:UBTV)?{_TERM}|(?:QyĐ|CTr|TTr|{_WORD})(?:\s?{_DASH}\s?|/){_BODY}{_MORE}|(?:{_KNOWN})[._]{_BODY}{_MORE}"
    rf"|{_SMALL})"
    rf"|{_SLASH}(?:{_KNOWN})\s?{_DASH}\s?{_BODY}{_MORE}|{_OLD})"
)
_LETTER = r"[^\W\d_]"
_CLEAN = (
    rf"(?<![0-9])(?<![0-9]/)(?<!\b{_LETTER})(?<![0-9]{_LETTER})(?<![0-9]{_LETTER}{{2}})"
    r"(?<!(?<![0-9]{3})[0-9][.,])"
)
"""Where a number may begin: not after what is as likely a part of it (O1/…, 20l0/…, 66,7/…); a word stuck to it may."""
_HERE = re.compile(rf"[.,;]?(?P<stuck>{_NUMBER})")
_NEXT = re.compile(rf"{_CLEAN}{_NUMBER}|(?<![A-Za-z0-9]){STANDARD}(?![0-9])")
"""A legal number, or a standard's with its edition: TCVN ISO 9001:2015."""


_STUCK = re.compile(r"\w*")
_BETWEEN = " \t\r\n,;"


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
        name = "stuck" if match.re is _HERE else 0
        found.append(Found(match[name], match.start(name), match.end(), number_key(match[name])))
        at = match.end()
    return found


def apart(text: str) -> list[str]:
    """The text of a cell, cut so that each piece holds one number, in order: words before a number go with it.

    A cell of one number, or of one repeated, stays whole. Letters stuck to a number stay with it: they may be its own.
    """
    found = find_numbers(text)
    keys = {one.key for one in found}
    if len(found) < 2 or number_key(text) in keys:  # noqa: PLR2004 - several
        return [text]
    ends = [_STUCK.match(text, one.end, after.start).end() for one, after in pairwise(found)]  # type: ignore[union-attr]
    pieces = [text[start:end].strip(_BETWEEN) for start, end in pairwise([0, *ends, len(text)])]
    return [piece for at, piece in enumerate(pieces) if number_key(piece) not in map(number_key, pieces[:at])]


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


def lookalike(key: str) -> str:
    """A key with the letters and commas that stand for digits and points read as such: O1/20L0/… is 1/2010/…."""
    *head, suffix = key.split("/")
    digits = "/".join(head).translate(_LOOKALIKES) if len(head) > 1 else "/".join(head)
    return number_key(f"{digits}/{suffix}") if head else key


def _distance(wanted: str, key: str) -> int | None:
    """How far a known key is from the wanted one, 1 to 5; None if it is another document altogether."""
    if lookalike(wanted) == key:
        return 1
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
