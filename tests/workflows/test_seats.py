"""Seats and units: from which day to which, of whom, and what their holder sees."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from tests.people import SINCE, World, person, seat
from workflows.models import Committee, Seat, Unit, UnitKind, User, day_of
from workflows.roles import Role

DAY = date(2026, 6, 1)
ONE = timedelta(days=1)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def visible(user: User, world: World, now: datetime | None = None) -> set[str]:
    seen = set(Unit.objects.visible_to(user, now).values_list("pk", flat=True))
    return {name for name, unit in world.units.items() if unit.pk in seen}


@pytest.mark.parametrize(("since", "until", "held"), [
    (DAY, None, True), (DAY - ONE, None, True), (DAY + ONE, None, False),
    (DAY - ONE, DAY, False), (DAY, DAY + ONE, True), (DAY - ONE, DAY + ONE, True), (DAY + ONE, DAY + 2 * ONE, False),
])  # fmt: skip
def test_a_seat_is_held_from_its_first_day_to_before_its_end(
    world: World, since: date, until: date | None, held: bool
) -> None:
    user = person("moi")
    mine = seat(user, Role.QMR, world.unit("stp"), since=since, until=until)
    assert (mine in Seat.objects.held_on(DAY)) is held
    assert Seat.objects.of(user, DAY) == ([mine] if held else [])
    assert user.seats_held(at(DAY)) == ([mine] if held else [])
    assert user.roles(at(DAY)) == ({Role.QMR} if held else set())
    assert user.agency_paths(at(DAY)) == ({world.unit("stp").path} if held else set())


def test_the_seats_of_a_closed_account_are_held_by_nobody(world: World) -> None:
    assert world.nghi.seats.count() == 1
    assert not Seat.objects.held_on(DAY).filter(user=world.nghi).exists()
    assert (world.nghi.seats_held(at(DAY)), world.nghi.roles(at(DAY))) == ([], set())
    assert visible(world.nghi, world, at(DAY)) == set()


def test_one_s_seats_are_one_s_own(world: World) -> None:
    assert [one.role for one in Seat.objects.of(world.lan, DAY)] == [Role.DRAFTER]
    assert world.root.seats_held(at(DAY)) == []


def test_each_day_has_its_seats_on_one_person_object(world: World) -> None:
    user = person("moi")
    seat(user, Role.QMR, world.unit("stp"), since=DAY, until=DAY + ONE)
    assert [len(user.seats_held(at(day))) for day in (DAY - ONE, DAY, DAY + ONE, DAY)] == [0, 1, 0, 1]


def test_the_day_begins_at_midnight_in_viet_nam() -> None:
    utc = ZoneInfo("UTC")
    assert day_of(datetime(2026, 5, 31, 16, 59, tzinfo=utc)) == date(2026, 5, 31)
    assert day_of(datetime(2026, 5, 31, 17, 0, tzinfo=utc)) == DAY


def test_units_are_seen_by_those_in_the_agency_and_above(world: World) -> None:
    department = {"stp", "hctp", "bttp", "xa"}
    assert visible(world.lan, world) == department
    assert visible(world.phuc, world) == department
    assert visible(world.xuan, world) == {"xa"}
    assert visible(world.cao, world) == {"tinh", *department}
    assert visible(world.dung, world) == {"nx", "nx1"}
    assert visible(world.root, world) == set()


def test_seats_are_seen_with_their_units(world: World) -> None:
    seen = {one.user.username for one in Seat.objects.visible_to(world.xuan)}
    assert seen == {"xuan"}
    seen = {one.user.username for one in Seat.objects.visible_to(world.lan)}
    assert {"lan", "minh", "mai", "xuan", "nghi"} <= seen
    assert not seen & {"cao", "dung", "root"}


def test_sight_follows_the_day(world: World) -> None:
    assert visible(world.lan, world, at(SINCE - ONE)) == set()
    assert visible(world.lan, world, at(SINCE)) != set()
    assert not Seat.objects.visible_to(world.lan, at(SINCE - ONE)).exists()
    assert Seat.objects.visible_to(world.lan, at(SINCE)).exists()


def test_a_division_is_of_its_agency_and_anything_else_is_an_agency(world: World) -> None:
    stp, hctp = world.unit("stp"), world.unit("hctp")
    team = Unit.objects.create(code="TO1", name="Tổ Một", kind=UnitKind.DIVISION, parent=hctp)
    assert (team.agency_id, team.path) == (stp.pk, f"{hctp.path}{team.pk}/")
    assert (hctp.agency_id, hctp.is_agency, stp.is_agency) == (stp.pk, False, True)
    assert world.unit("xa").agency_id == world.unit("xa").pk
    assert stp.path == f"/{world.unit('tinh').pk}/{stp.pk}/"
    assert team.name_folded == "to mot"
    assert {unit.code for unit in Unit.objects.agencies()} == {"SV", "STP", "XA1", "NX"}
    assert {unit.code for unit in Unit.objects.under(hctp)} == {"HCTP", "TO1"}
    assert {unit.code for unit in Unit.objects.under(world.unit("nx"))} == {"NX", "NX1"}
    team.name = "Tổ Đầu"
    team.save()
    again = Unit.objects.get(pk=team.pk)
    assert (again.path, again.agency_id, again.name_folded) == (team.path, stp.pk, "to dau")


def test_a_seat_acts_for_the_agency_of_its_unit(world: World) -> None:
    in_division, in_agency = world.lan.seats.get(), world.hoa.seats.get()
    assert (in_division.agency, in_agency.agency) == (world.unit("stp"), world.unit("stp"))
    assert (in_division.role_label, in_division.ground) == ("Người soạn thảo", "12/QĐ-STP")
    in_division.decision_on = date(2026, 1, 5)
    assert in_division.ground == "12/QĐ-STP (05/01/2026)"


def test_the_database_refuses_a_seat_that_ends_before_it_begins_or_is_given_twice(world: World) -> None:
    stp = world.unit("stp")
    for until in (DAY, DAY - ONE):
        with pytest.raises(IntegrityError), transaction.atomic():
            seat(world.lan, Role.QMR, stp, since=DAY, until=until)
        with pytest.raises(IntegrityError), transaction.atomic():
            Committee.objects.create(agency=stp, decision_no="9", decision_on=DAY, valid_from=DAY, valid_to=until)
    seat(world.lan, Role.QMR, stp, since=DAY, until=DAY + ONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        seat(world.lan, Role.QMR, stp, since=DAY)
    seat(world.lan, Role.QMR, stp, since=DAY + ONE)
    seat(world.lan, Role.QMR, world.unit("hctp"), since=DAY)


def test_codes_are_once_in_an_agency_and_agencies_once_in_the_country(world: World) -> None:
    stp, nx = world.unit("stp"), world.unit("nx")
    Unit.objects.create(code="HCTP", name="Trùng mã, cơ quan khác", kind=UnitKind.DIVISION, parent=nx)
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(code="HCTP", name="Trùng mã", kind=UnitKind.DIVISION, parent=stp)
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(code="STP", name="Trùng mã", kind=UnitKind.DEPARTMENT, parent=nx)
