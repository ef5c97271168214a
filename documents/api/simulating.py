"""What would happen if: the simulation as data. Reads only."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.shapes import EventShape, TouchedShape
from documents.services.simulation import Supposition, foretell
from documents.trials import TRIALS
from workflows.access import fetch
from workflows.api.bodies import Lines, Number, Query, Text
from workflows.api.endpoint import Endpoint
from workflows.api.shapes import PersonShape, shape
from workflows.errors import BadAnswer
from workflows.models import Unit

NUMBERS = 4000


class TrialQuery(Query):
    """What is tried; each kind of change reads its own fields."""

    agency = Number(help_text="Id of the agency whose documents are looked through.")
    what = serializers.ChoiceField(sorted(TRIALS), required=False, help_text="act if absent.")
    number = Text(required=False, max_length=120, help_text="act: its number, registered or not.")
    issuer = Text(required=False, max_length=1000, help_text="act: its issuer, where several acts have that number.")
    kind = Text(required=False, max_length=12, help_text="act: effective (if absent), amended, suspended or expired.")
    effective_on = serializers.DateField(required=False, help_text="From this day on.")
    replaces = Lines(required=False, max_length=NUMBERS, help_text="act: numbers of legal documents in running text.")
    repeals = Lines(required=False, max_length=NUMBERS)
    amends = Lines(required=False, max_length=NUMBERS)
    repeals_part = Lines(required=False, max_length=NUMBERS)
    guides = Lines(required=False, max_length=NUMBERS)
    unit = Number(required=False, help_text="unit: id of the unit that changes.")
    new_name = Text(required=False, max_length=300)
    successor = Number(required=False, help_text="unit: id of the unit that takes over.")
    code = Text(required=False, max_length=60, help_text="document: code of the document that goes.")


ForetoldShape = shape(
    "ForetoldShape",
    "A version that would be touched, with its task.",
    touched=TouchedShape(),
    due_on=serializers.DateField(help_text="Last day of the revision, if it were confirmed today."),
    owners=PersonShape(many=True),
    dead_from=serializers.DateField(allow_null=True, help_text="When the cited document would be out of force."),
    baseless_from=serializers.DateField(allow_null=True, help_text="When nothing that it cites would be in force."),
)
SimulationShape = shape(
    "SimulationShape",
    "What would happen.",
    event=EventShape(),
    count=serializers.IntegerField(),
    results=ForetoldShape(many=True),
)


class Simulation(Endpoint):
    """A change, tried."""

    tag, operation, query, answer = "regulations", "simulate", TrialQuery, SimulationShape

    def get(self, request: Request) -> Response:
        """Say whom a change would touch, what would be due when, and which bases would die. Nothing is written."""
        given = self.query.read(request)
        place = fetch(Unit, self.person, given.pop("agency"))
        data: dict[str, Any] = {name: str(value) for name, value in given.items()}
        form = TRIALS[data.pop("what", "act")](data, place=place)
        if not form.is_valid():
            raise BadAnswer(problems={name: " ".join(map(str, errors)) for name, errors in form.errors.items()})
        change = form.change()
        found = foretell(change, agency=place, user=self.person, day=timezone.localdate())
        event = change.as_event() if isinstance(change, Supposition) else change
        return Response(
            SimulationShape({"event": event, "count": len(found), "results": found}, context=self.context()).data
        )
