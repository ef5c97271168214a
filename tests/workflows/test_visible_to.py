"""Who reads a record, whose turn it is, and who stands outside the wall: named both ways, for every persona."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from documents.models import DocumentVersion, Regulation, open_version
from tests import factories
from tests.people import HOLDERS, World, person, seat
from workflows.models import Record, Seat, User, covers
from workflows.roles import CLOCK, UNIT_SCOPED, Role
from workflows.tables import Machine, Stage, Step

DEPARTMENT = {*HOLDERS.values(), "mai", "hung"}
DRAFT_READERS = {"lan", "minh", "hoa", "quang", "tuan", "van", "phuc"}


def readers(record: Record, world: World, now: datetime | None = None) -> set[str]:
    every = {name: User.objects.get(pk=one.pk) for name, one in world.people.items()}
    return {n for n, user in every.items() if type(record).objects.visible_to(user, now).filter(pk=record.pk).exists()}


def within_wall(record: Record, world: World) -> set[str]:
    every = world.people.items()
    return {n for n, user in every if type(record).objects.in_agencies_of(user).filter(pk=record.pk).exists()}


def drafted(world: World, unit: str, by: User) -> DocumentVersion:
    factories.regulation()
    return open_version(factories.document(world, unit), by=by, content=factories.content())


def awaited(record: Record, world: World) -> set[str]:
    every = {name: User.objects.get(pk=one.pk).seats_held() for name, one in world.people.items()}
    return {n for n, seats in every.items() if type(record).objects.waiting_on(seats).filter(pk=record.pk).exists()}


@pytest.mark.parametrize("state", ["draft", "unit_review", "approved", "cancelled"])
def test_work_in_progress_is_for_those_with_a_step_in_the_table(world: World, state: str) -> None:
    assert readers(factories.version(world, state), world) == DRAFT_READERS


@pytest.mark.parametrize("state", ["issued", "effective", "superseded", "withdrawn"])
def test_what_is_published_is_for_the_agency_and_those_above(world: World, state: str) -> None:
    # Not Xuân in the commune below, not Dũng next door, not Root without a seat, not Nghỉ who left.
    assert readers(factories.version(world, state), world) == DEPARTMENT | {"cao"}


def test_the_wall_is_one_s_agencies_and_those_below_them(world: World) -> None:
    assert within_wall(factories.version(world), world) == DEPARTMENT | {"cao"}
    assert within_wall(drafted(world, "xa", world.xuan), world) == DEPARTMENT | {"cao", "xuan"}


def test_a_draft_of_another_unit_is_that_unit_s_and_the_agency_roles_(world: World) -> None:
    found = drafted(world, "bttp", world.mai)
    assert readers(found, world) == {"mai", "hung", "hoa", "quang", "tuan", "van", "phuc"}


def test_a_role_in_the_agency_above_reads_what_is_published_and_no_draft(world: World) -> None:
    world.people["chutich"] = person("chutich")
    seat(world.chutich, Role.STEERING_HEAD, world.unit("tinh"))
    assert "chutich" not in readers(factories.version(world), world)
    assert "chutich" in readers(factories.in_force(world), world)


def test_a_second_seat_opens_what_it_opens_and_no_more(world: World) -> None:
    draft, other = factories.version(world), drafted(world, "bttp", world.mai)
    seat(world.son, Role.UNIT_HEAD, world.unit("bttp"))
    assert "son" not in readers(draft, world)
    assert "son" in readers(other, world)


def test_readers_named_by_the_table_read_work_in_progress(world: World) -> None:
    item = factories.impact(world)
    inside = {"phuc", "hoa", "quang", "lan", "minh"} | {"tuan", "giup", "binh", "binh2"}
    assert readers(item, world) == inside


def test_the_national_register_is_for_everybody_with_a_seat(world: World) -> None:
    act = factories.regulation()
    everybody = set(world.people) - {"root", "nghi"}
    assert readers(act, world) == everybody
    assert within_wall(act, world) == everybody


def test_sight_follows_the_day_asked_for(world: World) -> None:
    draft, now = factories.version(world), timezone.now()
    world.people["moi"] = person("moi")
    seat(world.moi, Role.QMR, world.unit("stp"), since=timezone.localdate() + timedelta(days=1))
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate() + timedelta(days=1))
    assert readers(draft, world) == DRAFT_READERS
    assert readers(draft, world, now + timedelta(days=1)) == (DRAFT_READERS | {"moi"}) - {"minh"}


@pytest.mark.parametrize(("state", "name"), [
    ("draft", "lan"), ("unit_review", "minh"), ("iso_check", "hoa"), ("leader_review", "quang"),
    ("pending_approval", "tuan"), ("approved", "van"),
])  # fmt: skip
def test_a_record_waits_on_one_person_and_nobody_else(world: World, state: str, name: str) -> None:
    assert awaited(factories.version(world, state), world) == {name}


@pytest.mark.parametrize("state", ["issued", "effective", "withdrawn", "cancelled"])
def test_what_has_arrived_waits_on_nobody(world: World, state: str) -> None:
    assert awaited(factories.version(world, state), world) == set()


def test_the_turn_goes_by_the_seat_with_the_role_not_by_another_seat_of_the_person(world: World) -> None:
    version = factories.version(world, "unit_review")
    seat(world.hung, Role.DRAFTER, world.unit("hctp"))
    seat(world.quang, Role.UNIT_HEAD, world.unit("bttp"))
    assert awaited(version, world) == {"minh"}


def test_one_person_may_hold_the_turn_in_several_stages(world: World) -> None:
    seat(world.hoa, Role.STEERING_HEAD, world.unit("stp"))
    first, last = factories.version(world, "iso_check"), factories.version(world, "pending_approval")
    seats = User.objects.get(pk=world.hoa.pk).seats_held()
    assert set(DocumentVersion.objects.waiting_on(seats)) == {first, last}


def test_an_agency_role_seated_in_a_division_has_the_whole_agency(world: World) -> None:
    world.people["thuky"] = person("thuky")
    seat(world.thuky, Role.ISO_SECRETARY, world.unit("bttp"))
    version = factories.version(world, "iso_check")
    assert awaited(version, world) == {"hoa", "thuky"}
    assert "thuky" in readers(version, world)


def table(*waits_on: str) -> Machine:
    return Machine(
        name="regulation",
        label="x",
        stages=(Stage("registered", "Đã đăng ký", "azure", waits_on, public=True),),
        steps=(Step("import", "Nhập", (), "registered", (CLOCK,)),),
    )


@pytest.mark.parametrize(("roles", "names"), [
    ((Role.LEGAL_WATCH,), {"phuc", "dung"}),
    ((Role.DRAFTER,), set()),  # a role of one unit has no part in what belongs to no unit
    ((), set()),
])  # fmt: skip
def test_a_national_record_waits_on_the_role_in_every_agency(
    world: World, monkeypatch: pytest.MonkeyPatch, roles: tuple[str, ...], names: set[str]
) -> None:
    act = factories.regulation()
    monkeypatch.setattr(Regulation, "machine", table(*roles))
    assert awaited(act, world) == names


def test_covers_is_the_unit_for_unit_roles_and_the_agency_for_the_others(world: World) -> None:
    stp, hctp, bttp, commune = (world.unit(name) for name in ("stp", "hctp", "bttp", "xa"))
    for role in Role.values:
        held = Seat(role=role, unit=hctp)
        assert covers(held, stp.pk, hctp.pk)
        assert covers(held, stp.pk, bttp.pk) == (role not in UNIT_SCOPED)
        assert not covers(held, commune.pk, commune.pk)
        assert not covers(held, world.unit("tinh").pk, world.unit("tinh").pk)
        assert covers(held, None, None)


def test_insiders_are_doers_and_readers() -> None:
    machine = DocumentVersion.machine
    assert machine.insiders == {
        Role.DRAFTER, Role.UNIT_HEAD, Role.LEGAL_WATCH, Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD,
        Role.RECORDS_CLERK, CLOCK,
    }  # fmt: skip
    assert replace(machine, readers=(Role.AUDITOR,)).insiders == machine.insiders | {Role.AUDITOR}
