"""Which legal documents a procedure's content cites, where, and which articles of them: read from rows and steps.

A row of the legal basis cites one document. A step cites each number, and each law called by name and year, that its
text names; the articles that stand right before a number belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from documents.law_names import find_names
from documents.numbers import find_numbers, number_key
from documents.provisions import Provisions, find_provisions, ordered, parse
from workflows.text import nfc

BASIS, STEP = "basis", "step"
"""Where a citation stands."""
NUMBER_LIMIT = 300
"""Characters of a number as a citation keeps it."""
MENTIONS_LIMIT = 200
"""Citations of one procedure's steps at most."""
_STEP_TEXTS = ("name", "responsible", "form")
_KINDS = (
    r"(?:nghị định|thông tư liên tịch|thông tư|nghị quyết liên tịch|nghị quyết|quyết định|chỉ thị|pháp lệnh|bộ luật"
    r"|luật(?: luật sư)?)"
)
_UP_TO = re.compile(
    rf"\s{{0,3}}(?:của\s{{1,3}})?(?:{_KINDS}(?!\w)(?:(?!{_KINDS}(?!\w))[^,;.\n]){{0,150}})?", re.IGNORECASE
)
"""What may stand between articles and the number that they belong to: “của Luật Đấu giá tài sản số”."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One citation. ``position``: the row of its section from 0; ``mention``: which one of that row, from 0.

    ``number``: as written, a number or a law's name and year. ``sure``: it is a number, whether the register has it
    or not; else it counts only if some act bears that name. ``provisions``: the parts cited, empty for the whole.
    """

    place: str
    position: int
    mention: int
    row_key: str
    number: str
    issuer: str
    provisions: Provisions
    sure: bool = True


def mentions(content: Mapping[str, Any]) -> list[Mention]:
    """Every citation of a content, legal basis first, in the order of rows."""
    found = [_basis(position, row) for position, row in enumerate(content["legal_basis"])]
    steps = [one for position, row in enumerate(content["steps"]) for one in _step(position, row)]
    return found + steps[:MENTIONS_LIMIT]


def _basis(position: int, row: Any) -> Mention:
    number = row["number"][:NUMBER_LIMIT]
    return Mention(BASIS, position, 0, row["key"], number, row["issuer"], basis_provisions(row))


def basis_provisions(row: Any) -> Provisions:
    """Articles that a row of the legal basis names beside its number, or in a note that speaks of no other document."""
    number, note = row["number"], row["note"]
    return parse(number) or (() if find_numbers(note) or find_names(note) else parse(note))


def _step(position: int, row: Mapping[str, str]) -> Iterable[Mention]:
    """What one step cites: each document once as a whole, if it is named so, and once with the articles named."""
    named: dict[tuple[str, bool], tuple[str, bool, list[str]]] = {}
    for column in _STEP_TEXTS:
        for number, provisions, sure in cited(row.get(column, "")):
            key = number_key(number), bool(provisions)
            named.setdefault(key, (number, sure, []))[2].extend(provisions)
    for mention, (number, sure, parts) in enumerate(named.values()):
        yield Mention(STEP, position, mention, row["key"], number[:NUMBER_LIMIT], "", ordered(parts), sure)


def cited(text: str) -> Iterable[tuple[str, Provisions, bool]]:
    """Numbers and named laws of a running text with the articles right before each, and whether it is a number."""
    text = nfc(text)
    spots = [(one.start, one.end, one.text, True) for one in find_numbers(text)]
    if not spots and "luật" not in text.lower() and "pháp lệnh" not in text.lower():
        return
    spots = sorted([*spots, *((one.start, one.end, one.text, False) for one in find_names(text))])
    parts = find_provisions(text)
    for before, (start, _end, number, sure) in pairwise([(0, 0, "", True), *spots]):
        near = [one for one in parts if before[1] <= one.start and one.end <= start]
        mine = near[-1].provisions if near and _UP_TO.fullmatch(text[near[-1].end : start]) else ()
        yield number, mine, sure
