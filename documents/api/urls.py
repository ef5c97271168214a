"""Record kinds of document control, and their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from documents.api import frameworks, shapes, views
from documents.api.bodies import CONTENT, FACTS
from documents.api.deciding import Decisions
from documents.api.moments import DAYS, MomentQuery, is_asked, moment_of
from documents.api.neighbours import Neighbours
from documents.api.publications import (
    PublicationAfter,
    PublicationDetail,
    PublicationLine,
    PublicationQuery,
    Publications,
)
from documents.api.simulating import Simulation
from documents.api.sitting import SITTING, OneDifference, Sitting
from documents.api.standing import Alarms, Coverage
from documents.machines.impact import CAMPAIGN, IMPACT
from documents.machines.regulation import REGULATION
from documents.machines.version import VERSION
from documents.models import Campaign, DocumentVersion, ImpactItem, Publication, Regulation
from documents.services.asof import versions_in_force
from documents.services.oddities import Oddity, odd
from workflows.api.bodies import Id
from workflows.api.records import Kind, RecordList, RecordQuery, RecordStart, kind_urls
from workflows.models import RecordQuerySet


class VersionQuery(MomentQuery, RecordQuery):
    """Filters of versions."""

    state = serializers.ChoiceField(VERSION.states, required=False)
    document = Id(source="document_id", required=False, help_text="Id of the document.")


class ImpactQuery(RecordQuery):
    """Filters of impact items."""

    state = serializers.ChoiceField(IMPACT.states, required=False)
    campaign = Id(source="campaign_id", required=False, help_text="Id of the campaign.")
    regulation = Id(source="regulation_id", required=False, help_text="Id of the legal document.")
    document = Id(source="document_id", required=False, help_text="Id of the document.")


class CampaignQuery(RecordQuery):
    """Filters of campaigns."""

    state = serializers.ChoiceField(CAMPAIGN.states, required=False)
    regulation = Id(source="regulation_id", required=False, help_text="Id of the legal document.")


class RegulationQuery(RecordQuery):
    """Filters of legal documents."""

    state = serializers.ChoiceField(REGULATION.states, required=False)
    on = serializers.DateField(required=False, help_text="Day for which validity is computed; today if absent.")
    odd = serializers.ChoiceField(Oddity.choices, required=False, help_text="Only documents that are odd in this way.")


class VersionList(RecordList):
    """Versions; as of a day only those in force on it."""

    shaping = frozenset(DAYS)

    def rows(self, query: Mapping[str, Any]) -> RecordQuerySet[Any]:
        """All, or those in force at the moment asked for."""
        return versions_in_force(moment_of(query)).for_list() if is_asked(query) else super().rows(query)

    def page(self, rows: QuerySet[Any], query: Mapping[str, Any], **extra: Any) -> Response:
        """As they were known then."""
        return super().page(rows, query, moment=moment_of(query), **extra)


class RegulationKind(Kind):
    """Legal documents, with their validity on a day."""

    def rows(self, on: date | None = None) -> RecordQuerySet[Any]:
        """All legal documents with validity."""
        return Regulation.objects.with_validity(on or timezone.localdate()).for_list()


class RegulationList(RecordStart):
    """Legal documents, and their registration."""

    shaping = frozenset({"odd"})

    def rows(self, query: Mapping[str, Any]) -> RecordQuerySet[Any]:
        """With validity on the day asked for; those that are odd in the way asked for."""
        found = REGULATIONS.rows(query.get("on"))
        return found.filter(odd(query["odd"])) if "odd" in query else found


VERSIONS = Kind(
    "versions",
    DocumentVersion,
    VersionQuery,
    shapes.VersionLine,
    shapes.VersionAfter,
    shapes.VersionDetail,
    search=("document__search",),
    shapes={"content": CONTENT, "sitting": SITTING},
)
IMPACTS = Kind(
    "impacts",
    ImpactItem,
    ImpactQuery,
    shapes.ImpactLine,
    shapes.ImpactAfter,
    shapes.ImpactDetail,
    search=("document__search", "regulation__search"),
)
CAMPAIGNS = Kind(
    "campaigns",
    Campaign,
    CampaignQuery,
    shapes.CampaignLine,
    shapes.CampaignAfter,
    shapes.CampaignDetail,
    search=("regulation__search",),
)
REGULATIONS = RegulationKind(
    "regulations",
    Regulation,
    RegulationQuery,
    shapes.RegulationLine,
    shapes.RegulationAfter,
    shapes.RegulationDetail,
    search=("search",),
    shapes={"facts": FACTS},
)
PUBLICATIONS = Kind(
    "publications",
    Publication,
    PublicationQuery,
    PublicationLine,
    PublicationAfter,
    PublicationDetail,
    search=("agency__name_folded",),
)
KINDS = (VERSIONS, IMPACTS, CAMPAIGNS, REGULATIONS, PUBLICATIONS, *frameworks.KINDS)

_register = {"action": "register", "deed": "register", "deed_answer": shapes.RegulationAfter}

urlpatterns: list[URLPattern] = [
    *kind_urls(VERSIONS, VersionList),
    *kind_urls(IMPACTS),
    *kind_urls(CAMPAIGNS, views.Campaigns),
    path("campaigns/<uuid:pk>/decisions/", Decisions.as_view(), name="campaigns_decide"),
    path("campaigns/<uuid:pk>/sitting/", Sitting.as_view(), name="campaigns_sitting"),
    path("campaigns/<uuid:pk>/sitting/<uuid:version>/", OneDifference.as_view(), name="campaigns_difference"),
    *kind_urls(REGULATIONS, RegulationList, **_register),
    *kind_urls(PUBLICATIONS, Publications),
    *kind_urls(frameworks.KINDS[0], frameworks.ModelVersions),
    *kind_urls(frameworks.KINDS[1], frameworks.Adoptions),
    *kind_urls(frameworks.KINDS[2], frameworks.AdoptedItems),
    path("models/<uuid:pk>/rollup/", frameworks.RollUp.as_view(), name="models_rollup"),
    path("regulations/<uuid:pk>/impact/", views.Touches.as_view(), name="regulations_impact"),
    path("simulation/", Simulation.as_view(), name="simulations"),
    path("regulations/<uuid:pk>/map/", Neighbours.as_view(), name="regulations_map"),
    path("alarms/", Alarms.as_view(), name="alarms_list"),
    path("coverage/", Coverage.as_view(), name="coverage"),
    path("documents/", views.Documents.as_view(), name="documents_list"),
    path("documents/<uuid:pk>/", views.OneDocument.as_view(), name="documents_detail"),
    path("documents/<uuid:pk>/revisions/", views.Revisions.as_view(), name="documents_revise"),
]
