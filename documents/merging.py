"""Three contents put together: what two sides made of a common base, cell by cell and row by row.

Pure. Where only one side changed something, its change stands. Where both changed the same differently nothing is
decided here: mine stands for the moment and the conflict is named with all three, for a person to decide.

A row is known by its key, and by its place among rows of one key. A row that one side removed and the other changed
stays and is named. Where rows moved on one side alone that order stands; the other side's rows follow the row that they
followed. That a row moved says nothing against its removal: what is gone has no place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.utils.translation import gettext as _

from documents.sections import SECTIONS, Content, Section

_Row = Mapping[str, Any]
_Name = tuple[str, int]
"""A row: its key, and which of the rows with this key it is."""
Side = Literal["mine", "theirs", "typed"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that both sides changed differently.

    ``cell``: three values. ``row``: a whole row on the side that changed it, None on the side that removed it.
    ``order``: places of the merged rows in the order of each side. ``name`` is the same whatever else changes;
    ``path`` is where it stands in the merged content.
    """

    name: str
    path: str
    kind: Literal["cell", "row", "order"]
    section: Section
    base: Any
    mine: Any
    theirs: Any
    place: int = 0
    column: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on one conflict; ``text`` is what they typed instead of either."""

    take: Side
    text: str = ""


def join(base: Content, mine: Content, theirs: Content) -> tuple[Content, list[Conflict]]:
    """Put both sides together; mine stands wherever a conflict is named."""
    merged: dict[str, Any] = {}
    found: list[Conflict] = []
    old, one, other = (cast("Mapping[str, Any]", content) for content in (base, mine, theirs))
    for item in SECTIONS:
        trio = old[item.key], one[item.key], other[item.key]
        if item.kind == "text":
            merged[item.key] = _cell(_Place(item, item.key, item.key), *trio, found)
        elif item.kind == "limit":
            merged[item.key] = _cells(_Place(item, item.key, item.key), *trio, found)
        else:
            merged[item.key] = _rows(item, *trio, found)
    return cast("Content", merged), found


def merge(base: Content, mine: Content, theirs: Content) -> tuple[Content, dict[str, str]]:
    """The same, and by path the text of theirs in each conflict: what the editor shows beside what is typed."""
    merged, found = join(base, mine, theirs)
    return merged, {one.path: _("thứ tự các dòng") if one.kind == "order" else _text(one.theirs) for one in found}


def decide(merged: Content, conflicts: Sequence[Conflict], decisions: Mapping[str, Decision]) -> Content:
    """The merged content with every decision carried out; ``KeyError`` for a conflict that nobody decided."""
    content: dict[str, Any] = deepcopy(cast("dict[str, Any]", merged))
    gone: dict[str, set[int]] = {}
    orders: dict[str, list[int]] = {}
    for one in conflicts:
        decision = decisions[one.name]
        value: Any = decision.text if decision.take == "typed" else getattr(one, decision.take)
        if one.kind == "order":
            orders[one.section.key] = value
        elif one.kind == "cell":
            _put(content, one, value)
        elif value is None:
            gone.setdefault(one.section.key, set()).add(one.place)
    for key in {*gone, *orders}:
        rows = content[key]
        places: Sequence[int] = orders.get(key, range(len(rows)))
        content[key] = [rows[place] for place in places if place not in gone.get(key, ())]
    return cast("Content", content)


def _put(content: dict[str, Any], one: Conflict, value: Any) -> None:
    if one.section.kind == "text":
        content[one.section.key] = value or ""
    elif one.section.kind == "limit":
        content[one.section.key][one.column] = value or (None if one.column == "days" else "")
    else:
        content[one.section.key][one.place][one.column] = value or ""


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return " · ".join(text for name, text in value.items() if name != "key")
    return value or ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a cell stands: its section, the lasting name and the path of what holds it, and the place of its row."""

    section: Section
    name: str
    path: str
    row: int = 0
    column: str = ""

    def cell(self, column: str) -> _Place:
        return _Place(self.section, f"{self.name}.{column}", f"{self.path}.{column}", self.row, column)

    def conflict(self, kind: Literal["cell", "row"], base: Any, mine: Any, theirs: Any) -> Conflict:
        return Conflict(self.name, self.path, kind, self.section, base, mine, theirs, self.row, self.column)


def _cell(place: _Place, base: Any, mine: Any, theirs: Any, found: list[Conflict]) -> Any:
    if mine == base:
        return theirs
    if theirs not in (base, mine):
        found.append(place.conflict("cell", base, mine, theirs))
    return mine


def _cells(place: _Place, base: _Row, mine: _Row, theirs: _Row, found: list[Conflict]) -> dict[str, Any]:
    return {name: _cell(place.cell(name), base.get(name), mine[name], theirs[name], found) for name in mine}


def _rows(
    item: Section, base: Sequence[_Row], mine: Sequence[_Row], theirs: Sequence[_Row], found: list[Conflict]
) -> list[dict[str, Any]]:
    old, one, other = (_named(rows) for rows in (base, mine, theirs))
    merged: list[dict[str, Any]] = []
    names: list[_Name] = []
    lead, rest, fought = _order(list(old), list(one), list(other))
    for name in _woven(lead, rest):
        before, here, there = old.get(name), one.get(name), other.get(name)
        key, nth = name
        place = _Place(
            item, f"{item.key}.{key}~{nth}" if nth else f"{item.key}.{key}", f"{item.key}.{len(merged)}", len(merged)
        )
        if here is not None and there is not None:
            merged.append(_cells(place, before or {}, here, there, found))
        elif (stays := here if here is not None else there) != before and stays is not None:
            if before is not None:  # removed by one, changed by the other
                found.append(place.conflict("row", before, here, there))
            merged.append(dict(stays))
        else:
            continue
        names.append(name)
    if fought:
        turned = [names.index(name) for name in _woven(rest, lead) if name in set(names)]
        found.append(Conflict(f"{item.key}#order", item.key, "order", item, None, list(range(len(names))), turned))
    return merged


def _named(rows: Sequence[_Row]) -> dict[_Name, _Row]:
    seen: Counter[str] = Counter()
    named: dict[_Name, _Row] = {}
    for row in rows:
        named[row["key"], seen[row["key"]]] = row
        seen[row["key"]] += 1
    return named


def _order(base: list[_Name], mine: list[_Name], theirs: list[_Name]) -> tuple[list[_Name], list[_Name], bool]:
    """Whose order leads, the other's, and whether both moved the rows that all three have, differently."""
    common = set(base) & set(mine) & set(theirs)
    was, here, there = ([name for name in names if name in common] for names in (base, mine, theirs))
    lead, rest = (theirs, mine) if here == was != there else (mine, theirs)
    return lead, rest, was not in (here, there) and here != there


def _woven(lead: list[_Name], rest: list[_Name]) -> list[_Name]:
    """All rows in the order of the one; those of the other alone follow the row that they followed there."""
    order = list(lead)
    last = -1
    for name in rest:
        if name in order:
            last = order.index(name)
        else:
            last += 1
            order.insert(last, name)
    return order
