"""Items of a campaign written a part at a time: none lost, none twice, whatever ends the writing and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from documents.models import Campaign, DocumentVersion, Event, ImpactItem, Regulation
from documents.models.impact import FIRST
from documents.services import fanout
from documents.services.campaigns import campaign_for
from documents.services.fanout import KEYS, _Stride, campaign_fill, fill_tick
from notifications.deliver import deliver
from notifications.models import Notice
from tests import factories, people
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed, NotYourTurn
from workflows.models import Move, Pending
from workflows.roles import Role

DECREE = "18/2026/NĐ-CP"
BASIS = [{"key": "b1", "number": DECREE, "issuer": "", "note": ""}]


@pytest.fixture
def act(world: World) -> Regulation:
    del world
    return factories.regulation(DECREE, effective_on=date(2027, 1, 1))


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of about two items, and about two items while a person waits."""
    monkeypatch.setattr(fanout, "CHUNK", 2)
    monkeypatch.setattr("documents.services.campaigns.AT_ONCE", 2)
    monkeypatch.setattr(_Stride, "over", classmethod(lambda cls, _scope: cls(KEYS // 16)))
    monkeypatch.setattr(_Stride, "learn", lambda _self, _touched: None)


def citing(world: World, *units: str) -> list[DocumentVersion]:
    return [factories.in_force(world, unit, legal_basis=BASIS) for unit in units]


def opened(world: World, act: Regulation, unit: str = "stp", *, below: bool = False) -> Campaign:
    return campaign_for(event=Event.objects.of_act(act), agency=world.unit(unit), by=world.phuc, below=below)


def held(campaign: Campaign) -> list[UUID]:
    """Documents of the items, each as often as it has one."""
    return sorted(campaign.items.values_list("document", flat=True))


def documents(versions: list[DocumentVersion]) -> list[UUID]:
    return sorted(one.document_id for one in versions)


def test_a_small_campaign_is_whole_at_once(world: World, act: Regulation) -> None:
    versions = citing(world, "hctp", "bttp", "hctp")
    citing(world, "nx1")
    campaign = opened(world, act)
    assert held(campaign) == documents(versions)
    assert [campaign.filled_to, campaign.percent] == [None, None]
    deeds = Move.objects.of(campaign.pk).values_list("action", "role")
    assert list(deeds) == [("launch", "legal_watch"), ("fill", "clock")]
    assert fill_tick(timezone.now()) == ({}, [])


def test_what_does_not_fit_a_request_the_clock_finishes(world: World, act: Regulation, narrow: None) -> None:
    versions = citing(world, *["hctp"] * 9)
    campaign = opened(world, act)
    written = campaign.items.count()
    assert 2 <= written < 9
    assert campaign.percent is not None
    assert campaign.filled_to is not None
    first_left = min(one.pk for one in versions if not campaign.items.filter(version=one).exists())
    assert campaign.filled_to <= first_left
    with pytest.raises(GuardFailed) as refused:
        engine.fire(campaign, "close", by=world.phuc)
    assert list(refused.value.problems) == ["Danh sách tài liệu của đợt chưa ghi xong."]
    assert not Pending.objects.filter(move__stream=campaign.pk).exists()  # nobody is told of half a campaign
    assert fill_tick(timezone.now() + timedelta(days=30)) == ({"campaign.items": 9 - written}, [])
    campaign = Campaign.objects.get(pk=campaign.pk)
    assert held(campaign) == documents(versions)
    assert campaign.percent is None
    assert Pending.objects.filter(move__stream=campaign.pk, move__action="fill").count() == 1
    roles = {one.actor_id for one in Move.objects.filter(machine="impact")}
    assert roles == {world.phuc.pk, None}  # what the clock wrote is the clock's deed
    assert fill_tick(timezone.now()) == ({}, [])


@pytest.mark.parametrize("dies_at", range(1, 6))
def test_killed_between_or_within_parts_nothing_is_lost_or_doubled(
    world: World, act: Regulation, narrow: None, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    """The process ends inside a part, after its items and before they are committed; then another one goes on."""
    versions = citing(world, *["hctp"] * 7, "bttp")
    advance, calls = fanout._advance, 0

    def dying(*given: Any) -> Campaign:
        nonlocal calls
        calls += 1
        if calls == dies_at:
            raise KeyboardInterrupt
        return advance(*given)

    monkeypatch.setattr(fanout, "_advance", dying)
    monkeypatch.setattr("documents.services.campaigns.AT_ONCE", 100)
    with pytest.raises(KeyboardInterrupt):
        opened(world, act)
    campaign = Campaign.objects.get()
    before = held(campaign)
    assert len(before) == len(set(before)) < 8
    assert campaign.filled_to is not None
    fill_tick(timezone.now())
    assert held(campaign) == documents(versions)
    assert Move.objects.filter(machine="impact").count() == 8
    assert Move.objects.filter(stream=campaign.pk, action="fill").count() == 1


def test_written_again_from_the_start_it_adds_only_what_is_new(world: World, act: Regulation, narrow: None) -> None:
    versions = citing(world, "hctp", "hctp")
    campaign = opened(world, act)
    fill_tick(timezone.now())
    again = opened(world, act)
    assert (again.row_version, held(again)) == (2, documents(versions))
    versions += citing(world, "bttp")
    assert opened(world, act).filled_to is not None or campaign.items.count() == 3
    fill_tick(timezone.now())
    assert held(campaign) == documents(versions)
    assert list(Move.objects.of(campaign.pk).values_list("action", flat=True)) == ["launch", "fill", "widen", "fill"]


def test_the_command_writes_what_is_left_and_shows_how_far(
    world: World, act: Regulation, narrow: None, capsys: pytest.CaptureFixture[str]
) -> None:
    versions = citing(world, *["hctp"] * 9)
    campaign = opened(world, act)
    left = 9 - campaign.items.count()
    call_command("fill_campaigns")
    said = capsys.readouterr().out
    assert f"Rà soát theo {DECREE}: {left} items written" in said
    assert "100%" in said
    assert held(campaign) == documents(versions)
    call_command("fill_campaigns")
    assert "written" not in capsys.readouterr().out


def test_the_page_shows_how_far_the_writing_is(world: World, act: Regulation, narrow: None, client: Client) -> None:
    citing(world, *["hctp"] * 9)
    campaign = opened(world, act)
    client.force_login(world.phuc)
    page = client.get(campaign.get_absolute_url()).content.decode()
    assert f'<progress max="100" value="{campaign.percent}"' in page
    assert f"đã rà {campaign.percent}%" in page
    fill_tick(timezone.now())
    assert '<progress max="100"' not in client.get(campaign.get_absolute_url()).content.decode()


def test_a_closed_campaign_and_one_in_other_hands_are_left_alone(world: World, act: Regulation) -> None:
    place = world.unit("stp")
    campaign = engine.start(Campaign(agency=place, unit=place, regulation=act), "launch", by=world.phuc)
    engine.fire(campaign, "close", by=world.phuc)
    citing(world, "hctp")
    assert (campaign_fill(campaign), fill_tick(timezone.now())) == (0, ({}, []))
    assert campaign.items.count() == 0


def test_who_may_not_write_is_told_and_the_clock_goes_on(world: World, act: Regulation) -> None:
    citing(world, "hctp")
    place = world.unit("stp")
    fresh = Campaign(agency=place, unit=place, regulation=act, filled_to=FIRST)
    campaign = engine.start(fresh, "launch", by=world.phuc)
    with pytest.raises(NotYourTurn):
        campaign_fill(campaign, by=world.lan)
    assert (campaign.items.count(), Campaign.objects.get().filled_to) == (0, FIRST)
    assert fill_tick(timezone.now()) == ({"campaign.items": 1}, [])


def test_the_tree_of_a_superior_in_parts_and_who_is_told_once(world: World, act: Regulation, narrow: None) -> None:
    """Items by unit in all agencies below; one notice to each person on whom any of them waits, none to others."""
    watch = people.person("theodoi")
    people.seat(watch, Role.LEGAL_WATCH, world.unit("xa"))
    idle = people.person("ngoai")
    people.seat(idle, Role.LEGAL_WATCH, world.unit("tinh"))
    versions = citing(world, "hctp", "bttp", "xa", "xa", "xa")
    foreign = citing(world, "nx1")
    opened(world, act, below=True)
    fill_tick(timezone.now())
    campaign = Campaign.objects.get()
    assert held(campaign) == documents(versions)
    assert foreign[0].document_id not in held(campaign)
    assert {(one.agency.code, one.created_by_id) for one in campaign.items.filter(agency=world.unit("xa"))} == {
        ("XA1", None)
    }
    deliver()
    told = Notice.objects.filter(move__stream=campaign.pk)
    assert sorted(one.user.username for one in told.select_related("user")) == sorted(
        ["theodoi", "phuc", "hoa", "quang", "minh", "hung"]
    )
    assert not Notice.objects.filter(move__machine="impact").exists()


def test_a_campaign_from_above_is_seen_by_those_below_whose_documents_it_holds(world: World, act: Regulation) -> None:
    citing(world, "xa")
    campaign = opened(world, act, below=True)
    other = campaign_for(
        event=Event.objects.of_act(factories.regulation("9/2026/NĐ-CP")),
        agency=world.unit("stp"),
        by=world.phuc,
        below=True,
    )
    for person, seen in ((world.xuan, [campaign]), (world.phuc, [campaign, other]), (world.dung, []), (world.root, [])):
        assert set(Campaign.objects.visible_to(person)) == set(seen), person
    assert not ImpactItem.objects.visible_to(world.xuan).exclude(agency=world.unit("xa")).exists()


def test_the_statements_of_a_part_do_not_grow_with_its_items(world: World, act: Regulation) -> None:
    spent = []
    for number in (1, 12):
        citing(world, *["hctp"] * number)
        campaign = opened(world, act)
        models = Campaign.objects.filter(pk=campaign.pk)
        citing(world, *["hctp"] * number)
        engine.fire(campaign, "widen", by=world.phuc)
        with CaptureQueriesContext(connection) as asked:
            campaign_fill(models.get())
        spent.append(len([q for q in asked if q["sql"].startswith("SELECT")]))
    assert spent[0] == spent[1]


@given(
    first=st.integers(0, KEYS - 1), width=st.integers(1, KEYS), touched=st.lists(st.integers(0, 100_000), max_size=8)
)
def test_parts_cover_all_ids_once(first: int, width: int, touched: list[int]) -> None:
    stride, at = _Stride(width), first
    for number in touched:
        low, high = stride.span(UUID(int=at))
        assert low.int == at <= high.int < KEYS
        before = stride.width
        stride.learn(number)
        assert max(before // 4, 1) <= stride.width <= min(4 * before, KEYS)
        if high.int + 1 == KEYS:
            return
        at = high.int + 1
