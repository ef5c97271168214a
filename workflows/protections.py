"""Walls in the database itself, on SQLite and PostgreSQL, laid after every ``migrate`` and safe to lay again.

They hold against the ORM's own connection: a ledger row is never updated or deleted, a governed record never
deleted, and its state changes only together with the ledger row that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION khung_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"""


@dataclass(frozen=True)
class Wall:
    """One refusal: on which event of which table, under which condition (SQL over OLD and NEW), with what text.

    ``when`` is an SQL condition that both databases read alike. ``subquery``: it needs a subquery, which PostgreSQL
    does not allow in a trigger's WHEN. ``only``: the one database vendor that needs the wall.
    """

    table: str
    name: str
    event: str
    text: str
    when: str = ""
    subquery: bool = False
    only: str = ""

    @property
    def trigger(self) -> str:
        """Name of the trigger in the database."""
        return f"{self.table}_{self.name}"

    def sqlite(self) -> list[str]:
        """Statements for SQLite."""
        condition = self.when.replace("IS DISTINCT FROM", "IS NOT")  # SQLite before 3.39 knows only its own form
        when = f"WHEN {condition} " if condition else ""
        return [
            f"DROP TRIGGER IF EXISTS {self.trigger}",
            (
                f"CREATE TRIGGER {self.trigger} BEFORE {self.event} ON {self.table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{self.text}'); END"
            ),
        ]

    def postgresql(self) -> list[str]:
        """Statements for PostgreSQL."""
        if self.subquery:
            return self._postgresql_function()
        when = f"WHEN ({self.when}) " if self.when else ""
        return [
            (
                f"CREATE OR REPLACE TRIGGER {self.trigger} BEFORE {self.event} ON {self.table} FOR EACH ROW {when}"
                f"EXECUTE FUNCTION khung_refuse('{self.text}')"
            )
        ]

    def _postgresql_function(self) -> list[str]:
        return [
            (
                f"CREATE OR REPLACE FUNCTION {self.trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {self.when} THEN RAISE EXCEPTION '{self.text}' USING ERRCODE = 'integrity_constraint_violation'; "
                f"END IF; RETURN COALESCE(NEW, OLD); END $$"
            ),
            (
                f"CREATE OR REPLACE TRIGGER {self.trigger} BEFORE {self.event} ON {self.table} FOR EACH ROW "
                f"EXECUTE FUNCTION {self.trigger}()"
            ),
        ]


def append_only(model: type[models.Model]) -> list[Wall]:
    """Walls of a table whose rows are written once."""
    table, text = model._meta.db_table, "history is append-only"
    return [Wall(table, "no_update", "UPDATE", text), *kept(model)]


def kept(model: type[models.Model]) -> list[Wall]:
    """Walls of a table whose rows are never deleted, replacing insert (SQLite) and truncation included."""
    table, key = model._meta.db_table, model._meta.pk.column
    return [
        Wall(table, "no_delete", "DELETE", "rows of this table are never deleted"),
        Wall(
            table,
            "no_replace",
            "INSERT",
            "this row exists",
            when=f"EXISTS (SELECT 1 FROM {table} old WHERE old.{key} = NEW.{key})",
            subquery=True,
            only="sqlite",  # INSERT OR REPLACE deletes without firing the delete trigger; PostgreSQL has no such thing
        ),
    ]


def state_with_ledger(model: type[models.Model], ledger: str = "workflows_move") -> list[Wall]:
    """Walls of a governed table: state, row version and hash move together with a ledger row, one at a time."""
    table, text = model._meta.db_table, "state changes only through the door"
    row = (
        f"NOT EXISTS (SELECT 1 FROM {ledger} m WHERE m.stream = NEW.id AND m.seq = NEW.row_version"
        " AND m.target = NEW.state AND m.hash = NEW.ledger_hash)"
    )
    return [
        Wall(table, "opened", "INSERT", text, when=f"NEW.row_version <> 1 OR {row}", subquery=True),
        Wall(
            table,
            "moved",
            "UPDATE OF state, row_version, ledger_hash, id",
            text,
            when="(NEW.state <> OLD.state OR NEW.row_version <> OLD.row_version OR NEW.ledger_hash <> OLD.ledger_hash"
            f" OR NEW.id <> OLD.id) AND (NEW.id <> OLD.id OR NEW.row_version <> OLD.row_version + 1 OR {row})",
            subquery=True,
        ),
        *kept(model),
    ]


def written_once(model: type[models.Model], *columns: str) -> list[Wall]:
    """Walls of columns that say what a row is, and never change however its state does."""
    table, text = model._meta.db_table, "history is append-only"
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    return [Wall(table, "written_once", f"UPDATE OF {', '.join(columns)}", text, when=changed)]


def bound_to_ledger(model: type[models.Model], ledger: str = "workflows_move") -> list[Wall]:
    """Walls of rows that are free until they get the number of a ledger row, and then neither changed nor deleted."""
    table, text = model._meta.db_table, "what a deed holds is kept as it is"
    deed = f"NOT EXISTS (SELECT 1 FROM {ledger} m WHERE m.stream = NEW.stream AND m.seq = NEW.seq)"
    kept_as = ("id", "stream", "sha256", "size", "uploaded_by_id")
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in kept_as)
    return [
        Wall(table, "born_free", "INSERT", text, when="NEW.seq IS NOT NULL"),
        Wall(table, "no_update", "UPDATE", text, when=f"OLD.seq IS NOT NULL OR {changed}"),
        Wall(table, "bound", "UPDATE", text, when=f"NEW.seq IS NOT NULL AND {deed}", subquery=True),
        Wall(table, "no_delete", "DELETE", text, when="OLD.seq IS NOT NULL"),
        kept(model)[1],
    ]


_sources: list[Callable[[], Iterable[Wall]]] = []
_extra: list[Callable[[BaseDatabaseWrapper], Iterable[str]]] = []


def register(source: Callable[[], Iterable[Wall]]) -> None:
    """Announce walls; called once per app at ``ready()``."""
    _sources.append(source)


def register_sql(source: Callable[[BaseDatabaseWrapper], Iterable[str]]) -> None:
    """Announce statements beyond triggers for a connection; each must be safe to run again."""
    _extra.append(source)


def walls(vendor: str) -> list[Wall]:
    """Every wall that must stand in a database of this vendor."""
    return [wall for source in _sources for wall in source() if wall.only in ("", vendor)]


def lay(using: str) -> None:
    """Lay all walls whose table exists in this database."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    present = [wall for wall in walls(connection.vendor) if wall.table in tables]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE_FUNCTION)
        for wall in present:
            for statement in wall.postgresql() if connection.vendor == "postgresql" else wall.sqlite():
                cursor.execute(statement)
        if connection.vendor == "postgresql":
            for table in sorted({wall.table for wall in present}):
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION khung_refuse('rows of this table are never deleted')"
                )
        for extra in _extra:
            for statement in extra(connection):
                cursor.execute(statement)


def missing(using: str) -> list[str]:
    """Names of walls that do not stand in this database: shown by ``/readyz``."""
    connection = connections[using]
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        standing = {row[0] for row in cursor.fetchall()}
    return sorted(wall.trigger for wall in walls(connection.vendor) if wall.trigger not in standing)
