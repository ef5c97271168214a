"""The maintained figures of every agency, what waits to be brought up to date, and roll-ups kept as they stood."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows.machines.tree import OBLIGATIONS
from workflows.models import Unit, UnitKind, User
from workflows.models.people import COUNTRY


class AgencyFacts(models.Model):
    """``capa.rollup.Facts`` of one agency as they stood on ``day``; one row for each agency.

    ``stands``: the agency exists on that day; where it does not, the row says nothing. A row is as good as computed
    anew if ``day`` is today and nothing of ``Touched`` is about its agency: readers compute the others.
    """

    agency = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="facts")
    day = models.DateField(lazy("ngày"))
    stands = models.BooleanField(default=True)
    kind = models.CharField(lazy("loại cơ quan"), max_length=20, choices=UnitKind.choices)
    place = models.BigIntegerField(default=0)
    place_kind = models.CharField(max_length=20, blank=True)
    obligation = models.CharField(lazy("nghĩa vụ"), max_length=20, choices=OBLIGATIONS, blank=True)
    counts = models.BooleanField(lazy("có thủ tục hành chính"), default=True)
    listed = models.BooleanField(lazy("có danh mục thủ tục"), default=False)
    announced = models.PositiveIntegerField(lazy("thủ tục đã công bố"), default=0)
    covered = models.PositiveIntegerField(lazy("thủ tục có quy trình"), default=0)
    declared = models.PositiveIntegerField(lazy("thủ tục trong bản công bố"), default=0)
    published = models.BooleanField(lazy("bản công bố đang có giá trị"), default=False)
    building = models.BooleanField(lazy("đang xây dựng"), default=False)
    applied = models.BooleanField(lazy("đang áp dụng"), default=False)
    complete = models.BooleanField(lazy("đủ các nhóm tài liệu"), default=False)
    reissued = models.PositiveIntegerField(lazy("ban hành trong năm"), default=0)
    planned = models.PositiveIntegerField(lazy("đang soạn thảo"), default=0)
    certified = models.BooleanField(lazy("giấy chứng nhận còn giá trị"), default=False)
    certificates = models.PositiveIntegerField(lazy("giấy chứng nhận cấp trong năm"), default=0)

    objects: ClassVar[models.Manager[AgencyFacts]] = models.Manager()

    class Meta:
        verbose_name = lazy("số liệu của cơ quan")

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.day}"


class Touched(models.Model):
    """Something changed that the facts of an agency rest on: written in the transaction of the change.

    ``below``: of all agencies under it too; ``agency`` None: of the whole country. A row goes when the facts have been
    computed anew.
    """

    agency = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    below = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Touched]] = models.Manager()

    class Meta:
        verbose_name = lazy("số liệu cần tính lại")

    def __str__(self) -> str:
        return str(self.agency_id or "")


def nodes_seen(user: User, now: datetime | None = None) -> Q:
    """Rows of nodes that the person sees where these are today; of the whole country for who watches it."""
    paths = user.agency_paths(now)
    where = Q(node=None) if COUNTRY in paths else Q(pk__in=())
    for path in paths:
        where |= Q(node__path__startswith=path)
    return where


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Snapshots by sight."""

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Those of nodes that the person sees."""
        return self.filter(nodes_seen(user, now))


class Snapshot(models.Model):
    """A roll-up as it stood: the facts that it was computed from, and the figures. Written once.

    ``node`` None: the whole country. ``day``: of the figures; ``taken_at``: when they were computed, which may be later
    than that day. ``rows``: lists of values of the facts by source, in the order of their fields, each with the name of
    the agency; ``figures``: what was counted from them. ``path``: where the node stood when it was taken; part of what
    is sealed, while who sees a snapshot is decided by where the node is now. ``sha256``: of all that.
    """

    node = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=lazy("nơi"))
    path = models.CharField(max_length=400, editable=False)
    day = models.DateField(lazy("tính đến ngày"))
    note = models.CharField(lazy("ghi chú"), max_length=300, blank=True)
    taken_at = models.DateTimeField(lazy("chốt lúc"))
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=lazy("người chốt"))
    rows = models.JSONField()
    figures = models.JSONField()
    sha256 = models.CharField(max_length=64, editable=False)

    objects: ClassVar[SnapshotQuerySet] = SnapshotQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("số liệu đã chốt")
        ordering = ("-taken_at", "-pk")

    def __str__(self) -> str:
        return f"{self.node or _('Cả nước')}: {self.day:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        """Page of the snapshot."""
        return reverse("capa:snapshot", args=[self.pk])


class ReportedTotalQuerySet(models.QuerySet["ReportedTotal"]):
    """Reported totals by sight."""

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Those of nodes that the person sees."""
        return self.filter(nodes_seen(user, now))

    def told(self, node: Unit | None, until: date) -> dict[int, ReportedTotal]:
        """By indicator the last one entered of a node (None: of the country) for a day of that year until then."""
        rows = self.filter(node=node, day__year=until.year, day__lte=until).order_by("day", "pk")
        return {row.indicator: row for row in rows}


class ReportedTotal(models.Model):
    """What a report on paper says of one indicator, with the parts that it gives. Written once; a later one counts.

    ``parts``: ``[[label, number], …]`` whose sum is ``numerator``; empty if the paper gives none.
    """

    node = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=lazy("nơi"))
    indicator = models.PositiveSmallIntegerField(lazy("chỉ tiêu"))
    day = models.DateField(lazy("tính đến ngày"))
    numerator = models.PositiveIntegerField(lazy("số"))
    denominator = models.PositiveIntegerField(lazy("trên tổng số"), null=True)
    parts = models.JSONField(lazy("gồm"), default=list)
    source = models.CharField(lazy("theo báo cáo"), max_length=300)
    entered_at = models.DateTimeField(lazy("nhập lúc"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=lazy("người nhập"))

    objects: ClassVar[ReportedTotalQuerySet] = ReportedTotalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("số báo cáo")
        ordering = ("-day", "indicator", "-pk")
        indexes = (models.Index(fields=["node", "day"], name="reported_node"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gte=models.F("numerator")), name="reported_part_of_whole"
            ),
        )

    def __str__(self) -> str:
        return f"F{self.indicator}: {self.numerator}"
