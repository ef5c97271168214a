"""Two decisions on one agency from one day on: the one that was recorded last holds, in the tree and in the row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import World
from tests.workflows.test_tree import ON, SINCE, decided
from workflows.models import Unit
from workflows.tree import Book

pytestmark = pytest.mark.once


def test_of_two_decisions_from_one_day_the_last_recorded_holds(world: World) -> None:
    for number, (name, duty) in enumerate((("Xã Một", "mandatory"), ("Xã Hai", "encouraged")), start=1):
        decided(world, "xa", "name", name, decision_no=f"{number}/QĐ")
        decided(world, "xa", "obligation", duty, decision_no=f"{number}/QĐ")
    unit = Unit.objects.get(pk=world.unit("xa").pk)
    found = Book(unit).read(unit, SINCE)
    assert (unit.name, found.name, found.obligation.value) == ("Xã Hai", "Xã Hai", "encouraged")
    assert found.obligation.ground == f"2/QĐ ({ON:%d/%m/%Y})"
    before = Book(unit).read(unit, SINCE - timedelta(days=1))
    assert before.name not in ("Xã Một", "Xã Hai")
