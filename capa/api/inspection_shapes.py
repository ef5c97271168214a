"""What inspections, their plans and scores look like in answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from capa.models import (
    Inspection,
    InspectionFinding,
    InspectionPlan,
    Judgement,
    Points,
    ScoringTemplate,
    SeenAddress,
    SelfScore,
    TeamMember,
)
from capa.models.inspection import FLAG_KEYS
from capa.services.auto import place_of, said_of
from documents.api.shapes import WHOLE
from workflows.api.shapes import AFTER, PersonShape, PlaceShape, RecordLine, WithActions, shape

CONCEALED = ("score", "band")
CONCEALED_LISTS = ("judgements", "points", "findings", "addresses", "auto")


class PlanShort(serializers.ModelSerializer[InspectionPlan]):
    """A plan in short."""

    class Meta:
        model = InspectionPlan
        fields = ("id", "year", "number", "title")


class PlanLine(RecordLine):
    """An inspection plan in a list."""

    class Meta:
        model = InspectionPlan
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "year",
            "title",
            "number",
            "decided_on",
            "starts_on",
            "ends_on",
            "template",
        )


class PlanAfter(WithActions, PlanLine):
    """A plan after a deed."""

    class Meta(PlanLine.Meta):
        fields = (*PlanLine.Meta.fields, *AFTER)


class MemberShape(serializers.ModelSerializer[TeamMember]):
    """One in the team, from when until when, by which decision."""

    user = PersonShape()

    class Meta:
        model = TeamMember
        fields = ("id", "user", "duty", "decision_no", "decision_on", "valid_from", "valid_to")


class PlanDetail(PlanAfter):
    """A whole plan with its team; its inspections are at `/api/inspections/?plan=`."""

    created_by = PersonShape(allow_null=True)
    members = MemberShape(many=True)

    class Meta(PlanLine.Meta):
        fields = (*PlanLine.Meta.fields, *WHOLE, "aim", "summary", "members")


class InspectionLine(RecordLine):
    """An inspection in a list, with its flags as they stand; null: not judged."""

    plan = PlanShort()
    about = PlaceShape()

    class Meta:
        model = Inspection
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "plan",
            "about",
            "kind",
            "mode",
            "planned_on",
            "announced_on",
            "done_on",
            "score",
            "band",
            *FLAG_KEYS,
        )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Without what is not concluded yet, for whoever is not of the inspecting body."""
        shown: dict[str, Any] = super().to_representation(instance)
        if instance.is_open_to(self.context["person"]):
            return shown
        empty: dict[str, Any] = {
            name: [] if name in CONCEALED_LISTS else None for name in (*FLAG_KEYS, *CONCEALED, *CONCEALED_LISTS)
        }
        return {**shown, **{name: value for name, value in empty.items() if name in shown}}


class InspectionAfter(WithActions, InspectionLine):
    """An inspection after a deed."""

    class Meta(InspectionLine.Meta):
        fields = (*InspectionLine.Meta.fields, *AFTER)


class JudgementShape(serializers.ModelSerializer[Judgement]):
    """One flag as somebody judged it; of several rows of a flag the last counts."""

    by = PersonShape(allow_null=True)

    class Meta:
        model = Judgement
        fields = ("flag", "value", "note", "seen_on", "by", "at")


class PointsShape(serializers.ModelSerializer[Points]):
    """Points of a criterion as given once; of several rows of a criterion the last counts."""

    by = PersonShape(allow_null=True, help_text="Null: counted by the product.")

    class Meta:
        model = Points
        fields = ("criterion", "points", "computed", "note", "evidence", "by", "at")


class FindingShape(serializers.ModelSerializer[InspectionFinding]):
    """A nonconformity that was found."""

    class Meta:
        model = InspectionFinding
        fields = ("id", "severity", "clause", "requirement", "description", "evidence_text", "at")


class AddressShape(serializers.ModelSerializer[SeenAddress]):
    """A page that an inspector opened, and what they saw."""

    class Meta:
        model = SeenAddress
        fields = ("url", "alive", "posted", "seen_on", "note", "at")


CountShape = shape(
    "CountShape",
    "A number that a flag rests on.",
    key=serializers.CharField(),
    label=serializers.CharField(),
    number=serializers.IntegerField(),
)
SaidShape = shape(
    "SaidShape",
    "One flag by the product's own data today.",
    flag=serializers.CharField(),
    value=serializers.BooleanField(allow_null=True, help_text="Null: the product does not know it."),
    figures=CountShape(many=True),
)


class InspectionDetail(InspectionAfter):
    """A whole inspection. Until it is concluded, only the inspecting body reads what was judged and scored."""

    created_by = PersonShape(allow_null=True)
    judgements = JudgementShape(many=True)
    points = PointsShape(many=True)
    findings = FindingShape(many=True)
    addresses = AddressShape(many=True)
    auto = serializers.SerializerMethodField(
        help_text="The same flags by the product's own data; empty if the agency does not work with it."
    )

    @extend_schema_field(SaidShape(many=True))
    def get_auto(self, one: Inspection) -> list[Any]:
        """What the product says, for who may read what the inspector said."""
        if not one.is_open_to(self.context["person"]):
            return []
        return list(SaidShape(said_of(place_of(one)).values(), many=True).data)

    class Meta(InspectionLine.Meta):
        fields = (
            *InspectionLine.Meta.fields,
            *WHOLE,
            "minutes",
            "conclusion",
            "guidance",
            "judgements",
            "points",
            "findings",
            "addresses",
            "auto",
        )


class TemplateLine(RecordLine):
    """A point table in a list."""

    class Meta:
        model = ScoringTemplate
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "year", "version", "title", "ground")


class TemplateAfter(WithActions, TemplateLine):
    """A point table after a deed."""

    class Meta(TemplateLine.Meta):
        fields = (*TemplateLine.Meta.fields, *AFTER)


class TemplateDetail(TemplateAfter):
    """A whole point table."""

    created_by = PersonShape(allow_null=True)
    criteria = serializers.JSONField()
    bands = serializers.JSONField()

    class Meta(TemplateLine.Meta):
        fields = (*TemplateLine.Meta.fields, *WHOLE, "criteria", "bands")


class SelfScoreLine(RecordLine):
    """A self-score in a list."""

    class Meta:
        model = SelfScore
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "year", "template", "score", "band", "confirmed_on")


class SelfScoreAfter(WithActions, SelfScoreLine):
    """A self-score after a deed."""

    class Meta(SelfScoreLine.Meta):
        fields = (*SelfScoreLine.Meta.fields, *AFTER)


class SelfScoreDetail(SelfScoreAfter):
    """A whole self-score with its points."""

    created_by = PersonShape(allow_null=True)
    points = PointsShape(many=True)

    class Meta(SelfScoreLine.Meta):
        fields = (*SelfScoreLine.Meta.fields, *WHOLE, "points")
