"""Who comes late is told that the record has moved on (409), unless they never had a part in the action (403)."""

from __future__ import annotations

import pytest

from tests import factories
from tests.people import World, seat
from workflows import engine
from workflows.errors import NotYourTurn, SameHand, Stale
from workflows.models import Move


def test_a_step_that_passed_on_to_another_role_is_stale_for_the_late_one(world: World) -> None:
    seen = factories.version(world, "unit_review")
    engine.fire(seen, "agree", by=world.minh, expected=seen.row_version)
    deeds = Move.objects.count()
    with pytest.raises(Stale) as caught:
        engine.fire(seen, "return", by=world.minh, expected=seen.row_version, note="Thiếu")
    assert (caught.value.status, caught.value.state) == (409, "iso_check")
    assert Move.objects.count() == deeds


def test_the_same_person_with_the_newest_version_has_no_turn(world: World) -> None:
    seen = engine.fire(factories.version(world, "unit_review"), "agree", by=world.minh)
    with pytest.raises(NotYourTurn):
        engine.fire(seen, "return", by=world.minh, expected=seen.row_version, note="Thiếu")


@pytest.mark.parametrize("name", ["son", "dung", "phuc", "root"])
def test_who_has_no_part_learns_nothing_of_the_version(world: World, name: str) -> None:
    seen = factories.version(world, "unit_review")
    engine.fire(seen, "agree", by=world.minh)
    with pytest.raises(NotYourTurn):
        engine.fire(seen, "return", by=world.people[name], expected=seen.row_version, note="Thiếu")


def test_own_hand_is_said_on_the_newest_version_only(world: World) -> None:
    seen = factories.version(world, "leader_review")
    reviewed = engine.fire(seen, "agree", by=world.quang)
    seat(world.quang, "steering_head", world.unit("stp"))
    with pytest.raises(Stale):
        engine.fire(reviewed, "approve", by=world.quang, expected=seen.row_version)
    with pytest.raises(SameHand):
        engine.fire(reviewed, "approve", by=world.quang, expected=reviewed.row_version)
