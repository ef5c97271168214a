"""Scoring templates, the points given under them, and the score that an agency gives itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa import scores
from capa.machines.scoring import SELF_SCORE, TEMPLATE
from capa.models.programme import YEARS
from capa.shapes import ShapeError, digest, folded
from capa.sheets import NOTHING, band_of, clean_bands, clean_criteria, clean_points, spelled, total
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, Unit, User
from workflows.tables import Step
from workflows.tree import ids_of

if TYPE_CHECKING:
    from datetime import datetime

    from workflows.engine import Act

FACTS = ("year", "title", "ground", "criteria", "bands")
SETTLED = ("in_force", "replaced")


class TemplateQuerySet(RecordQuerySet["ScoringTemplate"]):
    """Templates by sight and by place."""

    def in_agencies_of(self, user: User, now: datetime | None = None) -> Self:
        """Beside the own tree: what the agencies above have issued, for it is what one is scored by."""
        above = {pk for path in user.agency_paths(now) for pk in ids_of(path)}
        return super().in_agencies_of(user, now) | self.filter(agency__in=above, state__in=SETTLED)

    def for_agency(self, agency: Unit, year: int) -> ScoringTemplate | None:
        """The template in force for an agency and year: its own, or that of the nearest agency above."""
        rows = list(self.filter(agency__in=ids_of(agency.path), year=year, state="in_force").select_related("agency"))
        return max(rows, key=lambda one: len(one.agency.path), default=None)


class ScoringTemplate(Record):
    """One version of a point table. Once it is in force nothing of it changes: a change is a new version.

    ``criteria`` and ``bands`` have the shapes of ``capa.sheets``.
    """

    machine = TEMPLATE

    search = models.TextField(editable=False, default="")
    year = models.PositiveSmallIntegerField(lazy("năm"))
    version = models.PositiveSmallIntegerField(lazy("bản"), default=1)
    title = models.CharField(lazy("tên bảng điểm"), max_length=300)
    ground = models.CharField(lazy("ban hành theo"), max_length=300, blank=True)
    criteria: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    bands: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)

    objects: ClassVar[TemplateQuerySet] = TemplateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("bảng điểm kiểm tra")
        ordering = ("-year", "agency", "-version")
        constraints = (
            models.UniqueConstraint(fields=["agency", "year", "version"], name="scoring_version"),
            models.UniqueConstraint(fields=["agency", "year"], condition=Q(state="in_force"), name="scoring_in_force"),
        )
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="scoring_template_inbox"),)

    def __str__(self) -> str:
        return _("%(title)s (%(year)d, bản %(version)d)") % {
            "title": self.title,
            "year": self.year,
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        """Page of the template."""
        return reverse("capa:scoring_template", args=[self.pk])

    @property
    def most(self) -> Decimal:
        """All points that there are."""
        return total(self.criteria)

    def evidence(self) -> dict[str, object]:
        """Everything by which agencies are scored, by digest."""
        shape = {"criteria": self.criteria, "bands": self.bands, "title": self.title, "ground": self.ground}
        return {"year": self.year, "version": self.version, "texts_sha256": digest(shape)}

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Shapes by path, and a year that is one of ours."""
        del step
        if "year" in answers and not YEARS[0] <= answers["year"] <= YEARS[1]:
            raise BadAnswer(problems={"year": _("Năm phải từ %d đến %d.") % YEARS})
        try:
            if "criteria" in answers:
                answers["criteria"] = clean_criteria(answers["criteria"])
            if "bands" in answers:
                answers["bands"] = clean_bands(answers["bands"])
        except ShapeError as error:
            raise BadAnswer(problems=error.problems) from error
        return answers

    def take_facts(self, act: Act) -> None:
        """The whole table, and the number of this version."""
        if act.step.starts or self.year != act.answers["year"]:
            rows = ScoringTemplate.objects.filter(agency=self.agency_id, year=act.answers["year"])
            self.version = (rows.aggregate(last=models.Max("version"))["last"] or 0) + 1
        for name in FACTS:
            setattr(self, name, act.answers[name])
        self.search = folded(str(self.year), self.title, self.ground)

    def take_force(self, act: Act) -> None:
        """The version before it is replaced in the same deed."""
        before = ScoringTemplate.objects.filter(agency=self.agency_id, year=self.year, state="in_force").first()
        if before is not None:
            engine.fire(before, "replace", by=None, now=act.now)


class SelfScore(Record):
    """An agency scores itself by the inspectors' own template."""

    machine = SELF_SCORE

    year = models.PositiveSmallIntegerField(lazy("năm"))
    template = models.ForeignKey(ScoringTemplate, models.PROTECT, related_name="self_scores")
    score = models.DecimalField(lazy("điểm"), max_digits=8, decimal_places=2, null=True)
    band = models.CharField(lazy("xếp loại"), max_length=300, blank=True)
    confirmed_on = models.DateField(lazy("ngày xác nhận"), null=True)

    class Meta:
        verbose_name = lazy("lần tự chấm điểm")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="self_score_inbox"),)

    def __str__(self) -> str:
        return _("Tự chấm điểm năm %(year)d, %(agency)s") % {"year": self.year, "agency": self.agency}

    def get_absolute_url(self) -> str:
        """Page of the self-score."""
        return reverse("capa:self_score", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """The template and every point that stands."""
        return {
            "template": str(self.template_id),
            "score": spelled(self.score) if self.score is not None else None,
            "points_sha256": digest(points_shape(self.points.all())),
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The year is one of ours; points are those of the template."""
        if "year" in answers and not YEARS[0] <= answers["year"] <= YEARS[1]:
            raise BadAnswer(problems={"year": _("Năm phải từ %d đến %d.") % YEARS})
        return with_points(answers, () if step.starts else self.template.criteria)

    def unexplained(self, act: Act) -> list[str]:
        """Who gives other points than the product counts says why."""
        return unexplained(act, scores.computed(self.agency, self.year, act.day, self.template.criteria))

    def no_template(self, act: Act) -> list[str]:
        """There is something to be scored by."""
        found = ScoringTemplate.objects.for_agency(self.agency, act.answers["year"])
        return [] if found else [_("Chưa có bảng điểm kiểm tra đang áp dụng của năm này.")]

    def not_scored(self, act: Act) -> list[str]:
        """Every criterion that the product cannot count has its points."""
        counted = scores.computed(self.agency, self.year, act.day, self.template.criteria)
        return left_over(self.template.criteria, {*standing(self.points.all()), *known(counted)})

    def take_template(self, act: Act) -> None:
        """By which template, fixed from here on."""
        self.year = act.answers["year"]
        found = ScoringTemplate.objects.for_agency(self.agency, self.year)
        if found is not None:
            self.template = found

    def take_rows(self, act: Act) -> None:
        """Points as somebody gives them, beside what the product counts that day."""
        counted = scores.computed(self.agency, self.year, act.day, self.template.criteria)
        keep_points(act, counted, self_score=self)
        self._sum()

    def settle(self, act: Act) -> None:
        """What nobody wrote by hand is what the product counts on the day."""
        counted, have = scores.computed(self.agency, self.year, act.day, self.template.criteria), self.points.all()
        settle_points(act, counted, standing(have), self_score=self)
        self.confirmed_on = act.day
        self._sum()

    def _sum(self) -> None:
        self.score = sum((row.points for row in standing(self.points.all()).values()), NOTHING)
        self.band = band_of(self.template.bands, self.score, self.template.most)


class Points(models.Model):
    """Points of one criterion as given once. Rows are added only: the newest of a criterion counts.

    ``computed``: what the product counted at that moment, where it counts.
    """

    inspection = models.ForeignKey("capa.Inspection", models.PROTECT, null=True, related_name="points")
    self_score = models.ForeignKey(SelfScore, models.PROTECT, null=True, related_name="points")
    criterion = models.CharField(max_length=40)
    points = models.DecimalField(lazy("điểm"), max_digits=8, decimal_places=2)
    computed = models.DecimalField(lazy("điểm hệ thống tính"), max_digits=8, decimal_places=2, null=True)
    note = models.TextField(lazy("nhận xét"), blank=True)
    evidence = models.TextField(lazy("bằng chứng"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = lazy("điểm")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(inspection=None, self_score__isnull=False) | Q(inspection__isnull=False, self_score=None),
                name="points_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


def with_points(answers: dict[str, Any], criteria: Any) -> dict[str, Any]:
    """Answers whose rows of points are clean; raises ``BadAnswer``."""
    try:
        if "rows" in answers:
            answers["rows"] = clean_points(answers["rows"], criteria)
    except ShapeError as error:
        raise BadAnswer(problems=error.problems) from error
    return answers


def standing(rows: models.QuerySet[Points]) -> dict[str, Points]:
    """The newest row of each criterion; one query."""
    return {row.criterion: row for row in rows.select_related("by").order_by("pk")}


def points_shape(rows: models.QuerySet[Points]) -> dict[str, object]:
    """Points as they stand, for digests."""
    found = standing(rows)
    return {key: [spelled(row.points), row.note, row.evidence] for key, row in found.items()}


def known(counted: dict[str, Decimal | None]) -> set[str]:
    """Criteria that could be counted."""
    return {key for key, value in counted.items() if value is not None}


def left_over(criteria: list[dict[str, Any]], have: set[str]) -> list[str]:
    """A sentence for each criterion without points."""
    text = _("Chưa chấm: %(text)s.")
    return [text % {"text": one["text"]} for one in criteria if one["key"] not in have]


def unexplained(act: Act, counted: dict[str, Decimal | None]) -> list[str]:
    """Who gives other points than the product counts says why."""
    return [
        _("Điểm khác với số hệ thống tính (%(points)s) thì phải ghi nhận xét.") % {"points": spelled(value)}
        for row in act.answers["rows"]
        if (value := counted.get(row["criterion"])) is not None and value != row["points"] and not row["note"]
    ]


def keep_points(act: Act, counted: dict[str, Decimal | None], **whose: Any) -> None:
    """Write down the points of a deed."""
    for row in act.answers["rows"]:
        Points.objects.create(by=act.by, at=act.now, computed=counted.get(row["criterion"]), **row, **whose)


def settle_points(act: Act, counted: dict[str, Decimal | None], have: dict[str, Points], **whose: Any) -> None:
    """Write down what is counted and nobody gave by hand."""
    for key, value in counted.items():
        if value is not None and key not in have:
            Points.objects.create(criterion=key, points=value, computed=value, by=None, at=act.now, **whose)
