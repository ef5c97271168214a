"""Bulk screening over HTTP: each item with its answer, and nothing done where the request itself is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from documents.api import deciding
from documents.models import Campaign, DocumentVersion, ImpactItem
from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from tests.workflows.screens import statements
from workflows import engine
from workflows.models import Move, User

pytestmark = pytest.mark.once

Call = Callable[[User | None], Caller]


@pytest.fixture
def found(world: World) -> list[ImpactItem]:
    """Three items of one campaign, the last of another unit."""
    return [factories.impact(world, unit=unit) for unit in ("hctp", "hctp", "bttp")]


def address(campaign: Campaign) -> str:
    return f"campaigns/{campaign.pk}/decisions/"


def sent(*items: ImpactItem) -> list[dict[str, Any]]:
    return [{"id": str(item.pk), "expected_version": item.row_version} for item in items]


def states(items: list[ImpactItem]) -> list[str]:
    return [ImpactItem.objects.get(pk=item.pk).state for item in items]


def test_each_item_has_its_answer_and_one_that_is_refused_stops_no_other(
    world: World, call: Call, found: list[ImpactItem]
) -> None:
    first, stale, third = found
    engine.fire(ImpactItem.objects.get(pk=stale.pk), "screen", by=world.hoa, note="Không đổi")
    nowhere = {"id": str(uuid4()), "expected_version": 1}
    body = {"action": "confirm", "items": [*sent(first, stale, third), nowhere], "note": "Phải sửa"}
    answer = call(world.phuc).post(address(first.campaign), body)
    assert answer.status_code == 200
    given = answer.json()
    assert {(one["id"], one["state"]) for one in given["done"]} == {
        (str(first.pk), "impact_confirmed"),
        (str(third.pk), "impact_confirmed"),
    }
    assert [(one["id"], one["code"]) for one in given["refused"]] == [
        (str(stale.pk), "stale"),
        (nowhere["id"], "not_found"),
    ]
    assert all(one["message"] for one in given["refused"])
    assert states(found) == ["impact_confirmed", "screening", "impact_confirmed"]
    assert Move.objects.get(stream=first.pk, seq=2).note == "Phải sửa"


def test_many_wait_for_a_superior_s_act(world: World, call: Call, found: list[ImpactItem]) -> None:
    later = timezone.localdate() + timedelta(days=30)
    body = {
        "action": "defer",
        "items": sent(*found[:2]),
        "note": "Chờ tỉnh",
        "review_on": later.isoformat(),
        "awaits": "77/2026/QĐ-UBND",
        "awaits_issuer": "UBND tỉnh",
    }
    given = call(world.phuc).post(address(found[0].campaign), body).json()
    assert [(one["state"], one["awaits"], one["review_on"]) for one in given["done"]] == [
        ("deferred", "77/2026/QĐ-UBND", later.isoformat())
    ] * 2
    assert states(found) == ["deferred", "deferred", "detected"]


def test_a_drafter_opens_the_drafts_of_the_own_unit_alone(world: World, call: Call, found: list[ImpactItem]) -> None:
    confirmed = [engine.fire(item, "confirm", by=world.phuc) for item in found]
    given = call(world.lan).post(address(found[0].campaign), {"action": "open_revision", "items": sent(*confirmed)})
    assert len(given.json()["done"]) == 2
    assert [(one["id"], one["code"]) for one in given.json()["refused"]] == [(str(found[2].pk), "not_your_turn")]
    assert DocumentVersion.objects.filter(state="draft").count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"action": "resolve"}, "action"),
        ({"action": None}, "action"),
        ({"items": []}, "items"),
        ({"items": "all"}, "items"),
        ({"items": [{"id": "x", "expected_version": 1}]}, "items"),
        ({"items": [{"id": str(uuid4())}]}, "items"),
        ({"items": [{"id": str(uuid4()), "expected_version": 1, "state": "x"}]}, "items"),
        ({"reason": "x"}, "reason"),
        ({"action": "screen"}, "note"),
        ({"action": "screen", "note": " "}, "note"),
        ({"action": "defer", "note": "Chờ"}, "review_on"),
        ({"action": "defer", "note": "Chờ", "review_on": "mai"}, "review_on"),
        ({"review_on": "2030-01-01"}, "review_on"),
        ({"basis": "other"}, "basis"),
        ({"note": "x" * 4001}, "note"),
    ],
)
def test_a_wrong_request_does_nothing_and_names_the_field(
    world: World, call: Call, found: list[ImpactItem], change: dict[str, Any], field: str
) -> None:
    body = {"action": "confirm", "items": sent(*found), **change}
    answer = call(world.phuc).post(address(found[0].campaign), body)
    assert (answer.status_code, [one["field"] for one in answer.json()["problems"]]) == (400, [field])
    assert "ErrorDetail" not in answer.content.decode()
    assert states(found) == ["detected"] * 3


def test_twice_the_same_or_too_many(
    world: World, call: Call, found: list[ImpactItem], monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = {"action": "confirm", "items": sent(found[0], found[0])}
    assert call(world.phuc).post(address(found[0].campaign), twice).status_code == 400
    monkeypatch.setattr(deciding, "MOST", 2)
    answer = call(world.phuc).post(address(found[0].campaign), {"action": "confirm", "items": sent(*found)})
    assert "từ 1 đến 2 mục" in answer.json()["problems"][0]["detail"]
    assert states(found) == ["detected"] * 3


def test_a_key_repeats_the_answer_and_does_nothing_twice(world: World, call: Call, found: list[ImpactItem]) -> None:
    body = {"action": "confirm", "items": sent(*found)}
    caller = call(world.phuc)
    first = caller.post(address(found[0].campaign), body, key="k1")
    again = caller.post(address(found[0].campaign), body, key="k1")
    assert (first.status_code, again["Idempotency-Replayed"], again.content) == (200, "true", first.content)
    assert Move.objects.filter(stream=found[0].pk).count() == 2
    assert caller.post(address(found[0].campaign), {**body, "note": "y"}, key="k1").status_code == 422


@pytest.mark.parametrize(
    ("name", "status"), [("dung", 404), ("root", 404), ("son", 403), ("lan", 403), ("binh", 403), (None, 401)]
)
def test_who_may_not(world: World, call: Call, found: list[ImpactItem], name: str | None, status: int) -> None:
    person = world.people[name] if name else None
    answer = call(person).post(address(found[0].campaign), {"action": "confirm", "items": sent(*found)})
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True)
    assert states(found) == ["detected"] * 3


def test_an_item_of_another_campaign_or_agency_is_not_there(world: World, call: Call, found: list[ImpactItem]) -> None:
    other = factories.regulation("99/2026/NĐ-CP")
    factories.in_force(world, legal_basis=[{"key": "b1", "number": other.number, "issuer": "", "note": ""}])
    second = engine.start(
        Campaign(agency=world.unit("stp"), unit=world.unit("stp"), regulation=other), "launch", by=world.phuc
    )
    given = call(world.phuc).post(address(second), {"action": "confirm", "items": sent(*found)}).json()
    assert (given["done"], [one["code"] for one in given["refused"]]) == ([], ["not_found"] * 3)
    assert states(found) == ["detected"] * 3


def test_the_answer_costs_the_same_number_of_statements_beside_the_deeds(
    world: World, call: Call, found: list[ImpactItem]
) -> None:
    caller, counted = call(world.phuc), []
    for items in (found[:1], found[1:]):
        with statements() as asked:
            refusable = [{"id": str(item.pk), "expected_version": 7} for item in items]
            caller.post(address(found[0].campaign), {"action": "confirm", "items": refusable})
        counted.append(len([one for one in asked if "FOR UPDATE" not in one]))
    per_item = counted[1] - counted[0]
    assert per_item <= 4
    assert counted[0] <= 16
