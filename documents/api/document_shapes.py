"""What documents look like in answers, as of a day: in force, with text and legal basis of then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.api.shapes import ContentField, RegulationShort, VersionLine
from documents.models import Document, DocumentVersion, Regulation
from documents.models.regulation import Validity
from documents.services.asof import known_versions
from documents.services.sheets import basis_then
from workflows.api.shapes import PlaceShape, shape, texts


class DocumentLine(serializers.ModelSerializer[Document]):
    """A controlled document, with its version in force on the day asked for."""

    agency = PlaceShape()
    unit = PlaceShape()
    levels = texts()
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "code",
            "title",
            "field",
            "levels",
            "agency",
            "unit",
            "created_at",
            "in_force",
        )

    @extend_schema_field(VersionLine(allow_null=True))
    def get_in_force(self, document: Document) -> Any:
        """The version in force that the view read along."""
        found = next(iter(document.standing), None)  # type: ignore[attr-defined]
        return found and VersionLine(_homed(found, document), context=self.context).data


BasisShape = shape(
    "BasisShape",
    "One row of the legal basis as of the moment; the legal document is null if the register did not hold it then.",
    row_key=serializers.CharField(),
    number=serializers.CharField(help_text="As the text has it."),
    note=serializers.CharField(allow_blank=True),
    regulation=RegulationShort(allow_null=True),
    validity=serializers.ChoiceField(Validity.choices, allow_null=True),
    replaced_by=RegulationShort(many=True),
)


class VersionThen(VersionLine):
    """A version in force with its text, and its legal basis with the validity of the day."""

    content = ContentField()
    legal_basis = serializers.SerializerMethodField()

    class Meta(VersionLine.Meta):
        fields = (*VersionLine.Meta.fields, "content", "content_sha256", "legal_basis")

    @extend_schema_field(BasisShape(many=True))
    def get_legal_basis(self, version: DocumentVersion) -> Any:
        """Each row with what it means at the moment."""
        acts, heirs = basis_then(version, self.context["moment"])
        rows = version.content["legal_basis"]
        return [_basis(row, acts.get(row["key"]), heirs.get(row["key"], [])) for row in rows]


def _basis(row: Mapping[str, str], act: Any, heirs: list[Regulation]) -> dict[str, Any]:
    return {
        "row_key": row["key"],
        "number": row["number"],
        "note": row["note"],
        "regulation": act and RegulationShort(act).data,
        "validity": act and act.validity_on,
        "replaced_by": RegulationShort(heirs, many=True).data,
    }


AsOfShape = shape(
    "AsOfShape",
    "The moment that the answer is about.",
    on=serializers.DateField(help_text="Day on which it is in force."),
    known=serializers.DateField(help_text="Last day whose records count."),
    link=serializers.URLField(help_text="Address that shows the same whatever is recorded on later days."),
)


class DocumentDetail(DocumentLine):
    """A document as of a day, with its versions, oldest first."""

    as_of = serializers.SerializerMethodField()
    versions = serializers.SerializerMethodField()

    class Meta(DocumentLine.Meta):
        fields = (*DocumentLine.Meta.fields, "as_of", "versions")

    @extend_schema_field(AsOfShape)
    def get_as_of(self, document: Document) -> dict[str, str]:
        """Both days and the permanent address."""
        del document
        moment, request = self.context["moment"], self.context["request"]
        here = f"{request.build_absolute_uri(request.path)}?{urlencode(moment.query)}"
        return {**moment.query, "link": here}

    @extend_schema_field(VersionThen(allow_null=True))
    def get_in_force(self, document: Document) -> Any:
        """The version in force then, whole."""
        found = next(iter(document.standing), None)  # type: ignore[attr-defined]
        return found and VersionThen(_homed(found, document), context=self.context).data

    @extend_schema_field(VersionLine(many=True))
    def get_versions(self, document: Document) -> Any:
        """Those that the person may read, and that were issued by then if a day of the records is asked for."""
        rows = document.versions.visible_to(self.context["person"]).for_list().order_by("issue_no", "revision_no")
        return VersionLine(known_versions(rows, self.context["moment"]), many=True, context=self.context).data


def _homed(version: DocumentVersion, document: Document) -> DocumentVersion:
    """A version's places are its document's: one read serves both."""
    version.document, version.agency, version.unit = document, document.agency, document.unit
    return version
