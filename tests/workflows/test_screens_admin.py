"""The admin: accounts, units and seats for superusers; records, ledger and flows for looking; for others nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.urls import reverse

from tests import factories
from tests.people import World, person, seat
from tests.workflows.screens import log_in
from workflows import registry
from workflows.admin import ReadOnlyAdmin
from workflows.models import Move, Seat, Unit, User
from workflows.roles import Role

WRITABLE = {"user", "unit", "committee", "seat", "obligationrule", "referenceset", "certificate", "provider"}
OURS = [
    model for model in admin.site._registry if model._meta.app_label in ("workflows", "documents", "capa", "viewflow")
]


def url(model: Any, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_governed_record_is_there_to_look_at(world: World) -> None:
    governed: list[type[Model]] = [*registry.models(), Move]
    for model in governed:
        assert isinstance(admin.site.get_model_admin(model), ReadOnlyAdmin)
    assert not admin.site.is_registered(Group)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_page_opens_and_only_people_and_seats_can_be_written(world: World, model: Any) -> None:
    factories.impact(world, "revision_open")
    client, writable = log_in(world.root), model._meta.model_name in WRITABLE
    assert client.get(url(model, "changelist")).status_code == 200
    assert client.get(url(model, "add")).status_code == (200 if writable else 403)
    row = model._default_manager.first()
    if row is not None:
        page = client.get(url(model, "change", row.pk))
        assert page.status_code == 200
        assert (b'name="_save"' in page.content) == writable
        assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        if not writable:
            assert client.post(url(model, "change", row.pk), {"state": "effective", "note": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["hoa", "admin", "tuan"])
def test_nobody_else_comes_in_staff_or_not(world: World, who: str) -> None:
    user = world.people[who]
    assert log_in(user).get(url(Move, "changelist")).status_code == 302
    user.is_staff = True
    user.save()
    user.user_permissions.set([])
    for model in OURS:
        assert log_in(user).get(url(model, "changelist")).status_code == 403


def test_a_superuser_writes_a_seat_and_the_grants_follow(world: World) -> None:
    new = person("moi")
    given = {
        "user": new.pk, "role": Role.AUDITOR, "unit": world.unit("stp").pk, "decision_no": "9/QĐ-STP",
        "decision_on": "05/03/2026", "valid_from": "06/03/2026",
    }  # fmt: skip
    assert log_in(world.root).post(url(Seat, "add"), given).status_code == 302
    found = Seat.objects.get(user=new)
    assert (found.decision_on, found.valid_from) == (date(2026, 3, 5), date(2026, 3, 6))
    assert new.groups.count() == 1


def test_a_seat_in_which_something_was_done_can_only_be_ended(world: World) -> None:
    factories.version(world, "unit_review")
    client, held = log_in(world.root), world.lan.seats.get()
    other = {"user": world.son.pk, "role": Role.QMR, "unit": world.unit("bttp").pk, "decision_no": "x"}
    answer = client.post(url(Seat, "change", held.pk), {**other, "valid_from": "01/01/2020", "valid_to": "01/01/2031"})
    assert answer.status_code == 302
    held = Seat.objects.get(pk=held.pk)
    assert (held.user, held.role, held.valid_to) == (world.lan, Role.DRAFTER, date(2031, 1, 1))
    fresh = seat(world.son, Role.AUDITOR, world.unit("stp"))
    client.post(url(Seat, "change", fresh.pk), {**other, "valid_from": "01/01/2026"})
    assert Seat.objects.get(pk=fresh.pk).role == Role.QMR


def test_a_unit_keeps_its_place(world: World) -> None:
    unit = world.unit("hctp")
    given = {"code": "HC2", "name": "Tên mới", "kind": "commune", "parent": world.unit("nx").pk, "fields": "[]"}
    assert log_in(world.root).post(url(Unit, "change", unit.pk), given).status_code == 302
    found = Unit.objects.get(pk=unit.pk)
    assert (found.name, found.kind, found.parent, found.path) == ("Tên mới", "division", unit.parent, unit.path)


def test_a_superuser_opens_an_account(world: World) -> None:
    given = {
        "username": "tai-khoan", "full_name": "Tài Khoản", "usable_password": "true",
        "password1": "mot-mat-khau-dai-1", "password2": "mot-mat-khau-dai-1",
    }  # fmt: skip
    assert log_in(world.root).post(url(User, "add"), given).status_code == 302
    assert User.objects.get(username="tai-khoan").full_name == "Tài Khoản"
