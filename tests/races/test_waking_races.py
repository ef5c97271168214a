"""A document issued anew while the clock ends its review: the review is open afterwards, whoever came first."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from documents.models import DocumentVersion, Event, ImpactItem, RegulationRelation
from documents.services.campaigns import campaign_for
from tests import factories
from tests.people import World
from tests.races.test_races import at_once, town
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import Move

__all__ = ["town"]
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

OLD = "15/2015/TT-BTP"
BASIS = [{"key": "b1", "number": OLD, "issuer": "", "note": ""}]
ROUNDS = 12


def withdrawn(world: World, event: Event) -> tuple[ImpactItem, DocumentVersion]:
    """An open item of a document that was withdrawn, and its next version, which still cites what ends."""
    old = factories.in_force(world, legal_basis=BASIS)
    waiting = factories.version(world, "approved", owner=old.document, legal_basis=BASIS)
    campaign = campaign_for(event=event, agency=world.unit("stp"), by=world.phuc)
    engine.fire(old, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    return campaign.items.get(document=old.document), waiting


def replaced() -> Event:
    """An act that replaces the old one in twenty days."""
    act = factories.regulation("4/2026/TT-BTP", effective_on=timezone.localdate() + timedelta(days=20))
    RegulationRelation.objects.create(source=act, kind="replaces", target=factories.regulation(OLD))
    return Event.objects.of_act(act)


def test_an_issue_waits_for_an_end_that_is_under_way_and_brings_the_review_back(town: World) -> None:
    item, waiting = withdrawn(town, replaced())
    ended = threading.Event()

    def drop() -> None:
        with transaction.atomic():
            engine.fire(item, "drop", by=None)
            ended.set()
            time.sleep(1.0)  # the issue begins before this is committed

    def issue() -> None:
        assert ended.wait(10)
        engine.fire(waiting, "issue", by=town.van, **factories.answers("issue"))

    at_once(drop, issue)
    assert list(Move.objects.of(item.pk).order_by("seq").values_list("action", flat=True)) == ["detect", "drop", "wake"]
    assert ImpactItem.objects.get(pk=item.pk).state == "detected"


def test_a_review_is_never_lost_between_its_end_and_the_next_issue(town: World) -> None:
    event, ways = replaced(), Counter[str]()
    for _round in range(ROUNDS):
        item, waiting = withdrawn(town, event)

        def drop(item: ImpactItem = item) -> str:
            try:
                return str(engine.fire(item, "drop", by=None).state)
            except GuardFailed:
                return "lives"

        def issue(waiting: DocumentVersion = waiting) -> str:
            return str(engine.fire(waiting, "issue", by=town.van, **factories.answers("issue")).state)

        assert set(at_once(drop, issue)) <= {"resolved", "lives", "issued"}
        deeds = list(Move.objects.of(item.pk).order_by("seq").values_list("action", flat=True))
        assert deeds in (["detect"], ["detect", "drop", "wake"])
        assert ImpactItem.objects.get(pk=item.pk).state == "detected"
        ways[deeds[-1]] += 1
    assert ways.total() == ROUNDS
