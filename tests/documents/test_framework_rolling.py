"""The roll-up of a framework model: the same word as of each agency by itself, at a fixed price."""

from __future__ import annotations

from typing import Any

import pytest

from documents.services.frameworks import BEHIND, standing
from documents.services.rolling import roll
from tests.documents import modelled
from tests.documents.modelled import item
from tests.people import World
from tests.workflows.screens import statements
from workflows.models import Unit, day_of


@pytest.fixture(autouse=True)
def _commune(world: World) -> None:
    modelled.populated(world)


def counted(call: Any) -> int:
    with statements() as found:
        call()
    return len(found)


def test_the_roll_up_costs_the_same_for_many(world: World) -> None:
    version = modelled.model(world, item("hs"), item("dg"))
    modelled.linked(world, version, "hs", fee="Khác")
    roll(version, world.hoa, day_of())  # seats are read once per person
    first = counted(lambda: roll(version, world.hoa, day_of()))
    modelled.linked(world, version, "dg", fee="Khác")
    assert counted(lambda: roll(version, world.hoa, day_of())) == first <= 6


def test_the_roll_up_says_of_each_item_what_its_record_says(world: World) -> None:
    opened = item("dg", open_parts=["fee"])
    version = modelled.model(world, item("hs"), opened, item("ct"), item("tn", required=False), item("mo"))
    modelled.linked(world, version, "hs")
    modelled.linked(world, version, "dg", fee="Khác")
    modelled.linked(world, version, "ct", fee="Khác")
    modelled.taken(world, version, "mo")
    beside = Unit.objects.create(code="XA9", name="Xã Bên", kind="commune", parent=world.unit("stp"))
    later = modelled.moved(world, version, item("hs", parts={"fee": "Mới"}), opened, item("tn", required=False))
    for one, day in ((version, day_of()), (later, modelled.tomorrow().date())):
        rolled = roll(one, world.hoa, day)
        lines = standing(one, [unit.pk for unit in rolled.agencies], day)
        told = {pk: [(line.key, line.status, line.behind) for line in rows] for pk, rows in lines.items()}
        assert {pk: [tuple(mark) for mark in marks] for pk, marks in rolled.marks.items()} == told
        assert rolled.chosen("", "none") == [beside]
    assert {status for _key, status, _behind in told[world.unit("xa").pk]} >= {
        "same",
        "overridden",
        "drifted",
        "drafting",
    }
    assert rolled.tally[BEHIND] == 1
