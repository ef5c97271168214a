"""Rows that say two things, that nobody can tell apart, or that no database takes: told, and never guessed at."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from documents.models import Citation, Document, DocumentVersion, Regulation, RegulationRelation
from tests.documents.test_imports import HEIR, LAW, PROCEDURE, shelved, taken, written
from tests.people import World
from workflows.models import Move


@pytest.mark.parametrize(
    "cell", ["15/2015/TT-BTP; 52/2014/QH13", "15/2015/TT-BTP52/2014/QH13", "15/2015/TT-BTP và 52/2014/QH13"]
)
def test_a_cell_of_two_numbers_becomes_two_rows_and_never_an_act(world: World, tmp_path: Path, cell: str) -> None:
    taken(tmp_path, {"number": "15/2015/TT-BTP", "expired": "2020-07-16"})
    structured = {"legal_basis": [{"number": cell}, {"number": "60/2014/QH13"}]}
    rows: list[dict[str, Any]] = [
        {"code": "1", "legal_basis": [cell, "60/2014/QH13"]},
        {"code": "2", "content": structured},
    ]
    shelved(world, tmp_path, *(PROCEDURE | row for row in rows))
    numbers = ["15/2015/TT-BTP", "52/2014/QH13", "60/2014/QH13"]
    for version in DocumentVersion.objects.all():
        citations = Citation.objects.filter(version=version, place="basis").order_by("position")
        assert list(citations.values_list("regulation__number", flat=True)) == numbers
        assert len({row["key"] for row in version.content["legal_basis"]}) == 3
    assert DocumentVersion.objects.count() == 2
    assert sorted(Regulation.objects.values_list("number", flat=True)) == numbers
    before = written()
    shelved(world, tmp_path, *(PROCEDURE | row for row in rows))
    assert written() == before


def test_no_text_of_several_numbers_is_registered_as_an_act(db: None, tmp_path: Path) -> None:
    two = "15/2015/TT-BTP; 52/2014/QH13"
    relation = {"source": "15/2015/TT-BTP", "relation": "amends", "target": two}
    report = taken(tmp_path, {"number": two}, {"number": "15/2015/TT-BTP15/2015/TT-BTP"}, relation)
    assert [(line, "52/2014/QH13" in reason) for _file, line, reason in report.bad] == [(1, True), (3, True)]
    assert [act.number_key for act in Regulation.objects.all()] == ["15/2015/TT-BTP"]


LOCAL = {"number": "24/2024/QĐ-UBND", "issuer": "UBND tỉnh Sông Vàng", "expired": "2025-06-01"}
CITING = PROCEDURE | {"legal_basis": ["24/2024/QĐ-UBND"]}


def basis_links() -> list[tuple[str, str | None]]:
    rows = Citation.objects.filter(place="basis").order_by("version__document__code_key", "position")
    return list(rows.values_list("number", "regulation__issuer"))


@pytest.mark.parametrize("procedures_first", [True, False])
@pytest.mark.parametrize(
    ("issuers", "linked"),
    [
        (["UBND tỉnh Sông Vàng"], "UBND tỉnh Sông Vàng"),
        (["UBND tỉnh Núi Xanh", "Uỷ ban nhân dân Tỉnh Sông Vàng"], "Uỷ ban nhân dân Tỉnh Sông Vàng"),
        (["UBND tỉnh Núi Xanh"], None),
        (["UBND tỉnh Núi Xanh", "UBND tỉnh Biển Bạc"], None),
    ],
)
def test_a_local_number_is_the_agency_s_own_place_s_in_either_order(
    world: World, tmp_path: Path, procedures_first: bool, issuers: list[str], linked: str | None
) -> None:
    rows = [LOCAL | {"issuer": issuer} for issuer in issuers]
    if procedures_first:
        shelved(world, tmp_path, CITING)
    taken(tmp_path, *rows)
    if not procedures_first:
        shelved(world, tmp_path, CITING)
    assert basis_links() == [("24/2024/QĐ-UBND", linked)]
    assert sorted(Regulation.objects.values_list("issuer", flat=True)) == sorted(issuers)


def test_an_issuer_that_a_row_names_counts_before_the_agency_s_place(world: World, tmp_path: Path) -> None:
    basis = {"number": "24/2024/QĐ-UBND", "issuer": "UBND tỉnh Núi Xanh"}
    shelved(world, tmp_path, PROCEDURE | {"content": {"legal_basis": [basis]}})
    taken(tmp_path, LOCAL, LOCAL | {"issuer": "UBND tỉnh Núi Xanh"})
    assert basis_links() == [("24/2024/QĐ-UBND", "UBND tỉnh Núi Xanh")]


def test_an_act_that_was_only_named_is_filled_by_the_first_row_with_its_issuer(db: None, tmp_path: Path) -> None:
    heir = LOCAL | {"number": "30/2025/QĐ-UBND", "expired": None}
    relation = {"source": heir["number"], "relation": "replaces", "target": LOCAL["number"], "effective": "2025-06-01"}
    assert dict(taken(tmp_path, relation).counts) == {"added": 1}
    report = taken(tmp_path, LOCAL, heir, relation, {"number": LOCAL["number"]}, LOCAL | {"issuer": "UBND tỉnh B"})
    assert (dict(report.counts), report.bad) == ({"changed": 2, "same": 2, "added": 1}, [])
    assert RegulationRelation.objects.get().target.issuer == LOCAL["issuer"]
    report = taken(tmp_path, {"number": LOCAL["number"], "title": "Của ai?"})
    assert "shared by several issuers" in report.bad[0][2]


def test_two_decisions_of_one_number_are_not_made_one(db: None, tmp_path: Path) -> None:
    first = {"number": "493/QĐ-UBND", "issuer": "UBND tỉnh Phú Thọ", "issued": "2022-02-01", "effective": "2022-02-01"}
    other = first | {"issued": "2024-03-01", "effective": "2024-03-01", "expired": "2025-01-01", "status": "expired"}
    report = taken(tmp_path, first, other, first | {"expired": "2030-01-01"})
    assert [(line, "issued_on is 2022-02-01" in reason) for _file, line, reason in report.bad] == [(2, True)]
    act = Regulation.objects.get()
    assert (act.issued_on, act.expired_on, act.source_status) == (date(2022, 2, 1), date(2030, 1, 1), "")
    assert act.validity(date(2026, 1, 1)) == "in_force"


def test_an_end_that_the_source_learned_later_is_taken_and_never_taken_back(db: None, tmp_path: Path) -> None:
    taken(tmp_path, LAW)
    assert dict(taken(tmp_path, LAW | {"status": "expired"}, LAW).counts) == {"changed": 1, "kept": 1}
    act = Regulation.objects.get()
    assert act.validity(date(2026, 1, 1)) == "expired"
    assert [move.action for move in Move.objects.of(act.pk)] == ["import", "correct"]


HOSTILE = [
    rb'{"number": "1/2020/TT-BTP", "title": "\ud800"}',
    b'{"number": "1/2020/TT-BTP", "title": ' + b"9" * 5000 + b"}",
    rb'{"number": "\ud800/2020/NQ-HDND"}',
    rb'{"number": "1/2020/TT-BTP", "title": "a\u0007b"}',
    rb'{"number": "1/2020/TT-BTP", "issuer": "\u0000"}',
    rb'{"source": "\ud800", "relation": "\ud800", "target": "1/2020/TT-BTP"}',
    rb'{"source": "1/2020/TT-BTP", "relation": "amends", "target": "2/2020/TT-BTP", "provisions": ["\ud800"]}',
    rb'{"number": "1/2020/TT-BTP", "issued": "\ud800"}',
]


@pytest.mark.parametrize("row", HOSTILE)
def test_a_hostile_row_is_told_with_its_line_and_the_others_stay(db: None, tmp_path: Path, row: bytes) -> None:
    report = taken(tmp_path, LAW, row, HEIR)
    assert [(line, bool(reason.encode())) for _file, line, reason in report.bad] == [(2, True)]
    assert dict(report.counts) == {"added": 2}


BAD_PROCEDURES: list[dict[str, Any]] = [
    *({name: "\ud800"} for name in ("title", "field", "decision", "code")),
    *({name: ["\ud800"]} for name in ("level", "steps", "legal_basis")),
    *({"days": days} for days in (1e308, 10**300, 10**4000, float("nan"), float("inf"))),
    {"level": ["a\x07"]},
    {"content": {"steps": [{"name": "\ud800"}]}},
]


def test_a_hostile_procedure_is_told_with_its_line(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [PROCEDURE | {"code": f"9.{at}"} | bad for at, bad in enumerate(BAD_PROCEDURES)]
    lines = "\n".join(json.dumps(row) for row in [*rows, PROCEDURE])
    (tmp_path / "hostile.jsonl").write_text(lines)
    call_command("import_procedures", str(tmp_path / "hostile.jsonl"), agency="STP")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"1 added, 0 changed, 0 same, 0 kept, {len(rows)} bad"
    assert [int(line.split(":")[1]) for line in said[1:]] == [*range(1, len(rows) + 1)]


def test_text_is_composed_however_its_json_is_escaped(world: World, tmp_path: Path) -> None:
    apart = {name: unicodedata.normalize("NFD", str(PROCEDURE[name])) for name in ("title", "field")}
    level = [unicodedata.normalize("NFD", "xã")]
    (tmp_path / "escaped.jsonl").write_text(json.dumps(PROCEDURE | apart | {"level": level}))
    call_command("import_procedures", str(tmp_path / "escaped.jsonl"), agency="STP")
    document = Document.objects.get()
    assert (document.title, document.field, document.levels) == (PROCEDURE["title"], PROCEDURE["field"], ["xã"])


RELATION = {"source": HEIR["number"], "relation": "replaces", "target": LAW["number"], "effective": None}


def test_the_day_of_a_relation_is_filled_and_mended_and_stands_in_the_ledger(db: None, tmp_path: Path) -> None:
    taken(tmp_path, LAW, {"number": HEIR["number"]}, RELATION)
    law, heir = (Regulation.objects.get(number=number) for number in (LAW["number"], HEIR["number"]))
    assert law.validity(date(2026, 1, 1)) == "in_force"
    for day, outcome, validity in (
        ("2025-01-09", "changed", "expired"),
        (None, "kept", "expired"),
        ("2027-01-09", "changed", "in_force"),
        ("2027-01-09", "same", "in_force"),
    ):
        assert dict(taken(tmp_path, RELATION | {"effective": day}).counts) == {outcome: 1}
        assert law.validity(date(2026, 1, 1)) == validity
    notes = Move.objects.of(heir.pk).filter(action="correct").order_by("seq").values_list("note", flat=True)
    assert [note.rpartition(" từ ")[2] for note in notes] == ["ngày văn bản có hiệu lực", "09/01/2025", "09/01/2027"]
    assert Move.objects.of(law.pk).count() == 1
    assert RegulationRelation.objects.count() == 1


def test_other_articles_of_an_act_may_fall_by_another_row(db: None, tmp_path: Path) -> None:
    part = RELATION | {"relation": "repeals_part"}
    rows = [part | {"provisions": text, "effective": f"2026-0{at}-01"} for at, text in ((1, "Điều 5"), (6, "Điều 7"))]
    assert dict(taken(tmp_path, LAW, HEIR, *rows, *rows, part).counts) == {"added": 4, "same": 2, "kept": 1}
    assert sorted(RegulationRelation.objects.values_list("provisions", flat=True)) == ["|5|", "|7|"]
