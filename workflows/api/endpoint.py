"""Base of every address under ``/api/``: who asks, what is read strictly, what answers look like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from workflows.api.bodies import Body, Query, json_object, raw_body
from workflows.api.idempotency import HEADER, checked_key, fingerprint, once
from workflows.api.schema import EndpointSchema, Shape
from workflows.models import Record, User

JSON = "application/json"


class OnlyJSON(BaseContentNegotiation):
    """JSON whatever the client would rather have: every answer, refusals included, has one form."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser:  # type: ignore[override]
        """The one parser."""
        del request
        return parsers[0]

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The one renderer."""
        del request, format_suffix
        return renderers[0], renderers[0].media_type or JSON


class Endpoint(APIView):
    """One address. ``query`` names its parameters, ``answer`` the serializer of what it returns.

    ``many``: the answer is a page of rows. ``tag`` and ``operation`` name it in OpenAPI. ``record``: the record at
    hand, whose state every refusal then shows.
    """

    schema = EndpointSchema()
    content_negotiation_class = OnlyJSON
    metadata_class = None
    query: type[Query] = Query
    answer: type[serializers.BaseSerializer[Any]] | None = None
    many: bool = False
    tag: str = ""
    operation: str = "read"
    record: Record | None = None

    @property
    def person(self) -> User:
        """Who asks; authentication is behind us."""
        return cast("User", self.request.user)

    @property
    def now(self) -> datetime:
        """The instant of the request."""
        return timezone.now()

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Governed data stays in no cache on the way."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final

    def context(self, **extra: Any) -> dict[str, Any]:
        """What serializers get to know."""
        return {"request": self.request, "person": self.person, **extra}

    def show(self, instance: Any, serializer: type[serializers.BaseSerializer[Any]], status: int = 200) -> Response:
        """Answer with one object."""
        return Response(serializer(instance, context=self.context()).data, status=status)

    def page(self, rows: QuerySet[Any], query: Mapping[str, Any], **extra: Any) -> Response:
        """Answer with the part of a list that the query asks for: two queries and those of the rows' relations."""
        assert self.answer is not None  # noqa: S101 - a list without rows is a slip in the class
        count, limit, offset = rows.count(), query["limit"], query["offset"]
        shown = rows[offset : offset + limit]
        serializer = self.answer(list(shown), many=True, context=self.context(**extra))
        return Response(pages(self.request, count, limit, offset) | {"results": serializer.data})


def pages(request: Request, count: int, limit: int, offset: int) -> dict[str, Any]:
    """``count`` of all rows, and the addresses of the next and the previous page or None."""
    here = request.build_absolute_uri()
    after, before = offset + limit, offset - limit
    return {
        "count": count,
        "next": replace_query_param(here, "offset", after) if after < count else None,
        "previous": None
        if offset == 0
        else replace_query_param(here, "offset", before)
        if before > 0
        else remove_query_param(here, "offset"),
    }


class Deed(Endpoint):
    """An address that changes something: JSON only, and repeatable under an ``Idempotency-Key``.

    ``deed`` names it in OpenAPI, ``deed_answer`` and ``deed_statuses`` say what a success returns.
    """

    deed: str = ""
    deed_answer: type[serializers.BaseSerializer[Any]] | None = None
    deed_statuses: tuple[int, ...] = (201,)

    def body_shape(self) -> Shape | type[Body]:
        """The body: a JSON schema, or the serializer that reads it."""
        raise NotImplementedError

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Do it and answer; raises ``WorkflowError``."""
        raise NotImplementedError

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Read the body, then act once."""
        # Also for an empty body: a form of another site can send one, but never under this type.
        if (request.content_type or "").split(";")[0].strip().lower() != JSON:
            raise exceptions.UnsupportedMediaType(request.content_type or "")
        key, raw = checked_key(request.headers.get(HEADER)), raw_body(request)
        if key is None:
            return self.act(json_object(raw), **kwargs)
        asked = fingerprint(str(request.method), request.get_full_path(), raw)
        return once(self.person, key, asked, lambda: self.act(json_object(raw), **kwargs), self.handle_exception)
