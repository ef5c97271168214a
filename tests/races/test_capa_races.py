"""Races of corrective action on real connections: one verdict, one next cycle, one CAR per finding, one number each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from capa.machines.car import ENDED
from capa.models import Action, Car, Finding
from tests import people
from tests.capa import records
from tests.people import World
from tests.races.test_races import THREADS, at_once, door, won
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import Move

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 8


@pytest.fixture
def town(transactional_db: None) -> World:
    """The world, committed."""
    return people.build()


def ledger_is_whole(record: Any) -> None:
    """Rows numbered without a gap; the record equals the last of them."""
    fresh = type(record).objects.get(pk=record.pk)
    moves = list(Move.objects.filter(stream=record.pk).order_by("seq"))
    assert [move.seq for move in moves] == list(range(1, len(moves) + 1))
    assert (fresh.row_version, fresh.state, fresh.ledger_hash) == (len(moves), moves[-1].target, moves[-1].hash)


def test_pass_against_fail(town: World) -> None:
    """One verdict; if it failed, one next cycle, and never a passed CAR with a successor."""
    ends: Counter[str] = Counter()
    for _round in range(ROUNDS):
        car = records.car(town, "awaiting_verification")
        deeds = [door(car, verdict, town.binh, **records.answers(town, verdict)) for verdict in ("pass", "fail")]
        assert len(won(at_once(*(deeds * (THREADS // 2))))) == 1
        car.refresh_from_db()
        ledger_is_whole(car)
        following = Car.objects.filter(predecessor=car)
        assert (car.verdict, car.state, following.count()) in (
            ("passed", "awaiting_verification", 0),
            ("failed", "reissued", 1),
        )
        assert Car.objects.filter(root=car.root_id).exclude(state__in=ENDED).count() == 1
        ends[car.verdict] += 1
    assert ends.total() == ROUNDS


def raising(finding: Finding, by: Any) -> Callable[[], Any]:
    """Raise a CAR of a finding, as its page does."""
    fresh = Car(agency_id=finding.agency_id, unit_id=finding.unit_id, finding=finding)
    return partial(engine.start, fresh, "raise", by=by)


def test_one_finding_one_car(town: World) -> None:
    for _round in range(ROUNDS):
        finding = records.finding(town, "acknowledged")
        deeds = [raising(finding, by) for by in (town.binh2, town.hoa)] * (THREADS // 2)
        (car,) = won(at_once(*deeds))
        assert Car.objects.get(finding=finding).pk == car.pk
        ledger_is_whole(car)
        ledger_is_whole(finding)


def test_numbers_are_given_once(town: World) -> None:
    findings = [records.finding(town, "acknowledged") for _each in range(THREADS)]
    cars = won(at_once(*[raising(finding, town.binh2) for finding in findings]))
    assert len({car.number for car in cars}) == len(cars) == THREADS


def patient(deed: Callable[[], Any]) -> Callable[[], Any]:
    """A deed whose conditions may not be met yet."""

    def tried() -> Any:
        try:
            return deed()
        except GuardFailed:
            return None

    return tried


def test_nobody_reports_a_plan_as_done_while_an_action_is_sent_back(town: World) -> None:
    ends: Counter[tuple[str, str]] = Counter()
    for _round in range(ROUNDS):
        car = records.car(town, "implementing")
        records.finish(town, car)
        task = car.actions.get()
        back = patient(door(task, "return", town.quang, note="Chưa đạt"))
        at_once(*([back, patient(door(car, "complete", town.minh))] * (THREADS // 2)))
        car.refresh_from_db()
        ledger_is_whole(car)
        ledger_is_whole(task)
        ends[car.state, Action.objects.get(pk=task.pk).state] += 1
    assert set(ends) <= {("implementing", "open"), ("awaiting_verification", "done")}


def test_no_finding_enters_a_round_that_ends(town: World) -> None:
    """What is recorded while the round moves on is either in it, and keeps it open, or refused."""
    owner = records.audit_round(town, "in_progress")
    records.conform(town, owner)
    place = {"agency_id": owner.agency_id, "unit": town.unit("hctp"), "round": owner}
    written = [
        patient(partial(engine.start, Finding(**place), "record", by=town.binh, **records.recorded()))
        for _each in range(THREADS - 1)
    ]
    at_once(*written, patient(door(owner, "agree", town.binh2, note="")))
    owner.refresh_from_db()
    entered = owner.findings.filter(state="recorded").count()
    assert (owner.state, entered > 0) in (("in_progress", True), ("findings_agreed", False))
