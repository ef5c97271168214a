"""Laying the walls: apps' own statements run as well, each database gets its own, and what is missing is named."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tests import factories
from tests.people import World
from workflows import protections
from workflows.models import Move
from workflows.protections import Wall


def drop(wall: Wall) -> None:
    table = f" ON {wall.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {wall.trigger}{table}")


def test_each_wall_that_is_missing_is_named_and_laid_again(db: None) -> None:
    every = protections.walls(connection.vendor)
    assert len(every) > 10
    for wall in every:
        drop(wall)
    assert protections.missing("default") == sorted(wall.trigger for wall in every)
    protections.lay("default")
    assert protections.missing("default") == []


def test_migrate_lays_them(world: World) -> None:
    factories.version(world)
    for wall in protections.append_only(Move):
        if wall.only in ("", connection.vendor):
            drop(wall)
    call_command("migrate", verbosity=0)
    assert protections.missing("default") == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.update(note="x")


def test_a_wall_of_one_database_is_not_another_s() -> None:
    names = {vendor: {wall.name for wall in protections.walls(vendor)} for vendor in ("sqlite", "postgresql")}
    assert "no_replace" in names["sqlite"]
    assert "no_replace" not in names["postgresql"]
    assert names["postgresql"] < names["sqlite"]
    assert {"no_update", "no_delete", "opened", "moved"} < names["postgresql"]


def test_statements_beyond_triggers_are_run_on_this_connection(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    vendors: list[str] = []

    def extra(base: BaseDatabaseWrapper) -> list[str]:
        vendors.append(base.vendor)
        return ["CREATE TABLE khung_extra (x integer)"]

    monkeypatch.setattr(protections, "_extra", [extra])
    protections.lay("default")
    assert "khung_extra" in connection.introspection.table_names()
    assert vendors == [connection.vendor]


def test_a_wall_whose_table_is_not_there_yet_waits(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    coming = Wall("khung_none", "no_delete", "DELETE", "never")
    monkeypatch.setattr(protections, "_sources", [*protections._sources, lambda: [coming]])
    protections.lay("default")
    assert protections.missing("default") == ["khung_none_no_delete"]


@pytest.mark.postgres
def test_validity_of_a_document_s_versions_cannot_overlap(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'version_validity_overlap'")
        (found,) = cursor.fetchone()
    assert found.startswith("EXCLUDE USING gist (document_id WITH =, daterange(effective_from, effective_to) WITH &&)")
    for state in ("effective", "superseded", "withdrawn"):
        assert state in found
    assert "draft" not in found
