"""Framework models over HTTP: versions with their items, adoptions, adopted items with the merge, and the roll-up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.bodies import CONTENT
from documents.machines.framework import ADOPTED, ADOPTION, MODEL_VERSION
from documents.models import AdoptedItem, Adoption, Document, FrameworkModel, ModelItem, ModelVersion
from documents.models.adoption import place_of
from documents.services.frameworks import Choice, model_open, next_version, standing, take
from documents.services.rolling import roll
from workflows import engine
from workflows.access import fetch, may_start
from workflows.api.bodies import Body, Id, Number, PageQuery, Text
from workflows.api.endpoint import Deed, Endpoint, pages
from workflows.api.records import Kind, RecordList, RecordQuery
from workflows.api.shapes import AFTER, PlaceShape, RecordLine, WithActions, shape
from workflows.errors import BadAnswer, NotVisible, NotYourTurn
from workflows.models import Unit, day_of
from workflows.models.tree import AGENCY_KINDS

ITEMS: dict[str, Any] = {
    "type": "array",
    "maxItems": 200,
    "items": {
        "type": "object",
        "required": ["key", "kind", "code", "title"],
        "properties": {
            "key": {"type": "string", "maxLength": 40},
            "kind": {"type": "string"},
            "code": {"type": "string", "maxLength": 60},
            "title": {"type": "string", "maxLength": 1000},
            "required": {"type": "boolean"},
            "open_parts": {"type": "array", "items": {"type": "string"}},
            "content": CONTENT,
        },
    },
}
DECISIONS: dict[str, Any] = {
    "type": "object",
    "description": "By the conflict's name what is taken.",
    "additionalProperties": {
        "type": "object",
        "required": ["take"],
        "properties": {
            "take": {"type": "string", "enum": ["mine", "theirs", "typed"]},
            "text": {"type": "string"},
        },
    },
}


class ModelVersionQuery(RecordQuery):
    """Filters of versions of models."""

    state = serializers.ChoiceField(MODEL_VERSION.states, required=False)
    model = Id(source="model_id", required=False, help_text="Id of the model.")


class AdoptionQuery(RecordQuery):
    """Filters of adoptions."""

    state = serializers.ChoiceField(ADOPTION.states, required=False)
    model = Id(source="model_id", required=False, help_text="Id of the model.")


class AdoptedQuery(RecordQuery):
    """Filters of adopted items."""

    state = serializers.ChoiceField(ADOPTED.states, required=False)
    adoption = Id(source="adoption_id", required=False, help_text="Id of the adoption.")
    document = Id(source="document_id", required=False, help_text="Id of the document.")


class ModelItemShape(serializers.ModelSerializer[ModelItem]):
    """One item of a version."""

    class Meta:
        model = ModelItem
        fields = ("id", "key", "kind", "code", "title", "required", "open_parts", "content", "content_sha256")


class ModelShape(serializers.ModelSerializer[FrameworkModel]):
    """A model over its versions."""

    class Meta:
        model = FrameworkModel
        fields = ("id", "title", "sector", "kinds", "agency", "below")


class ModelVersionLine(RecordLine):
    """A version in a list."""

    model = ModelShape()

    class Meta:
        model = ModelVersion
        fields: tuple[str, ...] = (
            *RecordLine.Meta.fields,
            "model",
            "number",
            "items_sha256",
            "decision_no",
            "decision_on",
            "effective_from",
        )


class ModelVersionAfter(WithActions, ModelVersionLine):
    """A version after a deed."""

    class Meta(ModelVersionLine.Meta):
        fields = (*ModelVersionLine.Meta.fields, *AFTER)


class ModelVersionDetail(ModelVersionAfter):
    """A version with its items."""

    items = ModelItemShape(many=True)

    class Meta(ModelVersionLine.Meta):
        fields = (*ModelVersionLine.Meta.fields, *AFTER, "items")


LineShape = shape(
    "FrameworkLineShape",
    "How one item stands with one agency.",
    key=serializers.CharField(),
    title=serializers.CharField(),
    status=serializers.CharField(),
    behind=serializers.BooleanField(),
    version=serializers.IntegerField(allow_null=True),
    overridden=serializers.ListField(child=serializers.CharField(), source="found.overridden"),
    drifted=serializers.ListField(child=serializers.CharField(), source="found.drifted"),
    adopted_item=serializers.UUIDField(source="adopted.pk", default=None, allow_null=True),
)


class AdoptionLine(RecordLine):
    """An adoption in a list."""

    model = ModelShape()
    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = Adoption
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "model", "version")


class AdoptionAfter(WithActions, AdoptionLine):
    """An adoption after a deed."""

    class Meta(AdoptionLine.Meta):
        fields = (*AdoptionLine.Meta.fields, *AFTER)


class AdoptionDetail(AdoptionAfter):
    """An adoption with every item and how it stands."""

    items = serializers.SerializerMethodField()

    class Meta(AdoptionLine.Meta):
        fields = (*AdoptionLine.Meta.fields, *AFTER, "items")

    @extend_schema_field(LineShape(many=True))
    def get_items(self, found: Adoption) -> Any:
        """Items of the version that holds, and those that it has no more."""
        current = found.model.current(day_of())
        lines = standing(current, [found.agency_id], day_of()).get(found.agency_id, []) if current else []
        return LineShape(lines, many=True).data


class AdoptedLine(RecordLine):
    """An adopted item in a list."""

    class Meta:
        model = AdoptedItem
        fields: tuple[str, ...] = (*RecordLine.Meta.fields, "adoption", "key", "document")


class AdoptedAfter(WithActions, AdoptedLine):
    """An adopted item after a deed."""

    class Meta(AdoptedLine.Meta):
        fields = (*AdoptedLine.Meta.fields, *AFTER)


class AdoptedDetail(AdoptedAfter):
    """An adopted item, and what a merge with the model's present item has to decide."""

    merge = serializers.SerializerMethodField()

    class Meta(AdoptedLine.Meta):
        fields = (*AdoptedLine.Meta.fields, *AFTER, "merge")

    @extend_schema_field({"type": "object", "nullable": True})
    def get_merge(self, found: AdoptedItem) -> Any:
        """``target`` and ``seen`` go back with the decisions; None where there is nothing that the person may merge."""
        current = found.adoption.model.current(day_of())
        target = current.items.filter(key=found.key).first() if current else None
        joined = found.joined(target) if target else None
        offers = engine.offers(found, self.context["person"])
        if joined is None or not any(one.step.action == "merge" and one.refusal is None for one in offers):
            return None
        return {
            "target": str(joined.target.pk),
            "seen": joined.seen,
            "merged": joined.merged,
            "conflicts": [
                {
                    "name": one.name,
                    "kind": one.kind,
                    "place": place_of(one),
                    "base": one.base,
                    "mine": one.mine,
                    "theirs": one.theirs,
                }
                for one in joined.conflicts
            ],
        }


class NewModelVersion(Body):
    """The next version of a model, or a new model with its first."""

    model = Id(required=False)
    agency = Number(required=False)
    below = Number(required=False)
    title = Text(max_length=300, required=False)
    sector = Text(max_length=120, required=False, allow_blank=True)
    kinds = serializers.ListField(child=serializers.ChoiceField(AGENCY_KINDS), required=False, allow_empty=False)


class ModelVersions(RecordList, Deed):
    """Versions of models."""

    deed, deed_answer, deed_statuses = "draft", ModelVersionAfter, (201,)

    def body_shape(self) -> type[Body]:
        """Of which model."""
        return NewModelVersion

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Open the draft of the next version, or of a new model's first."""
        del kwargs
        given = NewModelVersion.read(body)
        if "model" in given:
            model = fetch(FrameworkModel, self.person, given["model"])
            return self.show(next_version(model, by=self.person), ModelVersionAfter, status=201)
        missing = [name for name in ("agency", "title", "kinds") if name not in given]
        if missing:
            raise BadAnswer(problems={name: _("Cần nhập trường này.") for name in missing})
        agency = _agency(self, given["agency"])
        if may_start(MODEL_VERSION, "draft", self.person, agency.pk, agency.pk):
            raise NotYourTurn
        reached = {agency.pk: agency, **({up.pk: up} if (up := agency.parent and agency.parent.agency) else {})}
        below = reached.get(given.get("below", agency.pk))
        if below is None:
            raise BadAnswer(problems={"below": _("Chỉ chọn cơ quan mình hoặc cơ quan cấp trên.")})
        version = model_open(
            agency=agency, below=below, title=given["title"], sector=given.get("sector", ""), kinds=given["kinds"],
            by=self.person,
        )  # fmt: skip
        return self.show(version, ModelVersionAfter, status=201)


def _agency(view: Endpoint, pk: int) -> Unit:
    found = fetch(Unit, view.person, pk)
    if not found.is_agency:
        raise BadAnswer(problems={"agency": _("Đơn vị này không phải là cơ quan.")})
    return found


class NewAdoption(Body):
    """Who applies which model."""

    agency = Number()
    model = Id()


class Adoptions(RecordList, Deed):
    """Adoptions."""

    deed, deed_answer, deed_statuses = "adopt", AdoptionAfter, (201,)

    def body_shape(self) -> type[Body]:
        """Who and which."""
        return NewAdoption

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """An agency begins to apply a model."""
        del kwargs
        given = NewAdoption.read(body)
        agency, model = _agency(self, given["agency"]), fetch(FrameworkModel, self.person, given["model"])
        fresh = engine.start(Adoption(agency=agency, unit=agency, model=model), "adopt", by=self.person)
        return self.show(fresh, AdoptionAfter, status=201)


class NewAdopted(Body):
    """An item to take up: a new draft in a unit, under a code; or a document that is there."""

    adoption = Id()
    item = Number()
    unit = Number(required=False)
    code = Text(max_length=60, required=False)
    document = Id(required=False)


class AdoptedItems(RecordList, Deed):
    """Adopted items."""

    deed, deed_answer, deed_statuses = "take", AdoptedAfter, (201,)

    def body_shape(self) -> type[Body]:
        """What to take up how."""
        return NewAdopted

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Take an item up."""
        del kwargs
        given = NewAdopted.read(body)
        adoption = fetch(Adoption, self.person, given["adoption"], among=Adoption.objects.for_list())
        item = ModelItem.objects.filter(pk=given["item"], version__model=adoption.model_id).first()
        if item is None:
            raise BadAnswer(problems={"item": _("Không có lựa chọn này.")})
        if "document" in given:
            choice = Choice(item, document=fetch(Document, self.person, given["document"]))
        else:
            unit = fetch(Unit, self.person, given.get("unit", adoption.agency_id))
            if unit.agency_id != adoption.agency_id:
                raise BadAnswer(problems={"unit": _("Đơn vị này không thuộc cơ quan áp dụng.")})
            choice = Choice(item, unit, given.get("code", ""))
        return self.show(take(adoption, [choice], by=self.person)[0], AdoptedAfter, status=201)


class RollQuery(PageQuery):
    """Which agencies."""

    item = Text(required=False, max_length=40, help_text="Key of an item.")
    status = Text(required=False, max_length=20, help_text="How they stand to it.")


RolledShape = shape(
    "FrameworkRolledShape",
    "One agency and how it stands to every item; no items: it did not adopt the model.",
    agency=PlaceShape(),
    adopted=serializers.BooleanField(),
    items=LineShape(many=True),
)


class RollUp(Endpoint):
    """Adoption and drift over the agencies that the person sees."""

    tag, operation, many, query, answer = "framework", "rollup", True, RollQuery, RolledShape

    def get(self, request: Request, pk: UUID) -> Response:
        """List the agencies that the model is meant for, each with how it stands to every item."""
        query = self.query.read(request)
        model = fetch(FrameworkModel, self.person, pk)
        current = model.current(day_of())
        if current is None:
            raise NotVisible(_("Mô hình chưa có phiên bản nào đang có hiệu lực."))
        rolled = roll(current, self.person, day_of())
        chosen = rolled.chosen(query.get("item", ""), query.get("status", ""))
        limit, offset = query["limit"], query["offset"]
        shown = chosen[offset : offset + limit]
        lines = standing(current, [one.pk for one in shown], day_of())
        rows = [{"agency": one, "adopted": one.pk in rolled.marks, "items": lines.get(one.pk, [])} for one in shown]
        answer = pages(self.request, len(chosen), limit, offset)
        return Response(answer | {"results": RolledShape(rows, many=True, context=self.context()).data})


KINDS = (
    Kind(
        "model_versions", ModelVersion, ModelVersionQuery, ModelVersionLine, ModelVersionAfter, ModelVersionDetail,
        search=("model__search",), shapes={"items": ITEMS},
    ),
    Kind("adoptions", Adoption, AdoptionQuery, AdoptionLine, AdoptionAfter, AdoptionDetail, search=("model__search",)),
    Kind(
        "adopted_items", AdoptedItem, AdoptedQuery, AdoptedLine, AdoptedAfter, AdoptedDetail,
        search=("document__search",), shapes={"decisions": DECISIONS},
    ),
)  # fmt: skip
