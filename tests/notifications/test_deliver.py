"""Every deed is told once, whatever happens on the way; a deed that did not happen is told to nobody."""

from __future__ import annotations

import logging
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications import pokes
from notifications import recipients as finding
from notifications.deliver import deliver
from notifications.models import Notice
from tests import factories
from tests.people import World
from workflows import engine
from workflows.models import Move, Pending, User


@pytest.fixture
def poked(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """People poked, call by call."""
    calls: list[list[int]] = []
    monkeypatch.setattr(pokes, "look", calls.append)
    return calls


def test_delivering_twice_tells_once(world: World) -> None:
    factories.version(world, "unit_review")
    assert deliver() == 1
    assert deliver() == 0
    assert [notice.user for notice in Notice.objects.all()] == [world.minh]
    assert not Pending.objects.exists()


def test_a_row_put_back_by_a_crash_adds_nothing(world: World) -> None:
    factories.version(world, "unit_review")
    move = Pending.objects.get().move
    deliver()
    Pending.objects.create(move=move)
    assert deliver() == 1
    assert Notice.objects.count() == 1


def test_only_the_deeds_asked_for_are_delivered(world: World) -> None:
    factories.version(world, "iso_check")
    first, second = Pending.objects.order_by("pk")
    assert deliver([second.pk]) == 1
    assert list(Pending.objects.all()) == [first]


def test_a_committed_deed_is_delivered_at_once_and_pokes_each_person_once(
    world: World, poked: list[list[int]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    version = factories.version(world, "unit_review")
    deliver()
    poked.clear()
    with django_capture_on_commit_callbacks(execute=True):
        engine.fire(version, "agree", by=world.minh)
    assert poked == [sorted([world.hoa.pk, world.lan.pk])]
    assert not Pending.objects.exists()


def test_a_deed_rolled_back_tells_nobody(
    world: World, poked: list[list[int]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    version = factories.version(world, "unit_review")
    deliver()
    before = Notice.objects.count()
    poked.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        engine.fire(version, "agree", by=world.minh)
        transaction.set_rollback(True)
    assert deliver() == 0
    assert Notice.objects.count() == before
    assert poked == []


def test_one_bad_deed_does_not_hold_up_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    factories.version(world, "iso_check")
    bad = Pending.objects.order_by("pk")[0].pk
    real = finding.recipients

    def recipients(move: Move) -> list[User]:
        if move.pk == bad:
            raise LookupError(move.machine)
        return real(move)

    monkeypatch.setattr("notifications.deliver.recipients", recipients)
    assert deliver() == 1
    assert [pending.pk for pending in Pending.objects.all()] == [bad]
    assert f"deed {bad} was not delivered" in caplog.text
    monkeypatch.undo()
    assert deliver() == 1


def test_a_database_that_fails_after_the_deed_does_not_reach_the_person(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def down(_ids: list[int]) -> int:
        raise DatabaseError("gone")

    monkeypatch.setattr("notifications.receivers.deliver", down)
    version = factories.version(world, "unit_review")
    with django_capture_on_commit_callbacks(execute=True), caplog.at_level(logging.ERROR):
        engine.fire(version, "agree", by=world.minh)
    assert "stays in the outbox" in caplog.text
    assert Pending.objects.count() == 2


def test_a_channel_layer_that_fails_is_logged_and_no_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        async def group_send(self, _group: str, _event: dict[str, Any]) -> None:
            raise ConnectionError("redis is away")

    monkeypatch.setattr(pokes, "get_channel_layer", Broken)
    pokes.look([1, 2])
    assert caplog.text.count("poke failed") == 1


def test_the_command_prints_what_it_did_and_is_safe_twice(world: World) -> None:
    User.objects.filter(pk=world.minh.pk).update(email="minh@example.vn")
    factories.version(world, "unit_review")
    said = [StringIO(), StringIO()]
    for out in said:
        call_command("deliver_pending", stdout=out)
    assert said[0].getvalue() == "1 deeds delivered, 1 letters sent\n"
    assert said[1].getvalue() == "0 deeds delivered, 0 letters sent\n"
