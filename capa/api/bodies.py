"""JSON schemas of the structured answers: a round's plan, its teams, an analysis, a corrective action plan."""

from __future__ import annotations

from typing import Any

from capa.analysis import Category
from capa.flags import KEYS as FLAG_KEYS
from capa.machines.scoring import RULES
from capa.plan import ACTION_LIMIT, MEASURE_LIMIT, MeasureKind
from capa.rounds import CLAUSE_LIMIT, SIZE_LIMIT, TITLE_LIMIT, UNIT_LIMIT
from capa.shapes import ROW_LIMIT, TEXT_LIMIT
from workflows.api.bodies import MAX_INT
from workflows.api.schema import Shape

DAY: Shape = {"type": "string", "format": "date"}
# Neither PostgreSQL nor UTF-8 holds more.
TEXT: Shape = {"type": "string", "nullable": True, "maxLength": TEXT_LIMIT, "pattern": r"^[^\x00]*$"}
ID: Shape = {"type": "integer", "minimum": 1, "maximum": MAX_INT}
CLAUSES: Shape = {
    "type": "array",
    "minItems": 1,
    "maxItems": CLAUSE_LIMIT,
    "items": {"type": "string", "pattern": r"^(4|5|6|7|8|9|10)\.[0-9]{1,2}(\.[0-9]{1,2}){0,2}$"},
    "description": "Numbers of the standard's clauses, such as 7.5 or 8.5.1.",
}
ROW_KEY: Shape = {
    "type": "string",
    "nullable": True,
    "pattern": "^[A-Za-z0-9_-]{0,40}$",
    "description": "Stays with the row through edits; a row without one gets one.",
}
# Forms send an empty field for what is not known.
NO_DAY: Shape = {"type": "string", "nullable": True, "anyOf": [{"format": "date"}, {"maxLength": 0}]}
NO_DOCUMENT: Shape = {"type": "string", "nullable": True, "anyOf": [{"format": "uuid"}, {"maxLength": 0}]}


def _object(properties: Shape, **extra: Any) -> Shape:
    return {"type": "object", "additionalProperties": False, "properties": properties, **extra}


def _rows(limit: int, **cells: Shape) -> Shape:
    return {"type": "array", "nullable": True, "maxItems": limit, "items": _object(cells)}


def _ids(**extra: Any) -> Shape:
    return {"type": "array", "maxItems": UNIT_LIMIT, "items": ID, **extra}


def _choice(values: list[str]) -> Shape:
    return {"type": "string", "nullable": True, "enum": ["", *values, None]}


ROUND_PLAN = _object(
    {
        "title": {
            "type": "string",
            "minLength": 1,
            "maxLength": TITLE_LIMIT,
            "pattern": r"^[^\x00]*[^\s\x00][^\x00]*$",
        },
        "criteria": TEXT,
        "clauses": CLAUSES,
        "starts_on": DAY,
        "ends_on": DAY,
        "units": _ids(minItems=1, description="Ids of the units to visit."),
        "size": {
            "type": "integer",
            "minimum": 1,
            "maximum": SIZE_LIMIT,
            "description": "People for each unit; else 2.",
        },
    },
    required=["title", "clauses", "starts_on", "ends_on", "units"],
)
TEAM = _object(
    {"unit": ID, "lead": ID, "members": _ids(nullable=True, description="The others, without the leader.")},
    required=["unit", "lead"],
)
TEAMS = _object(
    {
        "lead": {**ID, "description": "Who leads the round and answers for its report."},
        "teams": {"type": "array", "nullable": True, "maxItems": UNIT_LIMIT, "items": TEAM},
    },
    required=["lead"],
)
ANALYSIS = _object(
    {
        "whys": _rows(
            ROW_LIMIT,
            key=ROW_KEY,
            parent={**ROW_KEY, "description": "Key of the earlier row whose answer is asked about."},
            text=TEXT,
            evidence=TEXT,
        ),
        "causes": _rows(ROW_LIMIT, key=ROW_KEY, category=_choice(Category.values), text=TEXT),
        "root": {**TEXT, "description": "The root cause."},
        "category": {**_choice(Category.values), "description": "Category of the root cause."},
        "similar": {**TEXT, "description": "Where similar cases were looked for."},
        "extent": TEXT,
    }
)
PLAN = _object(
    {
        "actions": _rows(
            ACTION_LIMIT,
            key=ROW_KEY,
            what=TEXT,
            assignee={**ID, "nullable": True, "description": "Id of the person."},
            due=NO_DAY,
            resources=TEXT,
        ),
        "documents": _rows(ROW_LIMIT, document={**NO_DOCUMENT, "description": "Id of the document."}, what=TEXT),
        "risk": {**TEXT, "description": "What changes in risks and opportunities."},
        "measure": _object(
            {
                "what": TEXT,
                "kind": {**_choice(MeasureKind.values), "description": "Working days or cases to wait for."},
                "number": {"type": "integer", "nullable": True, "minimum": 1, "maximum": MEASURE_LIMIT},
                "target": TEXT,
            },
            nullable=True,
            description="How its effect will be judged; fixed with the plan.",
        ),
    }
)
JUDGEMENTS: Shape = {
    "type": "array",
    "minItems": 1,
    "maxItems": ROW_LIMIT,
    "items": _object(
        {"flag": {"type": "string", "enum": list(FLAG_KEYS)}, "value": {"type": "boolean"}, "note": TEXT},
        required=["flag", "value", "note"],
    ),
}
NUMBER: Shape = {"oneOf": [{"type": "number"}, {"type": "string", "maxLength": 20}]}
POINTS: Shape = {
    "type": "array",
    "minItems": 1,
    "maxItems": ROW_LIMIT,
    "items": _object(
        {"criterion": {"type": "string"}, "points": NUMBER, "note": TEXT, "evidence": TEXT},
        required=["criterion", "points"],
    ),
}
CRITERIA: Shape = {
    "type": "array",
    "minItems": 1,
    "maxItems": ROW_LIMIT,
    "items": _object(
        {
            "key": ROW_KEY,
            "group": TEXT,
            "text": TEXT,
            "max": NUMBER,
            "rule": _choice([code for code, _label in RULES]),
            "evidence": TEXT,
        },
        required=["group", "text", "max"],
    ),
}
BANDS: Shape = {
    "type": "array",
    "minItems": 1,
    "maxItems": 20,
    "items": _object(
        {"least": {"type": "integer", "minimum": 0, "maximum": 100}, "label": TEXT}, required=["least", "label"]
    ),
}
