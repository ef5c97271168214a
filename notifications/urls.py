"""Addresses of the notices."""

from __future__ import annotations

from django.urls import path

from notifications import views

app_name = "notices"

urlpatterns = [
    path("", views.notices, name="list"),
    path("latest/", views.dropdown, name="dropdown"),
    path("newer/", views.newer, name="newer"),
    path("read/", views.read_all, name="read_all"),
    path("<int:pk>/read/", views.read, name="read"),
]
