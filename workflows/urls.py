"""Addresses of the kernel's pages."""

from __future__ import annotations

from django.urls import path

from workflows.views import act, files, home, inbox, people, searching, workdays

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
    path("people/<int:pk>/", people.one, name="person"),
    path("search/", searching.results, name="search"),
    path("calendar/", workdays.workdays, name="calendar"),
]
