"""Addresses of committees on their way to a decision, and of seats that stand empty."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows import engine
from workflows.access import fetch
from workflows.api.bodies import MAX_INT, Number
from workflows.api.endpoint import Deed
from workflows.api.records import Kind, RecordList, RecordQuery, answers, kind_urls
from workflows.api.schema import Shape, start_body
from workflows.api.shapes import AFTER, PlaceShape, RecordLine, WithActions
from workflows.deciding import place_of
from workflows.errors import BadAnswer, NotYourTurn
from workflows.machines.committee import ESTABLISHMENT, NEEDED, VACANT_SEAT
from workflows.models import Establishment, Unit, VacantSeat
from workflows.models.committee import COMMITTEE_ROLES, MEMBER_LIMIT

MEMBERS: Shape = {
    "type": "array",
    "minItems": 1,
    "maxItems": MEMBER_LIMIT,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["username", "role", "unit"],
        "properties": {
            "username": {"type": "string", "minLength": 1, "maxLength": 150},
            "role": {"type": "string", "enum": [str(role) for role in COMMITTEE_ROLES]},
            "unit": {"type": "integer", "minimum": 1, "maximum": MAX_INT},
        },
    },
}


class EstablishmentLine(RecordLine):
    """A committee to be, in a list."""

    about = PlaceShape()

    class Meta:
        model = Establishment
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "about", "members", "committee")


class EstablishmentAfter(WithActions, EstablishmentLine):
    """A committee to be, after a deed."""

    class Meta(EstablishmentLine.Meta):
        fields = (*EstablishmentLine.Meta.fields, *AFTER)


class EstablishmentQuery(RecordQuery):
    """Filters of committees to be."""

    state = serializers.ChoiceField(ESTABLISHMENT.states, required=False)
    about = Number(source="about_id", required=False, help_text="Id of the agency it is about.")


class Establishments(RecordList, Deed):
    """Committees on their way to a decision."""

    def body_shape(self) -> Shape:
        """The agency and the members."""
        asked = start_body(ESTABLISHMENT, "propose", {"members": MEMBERS})
        where = {"type": "integer", "minimum": 1, "maximum": MAX_INT, "description": "Id of the agency."}
        return {
            **asked,
            "properties": {"about": where, **asked["properties"]},
            "required": ["about", *asked.get("required", [])],
        }

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Propose."""
        del kwargs
        pk = body.pop("about", None)
        if isinstance(pk, bool) or not isinstance(pk, int) or not 0 < pk <= MAX_INT:
            raise BadAnswer(problems={"about": _("Cần mã của cơ quan.")})
        about = fetch(Unit, self.person, pk)
        place = place_of(self.person, about, action=("establishment", "propose"), own=True)
        if place is None or not about.is_agency:
            raise NotYourTurn
        fresh = Establishment(about=about, agency=place, unit=place)
        done = engine.start(fresh, "propose", by=self.person, **answers(body))
        return self.show(done, EstablishmentAfter, status=201)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Propose who is to sit in an agency's committee."""
        return super().post(request, **kwargs)


class VacantLine(RecordLine):
    """An empty seat in a list."""

    about = PlaceShape()

    class Meta:
        model = VacantSeat
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "about", "role")


class VacantAfter(WithActions, VacantLine):
    """An empty seat after a deed."""

    class Meta(VacantLine.Meta):
        fields = (*VacantLine.Meta.fields, *AFTER)


class VacantQuery(RecordQuery):
    """Filters of empty seats."""

    state = serializers.ChoiceField(VACANT_SEAT.states, required=False)
    about = Number(source="about_id", required=False, help_text="Id of the agency whose seat it is.")
    role = serializers.ChoiceField([str(role) for role in NEEDED], required=False)


ESTABLISHMENTS = Kind(
    "establishments",
    Establishment,
    EstablishmentQuery,
    EstablishmentLine,
    EstablishmentAfter,
    EstablishmentAfter,
    search=("about__name_folded",),
    shapes={"members": MEMBERS},
)
VACANT_SEATS = Kind(
    "vacant_seats",
    VacantSeat,
    VacantQuery,
    VacantLine,
    VacantAfter,
    VacantAfter,
    search=("about__name_folded",),
)

urlpatterns: list[URLPattern] = [
    *kind_urls(ESTABLISHMENTS, Establishments, deed="propose", deed_answer=EstablishmentAfter),
    *kind_urls(VACANT_SEATS),
]
