"""Evidence packs over HTTP."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from capa.views.evidence import sent, source_of_inspection, source_of_self_score
from workflows.api.endpoint import Endpoint
from workflows.api.files import RAW


class InspectionPack(Endpoint):
    """The evidence pack of an inspected agency."""

    tag, gives, operation = "inspections", RAW, "pack"
    answer = OpenApiTypes.BINARY  # type: ignore[assignment]  # no serializer: the archive as it is

    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Download the evidence pack of an inspection, made now; `X-Content-SHA256` is its digest, which is kept."""
        self.query.read(request)
        return sent(source_of_inspection(self.person, pk), self.person)


class SelfScorePack(Endpoint):
    """The evidence pack of a self-score."""

    tag, gives, operation = "self_scores", RAW, "pack"
    answer = OpenApiTypes.BINARY  # type: ignore[assignment]  # no serializer: the archive as it is

    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """Download the evidence pack of a self-score, made now; `X-Content-SHA256` is its digest, which is kept."""
        self.query.read(request)
        return sent(source_of_self_score(self.person, pk), self.person)


def _pack(plural: str, view: type[Endpoint]) -> URLPattern:
    return path(f"{plural}/<uuid:pk>/pack/", view.as_view(), name=f"{plural}_pack")


urlpatterns: list[URLPattern] = [_pack("inspections", InspectionPack), _pack("self_scores", SelfScorePack)]
