"""Statements that are put together once and asked many times, of other keys each time.

Django builds a query from its parts whenever it is run. Where the parts are many, that takes longer than the database
needs for a page; what is asked then differs in nothing but the keys.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet

SLOT = UUID(int=0)
"""Stands for the keys: ``filter(owner__in=[SLOT])``, once in a query."""


@dataclass(frozen=True)
class Statement:
    """SQL with its parameters, on both sides of the place where the keys go."""

    head: str
    tail: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]

    def ask(self, keys: Collection[UUID]) -> list[tuple[Any, ...]]:
        """Rows as the database gives them; none without keys, and then nothing is asked."""
        if not keys:
            return []
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(keys))
            cursor.execute(self.head + places + self.tail, [*self.before, *map(_prepared, keys), *self.after])
            return list(cursor.fetchall())


def _prepared(key: UUID) -> Any:
    return models.UUIDField().get_db_prep_value(key, connection)


def statement(rows: QuerySet[Any, Any]) -> Statement:
    """Put together a query that holds ``SLOT`` once. Valid for the database in use."""
    sql, params = rows.query.sql_with_params()
    (slot,) = (place for place, value in enumerate(params) if value == _prepared(SLOT))
    mark = [found for found in re.finditer("%[s%]", sql) if found.group() == "%s"][slot]
    return Statement(sql[: mark.start()], sql[mark.end() :], tuple(params[:slot]), tuple(params[slot + 1 :]))
