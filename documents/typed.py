"""What a person has typed in the editor: read from its fields, changed by its buttons, laid out as fields again.

Raw content has the shape of ``documents.content`` but is not yet clean: whatever was typed is in it, so that nothing
is lost by an error. Field names are the paths that errors name: ``purpose``, ``time_limit.days``, ``steps.2.time``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from documents.content import ROW_LIMIT, SECTIONS, Section

Raw = dict[str, Any]
PLACES = 6
"""Digits of a row's place at most: a longer figure is nobody's row."""


def read(fields: Mapping[str, str]) -> Raw:
    """Raw content from the form's fields; rows in the order of their places, gaps closed."""
    raw: Raw = {}
    for item in SECTIONS:
        if item.kind == "text":
            raw[item.key] = fields.get(item.key, "")
        elif item.kind == "limit":
            raw[item.key] = {column.key: fields.get(f"{item.key}.{column.key}", "") for column in item.columns}
        else:
            names = ("key", *(column.key for column in item.columns))
            places = _places(item.key, fields)
            raw[item.key] = [{name: fields.get(f"{item.key}.{at}.{name}", "") for name in names} for at in places]
    return raw


def _places(section: str, fields: Mapping[str, str]) -> list[str]:
    found = set()
    for name in fields:
        head, _dot, rest = name.partition(".")
        place = rest.partition(".")[0]
        if head == section and place.isascii() and place.isdecimal() and len(place) <= PLACES:
            found.add(place)
    return sorted(found, key=int)


def press(raw: Raw, command: str) -> Raw:
    """Do what a row's button says: ``add:steps``, ``up:steps:2``, ``down:…``, ``drop:…``, ``swap:legal_basis:0:18/…``.

    A command that makes no sense changes nothing: it came from an old page.
    """
    verb, _colon, rest = command.partition(":")
    section, _colon, rest = rest.partition(":")
    place, _colon, value = rest.partition(":")
    rows = raw.get(section)
    if not isinstance(rows, list):
        return raw
    if verb == "add":
        return raw | {section: [*rows, _empty(section)][:ROW_LIMIT]}
    if not (place.isascii() and place.isdecimal() and len(place) <= PLACES) or int(place) >= len(rows):
        return raw
    return raw | {section: _pressed(list(rows), verb, int(place), value)}


def _pressed(rows: list[dict[str, str]], verb: str, at: int, value: str) -> list[dict[str, str]]:
    other = {"up": at - 1, "down": at + 1}.get(verb)
    if other is not None and 0 <= other < len(rows):
        rows[at], rows[other] = rows[other], rows[at]
    elif verb == "drop":
        del rows[at]
    elif verb == "swap" and value and "number" in rows[at]:
        rows[at] = rows[at] | {"number": value, "issuer": ""}
    return rows


def _empty(section: str) -> dict[str, str]:
    columns = next(item.columns for item in SECTIONS if item.key == section)
    return dict.fromkeys(("key", *(column.key for column in columns)), "")


@dataclass(frozen=True)
class Field:
    """One field of the form. ``id`` is the name without dots, which style sheets would read as classes."""

    name: str
    label: Any
    value: str
    required: bool = False
    error: str = ""

    @property
    def id(self) -> str:
        """Anchor of the field."""
        return anchor(self.name)


@dataclass(frozen=True)
class Line:
    """One row of the form; ``key`` is the row's own, ``error`` one that belongs to no column."""

    number: int
    place: int
    key: str
    fields: list[Field]
    error: str = ""


@dataclass(frozen=True)
class Block:
    """One section of the form: fields of a text or of the time limit, or rows."""

    section: Section
    fields: list[Field] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    error: str = ""
    blank: Line | None = None


def anchor(path: str) -> str:
    """The HTML id of a field's path."""
    return path.replace(".", "-")


def blocks(raw: Raw, problems: Mapping[str, str]) -> list[Block]:
    """The form's sections with what was typed and what is wrong beside each field."""
    return [_block(item, raw[item.key], problems) for item in SECTIONS]


def _block(item: Section, value: Any, problems: Mapping[str, str]) -> Block:
    error = str(problems.get(item.key, ""))
    if item.kind == "text":
        return Block(item, [Field(item.key, item.label, value, item.required, error)])
    if item.kind == "limit":
        return Block(item, list(_fields(item, item.key, value, problems)), error=error)
    lines = [_line(item, at, row, problems) for at, row in enumerate(value)]
    return Block(item, lines=lines, error=error, blank=_line(item, len(value), _empty(item.key), {}))


def _line(item: Section, at: int, row: Mapping[str, str], problems: Mapping[str, str]) -> Line:
    path = f"{item.key}.{at}"
    error = str(problems.get(path, "") or problems.get(f"{path}.key", ""))
    return Line(at + 1, at, row.get("key", ""), list(_fields(item, path, row, problems)), error)


def _fields(item: Section, path: str, row: Mapping[str, Any], problems: Mapping[str, str]) -> Iterator[Field]:
    for column in item.columns:
        name = f"{path}.{column.key}"
        yield Field(name, column.label, row.get(column.key) or "", column.required, str(problems.get(name, "")))


def summary(problems: Mapping[str, str]) -> list[dict[str, str]]:
    """Every problem with its place in words and the anchor of its field, for the list above the form."""
    labels = {item.key: item for item in SECTIONS}
    found = []
    for path, sentence in problems.items():
        head, *rest = path.split(".")
        item = labels.get(head)
        words = _place(item, rest) if item else ""
        found.append({"id": anchor(path), "text": f"{words}: {sentence}" if words else str(sentence)})
    return found


def _place(item: Section, rest: list[str]) -> str:
    words = [str(item.label)]
    if rest and rest[0].isdecimal():
        words.append(f"{item.row} {int(rest[0]) + 1}".lower())
        rest = rest[1:]
    words += [str(column.label).lower() for column in item.columns if rest and column.key == rest[0]]
    return ", ".join(words)
