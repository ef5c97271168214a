"""Citations: what a row of the legal basis resolves to, what replaced dead law, and what is said before submission."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import (
    Citation,
    DocumentVersion,
    Regulation,
    RegulationRelation,
    citation_problems,
    replacements,
    resolve,
)
from documents.sections import BasisRow
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed

DAY = date(2026, 3, 15)
EARLY, EVE, MORROW = date(2016, 1, 1), DAY - timedelta(days=1), DAY + timedelta(days=1)


def act(number: str, issuer: str = "", **facts: Any) -> Regulation:
    return engine.start(Regulation(), "import", by=None, facts={"number": number, "issuer": issuer, **facts})


def basis(*numbers: str, issuer: str = "") -> list[BasisRow]:
    return [BasisRow(key=f"b{at}", number=number, issuer=issuer, note="") for at, number in enumerate(numbers, 1)]


def relate(source: Regulation, kind: str, target: Regulation, since: date | None = None) -> None:
    RegulationRelation.objects.create(source=source, kind=kind, target=target, effective_on=since)


def test_a_row_means_its_act_in_any_spelling_and_nothing_else(db: None) -> None:
    decree, other = act("08/2025/NĐ-CP"), act("8/2025/TT-BTP")
    found = resolve(basis("8/2025/nđ–cp", "Nghị định số 08/2025/NĐ-CP", "8/2025/TT-BTP", "9/2025/NĐ-CP", "Bộ luật"))
    assert found == {"b1": decree, "b2": decree, "b3": other}
    assert resolve([]) == {}


def test_with_a_day_each_act_carries_its_validity(db: None) -> None:
    act("08/2025/NĐ-CP", effective_on=DAY)
    shown = [resolve(basis("8/2025/NĐ-CP"), on)["b1"].validity_on for on in (EVE, DAY)]  # type: ignore[attr-defined]
    assert shown == ["announced", "in_force"]
    assert not hasattr(resolve(basis("8/2025/NĐ-CP"))["b1"], "validity_on")


def test_a_shared_number_needs_its_issuer(db: None) -> None:
    first, second = (act("04/2024/NQ-HĐND", f"HĐND tỉnh {name}") for name in "AB")
    assert resolve(basis("4/2024/NQ-HĐND")) == {}
    assert resolve(basis("4/2024/NQ-HĐND", issuer="Hội đồng nhân dân tỉnh B")) == {"b1": second}
    assert resolve(basis("4/2024/NQ-HĐND", issuer="HĐND tỉnh A")) == {"b1": first}
    assert resolve(basis("4/2024/NQ-HĐND", issuer="HĐND tỉnh C")) == {}


def test_a_number_of_one_issuer_resolves_however_the_issuer_is_written(db: None) -> None:
    only = act("04/2024/NQ-HĐND", "HĐND tỉnh A")
    assert resolve(basis("4/2024/NQ-HĐND", issuer="Tỉnh A")) == {"b1": only}


def law(number: str, title: str, kind: str = "Luật", **facts: Any) -> Regulation:
    return act(number, "Quốc hội", kind=kind, title=title, **facts)


def test_a_law_called_by_name_and_year_means_the_one_act_so_called(db: None) -> None:
    civil_status, later = law("60/2014/QH13", "Hộ tịch"), law("9/2025/QH15", "Luật Hộ tịch năm 2025")
    civil, change = law("91/2015/QH13", "Dân sự", "Bộ luật"), law("20/2012/QH13", "Sửa đổi Luật Luật sư")
    old = law("12-LCT/HĐNN8", "Luật Quốc tịch", issued_on=date(1988, 6, 28))
    law("61/2014/QH13", "Hộ tịch", "Nghị quyết")
    written = {
        "Luật Hộ tịch năm 2014": civil_status,
        "luật hộ tịch 2014": civil_status,
        "Luật HT năm 2014": None,
        "Luật Hộ tịch (2025)": later,
        "Luật Hộ tịch năm 2016": None,
        "Luật Hộ tịch": None,
        "Luật Hộ tịch năm 2014 và Luật Hộ tịch năm 2025": None,
        "Bộ luật Dân sự năm 2015": civil,
        "Luật sửa đổi Luật Luật sư năm 2012": change,
        "Luật Luật sư năm 2012": None,
        "Luật Quốc tịch năm 1988": old,
        "Luật Hộ tịch số 60/2014/QH13": civil_status,
        "khoản 2 Điều 5 Luật số 60/2014/QH13 ngày 20/11/2014": civil_status,
        "60/2014/QH13 và 91/2015/QH13": None,
        "60/2014/QH13x": None,
        "Luật Hộ tịch năm 2014 (60/2014/QH14)": None,
    }
    rows = basis(*written)
    found = resolve(rows)
    assert {row["number"]: found.get(row["key"]) for row in rows} == written
    twin = law("62/2014/QH13", "Luật Hộ tịch")
    assert resolve(basis("Luật Hộ tịch năm 2014")) == {}, "two acts fit"
    assert resolve(basis("60/2014/QH13", twin.number)) == {"b1": civil_status, "b2": twin}


def test_a_name_that_no_act_bears_is_answered_with_those_so_called_in_other_years(db: None) -> None:
    law("60/2014/QH13", "Hộ tịch"), law("9/2025/QH15", "Luật Hộ tịch"), law("68/2020/QH14", "Cư trú")
    assert citation_problems(basis("Luật Hộ tịch năm 2016"), DAY) == [
        "Căn cứ Luật Hộ tịch năm 2016 chưa có trong danh mục văn bản; có phải 9/2025/QH15, 60/2014/QH13?"
    ]
    assert citation_problems(basis("Luật Hộ tịch năm 2014", "Luật Cư trú 2020"), DAY) == []


def test_a_standard_is_an_external_document_with_editions(db: None) -> None:
    old, new = act("TCVN ISO 9001:2008"), act("TCVN ISO 9001:2015", effective_on=EARLY)
    relate(new, "replaces", old)
    assert resolve(basis("tcvn iso 9001:2015", "Tiêu chuẩn TCVN ISO 9001 : 2008")) == {"b1": new, "b2": old}
    assert new.kind == "Tiêu chuẩn"
    assert citation_problems(basis("TCVN ISO 9001:2008"), DAY) == [
        "Căn cứ TCVN ISO 9001:2008 đã hết hiệu lực; được thay bằng TCVN ISO 9001:2015."
    ]


def test_what_replaced_an_act_by_a_day_newest_first(db: None) -> None:
    old = act("1/2010/NĐ-CP", effective_on=EARLY)
    first, second, later = (
        act("1/2020/NĐ-CP", effective_on=date(2020, 1, 1)),
        act("1/2024/NĐ-CP", effective_on=date(2024, 1, 1)),
        act("1/2026/NĐ-CP", effective_on=MORROW),
    )
    relate(first, "replaces", old, date(2020, 1, 1))
    relate(second, "replaces", old)
    relate(later, "replaces", old)
    relate(act("2/2024/NĐ-CP", effective_on=EARLY), "repeals", old, EARLY)
    relate(act("3/2024/NĐ-CP", effective_on=EARLY), "replaces", act("9/2010/NĐ-CP"), EARLY)
    assert replacements(old, DAY) == [second, first]
    assert replacements(old, MORROW) == [later, second, first]
    assert replacements(old, date(2019, 12, 31)) == []
    assert replacements(old, date(2020, 1, 1)) == [first]
    assert replacements(second, MORROW) == []


def test_a_replacement_on_the_very_day_counts_and_one_without_any_day_does_not(db: None) -> None:
    old = act("1/2010/NĐ-CP", effective_on=EARLY)
    heir = act("1/2026/NĐ-CP")
    relate(heir, "replaces", old, DAY)
    relate(act("2/2026/NĐ-CP"), "replaces", old)
    assert (replacements(old, EVE), replacements(old, DAY)) == ([], [heir])


def test_sound_law_gives_no_sentence(db: None) -> None:
    act("1/2020/NĐ-CP", effective_on=EARLY)
    act("2/2020/NĐ-CP")
    act("3/2020/NĐ-CP", effective_on=EARLY, expired_on=MORROW)
    act("4/2020/NĐ-CP", effective_on=MORROW)
    assert citation_problems(basis(*(f"{number}/2020/NĐ-CP" for number in (1, 2, 3, 4))), DAY) == []


def test_dead_law_is_named_with_its_heir(db: None) -> None:
    old, heir = act("1/2010/NĐ-CP", effective_on=EARLY), act("1/2024/NĐ-CP", effective_on=EARLY)
    relate(heir, "replaces", old, DAY)
    act("2/2010/NĐ-CP", expired_on=DAY)
    act("3/2010/NĐ-CP", effective_on=EARLY)
    rows = basis("01/2010/NĐ-CP", "2/2010/NĐ-CP", "3/2010/NĐ-CP")
    assert citation_problems(rows, EVE) == []
    assert citation_problems(rows, DAY) == [
        "Căn cứ 01/2010/NĐ-CP đã hết hiệu lực; được thay bằng 1/2024/NĐ-CP.",
        "Căn cứ 2/2010/NĐ-CP đã hết hiệu lực.",
    ]


def test_an_unknown_number_is_named_with_its_neighbours(db: None) -> None:
    act("123/2015/NĐ-CP", effective_on=EARLY)
    assert citation_problems(basis("123/2051/NĐ-CP", "77/1999/QĐ-XYZ"), DAY) == [
        "Căn cứ 123/2051/NĐ-CP chưa có trong danh mục văn bản; có phải 123/2015/NĐ-CP?",
        "Căn cứ 77/1999/QĐ-XYZ chưa có trong danh mục văn bản.",
    ]


def rows(version: DocumentVersion) -> list[tuple[int, str, str, str | None]]:
    """Place, key and number of each citation, and the act that it was linked with."""
    found = Citation.objects.filter(version=version)
    return list(found.values_list("position", "row_key", "number", "regulation__number"))


def test_a_drafts_citations_follow_its_legal_basis(world: World) -> None:
    act("1/2020/NĐ-CP")
    untouched = factories.version(world)
    draft = factories.version(world, legal_basis=basis("01/2020/nđ-cp", "2/2020/NĐ-CP"))
    assert rows(draft) == [(0, "b1", "01/2020/nđ-cp", "1/2020/NĐ-CP"), (1, "b2", "2/2020/NĐ-CP", None)]
    engine.fire(draft, "edit", by=world.lan, content=factories.content(legal_basis=basis("1/2020/NĐ-CP")))
    assert rows(draft) == [(0, "b1", "1/2020/NĐ-CP", "1/2020/NĐ-CP")]
    assert rows(untouched) == [(0, "b1", factories.LAW, factories.LAW)]


def test_what_was_registered_meanwhile_is_linked_at_submission(world: World) -> None:
    draft = factories.version(world, legal_basis=basis("2/2020/NĐ-CP"))
    assert rows(draft) == [(0, "b1", "2/2020/NĐ-CP", None)]
    act("2/2020/NĐ-CP", effective_on=EARLY)
    engine.fire(draft, "submit", by=world.lan)
    assert rows(draft) == [(0, "b1", "2/2020/NĐ-CP", "2/2020/NĐ-CP")]


CHECKED = [("draft", "submit", "lan"), ("iso_check", "pass", "hoa"), ("pending_approval", "approve", "tuan")]


@pytest.mark.parametrize(("state", "action", "name"), CHECKED)
def test_law_that_died_on_the_way_stops_every_check(world: World, state: str, action: str, name: str) -> None:
    version = factories.version(world, state)
    today = timezone.localdate()
    law = Regulation.objects.get()
    heir = act("7/2026/NĐ-CP", effective_on=today)
    relate(heir, "replaces", law, today)
    yesterday = timezone.now() - timedelta(days=1)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(version, action, by=world.people[name])
    sentence = f"Căn cứ {factories.LAW} đã hết hiệu lực; được thay bằng 7/2026/NĐ-CP."
    assert list(refused.value.problems) == [sentence]
    assert DocumentVersion.objects.get(pk=version.pk).state == state
    assert engine.fire(version, action, by=world.people[name], now=yesterday).state != state


@pytest.mark.parametrize(("state", "action", "name"), [CHECKED[0]])
def test_template_citations_and_times_are_all_checked(world: World, state: str, action: str, name: str) -> None:
    steps = [{"key": "s1", "name": "Tiếp nhận", "responsible": "Một cửa", "time": "4 ngày", "form": ""}]
    version = factories.version(world, state, purpose="", steps=steps, legal_basis=basis("9/1999/QĐ-XYZ"))
    with pytest.raises(GuardFailed) as refused:
        engine.fire(version, action, by=world.people[name])
    words = ("Mục đích", "4 ngày làm việc, quá thời hạn giải quyết 3", "9/1999/QĐ-XYZ")
    assert len(refused.value.problems) == len(words)
    assert all(word in str(text) for word, text in zip(words, refused.value.problems, strict=True))
