"""Addresses under ``/api/``: every app's part, the OpenAPI document, and a page to try it."""

from __future__ import annotations

from typing import NoReturn

from csp.decorators import csp_update
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from workflows.api.endpoint import Endpoint
from workflows.errors import NotVisible


class NoSuchAddress(Endpoint):
    """Whatever no other address answers: a refusal in the API's form, not a page."""

    schema = None  # type: ignore[assignment]  # DRF's way to leave an address out of OpenAPI

    def initial(self, request: Request, *args: object, **kwargs: object) -> NoReturn:
        """Refuse every method alike, once it is known who asks."""
        super().initial(request, *args, **kwargs)
        raise NotVisible


# Swagger UI writes style attributes; its scripts are files of this host and need no exception.
docs = csp_update({"style-src": ["'unsafe-inline'"]})(SpectacularSwaggerSplitView.as_view(url_name="api_schema"))

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs/", docs, name="api_docs"),
    path("", include("workflows.api.kernel")),
    path("", include("workflows.api.tree")),
    path("", include("workflows.api.committees")),
    path("", include("workflows.api.reorganisations")),
    path("", include("documents.api.urls")),
    path("", include("documents.api.handovers")),
    path("", include("capa.api.urls")),
    path("", include("capa.api.spreads")),
    path("", include("capa.api.reports")),
    path("", include("notifications.api")),
    re_path(r"^[\s\S]*$", NoSuchAddress.as_view(), name="api_no_address"),
]
