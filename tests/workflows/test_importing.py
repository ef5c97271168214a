"""Reading JSON Lines: a bad row is named and leaves nothing, a good one stays, a rehearsal leaves nothing at all."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError

from tests.real_data import DATA, needs_data
from workflows import importing
from workflows.errors import BadAnswer, NotYourTurn
from workflows.importing import BadRow, Outcome, Report, Row, day, read, run, text, texts
from workflows.management.commands import import_units
from workflows.models import Unit, UnitKind

BAD = [
    (b"\xff\xfe{}", "not UTF-8"),
    (b"{", "not a JSON object"),
    (b"[1]", "not a JSON object"),
    (b"7", "not a JSON object"),
    (b"[" * 100_000, "not a JSON object"),
]


def lines(folder: Path, *rows: bytes) -> Path:
    file = folder / "rows.jsonl"
    file.write_bytes(b"\n".join(rows))
    return file


def test_lines_are_numbered_as_in_the_file_and_blank_ones_skipped(tmp_path: Path) -> None:
    file = lines(tmp_path, b'\xef\xbb\xbf{"a": 1}', b"", b"  ", b'{"a": 2}')
    assert list(read(file)) == [(1, {"a": 1}), (4, {"a": 2})]


def test_text_is_composed(tmp_path: Path) -> None:
    ((_number, row),) = read(lines(tmp_path, '{"a": "Tu\u031b pha\u0301p"}'.encode()))
    assert row == {"a": "T\u01b0 ph\u00e1p"}


@pytest.mark.parametrize(("raw", "said"), BAD)
def test_a_line_that_is_no_object_is_a_bad_row(tmp_path: Path, raw: bytes, said: str) -> None:
    ((number, row),) = read(lines(tmp_path, raw))
    assert number == 1
    assert isinstance(row, BadRow)
    assert said in str(row)


def add(row: Row) -> Outcome:
    Unit.objects.create(code=text(row, "code"), name="x", kind=UnitKind.COMMUNE)
    if row.get("fail"):
        raise {"row": BadRow("no"), "door": NotYourTurn(), "database": DatabaseError("gone\nmore")}[row["fail"]]
    return "added"


def as_lines(folder: Path, *rows: dict[str, Any]) -> str:
    return str(lines(folder, *(json.dumps(row).encode() for row in rows)))


def codes() -> set[str]:
    return set(Unit.objects.values_list("code", flat=True))


@pytest.mark.django_db
def test_a_bad_row_leaves_nothing_and_does_not_stop_the_next(tmp_path: Path) -> None:
    rows = [
        {"code": "A"},
        {"code": "B", "fail": "row"},
        {"code": "C", "fail": "door"},
        {"code": "D", "fail": "database"},
    ]
    file = as_lines(tmp_path, *rows, {"code": "A"}, {"code": "E"})
    report = run(file, add, dry_run=False, title="x", quiet=True)
    assert codes() == {"A", "E"}
    assert report.counts == {"added": 2}
    assert [(name, line) for name, line, _reason in report.bad] == [("rows.jsonl", line) for line in (2, 3, 4, 5)]
    assert report.bad[0][2] == "no"
    assert report.bad[1][2] == str(NotYourTurn().sentence)
    assert report.bad[2][2] == "gone"
    assert report.lines()[:2] == ["2 added, 0 changed, 0 same, 0 kept, 4 bad", "rows.jsonl:2: no"]


@pytest.mark.django_db
def test_a_rehearsal_tries_everything_and_keeps_nothing(tmp_path: Path) -> None:
    file = as_lines(tmp_path, {"code": "A"}, {"code": "A"}, {"code": "B"})
    report = run(file, add, dry_run=True, title="x", quiet=True)
    assert (dict(report.counts), len(report.bad)) == ({"added": 2}, 1)
    assert codes() == set()


@pytest.mark.django_db
def test_a_fault_of_ours_stops_the_run_and_keeps_nothing(tmp_path: Path) -> None:
    def broken(row: Row) -> Outcome:
        add(row)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(as_lines(tmp_path, {"code": "A"}), broken, dry_run=False, title="x", quiet=True)
    assert codes() == set()


@pytest.mark.django_db
def test_a_refusal_names_what_is_wrong_and_no_reason_is_endless(tmp_path: Path) -> None:
    def refuse(row: Row) -> Outcome:
        raise BadAnswer(problems={"note": "x" * 1000}) if row["code"] == "A" else IntegrityError("y" * 1000)

    report = run(as_lines(tmp_path, {"code": "A"}, {"code": "B"}), refuse, dry_run=False, title="x", quiet=True)
    assert [len(reason) for _file, _line, reason in report.bad] == [300, 300]
    assert report.bad[0][2].startswith("{'note': 'xxx")


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.jsonl"):
        run(str(tmp_path / "none.jsonl"), add, dry_run=False, title="x", quiet=True)


def test_texts_and_days_of_a_row() -> None:
    row: Row = {"a": "  x ", "n": None, "i": 7, "z": "a\x00b", "long": "abc", "e": " ", "l": [" a ", "", "b"], "m": [1]}
    assert (text(row, "a"), text(row, "n"), text(row, "none"), text(row, "e")) == ("x", "", "", "")
    assert text(row, "long", limit=3) == "abc"
    assert (texts(row, "l"), texts(row, "n"), texts(row, "none")) == (["a", "b"], [], [])
    for name, limit in (("i", 9), ("z", 9), ("long", 2)):
        with pytest.raises(BadRow, match=f"^{name}: "):
            text(row, name, limit=limit)
    for name in ("n", "none", "e"):
        with pytest.raises(BadRow, match="missing"):
            text(row, name, required=True)
    for name in ("a", "m", "i"):
        with pytest.raises(BadRow, match="list of texts"):
            texts(row, name)


def test_a_day_is_iso_or_none_at_all() -> None:
    row: Row = {"d": "2026-03-05", "n": None, "e": "", "vn": "05/03/2026", "no": "2026-02-30", "i": 20260305}
    assert day(row, "d") == date(2026, 3, 5)
    assert [day(row, name) for name in ("n", "e", "none")] == [None, None, None]
    for name in ("vn", "no", "i"):
        with pytest.raises(BadRow, match=f"^{name}: "):
            day(row, name)


def test_a_report_counts_every_outcome() -> None:
    report = Report()
    report.counts.update({"same": 3, "kept": 1, "changed": 2})
    assert report.lines() == ["0 added, 2 changed, 3 same, 1 kept, 0 bad"]


UNITS = (
    {"code": "30", "name": "Tỉnh A", "level": "tinh", "parent": None},
    {"code": "31", "name": "Thành phố B", "level": "thanh_pho", "parent": None},
    {"code": "30001", "name": "Xã C", "level": "xa", "parent": "30"},
    {"code": "30002", "name": "Phường D", "level": "phuong", "parent": "30"},
    {"code": "30003", "name": "Đặc khu E", "level": "dac_khu", "parent": "30"},
    {"code": "30004", "name": "Lạc F", "level": "xa", "parent": "99"},
    {"code": "30005", "name": "Thôn G", "level": "thon", "parent": "30"},
)


@pytest.mark.django_db
def test_units_come_once_and_a_renaming_waits_for_its_decision(tmp_path: Path) -> None:
    out = StringIO()
    file = as_lines(tmp_path, *UNITS)
    call_command("import_units", file, "--dry-run", stdout=out, verbosity=0)
    assert codes() == set()
    call_command("import_units", file, stdout=out, verbosity=0)
    assert codes() == {"30", "31", "30001", "30002", "30003"}
    commune, province = Unit.objects.get(code="30001"), Unit.objects.get(code="30")
    assert (commune.parent, commune.kind, province.kind) == (province, UnitKind.COMMUNE, UnitKind.PROVINCE)
    renamed = as_lines(tmp_path, *UNITS[:2], {**UNITS[2], "name": "Xã Mới"})
    call_command("import_units", renamed, stdout=out, verbosity=0)
    assert Unit.objects.get(code="30001").name == "Xã C"
    heads = [line for line in out.getvalue().splitlines() if "added" in line]
    assert heads == [
        "5 added, 0 changed, 0 same, 0 kept, 2 bad",
        "5 added, 0 changed, 0 same, 0 kept, 2 bad",
        "0 added, 0 changed, 2 same, 1 kept, 0 bad",
    ]
    assert "rows.jsonl:6: parent: no unit '99'" in out.getvalue()


@pytest.mark.django_db
def test_units_bring_days_and_successors_and_a_later_file_ends_them(tmp_path: Path) -> None:
    rows = (
        {"code": "30", "name": "Tỉnh A", "level": "tinh", "parent": None, "valid_from": "2004-01-01"},
        {"code": "301", "name": "Huyện B", "level": "huyen", "parent": "30"},
        {"code": "302", "name": "Huyện C", "level": "huyen", "parent": "30", "valid_to": "2025-02-30"},
        {"code": "303", "name": "Xã D", "level": "xa", "parent": "30", "valid_to": "2025-07-01"},
    )
    out = StringIO()
    call_command("import_units", as_lines(tmp_path, *rows), "--since", "2025-07-01", stdout=out, verbosity=0)
    assert "2 added, 0 changed, 0 same, 0 kept, 2 bad" in out.getvalue()
    assert "rows.jsonl:3: valid_to: " in out.getvalue()
    assert "rows.jsonl:4: valid_to: " in out.getvalue()
    assert Unit.objects.get(code="30").valid_from == date(2004, 1, 1)
    ends = {**rows[1], "valid_from": "2025-07-01", "valid_to": "2026-01-01", "successor": "30"}
    call_command("import_units", as_lines(tmp_path, ends, {**ends, "successor": "99"}), stdout=out, verbosity=0)
    call_command("import_units", as_lines(tmp_path, ends, {**ends, "valid_to": "2027-01-01"}), stdout=out, verbosity=0)
    ended = Unit.objects.get(code="301")
    assert (ended.kind, ended.valid_to, ended.successor) == (
        UnitKind.DISTRICT, date(2026, 1, 1), Unit.objects.get(code="30"),
    )  # fmt: skip
    heads = [line for line in out.getvalue().splitlines() if "added" in line]
    assert heads[1:] == ["0 added, 1 changed, 0 same, 0 kept, 1 bad", "0 added, 0 changed, 1 same, 1 kept, 0 bad"]
    with pytest.raises(CommandError, match="--since"):
        call_command("import_units", as_lines(tmp_path, *rows), "--since", "2025-02-30", verbosity=0)


@pytest.mark.django_db
def test_a_broken_run_keeps_its_pieces_and_the_next_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "PIECE", 2)
    rows = [{"code": f"{n}", "name": f"Tỉnh {n}", "level": "tinh", "parent": None} for n in range(5)]
    file, taken = as_lines(tmp_path, *rows), import_units.Taker.take

    def breaks(self: import_units.Taker, row: importing.Row) -> importing.Outcome:
        if row["code"] == "3":
            raise KeyboardInterrupt
        return taken(self, row)

    monkeypatch.setattr(import_units.Taker, "take", breaks)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_units", file, verbosity=0)
    assert codes() == {"0", "1"}
    monkeypatch.setattr(import_units.Taker, "take", taken)
    out = StringIO()
    call_command("import_units", file, stdout=out, verbosity=0)
    assert out.getvalue().startswith("3 added, 0 changed, 2 same")
    assert codes() == {"0", "1", "2", "3", "4"}


@pytest.mark.django_db
@needs_data
def test_the_country_of_2026_loads_whole_and_twice() -> None:
    for head in ("3355 added, 0 changed, 0 same, 0 kept, 0 bad", "0 added, 0 changed, 3355 same, 0 kept, 0 bad"):
        out = StringIO()
        call_command("import_units", str(DATA / "units.jsonl"), "--since", "2025-07-01", stdout=out, verbosity=0)
        assert out.getvalue().strip() == head
    assert Unit.objects.filter(kind=UnitKind.PROVINCE, parent=None).count() == 34
    assert Unit.objects.filter(kind=UnitKind.COMMUNE).exclude(parent=None).count() == 3321
