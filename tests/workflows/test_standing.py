"""Where a record stands, in words: who holds the roles, why one cannot act, and how far it has come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from documents.models import DocumentVersion
from tests import factories
from tests.people import HOLDERS, World, person, seat
from workflows import registry, standing
from workflows.models import Record, Seat, User
from workflows.roles import CLOCK, Role
from workflows.tables import Step


def fresh(record: DocumentVersion) -> DocumentVersion:
    return DocumentVersion.objects.get(pk=record.pk)


def holders(record: Record) -> dict[str, set[str]]:
    found = standing.holders_of(record)
    assert all(len(people) == len(set(people)) for people in found.values())
    return {role: {user.username for user in people} for role, people in found.items()}


def step_of(record: Record, action: str) -> Step:
    found = record.machine.step(action, record.state)
    assert found is not None
    return found


def why(record: Record, user: User, action: str) -> str:
    refusal = standing.refusal_of(record, user, action)
    assert refusal is not None
    return standing.reason(record, user, step_of(record, action), refusal)


def test_holders_are_those_of_today_for_this_very_record(world: World) -> None:
    today = timezone.localdate()
    for name, since, until in (("old", today - timedelta(days=9), today), ("next", today + timedelta(days=1), None)):
        seat(person(name), Role.UNIT_HEAD, world.unit("hctp"), since=since, until=until)
    seat(world.minh, Role.UNIT_HEAD, world.unit("bttp"))
    seat(person("thuky"), Role.ISO_SECRETARY, world.unit("bttp"))
    seat(world.hoa, Role.ISO_SECRETARY, world.unit("hctp"))
    seat(person("xaxoi"), Role.ISO_SECRETARY, world.unit("xa"))
    found = holders(factories.version(world, "unit_review"))
    roles = {role for step in registry.machine("version").steps for role in step.by} - {CLOCK}
    assert set(found) == roles
    others = {role: {HOLDERS[Role(role)]} for role in roles}
    assert found == others | {Role.ISO_SECRETARY: {"hoa", "thuky"}}


def test_holders_of_a_unit_role_elsewhere_are_no_holders(world: World) -> None:
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate())
    version = factories.version(world)
    assert holders(fresh(version)).get(Role.UNIT_HEAD, set()) == set()
    said = standing.roles_with_holders(fresh(version), (Role.UNIT_HEAD, Role.ISO_SECRETARY, CLOCK))
    assert said == "Trưởng đơn vị (hôm nay chưa ai giữ), Thư ký ISO (Hoa), Hệ thống (theo lịch)"


def test_of_the_national_register_no_holder_is_named(world: World) -> None:
    act = factories.regulation()
    assert standing.holders_of(act) == {}
    assert standing.roles_with_holders(act, (Role.LEGAL_WATCH,)) == "Cán bộ pháp chế"


def test_a_refusal_is_that_of_the_door(world: World) -> None:
    version = factories.version(world, "unit_review")
    assert standing.refusal_of(version, world.minh, "agree") is None
    assert standing.refusal_of(version, world.lan, "recall") is None
    for name in ("hung", "dung", "nghi", "root", "son"):
        refusal = standing.refusal_of(version, world.people[name], "agree")
        assert refusal is not None, name
        assert refusal.code == "not_your_turn"
    late = standing.refusal_of(version, world.tuan, "approve")
    assert late is not None
    assert late.code == "wrong_state"


def test_the_own_deed_that_stands_in_the_way_is_named_with_its_hour(world: World) -> None:
    seat(world.lan, Role.UNIT_HEAD, world.unit("hctp"))
    version = fresh(factories.version(world, "unit_review"))
    lan = User.objects.get(pk=world.lan.pk)
    at = timezone.localtime(version.created_at)
    assert why(version, lan, "agree") == (
        f"Bạn đã “Mở dự thảo” hồ sơ này lúc {at:%d/%m/%Y %H:%M} nên bước này phải do người khác làm."
    )
    assert standing.refusal_of(version, world.minh, "agree") is None


def test_a_step_bound_to_a_deed_names_the_deed_and_any_other_the_roles(world: World) -> None:
    seat(world.mai, Role.DRAFTER, world.unit("hctp"))
    version = fresh(factories.version(world, "unit_review"))
    assert why(version, User.objects.get(pk=world.mai.pk), "recall") == "Chỉ người đã “Trình duyệt” mới làm được."
    assert why(version, world.son, "agree") == "Cần vai trò: Trưởng đơn vị (Minh)."


def test_history_is_oldest_first_and_read_once(world: World) -> None:
    version, other = fresh(factories.version(world, "iso_check")), factories.version(world)
    assert [move.action for move in standing.history_of(version)] == ["create", "submit", "agree"]
    assert {move.stream for move in standing.history_of(version)} == {version.pk}
    assert standing.history_of(version) is standing.history_of(version)
    assert len(standing.history_of(other)) == 1


def marks(record: Record) -> list[tuple[str, str]]:
    return [(stage.state, mark) for stage, mark in standing.progress(record)]


MAIN = ["draft", "unit_review", "iso_check", "leader_review", "pending_approval", "approved", "issued", "effective"]


@pytest.mark.parametrize("state", MAIN)
def test_progress_along_the_main_path(world: World, state: str) -> None:
    at = MAIN.index(state)
    expected = [(name, "done" if place < at else "now" if place == at else "next") for place, name in enumerate(MAIN)]
    assert marks(fresh(factories.version(world, state))) == expected


def test_beside_the_path_the_record_stands_at_its_end(world: World) -> None:
    assert marks(fresh(factories.version(world, "cancelled"))) == [("draft", "done"), ("cancelled", "now")]
    assert marks(fresh(factories.version(world, "withdrawn"))) == [
        *((name, "done") for name in MAIN),
        ("withdrawn", "now"),
    ]
