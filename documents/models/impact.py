"""Campaigns: one change of law, and one item for each document that it touches, with the path."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents import closing
from documents.machines.impact import CAMPAIGN, IMPACT, OPEN
from documents.models.answering import Answering
from documents.models.awaiting import Awaiting
from documents.models.document import Document
from documents.models.event import Event
from documents.models.regulation import Regulation
from documents.models.swapping import noted, swapped_of
from documents.models.version import DocumentVersion, newest_signed, open_version
from documents.reach import Strength
from workflows.deadlines import Calendar
from workflows.models import Record, RecordQuerySet, User, calendar
from workflows.tables import Stage

if TYPE_CHECKING:
    from workflows.engine import Act


MERGED = (Strength.ANNOUNCED, Strength.ABOLISHED, Strength.PROCESS)
"""Strengths of what a decision announces or approves."""
FIRST = UUID(int=0)
"""The lowest id: where the writing of a campaign's items begins."""
EVENT_PARTS = ("event__regulation", "event__document", "event__successor")
"""What the words of a campaign's event need."""


class CampaignQuerySet(RecordQuerySet["Campaign"]):
    """Campaigns with what set them off."""

    def in_agencies_of(self, user: User, now: datetime | None = None) -> Self:
        """A campaign of a superior agency is also that of each agency below that has documents in it."""
        parts = ImpactItem.objects.in_agencies_of(user, now).filter(campaign=OuterRef("pk"))
        own = super().in_agencies_of(user, now).order_by()
        return self.filter(Q(pk__in=own.values("pk")) | Q(Q(below=True) & Exists(parts)))

    def for_list(self) -> CampaignQuerySet:
        """With event and legal document."""
        return super().for_list().select_related("regulation", *EVENT_PARTS)


class Campaign(Record):
    """One agency's review of what one event touches. A second run of the same event adds nothing.

    ``filled_to``: while its items are being written, the first version that was not looked at yet, in the order of ids
    (``services.fanout``); empty once all are written.

    ``regulation``: the act that the event is about, if it is about one. A campaign launched for an act alone is about
    its taking effect.
    """

    machine = CAMPAIGN

    event = models.ForeignKey(Event, models.PROTECT, related_name="campaigns")
    regulation = models.ForeignKey(Regulation, models.PROTECT, null=True, related_name="campaigns")
    below = models.BooleanField(lazy("cả các cơ quan cấp dưới"), default=False)
    opened_on = models.DateField(lazy("ngày mở"), null=True)
    filled_to = models.UUIDField(null=True, editable=False)

    objects: ClassVar[CampaignQuerySet] = CampaignQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("đợt rà soát")
        ordering = ("-opened_on",)
        constraints = (models.UniqueConstraint(fields=["agency", "event"], name="campaign_once"),)

    def __str__(self) -> str:
        return str(self.event)

    def get_absolute_url(self) -> str:
        """Page of the campaign with its items."""
        return reverse("documents:campaign", args=[self.pk])

    def take_event(self, act: Act) -> None:
        """Keep the day of opening, and what the review is about."""
        self.opened_on = act.day
        if getattr(self, "event_id", None) is None and self.regulation is not None:
            self.event = Event.objects.of_act(self.regulation)
        self.regulation = self.event.regulation

    def write_again(self, act: Act) -> None:
        """Look through all versions for items that are not there yet."""
        del act
        self.filled_to = FIRST

    def written_whole(self, act: Act) -> None:
        """Every version was looked at."""
        del act
        self.filled_to = None

    @property
    def percent(self) -> int | None:
        """How much was looked through while items are being written; None if they all are."""
        return None if self.filled_to is None else self.filled_to.int * 100 >> 128

    def parts(self) -> ImpactQuerySet:
        """Its items."""
        return ImpactItem.objects.filter(campaign=self)

    def open_items(self, act: Act) -> list[str]:
        """The legal gate: a campaign closes only when all items are written, none is open, and the event touches
        nothing that is in none.
        """
        if self.filled_to is not None:
            return [_("Danh sách tài liệu của đợt chưa ghi xong.")]
        over = Q(state="waived", waived_until__lt=act.day)  # the clock may be late
        number = self.items.filter(Q(state__in=OPEN) | over).count()
        found = [_("Còn %(number)d mục chưa xử lý xong.") % {"number": number}] if number else []
        return found + closing.problems(self, act.now)

    def nothing_open(self, act: Act) -> list[str]:
        """A closed campaign opens again as soon as one of its items is open: a waiver that ran out is not forgotten."""
        del act
        return [] if self.items.filter(state__in=OPEN).exists() else [_("Không có mục nào phải xử lý lại.")]

    def evidence(self) -> dict[str, object]:
        """The event that caused the campaign, with its facts of now."""
        return {"regulation": str(self.regulation_id) if self.regulation_id else None, "event": self.event.evidence()}


class ImpactQuerySet(RecordQuerySet["ImpactItem"]):
    """Items with document and act."""

    def for_list(self) -> ImpactQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("document", "regulation", *EVENT_PARTS)


class ImpactItem(Awaiting, Answering, Record):
    """One document that the event touches. ``path``: the hops by which it is reached, from the event to the version.

    Each hop is a ``services.touching.Hop``. ``strength``: what happens to the document cited at its end, or to what
    else the document rests on. ``event`` and ``regulation`` are the campaign's: a document is
    reviewed once for an event, whichever agency's campaign holds it.
    """

    machine = IMPACT
    gathered = "campaign"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="items")
    event = models.ForeignKey(Event, models.PROTECT, related_name="impacts")
    regulation = models.ForeignKey(Regulation, models.PROTECT, null=True, related_name="impacts")
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
        constraints = (models.UniqueConstraint(fields=["event", "document"], name="impact_once"),)
        indexes = (
            models.Index(fields=["unit", "state", "due_on", "entered_at"], name="impact_unit_inbox"),
            models.Index(fields=["agency", "state", "due_on", "entered_at"], name="impact_agency_inbox"),
            models.Index(fields=["revision"], condition=Q(state="revision_open"), name="impact_revision"),
            models.Index(fields=["awaits_key"], condition=Q(state="deferred"), name="impact_awaits"),
        )

    def __str__(self) -> str:
        return f"{self.document} ← {self.subject}"

    @property
    def subject(self) -> str:
        """What the event happens to, in short."""
        return self.regulation.number if self.regulation is not None else self.event.subject

    def gathered_title(self, number: int) -> str:
        """The campaign, and how many of its documents."""
        return _("%(campaign)s: %(number)d tài liệu") % {"campaign": self.event, "number": number}

    def gathered_url(self) -> str:
        """The campaign's page, with what waits on the reader in this stage."""
        return f"{reverse('documents:campaign', args=[self.campaign_id])}?state={self.state}&mine=1"

    def get_absolute_url(self) -> str:
        """Page of the item."""
        return reverse("documents:impact", args=[self.pk])

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """Confirmed: from the law's effective date; deferred or waived: the day agreed on; else the table's days."""
        if stage.state == "impact_confirmed":
            return revise_by(self.wanted_day, act.day, calendar())
        if stage.state in ("deferred", "waived"):
            return self.review_on if stage.state == "deferred" else self.waived_until
        return super().due_for(stage, act)

    @property
    def wanted_day(self) -> date | None:
        """The day before which the document should be revised; None while nobody knows it."""
        return wanted_day(self.event, self.strength)

    def evidence(self) -> dict[str, object]:
        """What was judged: act, document, version and path; and the revision that answers it."""
        return {
            "regulation": str(self.regulation_id) if self.regulation_id else None,
            "document": str(self.document_id),
            "version": str(self.version_id),
            "path": self.path,
            "strength": self.strength,
            "revision": str(self.revision_id) if self.revision_id else None,
            "waived_until": self.waived_until.isoformat() if self.waived_until else None,
        }

    def take_campaign(self, act: Act) -> None:
        """What the item is about is what its campaign is about."""
        del act
        self.event, self.regulation = self.campaign.event, self.campaign.regulation

    def take_reason(self, act: Act) -> None:
        """Keep the reason of a proposal or a deferral, and its day of review."""
        self.reason = act.answers["note"]
        self.review_on = act.answers.get("review_on")
        self.take_wait(act.answers.get("awaits", ""), act.answers.get("awaits_issuer", ""))
        self.take_standing(act)

    def take_standing(self, act: Act) -> None:
        """What is judged is the version in force when it is judged, even if another one was found."""
        self.version = self.document.versions.in_force(act.day).first() or self.version

    def unfit_revision(self, act: Act) -> list[str]:
        """The version under way can be written no more and does not answer the event; or a swap is asked for, and there
        is none to make, or a draft to make it in that somebody writes already.
        """
        under_way = self.document.versions.open().first()
        if under_way is not None and act.answers["basis"]:
            return [_("Tài liệu đang có bản sửa đổi; căn cứ phải đổi trong bản đó.")]
        if under_way is not None and under_way.state != "draft" and not self.is_answer(under_way):
            shown = {"number": under_way.number, "step": under_way.stage.label}
            return [
                _("Bản %(number)s đang ở bước “%(step)s”, không còn sửa được: hãy trả lại hoặc chờ ban hành.") % shown
            ]
        if act.answers["basis"] and not swapped_of(self._base())[1]:
            return [_("Không có căn cứ nào mà danh mục ghi một văn bản thay thế.")]
        return []

    def _base(self) -> DocumentVersion:
        return newest_signed(self.document) or self.version

    def open_revision(self, act: Act) -> None:
        """Open the next version of the document, due when this item is, or join the one under way."""
        under_way = self.document.versions.open().first()
        if under_way is None and act.by is not None:
            note, content = _("Sửa theo %(number)s") % {"number": self.subject}, None
            if act.answers["basis"]:
                content, pairs = swapped_of(self._base())
                note = f"{note}. {noted(pairs)}"
            under_way = open_version(
                self.document, by=act.by, content=content, note=note, wanted_by=self.due_on, now=act.now
            )
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


def wanted_day(event: Event, strength: str) -> date | None:
    """The day before which what an event touches should be revised: the event's; for what was announced or approved,
    so many days after the decision (domain §4.4); None while nobody knows it.
    """
    if strength in MERGED and event.regulation is not None:
        decided = event.regulation.issued_on or event.regulation.effective_on
        merged = timedelta(days=settings.TTHC_MERGE_DAYS)
        return min(decided, date.max - merged) + merged if decided else None
    return event.day


def revise_by(effective_on: date | None, day: date, days: Calendar) -> date:
    """Last day for a revision: the last working day before the act takes effect, yet never less than
    ``REVISE_MIN_WORKING_DAYS`` from today (domain §4.4); an act of unknown date gives just that.
    """
    soonest = days.add(day, settings.REVISE_MIN_WORKING_DAYS)
    return max(days.last_before(effective_on), soonest) if effective_on else soonest
