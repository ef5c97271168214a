"""Which inspections a figure counts: of the day's year until the day, concluded, the last of each agency and mode."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from capa.models import Inspection, InspectionPlan
from capa.services.agencyfacts import compute
from capa.services.behind import behind, lines
from capa.services.rollup import Place, Rows, counted, inspected
from tests.capa import inspected as inspections
from tests.people import World
from workflows import engine
from workflows.models import User

pytestmark = pytest.mark.once


def held(world: World, number: str, done_on: date | None, *, mode: str = "direct", built: bool = True) -> None:
    """An inspection of the commune from before the product, under a plan of its own from March to June."""
    stp = world.unit("stp")
    days = {"decided_on": date(2024, 12, 20), "starts_on": date(2025, 3, 1), "ends_on": date(2025, 6, 30)}
    facts: dict[str, Any] = {"year": 2025, "number": number, "title": number, **days}
    plan = engine.start(InspectionPlan(agency=stp, unit=stp), "import", by=None, facts=facts)
    facts = {"about": world.unit("xa"), "mode": mode, "done_on": done_on, "conclusion": ""}
    facts["judgements"] = inspections.judgements(built_applied=built)
    engine.start(Inspection(agency=stp, unit=stp, plan=plan), "import", by=None, facts=facts)


def told(day: date) -> list[tuple[str, bool | None]]:
    return [(one.mode, one.built_applied) for one in inspected(Place(None, day))]


def test_a_year_is_from_its_first_day_to_its_last(world: World) -> None:
    held(world, "1", date(2025, 1, 1))
    held(world, "2", date(2023, 12, 31), built=False)
    assert told(date(2025, 1, 1)) == told(date(2025, 12, 31)) == [("direct", True)]
    assert told(date(2024, 12, 31)) == told(date(2026, 1, 1)) == told(date(2023, 12, 30)) == []
    assert told(date(2023, 12, 31)) == [("direct", False)]


def test_the_last_to_be_held_counts_and_not_the_last_to_be_entered(world: World) -> None:
    held(world, "1", date(2025, 8, 5))
    held(world, "2", date(2025, 3, 1), built=False)
    held(world, "3", date(2025, 4, 1), mode="website", built=False)
    assert told(date(2025, 3, 1)) == [("direct", False)]
    assert sorted(told(date(2025, 8, 4))) == [("direct", False), ("website", False)]
    assert sorted(told(date(2025, 8, 5))) == [("direct", True), ("website", False)]


def test_one_without_its_day_was_held_by_the_last_day_of_its_plan(world: World) -> None:
    held(world, "1", None)
    assert told(date(2025, 6, 29)) == []
    assert told(date(2025, 6, 30)) == [("direct", True)]


def test_one_under_way_is_not_counted(world: World) -> None:
    inspections.inspection(world, "in_progress")
    assert told(date(2026, 11, 1)) == []


def test_a_list_leads_only_to_what_its_reader_may_see(world: World) -> None:
    one = inspections.inspection(world, "closed")
    place = Place(None, date(2026, 12, 1))
    rows: Rows = {"inspections": inspected(place), "agencies": compute(place.day)}
    figure = counted(rows, {})[0]
    found = behind(place, figure, "in")
    assert found is not None
    assert list(found.ids) == [world.unit("xa").pk]

    def led(reader: User | None) -> list[tuple[bool, str]]:
        told = lines(place, rows, figure, found, found.ids, user=reader)
        return [(bool(line.url), line.inspection) for line in told]

    page = one.get_absolute_url()
    assert led(world.cao) == led(world.xuan) == [(True, page)], "those above, and the agency itself"
    assert led(world.dung) == led(None) == [(False, "")], "nobody beside"
