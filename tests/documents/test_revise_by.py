"""When a revision must be done: before the law takes effect, and never sooner than people can do it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from documents.models import Campaign, ImpactItem, revise_by
from tests import factories
from tests.people import World
from workflows import engine
from workflows.deadlines import Calendar
from workflows.errors import GuardFailed
from workflows.models import CalendarException

MONDAY = date(2026, 6, 1)
SOONEST = date(2026, 7, 1)
"""22 working days after Monday 1 June 2026: no holiday lies between."""


@pytest.mark.parametrize(
    ("effective_on", "expected"),
    [
        (None, SOONEST),
        (date(2026, 10, 1), date(2026, 9, 30)),  # Thursday: the Wednesday before
        (date(2026, 10, 5), date(2026, 10, 2)),  # Monday: the Friday before
        (date(2026, 9, 3), date(2026, 8, 28)),  # behind National Day and the Monday swapped for it
        (date(2026, 7, 3), date(2026, 7, 2)),
        (date(2026, 7, 2), SOONEST),
        (date(2026, 7, 1), SOONEST),  # the law leaves less than the least
        (MONDAY, SOONEST),
        (date(2016, 1, 1), SOONEST),  # long in force already
    ],
)
def test_the_last_working_day_before_the_law_yet_never_too_soon(effective_on: date | None, expected: date) -> None:
    assert revise_by(effective_on, MONDAY, Calendar({})) == expected


def test_days_off_count_on_neither_side() -> None:
    off = Calendar({date(2026, 6, 10): False, date(2026, 9, 30): False})
    assert revise_by(None, MONDAY, off) == date(2026, 7, 2)
    assert revise_by(date(2026, 10, 1), MONDAY, off) == date(2026, 9, 29)


def test_the_least_time_is_a_setting(settings: object) -> None:
    settings.REVISE_MIN_WORKING_DAYS = 3  # type: ignore[attr-defined]
    assert revise_by(None, MONDAY, Calendar({})) == date(2026, 6, 4)


def item_of(world: World, effective_on: date | None) -> ImpactItem:
    act = factories.regulation("18/2026/NĐ-CP", effective_on=effective_on)
    place = world.unit("stp")
    opened = engine.start(Campaign(agency=place, unit=place, regulation=act), "launch", by=world.phuc)
    cited = factories.in_force(world, legal_basis=[{"key": "b1", "number": act.number, "issuer": "", "note": ""}])
    item = ImpactItem(
        campaign=opened,
        regulation=act,
        document=cited.document,
        version=cited,
        agency=cited.agency,
        unit=cited.unit,
    )
    return engine.start(item, "detect", by=world.phuc)


NOW = datetime(2026, 6, 1, 9, 0, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(("effective_on", "due"), [(date(2026, 10, 1), date(2026, 9, 30)), (None, SOONEST)])
def test_a_confirmed_item_and_its_draft_are_due_by_the_rule(world: World, effective_on: date | None, due: date) -> None:
    item = engine.fire(item_of(world, effective_on), "confirm", by=world.phuc, now=NOW)
    assert item.due_on == due
    opened = engine.fire(item, "open_revision", by=world.lan, now=NOW)
    assert opened.revision is not None
    assert (opened.revision.wanted_by, opened.revision.due_on) == (due, due)
    assert opened.revision.change_note == "Sửa theo 18/2026/NĐ-CP"


def test_the_agencys_own_days_off_count(world: World) -> None:
    CalendarException.objects.create(day=date(2026, 9, 30), is_working=False, reason="Nghỉ bù")
    item = item_of(world, date(2026, 10, 1))
    assert engine.fire(item, "confirm", by=world.phuc, now=NOW).due_on == date(2026, 9, 29)


@pytest.mark.parametrize(("review_on", "may"), [(date(2026, 5, 31), False), (MONDAY, False), (date(2026, 6, 2), True)])
def test_a_deferral_has_a_day_ahead_and_is_due_on_it(world: World, review_on: date, may: bool) -> None:
    item = item_of(world, None)
    if not may:
        with pytest.raises(GuardFailed):
            engine.fire(item, "defer", by=world.phuc, now=NOW, review_on=review_on, note="Chờ")
        assert ImpactItem.objects.get(pk=item.pk).state == "detected"
        return
    done = engine.fire(item, "defer", by=world.phuc, now=NOW, review_on=review_on, note="Chờ thông tư")
    assert (done.due_on, done.review_on, done.reason) == (review_on, review_on, "Chờ thông tư")
    screened = engine.fire(done, "screen", by=world.phuc, now=NOW, note="Không đổi")
    assert (screened.reason, screened.review_on) == ("Không đổi", None)
    assert screened.due_on == date(2026, 6, 3), "the table's two working days"
