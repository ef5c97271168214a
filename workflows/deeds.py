"""Deeds on the records a person may read: the newest of them all or of one person, and the proof of one record's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from workflows import ledger, registry
from workflows.desk import Line, readable
from workflows.models import Move, Record, User, scope

DEPTH = 3
"""Candidates read for each deed shown: a deed leads to a record that may no longer be readable."""


def latest(user: User, limit: int, now: datetime | None = None, *, by: User | None = None) -> list[Line]:
    """The newest deeds on records that the person may read, whoever did them or ``by`` one person.

    Reads a fixed number of candidates, so that a busy agency costs no more than a quiet one: one query for them and
    one per machine that occurs.
    """
    within = Q(agency=None)
    for path in user.agency_paths(now):
        within |= Q(agency__path__startswith=path)
    moves = Move.objects.filter(within, _likely(user, now)).select_related("actor", "unit").defer("body")
    moves = moves.filter(actor=by) if by else moves
    newest = list(moves.order_by("-pk")[: limit * DEPTH])
    found = readable(newest, user, now)
    return [Line(found[move.stream], deed=move) for move in newest if move.stream in found][:limit]


def _likely(user: User, now: datetime | None) -> Q:
    """Deeds that led to a public stage, and those in the scope of the person's roles: a first sieve, not the wall."""
    seats, likely = user.seats_held(now), Q(pk__in=())
    for machine in registry.machines():
        public = [stage.state for stage in machine.stages if stage.public]
        mine = scope(seats, {role for step in machine.steps for role in step.by})
        likely |= Q(machine=machine.name) & (Q(target__in=public) | mine)
    return likely


@dataclass(frozen=True)
class Proof:
    """One ledger row and whether it holds: linked to the row before, sealed with our key, columns as sealed."""

    move: Move
    linked: bool
    sealed: bool
    faithful: bool

    @property
    def sound(self) -> bool:
        """All three."""
        return self.linked and self.sealed and self.faithful


def proofs(record: Record, moves: Iterable[Move]) -> tuple[list[Proof], bool]:
    """Check a record's whole history, oldest first; return the rows and whether the record stands where they end."""
    rows, prev, place, last = [], ledger.genesis(record.pk), 0, ""
    for place, move in enumerate(moves, start=1):
        linked = move.seq == place and move.prev_hash == prev and ledger.link(prev, move.body) == move.hash
        rows.append(Proof(move, linked, ledger.is_sealed(move.hash, move.mac), _faithful(move)))
        prev, last = move.hash, move.target
    ends = (record.row_version, record.ledger_hash, record.state) == (place, prev, last)
    return rows, ends


def _faithful(move: Move) -> bool:
    """True if the columns that pages show say what the sealed body says."""
    body = json.loads(move.body)
    shown = {
        "stream": str(move.stream),
        "seq": move.seq,
        "machine": move.machine,
        "action": move.action,
        "from": move.source,
        "to": move.target,
        "actor": move.actor_id,
        "role": move.role,
        "seat": move.seat_id,
        "ground": move.ground,
        "agency": move.agency_id,
        "unit": move.unit_id,
        "at": ledger.stamp(move.at),
    }
    return {name: body.get(name) for name in shown} == shown and body.get("answers", {}).get("note", "") == move.note
