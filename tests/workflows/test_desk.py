"""The desk: each number and each line, and whose they are not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from tests import factories
from tests.people import World, person, seat
from workflows import desk, engine
from workflows.desk import Look, look_of
from workflows.models import Move, Record, Seat, User
from workflows.roles import Role


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def set_due(record: Record, days: int | None) -> None:
    due: date | None = None if days is None else timezone.localdate() + timedelta(days=days)
    QuerySet.update(type(record).objects.filter(pk=record.pk), due_on=due)


def on_tab(user: User, tab: str, now: Any = None, **look: Any) -> list[Any]:
    return [line.record.pk for line in desk.lines(fresh(user), Look(tab=tab, **look), now)]


@pytest.mark.parametrize(("name", "leads"), [
    ("tuan", True), ("quang", True), ("hoa", True), ("minh", False), ("lan", False), ("phuc", False), ("son", False),
    ("nghi", False), ("root", False), ("admin", False),
])  # fmt: skip
def test_who_leads_an_agency(world: World, name: str, leads: bool) -> None:
    assert desk.leads(world.people[name]) == ({world.unit("stp").pk} if leads else set())


def test_a_leader_seated_in_a_division_leads_the_agency_from_the_first_day_on(world: World) -> None:
    user, now = person("moi"), timezone.now()
    seat(user, Role.QMR, world.unit("bttp"), since=timezone.localdate() + timedelta(days=1))
    assert desk.leads(user, now) == set()
    assert desk.leads(user, now + timedelta(days=1)) == {world.unit("stp").pk}


def test_numbers_are_one_s_own(world: World) -> None:
    waiting, late = factories.version(world, "unit_review"), factories.version(world, "unit_review")
    set_due(late, -1)
    set_due(waiting, 0)
    minh, lan, tuan = (desk.numbers(fresh(world.people[name])) for name in ("minh", "lan", "tuan"))
    assert (+minh.waiting, +minh.late, minh.mine.total(), minh.units.total()) == ({"version": 2}, {"version": 1}, 0, 0)
    assert (lan.waiting.total(), lan.late.total(), lan.mine["version"], lan.units.total()) == (0, 0, 2, 0)
    hctp = world.unit("hctp")
    assert +tuan.units == {(hctp.pk, hctp.name): 1}
    assert (tuan.waiting.total(), tuan.mine.total()) == (0, 0)
    for name in ("dung", "cao", "root", "nghi", "hung", "xuan"):
        other = desk.numbers(fresh(world.people[name]))
        counted = (other.waiting, other.late, other.mine, other.units)
        assert [counter.total() for counter in counted] == [0, 0, 0, 0], name


def test_numbers_and_late_lines_follow_the_day(world: World) -> None:
    version, now = factories.version(world, "unit_review"), timezone.now()
    set_due(version, 0)
    tomorrow = now + timedelta(days=1)
    assert desk.numbers(fresh(world.minh), now).late.total() == 0
    assert desk.numbers(fresh(world.minh), tomorrow).late.total() == 1
    assert desk.numbers(fresh(world.tuan), now).units.total() == 0
    assert desk.numbers(fresh(world.tuan), tomorrow).units.total() == 1
    assert (on_tab(world.tuan, "late", now), on_tab(world.tuan, "late", tomorrow)) == ([], [version.pk])
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate(tomorrow))
    assert desk.numbers(fresh(world.minh), now).waiting.total() == 1
    assert desk.numbers(fresh(world.minh), tomorrow).waiting.total() == 0


def test_late_is_what_waits_on_somebody_in_the_agencies_that_one_leads(world: World) -> None:
    late, draft, published = (factories.version(world, state) for state in ("iso_check", "draft", "effective"))
    for record in (late, published):
        set_due(record, -1)
    set_due(draft, -3)
    assert on_tab(world.tuan, "late") == [draft.pk, late.pk]
    assert on_tab(world.hoa, "late") == [draft.pk, late.pk]
    for name in ("minh", "lan", "phuc", "cao", "dung", "nghi", "xuan"):
        assert on_tab(world.people[name], "late") == [], name


def test_late_work_of_an_agency_below_is_that_agency_s(world: World) -> None:
    chief = person("chanh")
    for unit in ("tinh", "xa"):
        seat(chief, Role.STEERING_HEAD, world.unit(unit))
    late = factories.version(world, "unit_review")
    set_due(late, -1)
    assert on_tab(chief, "late") == []
    assert desk.numbers(fresh(chief)).units.total() == 0


def test_late_work_can_be_narrowed_to_a_unit(world: World) -> None:
    late = factories.version(world, "unit_review")
    set_due(late, -1)
    assert on_tab(world.tuan, "late", unit=world.unit("hctp").pk) == [late.pk]
    assert on_tab(world.tuan, "late", unit=world.unit("bttp").pk) == []
    assert on_tab(world.tuan, "late", kind="impact") == []


def test_what_one_sent_is_there_until_it_has_arrived(world: World) -> None:
    first, last = factories.version(world, "draft"), factories.version(world, "approved")
    issued = factories.version(world, "issued")
    factories.version(world, "cancelled")
    assert on_tab(world.lan, "mine") == [last.pk, first.pk]
    assert on_tab(world.lan, "mine", kind="version") == [last.pk, first.pk]
    assert on_tab(world.lan, "mine", kind="impact") == []
    assert on_tab(world.minh, "mine") == []
    assert issued.created_by == world.lan
    Seat.objects.filter(user=world.lan).update(valid_to=timezone.localdate())
    assert on_tab(world.lan, "mine") == []


def test_what_one_did_is_listed_once_with_the_latest_deed_where_still_readable(world: World) -> None:
    first, second = factories.version(world, "iso_check"), factories.version(world, "unit_review")
    assert on_tab(world.lan, "done") == [second.pk, first.pk]
    assert on_tab(world.minh, "done") == [first.pk]
    assert on_tab(world.hoa, "done") == []
    assert on_tab(world.lan, "done", kind="impact") == []
    deeds = [line.deed.action for line in desk.lines(fresh(world.lan), Look(tab="done")) if line.deed]
    assert deeds == ["submit", "submit"]
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate())
    assert on_tab(world.minh, "done") == []


def test_beside_a_record_stands_who_sent_it_here(world: World) -> None:
    version = factories.version(world, "iso_check")
    (line,) = desk.lines(fresh(world.hoa), Look())
    assert line.record == version
    assert line.deed is not None
    assert (line.deed.action, line.deed.actor) == ("agree", world.minh)
    draft = factories.version(world)
    engine.fire(draft, "edit", by=world.phuc, **factories.answers("edit"))
    (own,) = desk.lines(fresh(world.lan), Look())
    assert own.deed is not None
    assert (own.deed.action, own.deed.actor) == ("create", world.lan)


def test_the_waiting_tab_is_the_inbox_narrowed(world: World) -> None:
    seat(world.lan, Role.LEGAL_WATCH, world.unit("stp"))
    item, draft = factories.impact(world), factories.version(world)
    set_due(item, -1)
    assert set(on_tab(world.lan, "waiting")) == {item.pk, item.campaign.pk, draft.pk}
    assert on_tab(world.lan, "waiting", kind="version") == [draft.pk]
    assert on_tab(world.lan, "waiting", late=True) == [item.pk]
    assert on_tab(world.lan, "waiting", page=2) == []


def test_pages_do_not_overlap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    for _number in range(3):
        set_due(factories.version(world, "unit_review"), -1)
    for user, tab in ((world.minh, "waiting"), (world.lan, "mine"), (world.tuan, "late")):
        pages = [on_tab(user, tab, page=page) for page in (1, 2, 3)]
        assert [len(page) for page in pages] == [2, 1, 0]
        assert len({pk for page in pages for pk in page}) == 3


def test_deeds_lead_only_to_records_that_one_may_read(world: World) -> None:
    draft, published = factories.version(world), factories.in_force(world)
    moves = list(Move.objects.filter(stream__in=[draft.pk, published.pk]))
    assert set(desk.readable(moves, world.lan)) == {draft.pk, published.pk}
    assert set(desk.readable(moves, world.son)) == {published.pk}
    assert desk.readable(moves, world.dung) == {}
    assert desk.readable([], world.lan) == {}


@pytest.mark.parametrize(("given", "look"), [
    ({}, Look()), ({"tab": "mine"}, Look(tab="mine")), ({"tab": "x"}, Look()),
    ({"kind": "impact"}, Look(kind="impact")),
    ({"kind": "x"}, Look()), ({"late": "1"}, Look(late=True)), ({"late": "yes"}, Look()), ({"unit": "7"}, Look(unit=7)),
    ({"unit": "0"}, Look()), ({"unit": "-1"}, Look()), ({"unit": "9" * 10}, Look()), ({"unit": "٣"}, Look()),
    ({"page": "3"}, Look(page=3)), ({"page": "0"}, Look()), ({"page": "21"}, Look(page=20)), ({"page": "x"}, Look()),
])  # fmt: skip
def test_a_look_is_read_from_the_address(given: dict[str, str], look: Look) -> None:
    assert look_of(given) == look


def test_a_look_says_only_what_is_not_ordinary() -> None:
    assert Look().query() == ""
    assert Look(tab="late", kind="version", late=True, unit=7, page=2).query() == (
        "tab=late&kind=version&late=1&unit=7&page=2"
    )
    assert Look(page=4).query(page=1, kind="impact") == "kind=impact"
