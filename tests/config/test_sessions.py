"""A session ends after half an hour of silence and after a working day in any case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

MORNING = datetime(2026, 3, 5, 1, tzinfo=UTC)


def inside(client: Client) -> bool:
    """True if a page that needs a log-in is shown."""
    return client.get("/accounts/password/change/").status_code == 200


@pytest.fixture
def lan(client: Client, db: None) -> Client:
    user = get_user_model().objects.create_user("lan", password="mat-khau-du-dai")
    with time_machine.travel(MORNING, tick=False):
        client.force_login(user)
        assert inside(client)
    return client


def test_silence_of_half_an_hour_ends_it(lan: Client) -> None:
    with time_machine.travel(MORNING + timedelta(minutes=31), tick=False):
        assert not inside(lan)


def test_use_prolongs_it_up_to_eight_hours_and_no_longer(lan: Client) -> None:
    for minutes in range(20, 8 * 60 + 1, 20):
        with time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False):
            assert inside(lan), minutes
    with time_machine.travel(MORNING + timedelta(hours=8, minutes=1), tick=False):
        assert not inside(lan)
