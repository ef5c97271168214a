"""Units, people, committees and seats: who may act, for whom, since when and by which decision."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflows.roles import Role
from workflows.text import fold


class UnitKind(models.TextChoices):
    """What a node of the tree is; everything but a division is an agency of its own. Districts are history."""

    MINISTRY = "ministry", _("Bộ, cơ quan ngang bộ")
    PROVINCE = "province", _("Tỉnh, thành phố")
    DEPARTMENT = "department", _("Sở, ban, ngành")
    SUB_DEPARTMENT = "sub_department", _("Chi cục")
    DISTRICT = "district", _("Huyện, quận, thị xã (trước 01/7/2025)")
    COMMUNE = "commune", _("Xã, phường, đặc khu")
    DIVISION = "division", _("Phòng, đơn vị trực thuộc")


COUNTRY = "/"
"""The path above every root of the tree."""


class UnitQuerySet(models.QuerySet["Unit"]):
    """Nodes of the tree, by place and by sight."""

    def under(self, unit: Unit) -> UnitQuerySet:
        """The unit itself and all below it."""
        return self.filter(path__startswith=unit.path)

    def agencies(self) -> UnitQuerySet:
        """Nodes that are agencies."""
        return self.filter(agency_id=F("id"))

    def standing_on(self, day: date) -> UnitQuerySet:
        """Units that exist on a day: founded by then as far as known, and not ended yet."""
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gt=day))

    def visible_to(self, user: User, now: datetime | None = None) -> UnitQuerySet:
        """Units of the person's agencies and of the agencies below those."""
        where = Q(pk__in=())
        for path in user.agency_paths(now):
            where |= Q(agency__path__startswith=path)
        return self.filter(where)


class Unit(models.Model):
    """A node of the state's tree. An agency points to itself in ``agency``; a division to the agency it is in.

    ``path`` is ``/id/id/…/`` from the root: a subtree is a prefix. ``fields``: the administrative fields
    (lĩnh vực) that the unit handles, by name. ``name`` and ``kind`` are those of today; what they were on another day
    is said by the decisions (``workflows.tree``). A unit that ended keeps its row, with the day and its successor; one
    that was to begin and never did ends on the day on which it would have begun.
    ``inherits``: paths of agencies that ended and to which this one is heir; its people see what those have left.
    """

    code = models.CharField(_("mã"), max_length=40)
    name = models.CharField(_("tên"), max_length=300)
    name_folded = models.CharField(max_length=300, editable=False, db_index=True)
    kind = models.CharField(_("loại"), max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    agency = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="units")
    path = models.CharField(max_length=400, editable=False, db_index=True)
    fields = models.JSONField(_("lĩnh vực phụ trách"), default=list, blank=True)
    valid_from = models.DateField(_("thành lập từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("kết thúc trước ngày"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    inherits: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị")
        ordering = ("path",)
        permissions = tuple((f"act_{role}", f"Act as {role}") for role in Role.values)
        constraints = (
            models.UniqueConstraint(fields=["agency", "code"], name="unit_code_in_agency"),
            models.UniqueConstraint(fields=["code"], condition=~Q(kind="division"), name="agency_code"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")), name="unit_interval"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and place a new node in the tree: its path needs the id that the insert gives."""
        self.name_folded = fold(self.name)[:300]
        fresh = self._state.adding
        super().save(*args, **kwargs)
        if fresh:
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            division = self.kind == UnitKind.DIVISION and self.parent
            self.agency_id = self.parent.agency_id if division and self.parent else self.pk
            super().save(update_fields=["path", "agency"])

    @property
    def is_agency(self) -> bool:
        """True if the node is an agency, not a division of one."""
        return self.agency_id == self.pk


class User(AbstractUser):
    """A person. People are deactivated, never deleted: their deeds stay."""

    full_name = models.CharField(_("họ và tên"), max_length=120)
    position = models.CharField(_("chức vụ"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("người dùng")
        ordering = ("full_name",)

    def __str__(self) -> str:
        return self.full_name or self.username

    def seats_held(self, now: datetime | None = None) -> list[Seat]:
        """Seats held on the day of ``now``, with unit and agency; read once per person object and day."""
        day = day_of(now)
        cache: dict[date, list[Seat]] = self.__dict__.setdefault("_seats_by_day", {})
        if day not in cache:
            cache[day] = Seat.objects.of(self, day)
        return cache[day]

    def agency_paths(self, now: datetime | None = None) -> set[str]:
        """Paths of what the person sees: the agencies in which they hold a seat, and those to which these are heirs;
        the whole country for who watches it from a ministry.
        """
        seats = self.seats_held(now)
        own = {COUNTRY if seat.watches_country else seat.agency.path for seat in seats}
        return own.union(*(seat.agency.inherits for seat in seats))

    def roles(self, now: datetime | None = None) -> set[str]:
        """Codes of all roles held anywhere."""
        return {seat.role for seat in self.seats_held(now)}


def day_of(now: datetime | None = None) -> date:
    """The calendar day of an instant in the country's time zone; today if none is given."""
    return _day_in(now, timezone.get_current_timezone()) if now else timezone.localdate()


@lru_cache(maxsize=256)
def _day_in(now: datetime, zone: tzinfo) -> date:
    return timezone.localdate(now, zone)


class Committee(models.Model):
    """A steering committee (Ban chỉ đạo ISO): itself a dated decision, re-established by the next one."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="committees")
    decision_no = models.CharField(_("số quyết định"), max_length=60)
    decision_on = models.DateField(_("ngày quyết định"))
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết trước ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("Ban chỉ đạo ISO")
        ordering = ("agency", "-valid_from")
        constraints = (
            models.UniqueConstraint(fields=["agency", "decision_no"], name="committee_decision"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="committee_interval"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency} · {self.decision_no}"


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats by day, person and place."""

    def held_on(self, day: date) -> SeatQuerySet:
        """Seats whose half-open interval contains the day, whose holder is active, and of which neither the unit nor
        its agency has ended.
        """
        runs, stands = Q(valid_to=None) | Q(valid_to__gt=day), Q(unit__valid_to=None) | Q(unit__valid_to__gt=day)
        above = Q(unit__agency__valid_to=None) | Q(unit__agency__valid_to__gt=day)
        return self.filter(runs, stands, above, valid_from__lte=day, user__is_active=True)

    def of(self, user: User, day: date) -> list[Seat]:
        """The person's seats on a day, with unit and agency, oldest first.

        Every deed asks; a person has few. Ordered here, because to write ORDER BY Django hashes each of fifty columns.
        """
        found = self.held_on(day).filter(user=user).select_related("unit__agency").order_by()
        return sorted(found, key=attrgetter("pk"))

    def visible_to(self, user: User, now: datetime | None = None) -> SeatQuerySet:
        """Seats in the units that the person sees."""
        return self.filter(unit__in=Unit.objects.visible_to(user, now))


class Seat(models.Model):
    """A person's role in a unit over ``[valid_from, valid_to)``, given by a decision. The truth about authority."""

    user = models.ForeignKey(User, models.PROTECT, related_name="seats")
    role = models.CharField(_("vai trò"), max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="seats")
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, blank=True, related_name="seats")
    decision_no = models.CharField(_("theo quyết định số"), max_length=60)
    decision_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến hết trước ngày"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("vị trí")
        ordering = ("unit", "role", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=["user", "role", "unit", "valid_from"], name="seat_once"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="seat_interval"),
        )
        indexes = (
            models.Index(fields=["user", "valid_from"], name="seat_user"),
            models.Index(fields=["unit", "role"], name="seat_unit"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.role_label} · {self.unit}"

    @property
    def role_label(self) -> str:
        """Vietnamese name of the role."""
        return str(Role(self.role).label)

    @property
    def agency(self) -> Unit:
        """The agency for which the seat acts."""
        return self.unit if self.unit.is_agency or self.unit.agency is None else self.unit.agency

    @property
    def watches_country(self) -> bool:
        """True for the seat of who follows the country; only a ministry has one to give (domain §2.1)."""
        return self.role == Role.NATIONAL_VIEWER and self.agency.kind == UnitKind.MINISTRY

    @property
    def ground(self) -> str:
        """The decision by which the seat is held, as printed in histories: number and date."""
        dated = f" ({self.decision_on:%d/%m/%Y})" if self.decision_on else ""
        return f"{self.decision_no}{dated}"
