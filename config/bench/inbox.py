"""The inbox at many waiting records: statements and time of a leader's first page and of the badge counts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone

from config.bench.scratch import Figure, measure
from config.bench.town import Town
from workflows import inbox
from workflows.models import User
from workflows.roles import Role

ROUNDS = 50


def run(size: int) -> list[Figure]:
    """Measure at 10 and at ``size`` records waiting on one leader."""
    town = Town()
    leader = town.people[Role.UNIT_HEAD]
    figures = []
    for waiting in (10, size):
        _fill(town, waiting)
        for name, look in (("first 50", inbox.for_user), ("badge counts", inbox.counts)):
            figures.append(measure(f"{name}, {waiting} waiting", [partial(_fresh, look, leader)] * ROUNDS))
    return figures


def _fresh(look: Callable[..., Any], leader: User) -> None:
    """One request's work: the seats are read anew, as for a person who just logged in."""
    leader.__dict__.pop("_seats_by_day", None)
    look(leader, timezone.now())


def _fill(town: Town, number: int) -> None:
    """Make ``number`` versions wait on the unit head: one through the door, the others copied from it by SQL.

    Copies carry the walls' proof too: each has a ledger row of its own, copied likewise.
    """
    held = inbox.counts(town.people[Role.UNIT_HEAD]).get("version", 0)
    if held == 0:
        (version,) = town.drafts(1)
        town.approve_whole(version)[0]()
        held = 1
    for _copy in range(number - held):
        _copy_one()


def _copy_one() -> None:
    fresh, document = uuid.uuid4(), uuid.uuid4()
    with connection.cursor() as cursor:
        _copy_row(cursor, "documents_document", {"id": _key(document), "code_key": document.hex[:20]})
        ledger_row = {"stream": _key(fresh), "seq": 1, "id": None}
        _copy_row(cursor, "workflows_move", ledger_row, where="target = 'unit_review'")
        record = {"id": _key(fresh), "document_id": _key(document), "row_version": 1}
        _copy_row(cursor, "documents_documentversion", record)


def _key(value: uuid.UUID) -> object:
    return value if connection.vendor == "postgresql" else value.hex


def _copy_row(cursor: Any, table: str, changes: dict[str, object], where: str = "1 = 1") -> None:
    """Copy one row of a table with some columns changed; a change to None leaves the column to its default."""
    with connection.cursor() as looker:
        columns = [column.name for column in connection.introspection.get_table_description(looker, table)]
    kept = [name for name in columns if changes.get(name, name) is not None]
    values = ", ".join("%s" if name in changes else name for name in kept)
    sql = f"INSERT INTO {table} ({', '.join(kept)}) SELECT {values} FROM {table} WHERE {where} ORDER BY id LIMIT 1"
    cursor.execute(sql, [changes[name] for name in kept if name in changes])
