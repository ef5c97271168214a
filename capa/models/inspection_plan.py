"""An inspection plan of the body above, and its team: who is in it, by which decision, from when until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.inspection import DUTIES, ENDED, INSPECTION_PLAN, SEATED
from capa.models.programme import YEARS
from capa.models.scoring import ScoringTemplate
from capa.shapes import digest, folded
from workflows.errors import BadAnswer
from workflows.models import Record, Seat, User, day_of
from workflows.tables import Step

if TYPE_CHECKING:
    from workflows.engine import Act

FACTS = ("year", "title", "starts_on", "ends_on", "aim")
NUMBER_LIMIT = 120


class InspectionPlan(Record):
    """Which agencies are inspected, between which days, by decision of whom. ``agency``: the inspecting body."""

    machine = INSPECTION_PLAN

    search = models.TextField(editable=False, default="")
    year = models.PositiveSmallIntegerField(lazy("năm"))
    title = models.CharField(lazy("tên kế hoạch"), max_length=300)
    number = models.CharField(lazy("số quyết định, kế hoạch"), max_length=NUMBER_LIMIT, blank=True)
    decided_on = models.DateField(lazy("ngày quyết định"), null=True)
    starts_on = models.DateField(lazy("từ ngày"))
    ends_on = models.DateField(lazy("đến hết ngày"))
    aim = models.TextField(lazy("mục đích, nội dung, căn cứ"), blank=True)
    template = models.ForeignKey(ScoringTemplate, models.PROTECT, null=True, related_name="plans")
    summary = models.TextField(lazy("tổng hợp kết quả"), blank=True)

    class Meta:
        verbose_name = lazy("kế hoạch kiểm tra")
        ordering = ("-year", "-starts_on", "title")
        constraints = (
            models.UniqueConstraint(
                fields=["agency", "number", "decided_on"], condition=~Q(number=""), name="inspection_plan_once"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="inspection_plan_period"),
        )
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="inspection_plan_inbox"),)

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.number, self.title)))

    def get_absolute_url(self) -> str:
        """Page of the plan."""
        return reverse("capa:inspection_plan", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Number, days and texts, and who is in the team."""
        rows = self.members.order_by("pk") if self.row_version > 1 else ()
        return {
            "year": self.year,
            "number": self.number,
            "decided_on": self.decided_on.isoformat() if self.decided_on else None,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "texts_sha256": digest({"title": self.title, "aim": self.aim, "summary": self.summary}),
            "template": str(self.template_id) if self.template_id else None,
            "team": [one.as_row() for one in rows],
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The year is one of ours; numbers are as long as they may be, and no other plan has them."""
        del step
        if "year" in answers and not YEARS[0] <= answers["year"] <= YEARS[1]:
            raise BadAnswer(problems={"year": _("Năm phải từ %d đến %d.") % YEARS})
        for name in ("number", "decision_no"):
            if len(answers.get(name, "")) > NUMBER_LIMIT:
                raise BadAnswer(problems={name: _("Dài quá %(limit)d ký tự.") % {"limit": NUMBER_LIMIT}})
        if "number" in answers:
            same = {"agency": self.agency_id, "number": answers["number"], "decided_on": answers["decided_on"]}
            if InspectionPlan.objects.filter(**same).exclude(pk=self.pk).exists():
                raise BadAnswer(problems={"number": _("Đã có kế hoạch khác mang số và ngày này.")})
        return answers

    def options(self, name: str) -> list[tuple[str, str]]:
        """People with a seat as inspectors; members who have not been released; templates in force that year."""
        if name == "template":
            found = ScoringTemplate.objects.filter(agency=self.agency_id, year=self.year, state="in_force")
            return [(str(one.pk), str(one)) for one in found]
        if name == "member":
            rows = self.members.filter(valid_to=None).select_related("user")
            return [(str(one.pk), f"{one.user} · {one.get_duty_display()}") for one in rows]
        return [(str(one.pk), str(one)) for one in self._eligible(day_of())]

    def _eligible(self, day: date) -> models.QuerySet[User]:
        seats = Seat.objects.held_on(day).filter(unit__agency=self.agency_id, role__in=SEATED)
        return User.objects.filter(pk__in=seats.values("user")).order_by("full_name", "pk")

    def team_on(self, day: date) -> models.QuerySet[TeamMember]:
        """Who is in the team on a day."""
        found: models.QuerySet[TeamMember] = self.members.filter(TeamMember.on(day))
        return found

    def has_member(self, user: User, now: datetime | None = None) -> bool:
        """Whether the person is in the team at an instant."""
        return self.team_on(day_of(now)).filter(user=user).exists()

    # Guards.

    def unfit_period(self, act: Act) -> list[str]:
        """The period runs forward."""
        fits = act.answers["starts_on"] <= act.answers["ends_on"]
        return [] if fits else [_("Ngày kết thúc phải từ ngày bắt đầu trở đi.")]

    def unfit_member(self, act: Act) -> list[str]:
        """By a decision that has been signed, and not while the person is in the team already."""
        given, found = act.answers, []
        if given["decision_on"] > act.day:
            found.append(_("Ngày quyết định không thể sau ngày ghi."))
        open_ended = Q(valid_to=None) | Q(valid_to__gt=given["valid_from"])
        if self.members.filter(open_ended, user=given["person"]).exists():
            found.append(_("Người này đang là thành viên đoàn."))
        return found

    def unfit_release(self, act: Act) -> list[str]:
        """Out of the team after having been in it."""
        member = self.members.get(pk=act.answers["member"])
        return [] if act.answers["valid_to"] > member.valid_from else [_("Ngày thôi phải sau ngày bắt đầu.")]

    def not_issuable(self, act: Act) -> list[str]:
        """A plan names its team with a head, and whom it inspects; the decision has been signed."""
        found = []
        if act.answers["decided_on"] > act.day:
            found.append(_("Ngày quyết định không thể sau ngày ghi."))
        if not self.members.filter(valid_to=None, duty="head").exists():
            found.append(_("Đoàn kiểm tra chưa có trưởng đoàn."))
        if not self.inspections.exclude(state="cancelled").exists():
            found.append(_("Kế hoạch chưa có cơ quan nào được kiểm tra."))
        return found

    def open_inspections(self, act: Act) -> list[str]:
        """A plan ends when each of its inspections has."""
        del act
        number = self.inspections.exclude(state__in=ENDED).count()
        return [_("Còn %(number)d cuộc kiểm tra chưa kết thúc.") % {"number": number}] if number else []

    # What the table's ``then`` names.

    def take_facts(self, act: Act) -> None:
        """Year, title, period and aim."""
        self._take(act.answers)

    def _take(self, given: dict[str, Any]) -> None:
        for name in FACTS:
            setattr(self, name, given[name])
        self.search = folded(str(self.year), self.number, self.title)

    def take_issue(self, act: Act) -> None:
        """Number and day of the decision, and the template by which all are scored."""
        self.number, self.decided_on = act.answers["number"], act.answers["decided_on"]
        self.template_id = act.answers["template"] or None
        self.search = folded(str(self.year), self.number, self.title)

    def take_summary(self, act: Act) -> None:
        """What came of it all."""
        self.summary = act.answers["summary"]

    def take_import(self, act: Act) -> None:
        """A plan that was carried out before the product was there."""
        given = act.answers["facts"]
        self.number, self.decided_on = given["number"], given["decided_on"]
        self._take({"aim": "", **given})

    def take_member(self, act: Act) -> None:
        """One more in the team."""
        given = act.answers
        TeamMember.objects.create(
            plan=self,
            user_id=int(given["person"]),
            duty=given["duty"],
            decision_no=given["decision_no"],
            decision_on=given["decision_on"],
            valid_from=given["valid_from"],
        )

    def end_member(self, act: Act) -> None:
        """The member's last day; the row stays."""
        self.members.filter(pk=act.answers["member"]).update(valid_to=act.answers["valid_to"])


class TeamMember(models.Model):
    """A person in a plan's team over ``[valid_from, valid_to)``, by decision."""

    plan = models.ForeignKey(InspectionPlan, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=lazy("người"))
    duty = models.CharField(lazy("nhiệm vụ"), max_length=20, choices=DUTIES)
    decision_no = models.CharField(lazy("theo quyết định số"), max_length=NUMBER_LIMIT)
    decision_on = models.DateField(lazy("ngày quyết định"))
    valid_from = models.DateField(lazy("từ ngày"))
    valid_to = models.DateField(lazy("thôi từ ngày"), null=True)

    class Meta:
        verbose_name = lazy("thành viên đoàn kiểm tra")
        ordering = ("plan", "valid_from", "pk")
        constraints = (
            models.UniqueConstraint(fields=["plan", "user"], condition=Q(valid_to=None), name="team_member_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="team_member_interval"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_duty_display()}"

    @staticmethod
    def on(day: date) -> Q:
        """Rows whose half-open interval contains the day."""
        return Q(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def as_row(self) -> list[object]:
        """The row for the ledger."""
        until = self.valid_to.isoformat() if self.valid_to else None
        return [self.user_id, self.duty, self.decision_no, self.valid_from.isoformat(), until]
