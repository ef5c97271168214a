"""Guardian's grants follow the seats of the day: given, taken back, and never to anybody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from guardian.shortcuts import get_objects_for_user
from pytest_django import DjangoAssertNumQueries

from tests.people import HOLDERS, SINCE, World, person, seat
from workflows.grants import group_name, rebuild
from workflows.models import Seat, Unit, UnitGroupGrant, User
from workflows.roles import Role

DAY = date(2026, 6, 1)
ONE = timedelta(days=1)


def members(unit: Unit, role: str) -> set[str]:
    return set(User.objects.filter(groups__name=group_name(unit.pk, role)).values_list("username", flat=True))


def may(user: User, role: str, unit: Unit) -> bool:
    return bool(User.objects.get(pk=user.pk).has_perm(f"workflows.act_{role}", unit))


def test_each_seat_of_the_day_gives_its_group_its_member_and_its_right(world: World) -> None:
    stp, hctp, bttp = world.unit("stp"), world.unit("hctp"), world.unit("bttp")
    held = Seat.objects.held_on(DAY)
    assert rebuild(DAY) == (held.values("unit", "role").distinct().count(), held.count())
    assert members(hctp, Role.DRAFTER) == {"lan"}
    assert members(bttp, Role.DRAFTER) == {"mai"}
    assert members(stp, Role.STEERING_HEAD) == {"tuan"}  # not Nghỉ, whose account is closed
    assert may(world.lan, Role.DRAFTER, hctp)
    assert not may(world.lan, Role.DRAFTER, bttp)
    assert not may(world.lan, Role.DRAFTER, stp)
    assert not may(world.lan, Role.UNIT_HEAD, hctp)
    assert not may(world.nghi, Role.STEERING_HEAD, stp)
    assert list(get_objects_for_user(world.dung, "workflows.act_qmr", use_groups=True)) == [world.unit("nx")]


def test_grants_are_one_for_each_group(world: World) -> None:
    rebuild(DAY)
    kept = {(row.group.name, row.permission.codename, row.content_object_id) for row in UnitGroupGrant.objects.all()}
    wanted = {(group_name(one.unit_id, one.role), f"act_{one.role}", one.unit_id) for one in Seat.objects.held_on(DAY)}
    assert kept == wanted
    assert UnitGroupGrant.objects.count() == len(wanted)


@pytest.mark.parametrize(("since", "until", "held"), [
    (DAY, None, True), (DAY + ONE, None, False), (DAY - ONE, DAY, False), (DAY - ONE, DAY + ONE, True),
])  # fmt: skip
def test_the_day_decides(world: World, since: date, until: date | None, held: bool) -> None:
    user = person("moi")
    seat(user, Role.AUDITOR, world.unit("bttp"), since=since, until=until)
    rebuild(DAY)
    assert may(user, Role.AUDITOR, world.unit("bttp")) is held


def test_what_has_ended_is_taken_back_and_the_group_stays_empty(world: World) -> None:
    stp, hctp = world.unit("stp"), world.unit("hctp")
    rebuild(DAY)
    Seat.objects.filter(user=world.lan).update(valid_to=DAY)
    User.objects.filter(pk=world.hoa.pk).update(is_active=False)
    rebuild(DAY)
    assert members(hctp, Role.DRAFTER) == set()
    assert members(stp, Role.ISO_SECRETARY) == set()
    assert members(hctp, Role.UNIT_HEAD) == {"minh"}
    assert Group.objects.filter(name=group_name(hctp.pk, Role.DRAFTER)).exists()
    assert not may(world.lan, Role.DRAFTER, hctp)


def test_one_who_stays_keeps_the_group_that_another_leaves(world: World) -> None:
    hctp, second = world.unit("hctp"), person("thu")
    seat(second, Role.DRAFTER, hctp)
    rebuild(DAY)
    assert members(hctp, Role.DRAFTER) == {"lan", "thu"}
    Seat.objects.filter(user=world.lan).update(valid_to=DAY)
    rebuild(DAY)
    assert members(hctp, Role.DRAFTER) == {"thu"}


def test_groups_and_members_that_are_no_seats_are_left_alone(world: World) -> None:
    others = Group.objects.create(name="Câu lạc bộ")
    world.lan.groups.add(others)
    rebuild(DAY)
    rebuild(SINCE - ONE)
    assert set(world.lan.groups.all()) == {others}


def test_a_second_run_changes_nothing(world: World, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    first = rebuild(DAY)
    before = (
        set(UnitGroupGrant.objects.values_list("pk", flat=True)),
        set(User.groups.through.objects.values_list("pk", flat=True)),
    )
    with django_assert_max_num_queries(14):
        assert rebuild(DAY) == first
    after = (
        set(UnitGroupGrant.objects.values_list("pk", flat=True)),
        set(User.groups.through.objects.values_list("pk", flat=True)),
    )
    assert after == before


def test_the_command_takes_the_seats_of_today(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild_grants")
    said = capsys.readouterr().out
    assert "groups" in said
    assert "memberships" in said
    assert all(may(world.people[name], role, world.people[name].seats.get().unit) for role, name in HOLDERS.items())
