"""What must hold before a CAR moves: the guards and ties that its table names."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from capa import analysis as analyses
from capa import plan as plans
from capa.models.car_inspected import CarInspected
from capa.models.independence import AUDITING, audited_since, seated_in, workers
from workflows.models import Move, Seat, User, day_of

if TYPE_CHECKING:
    from workflows.engine import Act

WORK = ("finish", "ask_more_time")
"""Deeds on an action that make a person its implementer."""


class CarGuards(CarInspected):
    """Guards return sentences of what is missing; ties say how a person stands to the CAR."""

    objective = models.ForeignKey("capa.Objective", models.PROTECT, null=True, related_name="cars")

    class Meta:
        abstract = True

    def tie_owner_unit(self, user: User, now: datetime | None) -> bool:
        """The person has had a seat in the unit that answers for it since before it was found (domain §2.2 rule 3)."""
        since = min(self.car.found_on, audited_since(now))
        return bool(seated_in(user, [self.car.unit_id], since, day_of(now)))

    def tie_implementer(self, user: User, now: datetime | None) -> bool:
        """The person did one of the actions, in this cycle or an earlier one of the chain."""
        del now
        streams = self.actions_of_chain()
        mine = Q(actor=user, action__in=WORK, stream__in=streams.values("pk"))
        return streams.filter(assignee=user).exists() or Move.objects.filter(mine).exists()

    def actions_of_chain(self) -> models.QuerySet[Any]:
        """Actions of every cycle."""
        actions: models.QuerySet[Any] = self.car.actions.model.objects.filter(car__root=self.car.root_id)
        return actions

    def fit_verifiers(self, now: datetime | None = None) -> list[User]:
        """Auditors of the agency who may judge this CAR: of another unit, and without a hand in it."""
        seats = Seat.objects.held_on(day_of(now)).filter(role__in=AUDITING, unit__agency=self.car.agency_id)
        people = User.objects.filter(pk__in=seats.values("user")).order_by("full_name", "pk")
        return [one for one in people if not self._hands(one, now)]

    def _hands(self, user: User, now: datetime | None) -> bool:
        planned = next(step.apart for step in self.car.machine.rows_of("pass"))
        own = Move.objects.filter(stream__in=self.cycles(), actor=user, action__in=planned).exists()
        return own or self.tie_owner_unit(user, now) or self.tie_implementer(user, now) or self._will_implement(user)

    def _will_implement(self, user: User) -> bool:
        return any(row["assignee"] == user.pk for row in self.car.plan["actions"])

    def cycles(self) -> list[Any]:
        """Ids of every cycle of the chain."""
        return list(type(self.car).objects.filter(root=self.car.root_id).values_list("pk", flat=True))

    # Guards.

    def unfit_report(self, act: Act) -> list[str]:
        """Nothing is found in the future; what names an objective is about one of the unit that fell short."""
        found = [_("Ngày phát hiện không được ở tương lai.")] if act.answers["found_on"] > act.day else []
        missed = self.objective
        if missed is not None and (act.answers["source"] != "objective" or missed.is_reached):
            found.append(_("Chỉ báo từ mục tiêu chưa đạt, với nguồn “Mục tiêu không đạt”."))
        return found

    def unfit_finding(self, act: Act) -> list[str]:
        """A CAR is raised from an agreed nonconformity of this unit, once."""
        del act
        finding = self.car.finding
        if (
            finding is None
            or finding.result not in ("minor", "major")
            or finding.state not in ("acknowledged", "upheld")
        ):
            return [_("Chỉ lập phiếu từ điểm không phù hợp đã được thống nhất và chưa có phiếu.")]
        if (finding.unit_id, finding.agency_id) != (self.car.unit_id, self.car.agency_id):
            return [_("Phiếu phải thuộc đơn vị có phát hiện.")]
        return []

    def unfit_correction(self, act: Act) -> list[str]:
        """Done on a day that has come, and not before the thing was found."""
        day = act.answers["corrected_on"]
        if day is None or self.car.found_on <= day <= act.day:
            return []
        return [_("Ngày khắc phục xong phải từ ngày phát hiện đến hôm nay.")]

    def cause_missing(self, act: Act) -> list[str]:
        """There is something to verify."""
        del act
        return analyses.problems(self.car.analysis)

    def plan_missing(self, act: Act) -> list[str]:
        """Cause complete and verified, plan complete, people and documents real (domain §5.2; ISO 9001 cl. 10.2.1)."""
        found = analyses.problems(self.car.analysis)
        if not self.car.cause_method:
            found.append(_("Nguyên nhân chưa được kiểm chứng."))
        found += plans.problems(self.car.plan, act.day)
        people = {row["assignee"] for row in self.car.plan["actions"] if row["assignee"]}
        if people - set(workers(self.car.agency_id, self.car.unit_id, act.day).values_list("pk", flat=True)):
            found.append(_("Có người được giao việc không thuộc đơn vị chịu trách nhiệm."))
        wanted = {row["document"] for row in self.car.plan["documents"] if row["document"]}
        known = {key for key, _label in self.car.options("document")}
        if wanted - known:
            found.append(_("Có tài liệu phải sửa không thuộc cơ quan này."))
        return found

    def unfit_verifier(self, act: Act) -> list[str]:
        """The verifier is of another unit and has had no hand in it (rule 3)."""
        fit = {str(one.pk) for one in self.fit_verifiers(act.now)}
        return [] if act.answers["verifier"] in fit else [_("Người này không được kiểm tra hiệu lực của phiếu này.")]

    def unfit_waiver(self, act: Act) -> list[str]:
        """A waiver ends on a day ahead."""
        return [] if act.answers["until"] > act.day else [_("Ngày hết miễn phải sau hôm nay.")]

    def work_left(self, act: Act) -> list[str]:
        """Every action done or dropped, at least one done, and the correction recorded."""
        del act
        states = list(self.car.actions.values_list("state", flat=True))
        found = [_("Còn %(n)d việc chưa làm xong.") % {"n": states.count("open")}] if "open" in states else []
        if "done" not in states:
            found.append(_("Chưa có việc nào làm xong."))
        if not self.car.correction.strip():
            found.append(_("Chưa ghi khắc phục tức thời."))
        return found

    def too_early_to_judge(self, act: Act) -> list[str]:
        """A pass is given only by the measure fixed in advance: after its waiting period, or on enough cases."""
        measure = self.car.plan["measure"]
        if measure["kind"] == "cases":
            if (act.answers["exposures"] or 0) >= measure["number"]:
                return []
            return [_("Phải xem ít nhất %(n)d trường hợp như đã định trong kế hoạch.") % {"n": measure["number"]}]
        if self.car.check_on is not None and act.day < self.car.check_on:
            return [_("Theo kế hoạch, chỉ được kết luận từ ngày %(day)s.") % {"day": f"{self.car.check_on:%d/%m/%Y}"}]
        return []

    def documents_behind(self, act: Act) -> list[str]:
        """The gate: every demanded document is in force in its new version, or waived for today."""
        demands = self.car.demands.select_related("document", "revision")
        text = _("Tài liệu %(code)s chưa có bản sửa đổi có hiệu lực.")
        return [text % {"code": one.document.code} for one in demands if not one.is_met(act.day)]
