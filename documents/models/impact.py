"""Campaigns: one change of law, and one item for each document that it touches, with the path."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.machines.impact import CAMPAIGN, IMPACT, OPEN
from documents.models.document import Document
from documents.models.regulation import Regulation
from documents.models.version import DocumentVersion, open_version
from documents.reach import Strength
from workflows.deadlines import Calendar
from workflows.models import Record, RecordQuerySet, calendar
from workflows.tables import Stage

if TYPE_CHECKING:
    from workflows.engine import Act


class CampaignQuerySet(RecordQuerySet["Campaign"]):
    """Campaigns with their act."""

    def for_list(self) -> CampaignQuerySet:
        """With the legal document."""
        return super().for_list().select_related("regulation")


class Campaign(Record):
    """One agency's review of what one legal document touches. A second run of the same event adds nothing."""

    machine = CAMPAIGN

    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="campaigns")
    opened_on = models.DateField(lazy("ngày mở"), null=True)

    objects: ClassVar[CampaignQuerySet] = CampaignQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("đợt rà soát")
        ordering = ("-opened_on",)
        constraints = (models.UniqueConstraint(fields=["agency", "regulation"], name="campaign_once"),)

    def __str__(self) -> str:
        return _("Rà soát theo %(number)s") % {"number": self.regulation.number}

    def get_absolute_url(self) -> str:
        """Page of the campaign with its items."""
        return reverse("documents:campaign", args=[self.pk])

    def take_day(self, act: Act) -> None:
        """Keep the day of opening."""
        self.opened_on = act.day

    def open_items(self, act: Act) -> list[str]:
        """The legal gate: a campaign closes only when no item is open."""
        del act
        number = self.items.filter(state__in=OPEN).count()
        return [_("Còn %(number)d mục chưa xử lý xong.") % {"number": number}] if number else []

    def evidence(self) -> dict[str, object]:
        """The act that caused the campaign."""
        return {"regulation": str(self.regulation_id)}


class ImpactQuerySet(RecordQuerySet["ImpactItem"]):
    """Items with document and act."""

    def for_list(self) -> ImpactQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("document", "regulation")


class ImpactItem(Record):
    """One document that the act touches. ``path``: the hops by which it is reached, from the act to the version.

    Each hop is a ``services.touching.Hop``. ``strength``: what happens to the document cited at its end.
    """

    machine = IMPACT

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="items")
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="impacts")
    document = models.ForeignKey(Document, models.PROTECT, related_name="impacts")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="impacts")
    path = models.JSONField(default=list)
    strength = models.CharField(lazy("mức ảnh hưởng"), max_length=12, choices=Strength.choices, default=Strength.CITED)
    reason = models.TextField(blank=True)
    review_on = models.DateField(null=True, blank=True)
    waived_until = models.DateField(null=True, blank=True)
    revision = models.ForeignKey(DocumentVersion, models.PROTECT, null=True, related_name="causes")

    objects: ClassVar[ImpactQuerySet] = ImpactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("mục rà soát")
        ordering = ("campaign", "unit", "document")
        constraints = (models.UniqueConstraint(fields=["campaign", "document"], name="impact_once"),)
        indexes = (
            models.Index(fields=["unit", "state", "due_on", "entered_at"], name="impact_unit_inbox"),
            models.Index(fields=["agency", "state", "due_on", "entered_at"], name="impact_agency_inbox"),
            models.Index(fields=["revision"], condition=Q(state="revision_open"), name="impact_revision"),
        )

    def __str__(self) -> str:
        return f"{self.document} ← {self.regulation.number}"

    def get_absolute_url(self) -> str:
        """Page of the item."""
        return reverse("documents:impact", args=[self.pk])

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """Confirmed: from the law's effective date; deferred or waived: the day agreed on; else the table's days."""
        if stage.state == "impact_confirmed":
            return revise_by(self.regulation.effective_on, act.day, calendar())
        if stage.state in ("deferred", "waived"):
            return self.review_on if stage.state == "deferred" else self.waived_until
        return super().due_for(stage, act)

    def evidence(self) -> dict[str, object]:
        """What was judged: act, document, version and path; and the revision that answers it."""
        return {
            "regulation": str(self.regulation_id),
            "document": str(self.document_id),
            "version": str(self.version_id),
            "path": self.path,
            "strength": self.strength,
            "revision": str(self.revision_id) if self.revision_id else None,
            "waived_until": self.waived_until.isoformat() if self.waived_until else None,
        }

    def take_reason(self, act: Act) -> None:
        """Keep the reason of a proposal or a deferral, and its day of review."""
        self.reason = act.answers["note"]
        self.review_on = act.answers.get("review_on")

    def unfit_review_day(self, act: Act) -> list[str]:
        """The day of review lies ahead."""
        return [] if act.answers["review_on"] > act.day else [_("Ngày xem lại phải sau hôm nay.")]

    def open_revision(self, act: Act) -> None:
        """Open the next version of the document, due when this item is, or join the one under way."""
        under_way = self.document.versions.open().first()
        if under_way is None and act.by is not None:
            note = _("Sửa theo %(number)s") % {"number": self.regulation.number}
            under_way = open_version(self.document, by=act.by, note=note, wanted_by=self.due_on, now=act.now)
        self.revision = under_way

    def drop_revision(self, act: Act) -> None:
        """The linked draft was cancelled: the duty comes back."""
        del act
        self.revision = None

    def unfit_waiver(self, act: Act) -> list[str]:
        """A waiver ends, and not today."""
        return [] if act.answers["until"] > act.day else [_("Ngày hết hạn phải sau hôm nay.")]

    def take_waiver(self, act: Act) -> None:
        """The head lets the document stand until the end of a day, with a reason."""
        self.waived_until, self.reason = act.answers["until"], act.answers["note"]

    def waiver_still_runs(self, act: Act) -> list[str]:
        """The duty comes back when the last day is over."""
        over = self.waived_until is None or self.waived_until < act.day
        return [] if over else [_("Thời gian được tạm chưa sửa chưa hết.")]

    def drop_waiver(self, act: Act) -> None:
        """The waiver ran out."""
        del act
        self.waived_until = None

    def document_still_in_force(self, act: Act) -> list[str]:
        """Nothing is left to revise once the document was withdrawn and no later version of it lives or is coming."""
        lives = self.document.versions.filter(state__in=("issued", "effective")).exists()
        gone = not lives and self.document.versions.filter(state="withdrawn", effective_to__lte=act.day).exists()
        return [] if gone else [_("Tài liệu vẫn còn hiệu lực.")]

    def revision_not_in_force(self, act: Act) -> list[str]:
        """Resolved only by a version that took effect; a later one of the line counts as well."""
        del act
        done = self.revision is not None and self.revision.state in ("effective", "superseded")
        return [] if done else [_("Bản sửa đổi chưa có hiệu lực.")]

    def revision_still_open(self, act: Act) -> list[str]:
        """The duty comes back only when the linked draft was cancelled."""
        del act
        gone = self.revision is not None and self.revision.state == "cancelled"
        return [] if gone else [_("Bản sửa đổi chưa bị huỷ.")]


def revise_by(effective_on: date | None, day: date, days: Calendar) -> date:
    """Last day for a revision: the last working day before the act takes effect, yet never less than
    ``REVISE_MIN_WORKING_DAYS`` from today (domain §4.4); an act of unknown date gives just that.
    """
    soonest = days.add(day, settings.REVISE_MIN_WORKING_DAYS)
    return max(days.last_before(effective_on), soonest) if effective_on else soonest
