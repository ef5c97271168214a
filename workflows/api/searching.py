"""The search over HTTP: the same hits as on the page."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows.api.bodies import Query, Text
from workflows.api.endpoint import Endpoint
from workflows.api.shapes import shape
from workflows.excerpts import Piece
from workflows.searching import MOST, QUERY_LIMIT, Found, Hit, search


class SearchQuery(Query):
    """What is looked for."""

    q = Text(
        max_length=QUERY_LIMIT,
        help_text="Words, all of which must stand in one title or passage, or a number or code in any spelling. "
        "Case does not matter; hits with the marks as typed come first.",
    )
    kind = serializers.RegexField(
        r"^[a-z_]{1,20}$", required=False, help_text=f"Only hits of this kind, up to {MOST} of them."
    )


MarkedShape = shape(
    "MarkedShape",
    "A text and where in it the hit stands.",
    text=serializers.CharField(),
    marks=serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Start and end of each hit, in letters from 0, the end not included.",
    ),
)
HitShape = shape(
    "HitShape",
    "One thing found.",
    id=serializers.UUIDField(),
    title=MarkedShape(),
    url=serializers.CharField(help_text="Page or file, on this host."),
    within=serializers.CharField(help_text="Page of the record that holds a file; empty for records."),
    detail=serializers.CharField(help_text="What it is, in words."),
    part=serializers.CharField(help_text="Where in it the hit stands, in words; empty for its title."),
    excerpt=MarkedShape(),
    exact=serializers.BooleanField(help_text="All words stand there as typed, marks included."),
    warnings=serializers.ListField(child=serializers.CharField(), help_text="What is amiss with it, in words."),
)
FoundShape = shape(
    "FoundShape",
    "Hits of one kind.",
    kind=serializers.CharField(),
    label=serializers.CharField(),
    count=serializers.IntegerField(help_text=f"Of all hits, but at most {MOST}."),
    more=serializers.BooleanField(help_text=f"There are more than {MOST}."),
    hits=HitShape(many=True),
)
SearchShape = shape(
    "SearchShape", "What was found, kind by kind.", q=serializers.CharField(), kinds=FoundShape(many=True)
)


class Search(Endpoint):
    """Search."""

    tag, operation, query, answer = "search", "list", SearchQuery, SearchShape

    def get(self, request: Request) -> Response:
        """Search documents in force, legal documents, CARs, findings and attached files that the person may read."""
        query = self.query.read(request)
        found = search(self.person, query["q"], query.get("kind", ""))
        return Response({"q": query["q"], "kinds": [_kind(one) for one in found]})


def _kind(found: Found) -> dict[str, Any]:
    hits = [_hit(hit) for hit in found.hits]
    return {"kind": found.name, "label": found.label, "count": found.count, "more": found.more, "hits": hits}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": str(hit.id),
        "title": _marked(hit.title),
        "url": hit.url,
        "within": hit.within,
        "detail": hit.kind,
        "part": hit.part,
        "excerpt": _marked(hit.excerpt),
        "exact": hit.exact,
        "warnings": [mark.text for mark in hit.marks],
    }


def _marked(pieces: list[Piece]) -> dict[str, Any]:
    text, marks = "", []
    for piece in pieces:
        if piece.hit:
            marks.append([len(text), len(text) + len(piece.text)])
        text += piece.text
    return {"text": text, "marks": marks}
