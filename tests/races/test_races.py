"""Races on real connections: eight threads at once, fifty rounds each, and never a double effect.

PostgreSQL only: SQLite has one writer by design. Losers get a refusal with the current state, and nobody hangs: the
connection's ``lock_timeout`` ends a wait long before PATIENCE, which leaves room for a machine that does other things.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from documents.models import DocumentVersion, Register, take_number
from tests import factories, people
from tests.people import World
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import Move, Record

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS, ROUNDS, PATIENCE = 8, 50, 30.0


@pytest.fixture
def town(transactional_db: None) -> World:
    """The world, committed."""
    return people.build()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run deeds on threads of their own, started together; each result is a value or the refusal."""
    barrier = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        close_old_connections()
        try:
            barrier.wait()
            begun = time.perf_counter()
            try:
                results[place] = deed()
            except WorkflowError as error:
                results[place] = error
            assert time.perf_counter() - begun < PATIENCE
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, WorkflowError):
            raise result
    lost = [result for result in results if isinstance(result, WorkflowError)]
    assert all(error.status == 409 and error.state for error in lost)
    return results


def won(results: list[Any]) -> list[Any]:
    """Those that had an effect."""
    return [result for result in results if not isinstance(result, WorkflowError)]


def door(record: Record, action: str, by: Any, **answers: Any) -> Callable[[], Any]:
    """A step decided on the version as it was read."""
    expected = record.row_version
    return lambda: engine.fire(record, action, by=by, expected=expected, **answers)


def check_stream(record: DocumentVersion, before: int) -> DocumentVersion:
    """Exactly one deed more; the record equals its last ledger row."""
    after = DocumentVersion.objects.get(pk=record.pk)
    moves = list(Move.objects.filter(stream=record.pk).order_by("seq"))
    assert [move.seq for move in moves] == list(range(1, before + 2))
    assert (after.row_version, after.state, after.ledger_hash) == (before + 1, moves[-1].target, moves[-1].hash)
    return after


def pending(town: World) -> DocumentVersion:
    """A version before its last signature."""
    return factories.version(town, "pending_approval")


def test_approve_against_approve(town: World) -> None:
    for _round in range(ROUNDS):
        record = pending(town)
        results = at_once(*[door(record, "approve", town.tuan) for _thread in range(THREADS)])
        assert len(won(results)) == 1
        assert check_stream(record, record.row_version).state == "approved"
        assert {error.code for error in results if isinstance(error, WorkflowError)} <= {"wrong_state", "stale", "busy"}


def test_approve_against_return(town: World) -> None:
    ends: Counter[str] = Counter()
    for _round in range(ROUNDS):
        record = pending(town)
        deeds = [door(record, "approve", town.tuan), door(record, "return", town.tuan, note="Trả")] * (THREADS // 2)
        assert len(won(at_once(*deeds))) == 1
        ends[check_stream(record, record.row_version).state] += 1
    assert set(ends) <= {"approved", "draft"}


def test_approve_against_edit(town: World) -> None:
    """A returned draft cannot be edited under an approval, nor approved under an edit."""
    for _round in range(ROUNDS):
        record = pending(town)
        edit = door(record, "edit", town.lan, content=factories.content(purpose="Sửa lén"))
        results = at_once(*([door(record, "approve", town.tuan), edit] * (THREADS // 2)))
        assert len(won(results)) == 1
        after = check_stream(record, record.row_version)
        assert (after.state, after.content_sha256) == ("approved", record.content_sha256)


def test_submit_against_submit(town: World) -> None:
    for _round in range(ROUNDS):
        record = factories.version(town, "draft")
        results = at_once(*[door(record, "submit", town.lan) for _thread in range(THREADS)])
        assert len(won(results)) == 1
        assert check_stream(record, record.row_version).state == "unit_review"


def test_edit_against_edit_loses_no_text(town: World) -> None:
    for round_ in range(ROUNDS // 5):
        record = factories.version(town, "draft")
        texts = [f"Vòng {round_} người {place}" for place in range(THREADS)]
        edits = [door(record, "edit", town.lan, content=factories.content(purpose=text)) for text in texts]
        assert len(won(at_once(*edits))) == 1
        check_stream(record, record.row_version)


def test_issue_number_against_issue_number(town: World) -> None:
    """One register, dense and unique, however many issue at once."""
    today = timezone.localdate()
    taken: list[str] = []
    for _round in range(ROUNDS):
        records = [factories.version(town, "approved") for _thread in range(THREADS)]
        issue = {"decision_on": today, "effective_from": today}
        taken += [one.decision_no for one in won(at_once(*[door(r, "issue", town.van, **issue) for r in records]))]
    numbers = sorted(int(number.split("/")[0]) for number in taken)
    assert numbers == list(range(1, ROUNDS * THREADS + 1))


def test_twenty_parallel_writers_of_one_register(town: World) -> None:
    agency = town.unit("stp").pk
    numbers = at_once(*[lambda: take_number(agency, Register.DECISION, date(2026, 1, 1)) for _writer in range(20)])
    assert sorted(numbers) == list(range(1, 21))


def test_a_failed_step_gives_its_number_back(town: World) -> None:
    today, record = timezone.localdate(), factories.version(town, "approved")
    with pytest.raises(WorkflowError):
        engine.fire(record, "issue", by=town.van, decision_on=today, effective_from=today.replace(year=today.year - 1))
    done = engine.fire(record, "issue", by=town.van, decision_on=today, effective_from=today)
    assert done.decision_no.startswith("01/")


def test_open_revision_against_open_revision(town: World) -> None:
    from documents.models import open_version  # noqa: PLC0415 - beside the only test that opens

    for _round in range(ROUNDS // 5):
        owner = factories.in_force(town).document
        results = at_once(*[lambda owner=owner: one_draft(town, owner, open_version) for _thread in range(THREADS)])
        assert len([result for result in results if isinstance(result, DocumentVersion)]) == 1
        assert owner.versions.filter(state="draft").count() == 1


def one_draft(town: World, owner: Any, opener: Callable[..., Any]) -> Any:
    """Open a draft; the loser of the race gets a sentence."""
    try:
        return opener(owner, by=town.lan)
    except WorkflowError as error:
        return str(error.sentence)


def test_supersede_against_a_reader(town: World) -> None:
    """While a version steps in, a reader sees exactly one in force: never none, never two."""
    from workflows import ticking  # noqa: PLC0415

    for _round in range(ROUNDS // 5):
        old = factories.in_force(town)
        new = factories.version(town, "issued", owner=old.document)
        day = timezone.localdate()
        seen: list[int] = []

        def read(day: Any = day, seen: list[int] = seen, document: Any = old.document) -> None:
            seen.extend(DocumentVersion.objects.in_force(day).filter(document=document).count() for _look in range(20))

        at_once(lambda: ticking.tick(timezone.now()), read, read, lambda: ticking.tick(timezone.now()))
        assert set(seen) == {1}
        assert DocumentVersion.objects.get(pk=new.pk).state == "effective"
        assert DocumentVersion.objects.get(pk=old.pk).state == "superseded"
