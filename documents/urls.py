"""Addresses of document control."""

from __future__ import annotations

from django.urls import path

from documents.views import (
    campaign,
    document,
    editor,
    library,
    neighbours,
    registering,
    regulation,
    simulation,
    version,
)

app_name = "documents"

urlpatterns = [
    path("documents/", library.library, name="library"),
    path("documents/new/", document.new, name="new"),
    path("documents/<uuid:pk>/", document.document, name="document"),
    path("documents/<uuid:pk>/revise/", document.revise, name="revise"),
    path("versions/times/", editor.times, name="times"),
    path("versions/<uuid:pk>/", version.version, name="version"),
    path("versions/<uuid:pk>/edit/", editor.edit, name="edit"),
    path("regulations/", regulation.regulations, name="regulations"),
    path("regulations/new/", registering.edit, name="regulation_new"),
    path("regulations/simulation/", simulation.simulation, name="simulation"),
    path("regulations/suggest/", editor.suggest, name="suggest"),
    path("regulations/<uuid:pk>/", regulation.regulation, name="regulation"),
    path("regulations/<uuid:pk>/map/", neighbours.neighbours, name="map"),
    path("regulations/<uuid:pk>/edit/", registering.edit, name="regulation_edit"),
    path("regulations/<uuid:pk>/relate/", regulation.relate, name="relate"),
    path("regulations/<uuid:pk>/campaign/", regulation.campaign, name="campaign_open"),
    path("campaigns/", campaign.campaigns, name="campaigns"),
    path("campaigns/<uuid:pk>/", campaign.campaign, name="campaign"),
    path("impacts/<uuid:pk>/", campaign.impact, name="impact"),
]
