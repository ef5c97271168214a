"""Each clause of the walls by itself: a ledger row forged by hand opens the way only if every part of it fits."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from documents.models import DocumentVersion
from tests import factories
from tests.people import World
from workflows import ledger, protections, registry
from workflows.models import Move, Record

HASH, OTHER = "a" * 64, "b" * 64


def forge(stream: uuid.UUID, seq: int, target: str, row_hash: str = HASH) -> Move:
    """A ledger row that nobody's deed wrote: inserting one is not what these walls are against."""
    return Move.objects.create(
        stream=stream, seq=seq, machine="version", action="x", target=target, role="clock", at=timezone.now(),
        body="{}", prev_hash=ledger.genesis(stream), hash=row_hash, mac=OTHER,
    )  # fmt: skip


def unborn(world: World) -> DocumentVersion:
    owner, now = factories.document(world), timezone.now()
    return DocumentVersion(
        document=owner, agency=owner.agency, unit=owner.unit, state="draft", row_version=1, content={},
        ledger_hash=HASH, entered_at=now, created_at=now,
    )  # fmt: skip


def born(record: Record) -> bool:
    try:
        with transaction.atomic():
            models.Model.save(record, force_insert=True)
    except IntegrityError:
        return False
    return True


def moved(record: Record, **columns: Any) -> bool:
    try:
        with transaction.atomic():
            QuerySet.update(type(record).objects.filter(pk=record.pk), **columns)
    except IntegrityError:
        return False
    return True


def test_a_record_is_born_with_its_first_row(world: World) -> None:
    record = unborn(world)
    assert not born(record)
    forge(record.pk, 1, "draft")
    assert born(record)


@pytest.mark.parametrize("wrong", [{"stream": uuid.uuid4()}, {"seq": 2}, {"target": "approved"}, {"row_hash": OTHER}])
def test_a_record_is_not_born_with_a_row_that_does_not_fit(world: World, wrong: dict[str, Any]) -> None:
    record = unborn(world)
    forge(**{"stream": record.pk, "seq": 1, "target": "draft", **wrong})
    assert not born(record)


def test_a_record_is_not_born_in_the_middle_of_its_history(world: World) -> None:
    record = unborn(world)
    record.row_version = 2
    forge(record.pk, 2, "draft")
    assert not born(record)


def test_a_record_moves_with_its_next_row(world: World) -> None:
    record = factories.version(world)
    step = {"state": "approved", "row_version": 2, "ledger_hash": HASH}
    assert not moved(record, **step)
    forge(record.pk, 2, "approved")
    for lacking in step:
        assert not moved(record, **{name: value for name, value in step.items() if name != lacking}), lacking
    assert moved(record, **step)


@pytest.mark.parametrize("wrong", [{"stream": uuid.uuid4()}, {"seq": 3}, {"target": "issued"}, {"row_hash": OTHER}])
def test_a_record_does_not_move_with_a_row_that_does_not_fit(world: World, wrong: dict[str, Any]) -> None:
    record = factories.version(world)
    forge(**{"stream": record.pk, "seq": 2, "target": "approved", **wrong})
    assert not moved(record, state="approved", row_version=2, ledger_hash=HASH)


def test_a_record_moves_by_one_row_at_a_time(world: World) -> None:
    record = factories.version(world)
    forge(record.pk, 3, "approved")
    assert not moved(record, state="approved", row_version=3, ledger_hash=HASH)


def test_a_record_keeps_its_key_even_if_a_row_is_there_for_the_new_one(world: World) -> None:
    record, key = factories.version(world), uuid.uuid4()
    assert not moved(record, id=key)
    forge(key, 2, "approved")
    assert not moved(record, id=key, state="approved", row_version=2, ledger_hash=HASH)


def records(world: World) -> list[Record]:
    item = factories.impact(world)
    return [factories.version(world), item, item.campaign, factories.act_of(item)]


def test_every_kind_of_record_stands_behind_the_same_walls(world: World) -> None:
    kinds = records(world)
    assert {type(record) for record in kinds} <= set(registry.models())
    for record in kinds:
        assert not moved(record, state=record.machine.stages[-1].state), record.machine.name
        assert not moved(record, row_version=record.row_version + 1), record.machine.name
        assert not moved(record, ledger_hash=HASH), record.machine.name
        with pytest.raises(IntegrityError), transaction.atomic():
            QuerySet.delete(type(record).objects.filter(pk=record.pk))
        with pytest.raises(TypeError, match="never deleted"):
            record.delete()
        with pytest.raises(TypeError, match="changes through"):
            record.save()


def test_the_walls_of_every_governed_table_and_of_the_ledger_are_announced() -> None:
    names = {wall.trigger for wall in protections.walls(connection.vendor)}
    replace = {"no_replace"} if connection.vendor == "sqlite" else set()
    for model in registry.models():
        assert {f"{model._meta.db_table}_{name}" for name in {"opened", "moved", "no_delete"} | replace} <= names
    assert {f"workflows_move_{name}" for name in {"no_update", "no_delete"} | replace} <= names
    assert not any(name.endswith("no_replace") for name in names) or connection.vendor == "sqlite"


def test_a_row_that_is_there_is_not_replaced(world: World) -> None:
    """PostgreSQL has no ``INSERT OR REPLACE``; its own upsert is an update, which other walls see."""
    for table in {record._meta.db_table for record in records(world)}:
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608 - names of ours
        if connection.vendor == "postgresql":
            statement = f"UPDATE {table} SET row_version = row_version + 1"  # noqa: S608
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_manager_writes_nothing(world: World) -> None:
    record = factories.version(world)
    every = DocumentVersion.objects.all()
    refused = "changes through"
    with pytest.raises(TypeError, match=refused):
        every.update(change_note="x")
    with pytest.raises(TypeError, match=refused):
        every.delete()
    with pytest.raises(TypeError, match=refused):
        every.bulk_create([record])
    with pytest.raises(TypeError, match=refused):
        every.bulk_update([record], ["change_note"])
    assert DocumentVersion.objects.get(pk=record.pk).change_note == record.change_note
