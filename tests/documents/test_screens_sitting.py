"""The sitting on a page and over HTTP: compact differences, ticks that stay, and nothing that a form could claim."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from documents.models import Campaign, DocumentVersion
from tests import factories
from tests.documents.sittings import NEW, OLD, SUBSTANCE, SWAPPED, WRITING, campaign_of, chosen, revisions
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.models import Move


def place(campaign: Campaign, *more: object) -> str:
    return "/".join(["/campaigns", str(campaign.pk), "sitting", *map(str, more), ""])


def seen(*versions: DocumentVersion) -> dict[str, Any]:
    shown = [chosen(one) for one in versions]
    return {
        "item": [str(one.pk) for one in shown],
        "seen": [f"{one.pk}.{one.row_version}.{one.difference}" for one in shown],
    }


def state(version: DocumentVersion) -> str:
    found: str = DocumentVersion.objects.get(pk=version.pk).state
    return found


def page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_the_page_shows_each_exchange_and_offers_ticks_for_swaps_alone(world: World) -> None:
    campaign = campaign_of(world, SWAPPED, WRITING, SUBSTANCE)
    swap, writing, substance = revisions(campaign)
    assert "Phiên ký: 3 bản chờ bạn" in text(world.tuan, campaign.get_absolute_url())
    shown = " ".join(text(world.tuan, place(campaign)).split())
    assert f'<del class="as-del">{OLD}</del> → <ins class="as-ins">{NEW}</ins>' in shown
    assert "thay thế từ 16/07/2020" in shown
    assert f'name="item" value="{swap.pk}"' in shown
    for other in (writing, substance):
        assert f'name="item" value="{other.pk}"' not in shown
    assert f'href="{substance.get_absolute_url()}"' in shown
    assert "Phí, lệ phí" in shown
    for name in ("quang", "lan", "son"):
        assert "Không có bản nào của đợt này chờ bạn ký." in text(world.people[name], place(campaign))
        assert "Phiên ký:" not in text(world.people[name], campaign.get_absolute_url())


def test_swaps_are_signed_in_one_go(world: World) -> None:
    campaign = campaign_of(world, SWAPPED, SWAPPED, SWAPPED)
    first, second, third = revisions(campaign)
    given, client = seen(first, second, third), log_in(world.tuan)
    answer = client.post(place(campaign), {**given, "item": given["item"][:2]})
    assert (answer.status_code, answer["Location"]) == (302, place(campaign))
    assert [state(one) for one in (first, second, third)] == ["approved", "approved", "pending_approval"]
    shown = page(client.get(place(campaign)))
    assert "Đã ký 2 bản." in shown
    assert "1 bản chờ bạn ký" in shown


def test_writing_is_opened_first_and_then_signed(world: World) -> None:
    campaign = campaign_of(world, WRITING)
    (version,) = revisions(campaign)
    client = log_in(world.tuan)
    refused = client.post(place(campaign), seen(version))
    assert refused.status_code == 409
    assert "Chưa mở xem khác biệt của bản này." in page(refused)
    assert client.head(place(campaign, version.pk)).status_code == 200
    assert "Mở xem khác biệt" in page(client.get(place(campaign)))
    opened = page(client.get(place(campaign, version.pk)))
    assert "Chỉ sửa câu chữ" in opened
    assert "Bộ" in opened
    assert f'name="item" value="{version.pk}"' in page(client.get(place(campaign)))
    assert f'name="item" value="{version.pk}"' not in text(
        world.tuan, place(campaign)
    )  # another session opened nothing
    assert client.post(place(campaign), seen(version)).status_code == 302
    assert state(version) == "approved"


def test_what_is_refused_is_told_and_stays_ticked_with_the_note(world: World) -> None:
    campaign = campaign_of(world, SWAPPED, SWAPPED, SUBSTANCE)
    fine, changed, substance = revisions(campaign)
    given = seen(fine, changed, substance)
    given["seen"][1] = given["seen"][1].replace(f".{changed.row_version}.", ".1.")
    answer = log_in(world.tuan).post(place(campaign), {**given, "note": "Nhất trí <b>"})
    shown = page(answer)
    assert answer.status_code == 200
    assert "Đã ký 1 bản" in shown
    assert "Chưa ký được 2 bản" in shown
    assert "đã được người khác thay đổi" in shown
    assert "phải mở riêng để xem và ký" in shown
    assert "Nhất trí &lt;b&gt;</textarea>" in shown
    assert f'value="{changed.pk}" checked' in shown
    assert [state(one) for one in (fine, changed, substance)] == ["approved", "pending_approval", "pending_approval"]


def test_nonsense_signs_nothing(world: World) -> None:
    campaign = campaign_of(world, SWAPPED)
    (version,) = revisions(campaign)
    good = seen(version)
    client = log_in(world.tuan)
    moves = Move.objects.count()
    posts: list[dict[str, Any]] = [
        {},
        {"item": good["item"]},
        {"seen": good["seen"]},
        {**good, "seen": [f"{version.pk}.x.y", "a.b", f"{version.pk}.１.z"]},
        {**good, "item": ["x"], "seen": ["x.1.y"]},
        {**good, "note": "x" * 4001},
    ]
    for given in posts:
        answer = client.post(place(campaign), given)
        assert answer.status_code in (400, 409), given
        assert "error-summary" in page(answer)
    # A class or an action in the form changes nothing.
    refused = client.post(
        place(campaign), {**good, "seen": [f"{version.pk}.{version.row_version}.{'0' * 64}"], "class": "swap"}
    )
    assert refused.status_code == 409
    assert Move.objects.count() == moves
    for name in ("dung", "root"):
        assert log_in(world.people[name]).post(place(campaign), good).status_code == 404
        assert log_in(world.people[name]).get(place(campaign, version.pk)).status_code == 404
    assert log_in(world.son).get(place(campaign, version.pk)).status_code == 404
    assert state(version) == "pending_approval"


def test_statements_of_the_page(world: World) -> None:
    counted = []
    for number in (1, 5):
        campaign = campaign_of(world, *[SWAPPED] * number)
        client = log_in(world.tuan)
        client.get(place(campaign))
        with statements() as found:
            assert client.get(place(campaign)).status_code == 200
        counted.append(len(found))
    assert counted[0] == counted[1] <= 14


def api(client: Client, method: str, address: str, body: Any = None) -> tuple[int, Any]:
    sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
    answer = getattr(client, method)(f"/api{address}", **sent)
    return answer.status_code, answer.json()


def test_over_http(world: World) -> None:
    campaign = campaign_of(world, SWAPPED, WRITING, SUBSTANCE)
    swap, writing, substance = revisions(campaign)
    client = log_in(world.tuan)
    status, found = api(client, "get", place(campaign))
    assert status == 200
    assert [(one["version"]["id"], one["change"], one["action"], one["refusal"]) for one in found["lines"]] == [
        (str(swap.pk), "swap", "approve", ""),
        (str(writing.pk), "editorial", "approve", ""),
        (str(substance.pk), "substantive", "approve", ""),
    ]
    (exchange,) = found["lines"][0]["swaps"]
    assert exchange == {
        "old": OLD,
        "new": NEW,
        "basis": OLD,
        "kind": "replaces",
        "since": "2020-07-16",
        "through": [],
    }
    assert found["lines"][2]["sections"] == ["fee"]
    sent = [
        {"id": one["version"]["id"], "expected_version": one["version"]["row_version"], "difference": one["difference"]}
        for one in found["lines"]
    ]
    status, opened = api(client, "get", place(campaign, writing.pk))
    assert (status, opened["change"], opened["difference"]) == (200, "editorial", sent[1]["difference"])
    assert opened["summary"]
    sent[1]["opened"] = opened["opened"]
    status, done = api(client, "post", place(campaign), {"versions": sent, "note": "Nhất trí"})
    assert status == 200
    assert [one["id"] for one in done["done"]] == [str(swap.pk), str(writing.pk)]
    assert [(one["id"], one["code"]) for one in done["refused"]] == [(str(substance.pk), "guard_failed")]
    assert "Phí, lệ phí" in done["refused"][0]["message"]
    assert [state(one) for one in (swap, writing, substance)] == ["approved", "approved", "pending_approval"]


def test_over_http_nonsense_and_strangers(world: World) -> None:
    campaign = campaign_of(world, SWAPPED)
    (version,) = revisions(campaign)
    good = {"id": str(version.pk), "expected_version": version.row_version, "difference": chosen(version).difference}
    client = log_in(world.tuan)
    bodies: list[dict[str, Any]] = [
        {},
        {"versions": []},
        {"versions": [good, good]},
        {"versions": [{**good, "difference": "x"}]},
        {"versions": [{**good, "class": "swap"}]},
        {"versions": [good], "action": "approve"},
        {"versions": [{"id": good["id"]}]},
    ]
    for body in bodies:
        status, said = api(client, "post", place(campaign), body)
        assert (status, said["code"]) == (400, "bad_answer"), body
    for name, expected in (("dung", 404), ("root", 404)):
        other = log_in(world.people[name])
        assert api(other, "get", place(campaign))[0] == expected
        assert api(other, "get", place(campaign, version.pk))[0] == expected
        assert api(other, "post", place(campaign), {"versions": [good]})[0] == expected
    assert api(log_in(world.lan), "get", place(campaign))[1]["lines"] == []
    direct = {
        "expected_version": version.row_version,
        "sitting": {"id": str(version.pk), "size": 1, "difference": "0" * 64},
    }
    status, said = api(client, "post", f"/versions/{version.pk}/actions/approve/", direct)
    assert (status, said["code"]) == (422, "guard_failed")
    engine.fire(version, "approve", by=world.tuan, **factories.answers("approve"))
    assert api(client, "post", place(campaign), {"versions": [good]})[1]["refused"][0]["code"] == "stale"
