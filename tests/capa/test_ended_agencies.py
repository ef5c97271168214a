"""An agency ended by decision in the figures, and a move of it for those who look through it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from capa.services.agencyfacts import compute
from capa.services.known import Place, units
from capa.services.rollup import Place as Node
from capa.services.rollup import references
from capa.services.upkeep import facts, recompute
from tests.people import World
from tests.workflows.mergers import TODAY, decided, merge, second_commune
from workflows.handing import sweep
from workflows.models import ReferenceSet, Unit


@pytest.mark.parametrize("line", [merge("XA1", "XB1"), {"what": "abolish", "unit": "XA1", "into": []}])
def test_kept_figures_know_of_an_end_on_the_same_day(world: World, line: dict[str, Any]) -> None:
    second_commune(world)
    recompute(TODAY)
    assert world.unit("xa").pk in {one.agency for one in facts(TODAY, TODAY)}
    decided(world, line, on=TODAY)
    assert sweep(timezone.now())[1] == []
    kept = facts(TODAY, TODAY)
    assert world.unit("xa").pk not in {one.agency for one in kept}
    assert kept == compute(TODAY)


def test_an_end_that_was_foreseen_for_later_comes_with_the_decision(world: World) -> None:
    foreseen = Unit.objects.create(
        code="XZ", name="Xã Z", kind="commune", parent=world.unit("stp"), valid_to=TODAY + timedelta(days=30)
    )
    decided(world, {"what": "abolish", "unit": "XZ", "into": []}, on=TODAY)
    sweep(timezone.now())
    foreseen.refresh_from_db()
    assert foreseen.valid_to == TODAY


def test_an_heir_looks_through_the_ended_agency_wherever_that_is_moved(world: World) -> None:
    second_commune(world)
    Unit.objects.create(code="SM", name="Sở Nội vụ", kind="department", parent=world.unit("tinh"))
    decided(world, merge("XA1", "XB1"), on=TODAY)
    sweep(timezone.now())
    decided(world, {"what": "move", "unit": "STP", "parent": "SM"}, on=TODAY, number="6")
    sweep(timezone.now())
    ended, heir = Unit.objects.get(code="XA1"), Unit.objects.get(code="XB1")
    assert ended.path.startswith(Unit.objects.get(code="SM").path)
    assert heir.inherits == [ended.path]


def test_a_unit_that_has_ended_is_none_to_be_audited(world: World) -> None:
    stp = world.unit("stp")
    gone = Unit.objects.create(
        code="CU", name="Phòng cũ", kind="division", parent=stp, valid_to=TODAY - timedelta(days=400)
    )
    now = set(units(Place(stp, TODAY, TODAY.year)))
    assert world.unit("hctp") in now
    assert gone not in now


def test_the_reference_number_of_a_day_is_the_latest_that_has_begun(world: World) -> None:
    del world
    day = TODAY.replace(year=2022, month=1, day=1)
    ReferenceSet.objects.create(
        kind="commune", number=10599, valid_from=day - timedelta(days=30), valid_to=day + timedelta(days=30), source="S"
    )
    assert references(Node(None, day))["commune"].number == 10599
