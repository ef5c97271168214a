"""Citations of articles, and from steps: read, kept, reached by what touches them, dead with what is repealed."""

from __future__ import annotations

import importlib
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import QuerySet
from django.utils import timezone

from documents.citing import Mention, mentions
from documents.models import Citation, DocumentVersion, Regulation, RegulationRelation, citation_problems
from documents.models.citation import step_warnings
from documents.provisions import parse, stored
from documents.sections import BasisRow
from documents.services.alarm import dead_citations
from documents.services.alarm_words import dead_words
from documents.services.asof import Moment
from documents.services.touching import Touched, regulation_touches
from tests import factories
from tests.documents.lives import at as instant
from tests.documents.samples import full_content
from tests.documents.test_asof_migration import put_walls_aside
from tests.people import World
from workflows import engine

TODAY = timezone.localdate()
YOUNG, DAY = TODAY - timedelta(days=30), TODAY - timedelta(days=10)
EVE = DAY - timedelta(days=1)
OLD, NEW = "99/2022/NĐ-CP", "18/2026/NĐ-CP"


def step(key: str, name: str, **cells: str) -> dict[str, str]:
    return {"key": key, "name": name, "responsible": "Một cửa", "time": "½ ngày", "form": ""} | cells


def row(number: str, note: str = "", key: str = "b1") -> dict[str, str]:
    return {"key": key, "number": number, "issuer": "", "note": note}


# What a content cites.


@pytest.mark.parametrize(
    ("number", "note", "parts"),
    [
        (OLD, "", ""),
        (OLD, "Điều 5", "5"),
        (f"điểm a khoản 2 Điều 5 Nghị định {OLD}", "", "5.2.a"),
        (f"khoản 1, 3 Điều 7 {OLD}", "thay Điều 9", "7.1 7.3"),
        (OLD, "được sửa đổi tại Điều 1 Nghị định 38/2023/NĐ-CP", ""),
        (OLD, "được sửa tại Điều 1 Luật Hộ tịch năm 2014", ""),
        (OLD, "áp dụng khoản 2", ""),
    ],
)
def test_the_articles_that_a_row_names(number: str, note: str, parts: str) -> None:
    (one,) = [one for one in mentions(full_content(legal_basis=[row(number, note)])) if one.place == "basis"]
    assert one == Mention("basis", 0, 0, "b1", number, "", tuple(parts.split()))


STEPS: list[tuple[str, list[tuple[str, str]]]] = [
    ("theo khoản 2 Điều 20 Nghị định số 77/2008/NĐ-CP thì chậm nhất", [("77/2008/NĐ-CP", "20.2")]),
    ("quy định tại Điều 4 của Nghị định số 65/2026/NĐ-CP. Trong thời hạn", [("65/2026/NĐ-CP", "4")]),
    (
        "điểm c khoản 3 Điều 22 Nghị định số 27/2022/NĐ-CP, được sửa đổi tại khoản 13 Điều 1 Nghị định 38/2023/NĐ-CP",
        [("27/2022/NĐ-CP", "22.3.c"), ("38/2023/NĐ-CP", "1.13")],
    ),
    ("Điều 27 đến Điều 29 Nghị định số 99/2022/NĐ-CP", [("99/2022/NĐ-CP", "27 28 29")]),
    ("khoản 1 Điều 17 Luật Đấu giá tài sản số 01/2016/QH14", [("01/2016/QH14", "17.1")]),
    ("Điều 18 của Luật Luật sư số 65/2006/QH11", [("65/2006/QH11", "18")]),
    ("Điều 33 của Luật TNBTCNN năm 2017 ở cấp xã", [("Luật TNBTCNN năm 2017", "33")]),
    # The article belongs to another act, or to none.
    ("Điều 17 Luật Đấu giá tài sản và Nghị định số 99/2022/NĐ-CP", [("99/2022/NĐ-CP", "")]),
    ("Điều 17 Luật Đấu giá tài sản, Nghị định số 99/2022/NĐ-CP", [("99/2022/NĐ-CP", "")]),
    ("Điều 5. Nghị định số 99/2022/NĐ-CP", [("99/2022/NĐ-CP", "")]),
    ("Nghị định số 99/2022/NĐ-CP, Điều 5 của Quy chế", [("99/2022/NĐ-CP", "")]),
    ("Điều 5 Nghị định 99/2022/NĐ-CP; theo Điều 6 Nghị định 99/2022/NĐ-CP", [("99/2022/NĐ-CP", "5 6")]),
    (
        "Điều 5 Nghị định 99/2022/NĐ-CP và 99/2022/NĐ-CP",
        [("99/2022/NĐ-CP", "5"), ("99/2022/NĐ-CP", "")],
    ),
    ("nộp hồ sơ QT 01/CX-HCTP ngày 12/5/2025", []),
    ("theo pháp luật về luật sư năm 2025", []),
]


@pytest.mark.parametrize(("text", "expected"), STEPS)
def test_what_a_step_cites(text: str, expected: list[tuple[str, str]]) -> None:
    found = mentions(full_content(steps=[step("s1", "Tiếp nhận"), step("s2", text)], legal_basis=[]))
    assert [(one.number, " ".join(one.provisions)) for one in found] == expected
    assert [(one.place, one.position, one.mention, one.row_key) for one in found] == [
        ("step", 1, at, "s2") for at in range(len(expected))
    ]


def test_every_cell_of_a_step_is_read_and_no_article_crosses_from_one_to_the_next() -> None:
    cells = {"responsible": "theo Nghị định 99/2022/NĐ-CP", "form": "Mẫu kèm 08/2025/TT-BTP", "time": "1/2015/NĐ-CP"}
    found = mentions(full_content(steps=[step("s1", "theo Điều 5", **cells)], legal_basis=[]))
    assert [(one.number, one.provisions) for one in found] == [("99/2022/NĐ-CP", ()), ("08/2025/TT-BTP", ())]


# Kept with the version.


def rows_of(version: DocumentVersion) -> list[tuple[Any, ...]]:
    columns = ("place", "position", "mention", "number", "regulation__number", "provisions")
    return list(version.citations.values_list(*columns))


CITING_STEP = "Kiểm tra theo điểm a khoản 2 Điều 5 Nghị định số 99/2022/NĐ-CP và 77/1999/QĐ-XYZ, Luật Biển năm 2012"


def test_a_draft_keeps_what_its_rows_and_steps_cite(world: World) -> None:
    factories.regulation(OLD)
    basis = [row(f"Điều 9 {OLD}"), row(factories.LAW, key="b2")]
    draft = factories.version(world, legal_basis=basis, steps=[step("s1", "Nhận"), step("s2", CITING_STEP)])
    expected = [
        ("basis", 0, 0, f"Điều 9 {OLD}", OLD, "|9|"),
        ("basis", 1, 0, factories.LAW, factories.LAW, ""),
        ("step", 1, 0, OLD, OLD, "|5.2.a|"),
        ("step", 1, 1, "77/1999/QĐ-XYZ", None, ""),
    ]
    assert rows_of(draft) == expected, "a law that nobody registered is no citation, a number is"
    changed = factories.content(legal_basis=basis, steps=[step("s1", "Nhận")])
    draft = engine.fire(draft, "edit", by=world.lan, content=changed)
    assert rows_of(draft) == expected[:2]


def test_an_unknown_number_in_a_step_is_told_and_stops_nobody(world: World) -> None:
    factories.regulation(OLD)
    steps = [step("s1", "Nhận", form="01"), step("s2", CITING_STEP)]
    draft = factories.version(world, steps=steps)
    assert step_warnings(draft.content, TODAY) == ["Bước 2: 77/1999/QĐ-XYZ chưa có trong danh mục văn bản."]
    relate("repeals")
    factories.regulation("Luật 18/2012/QH13", kind="Luật", title="Biển")
    assert step_warnings(draft.content, EVE) == ["Bước 2: 77/1999/QĐ-XYZ chưa có trong danh mục văn bản."]
    assert step_warnings(draft.content, DAY)[0] == "Bước 2: 99/2022/NĐ-CP đã hết hiệu lực."
    sent = engine.fire(draft, "submit", by=world.lan)
    assert sent.state == "unit_review"
    assert "Luật 18/2012/QH13" in {kept[4] for kept in rows_of(sent)}, "read again as it was sent"


# What touches them.


def relate(kind: str, parts: str = "", *, by: str = NEW, since: date | None = DAY, to: str = OLD) -> Regulation:
    source = factories.regulation(by)
    RegulationRelation.objects.create(
        source=source,
        kind=kind,
        target=factories.regulation(to),
        effective_on=since,
        provisions=stored(parse(parts)),
        recorded_at=instant(YOUNG),
    )
    return source


def citing(world: World, number: str = OLD, text: str = "") -> DocumentVersion:
    """In force, its legal basis citing the act, or its second step citing something."""
    factories.regulation(OLD)
    if text:
        return factories.in_force(world, since=YOUNG, steps=[step("s1", "Nhận"), step("s2", text)])
    return factories.in_force(world, since=YOUNG, legal_basis=[row(number)])


def touched(act: Regulation, **how: Any) -> dict[Any, Touched]:
    return {one.version.pk: one for one in regulation_touches(act, on=TODAY, **how)}


def test_an_amendment_of_articles_touches_those_who_cite_them_or_the_whole(world: World) -> None:
    whole, article = citing(world), citing(world, f"Điều 5 {OLD}")
    clause, other = citing(world, f"khoản 2 Điều 5 {OLD}"), citing(world, f"khoản 3 Điều 5 {OLD}")
    citing(world, f"Điều 55 {OLD}"), citing(world, f"khoản 21 Điều 5 {OLD}"), citing(world, f"Điều 6 {OLD}")
    found = touched(relate("amends", "khoản 2 Điều 5"))
    assert {pk: str(one.strength) for pk, one in found.items()} == dict.fromkeys(
        (whole.pk, article.pk, clause.pk), "changes"
    )
    assert other.pk not in found
    assert found[clause.pk].path == [
        {"kind": "amends", "from": NEW, "to": OLD, "row": None, "since": DAY.isoformat(), "provisions": ["5.2"]},
        {"kind": "cites", "from": OLD, "to": clause.document.code, "row": 1, "since": None, "provisions": ["5.2"]},
    ]
    assert "provisions" not in found[whole.pk].path[1]


def test_a_repealed_article_dies_for_those_who_cite_it_and_changes_the_act_for_the_others(world: World) -> None:
    exact, inside = citing(world, f"Điều 5 {OLD}"), citing(world, f"điểm a khoản 1 Điều 5 {OLD}")
    whole, wider = citing(world), citing(world, f"Điều 5, Điều 8 {OLD}")
    citing(world, f"Điều 8 {OLD}")
    found = touched(relate("repeals_part", "Điều 5"))
    assert {pk: str(one.strength) for pk, one in found.items()} == {
        exact.pk: "dies", inside.pk: "dies", wider.pk: "dies", whole.pk: "changes",
    }  # fmt: skip
    narrow = citing(world, f"Điều 9 {OLD}", "")
    repeal = relate("repeals_part", "khoản 1 Điều 9", by="7/2026/NĐ-CP")
    assert str(touched(repeal)[narrow.pk].strength) == "changes", "of the article cited a part is left"


def test_what_happens_to_a_part_goes_on_to_the_consolidated_text_alone(world: World) -> None:
    for number, kind in (("01/VBHN-BTP", "consolidates"), ("5/2023/TT-BTP", "guides")):
        factories.regulation(OLD)
        relate(kind, by=number)
    same, other = citing(world, "khoản 1 Điều 5 01/VBHN-BTP"), citing(world, "Điều 6 01/VBHN-BTP")
    guided = citing(world, "5/2023/TT-BTP")
    found = touched(relate("repeals_part", "Điều 5"))
    assert str(found[same.pk].strength) == "dies"
    assert {other.pk, guided.pk} & set(found) == set()
    stop = touched(relate("suspends", "Điều 6", by="9/2026/NĐ-CP"))
    assert guided.pk not in stop
    halted = touched(relate("suspends", by="10/2026/NĐ-CP"))
    assert str(halted[guided.pk].strength) == "ungrounded"


def test_two_parts_changed_in_two_ways_are_told_apart(world: World) -> None:
    act = relate("amends", "Điều 5")
    relate("repeals_part", "Điều 7")
    five, seven, eight = (citing(world, f"Điều {number} {OLD}") for number in (5, 7, 8))
    found = touched(act)
    assert {pk: (str(one.strength), one.path[0]["kind"]) for pk, one in found.items()} == {
        five.pk: ("changes", "amends"), seven.pk: ("dies", "repeals_part"),
    }  # fmt: skip
    assert eight.pk not in found


def test_a_step_is_reached_too_and_told_apart_from_the_legal_basis(world: World) -> None:
    by_step = citing(world, text=f"theo Điều 5 Nghị định {OLD}")
    by_basis, both = (
        citing(world),
        factories.in_force(world, since=YOUNG, legal_basis=[row(OLD)], steps=[step("s1", f"theo {OLD}")]),
    )
    aside = citing(world, text=f"theo Điều 6 Nghị định {OLD}")
    found = touched(factories.regulation(OLD))
    assert {pk: (one.direct, one.in_step) for pk, one in found.items()} == {
        by_step.pk: (False, True), by_basis.pk: (True, False), both.pk: (True, True), aside.pk: (False, True),
    }  # fmt: skip
    assert [one.path[-1].get("section") for one in (found[by_step.pk], found[both.pk])] == ["steps", None]
    hard = touched(relate("repeals_part", "Điều 5"))
    assert aside.pk not in hard
    assert hard[by_step.pk].path[-1] == {
        "kind": "cites", "from": OLD, "to": by_step.document.code, "row": 2, "since": None,
        "provisions": ["5"], "section": "steps",
    }  # fmt: skip
    assert not hard[by_step.pk].direct, "it does not cite the very act of the event"


# What is dead in them.


def dead(version: DocumentVersion, day: date, known: date | None = None) -> list[tuple[str, date | None, bool]]:
    return [(one.parts, one.since, one.stopped) for one in dead_citations([version.pk], Moment(day, known, TODAY))]


@pytest.fixture
def register(world: World) -> None:
    """The acts, known since long ago; the day of the last one nobody knows."""
    del world
    for number, day in ((OLD, date(2016, 1, 1)), (NEW, date(2016, 1, 1)), ("7/2026/NĐ-CP", None)):
        facts = {"number": number, "effective_on": day}
        engine.start(Regulation(), "import", by=None, now=instant(YOUNG), facts=facts)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("known", [None, EVE])
def test_a_repealed_article_is_dead_for_who_cites_it_from_its_day(world: World, known: date | None) -> None:
    five, inside = citing(world, f"Điều 5, 7 {OLD}"), citing(world, f"điểm a khoản 1 Điều 5 {OLD}")
    living = [citing(world), citing(world, f"Điều 55 {OLD}"), citing(world, f"Điều 6 {OLD}")]
    relate("repeals_part", "Điều 5")
    relate("repeals_part", "Điều 6", by="7/2026/NĐ-CP", since=None)
    assert dead(five, EVE, known) == dead(inside, EVE, known) == []
    assert dead(five, DAY, known) == [("Điều 5", DAY, False)]
    assert dead(inside, DAY, known) == [("điểm a khoản 1 Điều 5", DAY, False)]
    assert [dead(one, DAY, known) for one in living] == [[], [], []]
    assert factories.regulation(OLD).validity(DAY) == "partly_expired"
    (said,) = dead_citations([five.pk], Moment(DAY, known, TODAY))
    assert dead_words(said) == f"Điều 5 {OLD} (từ {DAY:%d/%m/%Y})"


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("known", [None, EVE])
def test_a_stopped_article_is_stopped_and_not_dead_and_the_act_goes_on(world: World, known: date | None) -> None:
    five, whole = citing(world, f"Điều 5 {OLD}"), citing(world)
    relate("suspends", "Điều 5")
    assert dead(five, DAY, known) == [("Điều 5", DAY, True)]
    assert dead(five, EVE, known) == dead(whole, DAY, known) == []
    assert factories.regulation(OLD).validity(DAY) == "in_force"


def test_an_act_that_is_wholly_dead_is_said_so_and_not_by_its_parts(world: World) -> None:
    five = citing(world, f"Điều 5 {OLD}")
    relate("repeals_part", "Điều 5", since=EVE)
    relate("replaces", by="7/2026/NĐ-CP")
    assert dead(five, EVE) == [("Điều 5", EVE, False)]
    assert dead(five, DAY) == [("", DAY, False)]


def test_a_new_version_may_not_cite_a_repealed_article(world: World) -> None:
    factories.regulation(OLD)
    relate("repeals_part", "Điều 5")
    rows = [BasisRow(key=str(at), number=f"{part} {OLD}", issuer="", note="") for at, part in enumerate(
        ("khoản 2 Điều 5, Điều 6", "Điều 6", "")
    )]  # fmt: skip
    assert citation_problems(rows, EVE) == []
    assert citation_problems(rows, DAY) == [f"Căn cứ khoản 2 Điều 5, Điều 6 {OLD}: khoản 2 Điều 5 đã bị bãi bỏ."]
    content = full_content(legal_basis=[], steps=[step("s1", f"theo khoản 2 Điều 5 Nghị định {OLD}")])
    assert step_warnings(content, EVE) == []
    assert step_warnings(content, DAY) == [f"Bước 1: khoản 2 Điều 5 của {OLD} đã bị bãi bỏ."]


def test_versions_that_were_there_before_are_read_again(world: World) -> None:
    standard = factories.regulation("TCVN ISO 9001:2015")
    kept = factories.in_force(
        world, legal_basis=[row(f"Điều 9 {factories.LAW}")], steps=[step("s1", "Điều 2 123/2015/NĐ-CP")]
    )
    expected, others = rows_of(kept), Citation.objects.exclude(version=kept.pk).count()
    assert [one[5] for one in expected] == ["|9|", "|2|"]
    put_walls_aside()
    with connection.cursor() as cursor:
        for wall in ("insert", "update", "delete") if connection.vendor == "sqlite" else ():
            cursor.execute(f"DROP TRIGGER documents_citation_frozen_{wall}")
    Citation.objects.filter(place="step").delete()
    Citation.objects.update(provisions="")
    QuerySet.update(Regulation.objects.filter(pk=standard.pk), number_key="TCVNISO9001:2015", issuer_key="x")
    fill = importlib.import_module("documents.migrations.0013_cited_parts").fill
    apps = MigrationLoader(None, replace_migrations=False).project_state(("documents", "0013_cited_parts")).apps
    with connection.cursor() as cursor:
        fill(apps, SimpleNamespace(connection=connection, execute=cursor.execute))
    assert rows_of(kept) == expected
    assert Citation.objects.exclude(version=kept.pk).count() == others
    assert Regulation.objects.by_number("TCVN ISO 9001:2015").get() == standard
