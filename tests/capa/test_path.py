"""The main paths, once each, from the plan of an audit to a closed CAR."""

from __future__ import annotations

import pytest

from capa.models import Car
from tests.capa import records
from tests.people import World

pytestmark = pytest.mark.once


@pytest.mark.parametrize("state", ["draft", "submitted", "reviewed", "approved", "running", "completed"])
def test_programme(world: World, state: str) -> None:
    assert records.programme(world, state).state == state


@pytest.mark.parametrize(
    "state",
    ["planned", "team_appointed", "notified", "in_progress", "findings_agreed", "report_draft", "report_signed",
     "follow_up", "closed", "postponed", "cancelled"],
)  # fmt: skip
def test_round(world: World, state: str) -> None:
    assert records.audit_round(world, state).state == state


@pytest.mark.parametrize(
    "state", ["recorded", "presented", "acknowledged", "disputed", "upheld", "raised", "noted", "withdrawn"]
)
def test_finding(world: World, state: str) -> None:
    assert records.finding(world, state).state == state


@pytest.mark.parametrize("severity", ["minor", "major"])
@pytest.mark.parametrize(
    "state",
    ["reported", "rejected", "issued", "acknowledged", "disputed", "analysis", "plan_review", "plan_approved",
     "implementing", "awaiting_verification", "closed", "reissued", "cancelled"],
)  # fmt: skip
def test_car(world: World, state: str, severity: str) -> None:
    assert records.car(world, state, severity=severity).state == state


def test_a_failed_check_opens_a_linked_cycle_of_raised_severity(world: World) -> None:
    old = records.car(world, "reissued")
    new = Car.objects.get(predecessor=old)
    assert (new.state, new.severity, new.cycle, new.root_id) == ("issued", "major", 2, old.root_id)


@pytest.mark.parametrize("state", ["open", "done", "dropped"])
def test_action(world: World, state: str) -> None:
    assert records.action(world, state).state == state


@pytest.mark.parametrize("state", ["reported", "responded", "closed"])
def test_observation(world: World, state: str) -> None:
    assert records.observation(world, state).state == state
