"""The same request many times at once, over real connections: one effect, and an answer for everybody."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from documents.models import Document
from tests import factories, people
from tests.people import World
from workflows.models import KeptAnswer, Move, User

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS, ROUNDS, PATIENCE = 8, 10, 30.0


@pytest.fixture
def town(transactional_db: None) -> World:
    """The world, committed."""
    return people.build()


def sender(person: User, address: str, body: dict[str, Any], key: str) -> Callable[[], Any]:
    client = Client()
    client.force_login(person)
    return lambda: client.post(
        f"/api/{address}", json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key}
    )


def at_once(*sends: Callable[[], Any]) -> list[Any]:
    """Send together; each answer comes within patience."""
    barrier = threading.Barrier(len(sends))
    answers: list[Any] = [None] * len(sends)

    def run(place: int, send: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            begun = time.perf_counter()
            answers[place] = send()
            assert time.perf_counter() - begun < PATIENCE
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(sends)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers


def test_one_key_eight_times_is_one_step(town: World) -> None:
    seen: Counter[str] = Counter()
    for round_ in range(ROUNDS):
        record = factories.version(town, "unit_review")
        place = f"versions/{record.pk}/actions/agree/"
        sends = [sender(town.minh, place, {"expected_version": 2}, f"k{round_}") for _thread in range(THREADS)]
        answers = at_once(*sends)
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
        assert Move.objects.filter(stream=record.pk).count() == 3
        seen.update(answer.json()["state"] for answer in answers)
    assert seen == {"iso_check": ROUNDS * THREADS}


def test_one_key_eight_times_is_one_document(town: World) -> None:
    for round_ in range(ROUNDS):
        body = {"unit": town.unit("hctp").pk, "kind": "TTHC_PROC", "code": f"QT.R{round_}", "title": "Quy trình"}
        answers = at_once(*[sender(town.lan, "documents/", body, f"d{round_}") for _thread in range(THREADS)])
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["id"] for answer in answers}) == 1
    assert Document.objects.count() == ROUNDS


def test_one_key_for_eight_different_requests(town: World) -> None:
    for round_ in range(ROUNDS):
        records = [factories.version(town, "unit_review") for _thread in range(THREADS)]
        sends = [
            sender(town.minh, f"versions/{record.pk}/actions/agree/", {"expected_version": 2}, f"m{round_}")
            for record in records
        ]
        assert Counter(answer.status_code for answer in at_once(*sends)) == {200: 1, 422: THREADS - 1}


def test_keys_of_their_own_still_make_one_step(town: World) -> None:
    for round_ in range(ROUNDS):
        record = factories.version(town, "pending_approval")
        place, body = f"versions/{record.pk}/actions/approve/", {"expected_version": record.row_version}
        answers = at_once(*[sender(town.tuan, place, body, f"o{round_}-{n}") for n in range(THREADS)])
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: THREADS - 1}
        for loser in (answer.json() for answer in answers if answer.status_code == 409):
            assert (loser["code"], loser["state"]) in {("wrong_state", "approved"), ("busy", "approved")}
            assert loser["row_version"] == record.row_version + 1


def test_a_document_code_taken_twice_at_once(town: World) -> None:
    for round_ in range(ROUNDS):
        body = {"unit": town.unit("hctp").pk, "kind": "TTHC_PROC", "code": f"QT.C{round_}", "title": "Quy trình"}
        answers = at_once(*[sender(town.lan, "documents/", body, f"c{round_}-{n}") for n in range(THREADS)])
        codes = Counter(answer.status_code for answer in answers)
        assert codes[201] == 1
        assert set(codes) <= {201, 400, 409}


def test_who_waits_too_long_is_told_that_it_is_busy(town: World) -> None:
    """The first request of the key never ends: the second gets 409 within patience, and has done nothing."""
    record = factories.version(town, "unit_review")
    send = sender(town.minh, f"versions/{record.pk}/actions/agree/", {"expected_version": 2}, "k")
    with transaction.atomic():
        KeptAnswer.objects.create(user=town.minh, key="k", fingerprint="x")
        (answer,) = at_once(send)
        transaction.set_rollback(True)
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "busy", None)
    assert send().status_code == 200


def test_a_record_held_by_another_is_busy_with_its_state(town: World) -> None:
    record = factories.version(town, "unit_review")
    send = sender(town.minh, f"versions/{record.pk}/actions/agree/", {"expected_version": 2}, "k")
    with transaction.atomic():
        type(record).objects.select_for_update().get(pk=record.pk)
        (answer,) = at_once(send)
    assert (answer.status_code, answer.json()["code"]) == (409, "busy")
    assert (answer.json()["state"], answer.json()["row_version"]) == ("unit_review", 2)
    assert not KeptAnswer.objects.exists()
