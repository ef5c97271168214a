"""Lives of documents and of law on days gone by, walked through the door; and what their ledger says, read naively."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from documents.models import Document, DocumentVersion, Regulation
from documents.services.clock import documents_tick
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import Move

START = date(2026, 2, 2)
TIMES = (time.min, time(12), time.max)
"""Both ends of a day: what is recorded in the last instant is known on that day, a moment later it is not."""


def at(day: date, clock: time = time(9)) -> datetime:
    """An instant of a day, in the agency's time."""
    return timezone.make_aware(datetime.combine(day, clock))


def adopt(
    world: World, since: date | None, day: date, *, owner: Document | None = None, **text: Any
) -> DocumentVersion:
    """A version in force taken over on a day."""
    owner = owner or factories.document(world)
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    given = factories.content(**text)
    return engine.start(fresh, "adopt", by=None, now=at(day), content=given, effective_from=since)


def approve(world: World, owner: Document, now: datetime, **text: Any) -> DocumentVersion:
    """The next version, written and approved at an instant."""
    factories.regulation()
    last = owner.versions.order_by("issue_no", "revision_no").last()
    number = last.revision_no + 1 if last else 0
    fresh = DocumentVersion(
        document=owner, agency=owner.agency, unit=owner.unit, content={}, revision_no=number, predecessor=last
    )
    found = engine.start(fresh, "create", by=world.lan, now=now, content=factories.content(**text))
    for target, action, name in factories.PATH[:5]:
        found = engine.fire(found, action, by=world.people[str(name)], now=now)
        assert found.state == target
    return found


def issue(world: World, approved: DocumentVersion, now: datetime, begins: date) -> DocumentVersion:
    """Issue an approved version at an instant."""
    signed = timezone.localdate(now)
    return engine.fire(approved, "issue", by=world.van, now=now, decision_on=signed, effective_from=begins)


def renew(world: World, owner: Document, day: date, begins: date, **text: Any) -> DocumentVersion:
    """The next version, issued on a day and in force from another."""
    return issue(world, approve(world, owner, at(day), **text), at(day), begins)


def withdraw(world: World, version: DocumentVersion, day: date) -> DocumentVersion:
    """End a version on a day."""
    return engine.fire(version, "withdraw", by=world.tuan, now=at(day), decision_no="99/QĐ-STP", note="Hết cần")


def register(number: str, day: date, **facts: Any) -> Regulation:
    """An act that the register learned of on a day."""
    return engine.start(Regulation(), "import", by=None, now=at(day), facts={"number": number, **facts})


@dataclass(frozen=True)
class Turn:
    """One thing that happens to a document: after so many days, at a time of the day, with so many days' notice."""

    deed: str
    after: int
    clock: time
    notice: int
    document: int


def live(world: World, owners: list[Document], turns: list[Turn]) -> date:
    """Walk the turns; what the door refuses does not happen. Return the last day."""
    day, now = START, at(START)
    for turn in turns:
        day += timedelta(days=turn.after)
        owner, now = owners[turn.document % len(owners)], max(now, at(day, turn.clock))
        if turn.deed == "tick":
            documents_tick(now)
        elif turn.deed == "withdraw":
            for version in owner.versions.filter(state="effective"):
                with suppress(GuardFailed):
                    engine.fire(version, "withdraw", by=world.tuan, now=now, decision_no="9/QĐ", note="Hết cần")
        else:
            ready = owner.versions.filter(state="approved").first() or approve(world, owner, now)
            try:
                issue(world, ready, now, day + timedelta(days=turn.notice))
            except GuardFailed:
                continue
    return day


@dataclass
class Told:
    """What the ledger has told of a version so far."""

    document: str
    begins: date | None
    ends: date | None = None


@dataclass(frozen=True)
class Said:
    """What one ledger row says of a version."""

    stream: UUID
    on: date
    action: str
    document: str
    begins: date | None
    ends: date | None


def ledger() -> list[Said]:
    """The rows of versions, in order."""
    rows = []
    for move in Move.objects.filter(machine="version").order_by("pk"):
        evidence = json.loads(move.body)["evidence"]
        begins, ends = (
            evidence[name] and date.fromisoformat(evidence[name]) for name in ("effective_from", "effective_to")
        )
        said = Said(move.stream, timezone.localdate(move.at), move.action, evidence["document"], begins, ends)
        rows.append(said)
    return rows


def replay(on: date, known: date, rows: list[Said] | None = None) -> set[UUID]:
    """Who was in force on a day by the ledger rows up to the end of another, row by row and without SQL."""
    told: dict[UUID, Told] = {}
    for row in ledger() if rows is None else rows:
        if row.on > known:
            continue
        if row.action in ("issue", "adopt"):
            told[row.stream] = Told(row.document, row.begins)
        elif row.action in ("supersede", "withdraw"):
            told[row.stream].ends = row.ends
    begun: dict[str, list[tuple[date, UUID]]] = defaultdict(list)
    for stream, one in told.items():
        if one.begins is None or one.begins <= on:
            begun[one.document].append((one.begins or date.min, stream))
    newest = {max(rows)[1] for rows in begun.values()}
    return {stream for stream in newest if (end := told[stream].ends) is None or end > on}
