"""JSON Lines into the register and onto the shelf: bad rows told with their line, good ones kept, nothing twice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from documents.models import Citation, Document, DocumentVersion, Regulation, RegulationRelation
from documents.services.imports import regulation_take
from tests import factories
from tests.people import World
from workflows.importing import Report, run
from workflows.models import Move

LAW = {
    "number": "123/2015/NĐ-CP",
    "type": "Nghị định",
    "issuer": "Chính phủ",
    "title": "Nghị định về hộ tịch",
    "status": "in_force",
    "issued": "2015-11-15",
    "effective": "2016-01-01",
    "expired": None,
}
HEIR = {"number": "07/2025/NĐ-CP", "effective": "2025-01-09"}


def file_of(folder: Path, *rows: Any, name: str = "rows.jsonl") -> str:
    """A file of rows; a text or bytes stand as they are."""
    lines = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows]
    (folder / name).write_bytes(b"\n".join(lines))
    return str(folder / name)


def taken(folder: Path, *rows: Any, dry_run: bool = False) -> Report:
    return run(file_of(folder, *rows), regulation_take, dry_run=dry_run, title="", quiet=True)


def written() -> tuple[int, ...]:
    """How much of anything there is."""
    models = (Regulation, RegulationRelation, Document, DocumentVersion, Citation, Move)
    return tuple(model.objects.count() for model in models)


def test_every_fact_of_a_row_arrives(db: None, tmp_path: Path) -> None:
    assert dict(taken(tmp_path, LAW).counts) == {"added": 1}
    act = Regulation.objects.get()
    facts = (act.number, act.kind, act.issuer, act.title, act.source_status, act.expired_on)
    assert facts == ("123/2015/NĐ-CP", "Nghị định", "Chính phủ", "Nghị định về hộ tịch", "in_force", None)
    assert (act.issued_on, act.effective_on) == (date(2015, 11, 15), date(2016, 1, 1))
    assert (act.agency, act.unit, act.state, act.created_by) == (None, None, "registered", None)


def test_a_second_import_changes_nothing_however_the_number_is_spelt(db: None, tmp_path: Path) -> None:
    taken(tmp_path, LAW, HEIR)
    before = written()
    again = taken(tmp_path, LAW, LAW | {"number": "123/2015/nđ–cp", "title": None}, HEIR)
    assert (dict(again.counts), again.bad, written()) == ({"same": 2, "kept": 1}, [], before), (
        "another spelling differs, and what is held wins"
    )


def test_a_fact_that_was_missing_is_filled_in_and_one_that_is_held_stays(db: None, tmp_path: Path) -> None:
    taken(tmp_path, {"number": LAW["number"], "title": "Tên đã có"})
    assert dict(taken(tmp_path, LAW).counts) == {"changed": 1}
    act = Regulation.objects.get()
    assert (act.title, act.effective_on, act.source_status) == ("Tên đã có", date(2016, 1, 1), "in_force")
    assert [move.action for move in Move.objects.of(act.pk)] == ["import", "correct"]
    assert dict(taken(tmp_path, LAW).counts) == {"kept": 1}
    assert Regulation.objects.get().title == "Tên đã có"
    assert Move.objects.of(act.pk).count() == 2


def test_a_fact_once_known_is_not_emptied_by_a_poorer_row(db: None, tmp_path: Path) -> None:
    taken(tmp_path, LAW)
    poorer = {"number": LAW["number"], "expired": "2030-01-01"}
    assert dict(taken(tmp_path, poorer).counts) == {"changed": 1}
    act = Regulation.objects.get()
    assert (act.issuer, act.title, act.effective_on) == ("Chính phủ", "Nghị định về hộ tịch", date(2016, 1, 1))
    assert act.expired_on == date(2030, 1, 1)


def test_one_number_of_two_issuers_is_two_acts(db: None, tmp_path: Path) -> None:
    rows = [{"number": "04/2024/NQ-HĐND", "issuer": f"HĐND tỉnh {name}"} for name in "AB"]
    assert dict(taken(tmp_path, *rows, *rows).counts) == {"added": 2, "same": 2}
    assert sorted(Regulation.objects.values_list("issuer", flat=True)) == ["HĐND tỉnh A", "HĐND tỉnh B"]


BAD = [
    (b"{", "JSON"),
    (b"[1]", "not a JSON object"),
    (b"\xff{}", "UTF-8"),
    ({}, "number: missing"),
    ({"number": "  "}, "number: missing"),
    ({"number": 5}, "number: must be text"),
    ({"number": "x" * 121}, "number: longer than 120"),
    ({"number": "1/2020/NĐ-CP", "issuer": "x" * 1001}, "issuer: longer than 1000"),
    ({"number": "1/2020/NĐ-CP", "issued": "2020-02-30"}, "issued: '2020-02-30'"),
    ({"number": "1/2020/NĐ-CP", "effective": "01/02/2020"}, "effective: '01/02/2020'"),
    ({"number": "1/2020/NĐ-CP", "expired": 5}, "expired: 5"),
    ({"number": "1/2020/NĐ-CP", "status": "x" * 41}, "status: longer than 40"),
    ({"source": "07/2025/NĐ-CP", "relation": "loves", "target": "123/2015/NĐ-CP"}, "unknown kind"),
    ({"source": "07/2025/NĐ-CP", "relation": "amends"}, "target: missing"),
    ({"source": "Luật Biển", "relation": "amends", "target": "123/2015/NĐ-CP"}, "Luật Biển: not in"),
    ({"source": "07/2025/NĐ-CP", "relation": "amends", "target": "Luật Biển"}, "Luật Biển: not in"),
    ({"source": "07/2025/NĐ-CP", "relation": "amends", "target": "7/2025/nđ-cp"}, "cannot act on itself"),
    ({"source": "07/2025/NĐ-CP", "relation": "amends", "target": "123/2015/NĐ-CP", "effective": "?"}, "effective:"),
]


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_bad_row_is_told_with_its_line_and_the_others_stay(db: None, tmp_path: Path, row: Any, reason: str) -> None:
    report = taken(tmp_path, LAW, HEIR, b"", row, {"number": "8/2025/TT-BTP"})
    (bad,) = report.bad
    assert (bad[0], bad[1], reason in bad[2]) == ("rows.jsonl", 4, True), bad
    assert dict(report.counts) == {"added": 3}
    assert report.lines()[0].startswith("3 added, 0 changed, 0 same, 0 kept, 1 bad")
    assert report.lines()[1].startswith("rows.jsonl:4: ")
    kept = Regulation.objects.order_by("number_key").values_list("number", flat=True)
    assert list(kept) == ["123/2015/NĐ-CP", "07/2025/NĐ-CP", "8/2025/TT-BTP"]
    assert not RegulationRelation.objects.exists()


def test_relations_are_written_once_with_their_day(db: None, tmp_path: Path) -> None:
    row = {"source": "7/2025/NĐ-CP", "relation": "replaces", "target": "123/2015/nđ-cp", "effective": "2025-01-09"}
    assert dict(taken(tmp_path, LAW, HEIR, row, row).counts) == {"added": 3, "same": 1}
    relation = RegulationRelation.objects.get()
    assert (relation.source.number, relation.kind, relation.target.number) == (
        "07/2025/NĐ-CP",
        "replaces",
        "123/2015/NĐ-CP",
    )
    assert relation.effective_on == date(2025, 1, 9)


def test_a_relation_to_a_shared_number_names_the_issuer(db: None, tmp_path: Path) -> None:
    acts = [{"number": "04/2024/NQ-HĐND", "issuer": f"HĐND tỉnh {name}"} for name in "AB"]
    row = {"source": "07/2025/NĐ-CP", "relation": "repeals", "target": "04/2024/NQ-HĐND"}
    back = {"source": "04/2024/NQ-HĐND", "relation": "guides", "target": "07/2025/NĐ-CP"}
    named = [row | {"target_issuer": "HĐND tỉnh B"}, back | {"source_issuer": "HĐND tỉnh A"}]
    report = taken(tmp_path, HEIR, *acts, row, back, *named)
    bad = [(line, "shared by several issuers" in reason) for _file, line, reason in report.bad]
    assert bad == [(4, True), (5, True)]
    assert RegulationRelation.objects.get(kind="repeals").target.issuer == "HĐND tỉnh B"
    assert RegulationRelation.objects.get(kind="guides").source.issuer == "HĐND tỉnh A"


def test_a_dry_run_tries_everything_and_writes_nothing(db: None, tmp_path: Path) -> None:
    relation = {"source": "07/2025/NĐ-CP", "relation": "replaces", "target": "123/2015/NĐ-CP"}
    report = taken(tmp_path, LAW, HEIR, relation, {"number": ""}, dry_run=True)
    assert (dict(report.counts), len(report.bad)) == ({"added": 3}, 1)
    assert written() == (0, 0, 0, 0, 0, 0)


def test_the_command_reads_files_in_order_and_reports(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    acts = file_of(tmp_path, LAW, HEIR, {"number": ""}, name="acts.jsonl")
    row = {"source": "07/2025/NĐ-CP", "relation": "amends", "target": "123/2015/NĐ-CP"}
    relations = file_of(tmp_path, row, name="relations.jsonl")
    call_command("import_regulations", acts, relations, dry_run=True)
    assert written() == (0, 0, 0, 0, 0, 0)
    capsys.readouterr()
    call_command("import_regulations", acts, relations)
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "2 added, 0 changed, 0 same, 0 kept, 1 bad",
        "acts.jsonl:3: number: missing",
        "1 added, 0 changed, 0 same, 0 kept, 0 bad",
    ]
    with pytest.raises(CommandError):
        call_command("import_regulations", str(tmp_path / "none.jsonl"))


PROCEDURE: dict[str, Any] = {
    "code": "1.000080",
    "title": "Thủ tục đăng ký nhận cha, mẹ, con",
    "field": "Hộ tịch",
    "level": ["xa", "huyen"],
    "days": 2.5,
    "legal_basis": ["123/2015/NĐ-CP", "77/2031/TT-BTP", "123/2015/NĐ-CP"],
    "steps": ["Tiếp nhận", "Trả kết quả"],
}


def shelved(world: World, folder: Path, *rows: Any, **options: Any) -> None:
    del world
    call_command("import_procedures", file_of(folder, *rows), **{"agency": "STP", **options})


def test_a_procedure_becomes_a_document_with_a_version_in_force(world: World, tmp_path: Path) -> None:
    factories.regulation()
    shelved(world, tmp_path, PROCEDURE | {"effective_from": "2026-02-01", "decision": "5/QĐ-STP"})
    document = Document.objects.get()
    facts = (document.kind, document.code, document.title, document.field, document.levels)
    assert facts == ("TTHC_PROC", "1.000080", PROCEDURE["title"], "Hộ tịch", ["xa", "huyen"])
    version = document.versions.get()
    assert (version.state, version.number, version.predecessor) == ("effective", "01/00", None)
    assert (version.effective_from, version.decision_no) == (date(2026, 2, 1), "5/QĐ-STP")
    assert version.content["time_limit"] == {"text": "", "days": "2.5"}
    assert [row["name"] for row in version.content["steps"]] == PROCEDURE["steps"]
    assert [row["number"] for row in version.content["legal_basis"]] == ["123/2015/NĐ-CP", "77/2031/TT-BTP"]
    assert list(version.citations.values_list("regulation__number", flat=True)) == [
        "123/2015/NĐ-CP",
        "77/2031/TT-BTP",
    ]
    cited = Regulation.objects.get(number="77/2031/TT-BTP")
    assert (cited.effective_on, cited.issued_on, cited.validity(date(2026, 3, 1))) == (None, None, "unknown")
    assert Regulation.objects.count() == 2


def test_the_unit_is_the_one_that_handles_the_field(world: World, tmp_path: Path) -> None:
    world.unit("bttp").fields = ["Công chứng"]
    world.unit("bttp").save()
    rows = [PROCEDURE | {"code": code, "field": field} for code, field in (("1", "Công chứng"), ("2", "Khác"))]
    shelved(world, tmp_path, *rows)
    places = dict(Document.objects.values_list("code", "unit__code"))
    assert places == {"1": "BTTP", "2": "HCTP"}
    assert {version.unit.code for version in DocumentVersion.objects.all()} == {"BTTP", "HCTP"}
    shelved(world, tmp_path, PROCEDURE | {"code": "3", "field": "Khác"}, unit="BTTP")
    shelved(world, tmp_path, PROCEDURE | {"code": "4", "field": "Công chứng"}, unit="HCTP")
    assert [Document.objects.get(code=code).unit.code for code in "34"] == ["BTTP", "HCTP"]
    assert set(Document.objects.values_list("agency__code", flat=True)) == {"STP"}


def test_what_the_product_holds_is_never_overwritten(world: World, tmp_path: Path) -> None:
    shelved(world, tmp_path, PROCEDURE)
    before = written()
    for changes in ({}, {"title": "Tên khác"}, {"steps": ["Khác"]}, {"code": "1 000080"}):
        shelved(world, tmp_path, PROCEDURE | changes)
        assert written() == before, changes
    assert Document.objects.get().title == PROCEDURE["title"]


def test_the_report_tells_same_from_kept(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shelved(world, tmp_path, PROCEDURE)
    rows = [PROCEDURE, PROCEDURE | {"code": "1-000080"}, {"code": "", "title": "x"}]
    rows += [PROCEDURE | {"title": "Tên khác"}, PROCEDURE | {"days": 3}]
    capsys.readouterr()
    shelved(world, tmp_path, *rows)
    assert capsys.readouterr().out.splitlines()[0] == "0 added, 0 changed, 2 same, 2 kept, 1 bad"


def test_another_agencys_code_is_another_document(world: World, tmp_path: Path) -> None:
    shelved(world, tmp_path, PROCEDURE)
    shelved(world, tmp_path, PROCEDURE, agency="NX")
    assert sorted(Document.objects.values_list("agency__code", flat=True)) == ["NX", "STP"]


@pytest.mark.parametrize("days", [-1, True, "3", [3]])
def test_days_that_are_no_figure(world: World, tmp_path: Path, days: Any) -> None:
    shelved(world, tmp_path, PROCEDURE | {"days": days}, PROCEDURE | {"code": "2"})
    assert list(Document.objects.values_list("code", flat=True)) == ["2"]


def test_a_dry_run_leaves_no_act_behind_either(world: World, tmp_path: Path) -> None:
    before = written()
    shelved(world, tmp_path, PROCEDURE, dry_run=True)
    assert written() == before
    shelved(world, tmp_path, PROCEDURE | {"effective_from": "?"})
    assert written() == before, "a bad row takes its half-made document and acts along"


@pytest.mark.parametrize("options", [{"agency": "KHÔNG"}, {"unit": "KHÔNG"}, {"unit": "NX1"}])
def test_a_place_that_is_none_is_an_error(world: World, tmp_path: Path, options: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        shelved(world, tmp_path, PROCEDURE, **options)
    assert not Document.objects.exists()
