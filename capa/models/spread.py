"""Horizontal spread: a question to agencies below, and one answer of each (domain §5.2: similar cases checked).

An agency that is asked sees the words of the question and its own answer; neither the CAR behind it nor anybody else's.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.car import ENDED
from capa.machines.spread import SPREAD, SPREAD_ANSWER
from capa.models.car import Car
from capa.shapes import digest
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Record, RecordQuerySet, Unit
from workflows.tables import Stage, Step

if TYPE_CHECKING:
    from workflows.engine import Act

MOST = 500
"""Agencies of one question."""
SHOWN = 90


class Spread(Record):
    """``agency`` asks; ``car``: the CAR that gave rise to it, if one did."""

    machine = SPREAD

    car = models.ForeignKey(Car, models.PROTECT, null=True, related_name="spreads")
    wording = models.TextField(lazy("sự không phù hợp cần rà soát"))
    answer_by = models.DateField(lazy("trả lời đến hết ngày"))

    objects: ClassVar[RecordQuerySet[Any]] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("rà soát lan rộng")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="spread_agency_inbox"),)

    def __str__(self) -> str:
        return _("Rà soát lan rộng: %(words)s") % {"words": Truncator(self.wording).chars(SHOWN)}

    def get_absolute_url(self) -> str:
        """Page of the question."""
        return reverse("capa:spread", args=[self.pk])

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """When the answers are due."""
        del act
        return None if stage.final else self.answer_by

    def evidence(self) -> dict[str, object]:
        """What was asked, and on which ground."""
        words = digest({"wording": self.wording})
        return {"car": self.car_id and str(self.car_id), "wording_sha256": words, "answer_by": str(self.answer_by)}

    def options(self, name: str) -> list[tuple[str, str]]:
        """Those who have not answered."""
        if name != "answer":
            return super().options(name)
        waiting = self.answers.filter(state="asked").select_related("agency").order_by("agency__path")
        return [(str(one.pk), str(one.agency)) for one in waiting]

    def clean_answers(self, step: Step, answers: dict[str, Any]) -> dict[str, Any]:
        """Agencies that there are below the one that asks."""
        del step
        given = answers.get("agencies")
        if "agencies" not in answers:
            return answers
        if not isinstance(given, list) or not 0 < len(given) <= MOST or not all(type(one) is int for one in given):
            raise BadAnswer(problems={"agencies": _("Cần chọn từ 1 đến %(n)d cơ quan.") % {"n": MOST}})
        return answers

    def unfit_question(self, act: Act) -> list[str]:
        """To agencies below that stand today, by a day that has not passed; on a CAR of the own tree."""
        found, wanted = [], set(act.answers["agencies"])
        if len(self._asked(act.answers["agencies"], act.day)) != len(wanted):
            found.append(_("Chỉ hỏi các cơ quan cấp dưới đang hoạt động."))
        if act.answers["answer_by"] < act.day:
            found.append(_("Ngày trả lời đã qua."))
        if self.car is not None and not self.car.agency.path.startswith(self.agency.path):
            found.append(_("Phiếu khắc phục này không thuộc cây của cơ quan."))
        return found

    def _asked(self, keys: list[int], day: date) -> list[Unit]:
        below = Unit.objects.under(self.agency).agencies().standing_on(day).exclude(pk=self.agency_id)
        return list(below.filter(pk__in=keys).order_by("path"))

    def send(self, act: Act) -> None:
        """Put the question to each of the agencies; the database checks at the end that the question is there."""
        self.wording, self.answer_by = act.answers["wording"], act.answers["answer_by"]
        fresh = [
            SpreadAnswer(agency=one, unit=one, spread=self, wording=self.wording, answer_by=self.answer_by)
            for one in self._asked(act.answers["agencies"], act.day)
        ]
        engine.start_many(fresh, "receive", by=None, now=act.now)

    def waive_answer(self, act: Act) -> None:
        """Let one agency be without an answer."""
        waived = self.answers.get(pk=act.answers["answer"])
        engine.fire(waived, "waive", by=None, now=act.now, note=act.answers["note"])

    def unfinished(self, act: Act) -> list[str]:
        """Everybody has answered or is let off, and every CAR that came of it has ended."""
        del act
        found, waiting = [], self.answers.filter(state="asked").count()
        if waiting:
            found.append(_("Còn %(n)d cơ quan chưa trả lời.") % {"n": waiting})
        running = Car.objects.filter(root__spread_answers__spread=self).exclude(state__in=ENDED).count()
        if running:
            found.append(_("Còn %(n)d phiếu khắc phục chưa kết thúc.") % {"n": running})
        return found


class AnswerQuerySet(RecordQuerySet["SpreadAnswer"]):
    """Answers with the CARs that came of them."""

    def for_list(self) -> AnswerQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("car")


class SpreadAnswer(Record):
    """What one agency answers; ``wording`` and ``answer_by`` as they were asked, ``car``: what it opened for itself."""

    machine = SPREAD_ANSWER

    spread = models.ForeignKey(Spread, models.PROTECT, related_name="answers")
    wording = models.TextField(lazy("sự không phù hợp cần rà soát"))
    answer_by = models.DateField(lazy("trả lời đến hết ngày"))
    car = models.ForeignKey(Car, models.PROTECT, null=True, related_name="spread_answers")

    objects: ClassVar[AnswerQuerySet] = AnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("trả lời rà soát lan rộng")
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=["spread", "agency"], name="spread_answer_once"),)
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="spread_answer_inbox"),)

    def __str__(self) -> str:
        return _("%(agency)s: %(words)s") % {"agency": self.agency, "words": Truncator(self.wording).chars(SHOWN)}

    def get_absolute_url(self) -> str:
        """Page of the answer."""
        return reverse("capa:spread_answer", args=[self.pk])

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """The day that the one above has set."""
        del act
        return None if stage.final else self.answer_by

    def evidence(self) -> dict[str, object]:
        """The question, and what came of it."""
        return {"spread": str(self.spread_id), "car": self.car_id and str(self.car_id)}

    def open_car(self, act: Act) -> None:
        """Report the own nonconformity by the ordinary door, in the hand of who answers."""
        fresh = Car(agency_id=self.agency_id, unit_id=self.unit_id)
        given = {name: act.answers[name] for name in ("found_on", "description", "evidence_text", "clause")}
        self.car = engine.start(
            fresh, "report", by=act.by, now=act.now, source="self", requirement=self.wording, **given
        )
