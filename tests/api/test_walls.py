"""Who gets at what: nobody, somebody of another agency, a superuser, a superior, a colleague without the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from documents.models import Document, DocumentVersion
from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from workflows.models import Move, User

Call = Callable[[User | None], Caller]

FILLING = {
    "<uuid:pk>": "00000000-0000-4000-8000-000000000000",
    "<int:pk>": "1",
    "<str:action>": "x",
    "<slug:name>": "x",
    r"^[\s\S]*$": "nowhere",
}


@pytest.fixture
def ours(world: World) -> dict[str, Any]:
    """One record of every kind in the first department."""
    item = factories.impact(world, "revision_open")
    return {"version": item.revision, "impact": item, "campaign": item.campaign, "public": item.version}


def addresses(ours: dict[str, Any], world: World) -> list[str]:
    """Every address that names something of the first department."""
    stp, version = world.unit("stp"), ours["version"]
    return [
        f"versions/{version.pk}/",
        f"versions/{ours['public'].pk}/",
        f"impacts/{ours['impact'].pk}/",
        f"campaigns/{ours['campaign'].pk}/",
        f"documents/{version.document_id}/",
        f"moves/?stream={version.pk}",
        f"moves/?stream={ours['campaign'].pk}",
        f"units/{stp.pk}/",
        f"seats/{stp.seats.values_list('pk', flat=True)[0]}/",
        f"committees/{stp.committees.values_list('pk', flat=True)[0]}/",
    ]


@pytest.mark.parametrize("name", ["dung", "root"])
def test_beyond_the_wall_nothing_exists(world: World, call: Call, ours: dict[str, Any], name: str) -> None:
    caller, moves = call(world.people[name]), Move.objects.count()
    for address in addresses(ours, world):
        response = caller.get(address)
        assert (response.status_code, response.json()["code"]) == (404, "not_found"), address
        assert (response.json()["state"], response.json()["row_version"]) == (None, None)
    for record in (ours["version"], ours["impact"], ours["campaign"]):
        for action in (*record.machine.actions, "undo"):
            response = caller.do(record, action, **factories.answers(action))
            assert (response.status_code, response.json()["code"]) == (404, "not_found"), action
            assert (response.json()["state"], response.json()["row_version"]) == (None, None)
    assert Move.objects.count() == moves


def test_a_foreign_record_and_no_record_are_answered_alike(world: World, call: Call, ours: dict[str, Any]) -> None:
    caller, nobody = call(world.dung), "00000000-0000-4000-8000-000000000000"
    for place in ("versions", "impacts", "campaigns"):
        real = next(str(ours[name].pk) for name in ours if f"{name}s" == place)
        for address in (f"{place}/{{}}/", "moves/?stream={}", f"{place}/{{}}/actions/agree/"):
            method = caller.post if "actions" in address else caller.get
            assert method(address.format(real)).content == method(address.format(nobody)).content


@pytest.mark.parametrize("name", ["dung", "root"])
def test_lists_hold_nothing_of_ours(world: World, call: Call, ours: dict[str, Any], name: str) -> None:
    caller = call(world.people[name])
    codes = {"STP", "HCTP", "BTTP", "XA1"}
    for address in ("versions/", "impacts/", "campaigns/", "documents/", "units/", "seats/", "committees/", "inbox/"):
        shown = caller.get(address, limit=200)
        assert not [row for row in shown.json()["results"] if codes & set(map(str, _values(row)))], address
        if name == "root":
            assert shown.json()["count"] == 0
    assert caller.get("versions/", agency=world.unit("stp").pk).json()["count"] == 0
    assert caller.get("documents/", q=ours["version"].document.code).json()["count"] == 0


def test_a_superuser_without_a_seat_sees_no_law_either(world: World, call: Call) -> None:
    act = factories.regulation()
    caller = call(world.root)
    assert caller.get("regulations/").json()["count"] == 0
    assert caller.get(f"regulations/{act.pk}/").status_code == 404
    assert caller.post("regulations/", {"facts": {"number": "1/2026/NĐ-CP"}}).status_code == 403


def test_a_foreign_agency_shares_only_the_national_register(world: World, call: Call, ours: dict[str, Any]) -> None:
    act = ours["impact"].regulation
    caller = call(world.dung)
    assert caller.get(f"regulations/{act.pk}/").status_code == 200
    assert caller.get(f"regulations/{act.pk}/impact/").json()["count"] == 0
    assert caller.get(f"regulations/{act.pk}/impact/", agency=world.unit("stp").pk).status_code == 404


def test_work_in_progress_is_for_those_who_take_part(world: World, call: Call) -> None:
    draft = factories.version(world, "unit_review")
    for name, status in (("lan", 200), ("minh", 200), ("hoa", 200), ("son", 403), ("mai", 403), ("cao", 403)):
        response = call(world.people[name]).get(f"versions/{draft.pk}/")
        assert response.status_code == status, name
        if status == 403:
            assert response.json()["code"] == "not_readable"
            assert response.json()["detail"]
            assert response.json()["state"] is None
        history = call(world.people[name]).get("moves/", stream=draft.pk)
        assert history.status_code == status
        listed = call(world.people[name]).get("versions/").json()["results"]
        assert [row["id"] for row in listed] == ([str(draft.pk)] if status == 200 else [])
        assert call(world.people[name]).get(f"documents/{draft.document_id}/").status_code == status


def test_a_superior_reads_what_is_in_force_below_and_moves_nothing(world: World, call: Call) -> None:
    public = factories.in_force(world)
    caller = call(world.cao)
    shown = caller.get(f"versions/{public.pk}/").json()
    assert not [offer for offer in shown["actions"] if offer["allowed"]]
    assert caller.do(public, "withdraw", **factories.answers("withdraw")).status_code == 403


def test_a_seat_that_ended_takes_sight_and_step_along(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    caller = call(world.minh)
    assert caller.get(f"versions/{record.pk}/").status_code == 200
    seat = world.minh.seats.get()
    seat.valid_to = timezone.localdate()
    seat.save()
    assert caller.get(f"versions/{record.pk}/").status_code == 404
    assert caller.do(record, "agree").status_code == 404


def test_a_closed_account_is_nobody(world: World, call: Call) -> None:
    caller = call(world.lan)
    world.lan.is_active = False
    world.lan.save()
    assert caller.get("versions/").status_code == 401


def test_nobody_gets_401_everywhere(world: World, call: Call) -> None:
    caller = call(None)
    for address in _all_addresses():
        for send in (caller.get, caller.post):
            response = send(address)
            assert (response.status_code, response.json()["code"]) == (401, "not_authenticated"), address
            assert response["WWW-Authenticate"].startswith("Basic ")


def test_starting_at_a_foreign_place_is_404(world: World, call: Call) -> None:
    act = factories.regulation()
    body = {"unit": world.unit("hctp").pk, "kind": "TTHC_PROC", "code": "QT.X", "title": "Quy trình"}
    assert call(world.dung).post("documents/", body).status_code == 404
    place = {"regulation": str(act.pk), "agency": world.unit("stp").pk}
    assert call(world.dung).post("campaigns/", place).status_code == 404
    owner = factories.in_force(world).document
    assert call(world.dung).post(f"documents/{owner.pk}/revisions/").status_code == 404
    assert Document.objects.count() == DocumentVersion.objects.count() == 1


def _values(row: Any) -> list[Any]:
    if isinstance(row, dict):
        return [value for item in row.values() for value in _values(item)]
    return [row]


def _all_addresses() -> list[str]:
    """Every pattern under ``/api/`` filled with something, OpenAPI and its page left out."""
    site = get_resolver().url_patterns
    (api,) = [item for item in site if isinstance(item, URLResolver) and str(item.pattern) == "api/"]
    found: list[str] = []

    def walk(item: URLPattern | URLResolver, prefix: str) -> None:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            for below in item.url_patterns:
                walk(below, route)
        elif item.name not in ("api_schema", "api_docs"):
            found.append(reduce(lambda text, pair: text.replace(*pair), FILLING.items(), route))

    for item in api.url_patterns:
        walk(item, "")
    return found


def test_every_address_is_walked() -> None:
    assert len(_all_addresses()) > 40
