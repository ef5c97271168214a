"""Many CARs in every state without the way through the door: each with the ledger row that the database asks for."""

from __future__ import annotations

import itertools
import random
import uuid
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from capa.analysis import Category
from capa.machines.car import CAR, SEVERITIES, SOURCES
from capa.models import Action, Car
from tests.people import World
from workflows.models import Move, Record

STATES = tuple(stage.state for stage in CAR.stages)
CLAUSES = ("", "7.5", "7.5.3", "7.5.3.2", "7.2", "8.5.1", "8.3", "9.1", "10.2")
CAUSES = ("", *Category.values)
ENDED = ("closed", "reissued", "rejected", "cancelled")
_numbers = itertools.count(1)


def lay(record: Record) -> Any:
    """Insert a record as it is, together with its ledger row."""
    record.row_version, record.ledger_hash = 1, uuid.uuid4().hex * 2
    record.created_at = record.entered_at = timezone.now()
    Move.objects.create(
        stream=record.pk,
        seq=1,
        machine=record.machine.name,
        action="import",
        target=record.state,
        agency_id=record.agency_id,
        unit_id=record.unit_id,
        role="clock",
        at=record.created_at,
        body="{}",
        prev_hash="0" * 64,
        hash=record.ledger_hash,
        mac="0" * 64,
    )
    QuerySet.bulk_create(type(record).objects.all(), [record])
    return record


def car(world: World, unit: str = "hctp", state: str = "issued", **columns: Any) -> Car:
    """One CAR."""
    place, name = world.unit(unit), f"{next(_numbers):03}/CAR-2026"
    names = {"number": name, "reference": name}
    given = {"source": "self", "description": "Sai", "found_on": timezone.localdate(), **names, **columns}
    fresh = Car(agency=place.agency, unit=place, state=state, **given)
    if fresh.predecessor is not None:
        fresh.root_id = fresh.predecessor.root_id
    found: Car = lay(fresh)
    return found


def task(world: World, of: Car, planned_for: date) -> Action:
    """A finished action of a CAR."""
    fresh = Action(
        car=of, agency_id=of.agency_id, unit_id=of.unit_id, row_key="a1", what="Việc", assignee=world.lan,
        planned_for=planned_for, state="done",
    )  # fmt: skip
    found: Action = lay(fresh)
    return found


def build(world: World, number: int = 40, *, seed: int = 7, units: tuple[str, ...] = ("hctp", "bttp")) -> list[Car]:
    """CARs of every state, found over two years, some late, some repeated, some in a second cycle."""
    # Not for secrets: the same town every time.
    dice = random.Random(seed)
    found: list[Car] = []
    for place in range(number):
        found.append(_one(world, dice, STATES[place % len(STATES)], dice.choice(units), found))
    return found


def _one(world: World, dice: random.Random, state: str, unit: str, before: list[Car]) -> Car:
    today = timezone.localdate()
    found_on = today - timedelta(days=dice.choice((0, 3, 30, 31, 60, 61, 90, 91, 200, 400)))
    agency = world.unit(unit).agency_id
    same = [one for one in before if one.agency_id == agency]
    free = [one for one in same if one.state == "reissued" and not Car.objects.filter(predecessor=one).exists()]
    columns: dict[str, Any] = {
        "found_on": found_on,
        "clause": dice.choice(CLAUSES),
        "cause_category": dice.choice(CAUSES),
        "source": dice.choice(SOURCES)[0],
        "severity": dice.choice(SEVERITIES)[0],
        "due_on": None if state in ENDED else today + timedelta(days=dice.choice((-9, -1, 0, 5))),
        "repeats": dice.choice(same) if same and dice.random() < 0.3 else None,
    }
    if free and state not in ("reissued", "rejected") and dice.random() < 0.7:
        columns |= {"predecessor": free[0], "cycle": free[0].cycle + 1}
    if state != "closed":
        return car(world, unit, state, **columns)
    closed_on = min(today, found_on + timedelta(days=dice.choice((5, 20, 77))))
    made = car(world, unit, state, closed_on=closed_on, completed_on=closed_on, **columns)
    task(world, made, closed_on + timedelta(days=dice.choice((-1, 0, 4))))
    return made
