"""Who is told, and above all who is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from documents.models import ImpactItem
from notifications.recipients import recipients
from tests import factories
from tests.people import SINCE, World, person, seat
from workflows import engine
from workflows.models import Move, Record, User
from workflows.roles import Role


def told(record: Record) -> set[str]:
    """User names told of the record's latest deed."""
    return {user.username for user in recipients(last(record))}


def last(record: Record) -> Move:
    return Move.objects.of(record.pk).get(seq=record.row_version)


def test_who_it_waits_on_is_told_and_nobody_else(world: World) -> None:
    # Not Hùng (another unit), not Dũng (another agency), not Lan who submitted it.
    assert told(factories.version(world, "unit_review")) == {"minh"}


def test_the_author_hears_of_each_review(world: World) -> None:
    assert told(factories.version(world, "iso_check")) == {"hoa", "lan"}


def test_everybody_who_acted_hears_of_the_approval_but_its_actor(world: World) -> None:
    # Nghỉ holds the head's seat too but has left; Tuấn approved it himself.
    assert told(factories.version(world, "approved")) == {"van", "lan", "minh", "hoa", "quang"}


def test_a_return_waits_on_the_drafter_and_tells_those_who_acted(world: World) -> None:
    version = engine.fire(factories.version(world, "leader_review"), "return", by=world.quang, note="Thiếu căn cứ")
    assert told(version) == {"lan", "minh", "hoa"}


def test_a_version_in_force_tells_the_staff_of_its_own_unit_only(world: World) -> None:
    names = told(factories.version(world, "effective"))
    assert {"son", "lan", "minh", "uyvien", "binh2", "hoa", "van"} <= names
    assert not names & {"mai", "hung", "dung", "xuan", "cao", "root", "nghi", "admin"}


def test_ended_and_future_seats_are_not_told_and_the_day_of_the_deed_counts(world: World) -> None:
    today, unit = timezone.localdate(), world.unit("hctp")
    for name, since, until in (
        ("ended", SINCE, today),
        ("future", today + timedelta(days=1), None),
        ("lastday", SINCE, today + timedelta(days=1)),
        ("firstday", today, None),
    ):
        seat(person(name), Role.UNIT_HEAD, unit, since=since, until=until)
    assert told(factories.version(world, "unit_review")) == {"minh", "lastday", "firstday"}


def test_an_actor_who_left_the_agency_is_not_told(world: World) -> None:
    version = factories.version(world, "leader_review")
    world.hoa.seats.update(valid_to=timezone.localdate())
    seat(world.hoa, Role.ISO_SECRETARY, world.unit("nx"))
    version = engine.fire(version, "agree", by=world.quang)
    assert told(engine.fire(version, "approve", by=world.tuan)) == {"van", "lan", "minh", "quang"}


def test_a_deactivated_author_is_not_told(world: World) -> None:
    version = factories.version(world, "unit_review")
    User.objects.filter(pk=world.lan.pk).update(is_active=False)
    assert told(engine.fire(version, "agree", by=world.minh)) == {"hoa"}


def test_a_person_with_two_reasons_is_told_once(world: World) -> None:
    seat(world.lan, Role.ISO_SECRETARY, world.unit("stp"))
    names = [user.username for user in recipients(last(factories.version(world, "iso_check")))]
    assert sorted(names) == ["hoa", "lan"]


def test_a_seat_in_a_division_acts_for_the_agency_by_its_role(world: World) -> None:
    seat(person("thuky2"), Role.ISO_SECRETARY, world.unit("bttp"))
    assert told(factories.version(world, "iso_check")) == {"hoa", "thuky2", "lan"}


def test_an_agency_below_is_another_agency(world: World) -> None:
    seat(person("thukyxa"), Role.ISO_SECRETARY, world.unit("xa"))
    assert "thukyxa" not in told(factories.version(world, "iso_check"))


def test_a_campaign_tells_once_it_is_written_the_heads_of_all_units_and_those_on_whom_items_wait(world: World) -> None:
    for name, unit in (("theodoi", "xa"), ("ngoai", "nx"), ("tren", "tinh")):
        seat(person(name), Role.LEGAL_WATCH, world.unit(unit))
    campaign = factories.campaign(world)
    assert told(campaign) == set()
    heads = {"hoa", "quang", "minh", "hung"}
    assert told(engine.fire(campaign, "fill", by=None)) == heads
    below = factories.in_force(world, "xa")
    place = {"agency": below.agency, "unit": below.unit}
    item = ImpactItem(campaign=campaign, document=below.document, version=below, **place)
    engine.start(item, "detect", by=None)
    assert told(engine.fire(campaign, "fill", by=None)) == heads | {"theodoi"}
    assert told(item) == set()
    factories.impact(world, "impact_confirmed", unit="hctp")  # waits on those who draft in that unit, and nobody else
    assert told(engine.fire(campaign, "fill", by=None)) == heads | {"theodoi", "lan"}
    factories.impact(world)
    assert told(engine.fire(campaign, "fill", by=None)) == heads | {"theodoi", "lan", "phuc"}


def test_work_in_progress_of_the_agency_itself_stays_with_the_agency_itself(world: World) -> None:
    seat(world.lan, Role.DRAFTER, world.unit("stp"))
    seat(person("chanhvp"), Role.UNIT_HEAD, world.unit("stp"))
    version = factories.version(world, "unit_review", owner=factories.document(world, "stp"))
    assert told(version) == {"chanhvp"}


def test_the_national_register_tells_nobody(world: World) -> None:
    act = factories.regulation("18/2026/NĐ-CP", effective_on=date(2027, 1, 1))
    assert recipients(Move.objects.filter(stream=act.pk).latest("pk")) == []


@pytest.mark.parametrize("state", ["unit_review", "approved", "effective"])
def test_it_costs_one_query(world: World, state: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    move = last(factories.version(world, state))
    with django_assert_max_num_queries(1):
        recipients(move)
