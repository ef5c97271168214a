"""One key, one effect: repeats get the first answer, other requests under the key are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from documents.models import Document
from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from workflows import engine
from workflows.api.idempotency import forget_old_answers
from workflows.errors import Busy
from workflows.models import KeptAnswer, Move, User

Call = Callable[[User | None], Caller]


def test_a_repeat_gets_the_same_bytes_and_does_nothing(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    caller = call(world.minh)
    first = caller.do(record, "agree", key="a1")
    again = caller.do(record, "agree", key="a1")
    assert (first.status_code, "Idempotency-Replayed" in first) == (200, False)
    assert (again.status_code, again["Idempotency-Replayed"]) == (200, "true")
    assert again.content == first.content
    assert Move.objects.filter(stream=record.pk).count() == 3


def test_a_start_is_repeated_without_a_second_record(world: World, call: Call) -> None:
    body = {"unit": world.unit("hctp").pk, "kind": "TTHC_PROC", "code": "QT.7", "title": "Quy trình"}
    answers = [call(world.lan).post("documents/", body, key="mở-1".encode().hex()) for _time in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Document.objects.count() == 1


def test_another_request_under_the_key_is_refused(world: World, call: Call) -> None:
    record, other = factories.version(world, "unit_review"), factories.version(world, "unit_review")
    caller = call(world.minh)
    assert caller.do(record, "agree", key="k").status_code == 200
    for response in (
        caller.do(record, "agree", key="k", note="khác"),
        caller.do(record, "return", key="k", note="Thiếu"),
        caller.do(other, "agree", key="k"),
        caller.post(f"documents/{record.document_id}/revisions/", key="k"),
    ):
        assert (response.status_code, response.json()["code"]) == (422, "idempotency_mismatch")
    assert Move.objects.filter(stream=other.pk).count() == 2


def test_a_key_is_the_persons_own(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    assert call(world.minh).do(record, "agree", key="k").status_code == 200
    response = call(world.hoa).do(record, "pass", key="k", expected_version=3)
    assert (response.status_code, "Idempotency-Replayed" in response) == (200, False)
    assert KeptAnswer.objects.count() == 2


def test_a_refusal_is_kept_too(world: World, call: Call) -> None:
    record = factories.version(world, "iso_check")
    caller = call(world.minh)
    first = caller.do(record, "agree", key="k")
    assert (first.status_code, first.json()["state"]) == (409, "iso_check")
    engine.fire(record, "return", by=world.hoa, note="Thiếu căn cứ")
    again = caller.do(record, "agree", key="k")
    assert again.content == first.content
    assert again["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("fault", [Busy(), OperationalError("database is locked"), OperationalError("gone")])
def test_what_failed_for_the_moment_may_be_repeated(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    record = factories.version(world, "unit_review")
    caller = call(world.minh)

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(engine, "fire", broken)
        assert caller.do(record, "agree", key="k").status_code in (409, 503)
    assert not KeptAnswer.objects.exists()
    done = caller.do(record, "agree", key="k")
    assert (done.status_code, "Idempotency-Replayed" in done) == (200, False)


def test_the_kept_answer_goes_with_an_effect_that_fails(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Effect and answer are one transaction: if the answer cannot be written, nothing was done."""
    record = factories.version(world, "unit_review")
    caller = call(world.minh)

    class Broken:
        def render(self, data: Any) -> bytes:
            raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr("workflows.api.idempotency.JSONRenderer", Broken)
        response = caller.do(record, "agree", key="k")
    assert response.status_code == 503
    assert Move.objects.filter(stream=record.pk).count() == 2
    assert not KeptAnswer.objects.exists()
    assert caller.do(record, "agree", key="k").status_code == 200


@pytest.mark.parametrize("key", ["", "a" * 201, "a\tb", "mở"])
def test_a_key_that_is_none(world: World, call: Call, key: str) -> None:
    record = factories.version(world, "unit_review")
    response = call(world.minh).do(record, "agree", key=key)
    assert (response.status_code, response.json()["code"]) == (400, "bad_idempotency_key")


def test_the_longest_key_is_kept(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    assert call(world.minh).do(record, "agree", key="k" * 200).status_code == 200
    assert KeptAnswer.objects.get().key == "k" * 200


def test_old_answers_are_forgotten(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    call(world.minh).do(record, "agree", key="k")
    now = timezone.now()
    assert forget_old_answers(now + timedelta(days=29))[0] == {}
    assert KeptAnswer.objects.exists()
    assert forget_old_answers(now + timedelta(days=31))[0] == {"kept_answer.forgotten": 1}
    assert forget_old_answers(now + timedelta(days=31)) == ({}, [])
