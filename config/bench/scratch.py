"""A scratch database on the server in use: real commits, and nothing left behind in the agency's own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, connections

TICKS = os.sysconf("SC_CLK_TCK")
NOT_WORK = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")


@contextmanager
def scratch_database(keep: str = "") -> Iterator[None]:
    """Point the default connection at an empty, migrated database of its own, and drop it afterwards.

    ``keep``: a name under which the database stays, to be found again with what it holds.
    """
    old, kept = connection.settings_dict["NAME"], bool(keep)
    name = f"khung_benchmark_{keep}" if keep else _name(str(old))
    connection.settings_dict.setdefault("TEST", {})["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=kept)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(old, verbosity=0, keepdb=kept)


@contextmanager
def copied() -> Iterator[None]:
    """Point the default connection at a copy of the database in use, and drop it afterwards. PostgreSQL only."""
    source, copy = connection.settings_dict["NAME"], f"{_name('')}_copy"
    let_go()
    with connection._nodb_cursor() as cursor:  # noqa: SLF001 - as Django itself makes databases
        cursor.execute(f"CREATE DATABASE {copy} TEMPLATE {source} STRATEGY file_copy")
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        let_go()
        connection.settings_dict["NAME"] = source
        with connection._nodb_cursor() as cursor:  # noqa: SLF001
            cursor.execute(f"DROP DATABASE {copy}")


def let_go() -> None:
    """Close every connection to the database, those of the pool as well."""
    connections.close_all()
    if "pool" in connection.settings_dict.get("OPTIONS", {}):
        connection.close_pool()  # type: ignore[attr-defined]


def _name(old: str) -> str:
    """A file beside the installation's for SQLite: a database in memory would commit for nothing."""
    if connection.vendor == "sqlite":
        return str(Path(old).with_name(f"benchmark-{os.getpid()}.sqlite3"))
    return f"khung_benchmark_{os.getpid()}"


@dataclass(frozen=True)
class Figure:
    """One row of a benchmark: units per second, statements and CPU milliseconds (client + server) per unit."""

    name: str
    per_second: float
    statements: float
    client_ms: float
    server_ms: float | None

    @property
    def cpu_ms(self) -> float:
        """Client and, where the server's process can be seen, server."""
        return self.client_ms + (self.server_ms or 0.0)


def measure(name: str, deeds: list[Callable[[], Any]]) -> Figure:
    """Run deeds one after another, each committing by itself, and count what they cost."""
    counted = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal counted
        counted += not sql.startswith(NOT_WORK)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        server, client, begun = _server_seconds(), time.process_time(), time.perf_counter()
        for deed in deeds:
            deed()
        wall, client = time.perf_counter() - begun, time.process_time() - client
        server_after = _server_seconds()
    number = len(deeds)
    spent = None if server is None or server_after is None else (server_after - server) * 1000 / number
    return Figure(name, number / wall, counted / number, client * 1000 / number, spent)


def _server_seconds() -> float | None:
    """CPU seconds of our PostgreSQL backend, if it runs on this machine; SQLite's are the client's own."""
    if connection.vendor != "postgresql":
        return None
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS
