"""Parts of a legal document: article (Điều), clause (khoản), point (điểm); read from text, compared, written again.

Canonical form: ``5`` is Điều 5, ``5.2`` its khoản 2, ``5.2.a`` điểm a of that, ``5..a`` điểm a of an article without
clauses. An empty set of provisions is the whole document: it overlaps every part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext_lazy as lazy

from workflows.text import nfc

LETTERS = "abcdđeghiklmnopqrstuvxy"
"""Letters of points, in order."""
LIMIT = 500
"""Characters of a stored set; a longer one is kept by its articles, or else as the whole document."""
_LONGEST_RANGE = 100
_SAID = (lazy("Điều %(names)s"), lazy("khoản %(names)s"), lazy("điểm %(names)s"))
_UNITS = {"điều": 0, "khoản": 1, "điểm": 2}
_COUNTED = r"(?!\w|[/:.,]?[0-9]|\s{1,3}(?:ngày|tháng|năm|giờ|bản|bộ|người|lần|đồng|triệu|phút)(?!\w))"
"""After a value: no longer number, date or amount (“Điều 5, 10 ngày làm việc”)."""
_VALUE = {
    0: rf"[0-9]{{1,3}}[a-zđ]?{_COUNTED}",
    1: rf"[0-9]{{1,3}}[a-zđ]?{_COUNTED}",
    2: rf"[{LETTERS}][0-9]?\)?(?!\w)",
}
_LINK = r"(?:\s{0,3}[,;]\s{0,3}(?:và\s{1,3}|hoặc\s{1,3})?|\s{1,3}(?:và|hoặc|hay|đến|tới)\s{1,3}|\s?[-–]\s?)"
_GROUP = re.compile(
    r"(?<!\w)(?<!tài )(?<!thời )(?:"
    + "|".join(
        rf"(?P<u{level}>{word})\s{{1,3}}(?P<v{level}>{_VALUE[level]}(?:{_LINK}{_VALUE[level]})*)"
        for word, level in _UNITS.items()
    )
    + ")",
    re.IGNORECASE,
)
_CHAIN = re.compile(
    r"\s{0,3}[,;]?\s{0,3}(?:(?:và|hoặc|hay|của|các|tại|từ|đến|tới|những|điều|thuộc)\s{1,3}){0,3}[-–]?\s?", re.IGNORECASE
)
"""What may stand between two parts of one citation."""
_TO = re.compile(r"\b(?:đến|tới)\b|[-–]", re.IGNORECASE)
_CANONICAL = re.compile(rf"[0-9]{{1,3}}[a-zđ]?(?:\.[0-9]{{1,3}}[a-zđ]?)?(?:\.\.?[{LETTERS}][0-9]?)?")
Provisions = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """Provisions named at one place of a text (``text[start:end]``)."""

    provisions: Provisions
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    level: int
    values: tuple[str, ...]
    start: int
    end: int


def find_provisions(text: str) -> list[Cited]:
    """Every place of an NFC text that names articles, in order; clauses and points of no article are left out."""
    found: list[Cited] = []
    chain: list[_Part] = []
    gaps: list[str] = []
    for part in _parts(text):
        gap = text[chain[-1].end : part.start] if chain else ""
        if chain and not _CHAIN.fullmatch(gap):
            found += _read(chain, gaps)
            chain, gaps = [], []
        elif chain:
            gaps.append(gap)
        chain.append(part)
    return found + _read(chain, gaps)


def parse(text: str) -> Provisions:
    """All provisions that a text names, canonical and in order: ``điểm a khoản 2 Điều 5`` is ``("5.2.a",)``."""
    return ordered(one for cited in find_provisions(nfc(text)) for one in cited.provisions)


def _parts(text: str) -> Iterable[_Part]:
    for match in _GROUP.finditer(text):
        level = next(level for level in (0, 1, 2) if match[f"u{level}"])
        yield _Part(level, tuple(_values(match[f"v{level}"].lower(), level)), match.start(), match.end())


def _values(text: str, level: int) -> Iterable[str]:
    last, end = "", 0
    for match in re.finditer(_VALUE[level], text):
        value = match[0].rstrip(")")
        yield from _between(last, value) if last and _TO.search(text[end : match.start()]) else ()
        yield value
        last, end = value, match.end()


def _between(first: str, last: str) -> list[str]:
    """Values strictly between two ends of a range; none if they are no range."""
    if first.isdecimal() and last.isdecimal() and int(last) - int(first) <= _LONGEST_RANGE:
        return [str(number) for number in range(int(first) + 1, int(last))]
    if first in LETTERS and last in LETTERS:
        return list(LETTERS[LETTERS.index(first) + 1 : LETTERS.index(last)])
    return []


def _read(chain: list[_Part], gaps: list[str]) -> list[Cited]:
    """What one chain of parts says. “khoản 2 Điều 5” is the rule; “Điều 5 khoản 2” is read too."""
    if not any(part.level == 0 for part in chain):
        return []
    merged = _ranges(chain, gaps)
    forward = merged[0].level == 0 and len(merged) > 1 and merged[1].level > 0 and not gaps[0].strip()
    found = list(_general_first(merged) if forward else _special_first(merged))
    return [Cited(ordered(found), chain[0].start, chain[-1].end)]


def _ranges(chain: list[_Part], gaps: list[str]) -> list[_Part]:
    """“Điều 27 đến Điều 31”: what lies between two parts of one level."""
    merged = [chain[0]]
    for part, gap in zip(chain[1:], gaps, strict=True):
        last = merged[-1]
        if last.level == part.level and _TO.search(gap):
            values = (*last.values, *_between(last.values[-1], part.values[0]), *part.values)
            merged[-1] = _Part(part.level, values, last.start, part.end)
        else:
            merged.append(part)
    return merged


def _special_first(parts: Sequence[_Part]) -> Iterable[str]:
    points: tuple[str, ...] = ()
    tails: list[str] = []
    article = ""
    for part in parts:
        if part.level == 2:  # noqa: PLR2004 - the level of points
            points = (*points, *part.values)
        elif part.level == 1:
            first, *others = part.values
            tails += [f".{first}.{point}" for point in points] or [f".{first}"]
            tails += [f".{other}" for other in others]
            points = ()
        else:
            article, *rest = part.values
            tails += [f"..{point}" for point in points]
            yield from (f"{article}{tail}" for tail in tails or [""])
            yield from rest
            article = part.values[-1]
            points, tails = (), []
    yield from (f"{article}{tail}" for tail in (*tails, *(f"..{point}" for point in points)))


def _general_first(parts: Sequence[_Part]) -> Iterable[str]:
    article = clause = ""
    open_ = ""
    for part in parts:
        if part.level == 0:
            if open_:
                yield open_
            *before, article = part.values
            yield from before
            clause, open_ = "", article
        elif part.level == 1:
            if open_ and open_ != article:
                yield open_
            *before, clause = part.values
            yield from (f"{article}.{one}" for one in before)
            open_ = f"{article}.{clause}"
        else:
            yield from (f"{article}.{clause}.{point}" for point in part.values)
            open_ = ""
    if open_:
        yield open_


def ordered(provisions: Iterable[str]) -> Provisions:
    """Each once, in the order of the document."""
    return tuple(sorted(set(provisions), key=_place))


def _place(provision: str) -> list[tuple[int, int]]:
    return [_rank(piece) for piece in provision.split(".")]


def _rank(piece: str) -> tuple[int, int]:
    """Place of one number among its like: 5, 5a, 5b, 6; a, b, c, d, đ, e."""
    digits = re.match("[0-9]*", piece)
    number = digits[0] if digits else ""
    letter = piece[len(number) :]
    place = LETTERS.find(letter[0]) + 1 if letter else 0
    return int(number or 0), place * 10 + int(letter[1:] or 0)


def covers(whole: str, part: str) -> bool:
    """Whether a provision is another one or contains it: Điều 5 covers khoản 2 Điều 5."""
    return part == whole or part.startswith(f"{whole}.")


def overlaps(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two sets of provisions touch; a set that names none is the whole document."""
    mine, theirs = list(one), list(other)
    return not mine or not theirs or any(covers(a, b) or covers(b, a) for a in mine for b in theirs)


def within(cited: Iterable[str], ended: Iterable[str]) -> bool:
    """Whether some cited provision lies wholly in what has ended. The whole document never does."""
    gone = list(ended)
    return any(covers(end, part) for part in cited for end in gone)


def words(provisions: Iterable[str]) -> str:
    """In words, as laws write them: ``điểm a, b khoản 2 Điều 5, Điều 7``; "" for the whole document."""
    said = []
    for (level, parent), group in groupby(provisions, key=_parent):
        names = ", ".join(one.rpartition(".")[2] for one in group)
        said.append(_SAID[level] % {"names": names} + (f" {_within(parent)}" if parent else ""))
    return ", ".join(said)


def _parent(provision: str) -> tuple[int, str]:
    return provision.count("."), provision.rpartition(".")[0]


def _within(parent: str) -> str:
    article, _dot, clause = parent.partition(".")
    said = _SAID[0] % {"names": article}
    return f"{_SAID[1] % {'names': clause}} {said}" if clause else str(said)


def read(raw: object) -> Provisions:
    """Provisions as a person or a file gives them: a text in words or canonical, or a list of such; None is none.

    Raises ``ValueError`` naming the piece that is no provision.
    """
    if raw is None:
        return ()
    pieces = raw if isinstance(raw, list | tuple) else [raw]
    found: list[str] = []
    for piece in pieces:
        if not isinstance(piece, str):
            raise ValueError(str(piece)[:60])
        text = nfc(piece).strip()
        plain = [one.strip().lower() for one in re.split(r"[;,\s|]+", text) if one.strip()]
        if plain and all(_CANONICAL.fullmatch(one) for one in plain):
            found += plain
        elif text:
            named = parse(text)
            if not named:
                raise ValueError(text[:60])
            found += named
    return ordered(found)


def stored(provisions: Iterable[str]) -> str:
    """As a column holds them: ``|5.2|7|``, so that a database can look for one; "" is the whole document."""
    parts = ordered(provisions)
    for kept in (parts, ordered(part.partition(".")[0] for part in parts)):
        text = f"|{'|'.join(kept)}|" if kept else ""
        if len(text) <= LIMIT:
            return text
    return ""


def loaded(text: str) -> Provisions:
    """The provisions of a column."""
    return tuple(part for part in text.split("|") if part)
