"""What units are over time: decisions on them, the rules of the country, and how many there were (domain §1.2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows.errors import BadAnswer
from workflows.machines import UNIT_DECISION
from workflows.machines.tree import (
    ASPECTS,
    BY_RULE,
    KIND,
    MANDATORY,
    NAME,
    NO,
    NO_PROCEDURES,
    OBLIGATION,
    OBLIGATIONS,
    YES,
)
from workflows.models.people import Unit, UnitKind
from workflows.models.record import Record, RecordQuerySet
from workflows.tables import Step

if TYPE_CHECKING:
    from workflows.engine import Act

BY_RULE_LABEL = lazy("Theo quy định chung")
YES_NO = ((YES, lazy("Không có thủ tục hành chính")), (NO, lazy("Có thủ tục hành chính")))
AGENCY_KINDS = tuple((value, label) for value, label in UnitKind.choices if value != UnitKind.DIVISION)
MINISTRY_BODIES = "ministry_bodies"
REFERENCE_KINDS = (*AGENCY_KINDS, (MINISTRY_BODIES, lazy("Đơn vị khuyến khích áp dụng thuộc bộ")))
"""Of what a number of the country may be: agencies of a kind, or the bodies of ministries that are encouraged."""
NUMBER_LIMIT = 60
DECIDED = ("about_id", "aspect", "value", "below", "was", "valid_from", "decision_no", "decision_on")
"""Columns of a decision that say what was decided: the database changes them for nobody."""
COLUMNS = {NAME: "name", KIND: "kind"}
"""Aspects of which the unit's own row shows what holds today."""


def values_of(aspect: str) -> tuple[tuple[str, Any], ...]:
    """What a decision on this aspect may say; empty: any text."""
    return {
        KIND: AGENCY_KINDS,
        OBLIGATION: (*OBLIGATIONS, (BY_RULE, BY_RULE_LABEL)),
        NO_PROCEDURES: YES_NO,
    }.get(aspect, ())


class ObligationRule(models.Model):
    """Whether agencies of a kind must apply the system, over ``[valid_from, valid_to)``, by which text."""

    kind = models.CharField(lazy("loại cơ quan"), max_length=20, choices=AGENCY_KINDS)
    obligation = models.CharField(lazy("nghĩa vụ"), max_length=20, choices=OBLIGATIONS)
    valid_from = models.DateField(lazy("từ ngày"))
    valid_to = models.DateField(lazy("đến hết trước ngày"), null=True, blank=True)
    source = models.CharField(lazy("căn cứ"), max_length=300)

    class Meta:
        verbose_name = lazy("nghĩa vụ theo loại cơ quan")
        ordering = ("kind", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=["kind", "valid_from"], name="obligation_rule_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="obligation_rule_interval"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_obligation_display()}"


class ReferenceSetQuerySet(models.QuerySet["ReferenceSet"]):
    """Denominators by day."""

    def on(self, day: date) -> ReferenceSetQuerySet:
        """Sets that count on a day; a bound that is not known does not keep a day out."""
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gt=day))


class ReferenceSet(models.Model):
    """How many units of a kind the country had over ``[valid_from, valid_to)``: a denominator with its source.

    ``number`` and days that no source gives stay empty.
    """

    kind = models.CharField(lazy("loại cơ quan"), max_length=20, choices=REFERENCE_KINDS)
    number = models.PositiveIntegerField(lazy("số lượng"), null=True, blank=True)
    valid_from = models.DateField(lazy("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(lazy("đến hết trước ngày"), null=True, blank=True)
    source = models.CharField(lazy("nguồn"), max_length=300)

    objects = ReferenceSetQuerySet.as_manager()

    class Meta:
        verbose_name = lazy("số đơn vị theo thời kỳ")
        ordering = ("kind", F("valid_to").asc(nulls_last=True))
        constraints = (
            models.UniqueConstraint(fields=["kind", "source"], name="reference_set_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=F("valid_from")),
                name="reference_set_interval",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.number if self.number is not None else '?'}"


class UnitDecisionQuerySet(RecordQuerySet["UnitDecision"]):
    """Decisions with the units they are about."""

    def for_list(self) -> UnitDecisionQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("about")


class UnitDecision(Record):
    """From a day on, a unit is called, is or must what the decision says, until another one says otherwise.

    ``agency`` is who recorded it: the agency itself or one above. ``below``: the decision is about the agencies of this
    kind below ``about``. ``was``: what the unit's own row said before. Intervals follow from the days on which
    decisions begin, so that no two of them can overlap.
    """

    machine = UNIT_DECISION

    about = models.ForeignKey(Unit, models.PROTECT, related_name="decisions")
    aspect = models.CharField(lazy("nội dung"), max_length=20, choices=ASPECTS)
    value = models.CharField(lazy("giá trị mới"), max_length=300)
    below = models.CharField(lazy("cấp dưới loại"), max_length=20, blank=True)
    was = models.CharField(lazy("trước đó"), max_length=300, blank=True)
    valid_from = models.DateField(lazy("từ ngày"))
    decision_no = models.CharField(lazy("số quyết định"), max_length=NUMBER_LIMIT)
    decision_on = models.DateField(lazy("ngày quyết định"))

    objects: ClassVar[UnitDecisionQuerySet] = UnitDecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("quyết định về cơ quan")
        ordering = ("-valid_from", "-created_at")
        indexes = (models.Index(fields=["about", "aspect", "valid_from"], name="unit_decision_about"),)

    def __str__(self) -> str:
        scope = f" ({UnitKind(self.below).label})" if self.below else ""
        return f"{self.about}{scope}: {self.get_aspect_display()} → {self.value_label}"

    @property
    def value_label(self) -> str:
        """What the decision says, in words."""
        return str(dict(values_of(self.aspect)).get(self.value, self.value))

    @property
    def ground(self) -> str:
        """Number and date, as they are cited."""
        return f"{self.decision_no} ({self.decision_on:%d/%m/%Y})"

    def get_absolute_url(self) -> str:
        """Page of the unit it is about."""
        return reverse("workflows:unit", args=[self.about_id])

    def options(self, name: str) -> list[tuple[str, str]]:
        """Kinds of agencies below."""
        return [(value, str(label)) for value, label in AGENCY_KINDS] if name == "below" else super().options(name)

    def evidence(self) -> dict[str, object]:
        """Which unit, and what its own row said."""
        return {"about": self.about_id, "was": self.was}

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """The value must be one of its aspect, numbers as long as they may be."""
        if step.action != "record":
            return answers
        problems, fixed = {}, dict(values_of(answers["aspect"]))
        if fixed and answers["value"] not in fixed:
            problems["value"] = _("Không có lựa chọn này.")
        if answers["below"] and answers["aspect"] != OBLIGATION:
            problems["below"] = _("Chỉ nghĩa vụ áp dụng mới quyết định được cho mọi cơ quan cấp dưới.")
        if len(answers["decision_no"]) > NUMBER_LIMIT:
            problems["decision_no"] = _("Dài quá %(limit)d ký tự.") % {"limit": NUMBER_LIMIT}
        if problems:
            raise BadAnswer(problems=problems)
        return answers

    def unfit(self, act: Act) -> list[str]:
        """About a unit of the own tree; what eases an agency's duty is for the one above it."""
        given, found = act.answers, []
        if self.about.is_agency is False or not self.about.path.startswith(self.agency.path):
            found.append(_("Chỉ quyết định về cơ quan mình và các cơ quan trong cây của mình."))
        if given["decision_on"] > act.day:
            found.append(_("Ngày quyết định không thể sau ngày ghi."))
        own = self.about_id == self.agency_id and self.about.parent_id is not None and not given["below"]
        lifts = (given["aspect"], given["value"]) == (OBLIGATION, MANDATORY)
        if own and given["aspect"] != NAME and not lifts:
            found.append(_("Nội dung này do cơ quan cấp trên quyết định, không tự ghi cho cơ quan mình."))
        return found

    def take(self, act: Act) -> None:
        """Take over what the decision says; today's row of the unit follows, if the day has come."""
        for name in ("aspect", "value", "below", "valid_from", "decision_no", "decision_on"):
            setattr(self, name, act.answers[name])
        column = COLUMNS.get(self.aspect)
        self.was = str(getattr(self.about, column)) if column else ""
        self.settle(act)

    def settle(self, act: Act) -> None:
        """Bring the unit's row to what holds on the day, with this decision as it stands now."""
        column = COLUMNS.get(self.aspect)
        if column is None:
            return
        others = list(UnitDecision.objects.filter(about=self.about_id, aspect=self.aspect).exclude(pk=self.pk))
        standing = [one for one in others if one.state == "standing"]
        holding = latest([*standing, self] if act.step.starts else standing, act.day)
        first = min([*others, self], key=lambda one: one.created_at)
        wanted = holding.value if holding else first.was
        if getattr(self.about, column) != wanted:
            set_column(self.about, column, wanted)


def latest(decisions: list[UnitDecision], day: date) -> UnitDecision | None:
    """The decision that holds on a day: the last to begin, of those of one day the last recorded."""
    begun = [one for one in decisions if one.valid_from <= day]
    return max(begun, key=lambda one: (one.valid_from, one.created_at), default=None)


def set_column(unit: Unit, column: str, value: str) -> None:
    """Write one column of a unit."""
    setattr(unit, column, value)
    unit.save(update_fields=[column, "name_folded"])
