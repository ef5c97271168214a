"""A stretch of work that is held to reading: a statement that could write never reaches the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

READS = ("SELECT", "EXPLAIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class Wrote(RuntimeError):
    """What promised only to read tried to write: a fault of ours, never of the person."""


@contextmanager
def read_only() -> Iterator[None]:
    """Refuse writes inside; raises ``Wrote``."""

    def only(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not sql.lstrip("( \n").upper().startswith(READS) or "FOR UPDATE" in sql.upper():
            raise Wrote(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(only):
        yield
