"""OpenAPI, made from what the views declare and from the tables' rows: nothing is described twice."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from workflows.answers import FILES_LIMIT, LINE_LIMIT, NUMBER_LIMIT
from workflows.api.bodies import Body, Lines, Text
from workflows.tables import Ask, Machine

Shape = dict[str, Any]

LINE, LINES = r"[^\x00-\x1f\x7f-\x9f]", r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]"
"""Characters of a line and of a longer text: control characters are refused."""


def text_pattern(char: str, *, required: bool) -> str:
    """Pattern of a text of such characters; a required one is not blank."""
    return rf"^{char}*[^\x00-\x20\x7f-\xa0\s]{char}*$" if required else f"^{char}*$"


REPEATABLE = (
    "Repeatable: with the header `Idempotency-Key` (1 to 200 printable ASCII characters) the same request gets the "
    "first answer again, marked `Idempotency-Replayed: true`, and does nothing; another request under the key is "
    "refused (422). Only an answer that says busy, conflict or unavailable is not kept."
)
"""Said in words, not declared as a parameter: a client that makes up parameters would use one key for everything."""
REPLAYED = OpenApiParameter(
    "Idempotency-Replayed",
    {"type": "string", "enum": ["true"]},
    OpenApiParameter.HEADER,
    response=[200, 201, 400, 403, 404, 409, 422],
    description="Present when the answer was kept from an earlier request with the same key.",
)


class ProblemShape(serializers.Serializer[Any]):
    """One thing that is wrong."""

    field = serializers.CharField(allow_null=True, help_text="Where, as a path; null: the record as a whole.")
    detail = serializers.CharField()


class ErrorShape(serializers.Serializer[Any]):
    """Every refusal. ``state`` and ``row_version`` are the record's now, null where no record was reached."""

    code = serializers.CharField(help_text="For programs; never translated.")
    detail = serializers.CharField(help_text="For people, in their language.")
    state = serializers.CharField(allow_null=True)
    row_version = serializers.IntegerField(allow_null=True)
    problems = ProblemShape(many=True)


FULL = 507
REFUSALS = {
    400: "Body, parameter or answer of the step is wrong.",
    401: "Nobody is logged in; with code `locked_out`, after too many failures.",
    403: "Not this person's turn, not theirs to read, or their own hand was in it before.",
    404: "There is no such thing for this person; another agency's records are always answered so.",
    409: "Wrong state, stale version, busy, or written by another first; `state` and `row_version` say what is now.",
    413: "The body, or the file, is too large.",
    415: "The body is not declared as application/json, or a file as application/octet-stream.",
    422: "The record is not ready for the step, or the Idempotency-Key belongs to another request.",
    503: "The database does not answer; wait as Retry-After says. Or the store of files is not there.",
    FULL: "The disk of the server is nearly full: no files are taken.",
}
READING: tuple[int, ...] = (400, 401, 403, 404, 503)
WRITING = tuple(status for status in REFUSALS if status != FULL)
UPLOADING = tuple(status for status in REFUSALS if status not in {409, 422})


class EndpointSchema(AutoSchema):
    """Describes an ``Endpoint`` by its attributes."""

    view: Any

    def get_operation_id(self) -> str:
        """``versions_list``, ``versions_read``, ``versions_approve``: tag and what is done."""
        return f"{self.view.tag}_{self.view.deed if self.method == 'POST' else self.view.operation}"

    def get_tags(self) -> list[str]:
        """The kind of thing."""
        return [self.view.tag]

    def get_summary(self) -> str | None:
        """Of a step: its label, as people read it on the button."""
        kind, action = getattr(self.view, "kind", None), getattr(self.view, "action", "")
        if kind is None or not action or self.method != "POST":
            return None
        return str(kind.model.machine.rows_of(action)[0].label)

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """What the method's own docstring says."""
        said = inspect.getdoc(getattr(self.view, self.method.lower())) or ""
        return f"{said}\n\n{REPEATABLE}" if self.method == "POST" else said

    def get_override_parameters(self) -> list[Any]:
        """Parameters by the query class; the mark of a repeated answer."""
        if self.method == "GET":
            return [self.view.query] if self.view.query().fields else []
        return [REPLAYED] if self.method == "POST" else []

    def get_request_serializer(self) -> Any:
        """The body: a serializer or a raw schema."""
        if self.method == "PUT":
            return {self.view.takes: OpenApiTypes.BINARY}
        body = self.view.body_shape()
        return {"application/json": body} if isinstance(body, dict) else body

    def get_response_serializers(self) -> Any:
        """The answer, and every refusal in its one form."""
        if self.method == "POST":
            answers, refusals = dict.fromkeys(self.view.deed_statuses, self.view.deed_answer), WRITING
        elif self.method == "PUT":
            answers, refusals = {201: self.view.answer}, UPLOADING
        else:
            answers, refusals = {self._success(): self._answer()}, READING
        described = {status: OpenApiResponse(ErrorShape, description=REFUSALS[status]) for status in refusals}
        return {**answers, **described}

    def _success(self) -> Any:
        """The status, with the media type where it is not JSON."""
        gives = getattr(self.view, "gives", "")
        return (200, gives) if gives else 200

    def _answer(self) -> Any:
        if not self.view.many:
            return self.view.answer
        name = self._get_serializer_name(self.view.answer(), "response")
        return inline_serializer(
            f"{name}PageShape",
            {
                "count": serializers.IntegerField(),
                "next": serializers.URLField(allow_null=True),
                "previous": serializers.URLField(allow_null=True),
                "results": self.view.answer(many=True),
            },
        )

    def _get_serializer_name(self, serializer: Any, direction: str, bypass_extensions: bool = False) -> str:
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.removesuffix("Shape")

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Any:
        shape = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        return {**shape, "additionalProperties": False} if isinstance(serializer, Body) else shape

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Any:
        shape = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if isinstance(field, Text):
            char = LINES if isinstance(field, Lines) else LINE
            return {**shape, "pattern": text_pattern(char, required=not field.allow_blank)}
        return shape

    def _get_request_body(self, direction: str = "request") -> Any:
        body = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        if body:
            body["required"] = True
        return body


def action_body(machine: Machine, action: str, shapes: Mapping[str, Shape]) -> Shape:
    """Body of one action: the expected version and what its rows ask; required is what every row requires."""
    rows = [row for row in machine.rows_of(action) if not row.starts]
    asked = {ask.name: ask for row in rows for ask in row.asks}
    needed = [name for name, ask in asked.items() if ask.required and all(_asks(row.asks, name) for row in rows)]
    version: Shape = {
        "type": "integer",
        "minimum": 1,
        "maximum": 2**31 - 1,
        "description": "`row_version` of the record on which the person decided.",
    }
    answers = {name: ask_shape(ask, shapes) for name, ask in asked.items()}
    return _object({"expected_version": version, **answers}, ["expected_version", *needed])


def start_body(machine: Machine, action: str, shapes: Mapping[str, Shape]) -> Shape:
    """Body of a start row: what it asks."""
    row = next(row for row in machine.starts if row.action == action)
    return _object(
        {ask.name: ask_shape(ask, shapes) for ask in row.asks}, [ask.name for ask in row.asks if ask.required]
    )


def _asks(asks: Iterable[Ask], name: str) -> bool:
    return any(ask.name == name for ask in asks)


def _object(properties: Shape, required: list[str]) -> Shape:
    shape = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**shape, "required": required} if required else shape  # JSON Schema takes no empty list


def _files_shape(ask: Ask) -> Shape:
    ids: Shape = {"type": "array", "maxItems": FILES_LIMIT, "items": {"type": "string", "format": "uuid"}}
    told = {"description": f"{ask.label}: ids of files uploaded to the record before."}
    return {**ids, **told, **({"minItems": 1} if ask.required else {"nullable": True})}


def ask_shape(ask: Ask, shapes: Mapping[str, Shape]) -> Shape:
    """JSON schema of one answer."""
    if ask.kind == "json":
        return {**shapes.get(ask.name, {}), "description": str(ask.label)}
    if ask.kind == "files":
        return _files_shape(ask)
    shape: Shape = {"type": "string", "description": str(ask.label)}
    if ask.kind == "number":
        shape |= {"type": "integer", "minimum": 0, "maximum": NUMBER_LIMIT}
    elif ask.kind == "pick":
        shape |= {"minLength": 1} if ask.required else {}
    elif ask.kind == "date":
        shape["format"] = "date"
    elif ask.kind == "choice":
        shape["enum"] = [value for value, _label in ask.choices]
    else:
        shape["maxLength"] = LINE_LIMIT if ask.kind == "line" else ask.limit
        shape["pattern"] = text_pattern(LINE if ask.kind == "line" else LINES, required=ask.required)
    return shape if ask.required else {**shape, "nullable": True}
