"""How a judged deed is written: ledger row, record, outbox row, and the announcement after the commit.

For the door alone (``workflows.engine``), which judges first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.signals import post_save

from workflows import answers as answering
from workflows import flows, ledger
from workflows.models import Attachment, Move, Pending, Record
from workflows.signals import moved

if TYPE_CHECKING:
    from workflows.engine import Act

R = TypeVar("R", bound=Record)
BATCH = 1000
"""Rows of one insert of many."""


def enter(record: Record, act: Act, *, source: str) -> Move:
    """Set the record to where the step leads; return the ledger row that says so."""
    fresh = not record.row_version
    record.state = act.step.target
    if source != record.state or fresh:
        record.entered_at = act.now
        record.due_on = record.due_for(record.stage, act)
    record.row_version += 1
    move = _move(record, act, source)
    record.ledger_hash = move.hash
    return move


def write(record: Record, act: Act, *, source: str, changed: dict[str, Any] | None) -> None:
    """Write ledger row, record and outbox row, in this order: the database lets no state change without its row."""
    move = enter(record, act, source=source)
    move.save(force_insert=True)
    _bind(act, move)
    if changed is None:
        models.Model.save(record, force_insert=True)
    else:
        names = [f.name for f in record._meta.concrete_fields if getattr(record, f.attname) != changed[f.attname]]
        models.Model.save(record, update_fields=names)
    if act.step.tell:
        Pending(move=move).save(force_insert=True)
    if record.flow_id:
        flows.follow(record)
    _announce_later(move)


def write_many(judged: Sequence[tuple[R, Act]]) -> None:
    """The same for new records of one model, a batch of each table at a time."""
    for at in range(0, len(judged), BATCH):
        batch = [(record, act, enter(record, act, source="")) for record, act in judged[at : at + BATCH]]
        _insert([move for _record, _act, move in batch])
        for _record, act, move in batch:
            _bind(act, move)
        model = type(batch[0][0])
        _insert([record for record, _act, _move in batch])
        Pending.objects.bulk_create(Pending(move=move) for _record, act, move in batch if act.step.tell)
        for record, _act, move in batch:
            post_save.send(model, instance=record, created=True, update_fields=None, raw=False, using=record._state.db)
            _announce_later(move)


def _insert(rows: Sequence[Any]) -> None:
    """Insert rows of one table, and give them their keys. On PostgreSQL by COPY: Django's INSERT spends most of its
    time on quoting the values.
    """
    model: type[models.Model] = type(rows[0])
    connection = connections[DEFAULT_DB_ALIAS]  # the proxy would be asked for every value
    if connection.vendor != "postgresql":
        models.QuerySet(model).bulk_create(rows)
        return
    meta, quote = model._meta, connection.ops.quote_name
    fields = [one for one in meta.concrete_fields if not one.generated]
    columns = ", ".join(quote(str(one.column)) for one in fields)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if isinstance(meta.pk, models.AutoField | models.BigAutoField):
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [meta.db_table, meta.pk.column, len(rows)])
            for one, (key,) in zip(rows, cursor.fetchall(), strict=True):
                one.pk = key
        read = _reader(fields, connection)
        with cursor.copy(f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN") as copy:
            for one in rows:
                copy.write_row(read(one))
    for one in rows:
        one._state.adding, one._state.db = False, connection.alias


PLAIN = frozenset(
    {
        models.BigAutoField, models.BooleanField, models.CharField, models.DateField, models.DateTimeField,
        models.ForeignKey, models.PositiveIntegerField, models.TextField, models.UUIDField,
    }
)  # fmt: skip
"""Kinds of column that are written as the record holds them, unless they tell the time of the write; the others are
asked for the value of every row."""


def _is_plain(field: Any) -> bool:
    return type(field) in PLAIN and not (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _reader(fields: Sequence[Any], connection: Any) -> Callable[[Any], list[Any]]:
    """What reads the values of one row, in the order of the fields, as the database takes them."""
    asked = [(place, field) for place, field in enumerate(fields) if not _is_plain(field)]
    held = attrgetter(*(field.attname for field in fields))

    def read(row: Any) -> list[Any]:
        values = list(held(row))
        for place, field in asked:
            values[place] = field.get_db_prep_save(field.pre_save(row, add=True), connection)
        return values

    return read


def _bind(act: Act, move: Move) -> None:
    for ask in act.step.asks:
        if ask.kind == "files":
            Attachment.objects.bind(act.answers[ask.name], move.seq)


def _move(record: Record, act: Act, source: str) -> Move:
    note = act.answers.get("note") or ""
    body = ledger.canonical(
        {
            "v": ledger.BODY_VERSION,
            "stream": str(record.pk),
            "seq": record.row_version,
            "machine": record.machine.name,
            "action": act.step.action,
            "from": source,
            "to": act.step.target,
            "actor": act.by and act.by.pk,
            "role": act.role,
            "seat": act.seat and act.seat.pk,
            "ground": act.seat.ground if act.seat else "",
            "agency": record.agency_id,
            "unit": record.unit_id,
            "at": ledger.stamp(act.now),
            "answers": answering.as_json(act.answers),
            "evidence": record.evidence(),
        }
    )
    prev = record.ledger_hash or ledger.genesis(record.pk)
    row_hash = ledger.link(prev, body)
    return Move(
        stream=record.pk,
        seq=record.row_version,
        machine=record.machine.name,
        action=act.step.action,
        source=source,
        target=act.step.target,
        agency_id=record.agency_id,
        unit_id=record.unit_id,
        actor=act.by,
        role=act.role,
        seat=act.seat,
        ground=act.seat.ground if act.seat else "",
        at=act.now,
        note=note,
        body=body,
        prev_hash=prev,
        hash=row_hash,
        mac=ledger.seal(row_hash),
    )


def _announce_later(move: Move) -> None:
    # A function, not a partial: Django names what failed by __qualname__, which a partial does not have.
    transaction.on_commit(lambda: _announce(move), robust=True)


def _announce(move: Move) -> None:
    moved.send(sender=Move, move=move)
