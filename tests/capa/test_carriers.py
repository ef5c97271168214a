"""Open corrective action goes to the heir with its history; what is closed stays, and the heir reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from capa.models import Action, Car, Observation
from documents.models import Document
from tests.capa import records
from tests.people import World, person, seat
from tests.workflows.mergers import TODAY, at, decided, merge
from workflows import engine, ledger
from workflows.errors import WorkflowError
from workflows.handing import sweep
from workflows.models import Heading, Move, Unit, User
from workflows.roles import Role


@pytest.fixture
def heir(world: World) -> Unit:
    """A department beside ours, with a division of the same code and people in it."""
    found = Unit.objects.create(code="SM", name="Sở Nội vụ", kind="department", parent=world.unit("tinh"))
    same = Unit.objects.create(code="HCTP", name="Phòng Khác", kind="division", parent=found)
    world.units |= {"sm": found, "sm2": same}
    for name, role, unit in (("truong", Role.STEERING_HEAD, found), ("phong", Role.UNIT_HEAD, same)):
        world.people[name] = person(name)
        seat(world.people[name], role, unit)
    return found


def merged(world: World, **more: str) -> None:
    decided(world, merge("STP", "SM", **more), on=TODAY)
    assert sweep(at(TODAY, 23))[1] == []


def test_open_ones_go_with_their_history_and_closed_ones_stay_readable(world: World, heir: Unit) -> None:
    closed, found = records.car(world, "closed"), records.car(world, "implementing")
    old, number = found.agency, found.number
    merged(world)
    again = Car.objects.get(pk=found.pk)
    assert (again.agency, again.unit, again.state, again.number) == (heir, world.unit("sm2"), "implementing", number)
    moves = list(Move.objects.of(again.pk))
    assert (moves[-1].action, moves[-1].agency_id, moves[-2].agency_id) == ("hand_over", heir.pk, old.pk)
    assert moves[-1].hash == ledger.link(moves[-1].prev_hash, moves[-1].body) == again.ledger_hash
    assert {one.agency for one in Action.objects.filter(car=again)} == {heir}
    task = Action.objects.filter(car=again).first()
    assert task is not None
    assert task.agency == heir
    assert Car.objects.get(pk=closed.pk).agency == old
    mine = Car.objects.visible_to(world.truong)
    assert set(mine.values_list("pk", flat=True)) == {closed.pk, found.pk}
    for nobody in (world.dung, world.xuan, User.objects.get(pk=world.minh.pk)):
        assert not Car.objects.visible_to(nobody).exists()
    given = records.answers(world, "correct")
    assert engine.fire(again, "correct", by=world.phong, **given).state == "implementing"
    with pytest.raises(WorkflowError):
        engine.fire(again, "correct", by=User.objects.get(pk=world.minh.pk), **given)
    with pytest.raises(WorkflowError):
        engine.fire(Car.objects.get(pk=closed.pk), "link", by=world.truong, earlier=str(found.pk))


def test_a_number_that_is_taken_there_becomes_a_new_one_and_is_still_found(world: World, heir: Unit) -> None:
    secretary = person("thuky")
    seat(secretary, Role.ISO_SECRETARY, heir)
    theirs = engine.start(Car(agency=heir, unit=world.unit("sm2")), "report", by=world.phong, **records.reported())
    issued: dict[str, Any] = {"severity": "minor", "clause": "7.5", "unit": str(world.unit("sm2").pk)}
    theirs = engine.fire(theirs, "issue", by=secretary, **issued)
    found = records.car(world, "issued")
    assert found.number == theirs.number
    merged(world)
    again = Car.objects.get(pk=found.pk)
    assert (again.number[:2], again.former) == ("02", f"{theirs.number} (STP)")
    assert Car.objects.get(pk=theirs.pk).number == theirs.number
    assert Heading.objects.get(source="car", owner=found.pk).agency == heir.pk


def test_observations_go_too_and_only_the_clock_hands_over(world: World, heir: Unit) -> None:
    found = records.observation(world)
    with pytest.raises(WorkflowError) as caught:
        engine.fire(found, "hand_over", by=world.tuan, heir=heir.pk)
    assert caught.value.code == "not_your_turn"
    merged(world)
    assert Observation.objects.get(pk=found.pk).agency == heir


def test_documents_to_be_revised_are_those_that_go_on_at_the_heir(world: World, heir: Unit) -> None:
    document = records.fresh_document(world)
    found = records.car(world, "implementing", documents=(document,))
    merged(world, documents="hand")
    went = Document.objects.get(predecessor=document)
    assert [one.document for one in Car.objects.get(pk=found.pk).demands.all()] == [went]
    assert sweep(at(TODAY, 23) + timedelta(days=31)) == ({}, [])
