"""The legal gate: effective, declared unaffected, withdrawn, or waived by the head until a day – and nothing else."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import Campaign, ImpactItem
from documents.services.clock import documents_tick
from tests import factories
from tests.people import World
from tests.tables import oracle
from tests.workflows.screens import log_in, url_of
from workflows import engine, inbox
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn
from workflows.models import Move

TODAY = timezone.localdate


def at(days: int) -> datetime:
    """Noon so many days from today."""
    return timezone.make_aware(datetime.combine(TODAY() + timedelta(days=days), time(12)))


def waive(world: World, item: ImpactItem, days: int = 30, by: str = "tuan", **more: Any) -> ImpactItem:
    answers = {"until": TODAY() + timedelta(days=days), "note": "Chờ thông tư hướng dẫn", **more}
    return engine.fire(item, "waive", by=world.people[by], **answers)


@pytest.mark.parametrize("state", ["impact_confirmed", "revision_open"])
def test_a_waived_item_lets_its_campaign_close_and_comes_back_by_itself(world: World, state: str) -> None:
    item = factories.impact(world, state)
    with pytest.raises(GuardFailed):
        engine.fire(item.campaign, "close", by=world.phuc)
    item = waive(world, item)
    assert (item.state, item.due_on, item.reason) == ("waived", item.waived_until, "Chờ thông tư hướng dẫn")
    assert engine.fire(item.campaign, "close", by=world.phuc).state == "closed"
    assert documents_tick(at(30))[0] == {}
    assert documents_tick(at(31)) == ({"impact.confirm": 1, "campaign.reopen": 1}, [])
    item.refresh_from_db()
    assert (item.state, item.waived_until) == ("impact_confirmed", None)
    # What holds its campaign open is in an open campaign, and in somebody's inbox.
    campaign = Campaign.objects.get()
    assert campaign.state == "open"
    assert Move.objects.of(campaign.pk).latest("seq").actor is None
    assert [entry.record for entry in inbox.for_user(world.lan, at(31), machine="impact")] == [item]
    assert [entry.record for entry in inbox.for_user(world.phuc, at(31), machine="campaign")] == [campaign]
    with pytest.raises(GuardFailed):
        engine.fire(campaign, "close", by=world.phuc, now=at(31))
    assert documents_tick(at(31))[0] == {}


@pytest.mark.parametrize("by", ["quang", "hoa", "phuc", "minh", "lan", "dung"])
def test_nobody_but_the_head_waives(world: World, by: str) -> None:
    with pytest.raises(NotYourTurn):
        waive(world, factories.impact(world, "impact_confirmed"), by=by)


@pytest.mark.parametrize("wrong", [{"until": TODAY()}, {"note": ""}, {"until": ""}])
def test_a_waiver_has_an_end_and_a_reason(world: World, wrong: dict[str, Any]) -> None:
    item = factories.impact(world, "impact_confirmed")
    with pytest.raises((GuardFailed, BadAnswer)):
        waive(world, item, **wrong)
    assert ImpactItem.objects.get(pk=item.pk).state == "impact_confirmed"


def test_a_revision_that_takes_effect_resolves_a_waived_item(world: World) -> None:
    item = waive(world, factories.impact(world, "revision_open"))
    draft = item.revision
    assert draft is not None
    for _target, action, name in factories.PATH:
        draft = engine.fire(draft, action, by=world.people[name] if name else None, **factories.answers(action))
    assert documents_tick(timezone.now())[0] == {"impact.resolve": 1}
    item.refresh_from_db()
    assert item.state == "resolved"


@pytest.mark.parametrize("state", ["detected", "screening", "deferred", "impact_confirmed", "revision_open"])
def test_an_item_of_a_withdrawn_document_is_done_with(world: World, state: str) -> None:
    item = factories.impact(world, state)
    other = factories.impact(world, unit="bttp")
    if item.revision is not None:
        engine.fire(item.revision, "abandon", by=world.lan, note="Bãi bỏ cả quy trình")
    assert documents_tick(at(0))[0].get("impact.drop") is None
    engine.fire(item.version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    documents_tick(at(0))
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.state, other.state) == ("resolved", "detected")


def test_the_page_offers_the_waiver_to_the_head_alone(world: World) -> None:
    item = factories.impact(world, "impact_confirmed")
    url = item.get_absolute_url()
    assert "Cho phép tạm chưa sửa" in log_in(world.tuan).get(url).content.decode()
    given = {"expected": item.row_version, "until": f"{TODAY() + timedelta(days=9):%d/%m/%Y}", "note": "Chờ"}
    assert log_in(world.tuan).post(url_of("act", item, "waive"), given).status_code == 302
    page = log_in(world.tuan).get(url).content.decode()
    assert "Được tạm chưa sửa đến hết" in page
    assert f"{TODAY() + timedelta(days=9):%d/%m/%Y}" in page


def test_a_closed_campaign_stays_closed_while_nothing_came_back(world: World) -> None:
    item = waive(world, factories.impact(world, "impact_confirmed"))
    closed = engine.fire(item.campaign, "close", by=world.phuc)
    with pytest.raises(GuardFailed):
        engine.fire(closed, "reopen", by=None)
    for name in ("phuc", "hoa", "quang", "tuan"):
        with pytest.raises(NotYourTurn):
            engine.fire(closed, "reopen", by=world.people[name])
    assert documents_tick(at(1))[0] == {}
    assert Campaign.objects.get().state == "closed"


ENDS = {"no_impact", "waived", "resolved"}


@pytest.mark.parametrize("state", sorted(oracle.STATES["impact"]))
def test_the_gate_by_the_state_of_its_items(world: World, state: str) -> None:
    """Closed only when each item is in force, unaffected by the QMR's word, withdrawn, or waived by the head."""
    factories.impact(world, "no_impact")
    item = factories.impact(world, "revision_open" if state == "resolved" else state)
    if state == "resolved":
        assert item.revision is not None
        engine.fire(item.revision, "abandon", by=world.lan, note="Bãi bỏ")
        engine.fire(item.version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
        item = engine.fire(item, "drop", by=None)
    assert item.state == state
    for name in ("lan", "minh", "quang", "tuan", "van", "son", "dung"):
        with pytest.raises(NotYourTurn):
            engine.fire(item.campaign, "close", by=world.people[name])
    for name in ("phuc", "hoa"):
        if state in ENDS:
            break
        with pytest.raises(GuardFailed):
            engine.fire(item.campaign, "close", by=world.people[name])
    if state in ENDS:
        assert engine.fire(item.campaign, "close", by=world.hoa).state == "closed"


def test_the_last_day_of_a_waiver_is_waived_whoever_asks(world: World) -> None:
    item = waive(world, factories.impact(world, "impact_confirmed"))
    with pytest.raises(GuardFailed):
        engine.fire(item, "confirm", by=None, now=at(30))
    assert engine.fire(item, "confirm", by=None, now=at(31)).state == "impact_confirmed"


def test_an_item_is_not_dropped_while_a_later_version_is_coming(world: World) -> None:
    item = factories.impact(world)
    factories.regulation()
    coming = factories.version(world, "approved", owner=item.document)
    begins: dict[str, Any] = {"decision_on": TODAY(), "effective_from": TODAY() + timedelta(days=20)}
    engine.fire(coming, "issue", by=world.van, **begins)
    engine.fire(item.version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    with pytest.raises(GuardFailed):
        engine.fire(item, "drop", by=None, now=at(1))
    other = factories.impact(world)
    engine.fire(other.version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    assert engine.fire(other, "drop", by=None, now=at(1)).state == "resolved"
