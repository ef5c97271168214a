"""What audits, findings, corrective action and observations look like in answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from capa.api.bodies import ANALYSIS, PLAN, TEAMS
from capa.models import Action, Car, Demand, Finding, Observation, Programme, Round, Visit
from documents.api.shapes import WHOLE, DocumentShort
from workflows.api.shapes import AFTER, PersonShape, PlaceShape, RecordLine, WithActions, shape, texts
from workflows.models import day_of


class ProgrammeShort(serializers.ModelSerializer[Programme]):
    """A programme in short."""

    class Meta:
        model = Programme
        fields = ("id", "year", "title")


class RoundShort(serializers.ModelSerializer[Round]):
    """A round in short."""

    class Meta:
        model = Round
        fields = ("id", "title", "starts_on", "ends_on")


class CarShort(serializers.ModelSerializer[Car]):
    """A CAR in short: one cycle."""

    state = serializers.CharField()

    class Meta:
        model = Car
        fields = ("id", "number", "cycle", "state")


class ProgrammeLine(RecordLine):
    """A programme in a list."""

    class Meta:
        model = Programme
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "year", "title")


class ProgrammeAfter(WithActions, ProgrammeLine):
    """A programme after a deed."""

    class Meta(ProgrammeLine.Meta):
        fields = (*ProgrammeLine.Meta.fields, *AFTER)


class ProgrammeDetail(ProgrammeAfter):
    """A whole programme; its rounds are at `/api/rounds/?programme=`."""

    created_by = PersonShape(allow_null=True)

    class Meta(ProgrammeLine.Meta):
        fields = (*ProgrammeLine.Meta.fields, *WHOLE, "aim")


class RoundLine(RecordLine):
    """A round in a list."""

    programme = ProgrammeShort()
    lead = PersonShape(allow_null=True)
    clauses = texts()

    class Meta:
        model = Round
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "programme",
            "title",
            "starts_on",
            "ends_on",
            "clauses",
            "lead",
            "proposed",
            "signed_on",
        )


class RoundAfter(WithActions, RoundLine):
    """A round after a deed."""

    class Meta(RoundLine.Meta):
        fields = (*RoundLine.Meta.fields, *AFTER)


class VisitShape(serializers.ModelSerializer[Visit]):
    """A unit to be visited, and its team as far as it is chosen."""

    unit = PlaceShape()
    lead = PersonShape(allow_null=True)
    members = PersonShape(many=True)

    class Meta:
        model = Visit
        fields = ("unit", "size", "lead", "members")


class RoundDetail(RoundAfter):
    """A whole round; its findings are at `/api/findings/?round=`."""

    created_by = PersonShape(allow_null=True)
    visits = VisitShape(many=True)

    class Meta(RoundLine.Meta):
        fields = (*RoundLine.Meta.fields, *WHOLE, "criteria", "strengths", "conclusion", "advice", "visits")


class FindingLine(RecordLine):
    """A finding in a list."""

    round = RoundShort()
    document = DocumentShort(allow_null=True)

    class Meta:
        model = Finding
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "round", "result", "clause", "document")


class FindingAfter(WithActions, FindingLine):
    """A finding after a deed."""

    class Meta(FindingLine.Meta):
        fields = (*FindingLine.Meta.fields, *AFTER)


class FindingDetail(FindingAfter):
    """A whole finding."""

    created_by = PersonShape(allow_null=True)

    class Meta(FindingLine.Meta):
        fields = (
            *FindingLine.Meta.fields,
            *WHOLE,
            "question",
            "version",
            "requirement",
            "statement",
            "sampled",
            "evidence_text",
        )


class CarLine(RecordLine):
    """A CAR in a list."""

    document = DocumentShort(allow_null=True)

    class Meta:
        model = Car
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "number",
            "source",
            "severity",
            "clause",
            "cause_category",
            "document",
            "finding",
            "reference",
            "found_on",
            "check_on",
            "verdict",
            "closed_on",
            "root",
            "cycle",
        )


class CarAfter(WithActions, CarLine):
    """A CAR after a deed."""

    class Meta(CarLine.Meta):
        fields = (*CarLine.Meta.fields, *AFTER)


@extend_schema_field(ANALYSIS)
class AnalysisField(serializers.JSONField):
    """A cause analysis."""


@extend_schema_field(PLAN)
class PlanField(serializers.JSONField):
    """A corrective action plan."""


class DemandShape(serializers.ModelSerializer[Demand]):
    """A document that the plan wants changed, and whether that is done today or waived."""

    document = DocumentShort()
    met = serializers.SerializerMethodField()

    class Meta:
        model = Demand
        fields = ("document", "what", "revision", "waived_until", "waiver", "met")

    def get_met(self, demand: Demand) -> bool:
        """As the gate before closing asks it."""
        return demand.is_met(day_of())


class CarDetail(CarAfter):
    """A whole CAR; its actions are at `/api/actions/?car=`."""

    created_by = PersonShape(allow_null=True)
    concerns = PlaceShape(allow_null=True)
    verifier = PersonShape(allow_null=True)
    analysis = AnalysisField()
    plan = PlanField()
    demands = DemandShape(many=True)
    predecessor = CarShort(allow_null=True)
    repeats = CarShort(allow_null=True)
    chain = serializers.SerializerMethodField()

    class Meta(CarLine.Meta):
        fields = (
            *CarLine.Meta.fields,
            *WHOLE,
            "concerns",
            "requirement",
            "description",
            "evidence_text",
            "correction",
            "corrected_on",
            "analysis",
            "cause_method",
            "cause_proof",
            "plan",
            "plan_sha256",
            "plan_approved_on",
            "demands",
            "verifier",
            "completed_on",
            "verdict_method",
            "exposures",
            "verification",
            "verified_on",
            "predecessor",
            "repeats",
            "chain",
        )

    @extend_schema_field(CarShort(many=True))
    def get_chain(self, car: Car) -> Any:
        """Every cycle of this nonconformity, first one first."""
        return CarShort(Car.objects.filter(root=car.root_id).order_by("cycle"), many=True).data


class ActionLine(RecordLine):
    """An action in a list."""

    car = CarShort()
    assignee = PersonShape()

    class Meta:
        model = Action
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "car",
            "what",
            "assignee",
            "planned_for",
            "extensions",
            "done_on",
        )


class ActionAfter(WithActions, ActionLine):
    """An action after a deed."""

    class Meta(ActionLine.Meta):
        fields = (*ActionLine.Meta.fields, *AFTER)


class ActionDetail(ActionAfter):
    """A whole action."""

    created_by = PersonShape(allow_null=True)

    class Meta(ActionLine.Meta):
        fields = (*ActionLine.Meta.fields, *WHOLE, "row_key", "resources", "evidence_text")


class ObservationLine(RecordLine):
    """An observation in a list."""

    document = DocumentShort(allow_null=True)

    class Meta:
        model = Observation
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "finding", "document", "clause")


class ObservationAfter(WithActions, ObservationLine):
    """An observation after a deed."""

    class Meta(ObservationLine.Meta):
        fields = (*ObservationLine.Meta.fields, *AFTER)


class ObservationDetail(ObservationAfter):
    """A whole observation."""

    created_by = PersonShape(allow_null=True)

    class Meta(ObservationLine.Meta):
        fields = (*ObservationLine.Meta.fields, *WHOLE, "description", "response")


@extend_schema_field({**TEAMS, "nullable": True})
class TeamsField(serializers.JSONField):
    """Teams of a round."""


ProposalShape = shape(
    "ProposalShape",
    "Teams that keep the rule of independence and share the work evenly; or null, and why there are none.",
    teams=TeamsField(help_text="In the shape that the step `propose` takes."),
    units=serializers.ListField(child=serializers.IntegerField(), help_text="Ids of units that nobody can visit."),
    sentences=texts(help_text="What is wanting, who is free, and who is barred by which rule."),
)
AskedShape = shape(
    "AskedShape",
    "A row of a checklist, and what was found.",
    question=serializers.CharField(source="key", help_text="Key to send with the finding that answers it."),
    text=serializers.CharField(source="question.text"),
    clause=serializers.CharField(source="question.clause"),
    document=serializers.UUIDField(source="question.document", allow_null=True),
    version=serializers.UUIDField(source="question.version", allow_null=True),
    finding=serializers.UUIDField(source="finding.pk", default=None, allow_null=True),
    result=serializers.CharField(source="finding.result", default=None, allow_null=True),
)
