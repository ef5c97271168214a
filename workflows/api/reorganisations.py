"""Addresses of reorganisations: prepared, previewed, decided, undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows import engine
from workflows.access import fetch
from workflows.api.bodies import Query
from workflows.api.endpoint import Deed, Endpoint
from workflows.api.records import Kind, RecordList, RecordQuery, answers, kind_urls
from workflows.api.schema import Shape, start_body
from workflows.api.shapes import AFTER, RecordLine, WithActions, shape
from workflows.deciding import place_over
from workflows.errors import NotYourTurn
from workflows.machines.reorganisation import MANNERS, REORGANISATION, WHAT
from workflows.models import Reorganisation, day_of
from workflows.models.reorganisation import CHOICE_LIMIT, TABLES, TEXTS, clean_lines
from workflows.models.tree import AGENCY_KINDS
from workflows.parting import foresee
from workflows.rearranging import MOST

CODES: Shape = {"type": "array", "maxItems": MOST, "items": {"type": "string", "maxLength": TEXTS["unit"]}}
LINES: Shape = {
    "type": "array",
    "minItems": 1,
    "maxItems": MOST,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["what", "unit"],
        "properties": {
            "what": {"type": "string", "enum": [value for value, _label in WHAT]},
            "unit": {"type": "string", "maxLength": TEXTS["unit"], "description": "Code of the agency."},
            "into": {**CODES, "description": "Codes of who takes over."},
            "name": {"type": "string", "maxLength": TEXTS["name"]},
            "kind": {"type": "string", "enum": ["", *(str(value) for value, _label in AGENCY_KINDS)]},
            "parent": {"type": "string", "maxLength": TEXTS["parent"], "description": "Code of the agency above."},
            "documents": {"type": "string", "enum": ["", *(value for value, _label in MANNERS)]},
        },
    },
}
CHOICES: Shape = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        name: {"type": "object", "maxProperties": CHOICE_LIMIT, "additionalProperties": {"type": "string"}}
        for name in TABLES
    },
}
GoingShape = shape(
    "GoingShape",
    "So many things of one kind that go from a unit to an heir.",
    kind=serializers.CharField(source="kind.name"),
    unit=serializers.IntegerField(source="unit.pk"),
    heir=serializers.CharField(allow_blank=True, help_text="Code of the agency, or of it and its division."),
    number=serializers.IntegerField(),
    missing=serializers.BooleanField(help_text="True: somebody has still to be named."),
)
ForeseenShape = shape(
    "ForeseenShape",
    "What a reorganisation would do.",
    problems=serializers.ListField(child=serializers.CharField()),
    missing=serializers.IntegerField(),
    goings=GoingShape(many=True),
)


class ReorganisationLine(RecordLine):
    """A reorganisation in a list."""

    class Meta:
        model = Reorganisation
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "lines",
            "choices",
            "decision_no",
            "decision_on",
            "effective_on",
        )


class ReorganisationAfter(WithActions, ReorganisationLine):
    """A reorganisation after a deed."""

    class Meta(ReorganisationLine.Meta):
        fields = (*ReorganisationLine.Meta.fields, *AFTER)


class ReorganisationQuery(RecordQuery):
    """Filters of reorganisations."""

    state = serializers.ChoiceField(REORGANISATION.states, required=False)


class Reorganisations(RecordList, Deed):
    """Reorganisations."""

    def body_shape(self) -> Shape:
        """The lines."""
        return start_body(REORGANISATION, "draft", {"lines": LINES})

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Prepare one, for the nearest of the person's agencies above all that it names."""
        del kwargs
        rows = clean_lines(body["lines"]) if "lines" in body else []
        place = place_over(self.person, {code for row in rows for code in (row["unit"], row["parent"], *row["into"])})
        if place is None:
            raise NotYourTurn
        fresh = Reorganisation(agency=place, unit=place)
        done = engine.start(fresh, "draft", by=self.person, **answers(body))
        return self.show(done, ReorganisationAfter, status=201)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Prepare a reorganisation of agencies of the person's tree."""
        return super().post(request, **kwargs)


class PreviewQuery(Query):
    """No parameters."""


class Preview(Endpoint):
    """What a reorganisation would do."""

    tag, operation, answer = "reorganisations", "preview", ForeseenShape

    def get(self, request: Request, pk: UUID) -> Response:
        """Read what would go where if it took effect on its day; nothing is written."""
        PreviewQuery.read(request)
        found = fetch(Reorganisation, self.person, pk, among=Reorganisation.objects.for_list())
        return self.show(foresee(found, found.effective_on or day_of()), ForeseenShape)


KIND = Kind(
    "reorganisations",
    Reorganisation,
    ReorganisationQuery,
    ReorganisationLine,
    ReorganisationAfter,
    ReorganisationAfter,
    search=("decision_no",),
    shapes={"lines": LINES, "choices": CHOICES},
)

urlpatterns: list[URLPattern] = [
    path("reorganisations/<uuid:pk>/preview/", Preview.as_view(), name="reorganisations_preview"),
    *kind_urls(KIND, Reorganisations, deed="draft", deed_answer=ReorganisationAfter),
]
