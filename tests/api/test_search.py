"""The search over HTTP: the hits of the page, walls, refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import factories
from tests.api.conftest import Caller
from tests.capa import records
from tests.people import World
from tests.workflows import searched
from workflows.models import User

Call = Callable[[User | None], Caller]
WORDS = "thông tư đã hết hiệu lực"


def test_hits_are_those_of_the_page(world: World, call: Call) -> None:
    version = factories.in_force(world, purpose="Chứng thực <b>bản sao</b>")
    answer = call(world.son).get("search/", q="chung thuc").json()
    assert answer["q"] == "chung thuc"
    (kind,) = answer["kinds"]
    assert (kind["kind"], kind["count"], kind["more"]) == ("document", 1, False)
    (hit,) = kind["hits"]
    assert hit["id"] == str(version.pk)
    assert (hit["url"], hit["within"], hit["part"]) == (version.get_absolute_url(), "", "Mục đích")
    assert hit["excerpt"] == {"text": "Chứng thực <b>bản sao</b>", "marks": [[0, 5], [6, 10]]}
    assert hit["title"] == {"text": str(version), "marks": []}
    assert hit["exact"] is False
    assert call(world.son).get("search/", q="chứng thực").json()["kinds"][0]["hits"][0]["exact"] is True


def test_one_kind(world: World, call: Call) -> None:
    records.car(world, "analysis")
    both = call(world.minh).get("search/", q=WORDS).json()["kinds"]
    assert [one["kind"] for one in both] == ["car", "finding"]
    alone = call(world.minh).get("search/", q=WORDS, kind="finding").json()["kinds"]
    assert alone == both[1:]
    assert call(world.minh).get("search/", q=WORDS, kind="nothing").json()["kinds"] == []


@pytest.mark.parametrize(
    "query",
    [{}, {"q": ""}, {"q": "a" * 201}, {"q": "a", "page": "2"}, {"q": "a\x00"}, {"q": "a", "kind": "Car"}],
    ids=str,
)
def test_a_query_is_read_strictly(world: World, call: Call, query: dict[str, str]) -> None:
    assert call(world.son).get("search/", **query).status_code == 400


def test_nobody_and_foreigners_find_nothing(world: World, call: Call) -> None:
    records.car(world, "analysis")
    factories.in_force(world, purpose=WORDS)
    assert call(None).get("search/", q=WORDS).status_code == 401
    for who in ("dung", "xuan", "root"):
        assert call(world.people[who]).get("search/", q=WORDS).json()["kinds"] == [], who
    assert searched.hits(world.son, WORDS)
