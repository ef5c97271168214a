"""Statements per request: the same for three rows as for thirty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.models import Document, DocumentVersion, Regulation
from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from workflows import engine
from workflows.models import Move, User

pytestmark = pytest.mark.once

Call = Callable[[User | None], Caller]

PLACES = "versions impacts campaigns regulations documents units seats committees inbox machines"
LISTS = [f"{place}/" for place in PLACES.split()] + ["documents/?on=2026-06-01"]


def statements(caller: Caller, address: str) -> tuple[int, Any]:
    with CaptureQueriesContext(connection) as caught:
        response = caller.get(address)
    assert response.status_code == 200, response.content
    return len(caught), response.json()


def grow(world: World, rows: int) -> Regulation:
    """That many procedures in force that cite an act, an item for each, and a draft of each."""
    for _row in range(rows):
        item = factories.impact(world, "impact_confirmed")
    factories.version(world, "unit_review")
    return factories.act_of(item)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_whatever_its_length(world: World, call: Call, address: str) -> None:
    caller = call(world.phuc)
    caller.get(address)
    grow(world, 3)
    few, _shown = statements(caller, address)
    grow(world, 27)
    many, shown = statements(caller, address)
    assert many == few
    if address in ("versions/", "impacts/", "documents/"):
        assert shown["count"] >= 30
    # Session and person, its seats, count and rows, and the session's new end (three statements, a savepoint among
    # them); documents read their versions in force along, the inbox counts and reads each table.
    assert many <= {"documents/": 9, "documents/?on=2026-06-01": 9, "inbox/": 12}.get(address, 8)


def test_what_an_act_hits_costs_the_same_for_three_as_for_thirty(world: World, call: Call) -> None:
    caller = call(world.phuc)
    address = f"regulations/{grow(world, 3).pk}/impact/"
    few, _shown = statements(caller, address)
    grow(world, 27)
    many, shown = statements(caller, address)
    assert (few, shown["count"]) == (many, 30)
    assert many <= 11


def test_a_detail_costs_the_same_however_long_its_history(world: World, call: Call) -> None:
    record = factories.version(world)
    caller = call(world.lan)
    caller.get(f"versions/{record.pk}/")
    costs = []
    for _round in range(2):
        costs.append([statements(caller, at)[0] for at in (f"versions/{record.pk}/", f"moves/?stream={record.pk}")])
        for _edit in range(10):
            done = caller.do(
                record,
                "edit",
                expected_version=DocumentVersion.objects.get(pk=record.pk).row_version,
                content=factories.content(),
            )
            assert done.status_code == 200
    assert costs[0] == costs[1]
    assert Move.objects.filter(stream=record.pk).count() == 21


def test_a_document_costs_the_same_however_many_versions_it_has(world: World, call: Call) -> None:
    caller, costs = call(world.phuc), []
    old = factories.in_force(world)
    caller.get("units/")
    for _round in range(2):
        costs.append(statements(caller, f"documents/{old.document_id}/")[0])
        for _draft in range(4):
            factories.version(world, "cancelled", owner=Document.objects.get(pk=old.document_id))
    assert costs[0] == costs[1]


def test_a_step_costs_the_door_and_a_little(world: World, call: Call) -> None:
    """Beyond the door: session (5), kept answer (5), wall (2), and the record as it is then (4)."""
    mine, theirs = factories.version(world, "pending_approval"), factories.version(world, "pending_approval")
    with CaptureQueriesContext(connection) as door:
        engine.fire(mine, "approve", by=User.objects.get(pk=world.tuan.pk), expected=mine.row_version)
    caller = call(world.tuan)
    caller.get("units/")
    with CaptureQueriesContext(connection) as whole:
        assert caller.do(theirs, "approve", key="k").status_code == 200
    assert len(whole) - len(door) <= 18
