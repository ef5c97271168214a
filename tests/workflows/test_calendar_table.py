"""The calendar as loaded: what the table says counts at once here, and within a minute if another process wrote it."""

from __future__ import annotations

import time
from datetime import date

import pytest
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from workflows.models import CalendarException, calendar
from workflows.models.calendar import RELOAD_SECONDS, forget_calendar

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


def test_a_row_saved_or_deleted_counts_at_once() -> None:
    assert (calendar().is_working(FRIDAY), calendar().is_working(SATURDAY)) == (True, False)
    off = CalendarException.objects.create(day=FRIDAY, is_working=False, reason="x")
    CalendarException.objects.create(day=SATURDAY, is_working=True, reason="x")
    assert (calendar().is_working(FRIDAY), calendar().is_working(SATURDAY)) == (False, True)
    off.is_working = True
    off.save()
    assert calendar().is_working(FRIDAY)
    off.is_working = False
    off.save()
    off.delete()
    assert calendar().is_working(FRIDAY)


def test_another_process_s_row_is_seen_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    row = CalendarException.objects.create(day=FRIDAY, is_working=True, reason="x")
    assert calendar().is_working(FRIDAY)
    QuerySet(CalendarException).filter(pk=row.pk).update(is_working=False)  # an update sends no signal
    now[0] += RELOAD_SECONDS
    assert calendar().is_working(FRIDAY)
    now[0] += 1
    assert not calendar().is_working(FRIDAY)


def test_a_step_costs_no_query_for_the_calendar(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    forget_calendar()
    with django_assert_num_queries(1):
        first = calendar()
        assert calendar() is first
