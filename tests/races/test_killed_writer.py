"""A process that writes a campaign is killed outright; the next one finishes it, nothing lost and nothing twice."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from documents.models import Campaign, Event, ImpactItem
from documents.services.campaigns import campaign_for
from documents.services.fanout import KEYS, _Stride, campaign_fill, fill_tick
from tests import factories, people
from workflows import engine
from workflows.models import Move

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DECREE = "18/2026/NĐ-CP"
PARTS, PATIENCE = 4, 60.0


@pytest.fixture
def quarters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four parts of equal width, none of which is written while a person waits."""
    monkeypatch.setattr("documents.services.campaigns.AT_ONCE", 0)
    monkeypatch.setattr(_Stride, "over", classmethod(lambda cls, _scope: cls(KEYS // PARTS)))
    monkeypatch.setattr(_Stride, "learn", lambda _self, _touched: None)


def write_and_hang(campaign: Campaign, told: Connection, last: int) -> None:
    """In a process of its own: write parts, and stop inside one, with its items inserted and nothing committed."""
    parts, plain = 0, engine.start_many

    def counted(*args: Any, **given: Any) -> Any:
        nonlocal parts
        made = plain(*args, **given)
        if made:
            parts += 1
        if parts == last:
            told.send(parts)
            time.sleep(PATIENCE)
        return made

    engine.start_many = counted
    campaign_fill(campaign)
    told.send(0)


@pytest.mark.parametrize("last", [1, 2, 3])
def test_killed_inside_a_part(transactional_db: None, quarters: None, last: int) -> None:
    world = people.build()
    act = factories.regulation(DECREE, effective_on=date(2027, 1, 1))
    basis = [{"key": "b1", "number": DECREE, "issuer": "", "note": ""}]
    wanted = {factories.in_force(world, "hctp", legal_basis=basis).document_id for _each in range(24)}
    campaign = campaign_for(event=Event.objects.of_act(act), agency=world.unit("stp"), by=world.phuc)
    assert not campaign.items.exists()

    connections.close_all()  # a fork must not share the sockets
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=write_and_hang, args=(campaign, theirs, last))
    process.start()
    assert ours.poll(PATIENCE)
    assert ours.recv() == last
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL

    held = set(ImpactItem.objects.values_list("document", flat=True))
    assert held < wanted
    assert bool(held) == (last > 1)
    done, complaints = fill_tick(timezone.now())
    assert (dict(done), complaints) == ({"campaign.items": len(wanted) - len(held)}, [])
    assert sorted(ImpactItem.objects.values_list("document", flat=True)) == sorted(wanted)
    assert Move.objects.filter(machine="impact", action="detect").count() == len(wanted)
    assert list(Move.objects.of(campaign.pk).values_list("action", flat=True)) == ["launch", "fill"]
    assert fill_tick(timezone.now()) == ({}, [])
