"""Record kinds of audits and corrective action, and their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import URLPattern, path
from rest_framework import serializers

from capa.analysis import Category
from capa.api import figures, inspections, packs, papers, shapes, views, yearly
from capa.api.bodies import ANALYSIS, PLAN, ROUND_PLAN, TEAMS
from capa.machines.audit import FINDING, PROGRAMME, RESULTS, ROUND
from capa.machines.car import ACTION, CAR, OBSERVATION, SEVERITIES, SOURCES
from capa.models import Action, Car, Demand, Finding, Observation, Programme, Round, Visit
from workflows.api.bodies import Id, Number, Text
from workflows.api.records import Kind, RecordQuery, kind_urls
from workflows.models import RecordQuerySet

CLAUSE_HELP = "Number of a clause; those under it as well."


class ProgrammeQuery(RecordQuery):
    """Filters of programmes."""

    state = serializers.ChoiceField(PROGRAMME.states, required=False)
    year = Number(required=False, max_value=9999)


class RoundQuery(RecordQuery):
    """Filters of rounds."""

    state = serializers.ChoiceField(ROUND.states, required=False)
    programme = Id(source="programme_id", required=False, help_text="Id of the programme.")
    visited = Number(source="visits__unit_id", required=False, help_text="Id of a unit that is visited.")


class FindingQuery(RecordQuery):
    """Filters of findings."""

    state = serializers.ChoiceField(FINDING.states, required=False)
    programme = Id(source="round__programme_id", required=False, help_text="Id of the programme.")
    round = Id(source="round_id", required=False, help_text="Id of the round.")
    result = serializers.ChoiceField(RESULTS, required=False)
    clause = Text(required=False, max_length=20, help_text=CLAUSE_HELP)


class CarQuery(RecordQuery):
    """Filters of CARs."""

    state = serializers.ChoiceField(CAR.states, required=False)
    severity = serializers.ChoiceField(SEVERITIES, required=False)
    source = serializers.ChoiceField(SOURCES, required=False)  # type: ignore[assignment]
    clause = Text(required=False, max_length=20, help_text=CLAUSE_HELP)
    cause_category = serializers.ChoiceField(Category.choices, required=False)
    overdue = serializers.ChoiceField(("true", "false"), required=False, help_text="Past its last day and waiting.")
    # To the stubs every field has a ``root`` and a ``source`` of its own.
    root = Id(source="root_id", required=False, help_text="Id of the first cycle.")  # type: ignore[assignment]
    finding = Id(source="finding_id", required=False, help_text="Id of the finding.")
    document = Id(source="document_id", required=False, help_text="Id of the document.")


class ActionQuery(RecordQuery):
    """Filters of actions."""

    state = serializers.ChoiceField(ACTION.states, required=False)
    car = Id(source="car_id", required=False, help_text="Id of the CAR.")
    assignee = Number(source="assignee_id", required=False, help_text="Id of the person.")


class ObservationQuery(RecordQuery):
    """Filters of observations."""

    state = serializers.ChoiceField(OBSERVATION.states, required=False)
    finding = Id(source="finding_id", required=False, help_text="Id of the finding.")


@dataclass(frozen=True)
class Whole(Kind):
    """A kind whose detail reads more along: single rows by name, many by ``Prefetch``."""

    along: tuple[str, ...] = ()
    others: tuple[Any, ...] = ()

    def whole(self) -> RecordQuerySet[Any]:
        """With everything that the detail shows."""
        return super().whole().select_related(*self.along).prefetch_related(*self.others)


PROGRAMMES = Kind(
    "programmes",
    Programme,
    ProgrammeQuery,
    shapes.ProgrammeLine,
    shapes.ProgrammeAfter,
    shapes.ProgrammeDetail,
    search=("search",),
)
ROUNDS = Whole(
    "rounds",
    Round,
    RoundQuery,
    shapes.RoundLine,
    shapes.RoundAfter,
    shapes.RoundDetail,
    search=("search", "programme__search"),
    shapes={"plan": ROUND_PLAN, "teams": TEAMS},
    others=(
        Prefetch(
            "visits",
            Visit.objects.select_related("unit", "lead").prefetch_related("members").order_by("unit__path"),
        ),
    ),
)
FINDINGS = Kind(
    "findings",
    Finding,
    FindingQuery,
    shapes.FindingLine,
    shapes.FindingAfter,
    shapes.FindingDetail,
    search=("search", "document__search"),
)
CARS = Whole(
    "cars",
    Car,
    CarQuery,
    shapes.CarLine,
    shapes.CarAfter,
    shapes.CarDetail,
    search=("search", "document__search"),
    shapes={"analysis": ANALYSIS, "plan": PLAN},
    along=("concerns", "verifier", "predecessor", "repeats"),
    others=(Prefetch("demands", Demand.objects.select_related("document", "revision").order_by("pk")),),
)
ACTIONS = Kind(
    "actions",
    Action,
    ActionQuery,
    shapes.ActionLine,
    shapes.ActionAfter,
    shapes.ActionDetail,
    search=("search", "car__search"),
)
OBSERVATIONS = Kind(
    "observations",
    Observation,
    ObservationQuery,
    shapes.ObservationLine,
    shapes.ObservationAfter,
    shapes.ObservationDetail,
    search=("search", "document__search"),
)
KINDS = (PROGRAMMES, ROUNDS, FINDINGS, CARS, ACTIONS, OBSERVATIONS, *yearly.KINDS, *inspections.KINDS)


def _start(owners: str, name: str, view: type[views.Start], kind: Kind) -> URLPattern:
    """The address under an owner at which a record of a kind is started."""
    served = view.as_view(kind=kind, tag=owners, deed=name, deed_answer=kind.after)
    return path(f"{owners}/<uuid:pk>/{name}/", served, name=f"{owners}_{name}")


urlpatterns: list[URLPattern] = [
    *kind_urls(PROGRAMMES, views.Programmes, deed="draft", deed_answer=shapes.ProgrammeAfter),
    *kind_urls(ROUNDS),
    *kind_urls(FINDINGS, views.Findings),
    *kind_urls(CARS, views.Cars, deed="report", deed_answer=shapes.CarAfter),
    *kind_urls(ACTIONS),
    *kind_urls(OBSERVATIONS),
    _start("programmes", "rounds", views.Rounds, ROUNDS),
    _start("rounds", "findings", views.Recorded, FINDINGS),
    path("rounds/<uuid:pk>/checklist/", views.Asked.as_view(), name="rounds_checklist"),
    path("rounds/<uuid:pk>/proposal/", views.ProposedTeams.as_view(), name="rounds_proposal"),
    _start("findings", "car", views.RaisedCar, CARS),
    _start("findings", "observation", views.RaisedObservation, OBSERVATIONS),
    *yearly.urlpatterns,
    *inspections.urlpatterns,
    *figures.urlpatterns,
    *packs.urlpatterns,
    *papers.urlpatterns,
]
