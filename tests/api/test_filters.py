"""Every filter of every list lets through what it names and nothing else; a page is the part that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import DocumentVersion
from documents.services.campaigns import campaign_open
from tests import factories
from tests.api.conftest import Caller
from tests.people import SINCE, World
from workflows import engine
from workflows.models import Committee, Seat, User

pytestmark = pytest.mark.once

Call = Callable[[User | None], Caller]


def found(caller: Caller, address: str, name: str = "id", **query: Any) -> set[Any]:
    answer = caller.get(address, limit=200, **query)
    assert answer.status_code == 200, answer.content
    rows = answer.json()["results"]
    assert answer.json()["count"] == len(rows)
    return {row[name] for row in rows}


def test_impacts_by_state_campaign_act_document_unit_and_text(world: World, call: Call) -> None:
    first, second = factories.impact(world, "screening"), factories.impact(world, unit="bttp")
    other = factories.regulation("9/2026/NĐ-CP", title="Về công chứng", effective_on=date(2027, 1, 1))
    basis = [{"key": "b1", "number": other.number, "issuer": "", "note": ""}]
    third = factories.in_force(world, legal_basis=basis)
    campaign = campaign_open(regulation=other, agency=world.unit("stp"), by=world.phuc)
    item = campaign.items.get()
    caller = call(world.phuc)
    every = {str(one.pk) for one in (first, second, item)}
    assert found(caller, "impacts/") == every
    for query, expected in (
        ({"state": "screening"}, first),
        ({"campaign": campaign.pk}, item),
        ({"regulation": other.pk}, item),
        ({"document": second.document_id}, second),
        ({"document": third.document_id}, item),
        ({"unit": world.unit("bttp").pk}, second),
        ({"q": "cong chung"}, item),
        ({"q": first.document.code}, first),
        ({"campaign": first.campaign_id, "state": "detected"}, second),
    ):
        assert found(caller, "impacts/", **query) == {str(expected.pk)}, query
    assert found(caller, "impacts/", agency=world.unit("stp").pk) == every
    assert found(caller, "impacts/", agency=world.unit("nx").pk) == set()
    assert found(caller, "campaigns/", regulation=other.pk) == {str(campaign.pk)}
    assert found(caller, "campaigns/", q="9/2026") == {str(campaign.pk)}
    assert found(caller, "campaigns/", state="closed") == set()


def test_documents_by_agency_unit_kind_text_and_day(world: World, call: Call) -> None:
    one = factories.in_force(world)
    two = factories.in_force(world, "bttp")
    three = factories.in_force(world, "xa")
    draft = factories.version(world, owner=factories.document(world, kind="INSTRUCTION", title="Hướng dẫn lưu trữ"))
    caller = call(world.lan)
    every = {str(version.document_id) for version in (one, two, three, draft)}
    assert found(caller, "documents/") == every
    for query, expected in (
        ({"unit": world.unit("bttp").pk}, {two}),
        ({"agency": world.unit("xa").pk}, {three}),
        ({"agency": world.unit("stp").pk, "kind": "TTHC_PROC"}, {one, two}),
        ({"kind": "INSTRUCTION"}, {draft}),
        ({"q": "huong dan luu"}, {draft}),
        ({"on": str(timezone.localdate())}, {one, two, three}),
        ({"on": "2026-01-04"}, set()),
        ({"kind": "POLICY"}, set()),
    ):
        assert found(caller, "documents/", **query) == {str(version.document_id) for version in expected}, query
    assert found(call(world.son), "documents/") == every - {str(draft.document_id)}
    assert found(call(world.xuan), "documents/") == {str(three.document_id)}


def test_units_by_kind_agency_and_name_without_marks(world: World, call: Call) -> None:
    caller = call(world.cao)
    assert found(caller, "units/", "code") == {"SV", "STP", "HCTP", "BTTP", "XA1"}
    assert found(caller, "units/", "code", kind="division") == {"HCTP", "BTTP"}
    assert found(caller, "units/", "code", agency=world.unit("stp").pk) == {"STP", "HCTP", "BTTP"}
    assert found(caller, "units/", "code", q="HANH CHINH") == {"HCTP"}
    assert found(caller, "units/", "code", agency=world.unit("nx").pk) == set()
    assert found(call(world.xuan), "units/", "code") == {"XA1"}


def test_seats_by_unit_agency_person_role_committee_and_day(world: World, call: Call) -> None:
    caller, today = call(world.son), timezone.localdate()
    committee = Committee.objects.get(agency=world.unit("stp"))
    ended = Seat.objects.create(
        user=world.lan,
        role="auditor",
        unit=world.unit("bttp"),
        committee=committee,
        decision_no="1/QĐ-STP",
        valid_from=today - timedelta(days=9),
        valid_to=today,
    )
    lan = Seat.objects.get(user=world.lan, role="drafter")
    assert found(caller, "seats/", user=world.lan.pk) == {lan.pk, ended.pk}
    assert found(caller, "seats/", user=world.lan.pk, on=str(today)) == {lan.pk}
    assert found(caller, "seats/", user=world.lan.pk, on=str(today - timedelta(days=1))) == {lan.pk, ended.pk}
    assert found(caller, "seats/", committee=committee.pk) == {ended.pk}
    assert found(caller, "seats/", role="drafter", unit=world.unit("hctp").pk) == {lan.pk}
    units = {row["unit"]["code"] for row in caller.get("seats/", agency=world.unit("xa").pk).json()["results"]}
    assert units == {"XA1"}
    everyone = caller.get("seats/", limit=200).json()["results"]
    assert "Dung" not in {row["user"]["full_name"] for row in everyone}
    assert caller.get(f"seats/{Seat.objects.filter(user=world.dung)[0].pk}/").status_code == 404


def test_committees_stand_from_their_first_day_to_before_their_last(world: World, call: Call) -> None:
    place, ends = world.unit("stp"), date(2026, 3, 1)
    ours = Committee.objects.get(agency=place)
    Committee.objects.filter(pk=ours.pk).update(valid_to=ends)
    later = Committee.objects.create(agency=place, decision_no="2/QĐ", decision_on=ends, valid_from=ends)
    foreign = Committee.objects.create(agency=world.unit("nx"), decision_no="3/QĐ", decision_on=SINCE, valid_from=SINCE)
    caller = call(world.son)
    assert found(caller, "committees/") == {ours.pk, later.pk}
    for day, expected in (
        (SINCE - timedelta(days=1), set()),
        (SINCE, {ours.pk}),
        (ends - timedelta(days=1), {ours.pk}),
        (ends, {later.pk}),
    ):
        assert found(caller, "committees/", on=str(day)) == expected, day
    assert found(caller, "committees/", agency=world.unit("nx").pk) == set()
    assert caller.get(f"committees/{foreign.pk}/").status_code == 404
    assert found(call(world.dung), "committees/") == {foreign.pk}


def test_versions_newest_change_first_and_by_the_order_asked(world: World, call: Call) -> None:
    moment = timezone.now()
    first, second, third = (factories.version(world) for _round in range(3))
    for at, version in enumerate((second, first)):
        engine.fire(version, "submit", by=world.lan, now=moment + timedelta(hours=1 + at))
    caller = call(world.lan)
    order = [str(version.pk) for version in (first, second, third)]
    shown = [row["id"] for row in caller.get("versions/").json()["results"]]
    assert shown == order
    back = [row["id"] for row in caller.get("versions/", order="entered_at").json()["results"]]
    assert back == order[::-1]


def test_a_page_holds_fifty_unless_asked_and_two_hundred_at_most(world: World, call: Call) -> None:
    for number in range(52):
        factories.regulation(f"{number + 1}/2026/NĐ-CP")
    caller = call(world.son)
    first = caller.get("regulations/").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (52, 50, None)
    assert "offset=50" in first["next"]
    rest = caller.get("regulations/", offset=50).json()
    assert (rest["count"], len(rest["results"]), rest["next"]) == (52, 2, None)
    assert "offset" not in rest["previous"]
    whole = caller.get("regulations/", limit=52).json()
    assert (len(whole["results"]), whole["next"], whole["previous"]) == (52, None, None)
    middle = caller.get("regulations/", limit=10, offset=5).json()
    assert [row["id"] for row in middle["results"]] == [row["id"] for row in whole["results"]][5:15]
    assert ("offset=15" in middle["next"], "offset" in middle["previous"]) == (True, False)
    assert caller.get("regulations/", limit=200, offset=1_000_000).json()["results"] == []
    for query in ({"limit": 201}, {"limit": 0}, {"offset": 1_000_001}, {"offset": -1}):
        assert caller.get("regulations/", **query).status_code == 400, query
    assert caller.get("inbox/", offset=2000).status_code == 200
    assert caller.get("inbox/", offset=2001).status_code == 400


def test_an_inbox_of_one_table_counts_and_pages_that_table(world: World, call: Call) -> None:
    campaigns = {str(factories.campaign(world, f"{at}/2026/NĐ-CP").pk) for at in (1, 2)}
    factories.impact(world)
    factories.impact(world)  # of the same campaign: one line
    caller = call(world.phuc)
    counts = {name: caller.get("inbox/", machine=name).json()["count"] for name in ("impact", "campaign", "version")}
    assert counts == {"impact": 1, "campaign": 3, "version": 0}
    assert caller.get("inbox/").json()["count"] == 4
    paged = [caller.get("inbox/", machine="campaign", limit=2, offset=at).json() for at in (0, 2)]
    assert [len(page["results"]) for page in paged] == [2, 1]
    assert {row["id"] for page in paged for row in page["results"]} > campaigns
    assert {row["number"] for page in paged for row in page["results"]} == {1}
    assert (paged[0]["previous"], paged[1]["next"]) == (None, None)


def test_validity_in_a_list_is_of_the_day_asked(world: World, call: Call) -> None:
    act = factories.regulation("9/2026/NĐ-CP", effective_on=date(2026, 3, 15))
    caller = call(world.son)
    shown = [caller.get("regulations/", on=day).json()["results"][0] for day in ("2026-03-14", "2026-03-15")]
    assert [(row["id"], row["validity"]) for row in shown] == [(str(act.pk), "announced"), (str(act.pk), "in_force")]


def test_what_an_act_reaches_by_day_and_agency(world: World, call: Call) -> None:
    act = factories.regulation("9/2026/NĐ-CP")
    basis = [{"key": "b1", "number": act.number, "issuer": "", "note": ""}]
    ours, below, foreign = (factories.in_force(world, unit, legal_basis=basis) for unit in ("hctp", "xa", "nx1"))

    def reached(person: User, **query: Any) -> set[str]:
        shown = call(person).get(f"regulations/{act.pk}/impact/", **query).json()
        versions = {one["version"]["id"] for unit in shown["units"] for one in unit["versions"]}
        assert shown["count"] == len(versions)
        return versions

    assert reached(world.phuc) == {str(ours.pk), str(below.pk)}
    assert reached(world.phuc, agency=world.unit("stp").pk) == {str(ours.pk)}
    assert reached(world.phuc, on="2026-01-05") == {str(ours.pk), str(below.pk)}
    assert reached(world.phuc, on="2026-01-04") == set()
    assert reached(world.dung) == {str(foreign.pk)}
    assert DocumentVersion.objects.in_force(timezone.localdate()).count() == 3


def test_an_action_of_no_table_still_says_where_the_record_stands(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    answer = call(world.minh).post(f"versions/{record.pk}/actions/undo/").json()
    assert (answer["code"], answer["state"], answer["row_version"]) == ("not_found", "unit_review", 2)


@pytest.mark.parametrize("field", ["unit", "code", "title"])
@pytest.mark.parametrize("value", [1.5, True, ["x"], {"a": 1}])
def test_a_field_of_another_type_is_refused_by_name(world: World, call: Call, field: str, value: Any) -> None:
    body = {"unit": world.unit("hctp").pk, "kind": "TTHC_PROC", "code": "QT.9", "title": "Một", field: value}
    answer = call(world.lan).post("documents/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_answer")
    assert [problem["field"] for problem in answer.json()["problems"]] == [field]


def test_marks_are_composed_and_lines_have_one_end(world: World, call: Call) -> None:
    body = {"unit": world.unit("hctp").pk, "kind": "TTHC_PROC", "code": "QT.9"}
    answer = call(world.lan).post("documents/", {**body, "title": "Câ\u0301p ba\u0309n sao\r\nmột"})
    assert answer.json()["document"]["title"] == "Cấp bản sao\nmột"
    refused = call(world.lan).post("documents/", {**body, "code": "QT.10", "title": "a\u0007b"})
    assert [problem["field"] for problem in refused.json()["problems"]] == ["title"]
