"""Notices over the API: the person's own, in words, and read once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Notice
from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from workflows.models import Move, User

Call = Callable[[User | None], Caller]


def tell(person: User, move: Move) -> Notice:
    return Notice.objects.create(user=person, move=move, created_at=timezone.now())


def test_only_own_notices_exist(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    move = Move.objects.get(stream=record.pk, action="submit")
    mine, other = tell(world.minh, move), tell(world.hoa, move)
    caller = call(world.minh)
    (shown,) = caller.get("notices/").json()["results"]
    assert (shown["id"], shown["stream"], shown["action"]) == (mine.pk, str(record.pk), "submit")
    assert shown["subject"]
    assert caller.get(f"notices/{mine.pk}/").json() == shown
    assert caller.get(f"notices/{other.pk}/").status_code == 404
    assert caller.post(f"notices/{other.pk}/read/").status_code == 404
    other.refresh_from_db()
    assert other.read_at is None


def test_a_notice_is_read_once(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    mine = tell(world.minh, Move.objects.get(stream=record.pk, action="submit"))
    caller = call(world.minh)
    assert caller.get("notices/", unread="true").json()["count"] == 1
    first = caller.post(f"notices/{mine.pk}/read/").json()
    assert first["read_at"]
    assert caller.post(f"notices/{mine.pk}/read/").json() == first
    assert caller.post(f"notices/{mine.pk}/read/", {"read_at": None}).status_code == 400
    assert caller.get("notices/", unread="true").json()["count"] == 0
    assert caller.get("notices/").json()["count"] == 1
    assert caller.get("notices/", unread="1").json()["code"] == "bad_query"


def test_notices_cost_the_same_for_three_as_for_thirty(world: World, call: Call) -> None:
    caller, costs = call(world.minh), []
    caller.get("notices/")
    for rows in (3, 27):
        for _row in range(rows):
            record = factories.version(world, "unit_review")
            tell(world.minh, Move.objects.get(stream=record.pk, action="submit"))
        with CaptureQueriesContext(connection) as caught:
            assert caller.get("notices/").status_code == 200
        costs.append(len(caught))
    assert costs[0] == costs[1]
