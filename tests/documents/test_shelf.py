"""The shelf: what is found by day, state, place, words and cited law, by whom, and what is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import Document, DocumentVersion
from documents.services.asof import Moment
from documents.services.shelf import Wanted, by_unit_and_kind, citing, drafts, shelf
from tests import factories
from tests.people import World
from workflows import engine
from workflows.models import User

TODAY = timezone.localdate()


NOW = Moment.now(TODAY)


def on_shelf(user: User, on: date = TODAY, **wanted: Any) -> list[DocumentVersion]:
    return list(shelf(user, Wanted(at=Moment(on, None, TODAY), **wanted)))


def under_way(user: User, **wanted: Any) -> list[DocumentVersion]:
    return list(drafts(user, Wanted(at=NOW, **wanted)))


def basis(*numbers: str) -> list[dict[str, str]]:
    return [{"key": f"b{at}", "number": number, "issuer": "", "note": ""} for at, number in enumerate(numbers, 1)]


def adopted(owner: Document, **changes: Any) -> DocumentVersion:
    factories.regulation()
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    content = factories.content(**changes)
    return engine.start(fresh, "adopt", by=None, content=content, effective_from=date(2026, 1, 5))


def test_what_is_in_force_and_nothing_else(world: World) -> None:
    cited = factories.in_force(world)
    draft = factories.version(world)
    waits = engine.fire(
        factories.version(world, "approved"),
        "issue",
        by=world.van,
        decision_on=TODAY,
        effective_from=TODAY + timedelta(days=9),
    )
    gone = factories.version(world, "withdrawn")
    assert on_shelf(world.son) == [cited]
    assert on_shelf(world.lan) == [cited], "the writer's draft is on the other list"
    assert on_shelf(world.son, state="issued") == [waits]
    assert on_shelf(world.son, state="withdrawn") == [gone]
    assert on_shelf(world.son, state="superseded") == []
    assert on_shelf(world.son, on=date(2026, 1, 4)) == []
    assert set(on_shelf(world.son, on=TODAY + timedelta(days=9))) == {cited, waits}
    assert draft.state == "draft"


def test_a_state_that_is_not_public_is_no_way_in(world: World) -> None:
    cited = factories.in_force(world)
    factories.version(world)
    assert on_shelf(world.son, state="draft") == [cited]
    assert on_shelf(world.lan, state="draft") == [cited]


def test_each_sees_the_own_agency_and_those_below(world: World) -> None:
    ours, below, foreign = (factories.in_force(world, unit) for unit in ("hctp", "xa", "nx1"))
    for name, seen in (
        ("son", {ours, below}),
        ("cao", {ours, below}),
        ("xuan", {below}),
        ("dung", {foreign}),
        ("root", set()),
        ("nghi", set()),
    ):
        assert set(on_shelf(world.people[name])) == seen, name


def test_unit_kind_and_field_narrow_together(world: World) -> None:
    one = adopted(factories.document(world, field="Hộ tịch"))
    two = adopted(factories.document(world, "bttp", field="Công chứng"))
    three = adopted(factories.document(world, kind="INSTRUCTION", field="Hộ tịch"))
    assert on_shelf(world.son, unit=str(one.unit_id)) == [three, one], "by kind within the unit"
    assert on_shelf(world.son, kind="TTHC_PROC") == [one, two]
    assert on_shelf(world.son, field="Hộ tịch") == [three, one]
    assert on_shelf(world.son, field="Hộ tịch", kind="INSTRUCTION") == [three]
    assert on_shelf(world.son, unit=str(two.unit_id), field="Hộ tịch") == []


def test_it_stands_by_agency_unit_kind_and_code(world: World) -> None:
    places = (("bttp", "QT.A"), ("hctp", "QT.C"), ("hctp", "QT.B"), ("xa", "QT.0"))
    for unit, code in places:
        adopted(factories.document(world, unit, code=code))
    shown = [(version.unit.code, version.document.code) for version in on_shelf(world.son)]
    assert shown == [("HCTP", "QT.B"), ("HCTP", "QT.C"), ("BTTP", "QT.A"), ("XA1", "QT.0")]


@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("kết hôn", ["QT.01", "QT.02"]),
        ("ket hon", ["QT.01", "QT.02"]),
        ("hôn kết", ["QT.01", "QT.02"]),
        ("kết hôn nước ngoài", ["QT.02"]),
        ("kết khai", []),
        ("qt 01", ["QT.01"]),
        ("QT-03", ["QT.03"]),
        ("hộ tịch", ["QT.01"]),
        ("07/2025/nđ-cp", ["QT.03"]),
        ("theo 07/2025/NĐ-CP", ["QT.03"]),
        ("8/2025/NĐ-CP", []),
        ("   ", ["QT.01", "QT.02", "QT.03"]),
        ("%", []),
    ],
)
def test_it_is_searched_by_all_words_code_or_cited_number(world: World, q: str, codes: list[str]) -> None:
    factories.regulation("07/2025/NĐ-CP")
    titles = ("Đăng ký kết hôn", "Đăng ký kết hôn có yếu tố nước ngoài", "Đăng ký khai sinh")
    for at, title in enumerate(titles, 1):
        owner = factories.document(world, code=f"QT.{at:02}", title=title, field="Hộ tịch" if at == 1 else "")
        adopted(owner, legal_basis=basis(factories.LAW if at < 3 else "07/2025/NĐ-CP"))
    assert [version.document.code for version in on_shelf(world.son, q=q)] == codes
    assert on_shelf(world.dung, q=q) == []


def test_with_marks_exact_titles_come_first(world: World) -> None:
    for code, title in (("QT.1", "Cấp ban sao"), ("QT.2", "Cấp bản sao")):
        adopted(factories.document(world, code=code, title=title))
    for q, codes, exact in (
        ("bản sao", ["QT.2", "QT.1"], [0, 1]),
        ("BẢN SAO", ["QT.2", "QT.1"], [0, 1]),
        ("ban sao", ["QT.1", "QT.2"], [0, 0]),
    ):
        found = on_shelf(world.son, q=q)
        assert [version.document.code for version in found] == codes, q
        assert [version.exact for version in found] == exact, q  # type: ignore[attr-defined]


def test_an_exact_title_is_exact_in_any_case_on_either_database(world: World) -> None:
    for code, title in (("QT.1", "Xác nhận tài UBND (cấp xã)"), ("QT.2", "Xác nhận TẠI UBND (cấp xã)")):
        adopted(factories.document(world, code=code, title=title))
    for q in ("tại ubnd", "tại UBND", "Tại uBnD (CẤP XÃ)", "TẠI UBND (cấp\0"):
        found = [(version.document.code, version.exact) for version in on_shelf(world.son, q=q)]  # type: ignore[attr-defined]
        assert found == [("QT.2", 0), ("QT.1", 1)], q
    assert [version.exact for version in on_shelf(world.son, q="tại [u]")] == []  # type: ignore[attr-defined]


def test_the_counts_are_those_of_the_list(world: World) -> None:
    for unit, kind in (("hctp", "TTHC_PROC"), ("hctp", "TTHC_PROC"), ("hctp", "INSTRUCTION"), ("bttp", "TTHC_PROC")):
        adopted(factories.document(world, unit, kind=kind))
    factories.in_force(world, "nx1")
    counted = by_unit_and_kind(shelf(world.son, Wanted(at=NOW)))
    hctp, bttp = world.unit("hctp").pk, world.unit("bttp").pk
    assert counted == [(hctp, "INSTRUCTION", 1), (hctp, "TTHC_PROC", 2), (bttp, "TTHC_PROC", 1)]


def test_how_many_versions_cite_each_act(world: World) -> None:
    act, other, idle = (factories.regulation(f"{number}/2020/NĐ-CP") for number in (1, 2, 3))
    factories.in_force(world, legal_basis=basis(act.number, "01/2020/nđ-cp", other.number))
    factories.in_force(world, "bttp", legal_basis=basis(act.number))
    factories.in_force(world, "nx1", legal_basis=basis(act.number))
    factories.version(world, legal_basis=basis(act.number))
    acts = [act.pk, other.pk, idle.pk]
    assert citing(acts, TODAY, world.son) == {act.pk: 2, other.pk: 1}
    assert citing([other.pk], TODAY, world.son) == {other.pk: 1}
    assert citing(acts, TODAY, world.dung) == {act.pk: 1}
    assert citing(acts, date(2026, 1, 4), world.son) == {}


def test_drafts_are_for_those_who_work_on_them_the_most_urgent_first(world: World) -> None:
    first, second = factories.version(world, "unit_review"), factories.version(world, "iso_check")
    foreign = factories.version(world)
    factories.in_force(world)
    factories.version(world, "cancelled")
    factories.version(world, "issued")
    assert set(under_way(world.lan)) == {first, second, foreign}
    assert under_way(world.hoa, state="iso_check") == [second]
    assert under_way(world.lan, mine=True, state="unit_review") == [first]
    assert under_way(world.minh, mine=True) == []
    assert under_way(world.lan, q=first.document.code) == [first]
    assert under_way(world.lan, unit=str(world.unit("bttp").pk)) == []
    for name in ("son", "mai", "dung", "cao", "root"):
        assert under_way(world.people[name]) == [], name
