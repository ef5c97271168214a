"""What a person has typed for an analysis or a plan: read from its fields, changed by its rows' buttons.

Raw shapes are those of ``capa.analysis`` and ``capa.plan`` but not yet clean: whatever was typed is in them, so that
nothing is lost by an error. A field's name is its path as ``documents.typed.anchor`` writes it, ``whys-0-text``,
``measure-number``, so a problem's path leads to its field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from capa.analysis import Analysis, Cause, Why
from capa.plan import ACTION_LIMIT, Action, Change, Measure, Plan
from capa.shapes import ROW_LIMIT
from documents.typed import PLACES, Raw, anchor
from documents.typed import press as press_row

__all__ = ["TABLES", "Raw", "anchor", "press", "read_analysis", "read_plan"]

TABLES: dict[str, tuple[str, ...]] = {
    "whys": tuple(Why.__annotations__),
    "causes": tuple(Cause.__annotations__),
    "actions": tuple(Action.__annotations__),
    "documents": tuple(Change.__annotations__),
}
"""Columns of each table of rows."""
_GROUPS = {"measure": tuple(Measure.__annotations__)}
_LIMITS = {"actions": ACTION_LIMIT}
_PLACE = re.compile(rf"[0-9]{{1,{PLACES}}}")


def read_analysis(post: Mapping[str, str]) -> Raw:
    """A raw analysis from the form's fields; rows in the order of their places, gaps closed."""
    return _read(post, Analysis.__annotations__)


def read_plan(post: Mapping[str, str]) -> Raw:
    """A raw plan from the form's fields, read in the same way."""
    return _read(post, Plan.__annotations__)


def _read(post: Mapping[str, str], names: Mapping[str, object]) -> Raw:
    raw: Raw = {}
    for name in names:
        if name in TABLES:
            raw[name] = [_group(post, f"{name}-{place}", TABLES[name]) for place in _places(name, post)]
        elif name in _GROUPS:
            raw[name] = _group(post, name, _GROUPS[name])
        else:
            raw[name] = _value(post, name)
    return raw


def _group(post: Mapping[str, str], prefix: str, columns: tuple[str, ...]) -> dict[str, str]:
    return {column: _value(post, f"{prefix}-{column}") for column in columns}


def _value(post: Mapping[str, str], name: str) -> str:
    """What stands in a field. Browsers send every line end as CR LF, whatever was typed or put there."""
    return post.get(name, "").replace("\r\n", "\n")


def _places(table: str, post: Mapping[str, str]) -> list[str]:
    found = set()
    for name in post:
        head, _dash, rest = name.partition("-")
        place, _dash, column = rest.partition("-")
        if head == table and column in TABLES[table] and _PLACE.fullmatch(place):
            found.add(place)
    return sorted(found, key=lambda place: (int(place), place))


def press(raw: Raw, command: str) -> Raw:
    """Do what a row's button says: ``add:actions``, ``up:actions:2``, ``down:…``, ``drop:…``.

    Whys are a tree: ``add:whys:2`` asks once more under the third row, a row goes up or down among those of the same
    parent and takes what stands under it along, and when it is dropped its children go to its parent. A command that
    makes no sense changes nothing: it came from an old page.
    """
    verb, _colon, rest = command.partition(":")
    table, _colon, place = rest.partition(":")
    rows = raw.get(table)
    if table not in TABLES or not isinstance(rows, list):
        return raw
    at = int(place) if _PLACE.fullmatch(place) else None
    if (at is None and (verb != "add" or place)) or (at is not None and at >= len(rows)):
        return raw
    if verb == "add":
        return raw | {table: _added(table, rows, at)}
    if table == "whys" and at is not None:
        return raw | {table: _pressed_why(rows, verb, at)}
    return press_row(raw, command) if verb in {"up", "down", "drop"} else raw


def _added(table: str, rows: list[dict[str, Any]], at: int | None) -> list[dict[str, Any]]:
    """One empty row more, up to the limit; a new why has a key at once, so that others can stand on it."""
    if len(rows) >= _LIMITS.get(table, ROW_LIMIT):
        return rows
    row = dict.fromkeys(TABLES[table], "")
    if table != "whys":
        return [*rows, row]
    keyed = _keyed([*rows, row])
    if at is not None:
        keyed[-1]["parent"] = keyed[at]["key"]
    return _in_order(keyed)


def _keyed(whys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Copies of the rows, each with a key."""
    taken = {why["key"] for why in whys}
    free = (key for key in (f"w{number}" for number in range(1, 2 * len(whys) + 2)) if key not in taken)
    return [why | {"key": why["key"] or next(free)} for why in whys]


def _pressed_why(whys: list[dict[str, Any]], verb: str, at: int) -> list[dict[str, Any]]:
    rows = [dict(why) for why in whys]
    chosen = rows[at]
    if verb == "drop":
        del rows[at]
        for row in rows:
            if chosen["key"] and row["parent"] == chosen["key"]:
                row["parent"] = chosen["parent"]
        return rows
    step = {"up": -1, "down": 1}.get(verb, 0)
    beside = [place for place, row in enumerate(rows) if row["parent"] == chosen["parent"]]
    other = beside.index(at) + step
    if not step or not 0 <= other < len(beside):
        return whys
    rows[at], rows[beside[other]] = rows[beside[other]], rows[at]
    return _in_order(rows)


def _in_order(whys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row before those under it. Rows whose parent is nowhere stand at the top, rows in a ring at the end."""
    places = {why["key"]: place for place, why in reversed(list(enumerate(whys))) if why["key"]}
    under: dict[int | None, list[int]] = {}
    for place, why in enumerate(whys):
        under.setdefault(places.get(why["parent"]), []).append(place)
    found: list[int] = []
    waiting = under.get(None, [])[::-1]
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting += under.get(place, [])[::-1]
    ring = sorted(set(range(len(whys))) - set(found))
    return [whys[place] for place in found + ring]
