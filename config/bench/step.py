"""One approval step: through the door, by the leanest ORM code that writes the same rows, and by hand-made SQL."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from config.bench.scratch import Figure, measure
from config.bench.town import PATH, Town
from documents.models import DocumentVersion
from workflows import flows
from workflows.models import Move, Pending, Seat
from workflows.signals import moved

KEY = b"k" * 32
TARGETS = ("unit_review", "iso_check", "leader_review", "pending_approval", "approved")
SOURCES = ("draft", *TARGETS[:-1])
WARM_UP = 5
"""Versions walked before the clock starts: connections, caches and plans are warm in daily work too."""


def run(size: int) -> list[Figure]:
    """Measure ``size`` versions of five steps each, in every way; the floor first."""
    town = Town()
    with outbox_only():
        for deed in _door(town, WARM_UP, 0):
            deed()
    ways: list[tuple[str, Callable[[], list[Callable[[], Any]]]]] = [
        ("floor: hand-made SQL, one transaction", lambda: _floor(town, size, 1 * size + WARM_UP)),
        ("leanest ORM, the same rows", lambda: _lean(town, size, 2 * size + WARM_UP)),
        ("the door", lambda: _door(town, size, 3 * size + WARM_UP)),
        ("the door, with a running flow", lambda: _door(town, size, 4 * size + WARM_UP, flow=True)),
    ]
    with outbox_only():
        figures = [measure(name, deeds()) for name, deeds in ways]
    return [*figures, measure("the door, notices delivered at once", _door(town, size, 5 * size + WARM_UP))]


@contextmanager
def outbox_only() -> Iterator[None]:
    """Leave the notices in the outbox, where the other ways of writing a step leave them too."""
    held, moved.receivers = moved.receivers, []
    moved.sender_receivers_cache.clear()
    try:
        yield
    finally:
        moved.receivers = held
        moved.sender_receivers_cache.clear()


def _door(town: Town, size: int, start: int, *, flow: bool = False) -> list[Callable[[], Any]]:
    versions = town.drafts(size, start)
    if flow:
        for version in versions:
            flows.begin(version)
    return [deed for version in versions for deed in town.approve_whole(version)]


def _lean(town: Town, size: int, start: int) -> list[Callable[[], Any]]:
    return [
        partial(_lean_step, town, version.pk, place)
        for version in town.drafts(size, start)
        for place in range(len(PATH))
    ]


def _lean_step(town: Town, pk: uuid.UUID, place: int) -> None:
    """Lock, one right, one ledger row, one update, one outbox row; nothing checked beyond the role."""
    _action, role = PATH[place]
    user = town.people[role]
    with transaction.atomic():
        record = DocumentVersion.objects.select_for_update().only("state", "row_version", "ledger_hash").get(pk=pk)
        if not Seat.objects.filter(user=user, role=role, valid_from__lte=timezone.localdate()).exists():
            raise PermissionError
        record.row_version += 1
        move = Move(**_row(record.pk, record.row_version, place, record.ledger_hash, town))
        move.actor = user
        move.save(force_insert=True)
        record.state, record.ledger_hash = TARGETS[place], move.hash
        models.Model.save(record, update_fields=["state", "row_version", "ledger_hash"])
        Pending(move=move).save(force_insert=True)


def _row(stream: uuid.UUID, seq: int, place: int, prev: str, town: Town) -> dict[str, Any]:
    action, role, source = *PATH[place], SOURCES[place]
    body = json.dumps({"stream": str(stream), "seq": seq, "action": action, "from": source, "role": role})
    digest = hashlib.sha256(b"\x00" + bytes.fromhex(prev) + body.encode()).hexdigest()
    return {
        "stream": stream,
        "seq": seq,
        "machine": "version",
        "action": action,
        "source": source,
        "target": TARGETS[place],
        "agency_id": town.agency.pk,
        "unit_id": town.unit.pk,
        "role": role,
        "ground": "1/QĐ-BM",
        "at": timezone.now(),
        "note": "",
        "body": body,
        "prev_hash": prev,
        "hash": digest,
        "mac": hmac.new(KEY, digest.encode(), hashlib.sha256).hexdigest(),
    }


# --- The floor: the same rows into twins of the tables, which have the columns and indexes but not the walls. ---------

TWINS = {
    "floor_version": "documents_documentversion",
    "floor_move": "workflows_move",
    "floor_pending": "workflows_pending",
}
MOVE_COLUMNS = (
    "stream", "seq", "machine", "action", "source", "target", "agency_id", "unit_id", "role", "ground", "at", "note",
    "body", "prev_hash", "hash", "mac", "actor_id",
)  # fmt: skip


def _floor(town: Town, size: int, start: int) -> list[Callable[[], Any]]:
    versions = town.drafts(size, start)
    _twins()
    deeds: list[Callable[[], Any]] = []
    for version in versions:
        prev = version.ledger_hash
        for place in range(len(PATH)):
            row = _row(version.pk, version.row_version + 1 + place, place, prev, town)
            row["actor_id"] = town.people[PATH[place][1]].pk
            prev = row["hash"]
            deeds.append(partial(_floor_step, version.pk, row))
    return deeds


def _twins() -> None:
    with connection.cursor() as cursor:
        for twin, table in TWINS.items():
            if connection.vendor == "postgresql":
                cursor.execute(f"CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)")
                cursor.execute(f"INSERT INTO {twin} SELECT * FROM {table}")
                if twin == "floor_move":  # the copy has a counter of its own, which knows nothing of the rows
                    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{twin}', 'id'), max(id)) FROM {twin}")
            else:
                cursor.execute(f"CREATE TABLE {twin} AS SELECT * FROM {table}")
        if connection.vendor != "postgresql":
            cursor.execute("CREATE UNIQUE INDEX floor_version_pk ON floor_version (id)")
            cursor.execute("CREATE UNIQUE INDEX floor_move_seq ON floor_move (stream, seq)")


def _floor_step(pk: uuid.UUID, row: dict[str, Any]) -> None:
    values = [row[name] if name != "stream" else _key(pk) for name in MOVE_COLUMNS]
    holes = ", ".join(["%s"] * len(MOVE_COLUMNS))
    insert = f"INSERT INTO floor_move ({', '.join(MOVE_COLUMNS)}) VALUES ({holes})"
    update = "UPDATE floor_version SET state = %s, row_version = %s, ledger_hash = %s WHERE id = %s"
    changed = [row["target"], row["seq"], row["hash"], _key(pk)]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"WITH m AS ({insert} RETURNING id), v AS ({update}) "
                "INSERT INTO floor_pending (move_id, created_at) SELECT id, now() FROM m",
                [*values, *changed],
            )
            return
        cursor.execute(insert, values)
        cursor.execute(update, changed)
        cursor.execute("INSERT INTO floor_pending (move_id, created_at) VALUES (%s, %s)", [time.time_ns(), row["at"]])


def _key(pk: uuid.UUID) -> Any:
    return pk if connection.vendor == "postgresql" else pk.hex
