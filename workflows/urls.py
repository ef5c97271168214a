"""Addresses of the kernel's pages."""

from __future__ import annotations

from django.urls import path

from workflows.views import (
    act,
    committee,
    files,
    home,
    inbox,
    onboarding,
    people,
    reorganisation,
    searching,
    tree,
    workdays,
)

app_name = "workflows"

urlpatterns = [
    path("", home.home, name="home"),
    path("deeds/", home.deeds, name="deeds"),
    path("inbox/", inbox.queue, name="inbox"),
    path("inbox/next/", inbox.following, name="inbox_next"),
    path("inbox/<str:machine>/<uuid:pk>/", inbox.item, name="inbox_item"),
    path("records/<str:machine>/<uuid:pk>/history/", act.history, name="history"),
    path("records/<str:machine>/<uuid:pk>/<str:action>/", act.act, name="act"),
    path("files/<uuid:pk>/", files.file, name="file"),
    path("people/", people.people, name="people"),
    path("people/committee/", committee.committee_new, name="committee_new"),
    path("people/committee/<uuid:pk>/", committee.establishment, name="establishment"),
    path("people/committee/<uuid:pk>/edit/", committee.establishment_edit, name="establishment_edit"),
    path("people/vacant/<uuid:pk>/", committee.vacant_seat, name="vacant_seat"),
    path("people/<int:pk>/", people.one, name="person"),
    path("units/", tree.tree, name="tree"),
    path("units/<int:pk>/", tree.unit, name="unit"),
    path("units/<int:pk>/onboarding/", onboarding.onboarding, name="onboarding"),
    path("units/<int:pk>/decide/<slug:aspect>/", tree.unit_decide, name="unit_decide"),
    path("reorganisations/", reorganisation.reorganisations, name="reorganisations"),
    path("reorganisations/new/", reorganisation.reorganisation_new, name="reorganisation_new"),
    path("reorganisations/<uuid:pk>/", reorganisation.reorganisation, name="reorganisation"),
    path("reorganisations/<uuid:pk>/edit/", reorganisation.reorganisation_edit, name="reorganisation_edit"),
    path("reorganisations/<uuid:pk>/heirs/", reorganisation.reorganisation_choices, name="reorganisation_choices"),
    path(
        "reorganisations/<uuid:pk>/things/<slug:kind>/",
        reorganisation.reorganisation_things,
        name="reorganisation_things",
    ),
    path("search/", searching.results, name="search"),
    path("calendar/", workdays.workdays, name="calendar"),
]
