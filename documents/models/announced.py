"""The list of administrative procedures (thủ tục hành chính) that an agency is announced to handle (domain §1.5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models.document import code_key
from documents.models.regulation import Regulation
from documents.numbers import number_key
from workflows.models import Unit, User


class AnnouncedChange(models.TextChoices):
    """What an announcing decision does to a procedure of the list."""

    NEW = "new", _("Mới ban hành")
    AMENDED = "amended", _("Được sửa đổi, bổ sung")
    REPLACED = "replaced", _("Thay thế thủ tục khác")
    ABOLISHED = "abolished", _("Bị bãi bỏ")
    PROCESS = "process", _("Phê duyệt quy trình nội bộ")


LISTED = (AnnouncedChange.NEW, AnnouncedChange.AMENDED, AnnouncedChange.REPLACED)
"""What puts a procedure on the list; the approval of its internal process neither adds nor ends it (domain §1.5)."""


class AnnouncedQuerySet(models.QuerySet["AnnouncedProcedure"]):
    """Announcements by sight and by day."""

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Those of the person's agencies and of the agencies below. The list is public inside the wall."""
        where = Q(pk__in=())
        for path in user.agency_paths(now):
            where |= Q(agency__path__startswith=path)
        return self.filter(where)

    def standing(self, on: date, known: datetime | None = None) -> Self:
        """Procedures that are announced on a day; an unknown start precedes all, as it does with versions.

        ``known``: only what was recorded before this instant counts, an end too; None: all that is recorded. Two
        decisions on one procedure are two rows: who counts, counts ``code_key``.
        """
        return self.filter(standing_on(on, known))

    def lists(self, on: date, known: datetime | None = None) -> Self:
        """What was put on a list by a day, also what ended since: where there is any, the list is known.

        The approval of an internal process is no list, nor is an end of what nobody announced.
        """
        rows = self.filter(change__in=LISTED).exclude(effective_on__gt=on)
        return rows if known is None else rows.filter(recorded_at__lt=known)

    def abolished(self, on: date, known: datetime | None = None) -> Self:
        """Announcements, in effect on a day, that a procedure is done away with; later ones may have revived it."""
        rows = self.filter(change=AnnouncedChange.ABOLISHED, effective_on__lte=on)
        return rows if known is None else rows.filter(recorded_at__lt=known)


def standing_on(on: date, known: datetime | None = None) -> Q:
    """``AnnouncedQuerySet.standing`` as a condition."""
    began, lasts = Q(effective_on=None) | Q(effective_on__lte=on), Q(ended_on=None) | Q(ended_on__gt=on)
    adds = Q(change__in=LISTED)
    if known is None:
        return adds & began & lasts
    return adds & began & (lasts | Q(ended_at__gte=known)) & Q(recorded_at__lt=known)


class AnnouncedProcedure(models.Model):
    """One decision's word on one procedure of one agency, over ``[effective_on, ended_on)``.

    Rows are added, and ended once by a later decision (``ended_at``: when that became known); none is rewritten or
    deleted. ``replaces``: code of the procedure in whose place this one comes, or "". ``decision``: number as the
    source writes it; ``regulation``: the same decision in the register, if it is there. Unknown days stay unknown.
    """

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="announced")
    code = models.CharField(_("mã thủ tục"), max_length=60)
    code_key = models.CharField(max_length=60, editable=False)
    title = models.TextField(_("tên thủ tục"), blank=True)
    field = models.CharField(_("lĩnh vực"), max_length=120, blank=True)
    decision = models.CharField(_("quyết định công bố"), max_length=300, blank=True)
    decision_key = models.CharField(max_length=120, editable=False, blank=True)
    regulation = models.ForeignKey(Regulation, models.PROTECT, null=True, blank=True, related_name="announces")
    change = models.CharField(_("nội dung công bố"), max_length=12, choices=AnnouncedChange.choices)
    replaces = models.CharField(_("thay thế thủ tục"), max_length=60, blank=True)
    replaces_key = models.CharField(max_length=60, editable=False, blank=True)
    effective_on = models.DateField(_("từ ngày"), null=True, blank=True)
    ended_on = models.DateField(_("đến hết trước ngày"), null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[AnnouncedQuerySet] = AnnouncedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("thủ tục được công bố")
        ordering = ("agency", "code_key", "effective_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=["agency", "code_key", "decision_key", "change"], name="announced_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(effective_on=None) | Q(ended_on__gte=F("effective_on")),
                name="announced_interval",
            ),
            models.CheckConstraint(condition=~Q(change="replaced") | ~Q(replaces=""), name="announced_replaces"),
        )
        indexes = (
            models.Index(fields=["regulation"], name="announced_decision"),
            models.Index(fields=["agency", "replaces_key"], condition=~Q(replaces_key=""), name="announced_replaced"),
        )

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the comparison forms in step with code and decision."""
        self.code_key, self.replaces_key = code_key(self.code)[:60], code_key(self.replaces)[:60]
        self.decision_key = number_key(self.decision) if self.decision else ""
        super().save(*args, **kwargs)  # type: ignore[arg-type]
