"""Laws cited without a number, by name and year: “Luật Hộ tịch năm 2014” (domain §4.1).

No law's name is written here: a name means the act of the register whose title says the same and whose number bears
that year. Where none or several do, the citation stays as it was written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from workflows.text import fold, nfc

LAW_KINDS = ("Luật", "Bộ luật", "Pháp lệnh")
"""Kinds of acts that texts call by name and year."""
WORDS = 30
"""Words of a name at most; the longest titles of laws, those that amend several others, have as many."""
_LETTERS = 3
"""Letters of an abbreviated name at least: TNBTCNN is one, and no word."""

_START = re.compile(r"(?<!\w)(?P<kind>bộ luật|(?<!pháp )luật(?!\s{1,3}sư(?!\w))|pháp lệnh)\s{1,3}", re.IGNORECASE)
"""“Pháp luật” is law at large and “luật sư” a lawyer: neither begins a name."""
_DAY, _GAP = "[0-9]{1,2}", r"\s{1,3}"
_YEAR = re.compile(
    rf"(?:,?{_GAP}(?:ban hành{_GAP})?(?:năm{_GAP})?|\s?\(\s?(?:năm{_GAP})?"
    rf"|,?{_GAP}ngày{_GAP}{_DAY}{_GAP}tháng{_GAP}{_DAY}{_GAP}năm{_GAP}|,?{_GAP}ngày{_GAP}{_DAY}[/.-]{_DAY}[/.-])"
    r"(?P<year>(?:19|20)[0-9]{2})(?![0-9]|[/:.-][0-9])"
)
_BREAK = re.compile(r"[.;:()\[\]\"“”\n]|[0-9]\s?[/⁄]|\b(?:điều|khoản)\s+[0-9]", re.IGNORECASE)
_AMENDING = re.compile(r"(?:sửa đổi|bổ sung)\b", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:bo luat|luat(?! su\b)|phap lenh) ")
_TAIL = re.compile(r" (?:so [0-9].*|(?:nam )?(?:19|20)[0-9]{2}|ngay [0-9].*)$")


@dataclass(frozen=True, slots=True)
class NamedLaw:
    """A law called by name and year in a text (``text[start:end]``); ``name`` is folded, its kind left out."""

    text: str
    start: int
    end: int
    name: str
    year: int


def find_names(text: str) -> list[NamedLaw]:
    """Laws called by name and year in running text, in order; places are those of the NFC text.

    A name with a number beside it is left to the number.
    """
    text = nfc(text)
    starts = list(_START.finditer(text))
    ends = [start.end() for start in starts]
    found: list[NamedLaw] = []
    for year in _YEAR.finditer(text) if starts else ():
        before = bisect_right(ends, year.start())
        begin = _begin(text, starts[max(before - WORDS, 0) : before], year.start())
        if begin is not None and (not found or begin.start() >= found[-1].end):
            name = fold(" ".join(text[begin.end() : year.start()].split()))
            found.append(NamedLaw(text[begin.start() : year.end()], begin.start(), year.end(), name, int(year["year"])))
    return found


def _begin(text: str, starts: list[re.Match[str]], end: int) -> re.Match[str] | None:
    """Where the name that ends here begins: at the last “Luật”, unless an amending law speaks of that one."""
    chosen: re.Match[str] | None = None
    for start in reversed(starts):
        between = text[start.end() : end]
        if _BREAK.search(between) or len(between.split()) > WORDS:
            break
        if chosen is None or _AMENDING.match(between):
            chosen = start
    return chosen if chosen is not None and text[chosen.end() : end].strip() else None


def title_name(title: str) -> str:
    """The name in an act's title, folded: “Luật Công chứng năm 2024” and “CÔNG CHỨNG” are ``cong chung``."""
    plain = " ".join(re.findall(r"[\w/,-]+", fold(nfc(title)))).strip(" ,-")
    name = _PREFIX.sub("", plain)
    while (shorter := _TAIL.sub("", name)) != name:
        name = shorter
    return name.replace(",", "")


def is_named(named: NamedLaw, titles: Iterable[str]) -> list[int]:
    """Places of those titles that the name is the name of; an abbreviation is the first letters of the name."""
    wanted = title_name(named.name)
    short = wanted if " " not in wanted and len(wanted) >= _LETTERS else ""
    found = []
    for place, title in enumerate(titles):
        name = title_name(title)
        if name and (name == wanted or (short and short == "".join(word[0] for word in name.split()))):
            found.append(place)
    return found
