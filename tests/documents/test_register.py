"""The register of law: one act once, facts as they are given, oddities told, and finding an act while typing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from documents.facts import DAYS, TEXTS, FactsError, clean_facts
from documents.models import Regulation, RegulationRelation
from documents.services.lookup import SHOWN, near_misses, suggestions
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed
from workflows.models import Move

DAY = date(2026, 3, 15)
EVE = DAY - timedelta(days=1)


def act(number: str, **facts: Any) -> Regulation:
    return engine.start(Regulation(), "import", by=None, facts={"number": number, **facts})


def test_an_act_stands_once_whoever_enters_it_and_however(world: World) -> None:
    first = act("08/2025/NĐ-CP")
    for number, issuer in (("8/2025/nđ-cp", ""), ("Nghị định số 8/2025/NĐ–CP", "Chính phủ")):
        with pytest.raises(BadAnswer) as refused:
            engine.start(Regulation(), "register", by=world.phuc, facts={"number": number, "issuer": issuer})
        assert list(refused.value.problems) == ["number"]
    other = act("9/2025/NĐ-CP")
    with pytest.raises(BadAnswer):
        engine.fire(other, "correct", by=world.phuc, facts={"number": "8/2025/NĐ-CP"})
    same = engine.fire(first, "correct", by=world.phuc, facts={"number": "8/2025/NĐ-CP", "title": "Nghị định"})
    assert (same.number, same.title, Regulation.objects.count()) == ("8/2025/NĐ-CP", "Nghị định", 2)


def test_one_number_of_two_provinces_is_two_acts(db: None) -> None:
    first, second = (act("04/2024/NQ-HĐND", issuer=f"HĐND tỉnh {name}") for name in "AB")
    assert set(Regulation.objects.by_number("4/2024/NQ-HĐND")) == {first, second}
    assert list(Regulation.objects.by_number("4/2024/NQ-HĐND", "Hội đồng nhân dân tỉnh B")) == [second]
    with pytest.raises(BadAnswer):
        act("4/2024/NQ-HĐND", issuer="Hội đồng nhân dân tỉnh A")


def test_the_kind_follows_from_the_number_unless_it_is_given(db: None) -> None:
    assert (act("8/2025/NĐ-CP").kind, act("9/2025/TT-BTP").kind) == ("Nghị định", "Thông tư")
    assert act("10/2025/NĐ-CP", kind="Nghị định liên tịch").kind == "Nghị định liên tịch"


ODD = {
    "begin": "Ngày có hiệu lực trước ngày ban hành.",
    "end": "Ngày hết hiệu lực trước ngày có hiệu lực.",
    "year": "Số hiệu không có năm.",
}


@pytest.mark.parametrize(
    ("number", "facts", "expected"),
    [
        ("8/2025/NĐ-CP", {}, []),
        ("8/2025/NĐ-CP", {"issued_on": DAY, "effective_on": DAY, "expired_on": DAY}, []),
        ("8/2025/NĐ-CP", {"issued_on": DAY, "effective_on": EVE}, ["begin"]),
        ("8/2025/NĐ-CP", {"effective_on": DAY, "expired_on": EVE}, ["end"]),
        ("8/2025/NĐ-CP", {"issued_on": DAY, "expired_on": EVE}, []),
        ("8/NĐ-CP", {"issued_on": DAY, "effective_on": EVE}, ["year", "begin"]),
    ],
)
def test_what_is_odd_is_kept_and_told(db: None, number: str, facts: dict[str, Any], expected: list[str]) -> None:
    assert act(number, **facts).oddities == [ODD[name] for name in expected]


def test_verifying_needs_the_day_from_which_it_counts(world: World) -> None:
    vague, known = act("8/2025/NĐ-CP"), act("9/2025/NĐ-CP", effective_on=DAY)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(vague, "verify", by=world.phuc)
    assert list(refused.value.problems) == ["Chưa có ngày có hiệu lực."]
    done = engine.fire(known, "verify", by=world.phuc)
    assert done.state == "verified"
    again = engine.fire(done, "correct", by=world.hoa, facts={"number": "9/2025/NĐ-CP"})
    assert (again.state, again.effective_on) == ("registered", None), "what was corrected is verified anew"


def test_verifying_needs_a_day_that_is_not_before_the_issue(world: World) -> None:
    """As the source has 11/2020/TT-BTP: issued on 31/12/2020, in force since 15/02/2020."""
    odd = act("11/2020/TT-BTP", issued_on=DAY, effective_on=EVE)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(odd, "verify", by=world.phuc)
    assert list(refused.value.problems) == [ODD["begin"]]
    for issued_on in (DAY, EVE, None):
        facts = {"number": odd.number, "issued_on": issued_on, "effective_on": DAY}
        corrected = engine.fire(odd, "correct", by=world.phuc, facts=facts)
        assert engine.fire(corrected, "verify", by=world.phuc).state == "verified"


def test_the_ledger_holds_every_fact(db: None) -> None:
    facts = {
        "number": "8/2025/NĐ-CP",
        "issuer": "Chính phủ",
        "kind": "Nghị định",
        "title": "Về hộ tịch",
        "source_status": "in_force",
        "issued_on": DAY,
        "effective_on": DAY,
        "expired_on": None,
    }
    made = engine.start(Regulation(), "import", by=None, facts=facts)
    evidence = json.loads(Move.objects.get(stream=made.pk).body)["evidence"]
    days = dict.fromkeys(("issued_on", "effective_on"), "2026-03-15")
    assert evidence == {**facts, **days}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_text_is_taken_up_to_its_limit(name: str) -> None:
    limit = TEXTS[name]
    facts = {"number": "1/2026/NĐ-CP"}
    assert len(clean_facts(facts | {name: "x" * limit})[name]) == limit
    for wrong in ("x" * (limit + 1), 5, ["x"], "a\0b"):
        with pytest.raises(FactsError) as refused:
            clean_facts(facts | {name: wrong})
        assert list(refused.value.problems) == [name]


@pytest.mark.parametrize("name", DAYS)
def test_a_day_is_a_day_or_unknown(name: str) -> None:
    facts = {"number": "1/2026/NĐ-CP"}
    for given, expected in ((None, None), ("", None), ("2026-03-15", DAY), (DAY, DAY)):
        assert clean_facts(facts | {name: given})[name] == expected
    for wrong in ("15/03/2026", "2026-02-30", 5, True, "hôm nay"):
        with pytest.raises(FactsError) as refused:
            clean_facts(facts | {name: wrong})
        assert list(refused.value.problems) == [name]


def test_facts_are_stripped_composed_and_complete() -> None:
    facts = clean_facts({"number": "  1/2026/NĐ-CP ", "title": "Nghi\u0323 đi\u0323nh"})
    assert (facts["number"], facts["title"], facts["effective_on"]) == ("1/2026/NĐ-CP", "Nghị định", None)
    assert set(facts) == {*TEXTS, *DAYS}
    for wrong, field in (({}, "number"), ({"number": " "}, "number"), ([], "facts"), ({"number": "1", "x": 1}, "x")):
        with pytest.raises(FactsError) as refused:
            clean_facts(wrong)
        assert list(refused.value.problems) == [field]


def test_relations_stand_around_both_ends_newest_first(db: None) -> None:
    one, two, three, four = (act(f"{number}/2025/NĐ-CP") for number in (1, 2, 3, 4))
    for source, target, since in ((two, one, EVE), (one, three, DAY), (three, four, DAY)):
        RegulationRelation.objects.create(source=source, kind="amends", target=target, effective_on=since)
    around = [(row.source, row.target) for row in RegulationRelation.objects.around(one)]
    assert around == [(one, three), (two, one)]


@pytest.mark.parametrize("q", ["18/2026", "18/2026/nđ-cp", "018/2026/ND-CP", "ho tich", "HỘ TỊCH", "tịch hộ"])
def test_typing_finds_an_act_and_not_its_neighbours(world: World, q: str) -> None:
    wanted = act("18/2026/NĐ-CP", title="Sửa đổi các nghị định về hộ tịch", effective_on=DAY)
    act("19/2026/NĐ-CP", title="Về công chứng")
    found = suggestions(q, world.son, DAY)
    assert [(one.pk, one.validity_on) for one in found] == [(wanted.pk, "in_force")]  # type: ignore[attr-defined]
    assert suggestions(q, world.root, DAY) == [], "who holds no seat reads no register"


def test_numbers_that_begin_so_come_first_and_few_are_shown(world: World) -> None:
    for number in ("118/2026/NĐ-CP", "18/2026/NĐ-CP", *(f"18/20{year}/NĐ-CP" for year in range(10, 20))):
        act(number)
    found = [one.number for one in suggestions("18/20", world.son, DAY)]
    assert len(found) == SHOWN
    assert all(number.startswith("18/") for number in found)
    assert [one.number for one in suggestions("18/2026", world.son, DAY)] == ["18/2026/NĐ-CP", "118/2026/NĐ-CP"]


def test_a_slip_finds_its_neighbour_and_nothing_typed_finds_nothing(world: World) -> None:
    act("123/2015/NĐ-CP")
    act("77/2008/NĐ-CP")
    assert [one.number for one in suggestions("123/2051/NĐ-CP", world.son, DAY)] == ["123/2015/NĐ-CP"]
    assert near_misses("123/2051/NĐ-CP") == ["123/2015/NĐ-CP"]
    assert near_misses("123/2015/NĐ-CP") == []
    for nothing in ("", "   ", "không có gì như vậy"):
        assert suggestions(nothing, world.son, DAY) == []
    assert factories.regulation("123/2015/NĐ-CP").number == "123/2015/NĐ-CP"
