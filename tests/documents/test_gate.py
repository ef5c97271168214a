"""What a review may end with: a version that deals with the event, and a verdict on the version that stands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.classing import Change
from documents.models import Campaign, DocumentVersion, Event, ImpactItem, Regulation, RegulationRelation
from documents.models.difference import differences
from documents.models.version import open_version
from documents.services.alarm import dead_citations
from documents.services.asof import Moment
from documents.services.campaigns import campaign_for, campaign_open
from documents.services.clock import documents_tick
from documents.services.simulation import Supposition, foretell
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed

OLD, NEW = "15/2015/TT-BTP", "04/2026/TT-BTP"


def basis(*numbers: str) -> list[dict[str, str]]:
    return [{"key": f"b{at}", "number": number, "issuer": "", "note": ""} for at, number in enumerate(numbers, 1)]


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def change(kind: str, days: int) -> Regulation:
    """An act that will do something to the old one in so many days."""
    found = factories.regulation(NEW, effective_on=in_days(days))
    RegulationRelation.objects.create(source=found, kind=kind, target=factories.regulation(OLD))
    return found


def opened(world: World, act: Regulation) -> Campaign:
    return campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc)


def fresh(item: ImpactItem) -> ImpactItem:
    return ImpactItem.objects.get(pk=item.pk)


def signed(world: World, version: DocumentVersion, days: int = 0, **content: Any) -> DocumentVersion:
    """A draft written, signed on its way and issued for a day."""
    version = engine.fire(version, "edit", by=world.lan, content=factories.content(**content))
    for _target, action, name in factories.PATH[:5]:
        version = engine.fire(version, action, by=world.people[name], **factories.answers(action))
    return engine.fire(version, "issue", by=world.van, decision_on=in_days(0), effective_from=in_days(days))


def closed(world: World, campaign: Campaign) -> list[str]:
    """What forbids that the campaign is closed."""
    try:
        engine.fire(Campaign.objects.get(pk=campaign.pk), "close", by=world.phuc)
    except GuardFailed as error:
        return list(error.problems)
    return []


def test_a_revision_that_still_cites_what_ends_is_no_answer(world: World) -> None:
    old = factories.in_force(world, legal_basis=basis(OLD))
    campaign = opened(world, change("replaces", 20))
    item = engine.fire(engine.fire(campaign.items.get(), "confirm", by=world.phuc), "open_revision", by=world.lan)
    first = item.revision
    assert first is not None
    signed(world, first, legal_basis=basis(OLD), fee="2 đồng")
    done, complaints = documents_tick(timezone.now())
    assert (done["impact.resolve"], done["impact.confirm"], complaints) == (0, 1, [])
    assert (fresh(item).state, fresh(item).revision) == ("impact_confirmed", None)
    assert closed(world, campaign) == ["Còn 1 mục chưa xử lý xong."]
    item = engine.fire(fresh(item), "open_revision", by=world.lan)
    assert item.revision is not None
    signed(world, item.revision, days=1, legal_basis=basis(NEW))
    documents_tick(timezone.now() + timedelta(days=1))
    assert (fresh(item).state, closed(world, campaign)) == ("resolved", [])
    assert old.document.versions.get(state="effective").content["legal_basis"] == basis(NEW)


def test_a_waived_item_goes_on_when_its_revision_does_not_answer(world: World) -> None:
    factories.in_force(world, legal_basis=basis(OLD))
    campaign = opened(world, change("repeals", 20))
    item = engine.fire(engine.fire(campaign.items.get(), "confirm", by=world.phuc), "open_revision", by=world.lan)
    draft = item.revision
    assert draft is not None
    item = engine.fire(item, "waive", by=world.tuan, note="Chờ hướng dẫn", until=in_days(3))
    signed(world, draft, legal_basis=basis(OLD), fee="2 đồng")
    assert documents_tick(timezone.now())[1] == []
    assert fresh(item).state == "waived"
    documents_tick(timezone.now() + timedelta(days=4))
    assert fresh(item).state == "impact_confirmed"


@pytest.mark.parametrize(
    ("kind", "content", "joins"),
    [("replaces", basis(OLD), False), ("replaces", basis(NEW), True), ("amends", basis(OLD), False)],
)
def test_what_can_be_written_no_more_is_joined_only_if_it_answers(
    world: World, kind: str, content: list[dict[str, str]], joins: bool
) -> None:
    old = factories.in_force(world, legal_basis=basis(OLD))
    act = change(kind, 20)
    under_way = factories.version(world, "approved", owner=old.document, legal_basis=content)
    item = engine.fire(opened(world, act).items.get(), "confirm", by=world.phuc)
    if joins:
        assert engine.fire(item, "open_revision", by=world.lan).revision == under_way
        return
    with pytest.raises(GuardFailed) as caught:
        engine.fire(item, "open_revision", by=world.lan)
    assert "Đã phê duyệt, chờ ban hành" in caught.value.said
    assert fresh(item).state == "impact_confirmed"


def test_a_part_that_is_not_cited_may_end(world: World) -> None:
    row = basis(OLD)[0] | {"note": "Điều 5"}
    factories.in_force(world, legal_basis=[row])
    act = factories.regulation(NEW, effective_on=in_days(20))
    RegulationRelation.objects.create(
        source=act, kind="repeals_part", target=factories.regulation(OLD), provisions="|5|"
    )
    item = engine.fire(opened(world, act).items.get(), "confirm", by=world.phuc)
    draft = factories.version(world, owner=item.document, legal_basis=[row])
    assert item.still_cited(draft) == [OLD]
    other = engine.fire(draft, "edit", by=world.lan, content=factories.content(legal_basis=[row | {"note": "Điều 6"}]))
    assert item.still_cited(other) == []
    assert Event.objects.of_act(act).kind == "effective"


def test_a_verdict_is_on_the_version_that_stands_then(world: World) -> None:
    factories.regulation(OLD)
    first = factories.in_force(world, legal_basis=basis(OLD))
    second = factories.version(world, "approved", owner=first.document, legal_basis=basis(OLD), fee="1 đồng")
    item = opened(world, change("replaces", 1)).items.get()
    engine.fire(second, "issue", by=world.van, **factories.answers("issue"))
    documents_tick(timezone.now())
    assert item.version == first
    item = engine.fire(item, "screen", by=world.phuc, note="Không đổi")
    assert item.version == second
    moment = Moment(in_days(1), None, in_days(0))
    assert len(dead_citations([second.pk], moment)) == 1
    item = engine.fire(item, "no_impact", by=world.quang)
    assert (item.version, dead_citations([second.pk], moment)) == (second, [])
    assert len(dead_citations([first.pk], moment)) == 1


def test_a_waiver_that_ran_out_keeps_the_gate_shut_before_the_clock_comes(world: World) -> None:
    item = factories.impact(world, "waived")
    assert item.waived_until is not None
    days = (item.waived_until - timezone.localdate()).days
    with pytest.raises(GuardFailed):
        engine.fire(item.campaign, "close", by=world.phuc, now=timezone.now() + timedelta(days=days + 1))
    now = timezone.now() + timedelta(days=days)
    assert engine.fire(item.campaign, "close", by=world.phuc, now=now).state == "closed"


def test_what_is_issued_for_a_day_to_come_is_reviewed_too(world: World) -> None:
    act = change("amends", 40)
    both = factories.in_force(world, legal_basis=basis(OLD))
    ahead = factories.version(world, "approved", owner=both.document, legal_basis=basis(OLD))
    coming = factories.version(world, "approved", legal_basis=basis(OLD))
    other = factories.version(world, "approved", legal_basis=basis(factories.regulation("99/2010/TT-BTP").number))
    under_way = factories.version(world, "approved", legal_basis=basis(OLD))
    for one in (ahead, coming, other):
        engine.fire(one, "issue", by=world.van, decision_on=in_days(0), effective_from=in_days(5))
    tried = Supposition(act, act.effective_on, [])
    told = foretell(tried, agency=world.unit("stp"), user=world.phuc, day=in_days(0))
    campaign = opened(world, act)
    found = {item.document_id: item.version_id for item in campaign.items.all()}
    assert found == {both.document_id: both.pk, coming.document_id: coming.pk}
    assert {one.touched.version.pk for one in told} == set(found.values())
    assert under_way.document_id not in found
    again = campaign_for(event=campaign.event, agency=world.unit("stp"), by=world.phuc)
    assert again.items.count() == 2


def test_a_draft_follows_what_is_issued_already(world: World) -> None:
    first = factories.in_force(world, fee="Phí A")
    second = factories.version(world, "approved", owner=first.document, fee="Phí B")
    second = engine.fire(second, "issue", by=world.van, decision_on=in_days(0), effective_from=in_days(5))
    third = open_version(first.document, by=world.lan)
    assert (third.predecessor, third.content["fee"]) == (second, "Phí B")
    back = engine.fire(third, "edit", by=world.lan, content=factories.content(fee="Phí A"))
    found = differences([back])[back.pk]
    assert (found.base, found.change) == (second, Change.SUBSTANTIVE)
