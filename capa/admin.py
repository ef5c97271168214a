"""Audits and corrective action in the admin: to look at, never to write."""

from __future__ import annotations

from django.contrib import admin

from capa.models import Action, Car, Demand, Finding, Observation, Programme, Round, Visit
from workflows.admin import ReadOnlyAdmin, RecordAdmin

admin.site.register([Programme, Round, Finding, Car, Action, Observation], RecordAdmin)


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    """Which unit a round visits, and under whom."""

    list_display = ("round", "unit", "lead", "size")
    list_select_related = ("round", "unit", "lead")


@admin.register(Demand)
class DemandAdmin(ReadOnlyAdmin):
    """Which document a CAR demands to be changed."""

    list_display = ("car", "document", "revision", "waived_until")
    list_select_related = ("car", "document", "revision")
