"""Inspection plans, inspections, point tables and self-scores over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request

from capa.api import inspection_shapes as shapes
from capa.api.bodies import BANDS, CRITERIA, JUDGEMENTS, POINTS
from capa.api.views import Start
from capa.api.yearly import OfAgency
from capa.machines.inspection import INSPECTION, INSPECTION_PLAN, MODES
from capa.machines.scoring import SELF_SCORE, TEMPLATE
from capa.models import Inspection, InspectionPlan, Judgement, Points, ScoringTemplate, SelfScore, TeamMember
from workflows.access import reach
from workflows.api.bodies import Id, Number
from workflows.api.records import Kind, RecordQuery, kind_urls
from workflows.models import Record, RecordQuerySet


class PlanQuery(RecordQuery):
    """Filters of inspection plans."""

    state = serializers.ChoiceField(INSPECTION_PLAN.states, required=False)
    year = Number(required=False, max_value=9999)


class InspectionQuery(RecordQuery):
    """Filters of inspections."""

    state = serializers.ChoiceField(INSPECTION.states, required=False)
    mode = serializers.ChoiceField(MODES, required=False)
    plan = Id(source="plan_id", required=False, help_text="Id of the plan.")
    about = Number(source="about_id", required=False, help_text="Id of the inspected agency.")


class TemplateQuery(RecordQuery):
    """Filters of point tables."""

    state = serializers.ChoiceField(TEMPLATE.states, required=False)
    year = Number(required=False, max_value=9999)


class SelfScoreQuery(RecordQuery):
    """Filters of self-scores."""

    state = serializers.ChoiceField(SELF_SCORE.states, required=False)
    year = Number(required=False, max_value=9999)


@dataclass(frozen=True)
class Whole(Kind):
    """A kind whose detail reads rows along."""

    along: tuple[Any, ...] = ()

    def whole(self) -> RecordQuerySet[Any]:
        """With everything that the detail shows."""
        return super().whole().prefetch_related(*self.along)


BY_POINTS = Prefetch("points", Points.objects.select_related("by").order_by("pk"))
PLANS = Whole(
    "inspection_plans",
    InspectionPlan,
    PlanQuery,
    shapes.PlanLine,
    shapes.PlanAfter,
    shapes.PlanDetail,
    search=("search",),
    along=(Prefetch("members", TeamMember.objects.select_related("user").order_by("pk")),),
)
INSPECTIONS = Whole(
    "inspections",
    Inspection,
    InspectionQuery,
    shapes.InspectionLine,
    shapes.InspectionAfter,
    shapes.InspectionDetail,
    search=("search",),
    shapes={"judgements": JUDGEMENTS, "rows": POINTS},
    along=(
        Prefetch("judgements", Judgement.objects.select_related("by").order_by("pk")),
        BY_POINTS,
        "findings",
        "addresses",
    ),
)
TEMPLATES = Kind(
    "scoring_templates",
    ScoringTemplate,
    TemplateQuery,
    shapes.TemplateLine,
    shapes.TemplateAfter,
    shapes.TemplateDetail,
    search=("search",),
    shapes={"criteria": CRITERIA, "bands": BANDS},
)
SELF_SCORES = Whole(
    "self_scores",
    SelfScore,
    SelfScoreQuery,
    shapes.SelfScoreLine,
    shapes.SelfScoreAfter,
    shapes.SelfScoreDetail,
    search=("template__search",),
    shapes={"rows": POINTS},
    along=(BY_POINTS,),
)
KINDS = (TEMPLATES, PLANS, INSPECTIONS, SELF_SCORES)


class Plans(OfAgency):
    """Inspection plans."""

    action = "draft"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A plan of an inspecting body."""
        del kwargs
        agency = self.agency(given["agency"])
        return InspectionPlan(agency=agency, unit=agency)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Draft an inspection plan."""
        return super().post(request, **kwargs)


class Templates(OfAgency):
    """Point tables."""

    action = "draft"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A point table of an inspecting body."""
        del kwargs
        agency = self.agency(given["agency"])
        return ScoringTemplate(agency=agency, unit=agency)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Draft a point table, or the next version of one."""
        return super().post(request, **kwargs)


class SelfScores(OfAgency):
    """Self-scores."""

    action = "open"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A self-score of an agency."""
        del kwargs
        agency = self.agency(given["agency"])
        return SelfScore(agency=agency, unit=agency)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Begin a self-score by the point table that is in force for the agency."""
        return super().post(request, **kwargs)


class Targets(Start):
    """Inspections of a plan."""

    action = "plan"

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """An agency to be inspected under the plan."""
        del given
        self.record = owner = reach(InspectionPlan, self.person, kwargs["pk"])
        return Inspection(agency_id=owner.agency_id, unit_id=owner.unit_id, plan=owner)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Put an agency below the inspecting body into the plan."""
        return super().post(request, **kwargs)


urlpatterns: list[URLPattern] = [
    *kind_urls(TEMPLATES, Templates, deed="draft", deed_answer=shapes.TemplateAfter),
    *kind_urls(PLANS, Plans, deed="draft", deed_answer=shapes.PlanAfter),
    *kind_urls(INSPECTIONS),
    *kind_urls(SELF_SCORES, SelfScores, deed="open", deed_answer=shapes.SelfScoreAfter),
    path(
        "inspection_plans/<uuid:pk>/inspections/",
        Targets.as_view(
            kind=INSPECTIONS, tag="inspection_plans", deed="inspections", deed_answer=shapes.InspectionAfter
        ),
        name="inspection_plans_inspections",
    ),
]
