"""The year's objectives, management reviews and the work that follows from them, over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from capa.api import yearly_shapes as shapes
from capa.api.bodies import ID
from capa.api.views import AtAgency, Start
from capa.machines.objective import OBJECTIVE, OBJECTIVES, SOURCES
from capa.machines.review import KINDS as OUTPUT_KINDS
from capa.machines.review import OUTPUT, REVIEW
from capa.models import Measurement, Objective, ObjectiveSet, Output, Review
from workflows.access import fetch, may_start, reach
from workflows.api.bodies import Body, Id, Number
from workflows.api.records import Kind, RecordList, RecordQuery, kind_urls
from workflows.errors import BadAnswer, NotYourTurn
from workflows.models import Record, RecordQuerySet, Unit


class SetQuery(RecordQuery):
    """Filters of sets of objectives."""

    state = serializers.ChoiceField(OBJECTIVES.states, required=False)
    year = Number(required=False, max_value=9999)


class ObjectiveQuery(RecordQuery):
    """Filters of objectives."""

    state = serializers.ChoiceField(OBJECTIVE.states, required=False)
    set = Id(source="owner_set_id", required=False, help_text="Id of the year's set.")
    owner = Number(source="owner_id", required=False, help_text="Id of the person.")
    source = serializers.ChoiceField(SOURCES, required=False)  # type: ignore[assignment]


class ReviewQuery(RecordQuery):
    """Filters of management reviews."""

    state = serializers.ChoiceField(REVIEW.states, required=False)
    year = Number(required=False, max_value=9999)


class OutputQuery(RecordQuery):
    """Filters of work that follows from reviews."""

    state = serializers.ChoiceField(OUTPUT.states, required=False)
    review = Id(source="review_id", required=False, help_text="Id of the review.")
    owner = Number(source="owner_id", required=False, help_text="Id of the person.")
    kind = serializers.ChoiceField(OUTPUT_KINDS, required=False)


@dataclass(frozen=True)
class Measured(Kind):
    """Objectives, whose detail reads their measurements along."""

    def whole(self) -> RecordQuerySet[Any]:
        """With every measurement and who took it."""
        rows = Measurement.objects.select_related("by").order_by("period", "pk")
        return super().whole().prefetch_related(Prefetch("measurements", rows))


SETS = Kind(
    "objective_sets",
    ObjectiveSet,
    SetQuery,
    shapes.ObjectiveSetLine,
    shapes.ObjectiveSetAfter,
    shapes.ObjectiveSetDetail,
    search=("search",),
)
OBJECTIVE_KIND = Measured(
    "objectives",
    Objective,
    ObjectiveQuery,
    shapes.ObjectiveLine,
    shapes.ObjectiveAfter,
    shapes.ObjectiveDetail,
    search=("search",),
)
REVIEWS = Kind(
    "reviews", Review, ReviewQuery, shapes.ReviewLine, shapes.ReviewAfter, shapes.ReviewDetail, search=("search",)
)
OUTPUTS = Kind(
    "outputs", Output, OutputQuery, shapes.OutputLine, shapes.OutputAfter, shapes.OutputDetail, search=("search",)
)
KINDS = (SETS, OBJECTIVE_KIND, REVIEWS, OUTPUTS)


class OfAgency(RecordList, Start):
    """What is started for an agency as a whole."""

    place, where = AtAgency, {"agency": {**ID, "description": "Id of the agency."}}

    def agency(self, pk: int) -> Unit:
        """The agency that the body names, where the person may start one."""
        found = fetch(Unit, self.person, pk)
        if may_start(self.kind.model.machine, self.action, self.person, found.agency_id, found.pk):
            raise NotYourTurn
        if not found.is_agency:
            raise BadAnswer(problems={"agency": _("Đơn vị này không phải là cơ quan.")})
        return found


class Sets(OfAgency):
    """The years' sets of objectives."""

    action = "draft"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A year's objectives of an agency."""
        del kwargs
        agency = self.agency(given["agency"])
        return ObjectiveSet(agency=agency, unit=agency)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Draft the year's objectives of an agency."""
        return super().post(request, **kwargs)


class OfUnit(Body):
    """For which unit."""

    unit = Number()


class Proposed(Start):
    """Objectives of a year's set."""

    action = "propose"
    place, where = OfUnit, {"unit": {**ID, "description": "Id of the unit, or of the agency itself."}}

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """An objective of a unit of the set's agency."""
        self.record = owner = reach(ObjectiveSet, self.person, kwargs["pk"])
        unit = fetch(Unit, self.person, given["unit"])
        if unit.agency_id != owner.agency_id:
            raise BadAnswer(problems={"unit": _("Không có lựa chọn này.")})
        if may_start(OBJECTIVE, "propose", self.person, owner.agency_id, unit.pk):
            raise NotYourTurn
        return Objective(agency_id=owner.agency_id, unit=unit, owner_set=owner)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Propose an objective for the agency or for one of its units."""
        return super().post(request, **kwargs)


class Reviews(OfAgency):
    """Management reviews."""

    action = "plan"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A review of an agency."""
        del kwargs
        agency = self.agency(given["agency"])
        return Review(agency=agency, unit=agency)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Plan the management review of an agency."""
        return super().post(request, **kwargs)


class Decided(Start):
    """Work that follows from a review."""

    action = "decide"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """Work of the review; its unit is that of the person in charge."""
        del given
        self.record = owner = reach(Review, self.person, kwargs["pk"])
        return Output(agency_id=owner.agency_id, unit_id=owner.unit_id, review=owner)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Write down what the review decided: what is to be done, by whom, until when."""
        return super().post(request, **kwargs)


urlpatterns: list[URLPattern] = [
    *kind_urls(REVIEWS, Reviews, deed="plan", deed_answer=shapes.ReviewAfter),
    *kind_urls(OUTPUTS),
    path(
        "reviews/<uuid:pk>/outputs/",
        Decided.as_view(kind=OUTPUTS, tag="reviews", deed="outputs", deed_answer=shapes.OutputAfter),
        name="reviews_outputs",
    ),
    *kind_urls(SETS, Sets, deed="draft", deed_answer=shapes.ObjectiveSetAfter),
    *kind_urls(OBJECTIVE_KIND),
    path(
        "objective_sets/<uuid:pk>/objectives/",
        Proposed.as_view(
            kind=OBJECTIVE_KIND, tag="objective_sets", deed="objectives", deed_answer=shapes.ObjectiveAfter
        ),
        name="objective_sets_objectives",
    ),
]
