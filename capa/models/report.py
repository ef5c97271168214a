"""Yearly reports: what an agency or a unit tells the body above, what it rested on, and how it was received (§6.4).

A report of a unit goes to its agency's secretary, one of an agency to the agency above it. What is told is counted from
the records on the day on which it is sent and then frozen; the numbers of reports below are added to the own ones.

Which those are: while a report is written, the reports taken up (``below``) and those accepted since; as sent, those
in its content. When it comes back, all that it had taken up are merely accepted again: any of them can be returned,
and the next consolidation takes up what then is accepted. What is accepted after the report went out is late: it waits
for that, until the office closes it, or the report can no longer come back because the one above it is out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa import packs
from capa.machines.report import AGENCY, GATES, LEVELS, OPEN, UNIT, YEAR_REPORT
from capa.models.programme import YEARS
from capa.models.report_receipt import ReportReceipt, heeded
from capa.models.report_rows import ReportContent, newest
from capa.reportsums import by_name, differing, summed
from capa.shapes import digest
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, Unit, User
from workflows.tables import Step

if TYPE_CHECKING:
    from workflows.engine import Act

BEING_WRITTEN = (*OPEN, "proposed")
"""What it tells is not yet told."""
TEXTS = ("training", "budget", "difficulties", "proposals")


class YearReportQuerySet(RecordQuerySet["YearReport"]):
    """Reports by sight, and without their long texts."""

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Beside those whom the table names: who could read what was sent still can while it is written anew."""
        told = Exists(ReportContent.objects.filter(report=OuterRef("pk")))
        return super().visible_to(user, now) | self.in_agencies_of(user, now).filter(told)

    def for_list(self) -> YearReportQuerySet:
        """With what a line shows."""
        return super().for_list().defer(*TEXTS, "below", "compared")


class YearReport(Record):
    """One report of a year. ``below``: reports taken up so far, each with its numbers; ``compared``: totals that were
    typed from paper beside the sums; ``waivers``: gates let be; ``outside``: nobody in the system answers for it.
    """

    machine = YEAR_REPORT

    year = models.PositiveSmallIntegerField(lazy("năm"))
    level = models.CharField(lazy("cấp"), max_length=10, choices=LEVELS, default=AGENCY)
    training = models.TextField(lazy("đào tạo, tập huấn"), blank=True)
    budget = models.TextField(lazy("kinh phí"), blank=True)
    difficulties = models.TextField(lazy("khó khăn, vướng mắc"), blank=True)
    proposals = models.TextField(lazy("đề xuất, kiến nghị"), blank=True)
    number = models.CharField(lazy("số báo cáo"), max_length=300, blank=True)
    received_no = models.CharField(lazy("văn bản của nơi nhận"), max_length=300, blank=True)
    received_on = models.DateField(lazy("ngày văn bản của nơi nhận"), null=True)
    outside = models.BooleanField(lazy("nơi nhận ngoài hệ thống"), default=False, editable=False)
    submitted_on = models.DateField(lazy("ngày gửi"), null=True)
    waivers = models.JSONField(default=list, editable=False)
    below = models.JSONField(default=list, editable=False)
    compared = models.JSONField(default=list, editable=False)

    objects: ClassVar[YearReportQuerySet] = YearReportQuerySet.as_manager()  # type: ignore[assignment]

    taking: list[tuple[ReportReceipt, dict[str, Any]]]
    """Read once by the guard of a consolidation: what was compared is what is taken up."""

    class Meta:
        verbose_name = lazy("báo cáo năm")
        ordering = ("-year", "unit__path")
        constraints = (models.UniqueConstraint(fields=["unit", "year"], name="year_report_once"),)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="year_report_inbox"),)

    def __str__(self) -> str:
        return _("Báo cáo năm %(year)d: %(unit)s") % {"year": self.year, "unit": self.unit}

    def get_absolute_url(self) -> str:
        """Page of the report."""
        return reverse("capa:year_report", args=[self.pk])

    @property
    def receiver(self) -> Unit | None:
        """Who gets it: the agency of a unit, the agency above an agency; None: nobody in the system."""
        return self.agency if self.level == UNIT else self.agency.parent and self.agency.parent.agency

    @property
    def sent(self) -> ReportContent | None:
        """What was last sent."""
        return self.contents.order_by("-pk").first()

    def content_for(self, reader: User | None) -> ReportContent | None:
        """What was last sent; None where the report is shown as it stands: while it is written, to insiders (a reader
        of None is one), and where nothing was ever sent.
        """
        if self.state in BEING_WRITTEN and (reader is None or self.is_insider(reader)):
            return None
        return self.sent

    @property
    def waived(self) -> dict[str, str]:
        """Reason of each gate that was let be."""
        return {row["gate"]: row["reason"] for row in self.waivers}

    def evidence(self) -> dict[str, object]:
        """What is told by digest, what was taken up from below, and which gates were let be."""
        last = self.sent
        return {
            "year": self.year,
            "number": self.number,
            "texts_sha256": digest({name: getattr(self, name) for name in TEXTS}),
            "content_sha256": last.sha256 if last else "",
            "below_sha256": digest(self.below),
            "compared": self.compared,
            "waivers_sha256": digest(self.waivers),
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The year is one of ours, and has no other report of this unit; totals are whole numbers by key."""
        if step.action == "draft":
            if not YEARS[0] <= answers["year"] <= YEARS[1]:
                raise BadAnswer(problems={"year": _("Năm phải từ %d đến %d.") % YEARS})
            if YearReport.objects.filter(unit=self.unit_id, year=answers["year"]).exclude(pk=self.pk).exists():
                raise BadAnswer(problems={"year": _("Đơn vị đã có báo cáo của năm này.")})
        given = answers.get("totals")
        fits = isinstance(given, dict) and all(type(one) is int and one >= 0 for one in given.values())
        if given is not None and not fits:
            raise BadAnswer(problems={"totals": _("Mỗi tổng là một số nguyên không âm, ghi theo mã của dòng.")})
        return answers

    def waiting(self, *states: str) -> RecordQuerySet[ReportReceipt]:
        """Reports of the year that this agency has got, in these states."""
        rows = ReportReceipt.objects.filter(agency=self.agency_id, report__year=self.year, state__in=states)
        return rows.exclude(report=self.pk)

    def fresh(self) -> list[tuple[ReportReceipt, dict[str, Any]]]:
        """Reports accepted and not taken up, each with what it adds; none below a unit. Two queries."""
        if self.level == UNIT:
            return []
        found = list(self.waiting("accepted").select_related("report__unit").order_by("pk"))
        last = newest(one.report_id for one in found)
        return [(one, one.row_of(last.get(one.report_id))) for one in found]

    def taken(self) -> list[Mapping[str, Any]]:
        """Every report below that counts: those taken up before, and those accepted since, with what they told."""
        return by_name([*self.below, *(row for _receipt, row in self.fresh())])

    def not_adding_up(self, act: Act) -> list[str]:
        """There is something to take up, and totals that were typed are the sums of the reports accepted."""
        self.taking, totals = self.fresh(), act.answers["totals"]
        if not self.taking and not totals:
            return [_("Không có báo cáo cấp dưới nào mới được chấp nhận.")]
        rows = self._with_taking()
        if not rows:
            return [_("Chưa có báo cáo cấp dưới nào được chấp nhận: không có gì để tổng hợp hay đối chiếu.")]
        return differing(totals or {}, rows, packs.teller().labels())

    def not_reportable(self, act: Act) -> list[str]:
        """Written, the year done in its order or let be, and nothing from below left lying."""
        found = [] if self.difficulties and self.proposals else [_("Chưa viết khó khăn và đề xuất.")]
        if self.level == UNIT:
            return found
        waived = self.waived
        missing = packs.teller().gates(self, act.day)
        found += [missing[one.key] for one in GATES if one.key in missing and one.key not in waived]
        for states, words in (
            (("waiting",), _("Còn %(n)d báo cáo cấp dưới chưa xem: chấp nhận hoặc trả lại trước khi gửi.")),
            (("accepted",), _("Còn %(n)d báo cáo cấp dưới đã chấp nhận chưa tổng hợp.")),
        ):
            if number := self.waiting(*states).count():
                found.append(words % {"n": number})
        return found

    def awaited(self, day: date) -> bool:
        """Somebody in the system answers for it: the own agency of a unit, or the one above."""
        return self.level == UNIT or heeded(day).filter(report=self.pk).exists()

    def has_receiver(self, act: Act) -> list[str]:
        """The one above answers for itself where it is in the system, with people, and has not ended."""
        here = self.awaited(act.day)
        return [_("Cấp trên nhận báo cáo trong hệ thống: chờ nơi đó xem.")] if here else []

    def unfit_paper(self, act: Act) -> list[str]:
        """By the one outside, with a paper of a day between the sending and today."""
        found, day = self.has_receiver(act), act.answers["received_on"]
        if self.submitted_on and not self.submitted_on <= day <= act.day:
            words = _("Ngày văn bản phải từ ngày gửi báo cáo (%(day)s) đến hôm nay.")
            found.append(words % {"day": f"{self.submitted_on:%d/%m/%Y}"})
        return found

    def nothing_taken(self, act: Act) -> list[str]:
        """There is something to give back."""
        del act
        return [] if self.below else [_("Chưa tổng hợp báo cáo cấp dưới nào.")]

    def take_facts(self, act: Act) -> None:
        """The year; of the agency or of a unit."""
        self.year, self.level = act.answers["year"], AGENCY if self.unit_id == self.agency_id else UNIT

    def take_texts(self, act: Act) -> None:
        """What people write."""
        for name in TEXTS:
            setattr(self, name, act.answers[name])

    def take_waiver(self, act: Act) -> None:
        """A gate is let be, with the reason."""
        row = {"gate": act.answers["gate"], "reason": act.answers["note"], "by": str(act.by), "on": act.day.isoformat()}
        self.waivers = [*self.waivers, row]

    def take_below(self, act: Act) -> None:
        """Take up what the guard read, and keep typed totals beside their sums; reports and receipts say so themselves,
        unless they have moved on since.
        """
        self.below = self._with_taking()
        sums, told = summed(self.below), {"by": str(act.by), "on": act.day.isoformat()}
        typed = act.answers["totals"] or {}
        rows = [{"key": key, "typed": number, "sum": sums.get(key, 0), **told} for key, number in typed.items()]
        self.compared = [*self.compared, *rows]
        for one, _row in self.taking:
            engine.fire(one, "take_up", by=None, now=act.now, expected=one.row_version)
            engine.fire(one.report, "take_up", by=None, now=act.now)

    def _with_taking(self) -> list[Mapping[str, Any]]:
        return by_name([*self.below, *(row for _receipt, row in self.taking)])

    def reopen(self, act: Act) -> None:
        """What was taken up is merely accepted again."""
        if self.level == UNIT:
            return
        self.below, self.compared = [], []
        for one in self.waiting("consolidated").select_related("report").order_by("pk"):
            engine.fire(one, "give_back", by=None, now=act.now)
            engine.fire(one.report, "give_back", by=None, now=act.now)

    def take_number(self, act: Act) -> None:
        """The paper by which the one outside accepted it."""
        self.received_no, self.received_on = act.answers["number"], None
        self._tell_receipt("confirm", act)

    def take_paper(self, act: Act) -> None:
        """The paper by which the one outside returned it."""
        self.received_no, self.received_on = act.answers["number"], act.answers["received_on"]
        self._tell_receipt("return_paper", act, note=act.answers["note"])
        self.reopen(act)

    def _tell_receipt(self, action: str, act: Act, **given: Any) -> None:
        """An agency that is known, but has nobody in the system yet, will find there what it did on paper."""
        for one in ReportReceipt.objects.filter(report=self.pk):
            if one.machine.step(action, one.state):
                engine.fire(one, action, by=None, now=act.now, **given)

    def take_route(self, act: Act) -> None:
        """Whether the one outside has to be asked."""
        self.outside = not self.awaited(act.day)

    def send(self, act: Act) -> None:
        """Freeze what is told, and lay it before the one above."""
        self.number, self.submitted_on = act.answers["number"], act.day
        self.received_no, self.received_on = "", None
        body = packs.teller().content(self, act.day)
        ReportContent.objects.create(report=self, as_of=act.day, body=body, sha256=digest(body))
        self._lay(act)
        self.take_route(act)

    def _lay(self, act: Act) -> None:
        above, receipt = self.receiver, ReportReceipt.objects.filter(report=self).first()
        if receipt is not None and receipt.state == "lapsed":
            return
        if receipt is not None and (above is None or receipt.agency_id != above.pk):
            moved = f"{_('Nơi nhận')}: {above or _('Ngoài hệ thống')}"
            engine.fire(receipt, "lapse", by=None, now=act.now, note=moved)
        elif receipt is not None:
            engine.fire(receipt, "again", by=None, now=act.now)
        elif above is not None:
            engine.start(ReportReceipt(agency=above, unit=above, report=self), "receive", by=None, now=act.now)
