"""The clock carries out a reorganisation whose day has come.

The tree itself changes in one deed (``Reorganisation.rearrange``); what agencies hold follows one thing at a time, each
in a transaction of its own. A run that is broken off leaves whole things, and the next one finds what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows import engine, grants
from workflows.carrying import Carrier, Parting, carriers
from workflows.errors import WorkflowError, WrongState
from workflows.machines.reorganisation import DECIDED, HINDERED, WAITING
from workflows.models import Reorganisation, Unit, day_of
from workflows.rearranging import Plan
from workflows.ticking import Complaint

STRIDE = 200
"""Things of one kind that are looked up at a time."""
NOTE = 4000


def _open(agencies: Collection[int], day: date) -> QuerySet[Any]:
    del day
    found: QuerySet[Any] = Reorganisation.objects.filter(agency__in=list(agencies), state__in=("draft", *DECIDED))
    return found


def _pass_on(record: Reorganisation, parting: Parting) -> None:
    """Who takes over decides on, undoes, and answers for what is in the way."""
    if parting.heir is None:
        raise WorkflowError(_("Chưa có nơi nhận."))
    heir = parting.heir.agency or parting.heir
    engine.fire(record, "hand_over", by=None, now=parting.now, heir=heir.pk)


CARRIER = Carrier(
    "reorganisations",
    lazy("Việc sắp xếp tổ chức chưa xong"),
    lazy("Chuyển cho cơ quan nhận; quyết định đã ghi vẫn được thực hiện"),
    _open,
    _pass_on,
)


def sweep(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Carry out what has been decided and whose day has come, the earliest first; safe to run twice and late.

    Of what has still to wait for its day, say what is in the way by now.
    """
    decided = Reorganisation.objects.filter(state__in=DECIDED).order_by("effective_on", "created_at")
    done, complaints = carry_out(decided.filter(effective_on__lte=day_of(now)), now)
    for record in decided.filter(effective_on__gt=day_of(now)):
        run = Run(record, now)
        run.attempt(run.tell)
        done.update(run.done)
        complaints.extend(run.complaints)
    return done, complaints


def carry_out(records: Iterable[Reorganisation], now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Carry out some that are due; what is in the way is told to who may answer it."""
    done, complaints = Counter[str](), list[Complaint]()
    for record in records:
        run = Run(record, now)
        run.attempt(run.carry_out)
        if run.complaints:
            run.attempt(run.tell)
        done.update(run.done)
        complaints.extend(run.complaints)
    if done["reorganisation.begin"]:
        grants.rebuild(day_of(now))
    return +done, complaints


@dataclass
class Run:
    """One reorganisation being carried out, or carried on."""

    record: Reorganisation
    now: datetime
    done: Counter[str] = field(default_factory=Counter)
    complaints: list[Complaint] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The first day of the new order."""
        return self.record.effective_on or day_of(self.now)

    def attempt(self, part: Callable[[], None]) -> None:
        """Do a part of it; what refuses is told."""
        try:
            part()
        except WrongState:
            pass  # another clock was faster, or somebody has undone it meanwhile
        except WorkflowError as error:
            self.complaints.append(Complaint(str(self.record), error.said))
        except DatabaseError as error:
            self.complaints.append(Complaint(str(self.record), str(error)))

    def carry_out(self) -> None:
        """Change the tree, carry every kind, and say that it is done, if nothing refused. Raises like the door."""
        if self.record.state in WAITING:
            self._fire("begin")
        plan = self.record.read_plan()
        for kind in carriers():
            self._carry_kind(plan, kind)
        if not self.complaints:
            self._fire("finish")

    def tell(self) -> None:
        """Say that something is in the way, or that nothing is any more. Raises like the door."""
        obstacles = self.record.obstacles() or list(dict.fromkeys(one.reason for one in self.complaints))
        hindered = self.record.state in HINDERED
        if obstacles and not hindered:
            self._fire("hinder", note="\n".join(obstacles)[:NOTE])
        if hindered and not obstacles:
            self._fire("clear")

    def _fire(self, action: str, **given: Any) -> None:
        self.record = engine.fire(self.record, action, by=None, now=self.now, **given)
        self.done[f"reorganisation.{action}"] += 1

    def _carry_kind(self, plan: Plan, kind: Carrier) -> None:
        """Everything of a kind; each thing is tried once, and what refuses is told and keeps back nothing else."""
        last = None
        while True:
            left = kind.find(list(plan.endings), self.day).order_by("pk")
            rows = left.filter(pk__gt=last) if last is not None else left
            keys = list(rows.values_list("pk", flat=True)[:STRIDE])
            if not keys:
                return
            for pk in keys:
                self._carry_one(plan, kind, pk)
            last = keys[-1]

    def _carry_one(self, plan: Plan, kind: Carrier, pk: Any) -> None:
        try:
            with transaction.atomic():
                Reorganisation.objects.select_for_update().get(pk=self.record.pk)  # two clocks, one after the other
                thing = kind.find(list(plan.endings), self.day).filter(pk=pk).first()
                if thing is None:
                    return
                kind.carry(thing, self._parting(plan, kind, thing))
        except WorkflowError as error:
            self.complaints.append(Complaint(f"{kind.name} {pk}", error.said))
        except DatabaseError as error:
            self.complaints.append(Complaint(f"{kind.name} {pk}", str(error)))
        else:
            self.done[f"carried.{kind.name}"] += 1

    def _parting(self, plan: Plan, kind: Carrier, thing: Any) -> Parting:
        heir = _heir(plan.heir(thing.unit, thing.pk)) if kind.inherited else None
        if kind.inherited and heir is None:
            raise WorkflowError(_("Chưa có nơi nhận."))
        manner = plan.manner(getattr(thing, kind.of), thing.pk)
        return Parting(heir, manner, self.day, self.record.ground, self.now)


def _heir(ref: str) -> Unit | None:
    """The unit of a reference, ``XA9`` or ``XA9/HCTP``."""
    agency, _slash, part = ref.partition("/")
    units = Unit.objects.select_related("agency").filter(agency__code=agency, code=part or agency, valid_to=None)
    return next((one for one in units if one.is_agency != bool(part)), None)
