"""A walk through the life of one nonconformity and its cycles: right and wrong steps, by right and wrong people.

A walk is driven by numbers alone, so that hypothesis can shrink it: each ``Turn`` picks a step, a person, answers and
how many days go by before it, and whether work takes longer: a term is extended, a check fails.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from capa.models import Action, Car
from documents.models import Document
from tests import factories
from tests.capa import records
from tests.people import World
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import Record, User
from workflows.roles import CLOCK, Role

GARBAGE: tuple[Any, ...] = (
    "",
    None,
    "rác",
    -1,
    [],
    {"a": 1},
    ["x"],
    "1900-01-01",
    "2999-12-31",
    "x" * 20_001,
    True,
    0.5,
)
ROUNDS_OF_DOCUMENT = factories.PATH


@dataclass(frozen=True)
class Turn:
    """Numbers that decide one step: 0 everywhere is the right step, by the right person, with right answers, today."""

    step: int = 0
    who: int = 0
    bend: int = 0
    days: int = 0
    slow: bool = False


@dataclass
class Chain:
    """The world of one walk. ``now`` only moves on; ``done`` tells what was tried and what came of it."""

    world: World
    root: Any
    document: Document
    now: datetime
    done: list[tuple[str, str, str]] = field(default_factory=list)
    touched: Record | None = None

    @property
    def day(self) -> date:
        """The calendar day of the walk."""
        return self.now.astimezone(timezone.get_current_timezone()).date()

    def cars(self) -> list[Car]:
        """Every cycle, first to last."""
        return list(Car.objects.filter(root=self.root).order_by("cycle"))

    def take(self, turn: Turn) -> None:
        """Do one turn; a refusal is as good as a deed."""
        self.now += timedelta(days=turn.days, minutes=1)
        car, self.touched = self.cars()[-1], None
        record, action = self.chosen(car, turn.step, turn.slow)
        if action == "renew":
            self.renew(car, dropped=turn.bend % 5 == 4)
            return
        by, given = self.person(record, action, turn.who), self.answers(record, action, turn)
        self.touched = record
        try:
            engine.fire(record, action, by=by, now=self.now, **given)
        except WorkflowError as refused:
            self.done.append((record.state, action, refused.code))
        else:
            self.done.append((record.state, action, "done"))

    # Which step.

    def chosen(self, car: Car, number: int, slow: bool) -> tuple[Record, str]:
        """The next step of the main path, or any step of CAR and actions, or one that does not belong there."""
        if number == 0 or not car.stage.waits_on:
            return self.forward(car, slow)
        tasks = list(Action.objects.filter(car__root=self.root).order_by("created_at", "pk"))
        here: list[tuple[Record, str]] = [(car, step.action) for step in car.machine.steps_from(car.state)]
        here += [(task, step.action) for task in tasks for step in task.machine.steps_from(task.state)]
        here += [(car, "renew")] if car.plan_approved_on else []
        here += [(car, action) for action in ("close", "pass", "approve_plan", "reissue", "cancel")]
        found = [row for row in here if row[1] not in ("issue", "dispute") or number % 7 == 0]
        return found[number % len(found)]

    def forward(self, car: Car, slow: bool) -> tuple[Record, str]:
        """What a willing unit would do next."""
        plain = {
            "reported": "issue", "issued": "acknowledge", "acknowledged": "analyse", "disputed": "uphold",
            "plan_review": "approve_plan", "plan_approved": "entrust",
        }  # fmt: skip
        if car.state == "analysis":
            return car, self.missing(car)
        if car.state == "implementing":
            task = car.actions.filter(state="open").first()
            return (task, "extend" if slow else "finish") if task else (car, "complete")
        if car.state == "awaiting_verification":
            if not car.verdict:
                return car, "fail" if slow else "pass"
            behind = any(not one.is_met(self.day) for one in car.demands.select_related("revision"))
            return car, "renew" if behind else "close"
        return car, plain.get(car.state, "close")

    @staticmethod
    def missing(car: Car) -> str:
        """The next part of a plan that has none of it yet."""
        parts = (
            (car.analysis["root"], "analyse"),
            (car.cause_method, "verify_cause"),
            (car.plan["actions"], "draft_plan"),
            (car.correction, "correct"),
        )
        return next((action for there, action in parts if not there), "submit_plan")

    # By whom.

    def person(self, record: Any, action: str, number: int) -> User | None:
        """Who is fit to do it, or else anybody."""
        if number:
            people = [self.world.people[name] for name in sorted(self.world.people)]
            return people[number % len(people)]
        step = record.machine.step(action, record.state) or record.machine.rows_of(action)[0]
        if step.by == (CLOCK,):
            return None
        if action in ("finish", "ask_more_time") and isinstance(record, Action):
            return record.assignee
        if action in ("pass", "fail"):
            return record.verifier or self.world.binh
        if action == "verify_cause":
            return self.world.hoa
        major = record.machine.name == "car" and record.severity == "major"
        decides = self.world.tuan if major else self.world.quang
        return decides if set(step.by) == {Role.QMR, Role.STEERING_HEAD} else self.world.holder(step.by[0])

    # With which answers.

    def answers(self, record: Any, action: str, turn: Turn) -> dict[str, Any]:
        """Right answers as of the walk's day; if bent, one of them is something else."""
        given = self.right(record, action, turn.bend)
        if turn.bend >= len(GARBAGE) or not given or not turn.bend:
            return given
        name = sorted(given)[turn.step % len(given)]
        return {**given, name: GARBAGE[turn.bend]}

    def right(self, record: Any, action: str, number: int) -> dict[str, Any]:
        """What the step asks for. The number decides between right answers."""
        day, world = self.day, self.world
        own: dict[str, dict[str, Any]] = {
            "correct": {"correction": "Đã thu hồi", "corrected_on": day},
            "draft_plan": {"plan": self.plan(number)},
            "entrust": {"verifier": str((world.binh, world.binh2, world.minh, world.lan)[number % 4].pk)},
            "revise_document": {"document": str(self.document.pk)},
            "waive": {"document": str(self.document.pk), "until": day + timedelta(days=1 + number), "note": "Chờ"},
            "link": {"earlier": str(self.root)},
            "extend": {"due": max(day, record.due_on or day) + timedelta(days=7), "note": "Thiếu người"},
            "reassign": {"assignee": str((world.son, world.lan, world.cua, world.hoa)[number % 4].pk), "note": ""},
            "finish": {"done_on": day, "evidence_text": "Sổ đã lập"},
        }
        given = own.get(action) or records.answers(world, action)
        asked = {ask.name for row in record.machine.rows_of(action) for ask in row.asks}
        return {name: value for name, value in given.items() if name in asked}

    def plan(self, number: int) -> dict[str, Any]:
        """Actions due from the walk's day on, measured by cases or by days, with or without a document."""
        plan = records.car_plan(self.world, documents=(self.document,) if number % 3 == 0 else ())
        first = plan["actions"][0] | {"due": (self.day + timedelta(days=10)).isoformat()}
        second = {**first, "key": "a2", "what": "Tập huấn", "assignee": self.world.son.pk}
        plan["actions"] = [first, second] if number % 2 else [first]
        if number % 4 == 1:
            plan["measure"] |= {"kind": "days", "number": 5}
        return plan

    # Documents.

    def renew(self, car: Car, *, dropped: bool) -> None:
        """The demanded document is opened for revision, and the revision goes all the way, or is given up.

        On the next day: two versions never begin on one.
        """
        self.now += timedelta(days=1)
        try:
            engine.fire(car, "revise_document", by=self.world.lan, now=self.now, document=str(self.document.pk))
        except WorkflowError as refused:
            self.done.append((car.state, "renew", refused.code))
            return
        draft: Any = car.demands.select_related("revision").get(document=self.document).revision
        if dropped:
            engine.fire(draft, "abandon", by=self.world.lan, now=self.now, note="Thôi")
        else:
            for _target, action, name in factories.PATH:
                given: Any = {"decision_on": self.day, "effective_from": self.day} if action == "issue" else {}
                by = self.world.people[name] if name else None
                draft = engine.fire(draft, action, by=by, now=self.now, **given)
        self.touched = draft
        self.done.append((car.state, "renew", "dropped" if dropped else "done"))
