"""Yearly reports and their receipts over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from capa.api.bodies import ID
from capa.api.views import Start
from capa.machines.report import LEVELS, REPORT_RECEIPT, YEAR_REPORT
from capa.models import ReportReceipt, YearReport
from capa.services.telling import Told, told_of
from capa.views.reports import report_file
from documents.api.shapes import WHOLE
from workflows.access import fetch, may_start
from workflows.api.bodies import Body, Id, Number
from workflows.api.endpoint import Endpoint
from workflows.api.files import RAW
from workflows.api.records import Kind, RecordList, RecordQuery, kind_urls
from workflows.api.shapes import AFTER, PersonShape, RecordLine, WithActions
from workflows.errors import NotYourTurn
from workflows.models import Record, Unit, day_of


class ReportLine(RecordLine):
    """A yearly report in a list."""

    class Meta:
        model = YearReport
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "year", "level", "number", "submitted_on")


class ReportAfter(WithActions, ReportLine):
    """A yearly report after a deed."""

    class Meta(ReportLine.Meta):
        fields = (*ReportLine.Meta.fields, *AFTER)


class ToldRow(serializers.Serializer[Any]):
    """One number: the own, that of the reports taken up, and both together."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not the attribute
    own = serializers.IntegerField()
    below = serializers.IntegerField()
    total = serializers.IntegerField()


class BelowRow(serializers.Serializer[Any]):
    """One report that was taken up; `part`: its numbers are in the own ones already."""

    report = serializers.UUIDField()
    unit = serializers.CharField()
    part = serializers.BooleanField()
    totals = serializers.DictField(child=serializers.IntegerField())


class ComparedRow(serializers.Serializer[Any]):
    """A total that was typed from paper beside the sum of the reports, and who typed it when."""

    key = serializers.CharField()
    typed = serializers.IntegerField()
    sum = serializers.IntegerField()
    by = serializers.CharField()
    on = serializers.DateField()


class ToldShape(serializers.Serializer[Any]):
    """What a report tells: as it was sent (`frozen`), or as the records stand on `as_of`."""

    as_of = serializers.DateField()
    frozen = serializers.BooleanField()
    sha256 = serializers.CharField(help_text="Digest of what was sent; empty before.")
    facts = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    rows = ToldRow(many=True)
    texts = serializers.DictField(child=serializers.CharField())
    below = BelowRow(many=True)
    compared = ComparedRow(many=True)


class ReportDetail(ReportAfter):
    """A whole report."""

    _made: tuple[YearReport, Told] | None = None
    created_by = PersonShape(allow_null=True)
    told = serializers.SerializerMethodField()

    class Meta(ReportLine.Meta):
        fields = (*ReportLine.Meta.fields, *WHOLE, "received_no", "received_on", "outside", "waivers", "told")

    @extend_schema_field(ToldShape)
    def get_told(self, report: YearReport) -> dict[str, Any]:
        """Facts, numbers and texts."""
        return dict(ToldShape(self._told(report)).data)

    def to_representation(self, report: YearReport) -> dict[str, Any]:
        """Gates let be are of what is told: a new one is not shown before it is sent."""
        return {**super().to_representation(report), "waivers": self._told(report).waivers}

    def _told(self, report: YearReport) -> Told:
        """As this person reads it; made once."""
        if self._made is None or self._made[0] is not report:
            self._made = report, told_of(report, day_of(), self.context["person"])
        return self._made[1]


class ReportQuery(RecordQuery):
    """Filters of yearly reports."""

    state = serializers.ChoiceField(YEAR_REPORT.states, required=False)
    year = Number(required=False, max_value=9999)
    level = serializers.ChoiceField(LEVELS, required=False)


class ReceiptLine(RecordLine):
    """A report got from below, in a list."""

    class Meta:
        model = ReportReceipt
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "report")


class ReceiptAfter(WithActions, ReceiptLine):
    """A report got from below, after a deed."""

    class Meta(ReceiptLine.Meta):
        fields = (*ReceiptLine.Meta.fields, *AFTER)


class ReceiptQuery(RecordQuery):
    """Filters of reports got from below."""

    state = serializers.ChoiceField(REPORT_RECEIPT.states, required=False)
    report = Id(source="report_id", required=False, help_text="Id of the report.")


class OfUnit(Body):
    """Of which agency or unit."""

    unit = Number()


class Reports(RecordList, Start):
    """Yearly reports."""

    action = "draft"
    place, where = OfUnit, {"unit": {**ID, "description": "Id of the agency, or of a unit of it."}}

    def opened(self, given: dict[str, Any], **kwargs: Any) -> Record:
        """A report of an agency or of a unit."""
        del kwargs
        unit = fetch(Unit, self.person, given["unit"])
        if may_start(YEAR_REPORT, "draft", self.person, unit.agency_id, unit.pk):
            raise NotYourTurn
        return YearReport(agency=unit.agency, unit=unit)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Begin the yearly report of an agency or of a unit."""
        return super().post(request, **kwargs)


class ReportFile(Endpoint):
    """A yearly report as a file."""

    tag, gives, operation = "year_reports", RAW, "file"
    answer = OpenApiTypes.BINARY  # type: ignore[assignment]  # no serializer: the file as it is

    def get(self, request: Request, pk: UUID, kind: str) -> HttpResponse:
        """Download a report: `kind` is `docx` or `xlsx`."""
        self.query.read(request)
        return report_file(self.person, pk, kind)


TOTALS = {
    "type": "object",
    "additionalProperties": {"type": "integer", "minimum": 0},
    "description": "Totals of the reports below as they are on paper, by key; refused if they are not the sums.",
}
REPORTS = Kind(
    "year_reports", YearReport, ReportQuery, ReportLine, ReportAfter, ReportDetail, search=("unit__name_folded",),
    shapes={"totals": TOTALS},
)  # fmt: skip
RECEIPTS = Kind(
    "report_receipts", ReportReceipt, ReceiptQuery, ReceiptLine, ReceiptAfter, ReceiptAfter,
    search=("report__unit__name_folded",),
)  # fmt: skip

urlpatterns: list[URLPattern] = [
    *kind_urls(REPORTS, Reports, deed="draft", deed_answer=ReportAfter),
    *kind_urls(RECEIPTS),
    path("year_reports/<uuid:pk>/files/<slug:kind>/", ReportFile.as_view(), name="year_reports_file"),
]
