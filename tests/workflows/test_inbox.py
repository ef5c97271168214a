"""The inbox: what is in it, what is not, in which order, and how it is narrowed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from documents.models import DocumentVersion, ImpactItem
from tests import factories
from tests.people import World, seat
from workflows import inbox, registry
from workflows.models import Record, Seat, User
from workflows.roles import Role


def set_due(record: Record, due: date | None, **also: Any) -> None:
    """The last day is no part of what the walls hold together."""
    QuerySet.update(type(record).objects.filter(pk=record.pk), due_on=due, **also)


def found(user: User, **narrow: Any) -> list[Any]:
    fresh = User.objects.get(pk=user.pk)
    return [entry.record.pk for entry in inbox.for_user(fresh, **narrow)]


def test_an_inbox_holds_what_waits_on_the_person_and_nothing_else(world: World) -> None:
    mine, next_door = factories.version(world, "unit_review"), factories.version(world, "iso_check")
    assert found(world.minh) == [mine.pk]
    assert found(world.hoa) == [next_door.pk]
    for name in ("hung", "dung", "xuan", "cao", "root", "nghi", "tuan", "son", "admin"):
        assert found(world.people[name]) == [], name


def test_a_seat_that_ends_empties_the_inbox_on_its_day(world: World) -> None:
    version, now = factories.version(world, "unit_review"), timezone.now()
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate() + timedelta(days=1))
    assert found(world.minh, now=now) == [version.pk]
    assert found(world.minh, now=now + timedelta(days=1)) == []
    assert inbox.counts(User.objects.get(pk=world.minh.pk), now) == {"version": 1}
    assert inbox.counts(User.objects.get(pk=world.minh.pk), now + timedelta(days=1)) == {}


def test_the_most_urgent_first_then_the_longest_waiting_and_no_date_last(world: World) -> None:
    today = timezone.localdate()
    never, later, sooner, longest = (factories.version(world, "unit_review") for _number in range(4))
    set_due(never, None)
    set_due(later, today + timedelta(days=3))
    set_due(sooner, today)
    set_due(longest, today, entered_at=timezone.now() - timedelta(days=9))
    assert found(world.minh) == [longest.pk, sooner.pk, later.pk, never.pk]
    assert found(world.minh, limit=2) == [longest.pk, sooner.pk]
    assert found(world.minh, limit=2, offset=1) == [sooner.pk, later.pk]


def test_several_kinds_are_merged_by_urgency(world: World) -> None:
    today = timezone.localdate()
    seat(world.lan, Role.LEGAL_WATCH, world.unit("stp"))
    item, draft, soon = factories.impact(world), factories.version(world), factories.version(world)
    campaign = item.campaign
    set_due(item, today + timedelta(days=1))
    set_due(soon, today)
    assert found(world.lan) == [soon.pk, item.pk, campaign.pk, draft.pk]
    assert found(world.lan, limit=2) == [soon.pk, item.pk]
    assert found(world.lan, machine="impact") == [item.pk]
    assert found(world.lan, among=["version"]) == [soon.pk, draft.pk]
    assert found(world.lan, among=["version"], machine="impact") == []
    assert found(world.lan, among=[]) == []
    assert inbox.counts(User.objects.get(pk=world.lan.pk)) == {"version": 2, "impact": 1, "campaign": 1}


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False), (1, False), (None, False)])
def test_late_is_the_day_after_the_last_day(world: World, days: int | None, late: bool) -> None:
    version, today = factories.version(world, "unit_review"), timezone.localdate()
    set_due(version, None if days is None else today + timedelta(days=days))
    assert found(world.minh, late=True) == ([version.pk] if late else [])
    assert found(world.minh) == [version.pk]


def test_late_is_reckoned_on_the_day_asked_for(world: World) -> None:
    version, now = factories.version(world, "unit_review"), timezone.now()
    set_due(version, timezone.localdate())
    assert found(world.minh, late=True, now=now) == []
    assert found(world.minh, late=True, now=now + timedelta(days=1)) == [version.pk]


def test_an_entry_says_what_is_to_be_done(world: World) -> None:
    version = factories.version(world, "unit_review")
    (entry,) = inbox.for_user(world.minh)
    assert entry.stage_label == str(registry.machine("version").stage("unit_review").label)
    assert entry.record == version


def test_counts_leave_out_kinds_of_which_there_is_none(world: World) -> None:
    factories.version(world, "unit_review")
    item = factories.impact(world)
    assert inbox.counts(world.minh) == {"version": 1}
    assert inbox.counts(world.phuc) == {"impact": 1, "campaign": 1}
    assert inbox.counts(world.dung) == {}
    assert ImpactItem.objects.get(pk=item.pk).state == "detected"
    assert DocumentVersion.objects.waiting_on([]).count() == 0
