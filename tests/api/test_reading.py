"""Lists, filters, details, history, inbox: what they show and to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories
from tests.api.conftest import Caller
from tests.people import World
from workflows import registry
from workflows.models import User

Call = Callable[[User | None], Caller]


def ids(response: Any) -> list[str]:
    return [row["id"] for row in response.json()["results"]]


def test_a_list_is_paged_and_names_its_neighbours(world: World, call: Call) -> None:
    for _number in range(5):
        factories.version(world)
    caller = call(world.lan)
    first = caller.get("versions/", limit=2).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    second = caller.client.get(first["next"]).json()
    assert "offset=4" in second["next"]
    assert caller.client.get(second["previous"]).json() == first
    last = caller.client.get(second["next"]).json()
    assert (last["next"], len(last["results"])) == (None, 1)
    seen = [row["id"] for page in (first, second, last) for row in page["results"]]
    assert len(set(seen)) == 5


def test_lists_filter_by_state_unit_and_text(world: World, call: Call) -> None:
    draft = factories.version(world, owner=factories.document(world, code="QT.ABC", title="Cấp giấy xác nhận Đỗ"))
    other = factories.version(world, "unit_review")
    caller = call(world.phuc)
    assert ids(caller.get("versions/", state="draft")) == [str(draft.pk)]
    assert ids(caller.get("versions/", state="unit_review", unit=world.unit("hctp").pk)) == [str(other.pk)]
    assert ids(caller.get("versions/", unit=world.unit("bttp").pk)) == []
    assert ids(caller.get("versions/", document=draft.document_id)) == [str(draft.pk)]
    for text in ("giay xac nhan do", "GIẤY XÁC", "qt.abc", "qtabc"):
        assert ids(caller.get("versions/", q=text)) == [str(draft.pk)], text
    assert ids(caller.get("versions/", q="100%_")) == []


def test_lists_order_with_unknown_days_last(world: World, call: Call) -> None:
    late, early = factories.version(world, "unit_review"), factories.version(world)
    caller = call(world.phuc)
    assert late.due_on is not None
    assert early.due_on is None
    for order in ("due_on", "-due_on"):
        assert ids(caller.get("versions/", order=order)) == [str(late.pk), str(early.pk)]
    assert ids(caller.get("versions/", order="created_at")) == [str(late.pk), str(early.pk)]
    assert ids(caller.get("versions/", order="-created_at")) == [str(early.pk), str(late.pk)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"stat": "draft"}, "stat"),
        ({"state": "nowhere"}, "state"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "mười"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"offset": "9" * 30}, "offset"),
        ({"unit": "1.5"}, "unit"),
        ({"document": "5"}, "document"),
        ({"order": "content"}, "order"),
        ({"q": "a\0b"}, "q"),
        ({"q": "a" * 201}, "q"),
        ({"state": ["draft", "issued"]}, "state"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(world: World, call: Call, query: dict[str, Any], field: str) -> None:
    response = call(world.lan).get("versions/", **query)
    assert response.status_code == 400
    assert response.json()["code"] == "bad_query"
    assert [problem["field"] for problem in response.json()["problems"]] == [field]


def test_a_detail_shows_where_the_record_stands_and_what_may_be_done(world: World, call: Call) -> None:
    record = factories.version(world, "pending_approval")
    shown = call(world.tuan).get(f"versions/{record.pk}/").json()
    assert (shown["state"], shown["row_version"]) == ("pending_approval", record.row_version)
    assert shown["stage"] == "Chờ phê duyệt"
    assert shown["due_on"] == str(record.due_on)
    assert shown["content"] == record.content
    assert shown["created_by"] == {"id": world.lan.pk, "full_name": "Lan", "position": ""}
    offered = {offer["action"]: offer for offer in shown["actions"]}
    assert set(offered) == {"approve", "return", "recall"}
    assert (offered["approve"]["allowed"], offered["approve"]["code"]) == (True, None)
    assert (offered["recall"]["allowed"], offered["recall"]["code"]) == (False, "not_your_turn")
    assert offered["recall"]["reason"]
    assert [ask["name"] for ask in offered["return"]["asks"]] == ["note"]
    assert offered["return"]["asks"][0]["required"] is True


def test_a_detail_tells_the_author_why_not(world: World, call: Call) -> None:
    record = factories.version(world, "unit_review")
    people_offer = {o["action"]: o for o in call(world.lan).get(f"versions/{record.pk}/").json()["actions"]}
    assert people_offer["agree"]["code"] == "not_your_turn"
    assert people_offer["recall"]["allowed"] is True


def test_documents_in_force_on_a_day(world: World, call: Call) -> None:
    today = timezone.localdate()
    old = factories.in_force(world, since=date(2026, 1, 5))
    new = factories.version(world, "issued", owner=old.document)
    caller = call(world.son)
    (row,) = caller.get("documents/", on=str(today)).json()["results"]
    assert row["in_force"]["id"] == str(new.pk)
    (row,) = caller.get("documents/", on="2026-01-05").json()["results"]
    assert (row["id"], row["in_force"]["id"]) == (str(old.document_id), str(old.pk))
    assert row["in_force"]["document"]["id"] == row["id"]
    assert ids(caller.get("documents/", on="2026-01-04")) == []
    assert ids(caller.get("documents/", on="0001-01-01")) == []
    (row,) = caller.get("documents/").json()["results"]
    assert row["in_force"]["id"] == str(new.pk)


def test_a_document_shows_only_versions_that_the_person_may_read(world: World, call: Call) -> None:
    old = factories.in_force(world)
    draft = factories.version(world, "unit_review", owner=old.document)
    for person, seen in ((world.son, [old]), (world.lan, [old, draft]), (world.cao, [old])):
        shown = call(person).get(f"documents/{old.document_id}/").json()
        assert [row["id"] for row in shown["versions"]] == [str(version.pk) for version in seen]
        assert shown["in_force"]["id"] == str(old.pk)


def test_legal_documents_show_validity_on_a_day(world: World, call: Call) -> None:
    today = timezone.localdate()
    factories.regulation("9/2026/NĐ-CP", issued_on=date(2016, 2, 1), effective_on=today + timedelta(days=30))
    caller = call(world.son)
    (row,) = caller.get("regulations/", q="9/2026/nd-cp").json()["results"]
    assert (row["validity"], row["agency"], row["state"]) == ("announced", None, "registered")
    (row,) = caller.get("regulations/", q="9/2026", on=str(today + timedelta(days=31))).json()["results"]
    assert row["validity"] == "in_force"
    shown = caller.get(f"regulations/{row['id']}/").json()
    assert (shown["validity"], shown["relations"]) == ("announced", [])


def test_history_names_people_roles_and_decisions(world: World, call: Call) -> None:
    record = factories.version(world, "iso_check")
    moves = call(world.hoa).get("moves/", stream=record.pk).json()["results"]
    assert [(move["seq"], move["action"], move["target"]) for move in moves] == [
        (1, "create", "draft"),
        (2, "submit", "unit_review"),
        (3, "agree", "iso_check"),
    ]
    assert moves[2]["actor"]["full_name"] == "Minh"
    assert (moves[2]["role"], moves[2]["ground"]) == ("unit_head", "12/QĐ-STP")
    assert moves[2]["prev_hash"] == moves[1]["hash"]


def test_the_inbox_is_the_persons_own_and_pages(world: World, call: Call) -> None:
    waiting = [factories.version(world, "unit_review") for _number in range(3)]
    factories.version(world, "iso_check")
    factories.impact(world, "impact_confirmed")
    caller = call(world.minh)
    shown = caller.get("inbox/").json()
    assert shown["count"] == 3
    assert {row["id"] for row in shown["results"]} == {str(record.pk) for record in waiting}
    pages = [caller.get("inbox/", limit=2, offset=offset).json()["results"] for offset in (0, 2)]
    assert [row["id"] for page in pages for row in page] == [row["id"] for row in shown["results"]]
    assert caller.get("inbox/", machine="impact").json()["count"] == 0
    assert call(world.lan).get("inbox/", machine="impact").json()["results"][0]["machine"] == "impact"
    assert call(world.son).get("inbox/").json()["results"] == []


def test_tables_are_readable_as_data(world: World, call: Call) -> None:
    caller = call(world.son)
    listed = caller.get("machines/").json()
    assert [table["name"] for table in listed["results"]] == [table.name for table in registry.machines()]
    one = caller.get("machines/version/").json()
    assert one == listed["results"][0]
    assert next(step for step in one["steps"] if step["action"] == "approve")["apart"]


def test_places_seats_and_committees(world: World, call: Call) -> None:
    caller = call(world.son)
    units = caller.get("units/").json()["results"]
    assert [unit["code"] for unit in units] == ["STP", "HCTP", "BTTP", "XA1"]
    assert caller.get("units/", q="bo tro").json()["results"][0]["code"] == "BTTP"
    assert caller.get(f"units/{units[0]['id']}/").json() == units[0]
    seats = caller.get("seats/", role="steering_head", on=str(timezone.localdate())).json()["results"]
    assert [seat["user"]["full_name"] for seat in seats] == ["Tuan"], "a closed account holds no seat"
    assert set(seats[0]["user"]) == {"id", "full_name", "position"}
    assert caller.get(f"seats/{seats[0]['id']}/").json() == seats[0]
    (committee,) = caller.get("committees/", on="2026-02-01").json()["results"]
    assert caller.get(f"committees/{committee['id']}/").json() == committee
    assert caller.get("committees/", on="2026-01-04").json()["count"] == 0
