"""Health for machines: alive without the database, ready only if the work can be done."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config import health
from tests.factories import version
from tests.people import World
from workflows.models import Pending

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def words(client: Client) -> tuple[int, dict[str, Any]]:
    """Status and body of the readiness page."""
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


@pytest.mark.django_db
def test_alive_asks_the_database_nothing(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client.cookies["sessionid"] = "a" * 32
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_a_whole_installation_is_ready(client: Client) -> None:
    status, body = words(client)
    assert status == 200
    assert {name: body["checks"][name] for name in ("database", "migrations", "walls", "outbox")} == dict.fromkeys(
        ("database", "migrations", "walls", "outbox"), "ok"
    )


@pytest.mark.parametrize("failure", [OperationalError, DatabaseError])
@pytest.mark.django_db
def test_a_lost_database_is_told_once_and_not_waited_for_again(
    client: Client, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    def lost() -> str:
        raise failure("gone")

    def never() -> str:
        raise AssertionError("asked although the database is away")

    monkeypatch.setitem(health.CHECKS, "database", lost)
    for name in health.ASK_DATABASE:
        monkeypatch.setitem(health.CHECKS, name, never)
    status, body = words(client)
    assert status == 503
    assert body["status"] == "not ready"
    assert body["checks"]["database"] == "down"
    assert {body["checks"][name] for name in health.ASK_DATABASE} == {"unknown"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to lose")
@pytest.mark.django_db
def test_a_server_that_does_not_answer_is_found_down_within_seconds(client: Client) -> None:
    before = dict(connection.settings_dict)
    connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": "1"}
    try:
        began = time.monotonic()
        assert words(client)[1]["checks"]["database"] == "down"
        assert time.monotonic() - began < health.CONNECT_SECONDS + 20
    finally:
        connection.settings_dict.update(before)


@pytest.mark.django_db
def test_a_check_that_another_part_hangs_in_counts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.CHECKS, "disk", lambda: "full")
    status, body = words(client)
    assert (status, body["checks"]["disk"]) == (503, "full")


def test_an_outbox_that_nobody_empties_is_late(world: World, client: Client) -> None:
    version(world, "unit_review")
    assert words(client)[0] == 200
    oldest = timezone.now() - timedelta(seconds=health.OUTBOX_SECONDS + 1)
    Pending.objects.update(created_at=oldest)
    assert Pending.objects.exists()
    status, body = words(client)
    assert (status, body["checks"]["outbox"]) == (503, "late")


@pytest.mark.django_db
def test_a_missing_wall_is_seen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.protections.missing", lambda _alias: ["move_no_delete"])
    assert words(client)[1]["checks"]["walls"] == "missing"


@pytest.mark.django_db(transaction=True)
def test_a_missing_migration_is_seen() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notifications'")
    try:
        assert health.migrations() == "missing"
    finally:
        call_command("migrate", "notifications", fake=True, verbosity=0)
    assert health.migrations() == "ok"


@pytest.mark.django_db
def test_a_lost_redis_degrades_and_stops_nothing(client: Client, settings: Any) -> None:
    settings.REDIS_URL = NOBODY_LISTENS
    status, body = words(client)
    assert (status, body["status"], body["checks"]["redis"]) == (200, "degraded", "degraded")
    settings.REDIS_URL = ""
    assert words(client)[1]["checks"]["redis"] == "unused"
