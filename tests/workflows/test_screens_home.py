"""The home page: numbers that open their lists, at a fixed price, and the latest deeds one may know of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, many_drafts, statements, text
from workflows import desk, engine
from workflows.deeds import latest
from workflows.models import Move, User

EVERYBODY = ("lan", "minh", "hoa", "quang", "tuan", "van", "phuc", "binh", "son", "dung", "cao", "xuan", "root")


def lay_out(world: World) -> None:
    """Records in several states, one of them late."""
    for state in ("draft", "iso_check", "pending_approval", "effective"):
        factories.version(world, state)
    engine.fire(factories.version(world, "draft"), "submit", by=world.lan, now=datetime(2026, 1, 12, 3, tzinfo=UTC))
    factories.impact(world, "screening")


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_number_is_that_of_the_list_it_opens(world: World, who: str) -> None:
    lay_out(world)
    client = log_in(world.people[who])
    for card in client.get("/").context["cards"]:
        if not card.url.startswith("/inbox/"):
            continue
        queue = client.get(card.url).context["queue"]
        assert (len(queue["lines"]), queue["page_obj"].paginator.count) == (card.number, card.number), card


def test_leaders_see_late_work_by_unit_and_reach_it(world: World) -> None:
    lay_out(world)
    client = log_in(world.quang)
    (row,) = client.get("/").context["late_units"]
    assert (row["name"], row["number"]) == (world.unit("hctp").name, 1)
    queue = client.get(row["url"]).context["queue"]
    assert [line.record.state for line in queue["lines"]] == ["unit_review"]
    assert log_in(world.lan).get("/").context["late_units"] == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_home_costs_sixteen_statements_at_most(world: World, who: str) -> None:
    lay_out(world)
    client = log_in(world.people[who])
    client.get("/")
    with statements() as run:
        client.get("/")
    assert len(run) <= 16, run


def test_home_costs_the_same_at_3_and_at_300_records(world: World) -> None:
    client = log_in(world.lan)
    many_drafts(world, 3)
    client.get("/")
    with statements() as few:
        client.get("/")
    many_drafts(world, 297)
    with statements() as many:
        client.get("/")
    assert len(few) == len(many)


def test_who_holds_no_seat_is_told_so(world: World) -> None:
    assert "Hôm nay bạn chưa giữ vai trò nào" in text(world.root, "/")
    assert "Hôm nay bạn chưa giữ vai trò nào" not in text(world.lan, "/")


def test_deeds_on_drafts_are_known_to_those_who_may_read_them(world: World) -> None:
    draft, public = factories.version(world, "unit_review"), factories.version(world, "effective")
    readers = {who for who in EVERYBODY if draft.document.title in text(world.people[who], "/deeds/")}
    assert readers == {"lan", "minh", "hoa", "quang", "tuan", "van", "phuc"}
    readers = {who for who in EVERYBODY if public.document.title in text(world.people[who], "/deeds/")}
    assert readers == set(EVERYBODY) - {"dung", "xuan", "root"}


def test_the_latest_deed_comes_first_and_the_list_is_short_for_htmx(world: World) -> None:
    for _number in range(4):
        factories.version(world, "effective")
    client = log_in(world.lan)
    page, part = client.get("/deeds/"), client.get("/deeds/", headers={"HX-Request": "true"})
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert len(part.context["lines"]) == 8
    moves = [line.deed.pk for line in page.context["lines"] if line.deed]
    assert moves == sorted(moves, reverse=True)


def test_deeds_cost_the_same_at_3_and_at_300_records(world: World) -> None:
    many_drafts(world, 9)
    with statements() as few:
        latest(User.objects.get(pk=world.minh.pk), 8)
    many_drafts(world, 291)
    with statements() as many:
        assert len(latest(User.objects.get(pk=world.minh.pk), 8)) == 8
    assert len(many) <= len(few) <= 5
    assert Move.objects.count() >= 300


@pytest.mark.parametrize("query", ["", "tab=mine", "kind=version&late=1", "tab=late&unit=7&page=3"])
def test_a_look_is_its_own_address(world: World, query: str) -> None:
    assert desk.look_of(QueryDict(query)).query() == query
