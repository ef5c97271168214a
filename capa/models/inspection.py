"""One inspection of one agency: what was judged by whom on which evidence, and what was concluded."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa import scores
from capa.clauses import is_clause
from capa.flags import clean_judgements, contradictions
from capa.machines.car import ENDED
from capa.machines.inspection import FLAGS, INSPECTION, MODES
from capa.models.car import Car
from capa.models.inspection_plan import InspectionPlan
from capa.models.inspection_rows import InspectionFinding, Judgement, SeenAddress
from capa.models.scoring import (
    keep_points,
    known,
    left_over,
    points_shape,
    settle_points,
    standing,
    unexplained,
    with_points,
)
from capa.shapes import ShapeError, digest, folded
from capa.sheets import NOTHING, band_of, spelled
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, Seat, Unit, UnitKind, User, day_of
from workflows.tables import Stage, Step
from workflows.tree import Book

if TYPE_CHECKING:
    from workflows.engine import Act

TEXTS = ("minutes", "conclusion", "guidance")
FLAG_KEYS = tuple(flag.key for flag in FLAGS)
CONCLUDED = ("concluded", "remediation", "closed")
"""States in which an inspection counts as carried out."""


class InspectionQuerySet(RecordQuerySet["Inspection"]):
    """Inspections with plan and inspected agency."""

    def in_agencies_of(self, user: User, now: datetime | None = None) -> Self:
        """Beside the inspecting body's tree: an agency, and those above it, from the day it was told; its own only."""
        where = Q(pk__in=())
        for path in user.agency_paths(now):
            where |= Q(about__path__startswith=path)
        return super().in_agencies_of(user, now) | self.filter(where, announced_on__isnull=False)

    def for_list(self) -> Self:
        """With what a line shows."""
        return super().for_list().select_related("plan", "about").defer("search", *TEXTS)


class Inspection(Record):
    """One agency inspected under a plan. ``agency``: the inspecting body; ``about``: the inspected agency.

    ``kind``: the kind of the agency on the day it was put in the plan. The flags repeat the latest judgement of each,
    so that figures cost no query for each inspection; None: not judged. They are written with the judgement, in the
    same deed.
    """

    machine = INSPECTION
    rests_on = "plan"

    search = models.TextField(editable=False, default="")
    plan = models.ForeignKey(InspectionPlan, models.PROTECT, related_name="inspections")
    about = models.ForeignKey(Unit, models.PROTECT, related_name="inspections", verbose_name=lazy("cơ quan"))
    kind = models.CharField(lazy("loại cơ quan"), max_length=20, choices=UnitKind.choices)
    mode = models.CharField(lazy("hình thức"), max_length=10, choices=MODES)
    planned_on = models.DateField(lazy("ngày dự kiến"), null=True)
    announced_on = models.DateField(lazy("ngày thông báo"), null=True)
    done_on = models.DateField(lazy("ngày kiểm tra"), null=True)
    minutes = models.TextField(lazy("biên bản"), blank=True)
    conclusion = models.TextField(lazy("kết luận, kiến nghị"), blank=True)
    guidance = models.TextField(lazy("hướng dẫn khắc phục tại chỗ"), blank=True)
    score = models.DecimalField(lazy("điểm"), max_digits=8, decimal_places=2, null=True)
    band = models.CharField(lazy("xếp loại"), max_length=300, blank=True)

    built_applied = models.BooleanField(null=True)
    outdated_law = models.BooleanField(null=True)
    records_deficient = models.BooleanField(null=True)
    internal_not_merged = models.BooleanField(null=True)
    audit_done = models.BooleanField(null=True)
    audit_ok = models.BooleanField(null=True)
    review_done = models.BooleanField(null=True)
    review_ok = models.BooleanField(null=True)
    incomplete = models.BooleanField(null=True)
    generic = models.BooleanField(null=True)
    not_factual = models.BooleanField(null=True)
    cross_check_wrong = models.BooleanField(null=True)
    posted = models.BooleanField(null=True)
    link_alive = models.BooleanField(null=True)

    objects: ClassVar[InspectionQuerySet] = InspectionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("cuộc kiểm tra")
        ordering = ("plan", "about__path", "mode")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "about", "mode"], condition=~Q(state="cancelled"), name="inspection_once"
            ),
        )
        indexes = (
            models.Index(fields=["agency", "state", "due_on", "entered_at"], name="inspection_inbox"),
            models.Index(fields=["about", "state"], name="inspection_about"),
            models.Index(fields=["plan", "mode", "kind"], name="inspection_totals"),
        )

    def __str__(self) -> str:
        return f"{self.about} · {self.plan}"

    def get_absolute_url(self) -> str:
        """Page of the inspection."""
        return reverse("capa:inspection", args=[self.pk])

    @property
    def flags(self) -> dict[str, bool | None]:
        """The latest judgement of each flag; None: not judged."""
        return {key: getattr(self, key) for key in FLAG_KEYS}

    def is_open_to(self, user: User) -> bool:
        """What was judged and scored is for the inspecting body until it is concluded, then for the agency too."""
        inside = any(self.agency.path.startswith(path) for path in user.agency_paths())
        return inside or self.state in CONCLUDED

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """Until it is under way, by the planned day; then by the end of the plan."""
        if stage.state in ("planned", "notified"):
            return self.planned_on
        if stage.state == "in_progress":
            return max(self.plan.ends_on, act.day)
        return super().due_for(stage, act)

    def evidence(self) -> dict[str, object]:
        """Who, how and when; the flags as they stand, and the texts by digest."""
        return {
            "plan": str(self.plan_id),
            "about": self.about_id,
            "mode": self.mode,
            "done_on": self.done_on.isoformat() if self.done_on else None,
            "flags": {key: value for key, value in self.flags.items() if value is not None},
            "texts_sha256": digest({name: getattr(self, name) for name in TEXTS}),
            "score": spelled(self.score) if self.score is not None else None,
            "band": self.band,
            "points_sha256": digest(points_shape(self.points.all())),
            "findings": list(self.findings.order_by("pk").values_list("pk", flat=True)),
        }

    def concerned(self) -> int | None:
        """The inspected agency."""
        return self.about_id

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Judgements and points by path, and the clause; raise ``BadAnswer``."""
        del step
        if answers.get("clause") and not is_clause(answers["clause"]):
            raise BadAnswer(problems={"clause": _("Viết số điều khoản, ví dụ 7.5 hoặc 8.5.1.")})
        try:
            if "judgements" in answers:
                answers["judgements"] = clean_judgements(answers["judgements"])
        except ShapeError as error:
            raise BadAnswer(problems=error.problems) from error
        return with_points(answers, self.criteria)

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """What is scored; nothing if the plan has no template."""
        return self.plan.template.criteria if self.plan.template else []

    def counted(self, day: date) -> dict[str, Decimal | None]:
        """Points that the product counts by itself, from the agency's live data."""
        return scores.computed(self.about, self.plan.year, day, self.criteria) if self.criteria else {}

    def options(self, name: str) -> list[tuple[str, str]]:
        """Agencies below the inspecting body."""
        del name
        rows = Unit.objects.under(self.agency).agencies().standing_on(day_of()).exclude(pk=self.agency_id)
        return [(str(one.pk), str(one)) for one in rows.order_by("path")]

    # Ties.

    def tie_team(self, user: User, now: datetime | None) -> bool:
        """In the plan's team by a decision that holds that day."""
        return self.plan.has_member(user, now)

    def tie_own_agency(self, user: User, now: datetime | None) -> bool:
        """Nobody inspects the agency in which they hold a seat."""
        return Seat.objects.held_on(day_of(now)).filter(user=user, unit__agency=self.about_id).exists()

    # Guards.

    def unfit_target(self, act: Act) -> list[str]:
        """Inside the tree, once for each mode, while the plan can still change."""
        about, found = act.answers.get("about", self.about_id), []
        if self.plan.agency_id != self.agency_id or self.plan.state not in ("draft", "issued"):
            found.append(_("Kế hoạch này không nhận thêm thay đổi."))
        same = Inspection.objects.filter(plan=self.plan_id, about=about, mode=act.answers["mode"])
        if same.exclude(state="cancelled").exclude(pk=self.pk).exists():
            found.append(_("Cơ quan này đã có trong kế hoạch với cùng hình thức kiểm tra."))
        return found

    def plan_not_issued(self, act: Act) -> list[str]:
        """An agency is told of what has been decided."""
        del act
        return [] if self.plan.state == "issued" else [_("Kế hoạch kiểm tra chưa được ban hành.")]

    def unfit_judgements(self, act: Act) -> list[str]:
        """Seen on a day that has come; what is done well was done."""
        found = [_("Ngày xem không được ở tương lai.")] if act.answers["seen_on"] > act.day else []
        given = {row["flag"]: row["value"] for row in act.answers["judgements"]}
        return found + contradictions({**self.flags, **given})

    def not_concludable(self, act: Act) -> list[str]:
        """Held on a day that has come, under a plan that was decided; something judged, and every criterion scored that
        nobody can count.
        """
        done_on, decided_on = act.answers["done_on"], self.plan.decided_on
        found = [_("Ngày kiểm tra không được ở tương lai.")] if done_on > act.day else []
        if decided_on is not None and done_on < decided_on:
            words = _("Ngày kiểm tra không được trước ngày %(day)s, ngày ký quyết định ban hành kế hoạch kiểm tra.")
            found.append(words % {"day": f"{decided_on:%d/%m/%Y}"})
        if all(value is None for value in self.flags.values()):
            found.append(_("Chưa ghi nhận định nào."))
        return found + left_over(self.criteria, {*standing(self.points.all()), *known(self.counted(act.day))})

    def unfit_points(self, act: Act) -> list[str]:
        """Other points than the product counts are explained."""
        return unexplained(act, self.counted(act.day))

    def unfit_look(self, act: Act) -> list[str]:
        """Seen on a day that has come, at an address of the web."""
        given, found = act.answers, []
        if given["seen_on"] > act.day:
            found.append(_("Ngày xem không được ở tương lai."))
        if not given["url"].startswith(("http://", "https://")):
            found.append(_("Địa chỉ phải bắt đầu bằng http:// hoặc https://."))
        if (given["alive"], given["posted"]) == ("no", "yes"):
            found.append(_("Trang không mở được thì không thể ghi là có đăng tài liệu."))
        return found

    def open_remediation(self, act: Act) -> list[str]:
        """Ends when every CAR of its findings has, in whatever cycle."""
        del act
        number = Car.objects.filter(root__inspected__inspection=self.pk).exclude(state__in=ENDED).count()
        return [_("Còn %(number)d phiếu khắc phục của cơ quan chưa kết thúc.") % {"number": number}] if number else []

    # What the table's ``then`` names.

    def take_target(self, act: Act) -> None:
        """Whom, and of which kind that agency is."""
        self.about = Unit.objects.get(pk=act.answers["about"])
        self._place(act.day)
        self.take_facts(act)

    def _place(self, day: date) -> None:
        self.kind = Book(self.about).read(self.about, day).kind
        self.search = folded(self.about.name, self.about.code, self.plan.number)

    def take_facts(self, act: Act) -> None:
        """How, and about when."""
        self.mode, self.planned_on = act.answers["mode"], act.answers["planned_on"]
        self.due_on = self.planned_on

    def take_notice(self, act: Act) -> None:
        """From this day the agency sees its inspection."""
        self.announced_on = act.day

    def take_judgements(self, act: Act) -> None:
        """Each flag with inspector, day and evidence; the newest of a flag counts."""
        for row in act.answers["judgements"]:
            self._judged(act, act.answers["seen_on"], row)

    def _judged(self, act: Act, day: date | None, row: dict[str, Any]) -> None:
        setattr(self, row["flag"], row["value"])
        Judgement.objects.create(
            inspection_id=self.pk,
            flag=row["flag"],
            value=row["value"],
            note=row["note"],
            seen_on=day,
            by=act.by,
            at=act.now,
        )

    def take_import(self, act: Act) -> None:
        """An inspection that was carried out before the product was there: ``about``, ``mode``, ``done_on``, flags."""
        given = act.answers["facts"]
        self.about, self.mode, self.done_on = given["about"], given["mode"], given["done_on"]
        self.announced_on = given["done_on"] or self.plan.starts_on
        self.conclusion = given["conclusion"]
        self._place(self.announced_on)
        for row in given["judgements"]:
            self._judged(act, given["done_on"], row)

    def take_conclusion(self, act: Act) -> None:
        """Minutes, conclusion, score; and every finding becomes a CAR of the agency."""
        for name in ("done_on", *TEXTS):
            setattr(self, name, act.answers[name])
        settle_points(act, self.counted(act.day), standing(self.points.all()), inspection=self)
        self._sum()
        for one in self.findings.order_by("pk"):
            one.inspection = self
            fresh = Car(agency_id=self.about_id, unit_id=self.about_id, inspected=one)
            engine.start(fresh, "inspect", by=None, now=act.now)

    def take_points(self, act: Act) -> None:
        """Points as somebody gives them, beside what the product counts that day."""
        keep_points(act, self.counted(act.day), inspection=self)
        self._sum()

    def _sum(self) -> None:
        template = self.plan.template
        if template is not None:
            self.score = sum((row.points for row in standing(self.points.all()).values()), NOTHING)
            self.band = band_of(template.bands, self.score, template.most)

    def take_finding(self, act: Act) -> None:
        """One more nonconformity."""
        InspectionFinding.objects.create(inspection_id=self.pk, by=act.by, at=act.now, **act.answers)

    def take_look(self, act: Act) -> None:
        """What was seen at an address, and when."""
        given = {**act.answers, **{name: act.answers[name] == "yes" for name in ("alive", "posted")}}
        SeenAddress.objects.create(inspection_id=self.pk, by=act.by, at=act.now, **given)
