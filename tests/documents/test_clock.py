"""What the clock owes: on the day and not before, in the order of dates, and one failure stops nothing else."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import Document, DocumentVersion, ImpactItem
from documents.services.clock import documents_tick
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import Move


def at(day: date, hour: int = 0) -> datetime:
    """An instant of a day in Việt Nam."""
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def issued(world: World, days: int, owner: Document | None = None) -> DocumentVersion:
    """A version issued today that begins in so many days."""
    today = timezone.localdate()
    approved = factories.version(world, "approved", owner=owner)
    return engine.fire(approved, "issue", by=world.van, decision_on=today, effective_from=today + timedelta(days=days))


def states(*versions: DocumentVersion) -> list[str]:
    return [DocumentVersion.objects.get(pk=version.pk).state for version in versions]


def test_each_steps_in_on_its_own_day(world: World) -> None:
    today = timezone.localdate()
    first, second, third = issued(world, 1), issued(world, 2), issued(world, 30)
    assert documents_tick(at(today, 23)) == ({}, [])
    assert documents_tick(at(today + timedelta(days=1))) == ({"version.effect": 1}, [])
    assert states(first, second, third) == ["effective", "issued", "issued"]
    assert documents_tick(at(today + timedelta(days=2), 23)) == ({"version.effect": 1}, [])
    assert states(first, second, third) == ["effective", "effective", "issued"]


def test_midnight_is_that_of_viet_nam(world: World) -> None:
    new = issued(world, 1)
    assert new.effective_from is not None
    midnight = at(new.effective_from)
    assert midnight.astimezone(tz=None).utcoffset() is not None
    assert documents_tick(midnight - timedelta(seconds=1))[0] == {}
    assert documents_tick(midnight)[0] == {"version.effect": 1}


def test_a_late_clock_keeps_the_order_of_dates_whatever_was_issued_first(world: World) -> None:
    old = factories.in_force(world)
    first = issued(world, 3, old.document)
    second = issued(world, 9, old.document)
    late = at(timezone.localdate() + timedelta(days=60))
    assert documents_tick(late) == ({"version.effect": 2}, [])
    assert states(old, first, second) == ["superseded", "superseded", "effective"]
    ends = [DocumentVersion.objects.get(pk=version.pk).effective_to for version in (old, first, second)]
    assert ends == [first.effective_from, second.effective_from, None]
    assert documents_tick(late) == ({}, [])


def test_only_the_own_predecessor_steps_down(world: World) -> None:
    old, other = factories.in_force(world), factories.in_force(world)
    new = issued(world, 0, old.document)
    documents_tick(timezone.now())
    assert states(old, new, other) == ["superseded", "effective", "effective"]
    assert DocumentVersion.objects.get(pk=other.pk).effective_to is None


def test_a_withdrawn_version_is_left_as_it_is(world: World) -> None:
    old = factories.in_force(world)
    engine.fire(old, "withdraw", by=world.tuan, now=timezone.now() - timedelta(days=5), **factories.answers("withdraw"))
    ended = DocumentVersion.objects.get(pk=old.pk).effective_to
    new = issued(world, 1, old.document)
    documents_tick(timezone.now() + timedelta(days=2))
    assert states(old, new) == ["withdrawn", "effective"]
    assert DocumentVersion.objects.get(pk=old.pk).effective_to == ended


def test_the_ledger_says_that_it_was_the_clock_and_from_which_day(world: World) -> None:
    old = factories.in_force(world)
    new = issued(world, 2, old.document)
    documents_tick(timezone.now() + timedelta(days=10))
    for version, action in ((old, "supersede"), (new, "effect")):
        move = Move.objects.filter(stream=version.pk).latest("seq")
        assert (move.action, move.actor, move.role) == (action, None, "clock")
        assert str(new.effective_from) in move.body


def test_a_failure_is_told_and_the_rest_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = issued(world, 0), issued(world, 0)
    plain = DocumentVersion.step_in

    def fail(self: DocumentVersion, act: engine.Act) -> None:
        if self.pk == broken.pk:
            raise GuardFailed(problems=["Không bước vào được."])
        plain(self, act)

    monkeypatch.setattr(DocumentVersion, "step_in", fail)
    done, complaints = documents_tick(timezone.now())
    assert dict(done) == {"version.effect": 1}
    assert states(broken, sound) == ["issued", "effective"]
    (complaint,) = complaints
    assert complaint.record == str(broken)
    assert complaint.reason.endswith("Không bước vào được.")


def test_what_another_clock_has_done_meanwhile_is_no_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clocks read the same list; the one that comes second finds each version where it should be."""
    first, second = issued(world, 0), issued(world, 0)
    plain = engine.fire

    def overtaken(record: Any, action: str, **given: Any) -> Any:
        if record.pk == first.pk:
            plain(record, action, **given)
        return plain(record, action, **given)

    monkeypatch.setattr(engine, "fire", overtaken)
    assert documents_tick(timezone.now()) == ({"version.effect": 1}, [])
    assert states(first, second) == ["effective", "effective"]


def test_a_cancelled_revision_gives_its_duty_back_and_no_other(world: World) -> None:
    dropped, running = factories.impact(world, "revision_open"), factories.impact(world, "revision_open")
    assert dropped.revision is not None
    engine.fire(dropped.revision, "abandon", by=world.lan, note="Huỷ")
    assert documents_tick(timezone.now()) == ({"impact.confirm": 1}, [])
    again, other = (ImpactItem.objects.get(pk=item.pk) for item in (dropped, running))
    assert (again.state, again.revision, other.state) == ("impact_confirmed", None, "revision_open")
    assert again.due_on is not None
    assert documents_tick(timezone.now()) == ({}, [])


def test_a_version_whose_successor_is_due_is_not_withdrawn(world: World) -> None:
    """If the clock is late, ending the old one by hand would leave two in force on the days since."""
    old = factories.in_force(world)
    new = issued(world, 3, old.document)
    late = at(timezone.localdate() + timedelta(days=5))
    with pytest.raises(GuardFailed):
        engine.fire(old, "withdraw", by=world.tuan, now=late, decision_no="9/QĐ", note="Hết cần")
    assert documents_tick(late) == ({"version.effect": 1}, [])
    assert states(old, new) == ["superseded", "effective"]


def test_a_wall_of_the_database_stops_one_version_and_not_the_clock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, other = factories.in_force(world), issued(world, 2)
    new = issued(world, 1, old.document)
    monkeypatch.setattr(DocumentVersion, "step_in", lambda _self, _act: None)  # nobody steps down
    done, complaints = documents_tick(at(timezone.localdate() + timedelta(days=5)))
    assert (done, [complaint.record for complaint in complaints]) == ({"version.effect": 1}, [str(new)])
    assert states(old, new, other) == ["effective", "issued", "effective"]
