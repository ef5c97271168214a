"""The clock over publications: what is gone when its turn comes, and what fails, stop nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from documents.models.publication import PublicationQuerySet
from documents.services.republishing import publications_tick
from tests.documents import published
from tests.people import World
from workflows import engine
from workflows.models import Unit

LATER = timezone.now() + timedelta(days=1)


def test_a_publication_revoked_while_the_clock_looks_owes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, standing = published.publication(world), PublicationQuerySet.standing
    calls: list[int] = []

    def slow(rows: PublicationQuerySet) -> PublicationQuerySet:
        calls.append(1)
        if len(calls) == 2:  # the stamps have been read, the publication has not
            engine.fire(found, "revoke", by=world.tuan, **published.answers("revoke"))
        return standing(rows)

    monkeypatch.setattr(PublicationQuerySet, "standing", slow)
    assert publications_tick(LATER) == ({}, [])
    assert not found.causes.exists()


def test_what_fails_in_one_publication_does_not_stop_the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found, fire = published.publication(world), engine.fire
    Unit.objects.filter(pk=found.agency_id).update(name="Sở Tư pháp và Nội vụ")

    def walled(*_args: Any, **_kwargs: Any) -> None:
        raise IntegrityError("a wall")

    monkeypatch.setattr(engine, "fire", walled)
    done, complaints = publications_tick(LATER)
    assert (done, [(one.record, one.reason) for one in complaints]) == ({}, [(str(found), "a wall")])
    monkeypatch.setattr(engine, "fire", fire)
    assert publications_tick(LATER) == ({"publication.require": 1}, [])
