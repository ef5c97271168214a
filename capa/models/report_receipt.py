"""A yearly report as the one above gets it: looked at, returned, accepted, taken up into the own one, or too late."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.report import REPORT_RECEIPT, SENT
from capa.models.report_rows import ReportContent
from workflows import engine
from workflows.errors import SameHand
from workflows.models import Move, Record, RecordQuerySet, Seat

if TYPE_CHECKING:
    from capa.models.report import YearReport
    from workflows.engine import Act


class ReportReceiptQuerySet(RecordQuerySet["ReportReceipt"]):
    """Reports got, with the names of who sent them."""

    def for_list(self) -> Self:
        """With what a line shows."""
        return super().for_list().select_related("report__unit")


class ReportReceipt(Record):
    """A report as the one above gets it. ``agency``: who gets it."""

    machine = REPORT_RECEIPT
    rests_on = "report"

    report = models.OneToOneField("capa.YearReport", models.PROTECT, related_name="receipt")

    objects: ClassVar[ReportReceiptQuerySet] = ReportReceiptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("báo cáo năm nhận được")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="report_receipt_inbox"),)

    def __str__(self) -> str:
        return str(self.report)

    def get_absolute_url(self) -> str:
        """Page of what was got."""
        return reverse("capa:report_receipt", args=[self.pk])

    def row_of(self, last: ReportContent | None) -> dict[str, Any]:
        """What the report adds, as last sent; numbers of the own agency's unit are parts of the agency's and add
        nothing.
        """
        totals, sha256 = (dict(last.totals), last.sha256) if last else ({}, "")
        unit = self.report.unit
        named = {"report": str(self.report_id), "unit": str(unit), "code": unit.code, "sha256": sha256}
        return {**named, "part": self.report.agency_id == self.agency_id, "totals": totals}

    def evidence(self) -> dict[str, object]:
        """Which report, as it was sent."""
        last = self.report.sent
        return {"report": str(self.report_id), "content_sha256": last.sha256 if last else ""}

    @property
    def onward(self) -> YearReport | None:
        """The receiver's own report of the year, into which this one goes."""
        return type(self.report).objects.filter(unit=self.agency_id, year=self.report.year).first()

    def not_late(self, act: Act) -> list[str]:
        """What can still be taken up is not closed."""
        del act
        own = self.onward
        late = own is not None and own.state in SENT
        return [] if late else [_("Báo cáo năm của cơ quan chưa gửi: hãy tổng hợp báo cáo này vào đó.")]

    def own_report(self, act: Act) -> list[str]:
        """Nobody accepts what they wrote, laid before the head, or sent, themselves: this time or an earlier one."""
        mine = Move.objects.filter(stream=self.report_id, actor=act.by, action__in=("write", "propose", "submit"))
        deeds = set(mine.values_list("action", flat=True))
        if "submit" in deeds:
            return [_("Người đã gửi báo cáo không tự chấp nhận báo cáo đó.")]
        return [str(SameHand.default)] if deeds else []

    def send_back(self, act: Act) -> None:
        """The report comes back to who wrote it, with the reason."""
        engine.fire(self.report, "return", by=None, now=act.now, note=act.answers["note"])

    def let_in(self, act: Act) -> None:
        """The report is told that it was accepted."""
        engine.fire(self.report, "accept", by=None, now=act.now)

    def close_out(self, act: Act) -> None:
        """The report is told that it stays outside."""
        engine.fire(self.report, "leave_out", by=None, now=act.now, note=act.answers["note"])


def heeded(day: date) -> RecordQuerySet[ReportReceipt]:
    """Reports got by agencies in which somebody has a seat on a day: the others use no system of ours."""
    held = Seat.objects.held_on(day).filter(unit__agency=OuterRef("agency"))
    return ReportReceipt.objects.filter(Exists(held)).exclude(state="lapsed")
