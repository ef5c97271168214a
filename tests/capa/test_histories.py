"""A thousand lives of a nonconformity, each with wrong steps among the right ones; what must hold holds after each."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from capa import analysis as analyses
from capa.machines.car import ENDED
from capa.models import Action, Car
from tests.capa import records
from tests.capa.chains import Chain, Turn
from tests.capa.test_duties import OWN
from tests.people import World
from workflows.deeds import proofs
from workflows.models import Move, Seat

pytestmark = pytest.mark.once

HISTORIES = int(os.environ.get("HISTORIES", "160"))
"""On SQLite; ``make histories`` walks a thousand. PostgreSQL walks a tenth of the thousand: what is asked is the same,
and its own walls are tested beside it."""
WHOLE = 1000
PARTS = 8
TURNS = 26
AFTER_APPROVAL = ("plan_approved", "implementing", "awaiting_verification", "closed", "ineffective", "reissued")

turns = st.builds(
    Turn,
    step=st.integers(0, 99).map(lambda n: n - 75 if n > 75 else 0),
    who=st.integers(0, 99).map(lambda n: n - 92 if n > 92 else 0),
    bend=st.integers(0, 99).map(lambda n: n - 86 if n > 86 else 0),
    days=st.sampled_from((0, 0, 0, 1, 3, 12)),
    slow=st.booleans(),
)
histories = st.lists(turns, min_size=TURNS, max_size=TURNS)
STARTS = ("reported", "minor", "major")


# What must hold.


def check_order(car: Car) -> None:
    """Days come in the order of the deeds."""
    pairs = (
        (car.found_on, car.corrected_on),
        (car.plan_approved_on, car.completed_on),
        (car.completed_on, car.verified_on),
        (car.verified_on, car.closed_on),
    )
    assert all(earlier <= later for earlier, later in pairs if earlier and later)
    assert car.closed_on is None or (car.verified_on and car.completed_on and car.plan_approved_on)


def check_plan(car: Car) -> None:
    """No approved plan without a complete, verified cause; and the one who approved had no hand in it."""
    if car.state not in AFTER_APPROVAL:
        assert car.plan_approved_on is None
        return
    assert car.cause_method
    assert car.cause_proof.strip()
    assert analyses.problems(car.analysis) == []
    deeds = {(move.action, move.actor_id) for move in Move.objects.filter(stream=car.pk)}
    (approver,) = [actor for action, actor in deeds if action == "approve_plan"]
    assert not {actor for action, actor in deeds if action in OWN} & {approver}


def check_work(car: Car) -> None:
    """Reported done is only what has no open action; nobody stretches a term more than twice."""
    tasks = list(car.actions.all())
    assert all(task.extensions <= 2 for task in tasks)
    if car.completed_on:
        assert {task.state for task in tasks} <= {"done", "dropped"}
        assert "done" in {task.state for task in tasks}
        assert car.correction.strip()


def check_closed(car: Car) -> None:
    """Closed is only what passed, before somebody else, outside the unit, and with its documents in force."""
    if car.state != "closed":
        assert car.closed_on is None
        return
    assert (car.verdict, bool(car.verification.strip())) == ("passed", True)
    last = {move.action: move for move in Move.objects.filter(stream=car.pk).order_by("seq")}
    passed, closed = last["pass"], last["close"]
    assert passed.seq < closed.seq
    assert passed.actor_id == car.verifier_id != closed.actor_id
    hands = set(Action.objects.filter(car__root=car.root_id).values_list("assignee", flat=True))
    for judge in (passed.actor_id, closed.actor_id):
        assert judge not in hands
        assert not Seat.objects.filter(user=judge, unit=car.unit_id).exists()
    assert car.closed_on
    for demand in car.demands.select_related("revision"):
        waived = demand.waived_until is not None and demand.waived_until >= car.closed_on
        assert waived or (demand.revision and demand.revision.state in ("effective", "superseded"))


def check_chain(cars: list[Car]) -> None:
    """One cycle after the other: only the last can be open, each earlier one failed and says why."""
    assert [car.cycle for car in cars] == list(range(1, len(cars) + 1))
    assert [car.predecessor_id for car in cars] == [None, *(car.pk for car in cars[:-1])]
    assert {(car.state, car.verdict) for car in cars[:-1]} <= {("reissued", "failed")}
    assert cars[-1].state not in ("ineffective", "reissued")
    still = [car for car in cars if car.state not in ENDED]
    assert still == ([] if cars[-1].state in ENDED else cars[-1:])
    assert all(car.severity == "major" for car in cars[1:])


def check_ledger(record: Any) -> None:
    """The row is what its ledger says it is."""
    fresh = type(record).objects.get(pk=record.pk)
    moves = list(Move.objects.of(fresh.pk))
    rows, ends = proofs(fresh, moves)
    assert ends
    assert all(row.sound for row in rows)
    assert len(moves) == fresh.row_version


def check(chain: Chain) -> None:
    """All of it."""
    cars = chain.cars()
    check_chain(cars)
    check_order(cars[-1])
    check_plan(cars[-1])
    check_work(cars[-1])
    check_closed(cars[-1])
    if chain.touched is not None:
        check_ledger(chain.touched)


# The walks.


@pytest.fixture
def beginnings(world: World) -> tuple[dict[str, Car], Any, datetime]:
    """A reported nonconformity and one of each class, on which the walks set out; each walk is undone afterwards."""
    found = {
        "reported": records.car(world, "reported"),
        "minor": records.car(world, "issued", severity="minor"),
        "major": records.car(world, "issued", severity="major"),
    }
    return found, records.fresh_document(world), timezone.now()


seen: Counter[tuple[str, str, str]] = Counter()


def walk(world: World, beginnings: tuple[dict[str, Car], Any, datetime], begin: str, history: list[Turn]) -> Chain:
    """One life."""
    cars, document, now = beginnings
    chain = Chain(world, cars[begin].pk, document, now)
    for turn in history:
        chain.take(turn)
        if chain.done[-1][2] in ("done", "dropped"):
            check(chain)  # a refusal writes nothing; the next deed, and the end, would show it if it did
    for car in chain.cars():
        check_order(car)
        check_ledger(car)
        for task in car.actions.all():
            check_ledger(task)
    seen.update(chain.done)
    return chain


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_people_do(world: World, beginnings: tuple[dict[str, Car], Any, datetime], part: int) -> None:
    """As many as asked for, in parts that run beside each other; the same ones every time."""
    many = HISTORIES if connection.vendor == "sqlite" else WHOLE // 10

    @seed(part)
    @settings(max_examples=many // PARTS, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(begin=st.sampled_from(STARTS), history=histories)
    def walks(begin: str, history: list[Turn]) -> None:
        with transaction.atomic():
            walk(world, beginnings, begin, history)
            transaction.set_rollback(True)

    walks()
    if part == 0 and many >= WHOLE:
        reached = {action for _state, action, outcome in seen if outcome == "done"}
        assert {"fail", "return_plan", "cancel", "waive", "extend", "close"} <= reached, sorted(reached)


def test_the_willing_come_to_an_end(world: World, beginnings: tuple[dict[str, Car], Any, datetime]) -> None:
    """Walks without a wrong turn close the CAR: the walks above do not fail at the first gate."""
    for begin in STARTS:
        with transaction.atomic():
            chain = walk(world, beginnings, begin, [Turn()] * TURNS)
            assert chain.cars()[-1].state == "closed", chain.done
            transaction.set_rollback(True)
