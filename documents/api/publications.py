"""Publications over HTTP: their shapes, and how one is prepared."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from documents import gates
from documents.machines.publication import PUBLICATION
from documents.models import Publication, RepublicationCause, ScopeRow
from documents.models.scope import scope_lists
from workflows import engine
from workflows.access import fetch, may_start
from workflows.api.bodies import Body, Lines, Number, Text
from workflows.api.endpoint import Deed
from workflows.api.records import RecordList, RecordQuery
from workflows.api.shapes import AFTER, PersonShape, RecordLine, WithActions, shape
from workflows.errors import BadAnswer, NotYourTurn
from workflows.models import Unit, day_of


class PublicationQuery(RecordQuery):
    """Filters of publications."""

    state = serializers.ChoiceField(PUBLICATION.states, required=False)


class ScopeShape(serializers.ModelSerializer[ScopeRow]):
    """One row of a frozen list."""

    class Meta:
        model = ScopeRow
        fields = ("kind", "group", "code", "title", "note", "document")


class CauseShape(serializers.ModelSerializer[RepublicationCause]):
    """One cause to publish again."""

    class Meta:
        model = RepublicationCause
        fields = ("cause", "subject", "noted_on")


VerdictShape = shape(
    "VerdictShape",
    "One condition of confirming and signing, and what is missing today; empty if nothing is.",
    name=serializers.CharField(source="gate.name"),
    label=serializers.CharField(source="gate.label"),
    missing=serializers.CharField(source="sentence"),
)


class PublicationLine(RecordLine):
    """A publication in a list."""

    class Meta:
        model = Publication
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "edition",
            "agency_name",
            "frozen_on",
            "decision_no",
            "decision_on",
            "website",
            "notified",
            "published_on",
            "ended_on",
            "show_alarms",
        )


class PublicationAfter(WithActions, PublicationLine):
    """A publication after a deed."""

    class Meta(PublicationLine.Meta):
        fields = (*PublicationLine.Meta.fields, *AFTER)


class PublicationDetail(PublicationAfter):
    """A whole publication: the frozen list, the conditions while it is under way, causes to publish again."""

    created_by = PersonShape(allow_null=True)
    causes = CauseShape(many=True)
    rows = serializers.SerializerMethodField()
    conditions = serializers.SerializerMethodField()

    class Meta(PublicationLine.Meta):
        fields = (
            *PublicationLine.Meta.fields,
            *AFTER,
            "created_by",
            "ledger_hash",
            "scope_sha256",
            "causes",
            "rows",
            "conditions",
        )

    @extend_schema_field(ScopeShape(many=True))
    def get_rows(self, found: Publication) -> Any:
        """The frozen list."""
        return ScopeShape(scope_lists(found), many=True).data

    @extend_schema_field(VerdictShape(many=True))
    def get_conditions(self, found: Publication) -> Any:
        """How each condition stands today; none once it is published."""
        verdicts = [] if found.published_on else gates.verdicts(found.agency, day_of())
        return VerdictShape(verdicts, many=True).data


class NewPublication(Body):
    """Whose publication, and by which standard."""

    agency = Number()
    edition = Text(max_length=120)
    note = Lines(max_length=4000, required=False, allow_blank=True)


class Publications(RecordList, Deed):
    """Publications."""

    deed, deed_answer, deed_statuses = "prepare", PublicationAfter, (201,)

    def body_shape(self) -> type[Body]:
        """Whose, and by which standard."""
        return NewPublication

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Freeze today's list into a new publication."""
        del kwargs
        given = NewPublication.read(body)
        agency = fetch(Unit, self.person, given.pop("agency"))
        if may_start(PUBLICATION, "prepare", self.person, agency.agency_id, agency.pk):
            raise NotYourTurn
        if not agency.is_agency:
            raise BadAnswer(problems={"agency": _("Đơn vị này không phải là cơ quan.")})
        fresh = engine.start(Publication(agency=agency, unit=agency), "prepare", by=self.person, **given)
        return self.show(fresh, PublicationAfter, status=201)
