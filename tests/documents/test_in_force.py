"""The version in force on a day: half-open intervals, a late clock, unknown beginnings, one at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.models import Document, DocumentVersion
from tests import factories
from tests.people import World
from workflows import engine

SINCE = date(2026, 1, 5)


def standing(document: Document, on: date) -> list[str]:
    """Numbers of the versions of a document in force on a day."""
    return [version.number for version in DocumentVersion.objects.in_force(on).filter(document=document)]


def issued(world: World, owner: Document, days: int) -> DocumentVersion:
    """A version issued today that begins in so many days."""
    today = timezone.localdate()
    approved = factories.version(world, "approved", owner=owner)
    begins = today + timedelta(days=days)
    return engine.fire(approved, "issue", by=world.van, decision_on=today, effective_from=begins)


def test_it_counts_from_its_first_day(world: World) -> None:
    old = factories.in_force(world, since=SINCE)
    assert standing(old.document, SINCE - timedelta(days=1)) == []
    assert standing(old.document, SINCE) == ["01/00"]


def test_an_unknown_beginning_precedes_every_day(world: World) -> None:
    old = factories.in_force(world, since=None)
    assert standing(old.document, date(1, 1, 1)) == ["01/00"]
    assert standing(old.document, timezone.localdate()) == ["01/00"]


def test_an_issued_version_takes_over_on_its_day_though_the_clock_is_late(world: World) -> None:
    for since in (SINCE, None):
        owner = factories.in_force(world, since=since).document
        begins = issued(world, owner, 3).effective_from
        assert begins is not None
        assert standing(owner, begins - timedelta(days=1)) == ["01/00"]
        assert standing(owner, begins) == ["01/01"]
        assert standing(owner, begins + timedelta(days=400)) == ["01/01"]


def test_two_issued_versions_follow_each_other(world: World) -> None:
    owner = factories.in_force(world).document
    first, second = issued(world, owner, 2), issued(world, owner, 5)
    assert first.effective_from is not None
    days = [first.effective_from + timedelta(days=more) for more in (-1, 0, 2, 3)]
    assert [standing(owner, day) for day in days] == [["01/00"], ["01/01"], ["01/01"], ["01/02"]]
    assert second.effective_from == days[3]


def test_a_withdrawn_version_ends_on_the_day_of_its_withdrawal(world: World) -> None:
    today = timezone.localdate()
    old = factories.in_force(world)
    engine.fire(old, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    assert standing(old.document, today - timedelta(days=1)) == ["01/00"]
    assert standing(old.document, today) == []


def test_a_superseded_version_stands_in_its_own_time(world: World) -> None:
    today = timezone.localdate()
    old = factories.in_force(world)
    factories.version(world, "effective", owner=old.document)
    assert standing(old.document, today - timedelta(days=1)) == ["01/00"]
    assert standing(old.document, today) == ["01/01"]


@pytest.mark.parametrize("state", ["draft", "unit_review", "approved", "cancelled"])
def test_what_was_never_issued_is_never_in_force(world: World, state: str) -> None:
    version = factories.version(world, state)
    assert standing(version.document, timezone.localdate()) == []
    assert standing(version.document, date(2100, 1, 1)) == []


def test_another_document_decides_nothing(world: World) -> None:
    old = factories.in_force(world)
    other = issued(world, factories.document(world), 1)
    assert other.effective_from is not None
    assert standing(old.document, other.effective_from) == ["01/00"]


def adopted(owner: Document, number: int, since: date | None) -> DocumentVersion:
    """A version taken over as applied."""
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={}, revision_no=number)
    return engine.start(fresh, "adopt", by=None, content=factories.content(), effective_from=since)


@pytest.mark.parametrize("since", [None, SINCE, SINCE - timedelta(days=1), SINCE + timedelta(days=1)])
def test_the_database_lets_no_second_version_be_in_force(world: World, since: date | None) -> None:
    first = factories.in_force(world, since=SINCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        adopted(first.document, 7, since)
    assert [version.number for version in first.document.versions.all()] == ["01/00"]
    assert adopted(factories.document(world), 7, since).state == "effective"


ENDED = SINCE + timedelta(days=30)


@pytest.mark.parametrize(("since", "may"), [(None, False), (SINCE - timedelta(days=1), False), (ENDED, True)])
@pytest.mark.parametrize("days", [-1, 0])
def test_nor_in_the_time_of_one_that_has_ended(world: World, since: date | None, may: bool, days: int) -> None:
    old = factories.in_force(world, since=SINCE)
    engine.fire(old, "supersede", by=None, effective_to=ENDED)
    begins = since and since + timedelta(days=days)
    if may and days == 0:
        assert adopted(old.document, 7, begins).state == "effective", "intervals meet and do not overlap"
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        adopted(old.document, 7, begins)
    assert old.document.versions.count() == 1


def test_nor_in_the_time_of_one_whose_beginning_nobody_knows(world: World) -> None:
    old = factories.in_force(world, since=None)
    engine.fire(old, "supersede", by=None, effective_to=ENDED)
    for begins in (None, SINCE, ENDED - timedelta(days=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            adopted(old.document, 7, begins)
    assert adopted(old.document, 7, ENDED).state == "effective"


def test_nor_when_an_issued_version_steps_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard keeps the dates apart; without the guard the database does."""
    monkeypatch.setattr(DocumentVersion, "unfit_dates", lambda self, act: [])
    today, now = timezone.localdate(), timezone.now()
    owner = factories.in_force(world).document
    engine.fire(owner.versions.get(), "supersede", by=None, effective_to=today + timedelta(days=9))
    early, late = issued(world, owner, 8), issued(world, owner, 9)
    with pytest.raises(IntegrityError), transaction.atomic():
        engine.fire(early, "effect", by=None, now=now + timedelta(days=9))
    assert engine.fire(late, "effect", by=None, now=now + timedelta(days=9)).state == "effective"
