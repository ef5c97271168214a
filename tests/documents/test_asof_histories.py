"""10,000 random histories of documents: who was in force on a day, as known on another, against the naive ledger.

The histories are made by the rules of the door written a second time and laid into the database in bulk, past the wall
that asks for one deed at a time; that the door itself writes such histories is tested one by one in ``test_asof.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from documents.models import Document, DocumentVersion
from documents.services.asof import Moment, versions_in_force
from tests import factories
from tests.documents.lives import START, TIMES, at, ledger, replay
from tests.people import World
from workflows.models import Move

pytestmark = pytest.mark.once

PARTS, EACH = (4 if connection.vendor == "sqlite" else 1), 2_500
"""10,000 on SQLite; PostgreSQL, whose answers are the same query's, sees a quarter of them."""
LOOKS = 40
DAYS = 50


@dataclass
class Life:
    """One version as the door leaves it."""

    id: UUID
    begins: date | None
    issued_at: datetime
    state: str = "issued"
    ends: date | None = None
    ended_at: datetime | None = None
    deeds: list[tuple[str, datetime]] = field(default_factory=list)

    def end(self, how: str, on: date, now: datetime) -> None:
        """Step down, or be withdrawn."""
        self.state = {"supersede": "superseded", "withdraw": "withdrawn"}[how]
        self.ends, self.ended_at = on, now
        self.deeds.append((how, now))


def history(random: Random) -> list[Life]:
    """What happens to one document in a few weeks."""
    lives: list[Life] = []
    day, now = START, at(START)
    if random.random() < 0.7:
        began = None if random.random() < 0.3 else START - timedelta(days=random.randrange(6))
        lives.append(Life(fresh(random), began, now, "effective", deeds=[("adopt", now)]))
    for _turn in range(random.randrange(2, 9)):
        day += timedelta(days=random.randrange(7))
        now = max(now + timedelta(microseconds=1), at(day, random.choice(TIMES)))
        deed = random.choice(("issue", "issue", "tick", "tick", "withdraw"))
        today = timezone.localdate(now)
        due = [one for one in lives if one.state == "issued" and one.begins is not None and one.begins <= today]
        standing = next((one for one in lives if one.state == "effective"), None)
        if deed == "issue":
            begins = today + timedelta(days=random.choice((0, 0, 1, 3, 9)))
            if all(one.begins is None or one.begins < begins for one in lives):
                lives.append(Life(fresh(random), begins, now, deeds=[("issue", now)]))
        elif deed == "tick":
            tick(standing, due, now)
        elif standing is not None and not due:
            standing.end("withdraw", today, now)
    return lives


def tick(standing: Life | None, due: list[Life], now: datetime) -> None:
    """Each version whose day has come steps in, and the one before it down on that day."""
    for one in due:
        if standing is not None and one.begins is not None:
            standing.end("supersede", one.begins, now)
        one.state, standing = "effective", one


def fresh(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def laid(world: World, histories: list[list[Life]]) -> None:
    """Documents, versions and their ledger rows in bulk."""
    place = world.unit("hctp")
    documents = [
        Document(agency=place.agency, unit=place, kind="TTHC_PROC", code=f"H{number}", code_key=f"H{number}")
        for number in range(len(histories))
    ]
    Document.objects.bulk_create(documents, batch_size=500)
    versions: list[DocumentVersion] = []
    moves: list[Move] = []
    for owner, lives in zip(documents, histories, strict=True):
        for number, one in enumerate(lives):
            versions.append(row_of(owner, number, one))
            moves += moves_of(owner, one)
    Move.objects.bulk_create(sorted(moves, key=lambda move: move.at), batch_size=500)
    everything: QuerySet[DocumentVersion] = QuerySet(DocumentVersion)  # the model's own refuses what is no deed
    everything.bulk_create(versions, batch_size=500)


def row_of(owner: Document, number: int, one: Life) -> DocumentVersion:
    return DocumentVersion(
        id=one.id,
        document=owner,
        agency_id=owner.agency_id,
        unit_id=owner.unit_id,
        state=one.state,
        row_version=len(one.deeds),
        revision_no=number,
        content={},
        effective_from=one.begins,
        effective_to=one.ends,
        issued_at=one.issued_at,
        ended_at=one.ended_at,
        created_at=one.issued_at,
        entered_at=one.issued_at,
    )


def moves_of(owner: Document, one: Life) -> Iterator[Move]:
    for seq, (action, now) in enumerate(one.deeds, start=1):
        ended = action in ("supersede", "withdraw")
        said = {
            "document": str(owner.pk),
            "effective_from": one.begins.isoformat() if one.begins else None,
            "effective_to": one.ends.isoformat() if ended and one.ends else None,
        }
        yield Move(
            stream=one.id,
            seq=seq,
            machine="version",
            action=action,
            source="",
            target=one.state,
            agency_id=owner.agency_id,
            unit_id=owner.unit_id,
            role="clock",
            at=now,
            body=json.dumps({"evidence": said}),
            prev_hash="0" * 64,
            hash="0" * 64,
            mac="0" * 64,
        )


def past_the_wall() -> None:
    """Let versions in as they ended; the transaction that is rolled back puts the wall back."""
    table = DocumentVersion._meta.db_table
    with connection.cursor() as cursor:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {table}_opened{on}")


@settings(
    max_examples=PARTS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(seed=st.integers(0, 2**32))
def test_ten_thousand_histories_as_of_any_day_by_what_was_known_on_any_other(world: World, seed: int) -> None:
    random = Random(seed)
    factories.regulation()
    with transaction.atomic():
        past_the_wall()
        histories = [history(random) for _each in range(EACH)]
        laid(world, histories)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum would have by the time that so many rows lie there
        rows, last = ledger(), max(one.deeds[-1][1] for lives in histories for one in lives)
        today = timezone.localdate(last) + timedelta(days=1)
        seen: list[set[UUID]] = []
        for _look in range(LOOKS):
            on = START + timedelta(days=random.randrange(-8, DAYS + 12))
            known = START + timedelta(days=random.randrange(-2, (timezone.localdate(last) - START).days + 1))
            found = versions_in_force(Moment(on, known, today)).values_list("pk", flat=True)
            seen.append(set(found))
            assert seen[-1] == replay(on, known, rows), (on, known)
            now_known = set(DocumentVersion.objects.in_force(on).values_list("pk", flat=True))
            assert now_known == replay(on, timezone.localdate(last), rows), on
        assert any(one != other for one, other in pairwise(seen))
        assert max(len(one) for one in seen) > EACH // 3
        transaction.set_rollback(True)
