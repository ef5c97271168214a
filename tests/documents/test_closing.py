"""A campaign does not close over what its event touches: what began to be touched since, and what is touched again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import closing
from documents.models import Campaign, DocumentVersion, Event, ImpactItem, RegulationRelation
from documents.services.campaigns import campaign_for
from documents.services.carriers import reviews_tick
from documents.services.clock import documents_tick
from documents.services.fanout import campaign_lacks, overlooked
from tests import factories
from tests.api.conftest import Caller
from tests.documents.test_gate import NEW, OLD, basis, change, closed, fresh, in_days, opened, signed
from tests.people import World
from tests.workflows.screens import url_of
from workflows import engine, inbox
from workflows.errors import GuardFailed, NotYourTurn
from workflows.models import Move, Pending, Unit

DEED = "Hãy dùng “Tìm tài liệu mới chịu tác động” để đưa vào đợt."


def lacking(*versions: DocumentVersion) -> list[str]:
    codes = ", ".join(one.document.code for one in versions)
    return [f"Chịu tác động mà chưa có trong đợt: {codes}. {DEED}"]


def again(*versions: DocumentVersion) -> list[str]:
    codes = ", ".join(one.document.code for one in versions)
    return [f"Mục đã xử lý xong nhưng có bản khác vẫn chịu tác động: {codes}. {DEED}"]


def citing(world: World, unit: str = "hctp", *numbers: str) -> DocumentVersion:
    return factories.in_force(world, unit, legal_basis=basis(*(numbers or (OLD,))))


def settled(world: World, campaign: Campaign) -> None:
    """Every open item declared unaffected."""
    for item in campaign.items.filter(state="detected"):
        engine.fire(engine.fire(item, "screen", by=world.phuc, note="Không đổi"), "no_impact", by=world.quang)


def widened(world: World, campaign: Campaign) -> Campaign:
    return campaign_for(event=campaign.event, agency=campaign.agency, by=world.phuc)


# What began to be touched.


def test_what_began_to_cite_the_act_holds_the_campaign_open_until_it_is_in_an_item(world: World) -> None:
    citing(world)
    campaign = opened(world, change("replaces", 20))
    settled(world, campaign)
    late = citing(world, "bttp")
    coming = factories.version(world, "approved", legal_basis=basis(OLD))
    assert closed(world, campaign) == lacking(late)
    engine.fire(coming, "issue", by=world.van, decision_on=in_days(0), effective_from=in_days(5))
    campaign = widened(world, campaign)
    assert {item.document_id for item in campaign.items.all()} >= {late.document_id, coming.document_id}
    assert closed(world, campaign) == ["Còn 2 mục chưa xử lý xong."]
    settled(world, campaign)
    assert closed(world, campaign) == []
    assert fresh_campaign(campaign).state == "closed"


def fresh_campaign(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def test_what_is_issued_for_a_day_to_come_alone_is_asked_for_too(world: World) -> None:
    campaign = opened(world, change("replaces", 20))
    coming = factories.version(world, "approved", legal_basis=basis(OLD))
    assert overlooked(campaign, timezone.now()) == []  # nobody has signed it into force
    engine.fire(coming, "issue", by=world.van, decision_on=in_days(0), effective_from=in_days(5))
    assert closed(world, campaign) == lacking(coming)


def test_what_the_event_does_not_touch_holds_nothing(world: World) -> None:
    """Of another agency, citing something else, under way, withdrawn, or held by another campaign of the event."""
    act = change("replaces", 20)
    campaign = opened(world, act)
    citing(world, "nx1")
    citing(world, "xa")
    citing(world, "hctp", factories.LAW)
    factories.version(world, "unit_review", legal_basis=basis(OLD))
    gone = citing(world)
    engine.fire(gone, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    assert closed(world, campaign) == []


def test_a_campaign_from_above_asks_for_what_is_below_unless_another_holds_it(world: World) -> None:
    act = change("replaces", 20)
    campaign = campaign_for(event=Event.objects.of_act(act), agency=world.unit("stp"), by=world.phuc, below=True)
    below = citing(world, "xa")
    assert closed(world, campaign) == lacking(below)
    own = Campaign(agency=world.unit("xa"), unit=world.unit("xa"), event=campaign.event)
    own = engine.start(own, "launch", by=None)
    item = ImpactItem(campaign=own, document=below.document, version=below, agency=below.agency, unit=below.unit)
    engine.start(item, "detect", by=None)
    assert closed(world, campaign) == []


def test_all_that_is_missing_is_said_at_once_and_only_the_first_are_named(world: World) -> None:
    citing(world)
    campaign = opened(world, change("replaces", 20))
    late = [citing(world) for _number in range(6)]
    said = closed(world, campaign)
    assert said[0] == "Còn 1 mục chưa xử lý xong."
    assert said[1:] == [sentence.replace(". Hãy", ", …. Hãy") for sentence in lacking(*late[:5])]
    assert late[5].document.code not in said[1]


def test_page_and_api_say_the_same(world: World, client: Client) -> None:
    campaign = opened(world, change("replaces", 20))
    late = citing(world)
    client.force_login(world.phuc)
    page = client.post(url_of("act", campaign, "close"), {"expected": campaign.row_version}, follow=True)
    assert lacking(late)[0] in page.content.decode()
    caller = Caller(client)
    told = caller.do(campaign, "close")
    assert (told.status_code, [one["detail"] for one in told.json()["problems"]]) == (422, lacking(late))
    assert fresh_campaign(campaign).state == "open"


def test_as_many_queries_for_one_item_as_for_twelve(world: World) -> None:
    campaign, spent = opened(world, change("replaces", 20)), []
    for number in (1, 12):
        for _row in range(number):
            citing(world)
        with CaptureQueriesContext(connection) as missing:
            assert len(overlooked(campaign, timezone.now())) == 1
        widened(world, campaign)
        settled(world, campaign)
        with CaptureQueriesContext(connection) as whole:
            assert overlooked(campaign, timezone.now()) == []
        spent.append((len(missing), len(whole)))
    assert spent[0] == spent[1]
    assert max(spent[0]) <= 10


def test_the_check_is_announced_and_a_second_one_is_asked_as_well(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert closing.names() == ("overlooked",)
    monkeypatch.setitem(closing._checks, "other", lambda campaign, now: [f"{campaign.agency.code} {now:%Y}"])
    campaign = opened(world, change("replaces", 20))
    assert closed(world, campaign) == [f"STP {timezone.now():%Y}"]


def test_the_clock_closes_what_an_agency_left_behind_and_not_over_what_it_touches(world: World) -> None:
    campaign = opened(world, change("replaces", 20))
    late = citing(world)
    Unit.objects.filter(pk=campaign.agency_id).update(valid_to=in_days(0))
    with pytest.raises(GuardFailed):
        engine.fire(campaign, "close", by=None)
    assert reviews_tick(timezone.now()) == ({"campaign.widen": 1}, [])
    assert [item.document for item in campaign.items.all()] == [late.document]
    assert reviews_tick(timezone.now()) == ({}, [])
    assert fresh_campaign(campaign).state == "open"
    engine.fire(late, "lapse", by=None, note="Cơ quan kết thúc")
    assert documents_tick(timezone.now())[0] == {"impact.drop": 1}
    assert reviews_tick(timezone.now()) == ({"campaign.close": 1}, [])


# What is touched again.


def dropped(world: World) -> tuple[Campaign, ImpactItem]:
    """A campaign whose one document was withdrawn, which is the end of its item; closed."""
    old = citing(world)
    campaign = opened(world, change("replaces", 20))
    engine.fire(old, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    assert documents_tick(timezone.now())[0] == {"impact.drop": 1}
    assert closed(world, campaign) == []
    item = campaign.items.get()
    assert item.state == "resolved"
    return campaign, item


@pytest.mark.parametrize("days", [0, 5])
def test_issued_anew_with_the_act_that_ends_it_is_reviewed_anew(world: World, days: int) -> None:
    campaign, item = dropped(world)
    draft = factories.version(world, owner=item.document, legal_basis=basis(OLD))
    assert fresh(item).state == "resolved"
    version = signed(world, draft, days=days, legal_basis=basis(factories.LAW, OLD))
    woken = fresh(item)
    assert (woken.state, woken.version, woken.revision) == ("detected", version, None)
    assert [(hop["kind"], hop["row"]) for hop in woken.path] == [("replaces", None), ("cites", 2)]
    move = Move.objects.of(item.pk).latest("seq")
    assert (move.action, move.source, move.actor, move.role) == ("wake", "resolved", None, "clock")
    assert Pending.objects.filter(move=move).exists()
    assert [one.record for one in inbox.for_user(world.phuc, machine="impact")] == [woken]
    for name in ("lan", "minh", "quang", "tuan", "dung", "xuan", "root"):
        assert inbox.for_user(world.people[name], machine="impact") == [], name
    assert documents_tick(timezone.now())[0]["campaign.reopen"] == 1
    assert closed(world, campaign) == ["Còn 1 mục chưa xử lý xong."]


def test_issued_anew_without_it_or_for_an_act_that_only_changes_it_stays_done(world: World) -> None:
    campaign, item = dropped(world)
    signed(world, factories.version(world, owner=item.document), legal_basis=basis(NEW))
    assert documents_tick(timezone.now())[0] == {"version.effect": 1}
    assert (fresh(item).state, fresh_campaign(campaign).state) == ("resolved", "closed")
    assert not campaign_lacks(campaign)
    other = citing(world, "hctp", factories.LAW)
    act = factories.regulation("5/2026/NĐ-CP", effective_on=in_days(30))
    RegulationRelation.objects.create(source=act, kind="amends", target=factories.regulation())
    amended = opened(world, act)
    engine.fire(other, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    documents_tick(timezone.now())
    signed(world, factories.version(world, owner=other.document), legal_basis=basis(factories.LAW))
    assert amended.items.get(document=other.document).state == "resolved"


def test_what_was_written_before_the_review_answers_nothing(world: World) -> None:
    act, old = change("amends", 20), citing(world)
    waiting = factories.version(world, "approved", owner=old.document, legal_basis=basis(OLD))
    campaign = opened(world, act)
    engine.fire(old, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    documents_tick(timezone.now())
    item = campaign.items.get()
    assert item.state == "resolved"
    engine.fire(waiting, "issue", by=world.van, **factories.answers("issue"))
    assert (fresh(item).state, fresh(item).version) == ("detected", waiting)


def test_a_verdict_stays_with_its_version_and_a_revision_that_answered_with_its_line(world: World) -> None:
    judged, revised = citing(world), citing(world)
    campaign = opened(world, change("replaces", 20))
    verdict = campaign.items.get(document=judged.document)
    engine.fire(engine.fire(verdict, "screen", by=world.phuc, note="Không đổi"), "no_impact", by=world.quang)
    item = engine.fire(campaign.items.get(document=revised.document), "confirm", by=world.phuc)
    item = engine.fire(item, "open_revision", by=world.lan)
    assert item.revision is not None
    answer = signed(world, item.revision, legal_basis=basis(NEW))
    documents_tick(timezone.now())
    for one, number in ((judged, OLD), (answer, NEW)):
        signed(world, factories.version(world, owner=one.document), days=1, legal_basis=basis(number))
    later = timezone.now() + timedelta(days=2)
    assert documents_tick(later)[0] == {"version.effect": 2}
    assert (fresh(verdict).state, fresh(item).state) == ("no_impact", "resolved")
    back = signed(world, factories.version(world, owner=revised.document), days=5, legal_basis=basis(OLD))
    assert (fresh(verdict).state, fresh(item).state, fresh(item).version) == ("no_impact", "detected", back)


def test_what_the_register_learns_later_keeps_the_gate_shut_until_the_campaign_is_widened(world: World) -> None:
    item = factories.impact(world, "resolved")
    version = factories.learned(world, item)
    assert closed(world, item.campaign) == again(version)
    campaign = widened(world, item.campaign)
    assert (fresh(item).state, fresh(item).version) == ("detected", version)
    assert [one.action for one in Move.objects.of(campaign.pk).order_by("seq")] == ["launch", "widen", "fill"]
    assert not campaign_lacks(campaign)
    assert campaign_for(event=campaign.event, agency=campaign.agency, by=world.phuc).row_version == campaign.row_version


def test_what_comes_back_and_is_withdrawn_again_is_done_again(world: World) -> None:
    campaign, item = dropped(world)
    version = signed(world, factories.version(world, owner=item.document), legal_basis=basis(OLD))
    documents_tick(timezone.now())
    version = DocumentVersion.objects.get(pk=version.pk)
    engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    assert documents_tick(timezone.now())[0]["impact.drop"] == 1
    assert fresh(item).state == "resolved"
    assert closed(world, campaign) == []


def test_nobody_wakes_an_item_and_the_clock_only_with_reason(world: World) -> None:
    item = factories.impact(world, "resolved")
    version = factories.version(world, "effective", owner=item.document)
    found: Any = {"found": {"version": str(version.pk), "path": [], "strength": "dies"}}
    with pytest.raises(GuardFailed):
        engine.fire(item, "wake", by=None, **found)
    foreign: Any = {"found": {**found["found"], "version": str(citing(world).pk)}}
    with pytest.raises(GuardFailed):
        engine.fire(item, "wake", by=None, **foreign)
    for person in (world.phuc, world.hoa, world.quang, world.tuan):
        with pytest.raises(NotYourTurn):
            engine.fire(item, "wake", by=person, **found)
    assert fresh(item).state == "resolved"


def test_a_version_of_a_document_without_items_costs_one_query_more(world: World) -> None:
    """Of items that answered, two: the second leaves out what the version cannot fail."""
    spent = []
    for item in (None, factories.impact(world, "resolved")):
        owner = item.document if item else None
        version = factories.version(world, "approved", owner=owner)
        with CaptureQueriesContext(connection) as asked:
            engine.fire(version, "issue", by=world.van, **factories.answers("issue"))
        spent.append(len([one for one in asked if "documents_impactitem" in one["sql"]]))
    assert spent == [1, 2]
