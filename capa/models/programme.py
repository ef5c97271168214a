"""The yearly audit programme and its rounds, with the teams that visit each unit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa import rounds
from capa.machines.audit import ENDED_ROUNDS, OPEN_FINDINGS, PROGRAMME, ROUND, UNISSUED
from capa.machines.car import ENDED
from capa.models.independence import team_problems
from capa.shapes import ShapeError, folded
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, Unit, User
from workflows.tables import Step

if TYPE_CHECKING:
    from workflows.engine import Act

YEARS = (2000, 2100)


class Programme(Record):
    """One year's audits of an agency."""

    machine = PROGRAMME

    search = models.TextField(editable=False, default="")
    year = models.PositiveSmallIntegerField(lazy("năm"))
    title = models.CharField(lazy("tên"), max_length=300)
    aim = models.TextField(lazy("mục đích, căn cứ, nguồn lực"), blank=True)

    class Meta:
        verbose_name = lazy("chương trình đánh giá")
        ordering = ("-year", "title")
        constraints = (models.UniqueConstraint(fields=["agency", "year", "title"], name="programme_once"),)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="programme_agency_inbox"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    def get_absolute_url(self) -> str:
        """Page of the programme with rounds and coverage."""
        return reverse("capa:programme", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """What is planned."""
        return {"year": self.year, "title": self.title}

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The year is one of ours, and the title is not taken in that year."""
        del step
        if "year" not in answers:
            return answers
        if not YEARS[0] <= answers["year"] <= YEARS[1]:
            raise BadAnswer(problems={"year": _("Năm phải từ %d đến %d.") % YEARS})
        twins = Programme.objects.filter(agency=self.agency_id, year=answers["year"], title=answers["title"])
        if twins.exclude(pk=self.pk).exists():
            raise BadAnswer(problems={"title": _("Năm này đã có chương trình cùng tên.")})
        return answers

    def take_facts(self, act: Act) -> None:
        """Year, title and aim."""
        self.year, self.title, self.aim = act.answers["year"], act.answers["title"], act.answers["aim"]
        self.search = folded(str(self.year), self.title)

    def nothing_planned(self, act: Act) -> list[str]:
        """A programme has at least one round."""
        del act
        planned = self.rounds.exclude(state__in=ENDED_ROUNDS).exists()
        return [] if planned else [_("Chương trình chưa có đợt đánh giá nào.")]

    def open_rounds(self, act: Act) -> list[str]:
        """A programme is complete when each of its rounds has ended."""
        del act
        number = self.rounds.exclude(state__in=ENDED_ROUNDS).count()
        return [_("Còn %(number)d đợt chưa kết thúc.") % {"number": number}] if number else []


class RoundQuerySet(RecordQuerySet["Round"]):
    """Rounds with their programme."""

    def for_list(self) -> RoundQuerySet:
        """With programme and lead."""
        return super().for_list().select_related("programme", "lead")


class Round(Record):
    """One audit round: units visited between two days, by criteria and clauses, by teams under one lead.

    ``clauses``: numbers of the standard's clauses. ``proposed``: teams are put forward and wait for the head.
    """

    machine = ROUND
    rests_on = "programme"

    search = models.TextField(editable=False, default="")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    title = models.CharField(lazy("tên đợt"), max_length=300)
    criteria = models.TextField(lazy("chuẩn mực đánh giá"), blank=True)
    clauses = models.JSONField(lazy("điều khoản"), default=list)
    starts_on = models.DateField(lazy("bắt đầu"))
    ends_on = models.DateField(lazy("kết thúc"))
    lead = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=lazy("trưởng đoàn"))
    proposed = models.BooleanField(default=False)
    strengths = models.TextField(lazy("điểm mạnh"), blank=True)
    conclusion = models.TextField(lazy("kết luận"), blank=True)
    advice = models.TextField(lazy("khuyến nghị"), blank=True)
    signed_on = models.DateField(lazy("ngày ký báo cáo"), null=True)

    objects: ClassVar[RoundQuerySet] = RoundQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("đợt đánh giá")
        ordering = ("starts_on", "title")
        constraints = (models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="round_interval"),)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="round_agency_inbox"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Page of the round."""
        return reverse("capa:round", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Days, clauses, lead and teams after the deed."""
        return {
            "programme": str(self.programme_id),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "clauses": self.clauses,
            "lead": self.lead_id,
            "teams": [visit.as_team() for visit in self.visits.prefetch_related("members").order_by("unit")],
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Check plan and teams by path; raise ``BadAnswer``."""
        del step
        try:
            if "plan" in answers:
                answers["plan"] = rounds.clean_plan(answers["plan"])
            if "teams" in answers:
                answers["teams"] = rounds.clean_teams(answers["teams"])
        except ShapeError as error:
            raise BadAnswer(problems=error.problems) from error
        return answers

    # Guards.

    def unfit_plan(self, act: Act) -> list[str]:
        """Days in order, units of this agency, and a programme that is not over."""
        plan = act.answers["plan"]
        found = _unfit_days(date.fromisoformat(plan["starts_on"]), date.fromisoformat(plan["ends_on"]))
        known = Unit.objects.filter(agency=self.agency_id, pk__in=plan["units"]).count()
        if known != len(set(plan["units"])):
            found.append(_("Có đơn vị không thuộc cơ quan này."))
        if self.programme.state == "completed":
            found.append(_("Chương trình này đã hoàn thành."))
        return found

    def unfit_days(self, act: Act) -> list[str]:
        """Days in order."""
        return _unfit_days(act.answers["starts_on"], act.answers["ends_on"])

    def unfit_teams(self, act: Act) -> list[str]:
        """Every unit has a team, nobody audits own unit or own work (domain §2.2 rule 2)."""
        return team_problems(self, act.answers["teams"], act.now)

    def teams_no_longer_fit(self, act: Act) -> list[str]:
        """The same rule once more on the day of the decision: seats and deeds may have changed."""
        return team_problems(self, self.as_teams(), act.now)

    def notice_too_short(self, act: Act) -> list[str]:
        """Units are told ``AUDIT_NOTICE_DAYS`` calendar days ahead (domain §5.1), and the teams still fit."""
        found = self.teams_no_longer_fit(act)
        if (self.starts_on - act.day).days < settings.AUDIT_NOTICE_DAYS:
            text = _("Phải thông báo trước ít nhất %(days)d ngày; đợt bắt đầu ngày %(day)s.")
            found.append(text % {"days": settings.AUDIT_NOTICE_DAYS, "day": f"{self.starts_on:%d/%m/%Y}"})
        if self.programme.state not in ("approved", "running"):
            found.append(_("Chương trình đánh giá chưa được phê duyệt."))
        return found

    def not_yet_open(self, act: Act) -> list[str]:
        """An audit opens on its first day, not before."""
        return [] if act.day >= self.starts_on else [_("Chưa đến ngày bắt đầu đánh giá.")]

    def open_findings(self, act: Act) -> list[str]:
        """Every finding is agreed, upheld, noted or withdrawn, and every unit was visited."""
        del act
        number, found = self.findings.filter(state__in=OPEN_FINDINGS).count(), []
        if number:
            found.append(_("Còn %(number)d phát hiện chưa thống nhất.") % {"number": number})
        missing = self.visits.exclude(unit__in=self.findings.exclude(state="withdrawn").values("unit"))
        units = [visit.unit for visit in missing.select_related("unit")]
        return found + [_("Chưa ghi nhận gì ở %(unit)s.") % {"unit": unit} for unit in units]

    def findings_without_issue(self, act: Act) -> list[str]:
        """Every agreed nonconformity has its CAR, every observation its record (domain §5.1)."""
        del act
        number = self.findings.filter(state__in=UNISSUED).count()
        return [_("Còn %(number)d phát hiện chưa lập phiếu.") % {"number": number}] if number else []

    def open_issues(self, act: Act) -> list[str]:
        """All CARs of the round closed or carried on, all observations closed (domain §7(d))."""
        del act
        cars = self.findings.filter(cars__isnull=False).exclude(cars__state__in=ENDED).count()
        notes = self.findings.filter(observations__isnull=False).exclude(observations__state="closed").count()
        number = cars + notes
        return [_("Còn %(number)d phiếu chưa đóng.") % {"number": number}] if number else []

    # What the table's ``then`` names.

    def take_plan(self, act: Act) -> None:
        """Title, days, clauses, criteria and the units to visit; a changed plan needs its teams again."""
        plan = act.answers["plan"]
        self.title, self.criteria, self.clauses = plan["title"], plan["criteria"], plan["clauses"]
        self.search = folded(self.title)
        self.starts_on, self.ends_on = date.fromisoformat(plan["starts_on"]), date.fromisoformat(plan["ends_on"])
        self.proposed = False
        self.visits.exclude(unit__in=plan["units"]).delete()
        known = set(self.visits.values_list("unit", flat=True))
        sizes = dict.fromkeys(plan["units"], plan["size"])
        Visit.objects.bulk_create(
            Visit(round_id=self.pk, unit_id=unit, size=size) for unit, size in sizes.items() if unit not in known
        )
        self.visits.exclude(size=plan["size"]).update(size=plan["size"])

    def take_teams(self, act: Act) -> None:
        """Who visits whom, and who leads the round."""
        teams = act.answers["teams"]
        self.lead_id, self.proposed = teams["lead"], True
        visits = {visit.unit_id: visit for visit in self.visits.all()}
        for team in teams["teams"]:
            visit = visits[team["unit"]]
            visit.lead_id = team["lead"]
            visit.save(update_fields=["lead"])
            visit.members.set(team["members"])

    def drop_proposal(self, act: Act) -> None:
        """Back to the secretary; what was proposed stays to be changed."""
        del act
        self.proposed = False

    def begin_programme(self, act: Act) -> None:
        """The first round to open starts the programme."""
        if self.programme.state == "approved":
            engine.fire(self.programme, "begin", by=None, now=act.now)

    def take_report(self, act: Act) -> None:
        """The words of the report; its tables are computed."""
        self.strengths, self.conclusion, self.advice = (act.answers[n] for n in ("strengths", "conclusion", "advice"))

    def take_signature(self, act: Act) -> None:
        """The day of signature."""
        self.signed_on = act.day

    def take_days(self, act: Act) -> None:
        """New days after a postponement; teams are proposed anew, for people may be away."""
        self.starts_on, self.ends_on, self.proposed = act.answers["starts_on"], act.answers["ends_on"], False

    def as_teams(self) -> rounds.Teams:
        """The teams as they stand, in the shape of the answer."""
        visits = self.visits.prefetch_related("members").order_by("unit")
        return {"lead": self.lead_id or 0, "teams": [visit.as_team() for visit in visits]}


class Visit(models.Model):
    """One unit to be visited in a round, and its team: one leads, ``size`` people in all."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="visits")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    size = models.PositiveSmallIntegerField(default=2)
    lead = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    members = models.ManyToManyField(User, related_name="+")

    class Meta:
        verbose_name = lazy("đơn vị được đánh giá")
        ordering = ("round", "unit")
        constraints = (models.UniqueConstraint(fields=["round", "unit"], name="visit_once"),)

    def __str__(self) -> str:
        return f"{self.round} · {self.unit}"

    def as_team(self) -> rounds.Team:
        """Unit, leader and members by id; a place not filled yet is 0."""
        members = sorted(user.pk for user in self.members.all())
        return {"unit": self.unit_id, "lead": self.lead_id or 0, "members": members}

    def people(self) -> set[int]:
        """Ids of everybody in the team."""
        return {self.lead_id, *(user.pk for user in self.members.all())} - {None}  # type: ignore[return-value]


def _unfit_days(first: date, last: date) -> list[str]:
    return [_("Ngày kết thúc không được trước ngày bắt đầu.")] if last < first else []
