"""The ISO year: each step as the records show it, in its order, with the lists behind its numbers."""

from __future__ import annotations

import re

from capa.services.isoyear import DONE, NOT_STARTED, STEPS, UNDER_WAY, year_of
from capa.services.known import Place
from tests import factories
from tests.capa import records, yearly
from tests.people import World
from tests.workflows.screens import text

NUMBERS = re.compile(r'<a data-number href="([^"]+)">(\d+)</a>')


def states(world: World, unit: str = "stp") -> list[str]:
    """How the steps of this year stand."""
    place = Place(world.unit(unit), records.in_days(0), yearly.YEAR)
    return [step.found.state for step in year_of(place)]


def test_a_year_in_which_nothing_was_done(world: World) -> None:
    assert states(world) == [NOT_STARTED] * len(STEPS)


def test_each_step_follows_its_records(world: World) -> None:
    owner = yearly.objectives(world, "submitted")
    assert states(world)[0] == UNDER_WAY
    yearly.advance(world, owner, "running")
    assert states(world)[:2] == [DONE, NOT_STARTED]
    one = yearly.measure(world, owner.objectives.get(), 1)
    assert states(world)[1] == UNDER_WAY
    for number in range(2, one.periods_ended(records.in_days(0)) + 1):
        yearly.measure(world, one, number)
    assert states(world)[1] == DONE
    found = records.audit_round(world, "in_progress")
    assert states(world)[2:4] == [UNDER_WAY, NOT_STARTED]
    car = records.car(world, "issued")
    assert states(world)[3] == UNDER_WAY
    assert car.finding is not None
    assert car.finding.round_id == found.pk
    yearly.review(world, "ready")
    assert states(world)[4] == UNDER_WAY
    assert states(world, "nx") == [NOT_STARTED] * len(STEPS)


def test_the_meeting_comes_after_the_audit(world: World) -> None:
    yearly.review(world, "conclusions_issued")
    assert states(world)[4] == DONE
    found = records.audit_round(world, "report_signed")
    assert found.signed_on == records.in_days(0)
    assert states(world)[2:5] == [DONE, DONE, DONE]
    place = Place(world.unit("stp"), records.in_days(0), yearly.YEAR)
    last = year_of(place)[4]
    assert [str(one) for one in last.waits_for] == ["Kế hoạch và mục tiêu", "Đo mục tiêu"]


def test_every_number_of_the_year_is_the_length_of_its_list(world: World) -> None:
    factories.in_force(world)
    yearly.measure(world, yearly.objective(world, "running"), 1, "60")
    records.car(world, "issued")
    links = NUMBERS.findall(text(world.hoa, "/year/?year=2026"))
    assert len(links) >= 10
    for url, number in links:
        found = re.search(r'<ol class="mb-0".*?</ol>', text(world.hoa, url), re.DOTALL)
        assert (found.group().count("<li>") if found else 0) == int(number), url
    assert any(number != "0" for _url, number in links)


def test_who_sees_whose_year(world: World) -> None:
    stp = world.unit("stp").pk
    assert "Năm ISO" in text(world.son, "/year/")
    assert str(world.unit("stp")) in text(world.cao, f"/year/?agency={stp}")
    for who in (world.dung, world.xuan):
        text(who, f"/year/?agency={stp}", 404)
        text(who, f"/year/{stp}/2026/documents/", 404)
    text(world.root, "/year/", 403)
    text(world.son, f"/year/?agency={world.unit('hctp').pk}", 404)
    text(world.son, "/year/?agency=abc", 404)
    text(world.son, "/year/?year=abcd")
    text(world.son, f"/year/{stp}/2026/no_such/", 404)
    text(world.son, f"/year/{stp}/1990/documents/", 404)
