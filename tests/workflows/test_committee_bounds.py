"""A committee has one head, and begins after the one before it, even where that one has nobody any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.people import SINCE, World
from tests.workflows.test_committees import GIVEN, proposed, rows
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import Committee, Establishment, Seat

pytestmark = pytest.mark.once


def test_a_committee_has_one_head(world: World) -> None:
    stp = world.unit("stp")
    both = [*rows(world), {"username": "minh", "role": "steering_head", "unit": stp.pk}]
    draft = engine.start(Establishment(about=stp, agency=stp, unit=stp), "propose", by=world.hoa, members=both)
    with pytest.raises(WorkflowError) as caught:
        engine.fire(draft, "enact", by=world.tuan, **GIVEN)
    assert "Chỉ có một Trưởng Ban" in caught.value.said
    assert Committee.objects.count() == 1


@pytest.mark.parametrize("late", [0, 1])
def test_a_committee_begins_after_the_one_before_though_nobody_sits_in_that(world: World, late: int) -> None:
    day = SINCE + timedelta(days=late)
    draft = proposed(world)
    Seat.objects.filter(unit__agency=world.unit("stp")).exclude(valid_from__gt=SINCE).update(
        valid_from=SINCE - timedelta(days=1)
    )
    given = {**GIVEN, "valid_from": day}
    if late:
        assert engine.fire(draft, "enact", by=world.tuan, **given).state == "in_force"
        assert Committee.objects.get(valid_from=SINCE).valid_to == day
        return
    with pytest.raises(WorkflowError) as caught:
        engine.fire(draft, "enact", by=world.tuan, **given)
    assert "phải sau ngày" in caught.value.said
