"""The outbox on several connections: a deed is told once, and a row that somebody holds is passed over."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from notifications.deliver import deliver
from notifications.models import Notice
from tests import factories, people
from tests.people import World
from tests.races.test_races import THREADS, at_once
from workflows.models import Pending

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE = 30.0


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, committed; deeds stay in the outbox as after a crash."""
    monkeypatch.setattr("notifications.receivers.deliver", lambda _ids: 0)
    return people.build()


def test_deliver_against_deliver(town: World) -> None:
    for _round in range(10):
        version = factories.version(town, "iso_check")
        waiting = Pending.objects.count()
        assert waiting == 2
        assert sum(at_once(*[deliver for _thread in range(THREADS)])) == waiting
        told = Notice.objects.filter(move__stream=version.pk).values_list("user__username", "move__action")
        assert sorted(told) == [("hoa", "agree"), ("lan", "agree"), ("minh", "submit")]


def test_a_row_that_another_holds_is_passed_over_at_once(town: World, caplog: pytest.LogCaptureFixture) -> None:
    factories.version(town, "iso_check")
    first, second = Pending.objects.order_by("pk")
    held, release = threading.Event(), threading.Event()
    troubles: list[Any] = []

    def hold() -> None:
        try:
            with transaction.atomic():
                Pending.objects.select_for_update().get(pk=first.pk)
                held.set()
                assert release.wait(PATIENCE)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            troubles.append(error)
        finally:
            held.set()
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(PATIENCE)
        assert deliver() == 1
    finally:
        release.set()
        holder.join()
    assert troubles == []
    assert [pending.pk for pending in Pending.objects.all()] == [first.pk]
    assert "was not delivered" not in caplog.text
    assert deliver() == 1
    assert second.pk != first.pk
