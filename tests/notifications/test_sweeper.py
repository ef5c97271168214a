"""The thread beside the server: what one sweep does, that a failed one does not end it, and that there is one."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError

from notifications import sweeper
from notifications.models import Notice
from tests import factories
from tests.people import World
from workflows.models import Pending, User


def test_a_sweep_delivers_what_was_left_and_sends_its_letters(world: World) -> None:
    User.objects.filter(pk=world.minh.pk).update(email="minh@example.vn")
    factories.version(world, "unit_review")
    assert sweeper.sweep() == (1, 1)
    assert not Pending.objects.exists()
    assert [letter.to for letter in mail.outbox] == [["minh@example.vn"]]
    assert sweeper.sweep() == (0, 0)
    assert Notice.objects.count() == 1


class Pauses:
    """Stands in for the event that the thread waits on: so many sweeps, then the end."""

    def __init__(self, sweeps: int) -> None:
        self.left, self.waited = sweeps, []  # type: tuple[int, list[float]]

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        self.left -= 1
        return self.left < 0


def test_a_sweep_that_fails_is_logged_and_the_next_one_follows(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []
    pauses = Pauses(3)

    def sweep() -> tuple[int, int]:
        done.append("sweep")
        if done.count("sweep") == 1:
            raise DatabaseError("gone")
        return 0, 0

    monkeypatch.setattr(sweeper, "sweep", sweep)
    monkeypatch.setattr(sweeper, "close_old_connections", lambda: done.append("close"))
    monkeypatch.setattr(threading, "Event", lambda: pauses)
    with caplog.at_level(logging.ERROR):
        sweeper._run()
    assert done == ["sweep", "close"] * 3
    assert pauses.waited == [sweeper.SECONDS] * 4
    assert caplog.text.count("sweep failed") == 1


def test_one_process_has_one_thread_and_it_does_not_hold_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[dict[str, Any]] = []

    class Thread:
        def __init__(self, **how: Any) -> None:
            begun.append(how)

        def start(self) -> None:
            begun[-1]["started"] = True

    monkeypatch.setattr(threading, "Thread", Thread)
    monkeypatch.setattr(sweeper, "_started", threading.Lock())
    sweeper.start()
    sweeper.start()
    assert [(how["target"], how["daemon"], how["started"]) for how in begun] == [(sweeper._run, True, True)]
