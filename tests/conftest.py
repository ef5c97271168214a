"""Shared fixtures: the world of personas, and a flush that knows of the walls in the database."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.urls import get_resolver
from django.utils import translation
from pytest_django import DjangoDbBlocker

from documents.services import frameworks
from tests import people
from tests.people import World
from workflows import protections
from workflows.models.calendar import forget_calendar

# The same examples every time, so that what fails here fails for everybody; EXPLORE=1 looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.load_profile("default" if os.environ.get("EXPLORE") else "same")
FIRST_UNIT = {
    "sqlite": "INSERT INTO sqlite_sequence (name, seq) VALUES ('workflows_unit', 1000000)",
    "postgresql": "ALTER SEQUENCE workflows_unit_id_seq RESTART WITH 1000001",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked ``postgres`` need real concurrent connections; SQLite has one writer by design.

    With ``KHUNG_ONCE`` those marked ``once`` are left to the run on SQLite: they are half of the time.
    """
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        for item in items:
            if os.environ.get("KHUNG_ONCE") and item.get_closest_marker("once"):
                item.add_marker(pytest.mark.skip(reason="the same on every database; ran on SQLite"))
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL; .ci/run runs it there"))


@pytest.fixture(scope="session", autouse=True)
def _urls() -> None:
    """viewflow's nodes can be reversed only after the URLconf was imported.

    What is loaded by then stays: the collector need not look through it again and again.
    """
    get_resolver().url_patterns  # noqa: B018
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What a process keeps for speed must not outlive a test: its rows are gone, and counts of queries would differ."""
    forget_calendar()
    frameworks.COMPARED.clear()
    yield
    forget_calendar()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """The language of the last request stays on the thread; it must not reach the next test."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_walls() -> Iterator[None]:
    """Let the test runner empty tables that nobody else may: triggers are put aside for the flush alone.

    ``flush`` sends ``post_migrate``, which lays them again.
    """
    plain = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = replica")
            else:
                for wall in protections.walls(connection.vendor):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {wall.trigger}")
        plain(self, sql_list)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = DEFAULT")

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Units are numbered from a million on; idle sockets are closed before the test database is dropped.

    Paths are ordered as text: an order of /9/ and /10/ must not depend on which tests ran before.
    """
    del django_db_setup
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(FIRST_UNIT[connection.vendor])
    yield
    if connection.vendor == "postgresql":
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(others, [connection.settings_dict["NAME"]])


@pytest.fixture
def world(db: None) -> World:
    """Every persona of ``tests.people``."""
    del db
    return people.build()
