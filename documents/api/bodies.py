"""JSON schemas of the structured answers: content of a procedure, facts of a legal document."""

from __future__ import annotations

from typing import Any

from documents.content import DAYS_LIMIT, ROW_LIMIT, TEXT_LIMIT
from documents.facts import DAYS, TEXTS
from documents.sections import SECTIONS, Section
from workflows.api.schema import LINES, Shape, text_pattern

CELL: Shape = {
    "type": "string",
    "nullable": True,
    "maxLength": TEXT_LIMIT,
    "pattern": text_pattern(LINES, required=False),
}
ROW_KEY: Shape = {
    "type": "string",
    "nullable": True,
    "pattern": "^[A-Za-z0-9_-]{0,40}$",
    "description": "Stays with the row through edits; a row without one gets one.",
}
WORKING_DAYS: tuple[Shape, ...] = (
    {"type": "string", "nullable": True, "pattern": r"^$|^(?=.*[1-9])[0-9]{1,3}([.,][0-9]{1,4})?$"},
    {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": DAYS_LIMIT},
)
# Forms send an empty field for a day that is not known.
DAY: Shape = {"type": "string", "nullable": True, "anyOf": [{"format": "date"}, {"maxLength": 0}]}


def _object(properties: Shape, **extra: Any) -> Shape:
    return {"type": "object", "additionalProperties": False, "properties": properties, **extra}


def _section(item: Section) -> Shape:
    label = str(item.label)
    if item.kind == "limit":
        return _object({"text": CELL, "days": {"anyOf": [*WORKING_DAYS]}}, nullable=True, description=label)
    if item.kind == "rows":
        cells = {column.key: {**CELL, "description": str(column.label)} for column in item.columns}
        return {
            "type": "array",
            "nullable": True,
            "maxItems": ROW_LIMIT,
            "items": _object({"key": ROW_KEY, **cells}),
            "description": label,
        }
    return {**CELL, "description": label}


CONTENT = _object({item.key: _section(item) for item in SECTIONS})
FACTS = _object(
    {
        **{name: {**CELL, "maxLength": limit} for name, limit in TEXTS.items()},
        "number": {"type": "string", "maxLength": TEXTS["number"], "pattern": text_pattern(LINES, required=True)},
        **dict.fromkeys(DAYS, DAY),
    },
    required=["number"],
)
