"""What starts a record: a legal document, a document with its first draft, a revision, a campaign; and what is hit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from documents.models import Campaign, Document, DocumentVersion, Regulation
from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from workflows import engine
from workflows.models import Move, User

Call = Callable[[User | None], Caller]


def new_document(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "unit": world.unit("hctp").pk,
        "kind": "TTHC_PROC",
        "code": "QT.99",
        "title": "Quy trình cấp bản sao",
        "field": "Hộ tịch",
        **changes,
    }


def test_a_legal_document_is_registered(world: World, call: Call) -> None:
    facts = {"number": "18/2026/NĐ-CP", "title": "Nghị định", "effective_on": "2026-03-01"}
    response = call(world.phuc).post("regulations/", {"facts": facts})
    assert response.status_code == 201
    shown = response.json()
    assert (shown["number"], shown["state"], shown["row_version"]) == ("18/2026/NĐ-CP", "registered", 1)
    assert Move.objects.get(stream=shown["id"]).actor == world.phuc
    again = call(world.phuc).post("regulations/", {"facts": {**facts, "number": "18/2026/nđ-cp"}})
    assert (again.status_code, again.json()["problems"][0]["field"]) == (400, "number")
    assert Regulation.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "facts"),
        ({"facts": {"number": "1/2026/NĐ-CP"}, "state": "verified"}, "state"),
        ({"facts": {"number": "1/2026/NĐ-CP", "state": "verified"}}, "state"),
        ({"facts": {"number": ""}}, "number"),
        ({"facts": {"number": 5}}, "number"),
        ({"facts": {"number": "x" * 121}}, "number"),
        ({"facts": {"number": "1/2026/NĐ-CP", "issued_on": "hôm qua"}}, "issued_on"),
        ({"facts": "1/2026/NĐ-CP"}, "facts"),
    ],
)
def test_wrong_facts_are_refused_by_field(world: World, call: Call, body: dict[str, Any], field: str) -> None:
    response = call(world.phuc).post("regulations/", body)
    assert (response.status_code, response.json()["code"]) == (400, "bad_answer")
    assert [problem["field"] for problem in response.json()["problems"]] == [field]
    assert not Regulation.objects.exists()


@pytest.mark.parametrize("name", ["lan", "minh", "quang", "tuan", "van", "son", "admin", "cao", "root"])
def test_only_those_who_watch_the_law_register_it(world: World, call: Call, name: str) -> None:
    response = call(world.people[name]).post("regulations/", {"facts": {"number": "1/2026/NĐ-CP"}})
    assert (response.status_code, response.json()["code"]) == (403, "not_your_turn")


def test_a_document_and_its_first_draft_are_opened_together(world: World, call: Call) -> None:
    response = call(world.lan).post("documents/", new_document(world, content=factories.content(), note="Thủ tục mới"))
    assert response.status_code == 201
    shown = response.json()
    assert (shown["state"], shown["number"], shown["document"]["code"]) == ("draft", "01/00", "QT.99")
    document = Document.objects.get(pk=shown["document"]["id"])
    assert (document.unit, document.agency) == (world.unit("hctp"), world.unit("stp"))
    assert DocumentVersion.objects.get(pk=shown["id"]).content["fee"] == "Không thu phí."


def test_a_first_draft_may_start_empty(world: World, call: Call) -> None:
    shown = call(world.lan).post("documents/", new_document(world)).json()
    assert call(world.lan).get(f"versions/{shown['id']}/").json()["content"]["steps"] == []


@pytest.mark.parametrize(("name", "status"), [("mai", 403), ("son", 403), ("quang", 403), ("minh", 201), ("hoa", 422)])
def test_who_opens_a_document_where(world: World, call: Call, name: str, status: int) -> None:
    response = call(world.people[name]).post("documents/", new_document(world))
    assert response.status_code == status
    assert Document.objects.count() == (1 if status == 201 else 0), "a refusal leaves no empty document behind"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "qt 99"}, "code"),
        ({"code": "   "}, "code"),
        ({"code": "a\nb"}, "code"),
        ({"code": 5}, "code"),
        ({"kind": "RECORD"}, "kind"),
        ({"title": None}, "title"),
        ({"unit": "x"}, "unit"),
        ({"unit": True}, "unit"),
        ({"unit": 2**63}, "unit"),
        ({"agency": 1}, "agency"),
        ({"content": {"fee": 5}}, "fee"),
    ],
)
def test_a_wrong_document_is_refused_by_field(world: World, call: Call, changes: dict[str, Any], field: str) -> None:
    factories.document(world, code="QT.99")
    body = {**new_document(world), "code": "QT.100", **changes}
    response = call(world.lan).post("documents/", body)
    assert (response.status_code, response.json()["code"]) == (400, "bad_answer"), response.content
    assert [problem["field"] for problem in response.json()["problems"]] == [field]
    assert Document.objects.count() == 1


def test_a_revision_is_seeded_with_the_version_in_force(world: World, call: Call) -> None:
    old = factories.in_force(world)
    address = f"documents/{old.document_id}/revisions/"
    shown = call(world.lan).post(address, {"note": "Nghị định mới"}).json()
    assert (shown["number"], shown["state"]) == ("01/01", "draft")
    assert call(world.lan).get(f"versions/{shown['id']}/").json()["content"] == old.content
    again = call(world.lan).post(address)
    assert (again.status_code, again.json()["code"], again.json()["state"]) == (409, "wrong_state", "draft")
    assert DocumentVersion.objects.count() == 2
    for name in ("son", "mai", "tuan"):
        assert call(world.people[name]).post(address).json()["code"] == "not_your_turn"
    assert call(world.lan).post(address, {"state": "effective"}).status_code == 400


def test_a_campaign_is_opened_then_widened(world: World, call: Call) -> None:
    act = factories.regulation("18/2026/NĐ-CP", effective_on=date(2027, 1, 1))
    basis = [{"key": "b1", "number": act.number, "issuer": "", "note": ""}]
    factories.in_force(world, legal_basis=basis)
    body = {"regulation": str(act.pk), "agency": world.unit("stp").pk}
    first = call(world.phuc).post("campaigns/", body)
    assert (first.status_code, first.json()["state"]) == (201, "open")
    again = call(world.phuc).post("campaigns/", body)
    assert (again.status_code, again.json()["row_version"]) == (200, first.json()["row_version"])
    factories.in_force(world, "bttp", legal_basis=basis)
    wider = call(world.phuc).post("campaigns/", body)
    assert (wider.status_code, wider.json()["row_version"] > again.json()["row_version"]) == (200, True)
    assert call(world.phuc).get("impacts/", campaign=first.json()["id"]).json()["count"] == 2
    assert Campaign.objects.count() == 1
    for name in ("lan", "son", "tuan", "cao", "admin"):
        assert call(world.people[name]).post("campaigns/", body).json()["code"] == "not_your_turn"


def test_a_campaign_about_a_unit_or_a_document(world: World, call: Call) -> None:
    gone = factories.in_force(world).document
    day = {"agency": world.unit("stp").pk, "effective_on": "2027-01-01"}
    caller = call(world.phuc)
    merged = caller.post("campaigns/", {"unit": world.unit("hctp").pk, "successor": world.unit("bttp").pk, **day})
    assert (merged.status_code, merged.json()["event"]["kind"]) == (201, "reorganised")
    assert caller.get("impacts/", campaign=merged.json()["id"]).json()["count"] == 1
    named = caller.post("campaigns/", {"document": str(gone.pk), **day}).json()
    assert (named["event"]["subject"], named["regulation"]) == (gone.code, None)
    act = factories.regulation("5/2020/TT-BTP", expired_on=date(2027, 5, 1))
    ends = {"agency": day["agency"], "regulation": str(act.pk), "kind": "expired"}
    assert caller.post("campaigns/", ends).json()["event"]["day"] == "2027-05-01"
    unit, foreign = world.unit("hctp").pk, world.unit("nx1").pk
    for wrong, status in (
        ({**day}, 400),
        ({**day, "unit": unit, "document": str(gone.pk)}, 400),
        ({**day, "unit": unit}, 400),
        ({**day, "unit": unit, "new_name": "Phòng Mới", "successor": unit}, 400),
        ({**day, "unit": unit, "successor": unit}, 400),
        ({**day, "unit": unit, "new_name": world.unit("hctp").name}, 400),
        ({"agency": day["agency"], "unit": unit, "new_name": "Phòng Mới"}, 400),
        ({**day, "unit": foreign, "new_name": "Phòng Mới"}, 404),
        ({**ends, "kind": "sunset"}, 400),
    ):
        assert caller.post("campaigns/", wrong).status_code == status, wrong
    assert Campaign.objects.count() == 3


def test_a_simulation_answers_as_data(world: World, call: Call) -> None:
    old = factories.regulation("2/2020/NĐ-CP")
    basis = [{"key": "b1", "number": old.number, "issuer": "", "note": ""}]
    ours = factories.in_force(world, legal_basis=basis)
    factories.in_force(world, "nx1", legal_basis=basis)
    given = {"agency": world.unit("stp").pk, "number": "1/2027/NĐ-CP", "replaces": "02/2020/nđ-cp"}
    answer = call(world.phuc).get("simulation/", **given, effective_on="2027-01-04").json()
    (one,) = answer["results"]
    assert (one["touched"]["version"]["id"], one["touched"]["strength"]) == (str(ours.pk), "dies")
    assert (one["dead_from"], one["baseless_from"]) == ("2027-01-04", "2027-01-04")
    assert [owner["full_name"] for owner in one["owners"]] == ["Lan"]
    assert call(world.phuc).get("simulation/", **{**given, "replaces": "99/2020/NĐ-CP"}).status_code == 400
    assert call(world.phuc).get("simulation/", **{**given, "agency": world.unit("nx").pk}).status_code == 404
    unit = {"agency": given["agency"], "what": "unit", "unit": world.unit("hctp").pk, "new_name": "Phòng Mới"}
    assert call(world.phuc).get("simulation/", **unit, effective_on="2027-01-04").json()["count"] == 1
    assert call(world.phuc).get("simulation/", **unit).status_code == 400
    assert not Regulation.objects.filter(number="1/2027/NĐ-CP").exists()
    assert not Campaign.objects.exists()


def test_a_simulation_asks_whose_act_of_a_shared_number_is_meant(world: World, call: Call) -> None:
    for name in "AB":
        facts = {"number": "4/2024/NQ-HĐND", "issuer": f"HĐND tỉnh {name}"}
        engine.start(Regulation(), "import", by=None, facts=facts)
    basis = [{"key": "b1", "number": "4/2024/NQ-HĐND", "issuer": "HĐND tỉnh A", "note": ""}]
    factories.in_force(world, legal_basis=basis)
    given = {"agency": world.unit("stp").pk, "number": "04/2024/NQ-HĐND", "kind": "expired"}
    answer = call(world.phuc).get("simulation/", **given)
    assert answer.status_code == 400
    assert "HĐND tỉnh A; HĐND tỉnh B" in answer.content.decode()
    counted = [
        call(world.phuc).get("simulation/", **given, issuer=f"HĐND tỉnh {name}").json()["count"] for name in "AB"
    ]
    assert counted == [1, 0]


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"agency": 10**6}, 404), ({"regulation": "nào"}, 400), ({"regulation": 5}, 400), ({"agency": None}, 400)],
)
def test_a_wrong_campaign(world: World, call: Call, changes: dict[str, Any], status: int) -> None:
    body = {"regulation": str(factories.regulation().pk), "agency": world.unit("stp").pk, **changes}
    assert call(world.phuc).post("campaigns/", body).status_code == status


def test_a_campaign_is_of_an_agency_not_of_a_division(world: World, call: Call) -> None:
    body = {"regulation": str(factories.regulation().pk), "agency": world.unit("hctp").pk}
    response = call(world.phuc).post("campaigns/", body)
    assert (response.status_code, response.json()["problems"][0]["field"]) == (400, "agency")


def test_what_a_legal_document_hits_by_unit_with_the_path(world: World, call: Call) -> None:
    act = factories.regulation("18/2026/NĐ-CP", effective_on=date(2027, 1, 1))
    basis = [
        {"key": "b0", "number": factories.LAW, "issuer": "", "note": ""},
        {"key": "b1", "number": act.number, "issuer": "", "note": ""},
    ]
    cited = [factories.in_force(world, unit, legal_basis=basis) for unit in ("hctp", "hctp", "bttp", "nx1")]
    factories.in_force(world)
    shown = call(world.son).get(f"regulations/{act.pk}/impact/").json()
    assert (shown["count"], shown["direct"], shown["regulation"]["number"]) == (3, 3, "18/2026/NĐ-CP")
    assert [(group["unit"]["code"], len(group["versions"])) for group in shown["units"]] == [("HCTP", 2), ("BTTP", 1)]
    first = shown["units"][0]["versions"][0]
    assert first["version"]["id"] == str(cited[0].pk)
    assert first["path"] == [
        {"kind": "cites", "from": "18/2026/NĐ-CP", "to": cited[0].document.code, "row": 2, "since": None},
    ]
    earlier = call(world.son).get(f"regulations/{act.pk}/impact/", on="2026-01-04").json()
    assert earlier["count"] == 0
