"""Walls in the database itself: the ORM's own connection is refused, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from documents.models import Citation, DocumentVersion
from tests import factories
from tests.people import World
from workflows import protections
from workflows.models import Move

VERSION, MOVE, CITATION = "documents_documentversion", "workflows_move", "documents_citation"


def refused(sql: str, *params: Any) -> bool:
    """True if the database refuses the statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except IntegrityError:
        return True
    return False


def key(version: DocumentVersion) -> Any:
    return version.pk if connection.vendor == "postgresql" else version.pk.hex


def test_every_wall_stands_and_laying_them_again_is_harmless(db: None) -> None:
    protections.lay("default")
    assert protections.missing("default") == []
    wall = protections.walls(connection.vendor)[0]
    with connection.cursor() as cursor:
        table = f" ON {wall.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {wall.trigger}{table}")
    assert protections.missing("default") == [wall.trigger]
    protections.lay("default")
    assert protections.missing("default") == []


@pytest.mark.parametrize(
    "column", ["note", "body", "hash", "mac", "prev_hash", "action", "actor_id", "role", "target", "at", "seq"]
)
def test_no_column_of_a_ledger_row_is_updated(world: World, column: str) -> None:
    factories.version(world)
    assert refused(f"UPDATE {MOVE} SET {column} = {column}")  # noqa: S608 - names of ours


def test_a_ledger_row_is_neither_deleted_nor_replaced_nor_truncated(world: World) -> None:
    factories.version(world)
    assert refused(f"DELETE FROM {MOVE}")  # noqa: S608
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.update(note="x")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for pending checks, not for us
        assert refused(f"TRUNCATE {MOVE} CASCADE")
        assert refused(f"TRUNCATE {VERSION} CASCADE")
    else:
        assert refused(f"INSERT OR REPLACE INTO {MOVE} SELECT * FROM {MOVE}")  # noqa: S608


@pytest.mark.parametrize("change", ["state = 'approved'", "row_version = row_version + 1", "ledger_hash = 'x'"])
def test_a_state_does_not_move_without_its_ledger_row(world: World, change: str) -> None:
    version = factories.version(world)
    assert refused(f"UPDATE {VERSION} SET {change} WHERE id = %s", key(version))  # noqa: S608
    assert refused(f"DELETE FROM {VERSION} WHERE id = %s", key(version))  # noqa: S608


def test_a_state_does_not_move_back_along_an_old_ledger_row(world: World) -> None:
    version = factories.version(world, "iso_check")
    first = Move.objects.get(stream=version.pk, seq=1)
    sql = f"UPDATE {VERSION} SET state = 'draft', row_version = 1, ledger_hash = %s WHERE id = %s"  # noqa: S608
    assert refused(sql, first.hash, key(version))


def test_a_record_is_not_born_without_the_door(world: World) -> None:
    version = factories.version(world)
    twin = DocumentVersion(
        document=version.document, agency=version.agency, unit=version.unit, state="draft", row_version=1, content={},
        ledger_hash="0" * 64, entered_at=version.entered_at, created_at=version.created_at, revision_no=9,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Model.save(twin, force_insert=True)
    with pytest.raises(TypeError):
        twin.save()
    with pytest.raises(TypeError):
        version.delete()
    every = DocumentVersion.objects.all()
    for write in (every.update, every.bulk_create, every.bulk_update, every.delete):
        with pytest.raises(TypeError):
            write()


@pytest.mark.parametrize("state", ["unit_review", "approved", "issued", "effective", "withdrawn", "superseded"])
def test_content_is_frozen_from_the_first_signature_on(world: World, state: str) -> None:
    version = factories.version(world, state)
    for change in ("content = '{}'", "content_sha256 = 'x'", "revision_no = 7", "issue_no = 7"):
        assert refused(f"UPDATE {VERSION} SET {change} WHERE id = %s", key(version)), change  # noqa: S608
    assert refused(f"DELETE FROM {CITATION} WHERE version_id = %s", key(version))  # noqa: S608
    assert refused(f"UPDATE {CITATION} SET number = 'x' WHERE version_id = %s", key(version))  # noqa: S608
    with pytest.raises(IntegrityError), transaction.atomic():
        Citation.objects.create(version=version, position=99, row_key="x", number="1/2026/NĐ-CP")


@pytest.mark.parametrize("state", ["issued", "effective", "withdrawn", "superseded"])
def test_number_and_dates_are_frozen_from_the_issue_on(world: World, state: str) -> None:
    version = factories.version(world, state)
    for change in ("decision_no = 'x'", "effective_from = '2001-01-01'", "decision_on = '2001-01-01'"):
        assert refused(f"UPDATE {VERSION} SET {change} WHERE id = %s", key(version)), change  # noqa: S608
    if state in ("withdrawn", "superseded"):
        assert refused(f"UPDATE {VERSION} SET effective_to = NULL WHERE id = %s", key(version))  # noqa: S608


def test_a_draft_may_still_change(world: World) -> None:
    version = factories.version(world)
    assert not refused(f"UPDATE {VERSION} SET change_note = 'x' WHERE id = %s", key(version))  # noqa: S608
