"""What is odd between acts is told, in the list and on the act's page, and stops nothing; parts of acts are entered."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from documents.models import Regulation, RegulationRelation
from documents.provisions import stored
from documents.services.oddities import Oddity, _circles, odd, oddities_of
from documents.services.relations import relation_add
from tests import factories
from tests.documents.test_imports import taken
from tests.people import World
from tests.workflows.screens import log_in, text
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Move

DAY = date(2026, 3, 1)


def relate(source: str, kind: str, target: str, **facts: Any) -> None:
    ends = {"source": factories.regulation(source), "target": factories.regulation(target)}
    RegulationRelation.objects.create(kind=kind, **ends, **facts)


def found(kind: str) -> set[str]:
    return set(Regulation.objects.filter(odd(kind)).values_list("number", flat=True))


LADDER = [
    "59/2020/QH14",
    "03/2007/PL-UBTVQH11",
    "18/2026/NĐ-CP",
    "19/2014/QĐ-TTg",
    "08/2025/TT-BTP",
    "04/2024/NQ-HĐND",
    "24/2024/QĐ-UBND",
]
"""From the highest to the lowest."""


def test_a_lower_act_that_changes_a_higher_one_is_told_and_no_other(world: World) -> None:
    del world
    for at, higher in enumerate(LADDER):
        for lower in LADDER[at + 1 :]:
            relate(higher, "amends", lower)
            relate(lower, "guides", higher)
            relate(lower, "legal_basis", higher)
    relate("07/2025/NĐ-CP", "replaces", "18/2026/NĐ-CP")
    relate("90/KH-SKHCN", "repeals", "18/2026/NĐ-CP")  # of no place in the ladder
    assert found(Oddity.UPWARD) == set()
    for at, lower in enumerate(LADDER[1:], 1):
        RegulationRelation.objects.filter(kind="replaces").delete()
        relate(lower, "replaces", LADDER[at - 1])
        assert found(Oddity.UPWARD) == {lower, LADDER[at - 1]}
        said = f"{lower} thay thế {LADDER[at - 1]}, là văn bản cấp cao hơn."
        assert said in oddities_of(factories.regulation(lower))
        assert said in oddities_of(factories.regulation(LADDER[at - 1]))
    assert oddities_of(factories.regulation("18/2026/NĐ-CP")) == []


def test_a_circle_is_told_to_each_in_it(world: World) -> None:
    del world
    one, two, three, four = (f"{n}/2020/NĐ-CP" for n in (1, 2, 3, 4))
    relate(one, "replaces", two)
    relate(two, "repeals", three)
    relate(four, "replaces", one)
    relate(two, "guides", one)
    assert found(Oddity.CIRCLE) == set()
    relate(three, "replaces", one)
    assert found(Oddity.CIRCLE) == {one, two, three}
    assert oddities_of(factories.regulation(two)) == [f"Văn bản này và {one}, {three} tác động vòng quanh lẫn nhau."]
    assert oddities_of(factories.regulation(four)) == []


NODES = [UUID(int=at) for at in range(6)]


@given(st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=14))
def test_circles_are_exactly_the_acts_that_come_back_to_themselves(pairs: list[tuple[UUID, UUID]]) -> None:
    edges: dict[UUID, set[UUID]] = {}
    for source, target in pairs:
        edges.setdefault(source, set()).add(target)
    far = {(a, b) for a in edges for b in edges[a]}
    for _again in NODES:
        far |= {(a, d) for a, b in far for c, d in far if b == c}
    by_hand = {frozenset(b for b in NODES if (a, b) in far and (b, a) in far) for a in NODES if (a, a) in far}
    assert {frozenset(circle) for circle in _circles(edges)} == by_hand


def test_an_end_whose_day_nobody_knows_is_told(world: World) -> None:
    del world
    relate("1/2020/NĐ-CP", "replaces", "2/2020/NĐ-CP")
    engine.start(Regulation(), "import", by=None, facts={"number": "9/2020/NĐ-CP", "title": "Có tên"})
    relate("9/2020/NĐ-CP", "repeals", "3/2020/NĐ-CP")
    relate("9/2020/NĐ-CP", "repeals", "4/2020/NĐ-CP", effective_on=DAY)
    relate("9/2020/NĐ-CP", "amends", "5/2020/NĐ-CP")
    assert found(Oddity.NO_DAY) == {"3/2020/NĐ-CP"}
    assert oddities_of(factories.regulation("3/2020/NĐ-CP")) == [
        "9/2020/NĐ-CP bãi bỏ 3/2020/NĐ-CP từ ngày nào thì chưa rõ."
    ]


def test_the_list_and_the_page_say_so(world: World) -> None:
    relate("08/2025/TT-BTP", "amends", "18/2026/NĐ-CP", provisions=stored(["5.2", "7"]), effective_on=DAY)
    other = factories.regulation("1/2020/NĐ-CP")
    listed = text(world.son, f"{reverse('documents:regulations')}?odd=upward")
    assert "08/2025/TT-BTP" in listed
    assert "18/2026/NĐ-CP" in listed
    assert other.number not in listed
    assert log_in(world.son).get(f"{reverse('documents:regulations')}?odd=nonsense").status_code == 400
    shown = log_in(world.son).get("/api/regulations/?odd=upward").json()
    assert {row["number"] for row in shown["results"]} == {"08/2025/TT-BTP", "18/2026/NĐ-CP"}
    whole = log_in(world.son).get(f"/api/regulations/{factories.regulation('18/2026/NĐ-CP').pk}/").json()
    assert whole["relation_oddities"] == ["08/2025/TT-BTP sửa đổi 18/2026/NĐ-CP, là văn bản cấp cao hơn."]
    assert [row["provisions"] for row in whole["relations"]] == [["5.2", "7"]]
    page = log_in(world.son).get(factories.regulation("18/2026/NĐ-CP").get_absolute_url()).content.decode()
    assert "08/2025/TT-BTP sửa đổi 18/2026/NĐ-CP, là văn bản cấp cao hơn." in page
    assert "sửa đổi khoản 2 Điều 5, Điều 7" in page
    assert "Quan hệ có điểm lạ" not in log_in(world.son).get(other.get_absolute_url()).content.decode()


# Entering parts.


def test_a_relation_may_name_articles(world: World) -> None:
    target = factories.regulation()
    act = factories.regulation("07/2025/NĐ-CP", effective_on=DAY)
    made = relation_add(
        source=act, kind="repeals_part", number=target.number, by=world.phuc, provisions="Điều 7; khoản 2, 3 điều 5"
    )
    assert made.provisions == "|5.2|5.3|7|"
    assert set(made.provision_rows.values_list("provision", flat=True)) == {"5.2", "5.3", "7"}
    note = Move.objects.filter(stream=act.pk).latest("seq").note
    assert note == f"Quan hệ: bãi bỏ một phần khoản 2, 3 Điều 5, Điều 7 {target.number} từ ngày văn bản có hiệu lực"
    assert target.validity(DAY) == "partly_expired"


@pytest.mark.parametrize(
    ("kind", "parts", "sentence"),
    [("amends", "phần đầu", "“phần đầu” không phải là điều"), ("replaces", "Điều 5", "là với cả văn bản")],
)
def test_parts_that_will_not_do_are_refused(world: World, kind: str, parts: str, sentence: str) -> None:
    target, act = factories.regulation(), factories.regulation("07/2025/NĐ-CP", effective_on=DAY)
    with pytest.raises(BadAnswer) as refused:
        relation_add(source=act, kind=kind, number=target.number, by=world.phuc, provisions=parts)
    assert sentence in refused.value.problems["provisions"]  # type: ignore[call-overload]
    assert not RegulationRelation.objects.exists()
    form = {"kind": kind, "number": target.number, "provisions": parts, "issuer": "", "effective_on": ""}
    answer = log_in(world.phuc).post(reverse("documents:relate", args=[act.pk]), form)
    assert (answer.status_code, parts in answer.content.decode()) == (400, True), "what was typed is still there"


LAW = {"number": "123/2015/NĐ-CP", "title": "Hộ tịch", "effective": "2016-01-01"}
AMENDS = {"source": "07/2025/NĐ-CP", "relation": "amends", "target": "123/2015/NĐ-CP"}


def test_a_file_may_name_articles_and_acts_that_the_register_lacks(db: None, tmp_path: Path) -> None:
    rows = [
        AMENDS | {"provisions": ["khoản 2 Điều 5", "7"]},
        AMENDS | {"provisions": "Điều 7; khoản 2 Điều 5"},
        AMENDS | {"provisions": "Điều 8"},
        AMENDS | {"relation": "replaces", "provisions": "Điều 8"},
        AMENDS | {"relation": "corrects", "provisions": "phần đầu"},
        AMENDS | {"relation": "guides", "target": "không phải số"},
    ]
    report = taken(tmp_path, LAW, *rows)
    assert dict(report.counts) == {"added": 3, "same": 1}
    assert [line for _file, line, _reason in report.bad] == [5, 6, 7]
    assert sorted(one.parts for one in RegulationRelation.objects.all()) == [("5.2", "7"), ("8",)]
    assert found(Oddity.NAMED_ONLY) == {"07/2025/NĐ-CP"}
    named = Regulation.objects.by_number("7/2025/NĐ-CP").get()
    assert oddities_of(named) == ["Văn bản này chỉ được biết vì có nơi nhắc đến: chưa rõ thông tin nào khác."]
    later = taken(tmp_path, {"number": "07/2025/NĐ-CP", "effective": "2025-01-09"})
    assert dict(later.counts) == {"changed": 1}
    assert (found(Oddity.NAMED_ONLY), named.validity(DAY)) == (set(), "in_force")
