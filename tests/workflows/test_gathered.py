"""One line for the records of one campaign in one stage: badge, list, desk and API count that line once."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from documents.models import ImpactItem
from tests import factories
from tests.people import World
from workflows import desk, engine, inbox
from workflows.desk import Look


def lines(world: World, name: str) -> list[tuple[str, int]]:
    """Titles and numbers of a person's lines of items; badge, desk and list agree on how many there are."""
    user = world.people[name]
    user.__dict__.pop("_seats_by_day", None)
    found = inbox.for_user(user, machine="impact")
    on_desk = desk.lines(user, Look(kind="impact"))
    number = len(found)
    assert inbox.counts(user).get("impact", 0) == desk.numbers(user).waiting["impact"] == len(on_desk) == number
    assert [line.record.pk for line in on_desk] == [entry.record.pk for entry in found]
    return [(entry.title, entry.number) for entry in found]


def test_items_of_one_campaign_and_stage_are_one_line(world: World) -> None:
    made = [factories.impact(world, unit=unit) for unit in ("hctp", "bttp", "hctp")]
    title = str(made[0].event)
    assert lines(world, "phuc") == [(f"{title}: 3 tài liệu", 3)]
    entry = inbox.for_user(world.phuc, machine="impact")[0]
    assert entry.url == f"/campaigns/{made[0].campaign_id}/?state=detected&mine=1"
    for name in ("lan", "quang", "dung", "xuan", "root"):
        assert lines(world, name) == [], name
    engine.fire(made[0], "screen", by=world.phuc, note="Không đổi")
    assert lines(world, "phuc") == [(f"{title}: 2 tài liệu", 2)]
    assert lines(world, "quang") == [(str(ImpactItem.objects.for_list().get(pk=made[0].pk)), 1)]
    engine.fire(made[1], "confirm", by=world.phuc)
    assert [number for _title, number in lines(world, "phuc")] == [1]
    assert [number for _title, number in lines(world, "mai")] == [1]
    assert lines(world, "lan") == []
    engine.fire(made[2], "defer", by=world.phuc, **factories.answers("defer"))
    assert [number for _title, number in lines(world, "phuc")] == [1]


def test_two_stages_are_two_lines_and_the_most_urgent_stands_for_its_line(world: World) -> None:
    made = [factories.impact(world) for _ in range(4)]
    for one in made[2:]:
        engine.fire(one, "defer", by=world.phuc, **factories.answers("defer"))
    found = inbox.for_user(world.phuc, machine="impact")
    assert [(entry.record.state, entry.number) for entry in found] == [("detected", 2), ("deferred", 2)]
    assert [entry.record.entered_at for entry in found] == [
        made[0].entered_at,
        min(one.entered_at for one in ImpactItem.objects.filter(state="deferred")),
    ]
    assert len(inbox.for_user(world.phuc, machine="impact", limit=1)) == 1
    assert inbox.for_user(world.phuc, machine="impact", limit=1, offset=1)[0].record.state == "deferred"


def test_a_line_is_late_if_one_of_its_records_is(world: World) -> None:
    for _ in range(2):
        factories.impact(world)
    later = timezone.now() + timedelta(days=60)
    numbers = desk.numbers(world.phuc, later)
    assert (numbers.waiting["impact"], numbers.late["impact"]) == (1, 1)
    assert [entry.number for entry in inbox.for_user(world.phuc, later, machine="impact", late=True)] == [2]
    assert desk.numbers(world.phuc).late["impact"] == 0
    assert inbox.for_user(world.phuc, machine="impact", late=True) == []


def test_the_line_opens_what_waits_on_me(client: Client, world: World) -> None:
    mine, other = factories.impact(world, "impact_confirmed"), factories.impact(world, "impact_confirmed", "bttp")
    second = factories.impact(world, "impact_confirmed")
    client.force_login(world.lan)
    url = inbox.for_user(world.lan, machine="impact")[0].url
    for page in ("/inbox/?kind=impact", "/"):
        body = client.get(page).content.decode()
        assert f'href="{url.replace("&", "&amp;")}"' in body, page
        assert ": 2 tài liệu" in body, page
    shown = client.get(url).content.decode()
    assert mine.document.code in shown
    assert second.document.code in shown
    assert other.document.code not in shown
    assert client.get("/inbox/next/?kind=impact").headers["Location"] == url


def test_the_api_lists_and_counts_lines(client: Client, world: World) -> None:
    for _ in range(3):
        factories.impact(world)
    client.force_login(world.phuc)
    answer = client.get("/api/inbox/?machine=impact").json()
    assert (answer["count"], [(row["number"], row["name"]) for row in answer["results"]]) == (
        1,
        [(3, "Rà soát theo 18/2026/NĐ-CP: 3 tài liệu")],
    )
