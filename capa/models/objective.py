"""Quality objectives of an agency's year, at the level of the agency and of its units, and what was measured."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa import periods
from capa.machines.objective import (
    DIRECTIONS,
    FREQUENCIES,
    MANUAL,
    OBJECTIVE,
    OBJECTIVES,
    SCOPES,
    SOURCES,
)
from capa.models.independence import workers
from capa.models.programme import YEARS
from capa.shapes import digest, folded
from capa.standing import Standing, decimal_of, reached, said, standing_of
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, User, calendar, day_of
from workflows.roles import Role
from workflows.tables import Stage, Step

if TYPE_CHECKING:
    from workflows.engine import Act

MEASURE_DAYS = 5
"""Working days after the end of a period within which it is measured."""
UNDER_WAY = ("running", "due")
TEXTS = ("statement", "measure", "actions", "resources", "method")


class ObjectiveSetQuerySet(RecordQuerySet["ObjectiveSet"]):
    """Sets of objectives by sight."""

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Beside those whom the table names: heads of units, who propose their own (domain §2.2), read the draft."""
        headed = [seat.unit.agency_id for seat in user.seats_held(now) if seat.role == Role.UNIT_HEAD]
        return super().visible_to(user, now) | self.filter(agency__in=headed)


class ObjectiveSet(Record):
    """One year's objectives of an agency."""

    machine = OBJECTIVES

    search = models.TextField(editable=False, default="")
    year = models.PositiveSmallIntegerField(lazy("năm"))
    title = models.CharField(lazy("tên"), max_length=300)
    policy = models.TextField(lazy("chính sách chất lượng, căn cứ"), blank=True)
    conclusion = models.TextField(lazy("đánh giá việc thực hiện"), blank=True)

    objects: ClassVar[ObjectiveSetQuerySet] = ObjectiveSetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("mục tiêu của năm")
        ordering = ("-year", "agency")
        constraints = (models.UniqueConstraint(fields=["agency", "year"], name="objectives_once"),)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="objectives_inbox"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    def get_absolute_url(self) -> str:
        """Page of the year's objectives."""
        return reverse("capa:objectives_year", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """What is decided on: the year, and every objective that stands, by digest."""
        rows = self.objectives.exclude(state="dropped").order_by("pk")
        return {
            "year": self.year,
            "title": self.title,
            "objectives_sha256": digest({str(one.pk): one.facts_sha256() for one in rows}),
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The year is one of ours and has no other set."""
        del step
        if "year" not in answers:
            return answers
        if not YEARS[0] <= answers["year"] <= YEARS[1]:
            raise BadAnswer(problems={"year": _("Năm phải từ %d đến %d.") % YEARS})
        twins = ObjectiveSet.objects.filter(agency=self.agency_id, year=answers["year"])
        if twins.exclude(pk=self.pk).exists():
            raise BadAnswer(problems={"year": _("Cơ quan đã có mục tiêu của năm này.")})
        return answers

    def take_facts(self, act: Act) -> None:
        """Year, title and policy."""
        self.year, self.title, self.policy = act.answers["year"], act.answers["title"], act.answers["policy"]
        self.search = folded(str(self.year), self.title)

    def nothing_proposed(self, act: Act) -> list[str]:
        """A set has at least one objective."""
        del act
        return [] if self.objectives.filter(state="proposed").exists() else [_("Chưa có mục tiêu nào.")]

    def begin_objectives(self, act: Act) -> None:
        """Every objective that was approved starts to run."""
        for one in self.objectives.filter(state="proposed").order_by("pk"):
            engine.fire(one, "begin", by=None, now=act.now)

    def not_measured(self, act: Act) -> list[str]:
        """No objective is judged before the periods that have ended are measured."""
        rows = list(self.objectives.filter(state__in=UNDER_WAY).select_related("owner_set"))
        left = [one for one in rows if one.measured_period < max(1, one.periods_ended(act.day))]
        return [_("Chưa đo đến kỳ gần nhất: %(title)s.") % {"title": one} for one in left]

    def settle_objectives(self, act: Act) -> None:
        """Met or missed, by the last value against the target."""
        self.conclusion = act.answers["conclusion"]
        for one in self.objectives.filter(state__in=UNDER_WAY).order_by("pk"):
            engine.fire(one, "meet" if one.is_reached else "miss", by=None, now=act.now)


class ObjectiveQuerySet(RecordQuerySet["Objective"]):
    """Objectives with year and owner."""

    def for_list(self) -> ObjectiveQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("owner_set", "owner").defer("search")


class Objective(Record):
    """One objective. ``unit`` the agency itself: it stands for the agency as a whole.

    ``value``, ``measured_period`` and ``measured_on`` repeat the measurement of the latest period, so that a list and
    its standing cost no query for each; they are written with it, in the same deed.
    """

    machine = OBJECTIVE
    rests_on = "owner_set"

    search = models.TextField(editable=False, default="")
    owner_set = models.ForeignKey(ObjectiveSet, models.PROTECT, related_name="objectives")
    statement = models.TextField(lazy("mục tiêu"))
    scope = models.CharField(lazy("loại"), max_length=10, choices=SCOPES, default="qms")
    measure = models.CharField(lazy("cách tính, chỉ số đo"), max_length=300)
    source = models.CharField(lazy("nguồn số liệu"), max_length=20, choices=SOURCES, default=MANUAL)
    direction = models.CharField(lazy("chiều"), max_length=10, choices=DIRECTIONS, default="least")
    target = models.DecimalField(lazy("chỉ tiêu"), max_digits=14, decimal_places=3)
    measured_in = models.CharField(lazy("đơn vị tính"), max_length=60)
    frequency = models.CharField(lazy("tần suất"), max_length=10, choices=FREQUENCIES, default="quarter")
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=lazy("người chịu trách nhiệm"))
    actions = models.TextField(lazy("việc phải làm"), blank=True)
    resources = models.TextField(lazy("nguồn lực"), blank=True)
    deadline = models.DateField(lazy("thời hạn"), null=True)
    method = models.TextField(lazy("cách đánh giá"), blank=True)
    value = models.DecimalField(lazy("giá trị đo gần nhất"), max_digits=14, decimal_places=3, null=True)
    measured_period = models.PositiveSmallIntegerField(default=0)
    measured_on = models.DateField(lazy("ngày đo gần nhất"), null=True)

    objects: ClassVar[ObjectiveQuerySet] = ObjectiveQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("mục tiêu")
        ordering = ("owner_set", "unit__path", "created_at")
        indexes = (
            models.Index(fields=["owner", "state", "due_on"], name="objective_inbox"),
            models.Index(fields=["agency", "state"], name="objective_agency"),
        )

    def __str__(self) -> str:
        head = self.statement.strip().splitlines()[0][:120] if self.statement.strip() else ""
        return f"{head} ({self.year})"

    def get_absolute_url(self) -> str:
        """Page of the objective."""
        return reverse("capa:objective", args=[self.pk])

    @property
    def year(self) -> int:
        """The year of its set."""
        return self.owner_set.year

    @property
    def is_reached(self) -> bool:
        """The last value keeps the target; nothing measured keeps none."""
        return reached(self.value, self.direction, self.target)

    @property
    def target_words(self) -> str:
        """Direction, target and unit of measure."""
        return f"{self.get_direction_display()} {said(self.target)} {self.measured_in}"

    @property
    def value_words(self) -> str:
        """The last value with its unit of measure; "" where there is none."""
        return "" if self.value is None else f"{said(self.value)} {self.measured_in}"

    def standing(self, day: date) -> Standing:
        """Met, not met, at risk or not measured on a day."""
        return standing_of(self, day)

    def periods_ended(self, day: date) -> int:
        """How many of its periods have ended before a day."""
        return periods.ended(self.year, self.frequency, day)

    def period_due(self, number: int) -> date:
        """Last day on which a period is measured in time."""
        return calendar().add(periods.last_day(self.year, self.frequency, number), MEASURE_DAYS)

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """The day by which the oldest period not yet measured must be."""
        del act
        return self.period_due(self.measured_period + 1) if stage.state == "due" else None

    def facts_sha256(self) -> str:
        """Digest of what is approved."""
        plain = {name: getattr(self, name) for name in (*TEXTS, "scope", "source", "direction", "measured_in")}
        more = {"target": said(self.target), "frequency": self.frequency, "unit": self.unit_id, "owner": self.owner_id}
        return digest({**plain, **more, "deadline": self.deadline.isoformat() if self.deadline else None})

    def evidence(self) -> dict[str, object]:
        """The objective by digest, and the value on which its standing rests."""
        return {
            "set": str(self.owner_set_id),
            "facts_sha256": self.facts_sha256(),
            "value": None if self.value is None else said(self.value),
            "period": self.measured_period,
            "measured_on": self.measured_on.isoformat() if self.measured_on else None,
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Numbers as people write them; a percentage that the product counts is one of a hundred."""
        del step
        problems = {}
        for name in {"target", "value"} & answers.keys():
            if decimal_of(answers[name]) is None:
                problems[name] = _("Viết một số, ví dụ 85 hoặc 98,5.")
        if answers.get("source", MANUAL) != MANUAL and answers["measured_in"] != "%":
            problems["measured_in"] = _(
                "Số liệu do hệ thống lấy tính bằng phần trăm: đơn vị tính phải là dấu phần trăm."
            )
        if problems:
            raise BadAnswer(problems=problems)
        return answers

    def options(self, name: str) -> list[tuple[str, str]]:
        """People of the unit and of the agency's office; periods that have begun."""
        if name == "owner":
            return [(str(one.pk), str(one)) for one in workers(self.agency_id, self.unit_id, day_of())]
        last = periods.begun(self.year, self.frequency, day_of())
        return [(str(number), periods.label(self.year, self.frequency, number)) for number in range(1, last + 1)]

    def set_is_closed(self, act: Act) -> list[str]:
        """What was submitted is changed only after it came back."""
        del act
        same = self.owner_set.agency_id == self.agency_id
        open_ = self.owner_set.state == "draft" and same
        return [] if open_ else [_("Mục tiêu của năm đã trình, không sửa được nữa.")]

    def unfit_measure(self, act: Act) -> list[str]:
        """Periods are measured in their order; measuring one again needs a reason."""
        number = int(act.answers["period"])
        if number > self.measured_period + 1:
            before = periods.label(self.year, self.frequency, self.measured_period + 1)
            return [_("Cần đo kỳ %(period)s trước.") % {"period": before}]
        if number <= self.measured_period and not act.answers["note"]:
            return [_("Kỳ này đã đo: đo lại phải ghi lý do.")]
        return []

    def take_facts(self, act: Act) -> None:
        """What is to be reached, how it is measured, by whom."""
        given = act.answers
        for name in (*TEXTS, "scope", "source", "direction", "measured_in", "frequency", "deadline"):
            setattr(self, name, given[name])
        self.target, self.owner_id = decimal_of(given["target"]) or Decimal(0), int(given["owner"])
        self.search = folded(self.statement, self.measure)

    def take_value(self, act: Act) -> None:
        """A measurement by hand."""
        self._measured(act, int(act.answers["period"]), decimal_of(act.answers["value"]), note=act.answers["note"])

    def take_figure(self, act: Act) -> None:
        """A measurement that the product took of itself: parts of a hundred, or no value where there is nothing."""
        part, whole = act.answers["part"], act.answers["whole"]
        value = (Decimal(100 * part) / whole).quantize(Decimal("0.001"), ROUND_HALF_UP) if whole else None
        self._measured(act, act.answers["span"], value, part=part, whole=whole)

    def _measured(self, act: Act, number: int, value: Decimal | None, **more: Any) -> None:
        row = {"period": number, "value": value, "as_of": act.day, "by": act.by, "at": act.now, **more}
        Measurement.objects.create(objective=self, **row)
        if number >= self.measured_period:
            self.value, self.measured_period, self.measured_on = value, number, act.day

    def take_owner(self, act: Act) -> None:
        """Another person."""
        self.owner_id = int(act.answers["owner"])


class Measurement(models.Model):
    """What was measured for one period. Rows are added only: of several for a period the newest counts.

    ``part`` of ``whole`` where the product counted; ``value`` is empty where there was nothing to count.
    """

    objective = models.ForeignKey(Objective, models.PROTECT, related_name="measurements")
    period = models.PositiveSmallIntegerField(lazy("kỳ"))
    value = models.DecimalField(lazy("giá trị"), max_digits=14, decimal_places=3, null=True)
    part = models.PositiveIntegerField(lazy("tử số"), null=True)
    whole = models.PositiveIntegerField(lazy("mẫu số"), null=True)
    as_of = models.DateField(lazy("số liệu đến ngày"))
    note = models.TextField(lazy("cách đo"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=lazy("người đo"))
    at = models.DateTimeField(lazy("lúc"))

    class Meta:
        verbose_name = lazy("lần đo")
        ordering = ("objective", "period", "pk")

    def __str__(self) -> str:
        return f"{self.label}: {'—' if self.value is None else said(self.value)}"

    @property
    def label(self) -> str:
        """The period in words."""
        return periods.label(self.objective.year, self.objective.frequency, self.period)

    @property
    def value_words(self) -> str:
        """The value as people write it."""
        return "—" if self.value is None else f"{said(self.value)} {self.objective.measured_in}"
