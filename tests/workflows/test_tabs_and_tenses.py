"""Which tabs whose desk has, and under which tense the page of people puts a seat on its edges."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.people import SINCE, World, person, seat
from tests.workflows.screens import log_in
from workflows import desk
from workflows.roles import Role
from workflows.views import filters
from workflows.views.people import tense


@pytest.mark.parametrize(("name", "leads"), [("tuan", True), ("quang", True), ("hoa", True), ("minh", False)])
def test_what_is_late_in_the_agency_is_a_tab_of_its_leaders_alone(world: World, name: str, leads: bool) -> None:
    user, look = world.people[name], desk.Look()
    tabs = filters.choices(user, look, desk.numbers(user))["tabs"]
    late = str(desk.TABS["late"])
    assert [str(tab.label) for tab in tabs].count(late) == int(leads)
    assert len(tabs) == (4 if leads else 3)


def test_a_seat_is_past_from_its_last_day_and_present_from_its_first(world: World) -> None:
    today = timezone.localdate()
    ended = seat(person("het"), Role.AUDITOR, world.unit("stp"), since=SINCE, until=today)
    begun = seat(person("nay"), Role.AUDITOR, world.unit("stp"), since=today)
    coming = seat(person("mai2"), Role.AUDITOR, world.unit("stp"), since=today + timedelta(days=1))
    shown = log_in(world.lan).get(reverse("workflows:people")).context
    now = [one for _unit, rows in shown["groups"] for one in rows]
    assert begun in now
    assert not {ended, coming} & set(now)
    assert list(shown["past"]) == [ended]
    assert shown["future"] == [coming]
    assert [tense(one.valid_from, one.valid_to, today) for one in (ended, begun, coming)] == ["past", "now", "future"]
