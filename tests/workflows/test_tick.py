"""The clock: on the day and not before, late and twice, and both versions in one transaction."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from documents.models import DocumentVersion, ImpactItem
from tests import factories
from tests.people import World
from workflows import engine, ticking
from workflows.errors import GuardFailed
from workflows.ticking import Complaint


def deeds(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """What the clock did to records; that it counts the figures of touched agencies anew is not among it."""
    done, complaints = ticking.tick(now)
    return Counter({name: number for name, number in done.items() if name != "facts"}), complaints


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def issued(world: World, days: int, owner: Any = None) -> DocumentVersion:
    """A version issued today that takes effect in so many days."""
    found = factories.version(world, "approved", owner=owner)
    today = timezone.localdate()
    return engine.fire(found, "issue", by=world.van, decision_on=today, effective_from=today + timedelta(days=days))


def state(version: DocumentVersion) -> str:
    return str(DocumentVersion.objects.get(pk=version.pk).state)


def test_on_the_day_and_not_a_minute_before(world: World) -> None:
    old = factories.in_force(world)
    new = issued(world, 5, old.document)
    assert new.effective_from is not None
    day = midnight(new.effective_from)
    assert deeds(day - timedelta(minutes=1)) == ({}, [])
    assert (state(old), state(new)) == ("effective", "issued")
    done, complaints = deeds(day)
    assert (done, complaints) == ({"version.effect": 1}, [])
    assert (state(old), state(new)) == ("superseded", "effective")
    assert DocumentVersion.objects.get(pk=old.pk).effective_to == new.effective_from
    assert deeds(day) == ({}, [])


def test_the_clock_itself_refuses_to_be_early(world: World) -> None:
    new = issued(world, 5)
    with pytest.raises(GuardFailed):
        engine.fire(new, "effect", by=None)


def test_a_month_late_is_as_if_it_had_run_daily(world: World) -> None:
    late, daily = factories.in_force(world), factories.in_force(world)
    versions = {old.pk: issued(world, days, old.document) for old, days in ((late, 3), (daily, 3))}
    start = timezone.now()
    ticking.tick(start + timedelta(days=40))
    for old in (late, daily):
        new = DocumentVersion.objects.get(pk=versions[old.pk].pk)
        assert new.state == "effective"
        assert DocumentVersion.objects.get(pk=old.pk).effective_to == new.effective_from
        between = start.date() + timedelta(days=10)
        assert list(DocumentVersion.objects.in_force(between).filter(document=old.document)) == [new]


def test_two_issued_versions_follow_each_other_on_a_late_clock(world: World) -> None:
    first = issued(world, 1)
    second = issued(world, 3, first.document)
    ticking.tick(timezone.now() + timedelta(days=30))
    assert (state(first), state(second)) == ("superseded", "effective")


def test_before_the_tick_the_library_already_shows_the_right_version(world: World) -> None:
    old = factories.in_force(world)
    new = issued(world, 2, old.document)
    today = timezone.localdate()
    shown = [
        DocumentVersion.objects.in_force(today + timedelta(days=days)).get(document=old.document).pk for days in (1, 2)
    ]
    assert shown == [old.pk, new.pk]


def test_both_move_or_neither(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old = factories.in_force(world)
    new = issued(world, 0, old.document)

    def break_down(self: DocumentVersion, act: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(DocumentVersion, "step_down", break_down)
    with pytest.raises(RuntimeError):
        ticking.tick(timezone.now())
    assert (state(old), state(new)) == ("effective", "issued")


def test_a_revision_in_force_resolves_its_item_and_a_cancelled_one_gives_it_back(world: World) -> None:
    solved, dropped = factories.impact(world, "revision_open"), factories.impact(world, "revision_open", "hctp")
    assert solved.revision is not None
    assert dropped.revision is not None
    draft = solved.revision
    for _target, action, name in factories.PATH[:-1]:
        draft = engine.fire(draft, action, by=world.people[name or ""], **factories.answers(action))
    engine.fire(dropped.revision, "abandon", by=world.lan, note="Huỷ")
    done, complaints = deeds(timezone.now())
    assert complaints == []
    assert done == {"version.effect": 1, "impact.resolve": 1, "impact.confirm": 1}
    assert ImpactItem.objects.get(pk=solved.pk).state == "resolved"
    again = ImpactItem.objects.get(pk=dropped.pk)
    assert (again.state, again.revision) == ("impact_confirmed", None)


def test_the_command_takes_an_instant(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    issued(world, 0)
    call_command("tick")
    assert "1 version.effect" in capsys.readouterr().out
    call_command("tick")
    assert "nothing due" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("tick", now="2026-03-05T00:00:00")
