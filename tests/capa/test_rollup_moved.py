"""Figures of a day gone by count agencies where they stood on that day, whatever has been moved since."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from capa.models import Snapshot
from capa.services.agencyfacts import compute
from capa.services.rollup import Place, figures
from capa.services.rollup_files import live_report
from capa.services.snapshots import is_intact, take
from capa.services.upkeep import facts
from documents.models import AnnouncedProcedure, open_version
from documents.services.announcing import announce
from tests import factories
from tests.capa import inspected as inspections
from tests.capa.test_rollup_facts import BEGIN, DAYS, NOW, TODAY, Country, noon, replay
from tests.capa.test_rollup_pages import numbers
from tests.people import World
from tests.workflows.mergers import decided, second_commune
from tests.workflows.screens import log_in, text
from workflows import engine
from workflows.handing import sweep
from workflows.models import Reorganisation, Unit, User
from workflows.tree import readings

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


def move(unit: Unit, above: Unit, day: date) -> None:
    """A move by a decision from elsewhere, on a day gone by."""
    root = Unit.objects.get(code="M0")
    lines = [{"what": "move", "unit": unit.code, "parent": above.code}]
    given: dict[str, Any] = {
        "lines": lines,
        "decision_no": f"{unit.code}/{day}",
        "decision_on": day,
        "effective_on": day,
    }
    engine.start(Reorganisation(agency=root, unit=root), "import", by=None, **given)
    assert sweep(NOW)[1] == []


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_facts_of_any_day_stand_where_their_agencies_stood_by_a_replay_by_hand(seed: int) -> None:
    country, dice = Country(seed), random.Random(seed)
    above = {one.pk: one.parent_id for one in country.agencies}
    spells = [(date.min, dict(above))]

    def path(pk: int, parents: dict[int, int | None]) -> str:
        parent = parents[pk]
        return f"{path(parent, parents) if parent else '/'}{pk}/"

    for day in (BEGIN + timedelta(days=5), TODAY - timedelta(days=20), TODAY - timedelta(days=6)):
        unit = dice.choice([one for one in country.agencies if above[one.pk]])
        places = [one for one in country.agencies if f"/{unit.pk}/" not in path(one.pk, above)]
        place = dice.choice([one for one in places if one.pk != above[unit.pk]])
        above[unit.pk] = place.pk
        move(unit, place, day)
        spells.append((day, dict(above)))
    today = dict(Unit.objects.values_list("pk", "path"))
    assert today == {pk: path(pk, above) for pk in above}
    for day in DAYS:
        parents = [one for since, one in spells if since <= day][-1]
        for one in country.agencies:
            one.path = path(one.pk, parents)
        expected = replay(country, day)
        assert {one.agency: one for one in compute(day)} == expected, day
        for node in country.agencies:
            inside = {pk: one for pk, one in expected.items() if f"/{node.pk}/" in one.path}
            assert {one.agency: one for one in facts(day, TODAY, today[node.pk])} == inside, (day, node)
            held = Unit.objects.get(pk=node.pk)
            told = {one.unit.pk: one.obligation.value for one in readings(held, day)}
            assert told == {pk: one.obligation for pk, one in inside.items()}, "the tree says the same"


def filled(world: World) -> Unit:
    """A commune with a list, documents and an inspection, below the department; another department beside that."""
    xa = world.unit("xa")
    announce(AnnouncedProcedure(agency=xa, code="9", title="9", change="new", effective_on=date(2020, 1, 1)))
    factories.in_force(world, "xa")
    open_version(factories.document(world, "xa"), by=world.xuan, now=noon(YESTERDAY))
    inspections.inspection(world, "closed")
    second_commune(world)
    return Unit.objects.create(code="SM", name="Sở Nội vụ", kind="department", parent=world.unit("tinh"))


def told(node: Unit, day: date) -> list[tuple[int, int | None, list[int]]]:
    """What the figures of a node say."""
    found = figures(Unit.objects.get(pk=node.pk), day)
    return [(one.numerator, one.denominator, [part.number for part in one.parts]) for one in found]


def test_a_day_gone_by_is_not_changed_by_a_later_move(world: World) -> None:
    new, nodes = filled(world), [world.unit(name) for name in ("tinh", "stp", "xa", "nx")]
    before = [told(node, YESTERDAY) for node in (*nodes, new)]
    decided(world, {"what": "move", "unit": "XA1", "parent": "SM"}, on=TODAY)
    assert sweep(timezone.now())[1] == []
    assert [told(node, YESTERDAY) for node in (*nodes, new)] == before
    assert told(new, TODAY)[12] == (0, 1, []), "today it counts for the new one"
    assert told(world.unit("stp"), TODAY)[12] == (0, 1, []), "of which the second commune is left to the old one"


def test_page_lists_api_file_and_snapshot_say_the_same_of_the_day(world: World) -> None:
    new, stp, xa = filled(world), world.unit("stp"), world.unit("xa")
    decided(world, {"what": "move", "unit": "XA1", "parent": "SM"}, on=TODAY)
    assert sweep(timezone.now())[1] == []
    hoa, cao = (User.objects.get(username=name) for name in ("hoa", "cao"))
    for node, is_there in ((stp, True), (new, False), (world.unit("tinh"), True)):
        page = text(cao, f"/figures/?node={node.pk}&on={YESTERDAY}")
        wanted = figures(Unit.objects.get(pk=node.pk), YESTERDAY)
        api = log_in(cao).get(f"/api/figures/?node={node.pk}&on={YESTERDAY}").json()["figures"]
        kept = take(Place(Unit.objects.get(pk=node.pk), YESTERDAY), cao)
        printed = live_report(Place(Unit.objects.get(pk=node.pk), YESTERDAY)).figures
        for rows in (api, Snapshot.objects.get(pk=kept.pk).figures, printed):
            assert [(one["numerator"], one["denominator"]) for one in rows] == [
                (one.numerator, one.denominator) for one in wanted
            ]
        assert is_intact(kept)
        for url, number in numbers(page):
            listed = text(cao, url)
            assert f"{number} dòng" in listed or f"Tổng {number}," in listed, url
        for url in (f"/figures/14/of/?node={node.pk}", f"/figures/15/planned/?node={node.pk}"):
            assert ("Xã Bình Minh" in text(cao, f"{url}&on={YESTERDAY}")) == is_there, url
            assert ("Xã Bình Minh" in text(cao, f"{url}&on={TODAY}")) == (node != stp), url
    link = f'href="/figures/?node={xa.pk}&amp;on={YESTERDAY}"'
    assert link in text(cao, f"/figures/14/of/?node={stp.pk}&on={YESTERDAY}")
    listed = text(hoa, f"/figures/14/of/?node={stp.pk}&on={YESTERDAY}")
    assert ("Xã Bình Minh" in listed, link in listed) == (True, False), "counted then, seen no longer"


def test_the_way_up_and_down_is_that_of_the_day(world: World) -> None:
    new, stp, xa = filled(world), world.unit("stp"), world.unit("xa")
    decided(world, {"what": "move", "unit": "XA1", "parent": "SM"}, on=TODAY)
    assert sweep(timezone.now())[1] == []
    hoa, cao = (User.objects.get(username=name) for name in ("hoa", "cao"))

    def leads(user: User, node: Unit, day: date, to: Unit) -> bool:
        page = text(user, f"/figures/?node={node.pk}&on={day}")
        return f'href="?node={to.pk}&amp;on={day}"' in page

    assert [leads(cao, node, YESTERDAY, xa) for node in (stp, new)] == [True, False]
    assert [leads(cao, node, TODAY, xa) for node in (stp, new)] == [False, True]
    assert [leads(cao, xa, YESTERDAY, node) for node in (stp, new)] == [True, False]
    assert [leads(cao, xa, TODAY, node) for node in (stp, new)] == [False, True]
    assert [leads(hoa, stp, day, xa) for day in (YESTERDAY, TODAY)] == [False, False], "hidden from it now"
    assert leads(hoa, stp, YESTERDAY, Unit.objects.get(code="XB1"))

    def below(user: User, node: Unit, day: date) -> set[str]:
        found = log_in(user).get(f"/api/tree/?under={node.pk}&on={day}").json()["results"]
        return {one["unit"]["code"] for one in found}

    assert [below(cao, node, YESTERDAY) for node in (stp, new)] == [{"STP", "XA1", "XB1"}, {"SM"}]
    assert [below(cao, node, TODAY) for node in (stp, new)] == [{"STP", "XB1"}, {"SM", "XA1"}]
    assert below(hoa, stp, YESTERDAY) == {"STP", "XB1"}, "the list of the tree shows what one sees"
