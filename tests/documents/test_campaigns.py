"""From an act to its items: what is touched and what is not, no doubles, and how an item ends."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import Campaign, DocumentVersion, ImpactItem, Regulation
from documents.services.campaigns import campaign_open, impacts_decide
from documents.services.clock import documents_tick
from documents.services.touching import regulation_touches
from tests import factories, people
from tests.people import World
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn, SameHand
from workflows.models import Move
from workflows.roles import Role

DECREE = "18/2026/NĐ-CP"


def basis(*numbers: str) -> list[dict[str, str]]:
    return [{"key": f"b{at}", "number": number, "issuer": "", "note": ""} for at, number in enumerate(numbers, 1)]


def hop(version: DocumentVersion, row: int = 2) -> dict[str, Any]:
    """The one hop of a document that cites the decree itself."""
    return {"kind": "cites", "from": DECREE, "to": version.document.code, "row": row, "since": None}


@pytest.fixture
def act(world: World) -> Regulation:
    del world
    return factories.regulation(DECREE, effective_on=date(2027, 1, 1))


def citing(world: World, unit: str = "hctp", **changes: Any) -> DocumentVersion:
    return factories.in_force(world, unit, **{"legal_basis": basis(DECREE), **changes})


def touched(act: Regulation, **how: Any) -> list[DocumentVersion]:
    return [one.version for one in regulation_touches(act, **{"on": timezone.localdate(), **how})]


def opened(world: World, act: Regulation) -> Campaign:
    return campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc)


def test_only_versions_in_force_that_cite_the_act(world: World, act: Regulation) -> None:
    cited = citing(world)
    citing(world, legal_basis=basis(factories.LAW))
    draft = factories.version(world, legal_basis=basis(DECREE))
    gone = citing(world)
    engine.fire(gone, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    replaced = citing(world)
    factories.version(world, "effective", owner=replaced.document, legal_basis=basis(factories.LAW))
    assert touched(act) == [cited]
    assert set(touched(act, on=timezone.localdate() - timedelta(days=1))) == {cited, gone, replaced}
    assert touched(act, on=date(2026, 1, 4)) == []
    assert draft.state == "draft"


def test_the_wall_between_agencies_and_the_filter(world: World, act: Regulation) -> None:
    ours, foreign, below = citing(world), citing(world, "nx1"), citing(world, "xa")
    assert set(touched(act)) == {ours, foreign, below}
    assert set(touched(act, user=world.phuc)) == {ours, below}
    assert touched(act, user=world.dung) == [foreign]
    assert touched(act, user=world.xuan) == [below]
    assert touched(act, user=world.root) == []
    assert touched(act, agency=world.unit("stp")) == [ours]
    assert touched(act, agency=world.unit("stp"), user=world.dung) == []


def test_an_act_cited_twice_counts_once_by_its_first_row(world: World, act: Regulation) -> None:
    cited = citing(world, legal_basis=basis(factories.LAW, DECREE, "18/2026/nđ-cp"))
    found = regulation_touches(act, on=timezone.localdate())
    assert [one.version for one in found] == [cited]
    assert found[0].path == [hop(cited)]


def test_they_come_by_unit_and_code(world: World, act: Regulation) -> None:
    made = [
        factories.document(world, unit, code=code)
        for unit, code in (("hctp", "QT.B"), ("bttp", "QT.Z"), ("hctp", "QT.A"))
    ]
    for owner in made:
        fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
        engine.start(fresh, "adopt", by=None, content=factories.content(legal_basis=basis(DECREE)))
    codes = [(one.unit.code, one.document.code) for one in touched(act)]
    assert codes == sorted(codes, key=lambda pair: (("HCTP", "BTTP").index(pair[0]), pair[1]))


def test_items_hold_path_place_and_version(world: World, act: Regulation) -> None:
    cited = citing(world, "bttp", legal_basis=basis(factories.LAW, DECREE))
    campaign = opened(world, act)
    item = campaign.items.get()
    assert (item.document, item.version, item.unit, item.agency) == (
        cited.document,
        cited,
        world.unit("bttp"),
        world.unit("stp"),
    )
    assert item.path == [hop(cited)]
    evidence = json.loads(Move.objects.get(stream=item.pk).body)["evidence"]
    assert (evidence["path"], evidence["version"], evidence["revision"]) == (item.path, str(cited.pk), None)
    assert (campaign.opened_on, campaign.unit, campaign.state) == (timezone.localdate(), world.unit("stp"), "open")


def test_a_second_run_adds_nothing_and_what_is_new_opens_a_closed_campaign(world: World, act: Regulation) -> None:
    citing(world)
    campaign = opened(world, act)
    moves = Move.objects.count()
    assert opened(world, act) == campaign
    assert (campaign.items.count(), Move.objects.count()) == (1, moves)
    item = engine.fire(campaign.items.get(), "screen", by=world.phuc, note="Không đổi")
    engine.fire(item, "no_impact", by=world.quang)
    engine.fire(campaign, "close", by=world.phuc)
    assert opened(world, act).state == "closed"
    late = citing(world)
    assert opened(world, act).state == "open"
    assert ImpactItem.objects.get(document=late.document).campaign == campaign


def test_a_document_revised_since_has_no_second_item(world: World, act: Regulation) -> None:
    cited = citing(world)
    campaign = opened(world, act)
    factories.version(world, "effective", owner=cited.document, legal_basis=basis(DECREE))
    assert opened(world, act).items.get().version == cited
    assert campaign.row_version == 2  # launched and filled


def test_two_agencies_review_apart(world: World, act: Regulation) -> None:
    ours, foreign = citing(world), citing(world, "nx1")
    first = opened(world, act)
    second = campaign_open(regulation=act, agency=world.unit("nx"), by=world.dung)
    assert [item.document for item in first.items.all()] == [ours.document]
    assert [item.document for item in second.items.all()] == [foreign.document]
    with pytest.raises(NotYourTurn):
        campaign_open(regulation=factories.regulation("9/2026/NĐ-CP"), agency=world.unit("stp"), by=world.dung)
    assert Campaign.objects.count() == 2


def test_no_impact_is_proposed_by_one_and_accepted_by_the_qmr(world: World) -> None:
    item = factories.impact(world, "screening")
    assert item.reason == "Nội dung không đổi"
    for name in ("phuc", "hoa", "lan", "minh", "tuan"):
        with pytest.raises(NotYourTurn):
            engine.fire(item, "no_impact", by=world.people[name])
    assert engine.fire(item, "no_impact", by=world.quang).state == "no_impact"


@pytest.mark.parametrize("state", ["detected", "screening", "deferred", "impact_confirmed", "revision_open"])
def test_an_open_item_holds_its_campaign_open(world: World, state: str) -> None:
    item = factories.impact(world, state)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(item.campaign, "close", by=world.phuc)
    assert list(refused.value.problems) == ["Còn 1 mục chưa xử lý xong."]
    assert Campaign.objects.get().state == "open"


def test_another_campaigns_items_hold_nothing(world: World, act: Regulation) -> None:
    factories.impact(world, "no_impact")
    other = factories.regulation("9/2026/NĐ-CP")
    citing(world, legal_basis=basis(other.number))
    assert campaign_open(regulation=other, agency=world.unit("stp"), by=world.phuc).items.count() == 1
    assert engine.fire(Campaign.objects.get(regulation=act), "close", by=world.phuc).state == "closed"


def test_a_revision_under_way_is_joined_and_not_doubled(world: World) -> None:
    first, second = factories.impact(world, "impact_confirmed"), factories.impact(world, "impact_confirmed")
    waiting = factories.version(world, "iso_check", owner=first.document)
    joined = engine.fire(first, "open_revision", by=world.lan)
    fresh = engine.fire(second, "open_revision", by=world.lan)
    assert joined.revision == waiting
    assert first.document.versions.count() == 2
    assert fresh.revision is not None
    assert (fresh.revision.document, fresh.revision.state) == (second.document, "draft")
    evidence = json.loads(Move.objects.get(stream=joined.pk, seq=joined.row_version).body)["evidence"]
    assert evidence["revision"] == str(waiting.pk)


@pytest.mark.parametrize("state", ["draft", "unit_review", "approved", "issued"])
def test_an_item_is_not_resolved_before_its_revision_is_in_force(world: World, state: str) -> None:
    item = factories.impact(world, "impact_confirmed")
    begins = timezone.localdate() + timedelta(days=3)
    revision = factories.version(world, "approved" if state == "issued" else state, owner=item.document)
    item = linked(item, world, revision)
    if state == "issued":
        engine.fire(revision, "issue", by=world.van, decision_on=timezone.localdate(), effective_from=begins)
    assert documents_tick(timezone.now()) == ({}, [])
    for action in ("resolve", "confirm"):
        with pytest.raises(GuardFailed):
            engine.fire(item, action, by=None)
    assert ImpactItem.objects.get(pk=item.pk).state == "revision_open"


def linked(item: ImpactItem, world: World, revision: DocumentVersion) -> ImpactItem:
    """The item joined to a revision under way."""
    done = engine.fire(item, "open_revision", by=world.lan)
    assert done.revision == revision
    return done


def test_a_revision_that_was_itself_replaced_resolves_its_item_as_well(world: World) -> None:
    item = factories.impact(world, "impact_confirmed")
    revision = factories.version(world, "approved", owner=item.document)
    item = linked(item, world, revision)
    today = timezone.localdate()
    engine.fire(revision, "issue", by=world.van, decision_on=today, effective_from=today)
    later = factories.version(world, "approved", owner=item.document)
    engine.fire(later, "issue", by=world.van, decision_on=today, effective_from=today + timedelta(days=1))
    done, complaints = documents_tick(timezone.now() + timedelta(days=2))
    assert (dict(done), complaints) == ({"version.effect": 2, "impact.resolve": 1}, [])
    assert DocumentVersion.objects.get(pk=revision.pk).state == "superseded"
    assert ImpactItem.objects.get(pk=item.pk).state == "resolved"


def test_many_are_decided_each_on_the_version_that_was_seen(world: World) -> None:
    fresh, stale, foreign = (factories.impact(world, unit=unit) for unit in ("hctp", "hctp", "bttp"))
    engine.fire(ImpactItem.objects.get(pk=stale.pk), "screen", by=world.hoa, note="Không đổi")
    done, refused = impacts_decide(items=[fresh, stale], action="confirm", by=world.phuc, note="Phải sửa")
    assert [item.pk for item in done] == [fresh.pk]
    assert [(item.pk, "thay đổi sau khi bạn mở" in error.said) for item, error in refused] == [(stale.pk, True)]
    assert ImpactItem.objects.get(pk=stale.pk).state == "screening"
    assert ImpactItem.objects.get(pk=foreign.pk).state == "detected"
    assert Move.objects.get(stream=fresh.pk, seq=2).note == "Phải sửa"


@pytest.mark.parametrize("action", ["waive", "resume", "resolve", "detect", "close", ""])
def test_what_has_no_place_in_bulk(world: World, action: str) -> None:
    item = factories.impact(world)
    with pytest.raises(BadAnswer):
        impacts_decide(items=[item], action=action, by=world.phuc, note="x")
    assert ImpactItem.objects.get(pk=item.pk).row_version == 1


def test_who_proposed_does_not_accept(world: World) -> None:
    item = factories.impact(world, "screening")
    people.seat(world.phuc, Role.QMR, world.unit("stp"))
    with pytest.raises(SameHand):
        engine.fire(item, "no_impact", by=world.phuc)
