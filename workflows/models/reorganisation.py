"""A reorganisation: what happens to which agencies by one decision, from a day on (domain §1.1, §10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows import carrying, engine, rivals
from workflows.errors import BadAnswer
from workflows.machines import REORGANISATION
from workflows.machines.reorganisation import DECIDED, FOUND, MANNERS, MERGE, MOVE, OFFER, RENAME, WAITING, WHAT
from workflows.machines.tree import NAME
from workflows.models.committee import checked_number
from workflows.models.people import Committee, Seat, Unit
from workflows.models.record import Record, RecordQuerySet
from workflows.models.tree import AGENCY_KINDS, NUMBER_LIMIT, UnitDecision
from workflows.rearranging import MOST, Line, Plan, line_of
from workflows.tables import Step
from workflows.text import nfc

if TYPE_CHECKING:
    from workflows.engine import Act

TEXTS = {"unit": 40, "name": 300, "parent": 40, "kind": 20, "what": 20, "documents": 20}
TABLES = ("units", "things", "documents")
CHOICE_LIMIT = 5000


class FormerParent(models.Model):
    """Under whom an agency stood until a day: the tree of earlier days is read with it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="former_parents")
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    until = models.DateField(lazy("đến hết trước ngày"))
    reorganisation = models.ForeignKey("workflows.Reorganisation", models.PROTECT, related_name="moved")

    class Meta:
        verbose_name = lazy("trực thuộc trước đây")
        ordering = ("until", "pk")

    def __str__(self) -> str:
        return f"{self.unit} · {self.parent} · {self.until}"


class Reorganisation(Record):
    """``lines`` and ``choices`` as in ``workflows.rearranging``; ``agency`` is who decides: one above all that it
    touches, or an agency itself for its name.
    """

    machine = REORGANISATION

    lines: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    choices: models.JSONField[dict[str, dict[str, str]], dict[str, dict[str, str]]] = models.JSONField(default=dict)
    decision_no = models.CharField(lazy("số quyết định"), max_length=NUMBER_LIMIT, blank=True)
    decision_on = models.DateField(lazy("ngày quyết định"), null=True)
    effective_on = models.DateField(lazy("có hiệu lực từ ngày"), null=True, db_index=True)

    objects: ClassVar[RecordQuerySet[Any]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("sắp xếp tổ chức")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["state", "effective_on"], name="reorganisation_due"),)

    def __str__(self) -> str:
        if self.decision_no:
            return _("Sắp xếp tổ chức theo quyết định %(number)s") % {"number": self.decision_no}
        return _("Sắp xếp %(number)d cơ quan (dự thảo)") % {"number": len({row["unit"] for row in self.lines})}

    def get_absolute_url(self) -> str:
        """Page of the reorganisation."""
        return reverse("workflows:reorganisation", args=[self.pk])

    def read_plan(self) -> Plan:
        """The lines with the units as they are now."""
        return Plan([line_of(row) for row in self.lines], self.choices, self.agency)

    @property
    def ground(self) -> str:
        """Number and date, as they are cited."""
        dated = f" ({self.decision_on:%d/%m/%Y})" if self.decision_on else ""
        return f"{self.decision_no}{dated}"

    def evidence(self) -> dict[str, object]:
        """All that was decided."""
        return {
            "lines": self.lines,
            "choices": self.choices,
            "effective_on": self.effective_on and str(self.effective_on),
        }

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Lines and choices in their shape; the number as long as it may be."""
        del step
        if "lines" in answers:
            answers["lines"] = clean_lines(answers["lines"])
        if "choices" in answers:
            answers["choices"] = self._clean_choices(answers["choices"])
        checked_number(answers.get("decision_no", ""))
        return answers

    def _clean_choices(self, given: Any) -> dict[str, dict[str, str]]:
        whole = isinstance(given, Mapping) and set(given) <= set(TABLES)
        if not whole or not all(isinstance(one, Mapping) and len(one) <= CHOICE_LIMIT for one in given.values()):
            raise BadAnswer(problems={"choices": _("Lựa chọn gồm units, things và documents.")})
        plan = self.read_plan()
        places = {ref for pk in plan.endings for ref in plan.places(pk)}
        fits = {"units": places, "things": places, "documents": dict(MANNERS)}
        kept = {(name, key, one) for name, rows in self.choices.items() for key, one in rows.items()}
        asked = {(name, str(key), str(one)) for name, rows in given.items() for key, one in rows.items()} - kept
        wrong = sorted(one for name, _key, one in asked if one not in fits[name])
        if wrong:
            raise BadAnswer(problems={"choices": _("Không có nơi nhận “%(one)s”.") % {"one": wrong[0][:100]}})
        return {name: {str(key)[:40]: str(one) for key, one in rows.items() if one} for name, rows in given.items()}

    # Guards.

    def out_of_reach(self, act: Act) -> list[str]:
        """What the lines name lies in the tree of who decides."""
        return Plan([line_of(row) for row in act.answers["lines"]], {}).problems(self.agency, act.day)

    def unready(self, act: Act) -> list[str]:
        """Decided by today for a day that has not passed; everything open has somebody who takes it."""
        day, found = act.answers["effective_on"], []
        if act.answers["decision_on"] > act.day:
            found.append(_("Ngày quyết định không thể sau ngày ghi."))
        if day < act.day:
            found.append(_("Ngày hiệu lực đã qua."))
        plan = self.read_plan()
        return [*found, *plan.problems(self.agency, day), *self._rivals(plan, day), *unassigned(plan, day)]

    def rewritten(self, act: Act) -> list[str]:
        """What was decided stays so: afterwards only what has nobody is given to somebody."""
        plan, day, given = self.read_plan(), self.effective_on or act.day, act.answers["choices"]
        was, asked = (
            {(name, key, one) for name, rows in choices.items() for key, one in rows.items()}
            for choices in (self.choices, given)
        )
        changed = {(name, key) for name, key, _one in was ^ asked}
        lone = {str(unit.pk) for pk in plan.endings for unit in plan.parts[pk] if not plan.heir(unit)}
        things = {str(pk) for _kind, _unit, pk in lacking(plan, day)}
        free = {("units", key) for key in lone} | {(name, key) for name in ("things", "documents") for key in things}
        if not changed:
            return [_("Chưa chọn thêm nơi nhận nào.")]
        return [_("Đã quyết định thì chỉ chọn được nơi nhận cho cái chưa có nơi nhận.")] if changed - free else []

    def unfit_import(self, act: Act) -> list[str]:
        """A decision from elsewhere, maybe long past: its lines must fit the tree, and nothing open be left over."""
        plan, day = Plan([line_of(row) for row in act.answers["lines"]], {}), act.answers["effective_on"]
        return [*plan.problems(None, day), *self._rivals(plan, day), *unassigned(plan, day)]

    def _rivals(self, plan: Plan, day: date) -> list[str]:
        rivals.lock(plan)
        others = Reorganisation.objects.filter(state__in=DECIDED).exclude(pk=self.pk)
        dated = [([line_of(row) for row in one.lines], one.effective_on) for one in others if one.effective_on]
        return rivals.clashes((plan.lines, day), dated)

    def unripe(self, act: Act) -> list[str]:
        """From 00:00 of its day on, if the tree is still as the decision saw it."""
        if self.effective_on is None or act.day < self.effective_on:
            return [_("Chưa đến ngày hiệu lực.")]
        return self.read_plan().problems(None, self.effective_on)

    def obstacles(self) -> list[str]:
        """What is known to keep it from being carried out, or carried on."""
        plan, day = self.read_plan(), self.effective_on or date.max
        ahead = plan.problems(None, day) if self.state in WAITING else []
        return [*ahead, *unassigned(plan, day)]

    def unfinished(self, act: Act) -> list[str]:
        """Everything has been carried."""
        del act
        ending = list(self.read_plan().endings)
        day = self.effective_on or date.max
        return [
            _("Còn %(what)s chưa chuyển giao.") % {"what": one.label}
            for one in carrying.carriers()
            if one.find(ending, day).exists()
        ]

    # What the table's ``then`` names.

    def take_lines(self, act: Act) -> None:
        """Take over the lines; choices are made anew, because they may name who is gone."""
        self.lines, self.choices = act.answers["lines"], {}

    def take_choices(self, act: Act) -> None:
        """Who takes over what."""
        self.choices = act.answers["choices"]

    def take_decision(self, act: Act) -> None:
        """Number and days."""
        for name in ("decision_no", "decision_on", "effective_on"):
            setattr(self, name, act.answers[name])

    def take_import(self, act: Act) -> None:
        """All at once."""
        self.take_lines(act)
        self.take_decision(act)

    def rearrange(self, act: Act) -> None:
        """Change the tree itself: found, rename, move, end. What agencies hold follows stride by stride."""
        plan, day = self.read_plan(), self.effective_on or act.day
        list(Unit.objects.select_for_update().filter(pk__in=[one.pk for one in plan.units.values()]).order_by("pk"))
        founded = {one.unit: self._found(one, plan, day) for one in plan.lines if one.what == FOUND}
        units = {**plan.units, **founded}
        for one in plan.lines:
            if one.what == RENAME:
                self._rename(units[one.unit], one.name, act)
            if one.what == MOVE:
                self._move(units[one.unit], units[one.parent], day)
            if one.ends:
                self._end(one, plan, units, day)

    def _found(self, one: Line, plan: Plan, day: date) -> Unit:
        above = plan.units.get(one.parent)
        return Unit.objects.create(code=one.unit, name=one.name, kind=one.kind, parent=above, valid_from=day)

    def _rename(self, unit: Unit, name: str, act: Act) -> None:
        given = {"aspect": NAME, "value": name, "below": "", "valid_from": self.effective_on}
        given |= {"decision_no": self.decision_no, "decision_on": self.decision_on}
        fresh = UnitDecision(about=unit, agency_id=self.agency_id, unit_id=self.agency_id)
        engine.start(fresh, "record", by=None, now=act.now, **given)

    def _move(self, unit: Unit, above: Unit, day: date) -> None:
        unit.refresh_from_db()
        above.refresh_from_db()
        FormerParent.objects.create(unit=unit, parent_id=unit.parent_id, until=day, reorganisation=self)
        old, new = unit.path, f"{above.path}{unit.pk}/"
        unit.parent = above
        unit.save(update_fields=["parent"])
        Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
        for heir in Unit.objects.exclude(inherits=[]):
            moved = [new + path.removeprefix(old) if path.startswith(old) else path for path in heir.inherits]
            if moved != heir.inherits:
                heir.inherits = moved
                heir.save(update_fields=["inherits"])

    def _end(self, one: Line, plan: Plan, units: Mapping[str, Unit], day: date) -> None:
        unit = units[one.unit]
        heirs = [units[code] for code in one.into]
        moved = {line.unit for line in plan.lines if line.what == MOVE or line.ends}
        for child in plan.children:
            stays = child.valid_to is None or child.valid_to > day
            if child.parent_id == unit.pk and child.code not in moved and stays and len(heirs) == 1:
                self._move(child, heirs[0], day)
        ending_seats([unit.pk], day).update(valid_to=day)
        ending_committees([unit.pk], day).update(valid_to=day)
        mine = Unit.objects.filter(agency=unit.pk).exclude(valid_to__lte=day)
        mine.filter(valid_from__gte=day).update(valid_to=models.F("valid_from"))  # it never begins
        mine.exclude(valid_from__gte=day).update(valid_to=day)
        unit.refresh_from_db()
        if one.what == MERGE:
            unit.successor = heirs[0]
        # Saved and not only updated: who keeps figures and pages of the agency hears of a save alone.
        unit.save(update_fields=["valid_to", "successor"])
        for heir in heirs:
            heir.refresh_from_db()
            heir.inherits = [
                *heir.inherits,
                *(path for path in (unit.path, *unit.inherits) if path not in heir.inherits),
            ]
            heir.save(update_fields=["inherits"])


def clean_lines(given: Any) -> list[dict[str, Any]]:
    """Lines of texts, each with all keys; raises ``BadAnswer``. Whether they make sense is for the guards."""
    if not isinstance(given, list) or not given or len(given) > MOST:
        raise BadAnswer(problems={"lines": _("Cần từ 1 đến %(n)d dòng.") % {"n": MOST}})
    return [_clean_line(row) for row in given]


def _clean_line(row: Any) -> dict[str, Any]:
    if not isinstance(row, Mapping) or not set(row) <= {*TEXTS, "into"}:
        raise BadAnswer(problems={"lines": _("Có dòng không đúng mẫu.")})
    texts, into = {name: row.get(name) or "" for name in TEXTS}, row.get("into", [])
    texts["documents"] = texts["documents"] or OFFER
    right = isinstance(into, list) and len(into) <= MOST
    if not right or not all(isinstance(one, str) and "\x00" not in one for one in (*texts.values(), *into)):
        raise BadAnswer(problems={"lines": _("Có dòng không đúng mẫu.")})
    if any(len(texts[name]) > limit for name, limit in TEXTS.items()):
        raise BadAnswer(problems={"lines": _("Có dòng dài quá mức cho phép.")})
    fits: dict[str, Collection[str]] = {
        "what": [value for value, _label in WHAT],
        "documents": [value for value, _label in MANNERS],
        "kind": ["", *(str(value) for value, _label in AGENCY_KINDS)],
    }
    if any(texts[name] not in allowed for name, allowed in fits.items()):
        raise BadAnswer(problems={"lines": _("Có dòng chọn điều không có trong danh mục.")})
    return {**{name: nfc(text).strip() for name, text in texts.items()}, "into": [nfc(one).strip() for one in into]}


def ending_seats(agencies: list[int], day: date) -> models.QuerySet[Seat]:
    """Seats that would still run on the day on which their agencies end; those that would begin later never count."""
    return Seat.objects.filter(unit__agency__in=agencies, valid_from__lt=day).exclude(valid_to__lte=day)


def ending_committees(agencies: list[int], day: date) -> models.QuerySet[Committee]:
    """The same of committees."""
    return Committee.objects.filter(agency__in=agencies, valid_from__lt=day).exclude(valid_to__lte=day)


def lacking(plan: Plan, day: date) -> Iterator[tuple[carrying.Carrier, Unit, object]]:
    """What is open and has nobody who takes it: kind, unit and key."""
    by_unit = {unit.pk: unit for units in plan.parts.values() for unit in units}
    for kind in carrying.carriers():
        if kind.inherited:
            for pk, unit in kind.find(list(plan.endings), day).order_by().values_list("pk", "unit"):
                if not plan.heir(by_unit[unit], pk):
                    yield kind, by_unit[unit], pk


def unassigned(plan: Plan, day: date) -> list[str]:
    """The same by kind and unit, in words; a thing is not named: who decides may not read it."""
    left = Counter((kind.label, unit) for kind, unit, _pk in lacking(plan, day))
    words = _("%(unit)s: %(number)d %(kind)s chưa có nơi nhận.")
    return [words % {"unit": unit, "number": number, "kind": label} for (label, unit), number in left.items()]
