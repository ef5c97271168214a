"""What documents, versions, legal documents and their impact look like in answers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.api.bodies import CONTENT
from documents.models import (
    Campaign,
    Citation,
    Document,
    DocumentVersion,
    Event,
    ImpactItem,
    Regulation,
    RegulationRelation,
)
from documents.models.regulation import Validity
from documents.reach import Strength
from documents.services.asof import Moment, as_known
from documents.services.oddities import oddities_of
from workflows.api.shapes import AFTER, PersonShape, PlaceShape, RecordLine, WithActions, shape, texts

WHOLE = (*AFTER, "created_by", "ledger_hash")
"""What the detail of a record shows beyond a line."""


PARTS = serializers.ListField(
    source="parts", child=serializers.CharField(), help_text="Articles, clauses, points: 5, 5.2, 5.2.a; none is all."
)


class DocumentShort(serializers.ModelSerializer[Document]):
    """A document in short."""

    class Meta:
        model = Document
        fields = ("id", "code", "title")


class RegulationShort(serializers.ModelSerializer[Regulation]):
    """A legal document in short."""

    class Meta:
        model = Regulation
        fields = ("id", "number")


@extend_schema_field(CONTENT)
class ContentField(serializers.JSONField):
    """Structured content."""


class CitationShape(serializers.ModelSerializer[Citation]):
    """A row of the legal basis or of a step, and the legal document it names; null while the register lacks it."""

    provisions = PARTS

    class Meta:
        model = Citation
        fields = ("place", "position", "row_key", "number", "regulation", "provisions")


class VersionLine(RecordLine):
    """A version in a list."""

    document = DocumentShort()
    number = serializers.CharField(help_text="Issue and revision, as printed.")

    class Meta:
        model = DocumentVersion
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "document",
            "number",
            "issue_no",
            "revision_no",
            "decision_no",
            "decision_on",
            "effective_from",
            "effective_to",
        )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """As of a day without the end that was recorded later; ``state`` and ``stage`` stay those of today."""
        moment: Moment | None = self.context.get("moment")
        return super().to_representation(as_known(instance, moment) if moment else instance)


class VersionAfter(WithActions, VersionLine):
    """A version after a deed."""

    class Meta(VersionLine.Meta):
        fields = (*VersionLine.Meta.fields, *AFTER)


class VersionDetail(VersionAfter):
    """A whole version."""

    content = ContentField()
    citations = CitationShape(many=True)
    created_by = PersonShape(allow_null=True)

    class Meta(VersionLine.Meta):
        fields = (
            *VersionLine.Meta.fields,
            *WHOLE,
            "predecessor",
            "change_note",
            "wanted_by",
            "withdrawal_no",
            "content",
            "content_sha256",
            "citations",
        )


class RegulationLine(RecordLine):
    """A legal document in a list."""

    validity = serializers.SerializerMethodField(help_text="Computed from dates and relations on the day asked for.")
    oddities = texts(help_text="Defects of the source, as sentences.")

    class Meta:
        model = Regulation
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "number",
            "issuer",
            "kind",
            "title",
            "issued_on",
            "effective_on",
            "expired_on",
            "source_status",
            "validity",
            "oddities",
        )

    @extend_schema_field({"type": "string", "enum": list(Validity.values)})
    def get_validity(self, regulation: Regulation) -> str:
        """As the list computed it; after a deed it is asked for today."""
        known: str | None = getattr(regulation, "validity_on", None)
        return known or regulation.validity(timezone.localdate()).value


class RegulationAfter(WithActions, RegulationLine):
    """A legal document after a deed."""

    class Meta(RegulationLine.Meta):
        fields = (*RegulationLine.Meta.fields, *AFTER)


class RelationShape(serializers.ModelSerializer[RegulationRelation]):
    """“Source does this to target” from a day on."""

    provisions = PARTS

    source = RegulationShort()  # type: ignore[assignment]  # to the stubs every field has a ``source`` of its own
    target = RegulationShort()

    class Meta:
        model = RegulationRelation
        fields = ("source", "kind", "target", "provisions", "effective_on")


class RegulationDetail(RegulationAfter):
    """A whole legal document."""

    created_by = PersonShape(allow_null=True)
    relations = serializers.SerializerMethodField()
    relation_oddities = serializers.SerializerMethodField()

    class Meta(RegulationLine.Meta):
        fields = (*RegulationLine.Meta.fields, *WHOLE, "relations", "relation_oddities")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_relation_oddities(self, regulation: Regulation) -> list[str]:
        """What is odd between this document and others, as sentences: circles, a lower act changing a higher one."""
        return oddities_of(regulation)

    @extend_schema_field(RelationShape(many=True))
    def get_relations(self, regulation: Regulation) -> Any:
        """From and to this document, newest first."""
        return RelationShape(RegulationRelation.objects.around(regulation), many=True).data


class EventShape(serializers.ModelSerializer[Event]):
    """What set a review off."""

    subject = serializers.CharField(help_text="What it happens to: a legal number, a day, a unit, a document's code.")
    day = serializers.DateField(allow_null=True, help_text="The day from which it holds, if it is known.")

    class Meta:
        model = Event
        fields = ("id", "kind", "subject", "day", "unit", "successor", "new_name", "document")


class CampaignLine(RecordLine):
    """A campaign in a list."""

    event = EventShape()
    regulation = RegulationShort(allow_null=True)

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "event", "regulation", "below", "opened_on")


class CampaignAfter(WithActions, CampaignLine):
    """A campaign after a deed."""

    class Meta(CampaignLine.Meta):
        fields = (*CampaignLine.Meta.fields, *AFTER)


class CampaignDetail(CampaignAfter):
    """A whole campaign; its items are at `/api/impacts/?campaign=`."""

    created_by = PersonShape(allow_null=True)

    class Meta(CampaignLine.Meta):
        fields = (*CampaignLine.Meta.fields, *WHOLE)


HopShape = shape(
    "HopShape",
    "One hop from the legal document to the version.",
    kind=serializers.CharField(
        help_text="cites; a relation between legal documents; announces, handles, ends, owns or names."
    ),
    **{"from": serializers.CharField()},  # no name in Python
    to=serializers.CharField(),
    row=serializers.IntegerField(allow_null=True, help_text="Row of the legal basis, or of the section, from 1."),
    provisions=serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Provisions acted on or cited: 5, 5.2, 5.2.a."
    ),
    section=serializers.CharField(required=False, allow_blank=True, help_text="Section of the document that says it."),
    since=serializers.DateField(required=False, allow_null=True, help_text="Day of the relation, if it is known."),
)


class ImpactLine(RecordLine):
    """An impact item in a list."""

    document = DocumentShort()
    regulation = RegulationShort(allow_null=True)
    path = HopShape(many=True)

    class Meta:
        model = ImpactItem
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "campaign",
            "regulation",
            "document",
            "version",
            "revision",
            "path",
            "strength",
            "reason",
            "review_on",
            "awaits",
            "awaits_issuer",
        )


class ImpactAfter(WithActions, ImpactLine):
    """An impact item after a deed."""

    class Meta(ImpactLine.Meta):
        fields = (*ImpactLine.Meta.fields, *AFTER)


class ImpactDetail(ImpactAfter):
    """A whole impact item."""

    created_by = PersonShape(allow_null=True)

    class Meta(ImpactLine.Meta):
        fields = (*ImpactLine.Meta.fields, *WHOLE)


TouchedShape = shape(
    "TouchedShape",
    "A version that the act reaches, and how.",
    version=VersionLine(),
    path=HopShape(many=True),
    strength=serializers.ChoiceField(Strength.choices),
    direct=serializers.BooleanField(
        help_text="Its legal basis cites the very act; the path may still be a harder one."
    ),
    in_step=serializers.BooleanField(help_text="A step of it names the very act."),
)
UnitTouchedShape = shape(
    "UnitTouchedShape",
    "What the act reaches in one unit.",
    agency=PlaceShape(),
    unit=PlaceShape(),
    versions=TouchedShape(many=True),
)
TouchesShape = shape(
    "TouchesShape",
    "What a legal document reaches on a day, by unit.",
    regulation=RegulationShort(),
    on=serializers.DateField(),
    count=serializers.IntegerField(),
    direct=serializers.IntegerField(help_text="Of these, versions that cite the very act."),
    units=UnitTouchedShape(many=True),
)
