"""Reminders and escalation: thresholds passed, each answered once, one after a month without the clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from documents.models import DocumentVersion
from notifications.models import Notice
from tests import factories
from tests.people import World
from workflows import engine, ticking
from workflows.models import Reminder, calendar
from workflows.reminding import passed_threshold, remind

START = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_default_timezone())
DUE = START.date() + timedelta(days=2)
"""Two working days after a Monday."""


@pytest.fixture
def waiting(world: World) -> DocumentVersion:
    """A version that waits on Minh from Monday on, due on Wednesday."""
    factories.regulation()
    draft = factories.version(world)
    found = engine.fire(draft, "submit", by=world.lan, now=START)
    assert found.due_on == DUE
    return found


def noon(days: int) -> datetime:
    """Noon, some days from the day of submission."""
    return timezone.make_aware(datetime.combine(START.date() + timedelta(days=days), time(12)))


def told() -> set[str]:
    """Who has a notice of a reminder."""
    return {notice.user.username for notice in Notice.objects.exclude(reminder=None).select_related("user")}


def thresholds() -> list[int]:
    """Thresholds reminded of, in days after the last day."""
    return [(one.threshold - one.due_on).days for one in Reminder.objects.order_by("pk")]


def test_a_day_ahead_and_not_before(waiting: DocumentVersion) -> None:
    del waiting
    remind(noon(0))
    assert thresholds() == []
    remind(noon(1))
    assert thresholds() == [-1]
    remind(noon(1) + timedelta(hours=3))
    assert thresholds() == [-1]


def test_the_last_day_itself_is_not_late(waiting: DocumentVersion) -> None:
    del waiting
    remind(noon(1))
    remind(noon(2))
    assert thresholds() == [-1]
    remind(noon(3))
    assert thresholds() == [-1, 1]


def test_late_every_week_and_raised_on_its_working_day(waiting: DocumentVersion) -> None:
    for day in range(32):
        remind(noon(day))
    up = [(calendar().add(DUE, working) - DUE).days for working in (5, 10, 20)]
    assert thresholds() == sorted({-1, 1, 8, 15, 22, 29, *up})
    assert [one.escalated for one in Reminder.objects.order_by("pk")][-1] == ["unit_head", "qmr", "steering_head"]
    assert waiting.state == "unit_review"


def test_a_month_without_the_clock_gives_one_reminder_and_the_same_state(waiting: DocumentVersion) -> None:
    before = DocumentVersion.objects.values().get(pk=waiting.pk)
    ticking.tick(noon(32))
    assert thresholds() == [29]
    assert Reminder.objects.get().escalated == ["unit_head", "qmr", "steering_head"]
    ticking.tick(noon(32))
    assert Reminder.objects.count() == 1
    assert DocumentVersion.objects.values().get(pk=waiting.pk) == before


@pytest.mark.django_db(transaction=True)
def test_who_is_told_and_who_is_not(world: World, waiting: DocumentVersion) -> None:
    remind(noon(3))
    assert told() == {"minh"}
    remind(noon(16))
    assert told() == {"minh", "quang"}
    assert waiting.due_on == DUE


@pytest.mark.django_db(transaction=True)
def test_what_has_gone_on_is_not_reminded(world: World, waiting: DocumentVersion) -> None:
    engine.fire(waiting, "return", by=world.minh, now=noon(1), note="Thiếu")
    remind(noon(9))
    assert thresholds() == []
    assert told() == set()


@pytest.mark.django_db(transaction=True)
def test_a_reminder_overtaken_before_it_is_told_reaches_nobody(world: World, waiting: DocumentVersion) -> None:
    with transaction.atomic():
        remind(noon(3))
        engine.fire(waiting, "agree", by=world.minh, now=noon(3))
    assert told() == set()
    assert Reminder.objects.get().delivered_at is not None


def test_a_threshold_before_the_record_came_is_none_of_its(waiting: DocumentVersion) -> None:
    assert passed_threshold(waiting, START.date()) is None
    assert passed_threshold(waiting, DUE - timedelta(days=1)) == (DUE - timedelta(days=1), [])
