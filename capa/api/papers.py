"""Papers over HTTP: what the pages give as files."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from capa.views.review_files import notice_file
from workflows.api.endpoint import Endpoint
from workflows.api.files import RAW


class ReviewNotice(Endpoint):
    """The notice of a review's conclusions."""

    tag, gives, operation = "reviews", RAW, "notice"
    answer = OpenApiTypes.BINARY  # type: ignore[assignment]  # no serializer: the paper as it is

    def get(self, request: Request, pk: UUID, kind: str) -> HttpResponse:
        """Download the notice of a review's conclusions: `kind` is `docx` or `pdf`; 404 before they are announced."""
        self.query.read(request)
        return notice_file(self.person, pk, kind)


urlpatterns: list[URLPattern] = [
    path("reviews/<uuid:pk>/notice/<slug:kind>/", ReviewNotice.as_view(), name="reviews_notice"),
]
