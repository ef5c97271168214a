"""A person's own notices over the JSON API. Another person's is 404."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.models import Notice, NoticeQuerySet
from notifications.sentences import Sentence, say
from workflows.api.bodies import Body, PageQuery
from workflows.api.endpoint import Deed, Endpoint, pages
from workflows.errors import NotVisible
from workflows.models import User


class NoticeShape(serializers.ModelSerializer[Notice]):
    """A notice in words, and the deed that it tells of."""

    subject = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    machine = serializers.CharField(source="move.machine")
    stream = serializers.UUIDField(source="move.stream", help_text="Id of the record.")
    action = serializers.CharField(source="move.action")
    at = serializers.DateTimeField(source="move.at")

    class Meta:
        model = Notice
        fields = ("id", "subject", "text", "machine", "stream", "action", "at", "created_at", "read_at")

    @extend_schema_field(serializers.CharField())
    def get_subject(self, notice: Notice) -> str:
        """One line."""
        return self._words(notice).subject

    @extend_schema_field(serializers.CharField())
    def get_text(self, notice: Notice) -> str:
        """The rest."""
        return self._words(notice).body

    def _words(self, notice: Notice) -> Sentence:
        words: Sentence = self.context["words"][notice.pk]
        return words


class NoticeQuery(PageQuery):
    """Which notices."""

    unread = serializers.ChoiceField((("true", "true"),), required=False, help_text="Only those not read yet.")


class Notices(Endpoint):
    """Notices."""

    tag, operation, many = "notices", "list", True
    query, answer = NoticeQuery, NoticeShape

    def get(self, request: Request) -> Response:
        """List the person's own notices, newest first."""
        query = self.query.read(request)
        rows = own(self.person).unread() if "unread" in query else own(self.person)
        count, limit, offset = rows.count(), query["limit"], query["offset"]
        shown = in_words(list(rows[offset : offset + limit]))
        return Response(pages(request, count, limit, offset) | {"results": shown})


class OneNotice(Endpoint):
    """One notice."""

    tag, answer = "notices", NoticeShape

    def get(self, request: Request, pk: int) -> Response:
        """Read one notice of the person's own."""
        self.query.read(request)
        return Response(in_words([one(self.person, pk)])[0])


class Nothing(Body):
    """An empty object."""


class ReadNotice(Deed):
    """The mark of one notice."""

    tag, deed, deed_answer, deed_statuses = "notices", "mark_read", NoticeShape, (200,)

    def body_shape(self) -> dict[str, Any]:
        """Nothing."""
        return {"type": "object", "additionalProperties": False}

    def act(self, body: dict[str, Any], **kwargs: Any) -> Response:
        """Mark."""
        Nothing.read(body)
        notice = one(self.person, kwargs["pk"])
        own(self.person).filter(pk=notice.pk).unread().order_by().update(read_at=timezone.now())
        return Response(in_words([one(self.person, notice.pk)])[0])

    def post(self, request: Request, **kwargs: Any) -> Any:
        """Mark one notice as read; the body is an empty object."""
        return super().post(request, **kwargs)


def own(person: User) -> NoticeQuerySet:
    """The person's notices with what their words need."""
    return Notice.objects.of(person).select_related("move__actor", "reminder").order_by("-pk")


def one(person: User, pk: int) -> Notice:
    """One notice of the person; raises ``NotVisible``."""
    found = own(person).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def in_words(notices: list[Notice]) -> Any:
    """Notices as answers; their records are read in one query per kind."""
    words = {notice.pk: sentence for notice, sentence in say(notices)}
    return NoticeShape(notices, many=True, context={"words": words}).data


urlpatterns: list[URLPattern] = [
    path("notices/", Notices.as_view(), name="notices_list"),
    path("notices/<int:pk>/", OneNotice.as_view(), name="notices_detail"),
    path("notices/<int:pk>/read/", ReadNotice.as_view(), name="notices_mark_read"),
]
