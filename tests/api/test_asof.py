"""The API as of a day and by the records of another: the same meaning on lists and on one document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.models import DocumentVersion, RegulationRelation
from tests import factories
from tests.api.conftest import Caller
from tests.documents import lives
from tests.documents.lives import START, at
from tests.people import World
from workflows.models import User

Call = Callable[[User | None], Caller]
TODAY = timezone.localdate()


def days(more: int) -> date:
    return START + timedelta(days=more)


def twice(world: World) -> tuple[DocumentVersion, DocumentVersion]:
    """A document whose second version was issued on the 10th day to begin on the 20th."""
    first = lives.adopt(world, START, START, purpose="Mục đích ban đầu.")
    return first, lives.renew(world, first.document, days(10), days(20), purpose="Mục đích đã sửa.")


def rows(caller: Caller, address: str, **query: Any) -> list[dict[str, Any]]:
    answer = caller.get(address, **query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    assert answer.json()["count"] == len(found)
    return found


MOMENTS: tuple[tuple[dict[str, Any], str | None], ...] = (
    ({"on": days(-1)}, None),
    ({"on": days(19)}, "01/00"),
    ({"on": days(20)}, "01/01"),
    ({"on": days(20), "known": days(9)}, "01/00"),
    ({"on": days(20), "known": days(10)}, "01/01"),
    ({"on": days(20), "known": days(-1)}, None),
    ({"known": days(9)}, "01/00"),
    ({"known": TODAY}, "01/01"),
    ({"on": TODAY + timedelta(days=400)}, "01/01"),
)


@pytest.mark.parametrize(("query", "number"), MOMENTS)
def test_lists_and_detail_mean_the_same_moment(
    world: World, call: Call, query: dict[str, Any], number: str | None
) -> None:
    first, _second = twice(world)
    caller = call(world.son)
    documents = rows(caller, "documents/", **query)
    versions = rows(caller, "versions/", **query)
    one = caller.get(f"documents/{first.document_id}/", **query).json()
    wanted = [number] if number else []
    assert [row["in_force"]["number"] for row in documents] == wanted
    assert [row["number"] for row in versions] == wanted
    assert (one["in_force"] and one["in_force"]["number"]) == number
    expected = {"on": str(query.get("on", TODAY)), "known": str(query.get("known", TODAY))}
    assert {name: one["as_of"][name] for name in expected} == expected


def test_the_document_carries_its_text_and_its_legal_basis_then(world: World, call: Call) -> None:
    law = lives.register("1/2020/NĐ-CP", START)
    heir = lives.register("2/2026/NĐ-CP", days(6), effective_on=days(3))
    numbers = [law.number, heir.number, "9/1999/X"]
    basis = [{"key": f"b{at}", "number": number, "issuer": "", "note": ""} for at, number in enumerate(numbers)]
    version = lives.adopt(world, START, START, legal_basis=basis, purpose="Mục đích ban đầu.")
    RegulationRelation.objects.create(
        source=heir, kind="replaces", target=law, effective_on=days(4), recorded_at=at(days(8))
    )
    caller = call(world.son)
    for query, said in (
        ({"on": days(4), "known": days(5)}, [("unknown", []), (None, []), (None, [])]),
        ({"on": days(4), "known": days(7)}, [("unknown", []), ("in_force", []), (None, [])]),
        ({"on": days(2), "known": days(8)}, [("unknown", []), ("announced", []), (None, [])]),
        ({"on": days(4), "known": days(8)}, [("expired", [heir.number]), ("in_force", []), (None, [])]),
        ({}, [("expired", [heir.number]), ("in_force", []), (None, [])]),
    ):
        shown = caller.get(f"documents/{version.document_id}/", **query).json()["in_force"]
        assert shown["content"]["purpose"] == "Mục đích ban đầu."
        assert [row["number"] for row in shown["legal_basis"]] == numbers
        found = [(row["validity"], [one["number"] for one in row["replaced_by"]]) for row in shown["legal_basis"]]
        assert found == said, query
        assert [row["regulation"] is None for row in shown["legal_basis"]] == [one is None for one, _heirs in said]


def test_the_permanent_link_answers_the_same_after_later_records(world: World, call: Call) -> None:
    first, _second = twice(world)
    caller = call(world.son)
    before = caller.get(f"documents/{first.document_id}/", on=days(30), known=days(9)).json()
    lives.renew(world, first.document, days(31), days(31))
    after = caller.client.get(before["as_of"]["link"]).json()
    assert after == before
    assert [row["number"] for row in before["versions"]] == ["01/00"]


def test_an_end_that_was_recorded_later_is_not_told(world: World, call: Call) -> None:
    gone = lives.withdraw(world, lives.adopt(world, START, START), days(5))
    caller = call(world.son)
    for known, ends in ((4, None), (5, str(days(5)))):
        query = {"on": START, "known": days(known)}
        (version,) = rows(caller, "versions/", **query)
        (document,) = rows(caller, "documents/", **query)
        one = caller.get(f"documents/{gone.document_id}/", **query).json()
        told = (version, document["in_force"], one["in_force"], one["versions"][0])
        assert [shown["effective_to"] for shown in told] == [ends] * 4
    assert rows(caller, "versions/", on=days(5)) == []


@pytest.mark.parametrize("address", ["documents/", "versions/", "documents/{pk}/"])
@pytest.mark.parametrize(
    ("name", "value"), [("on", "31/02/2026"), ("known", "x"), ("known", str(TODAY + timedelta(days=1)))]
)
def test_a_wrong_day_is_refused_by_name(world: World, call: Call, address: str, name: str, value: str) -> None:
    shown = lives.adopt(world, START, START)
    answer = call(world.son).get(address.format(pk=shown.document_id), **{name: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_query")
    assert [problem["field"] for problem in answer.json()["problems"]] == [name]


def test_other_filters_narrow_what_was_in_force(world: World, call: Call) -> None:
    first, second = twice(world)
    other = lives.adopt(world, START, START, owner=factories.document(world, "bttp"))
    caller = call(world.son)
    place = world.unit("bttp").pk
    assert [row["id"] for row in rows(caller, "versions/", on=days(20), unit=place)] == [str(other.pk)]
    assert [row["id"] for row in rows(caller, "versions/", on=days(20), document=first.document_id)] == [str(second.pk)]
    assert [row["id"] for row in rows(caller, "documents/", known=days(9), unit=place)] == [str(other.document_id)]


def test_the_walls_stand_on_every_day(world: World, call: Call) -> None:
    shown = lives.adopt(world, START, START)
    foreign = lives.adopt(world, START, START, owner=factories.document(world, "nx1"))
    for query in ({"on": days(3)}, {"on": days(3), "known": days(4)}):
        for name, seen in (("son", shown), ("dung", foreign), ("root", None)):
            caller = call(world.people[name])
            wanted = [str(seen.pk)] if seen else []
            assert [row["id"] for row in rows(caller, "versions/", **query)] == wanted
            assert [row["in_force"]["id"] for row in rows(caller, "documents/", **query)] == wanted
        assert call(world.dung).get(f"documents/{shown.document_id}/", **query).status_code == 404


@pytest.mark.parametrize("query", [{"on": days(9)}, {"on": days(9), "known": days(8)}])
def test_statements_do_not_grow_with_rows(world: World, call: Call, query: dict[str, date]) -> None:
    costs = []
    caller = call(world.son)
    caller.get("units/")
    for many in (2, 9):
        for number in range(many):
            lives.register(f"{number}/20{many + 10}/NĐ-CP", START, expired_on=days(1))
            numbers = [f"{place}/20{many + 10}/NĐ-CP" for place in range(number + 1)]
            basis = [{"key": f"b{place}", "number": one, "issuer": "", "note": ""} for place, one in enumerate(numbers)]
            last = lives.adopt(world, START, START, legal_basis=basis)
        cost = []
        for address in ("documents/", "versions/", f"documents/{last.document_id}/"):
            with CaptureQueriesContext(connection) as caught:
                assert caller.get(address, **query).status_code == 200
            cost.append(len(caught))
        costs.append(cost)
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 14
