"""Two people changed one draft: what each changed is put together, cell by cell.

Where both changed the same cell mine stays, and theirs is named. Pure: three contents in, one out;
``base`` is what both started from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from documents.content import SECTIONS, Content

_Row = Mapping[str, str]


def merge(base: Content, mine: Content, theirs: Content) -> tuple[Content, dict[str, str]]:
    """Return the merged content, and by path the text of theirs wherever both changed the same cell differently."""
    clashes: dict[str, str] = {}
    merged: dict[str, Any] = {}
    old, one, other = (cast("Mapping[str, Any]", content) for content in (base, mine, theirs))
    for item in SECTIONS:
        trio = old[item.key], one[item.key], other[item.key]
        if item.kind == "text":
            merged[item.key] = _cell(item.key, *trio, clashes)
        elif item.kind == "limit":
            merged[item.key] = _cells(item.key, *trio, clashes)
        else:
            merged[item.key] = _rows(item.key, *trio, clashes)
    return cast("Content", merged), clashes


def _cell(path: str, base: Any, mine: Any, theirs: Any, clashes: dict[str, str]) -> Any:
    if mine == base:
        return theirs
    if theirs not in (base, mine):
        clashes[path] = theirs or ""
    return mine


def _cells(path: str, base: _Row, mine: _Row, theirs: _Row, clashes: dict[str, str]) -> dict[str, Any]:
    return {name: _cell(f"{path}.{name}", base.get(name), mine[name], theirs[name], clashes) for name in mine}


def _rows(
    path: str, base: Sequence[_Row], mine: Sequence[_Row], theirs: Sequence[_Row], clashes: dict[str, str]
) -> list[dict[str, Any]]:
    old, one, other = ({row["key"]: row for row in rows} for rows in (base, mine, theirs))
    merged: list[dict[str, Any]] = []
    for key in _order(list(old), list(one), list(other)):
        before, here, there = old.get(key), one.get(key), other.get(key)
        if here is not None and there is not None:
            merged.append(_cells(f"{path}.{len(merged)}", before or {}, here, there, clashes))
        elif here is not None and here != before:
            if before is not None:
                clashes[f"{path}.{len(merged)}"] = ""  # they dropped a row that I changed: it stays, and is named
            merged.append(dict(here))
        elif there is not None and there != before:
            if before is not None:
                clashes[f"{path}.{len(merged)}"] = " · ".join(text for name, text in there.items() if name != "key")
            merged.append(dict(there))
    return merged


def _order(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """All keys: in my order if I moved or added rows, else in theirs; the other's rows follow the row they followed."""
    lead, other = (theirs, mine) if mine == base else (mine, theirs)
    order = list(lead)
    last = -1
    for key in other:
        if key in order:
            last = order.index(key)
        else:
            last += 1
            order.insert(last, key)
    return order
