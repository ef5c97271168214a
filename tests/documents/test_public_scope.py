"""The public site shows the list that was published, nothing of earlier lists, and hears of everything it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.utils import timezone

from documents.models import DocumentVersion, RegulationRelation
from documents.services import public
from tests import factories
from tests.documents import published
from tests.documents.test_public_site import HANOI, page, read
from tests.people import World
from workflows import engine

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    caches["public"].clear()


def go_on(world: World, found: Any) -> None:
    """From a list that was made anew to the public."""
    found = engine.fire(found, "freeze", by=world.hoa, **published.answers("freeze"))
    for _state, action, name in published.PATH:
        found = engine.fire(found, action, by=world.people[name], **published.answers(action))


def test_what_only_an_earlier_list_named_does_not_exist(world: World) -> None:
    kept, dropped, gone = published.fit(world), factories.in_force(world), factories.in_force(world)
    found = published.prepared(world)
    for one in (dropped, gone):
        engine.fire(one, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    go_on(world, found)
    again = factories.version(world, "effective", owner=dropped.document)
    shown = read(page(kept, "agency"))
    assert kept.document.title in shown
    assert "1 tài liệu" in shown
    assert dropped.document.title not in shown
    for one in (dropped, gone, again):
        for kind in ("document", "check"):
            assert "Không tìm thấy" in read(page(one, kind), 404)
    assert page(again) not in read(page(kept, "sitemap"))


def test_a_draft_of_a_published_document_cannot_be_asked_for(world: World) -> None:
    version = published.fit(world)
    published.publication(world)
    assert "Bản in này còn hiệu lực" in read(page(version, "check"))
    draft = factories.version(world, "leader_review", owner=version.document)
    assert "Không tìm thấy" in read(page(draft, "check"), 404)


def test_a_page_made_in_the_last_half_second_of_a_day_is_not_of_the_next(world: World) -> None:
    version = published.fit(world)
    published.publication(world)
    tomorrow = timezone.localdate() + timedelta(days=1)
    draft = factories.version(world, "approved", owner=version.document, purpose="Mục đích của bản mới.")
    engine.fire(draft, "issue", by=world.van, decision_on=timezone.localdate(), effective_from=tomorrow)
    caches["public"].clear()
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=HANOI)
    with time_machine.travel(midnight - timedelta(milliseconds=400), tick=False):
        assert version.content["purpose"] in read(page(version))
    with time_machine.travel(midnight + timedelta(milliseconds=200), tick=False):
        assert "Mục đích của bản mới." in read(page(version))


def _rename(world: World, _version: DocumentVersion) -> None:
    place = world.unit("stp")
    place.name = "Sở Tư pháp mới"
    place.save()


def _retitle(_world: World, version: DocumentVersion) -> None:
    version.document.title = "Tên mới"
    version.document.save()


def _announce(world: World, _version: DocumentVersion) -> None:
    published.announce(world, "77")


def _withdraw(world: World, version: DocumentVersion) -> None:
    engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))


def _correct(_world: World, _version: DocumentVersion) -> None:
    act = factories.regulation()
    facts = {"number": act.number, "effective_on": date(2016, 1, 1), "expired_on": date(2026, 2, 1)}
    engine.fire(act, "correct", by=None, facts=facts)


def _replace(_world: World, _version: DocumentVersion) -> None:
    new = factories.regulation("1/2026/QĐ-UBND")
    RegulationRelation.objects.create(source=new, target=factories.regulation(), kind="replaces")


@pytest.mark.parametrize("change", [_rename, _retitle, _announce, _withdraw, _correct, _replace])
def test_whatever_is_shown_counts_up_the_stamp(world: World, change: Callable[[World, DocumentVersion], None]) -> None:
    version = published.fit(world)
    published.publication(world)
    before = public.stamp_number("STP")
    factories.in_force(world, "nx1")  # of another agency
    assert public.stamp_number("STP") == before > 0
    change(world, version)
    assert public.stamp_number("STP") > before
    assert public.stamp_number("NX") == 0
