"""Questions to agencies below and their answers, over HTTP."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from capa.machines.spread import SPREAD, SPREAD_ANSWER
from capa.models import Car, Spread, SpreadAnswer
from capa.models.spread import MOST
from workflows import engine
from workflows.access import fetch, may_start
from workflows.api.bodies import MAX_INT, Body, Lines, Number
from workflows.api.endpoint import Deed
from workflows.api.records import Kind, RecordList, RecordQuery, kind_urls
from workflows.api.shapes import AFTER, RecordLine, WithActions
from workflows.errors import NotYourTurn
from workflows.models import Unit


class SpreadLine(RecordLine):
    """A question in a list."""

    class Meta:
        model = Spread
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "car", "wording", "answer_by")


class SpreadAfter(WithActions, SpreadLine):
    """A question after a deed."""

    class Meta(SpreadLine.Meta):
        fields = (*SpreadLine.Meta.fields, *AFTER)


class SpreadQuery(RecordQuery):
    """Filters of questions."""

    state = serializers.ChoiceField(SPREAD.states, required=False)


class AnswerLine(RecordLine):
    """An answer in a list."""

    class Meta:
        model = SpreadAnswer
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "wording", "answer_by", "car")


class AnswerAfter(WithActions, AnswerLine):
    """An answer after a deed."""

    class Meta(AnswerLine.Meta):
        fields = (*AnswerLine.Meta.fields, *AFTER)


class AnswerQuery(RecordQuery):
    """Filters of answers."""

    state = serializers.ChoiceField(SPREAD_ANSWER.states, required=False)
    spread = serializers.UUIDField(source="spread_id", required=False, help_text="Only answers to this question.")


class NewSpread(Body):
    """What is asked, until when, of whom; ``car``: what gave rise to it."""

    agency = Number()
    wording = Lines(max_length=20_000)
    answer_by = serializers.DateField()
    agencies = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_INT), min_length=1, max_length=MOST
    )
    car = serializers.UUIDField(required=False)


class Spreads(RecordList, Deed):
    """Questions."""

    def body_shape(self) -> type[Body]:
        """What a question needs."""
        return NewSpread

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Ask."""
        del kwargs
        given = NewSpread.read(body)
        place = fetch(Unit, self.person, given.pop("agency"))
        if may_start(SPREAD, "ask", self.person, place.agency_id, place.pk) or not place.is_agency:
            raise NotYourTurn
        car = fetch(Car, self.person, given.pop("car")) if "car" in given else None
        fresh = Spread(agency=place, unit=place, car=car)
        return self.show(engine.start(fresh, "ask", by=self.person, **given), SpreadAfter, status=201)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Ask agencies below whether they have a nonconformity too."""
        return super().post(request, **kwargs)


SPREADS = Kind("spreads", Spread, SpreadQuery, SpreadLine, SpreadAfter, SpreadAfter, search=("wording",))
ANSWERS = Kind(
    "spread_answers", SpreadAnswer, AnswerQuery, AnswerLine, AnswerAfter, AnswerAfter, search=("agency__name_folded",)
)

urlpatterns: list[URLPattern] = [
    *kind_urls(SPREADS, Spreads, deed="ask", deed_answer=SpreadAfter),
    *kind_urls(ANSWERS),
]
