"""The map of a legal document as nodes and edges."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from documents.api.moments import MomentQuery, moment_of
from documents.api.shapes import DocumentShort, RegulationShort
from documents.models import Regulation, RelationKind, Validity
from documents.services.neighbourhood import HOPS, MOST, Neighbourhood, neighbourhood
from workflows.access import fetch
from workflows.api.endpoint import Endpoint
from workflows.api.shapes import PlaceShape, shape

ACT, VERSION, CITES = "regulation", "version", "cites"


NodeShape = shape(
    "MapNodeShape",
    "A legal document or a version in force.",
    id=serializers.UUIDField(),
    type=serializers.ChoiceField([ACT, VERSION]),
    hops=serializers.IntegerField(
        help_text="Relations between it and the document in the middle; of a version, one more than those of the"
        " nearest document that it cites."
    ),
    number=serializers.CharField(help_text="Number of the document, or issue and revision of the version."),
    title=serializers.CharField(allow_blank=True),
    validity=serializers.ChoiceField(Validity.choices, allow_null=True, help_text="Of a legal document, on the day."),
    document=DocumentShort(allow_null=True, help_text="Of a version."),
    agency=PlaceShape(allow_null=True, help_text="Of a version."),
    unit=PlaceShape(allow_null=True, help_text="Of a version."),
)
EdgeShape = shape(
    "MapEdgeShape",
    "What one node does to another.",
    kind=serializers.ChoiceField([*RelationKind.choices, (CITES, CITES)]),
    **{"from": serializers.UUIDField()},  # no name in Python
    to=serializers.UUIDField(),
    since=serializers.DateField(allow_null=True, help_text="Day of a relation, if it is known."),
    rows=serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="Of a citation: rows of the legal basis, from 1."
    ),
)
LeftShape = shape(
    "MapLeftShape",
    f"How many nodes beyond the nearest {MOST} were left out.",
    regulations=serializers.IntegerField(),
    versions=serializers.IntegerField(),
)
MapShape = shape(
    "MapShape",
    f"Legal documents within {HOPS} relations and the versions in force that cite them, nearest first.",
    regulation=RegulationShort(),
    on=serializers.DateField(),
    known=serializers.DateField(help_text="The last day of which the records count."),
    nodes=NodeShape(many=True),
    edges=EdgeShape(many=True),
    left_out=LeftShape(),
)


class Neighbours(Endpoint):
    """What stands around a legal document."""

    tag, operation, query, answer = "regulations", "map", MomentQuery, MapShape

    def get(self, request: Request, pk: UUID) -> Response:
        """Find the legal documents within two relations of this one, and the versions in force that cite any of them.

        At most 200 nodes, nearest first; `left_out` counts the others. By the records of a day gone by: with the facts
        and relations of then, and without nodes where the document was not registered yet.
        """
        query = self.query.read(request)
        regulation = fetch(Regulation, self.person, pk)
        moment = moment_of(query)
        near = neighbourhood(regulation, at=moment, user=self.person)
        answer = {
            "regulation": next((one.act for one in near.acts if not one.hops), regulation),
            "on": moment.on,
            "known": moment.until,
            "nodes": [*_acts(near), *_versions(near)],
            "edges": _edges(near),
            "left_out": {"regulations": near.left_acts, "versions": near.left_versions},
        }
        return Response(MapShape(answer, context=self.context()).data)


def _acts(near: Neighbourhood) -> list[dict[str, Any]]:
    return [
        {
            "id": one.act.pk,
            "type": ACT,
            "hops": one.hops,
            "number": one.act.number,
            "title": one.act.title,
            "validity": one.act.validity_on,  # type: ignore[attr-defined]
            "document": None,
            "agency": None,
            "unit": None,
        }
        for one in near.acts
    ]


def _versions(near: Neighbourhood) -> list[dict[str, Any]]:
    return [
        {
            "id": one.version.pk,
            "type": VERSION,
            "hops": one.hops,
            "number": one.version.number,
            "title": one.version.document.title,
            "validity": None,
            "document": one.version.document,
            "agency": one.version.agency,
            "unit": one.version.unit,
        }
        for one in near.versions
    ]


def _edges(near: Neighbourhood) -> list[dict[str, Any]]:
    relations = [
        {"kind": one.kind, "from": one.source, "to": one.target, "since": one.since, "rows": None}
        for one in near.relations
    ]
    citations = [
        {"kind": CITES, "from": one.version, "to": one.act, "since": None, "rows": list(one.rows)}
        for one in near.citations
    ]
    return relations + citations
