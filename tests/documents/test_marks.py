"""Dead law is marked, in words, wherever a live procedure is named; and its owners find it above their inbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from documents.models import DocumentVersion, ImpactItem
from documents.services.campaigns import campaign_open
from tests import factories
from tests.documents.test_alarm import act_on, announce, basis
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.marks import marks

TODAY = timezone.localdate()
SINCE = TODAY - timedelta(days=40)
DEAD = "viện dẫn văn bản hết hiệu lực: 1/2020/NĐ-CP (từ "
OWNED = "/owned/"


def citing(world: World, *numbers: str, unit: str = "hctp") -> DocumentVersion:
    for number in numbers:
        factories.regulation(number)
    return factories.in_force(world, unit, SINCE, legal_basis=basis(*numbers))


@pytest.fixture
def stale(world: World) -> DocumentVersion:
    """A procedure that cites what is dead since ten days ago, and an act that lives; it is under revision."""
    found = citing(world, "1/2020/NĐ-CP", "2/2020/NĐ-CP")
    act_on("1/2020/NĐ-CP")
    return found


def words(world: World, who: str, url: str) -> str:
    return " ".join(text(world.people[who], url).split())


def test_every_page_that_lists_the_procedure_says_so(world: World, stale: DocumentVersion) -> None:
    sound = citing(world, "2/2020/NĐ-CP", unit="bttp")
    living, heir = factories.regulation("2/2020/NĐ-CP"), factories.regulation("7/2026/NĐ-CP")
    campaign = campaign_open(regulation=living, agency=world.unit("stp"), by=world.phuc)
    # The sound one goes on: a line of the inbox that stands for several documents names none of them.
    engine.fire(campaign.items.get(version=sound), "confirm", by=world.phuc)
    pages = {
        "library": ("son", "/documents/", 1),
        "search": ("son", f"/search/?q={stale.document.code}", 1),
        "regulation": ("son", living.get_absolute_url(), 1),
        "regulation that killed": ("son", heir.get_absolute_url(), 1),
        "map": ("son", f"{living.get_absolute_url()}map/", 1),
        "campaign": ("phuc", campaign.get_absolute_url(), 1),
        "inbox": ("phuc", "/inbox/", 1),
        "home": ("phuc", "/", 1),
        "simulation": ("phuc", "/regulations/simulation/?what=act&number=2/2020/NĐ-CP&event=expired", 1),
        "owned": ("lan", OWNED, 1),
    }
    told = {name: words(world, who, url).count(DEAD) for name, (who, url, _times) in pages.items()}
    assert told == {name: times for name, (_who, _url, times) in pages.items()}
    document = words(world, "son", stale.document.get_absolute_url())
    assert "Bản này viện dẫn văn bản đã hết hiệu lực" in document
    assert "Bản này viện dẫn văn bản đã hết hiệu lực" not in words(world, "son", sound.document.get_absolute_url())


def test_pages_of_another_day_tell_of_that_day(world: World, stale: DocumentVersion) -> None:
    before = TODAY - timedelta(days=11)
    living = factories.regulation("2/2020/NĐ-CP").get_absolute_url()
    for url in (living, f"{living}map/", stale.document.get_absolute_url(), "/documents/"):
        assert "1/2020/NĐ-CP (từ" not in words(world, "son", f"{url}?on={before:%d/%m/%Y}"), url
        assert "Bản này viện dẫn văn bản đã" not in words(world, "son", f"{url}?on={before:%d/%m/%Y}"), url


def test_records_are_marked_by_the_version_in_force_of_their_document(world: World, stale: DocumentVersion) -> None:
    sound = citing(world, "2/2020/NĐ-CP")
    living = factories.regulation("2/2020/NĐ-CP")
    campaign_open(regulation=living, agency=world.unit("stp"), by=world.phuc)
    ours, other = (ImpactItem.objects.get(document=one.document) for one in (stale, sound))
    draft = factories.version(world, owner=stale.document, legal_basis=basis("2/2020/NĐ-CP"))
    rows = [ours, other, draft, stale, sound, living]
    with statements() as run:
        found = marks(rows)
    assert len(run) == 2, "what of that which is in force is dead, and how it is called"
    assert {pk: [one.text for one in own] for pk, own in found.items()} == {
        one.pk: [f"{DEAD}{TODAY - timedelta(days=10):%d/%m/%Y})"] for one in (ours, draft, stale)
    }
    assert marks([]) == {}


def section(world: World, who: str) -> tuple[str, list[Any]]:
    """The section as htmx gets it, and its lines."""
    answer = log_in(world.people[who]).get(OWNED, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert b"<html" not in answer.content
    return answer.content.decode(), answer.context["lines"]


def test_owners_find_their_documents_above_the_inbox_and_nobody_else_does(world: World, stale: DocumentVersion) -> None:
    theirs = citing(world, "1/2020/NĐ-CP", unit="bttp")
    late = citing(world, "2/2020/NĐ-CP")
    with_item = announce(late, "9/QĐ-BTP", SINCE)
    campaign_open(
        regulation=with_item,
        agency=world.unit("stp"),
        by=world.phuc,
        now=timezone.now() - timedelta(days=30),
    )
    got = {
        who: [line["row"].version.pk for line in section(world, who)[1]]
        for who in sorted(world.people)
        if who != "nghi"
    }
    ours = [stale.pk, late.pk]
    owners = {"lan": ours, "minh": ours, "mai": [theirs.pk], "hung": [theirs.pk]}
    assert {who: rows for who, rows in got.items() if rows} == owners
    for who in ("lan", "hoa", "dung"):
        assert (OWNED in text(world.people[who], "/inbox/")) == (who != "hoa"), who
    assert OWNED not in text(world.lan, "/inbox/?tab=done")


def test_the_section_says_why_and_leads_on(world: World, stale: DocumentVersion) -> None:
    page, _lines = section(world, "lan")
    assert DEAD in page
    assert "được thay bằng 7/2026/NĐ-CP" in page
    assert f"{stale.document.get_absolute_url()}revise/" in page
    heir = factories.regulation("7/2026/NĐ-CP")
    item = campaign_open(regulation=heir, agency=world.unit("stp"), by=world.phuc).items.get()
    engine.fire(item, "confirm", by=world.phuc)
    page, _lines = section(world, "lan")
    assert item.get_absolute_url() in page
    item = engine.fire(ImpactItem.objects.get(pk=item.pk), "open_revision", by=world.lan)
    page, (line,) = section(world, "lan")
    assert item.revision is not None
    assert item.revision.get_absolute_url() in page
    assert f"{stale.document.get_absolute_url()}revise/" not in page
    assert line["row"].draft == item.revision
    assert "Không có tài liệu nào của đơn vị bạn đang lạc hậu." in text(world.son, OWNED)


def test_the_section_costs_the_same_for_many(world: World) -> None:
    act_on("1/2020/NĐ-CP")
    counted = []
    for number in (2, 24):
        for _place in range(number):
            citing(world, "1/2020/NĐ-CP")
        client = log_in(world.lan)
        client.get(OWNED)
        with statements() as run:
            answer = client.get(OWNED)
        counted.append(len(run))
    assert answer.context["number"] == 26
    assert (len(answer.context["lines"]), answer.context["more"]) == (20, 6)
    assert counted[0] == counted[1] <= 14
    assert Client().get(OWNED).status_code == 302
