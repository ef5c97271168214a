"""Addresses of documents, and of what starts a record at a place: document, revision, campaign."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.document_shapes import DocumentDetail, DocumentLine
from documents.api.moments import DAYS, MomentQuery, is_asked, moment_of
from documents.api.shapes import (
    CampaignAfter,
    ContentField,
    RegulationShort,
    TouchedShape,
    TouchesShape,
    VersionAfter,
)
from documents.machines.impact import CAMPAIGN
from documents.machines.version import VERSION
from documents.models import Campaign, Document, DocumentKind, Event, Regulation, open_version
from documents.models.document import DocumentQuerySet
from documents.models.event import ABOUT_ACTS
from documents.services.asof import versions_in_force
from documents.services.campaigns import campaign_for
from documents.services.opening import document_open
from documents.services.touching import Touched, regulation_touches
from workflows.access import fetch, may_start, reach
from workflows.api.bodies import Q_LIMIT, Body, Id, Lines, Number, PageQuery, Query, Text
from workflows.api.endpoint import Deed, Endpoint
from workflows.api.records import RecordList, searched
from workflows.api.shapes import PlaceShape
from workflows.errors import BadAnswer, NotYourTurn
from workflows.models import Unit

NOTE_LIMIT = 4000
TITLE_LIMIT = 4000
"""The longest title of 271 real procedures has 1,177 characters."""


class DocumentQuery(MomentQuery, PageQuery):
    """Filters of documents."""

    unit = Number(source="unit_id", required=False, help_text="Id of the unit.")
    agency = Number(source="agency_id", required=False, help_text="Id of the agency.")
    kind = serializers.ChoiceField(DocumentKind.choices, required=False)
    q = Text(
        required=False, max_length=Q_LIMIT, help_text="Part of code, title or field; marks and case do not matter."
    )


class NewDocument(Body):
    """A document and its first draft."""

    unit = Number()
    kind = serializers.ChoiceField(DocumentKind.choices)
    code = Text(max_length=60)
    title = Lines(max_length=TITLE_LIMIT)
    field = Text(max_length=120, required=False, allow_blank=True)
    content = ContentField(required=False)
    note = Lines(max_length=NOTE_LIMIT, required=False, allow_blank=True)


class Documents(Deed):
    """Controlled documents."""

    tag, operation, many, deed = "documents", "list", True, "create"
    query, answer, deed_answer = DocumentQuery, DocumentLine, VersionAfter

    def get(self, request: Request) -> Response:
        """List the documents of which the person may read a version, each with its version in force."""
        query = self.query.read(request)
        moment = moment_of(query)
        standing = versions_in_force(moment).visible_to(self.person)
        rows = Document.objects.visible_to(self.person)
        if is_asked(query):
            rows = rows.filter(Exists(standing.filter(document=OuterRef("pk"))))
        if "q" in query:
            rows = rows.filter(searched(("search",), query["q"]))
        wanted = {name: value for name, value in query.items() if name not in {"limit", "offset", "q", *DAYS}}
        rows = rows.filter(**wanted).select_related("agency", "unit").order_by("agency__path", "code_key")
        return self.page(rows.prefetch_related(along(standing.defer("content"))), query, moment=moment)

    def body_shape(self) -> type[Body]:
        """What a new document needs."""
        return NewDocument

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Open document and draft."""
        del kwargs
        given = NewDocument.read(body)
        unit = fetch(Unit, self.person, given.pop("unit"))
        draft = document_open(unit=unit, by=self.person, **given)
        return self.show(draft, VersionAfter, status=201)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Create a document and its first draft; the answer is the draft."""
        return super().post(request, **kwargs)


def along(standing: Any) -> Prefetch[Any]:
    """Read the versions in force along with their documents."""
    return Prefetch("versions", standing, to_attr="standing")


class OneDocument(Endpoint):
    """One document."""

    tag, query, answer = "documents", MomentQuery, DocumentDetail

    def get(self, request: Request, pk: UUID) -> Response:
        """Read one document as of a day: its text in force then with the legal basis of then, and its versions."""
        moment = moment_of(self.query.read(request))
        standing = versions_in_force(moment).visible_to(self.person)
        rows: DocumentQuerySet = Document.objects.select_related("agency", "unit").prefetch_related(along(standing))
        found = fetch(Document, self.person, pk, among=rows)
        return Response(DocumentDetail(found, context=self.context(moment=moment)).data)


class NewRevision(Body):
    """Where a revision starts from."""

    content = ContentField(required=False, help_text="Absent: the content of the version in force.")
    note = Lines(max_length=NOTE_LIMIT, required=False, allow_blank=True, help_text="Why the document is revised.")


class Revisions(Deed):
    """Revisions of a document."""

    tag, deed, deed_answer = "documents", "revise", VersionAfter

    def body_shape(self) -> type[Body]:
        """Where a revision starts from."""
        return NewRevision

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Open the draft."""
        document = reach(Document, self.person, kwargs["pk"])
        if may_start(VERSION, "create", self.person, document.agency_id, document.unit_id):
            raise NotYourTurn
        draft = open_version(document, by=self.person, **NewRevision.read(body))
        return self.show(draft, VersionAfter, status=201)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Open the next draft of a document, seeded with the version in force."""
        return super().post(request, **kwargs)


class NewCampaign(Body):
    """What is reviewed, and where: something about a legal document, a unit that changes, or a document that goes."""

    agency = Number()
    below = serializers.BooleanField(required=False, help_text="With the agencies below; for the first run to say.")
    regulation = Id(required=False)
    kind = serializers.ChoiceField(
        [kind.value for kind in ABOUT_ACTS], required=False, help_text="What happens to it; effective if absent."
    )
    unit = Number(required=False)
    new_name = Text(max_length=300, required=False, allow_blank=True)
    successor = Number(required=False, help_text="The unit that takes over.")
    document = Id(required=False)
    effective_on = serializers.DateField(required=False, help_text="For a unit or a document: from this day on.")


class Campaigns(RecordList, Deed):
    """Campaigns."""

    deed, deed_answer, deed_statuses = "launch", CampaignAfter, (201, 200)

    def body_shape(self) -> type[Body]:
        """What is reviewed, and where."""
        return NewCampaign

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Open or widen."""
        del kwargs
        given = NewCampaign.read(body)
        agency = fetch(Unit, self.person, given["agency"])
        if may_start(CAMPAIGN, "launch", self.person, agency.agency_id, agency.pk):
            raise NotYourTurn
        if not agency.is_agency:
            raise BadAnswer(problems={"agency": _("Đơn vị này không phải là cơ quan.")})
        event = self._event(given)
        known = Campaign.objects.filter(agency=agency, event=event).exists()
        campaign = campaign_for(event=event, agency=agency, by=self.person, below=given.get("below", False))
        return self.show(campaign, CampaignAfter, status=200 if known else 201)

    def _event(self, given: dict[str, Any]) -> Event:
        """The one event that the body names."""
        about = [name for name in ("regulation", "unit", "document") if name in given]
        if len(about) != 1:
            raise BadAnswer(problems={"regulation": _("Nêu đúng một: văn bản, đơn vị hoặc tài liệu.")})
        if about == ["regulation"]:
            act = fetch(Regulation, self.person, given["regulation"])
            return Event.objects.of_act(act, given.get("kind", ABOUT_ACTS[0]))
        if "effective_on" not in given:
            raise BadAnswer(problems={"effective_on": _("Chưa có ngày.")})
        if about == ["document"]:
            return Event.objects.of_withdrawal(fetch(Document, self.person, given["document"]), given["effective_on"])
        return self._of_unit(given)

    def _of_unit(self, given: dict[str, Any]) -> Event:
        unit, name = fetch(Unit, self.person, given["unit"]), given.get("new_name", "").strip()
        successor = fetch(Unit, self.person, given["successor"]) if "successor" in given else None
        if bool(name) == bool(successor):
            text = _("Ghi tên mới, hoặc chọn đơn vị nhập vào: một trong hai.")
            raise BadAnswer(problems={"new_name": text})
        if successor == unit or name == unit.name:
            raise BadAnswer(problems={"new_name": _("Như vậy đơn vị không thay đổi gì.")})
        return Event.objects.of_unit(unit, given["effective_on"], name=name, successor=successor)

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Open an agency's review of what an event touches (201), or widen the open one (200)."""
        return super().post(request, **kwargs)


class TouchesQuery(Query):
    """When and where."""

    on = serializers.DateField(required=False, help_text="Versions in force on this day; today if absent.")
    agency = Number(required=False, help_text="Id of the agency: only its own documents.")


class Touches(Endpoint):
    """What a legal document reaches."""

    tag, operation, query, answer = "regulations", "impact", TouchesQuery, TouchesShape

    def get(self, request: Request, pk: UUID) -> Response:
        """Find every version in force that cites the legal document, by unit, each with the path to it."""
        query = self.query.read(request)
        regulation = fetch(Regulation, self.person, pk)
        day = query.get("on") or timezone.localdate()
        agency = fetch(Unit, self.person, query["agency"]) if "agency" in query else None
        touched = regulation_touches(regulation, on=day, user=self.person, agency=agency)
        return Response(
            {
                "regulation": RegulationShort(regulation).data,
                "on": day,
                "count": len(touched),
                "direct": sum(one.direct for one in touched),
                "units": [self._unit(list(rows)) for _unit, rows in groupby(touched, lambda one: one.version.unit_id)],
            }
        )

    def _unit(self, rows: list[Touched]) -> dict[str, Any]:
        version = rows[0].version
        return {
            "agency": PlaceShape(version.agency).data,
            "unit": PlaceShape(version.unit).data,
            "versions": TouchedShape(rows, many=True, context=self.context()).data,
        }
