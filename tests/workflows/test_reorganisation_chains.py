"""An heir of an heir keeps all that was left, and nothing is called finished while something still has to go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from tests.people import World, person, seat
from tests.workflows.mergers import SOON, at, decided, merge, second_commune
from workflows import carrying, engine
from workflows.errors import GuardFailed
from workflows.handing import sweep
from workflows.models import Seat, Unit, User
from workflows.roles import Role

pytestmark = pytest.mark.once


def test_the_heir_of_an_heir_sees_what_both_have_left(world: World) -> None:
    second_commune(world)
    third = Unit.objects.create(code="XD1", name="Xã Bình Hoà", kind="commune", parent=world.unit("stp"))
    seat(person("ke"), Role.STEERING_HEAD, third)
    first, second = world.unit("xa"), world.unit("xb")
    decided(world)
    sweep(at(SOON))
    decided(world, merge("XB1", "XD1"), on=SOON + timedelta(days=5), number="6/NQ-SV")
    sweep(at(SOON + timedelta(days=5)))
    third.refresh_from_db()
    assert third.inherits == [second.path, first.path]
    later = at(SOON + timedelta(days=5))
    reader = User.objects.get(username="ke")
    assert set(Unit.objects.filter(pk__in=[first.pk, second.pk]).visible_to(reader, later)) == {first, second}
    assert not Unit.objects.filter(pk=first.pk).visible_to(User.objects.get(username="an"), later).exists()


def test_what_still_has_to_go_keeps_it_from_being_finished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = decided(world)
    found = engine.fire(found, "begin", by=None, now=at(SOON))

    def left(_agencies: object, _day: object) -> QuerySet[Seat]:
        return Seat.objects.filter(unit__agency=world.unit("stp"))

    waits = carrying.Carrier("test", "vị trí", "chuyển", left, lambda _row, _parting: None)
    monkeypatch.setattr(carrying, "carriers", lambda: (waits,))
    with pytest.raises(GuardFailed) as refused:
        engine.fire(found, "finish", by=None, now=at(SOON))
    assert "Còn vị trí chưa chuyển giao." in refused.value.problems
    monkeypatch.setattr(carrying, "carriers", lambda: ())
    assert engine.fire(found, "finish", by=None, now=at(SOON)).state == "in_effect"


def test_it_does_not_begin_a_minute_before_its_day(world: World) -> None:
    found = decided(world)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(found, "begin", by=None, now=at(SOON - timedelta(days=1), 23, 59))
    assert refused.value.problems == ["Chưa đến ngày hiệu lực."]
    assert engine.fire(found, "begin", by=None, now=at(SOON)).state == "applying"
