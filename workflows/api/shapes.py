"""What records, people and places look like in answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflows.engine import Offer, needed, offers, refusal_error
from workflows.models import Committee, Move, Record, Seat, Unit, User
from workflows.standing import as_told
from workflows.tables import Ask, AskKind


class PlaceShape(serializers.ModelSerializer[Unit]):
    """A unit in short."""

    class Meta:
        model = Unit
        fields = ("id", "code", "name")


class PersonShape(serializers.ModelSerializer[User]):
    """A person in short: nothing that would let somebody log in or write to them."""

    class Meta:
        model = User
        fields = ("id", "full_name", "position")


AnyField = serializers.Field[Any, Any, Any, Any]


def shape(name: str, purpose: str, /, **fields: AnyField) -> type[serializers.Serializer[Any]]:
    """A serializer for plain data. As attributes of a class body, ``label`` and ``required`` would hide DRF's own."""
    return type(name, (serializers.Serializer,), {"__doc__": purpose, **fields})


def texts(**options: Any) -> serializers.ListField:
    """A list of texts."""
    return serializers.ListField(child=serializers.CharField(), **options)


ChoiceShape = shape(
    "ChoiceShape", "One choice of an answer.", value=serializers.CharField(), label=serializers.CharField()
)
AskShape = shape(
    "AskShape",
    "One answer that a step needs: a key of its body.",
    name=serializers.CharField(),
    kind=serializers.ChoiceField(get_args(AskKind)),
    label=serializers.CharField(),
    required=serializers.BooleanField(),
    choices=ChoiceShape(many=True),
)
OfferShape = shape(
    "OfferShape",
    "One step out of the present state, and why this person cannot take it.",
    action=serializers.CharField(),
    label=serializers.CharField(),
    target=serializers.CharField(help_text="State after the step."),
    allowed=serializers.BooleanField(),
    code=serializers.CharField(allow_null=True, help_text="Why not, for programs."),
    reason=serializers.CharField(allow_null=True, help_text="Why not, for people."),
    needs=serializers.CharField(help_text="Roles that take this step."),
    asks=AskShape(many=True),
)


class RecordLine(serializers.ModelSerializer[Record]):
    """What every kind of record shows in a list."""

    name = serializers.SerializerMethodField(help_text="The record in one line.")
    state = serializers.CharField()
    stage = serializers.CharField(source="stage.label", help_text="Name of the state, for people.")
    agency = PlaceShape(allow_null=True)
    unit = PlaceShape(allow_null=True)

    class Meta:
        fields: tuple[str, ...] = (
            "id",
            "name",
            "state",
            "stage",
            "row_version",
            "due_on",
            "entered_at",
            "agency",
            "unit",
        )

    def get_name(self, record: Record) -> str:
        """The record in one line."""
        return str(record)


class WithActions(serializers.Serializer[Any]):
    """The steps that lead on."""

    actions = serializers.SerializerMethodField()

    @extend_schema_field(OfferShape(many=True))
    def get_actions(self, record: Record) -> list[dict[str, Any]]:
        """Every step that people take out of the present state; the door judges again."""
        return [_offer(offer, record) for offer in offers(record, self.context["person"])]


AFTER = ("created_at", "actions")
"""What the answer to a deed shows beyond a line."""


def _offer(offer: Offer, record: Record) -> dict[str, Any]:
    step, refusal = offer.step, offer.refusal
    return {
        "action": step.action,
        "label": str(step.label),
        "target": step.target,
        "allowed": refusal is None,
        "code": refusal and refusal.code,
        "reason": str(refusal_error(refusal, record).sentence) if refusal else None,
        "needs": needed(step),
        "asks": [
            {
                "name": ask.name,
                "kind": ask.kind,
                "label": str(ask.label),
                "required": ask.required,
                "choices": [{"value": value, "label": str(label)} for value, label in _choices(ask, offer, record)],
            }
            for ask in step.asks
        ],
    }


def _choices(ask: Ask, offer: Offer, record: Record) -> Sequence[tuple[str, Any]]:
    """What the table or the record offers; the record's rows only to who may pick one of them."""
    if ask.kind == "pick":
        return [] if offer.refusal else record.options(ask.name)
    return ask.choices


class UnitShape(serializers.ModelSerializer[Unit]):
    """A node of the tree."""

    class Meta:
        model = Unit
        fields = (
            "id",
            "code",
            "name",
            "kind",
            "parent",
            "agency",
            "path",
            "fields",
            "valid_from",
            "valid_to",
            "successor",
        )


class SeatShape(serializers.ModelSerializer[Seat]):
    """A person's role in a unit, from when to when and by which decision."""

    user = PersonShape()
    unit = PlaceShape()
    role_label = serializers.CharField()

    class Meta:
        model = Seat
        fields = (
            "id",
            "user",
            "role",
            "role_label",
            "unit",
            "committee",
            "decision_no",
            "decision_on",
            "valid_from",
            "valid_to",
        )


class CommitteeShape(serializers.ModelSerializer[Committee]):
    """A steering committee."""

    agency = PlaceShape()

    class Meta:
        model = Committee
        fields = ("id", "agency", "decision_no", "decision_on", "valid_from", "valid_to")


class MoveShape(serializers.ModelSerializer[Move]):
    """One deed: who, when, in which role, by which decision; and the ledger's text and hash.

    The text of an inner step is empty for those who may not read the record while work on it is in progress.
    """

    actor = PersonShape(allow_null=True)
    unit = PlaceShape(allow_null=True)
    action_label = serializers.CharField()
    stage = serializers.CharField(source="stage_label")
    role_label = serializers.CharField()

    class Meta:
        model = Move
        fields = (
            "stream",
            "seq",
            "machine",
            "action",
            "action_label",
            "source",
            "target",
            "stage",
            "actor",
            "role",
            "role_label",
            "ground",
            "unit",
            "at",
            "note",
            "body",
            "prev_hash",
            "hash",
        )

    def to_representation(self, move: Move) -> dict[str, Any]:
        """As this person reads it."""
        return super().to_representation(*as_told(self.context["record"], self.context["person"], [move]))


class EntryShape(serializers.Serializer[Any]):
    """One line of the inbox."""

    machine = serializers.CharField(source="record.machine.name")
    stage = serializers.CharField(source="stage_label")
    id = serializers.UUIDField(source="record.pk")
    name = serializers.CharField(source="title")
    number = serializers.IntegerField(help_text="How many records the line stands for; the most urgent one is named.")
    state = serializers.CharField(source="record.state")
    row_version = serializers.IntegerField(source="record.row_version")
    due_on = serializers.DateField(source="record.due_on", allow_null=True)
    entered_at = serializers.DateTimeField(source="record.entered_at")
    agency = PlaceShape(source="record.agency", allow_null=True)
    unit = PlaceShape(source="record.unit", allow_null=True)


ConditionShape = shape(
    "ConditionShape",
    "A tie that must hold, for one role where one is named.",
    role=serializers.CharField(),
    tie=serializers.CharField(),
)
TieShape = shape(
    "TieShape",
    "How a person or a record stands, as far as a rule asks for it.",
    name=serializers.CharField(),
    label=serializers.CharField(),
)
StageShape = shape(
    "StageShape",
    "A state of a table.",
    state=serializers.CharField(),
    label=serializers.CharField(),
    colour=serializers.CharField(),
    waits_on=texts(help_text="Roles whose turn it is."),
    only=ConditionShape(many=True),
    days=serializers.IntegerField(allow_null=True, help_text="Working days allowed."),
    public=serializers.BooleanField(),
    final=serializers.BooleanField(),
)
StepAskShape = shape(
    "StepAskShape",
    "An answer as the table states it.",
    name=serializers.CharField(),
    kind=serializers.CharField(),
    label=serializers.CharField(),
    required=serializers.BooleanField(),
)
StepShape = shape(
    "StepShape",
    "A row of a table.",
    action=serializers.CharField(),
    label=serializers.CharField(),
    sources=texts(help_text="Empty: the row creates the record."),
    target=serializers.CharField(),
    by=texts(help_text="Roles."),
    apart=texts(help_text="Earlier actions whose doer may not do this one."),
    same=texts(help_text="Only a doer of one of these may."),
    bars=texts(help_text="Ties that forbid the step."),
    only=ConditionShape(many=True),
    guard=serializers.CharField(),
    asks=StepAskShape(many=True),
    then=serializers.CharField(),
    follow=serializers.CharField(help_text="Action that the clock does at once afterwards."),
    tell=texts(),
)
MachineShape = shape(
    "MachineShape",
    "A table as data: the rules that door, inbox, pages and this API all read.",
    name=serializers.CharField(),
    label=serializers.CharField(),
    stages=StageShape(many=True),
    steps=StepShape(many=True),
    ties=TieShape(many=True),
)
