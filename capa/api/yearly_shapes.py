"""What the year's objectives, management reviews and the work that follows look like in answers."""

from __future__ import annotations

from rest_framework import serializers

from capa.models import Measurement, Objective, ObjectiveSet, Output, Review
from documents.api.shapes import WHOLE
from workflows.api.shapes import AFTER, PersonShape, RecordLine, WithActions
from workflows.models import day_of


class ObjectiveSetShort(serializers.ModelSerializer[ObjectiveSet]):
    """A year's set in short."""

    class Meta:
        model = ObjectiveSet
        fields = ("id", "year", "title")


class ObjectiveSetLine(RecordLine):
    """A year's set in a list."""

    class Meta:
        model = ObjectiveSet
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "year", "title")


class ObjectiveSetAfter(WithActions, ObjectiveSetLine):
    """A year's set after a deed."""

    class Meta(ObjectiveSetLine.Meta):
        fields = (*ObjectiveSetLine.Meta.fields, *AFTER)


class ObjectiveSetDetail(ObjectiveSetAfter):
    """A whole set; its objectives are at `/api/objectives/?set=`."""

    created_by = PersonShape(allow_null=True)

    class Meta(ObjectiveSetLine.Meta):
        fields = (*ObjectiveSetLine.Meta.fields, *WHOLE, "policy", "conclusion")


class MeasurementShape(serializers.ModelSerializer[Measurement]):
    """What was measured for one period; of several rows for a period the last counts."""

    by = PersonShape(allow_null=True, help_text="Null: the product itself.")

    class Meta:
        model = Measurement
        fields = ("period", "value", "part", "whole", "as_of", "note", "by", "at")


class ObjectiveLine(RecordLine):
    """An objective in a list, with how it stands today."""

    set = ObjectiveSetShort(source="owner_set")
    owner = PersonShape()
    standing = serializers.SerializerMethodField(help_text="How it stands today: met, at_risk, missed or unmeasured.")

    class Meta:
        model = Objective
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "set",
            "statement",
            "scope",
            "source",
            "direction",
            "target",
            "measured_in",
            "frequency",
            "owner",
            "value",
            "measured_period",
            "measured_on",
            "standing",
        )

    def get_standing(self, one: Objective) -> str:
        """How it stands today."""
        return one.standing(day_of()).code


class ObjectiveAfter(WithActions, ObjectiveLine):
    """An objective after a deed."""

    class Meta(ObjectiveLine.Meta):
        fields = (*ObjectiveLine.Meta.fields, *AFTER)


class ObjectiveDetail(ObjectiveAfter):
    """A whole objective with everything that was measured."""

    created_by = PersonShape(allow_null=True)
    measurements = MeasurementShape(many=True)

    class Meta(ObjectiveLine.Meta):
        fields = (
            *ObjectiveLine.Meta.fields,
            *WHOLE,
            "measure",
            "actions",
            "resources",
            "deadline",
            "method",
            "measurements",
        )


class ReviewShort(serializers.ModelSerializer[Review]):
    """A review in short."""

    class Meta:
        model = Review
        fields = ("id", "year", "title")


class ReviewLine(RecordLine):
    """A management review in a list."""

    class Meta:
        model = Review
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "year",
            "title",
            "meets_on",
            "held_on",
            "number",
            "issued_on",
        )


class ReviewAfter(WithActions, ReviewLine):
    """A management review after a deed."""

    class Meta(ReviewLine.Meta):
        fields = (*ReviewLine.Meta.fields, *AFTER)


class ReviewDetail(ReviewAfter):
    """A whole management review; its work is at `/api/outputs/?review=`."""

    created_by = PersonShape(allow_null=True)

    class Meta(ReviewLine.Meta):
        fields = (*ReviewLine.Meta.fields, *WHOLE, "minutes", "pack_sha256")


class OutputLine(RecordLine):
    """Work that follows from a review, in a list."""

    review = ReviewShort()
    owner = PersonShape()

    class Meta:
        model = Output
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "review", "kind", "what", "owner", "due", "done_on")


class OutputAfter(WithActions, OutputLine):
    """Work after a deed."""

    class Meta(OutputLine.Meta):
        fields = (*OutputLine.Meta.fields, *AFTER)


class OutputDetail(OutputAfter):
    """Work that follows from a review, whole."""

    created_by = PersonShape(allow_null=True)

    class Meta(OutputLine.Meta):
        fields = (*OutputLine.Meta.fields, *WHOLE, "resources", "evidence_text")
