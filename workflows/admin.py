"""The admin is for accounts, units and seats, and for superusers alone: it does not know the wall between agencies.

Governed records, the ledger and everything derived are shown and never written: the door writes them.
"""

from __future__ import annotations

from typing import Any

import viewflow.workflow.admin  # noqa: F401 - it registers its models on import; they are put right below
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process, Task

from workflows import grants, vacancies
from workflows.models import (
    CalendarException,
    Committee,
    Establishment,
    Move,
    ObligationRule,
    Pending,
    ReferenceSet,
    Reorganisation,
    Seat,
    Unit,
    UnitDecision,
    User,
    VacantSeat,
    day_of,
)

admin.site.unregister([Process, Task])
admin.site.unregister(Group)  # derived from seats by rebuild_grants


def _is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


class SuperuserAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not a generic when it runs
    """Superusers add and change; nobody deletes: what was once true of people and units stays readable."""

    actions = None
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return _is_superuser(request)

    def has_view_permission(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> bool:
        """Superusers only, whatever permissions a group may carry."""
        return _is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> bool:
        """Superusers only."""
        return _is_superuser(request)

    def has_delete_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        """Nobody."""
        return False


class ReadOnlyAdmin(SuperuserAdmin):
    """Rows to look at: no form adds, changes or deletes them, for superusers neither."""

    def has_add_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        """Nobody."""
        return False


class RecordAdmin(ReadOnlyAdmin):
    """A governed record: what it is and where it stands."""

    list_display: tuple[str, ...] = ("__str__", "state", "agency", "unit", "entered_at", "due_on", "row_version")
    list_filter = ("state",)
    ordering = ("-entered_at",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With what a line shows."""
        records: Any = super().get_queryset(request)
        return records.for_list()  # type: ignore[no-any-return]


@admin.register(Move)
class MoveAdmin(ReadOnlyAdmin):
    """The ledger, newest first."""

    list_display = ("at", "machine", "action", "source", "target", "actor", "role", "agency", "stream", "seq")
    list_filter = ("machine", "action")
    list_select_related = ("actor", "agency")
    ordering = ("-pk",)


@admin.register(Pending, CalendarException, Process, Task)
class WatchedAdmin(ReadOnlyAdmin):
    """The outbox, the calendar kept on its page, and flows that follow their records."""


@admin.register(UnitDecision, Establishment, VacantSeat, Reorganisation)
class OwnRecordAdmin(RecordAdmin):
    """The kernel's own records."""


@admin.register(ObligationRule)
class ObligationRuleAdmin(SuperuserAdmin):
    """Whom the country obliges: a rule is ended, and the next one added."""

    list_display = ("kind", "obligation", "valid_from", "valid_to", "source")


@admin.register(ReferenceSet)
class ReferenceSetAdmin(SuperuserAdmin):
    """How many units there were."""

    list_display = ("kind", "number", "valid_from", "valid_to", "source")


@admin.register(User)
class PersonAdmin(SuperuserAdmin, UserAdmin):  # type: ignore[type-arg]
    """Accounts. What a person may do comes from seats: groups and permissions are derived and not shown."""

    list_display = ("username", "full_name", "position", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "full_name")
    ordering = ("full_name",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Người"), {"fields": ("full_name", "position", "email")}),
        (_("Tài khoản"), {"fields": ("is_active", "is_staff", "is_superuser", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "position", "email", "usable_password", "password1", "password2")}),
    )


@admin.register(Unit)
class UnitAdmin(SuperuserAdmin):
    """The tree. Where a unit stands is fixed once: paths, numbers and histories refer to it."""

    list_display = ("name", "code", "kind", "agency")
    list_filter = ("kind",)
    list_select_related = ("agency",)
    search_fields = ("name", "code")
    raw_id_fields = ("parent", "successor")

    def get_readonly_fields(self, _request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        """Kind and place cannot change afterwards."""
        return ("kind", "parent") if obj else ()


@admin.register(Committee)
class CommitteeAdmin(SuperuserAdmin):
    """Committees by their decisions."""

    list_display = ("agency", "decision_no", "decision_on", "valid_from", "valid_to")
    list_select_related = ("agency",)
    raw_id_fields = ("agency",)


@admin.register(Seat)
class SeatAdmin(SuperuserAdmin):
    """Who holds what, by which decision. A seat in which something was done can only be ended."""

    list_display = ("user", "role", "unit", "decision_no", "valid_from", "valid_to")
    list_filter = ("role",)
    list_select_related = ("user", "unit")
    search_fields = ("user__full_name", "unit__name", "decision_no")
    raw_id_fields = ("user", "unit", "committee")

    def get_readonly_fields(self, _request: HttpRequest, obj: Seat | None = None) -> tuple[str, ...]:
        """All but the end, once a deed refers to the seat."""
        if obj is None or not Move.objects.filter(seat=obj).exists():
            return ()
        return "user", "role", "unit", "committee", "decision_no", "decision_on", "valid_from"

    def save_model(self, request: HttpRequest, obj: Seat, form: ModelForm[Seat], change: bool) -> None:
        """Save, and bring the derived grants in step."""
        super().save_model(request, obj, form, change)
        grants.rebuild(day_of())
        vacancies.reconcile(timezone.now(), [obj.agency.pk])
