"""Announced lists of procedures: what a decision adds and ends in whatever order it arrives, and who may read it."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from documents.models import AnnouncedProcedure
from documents.services.announcing import AnnouncementTaker, announce
from tests import factories
from tests.people import World
from workflows.importing import Report, run

OLD, NEW = date(2024, 1, 1), date(2025, 7, 1)
ROW = {"agency": "STP", "code": "2.000528", "title": "Đăng ký", "decision": "1/QĐ-BTP", "effective": "2024-01-01"}


def file_of(folder: Path, *rows: Any) -> str:
    path = folder / "announced.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    return str(path)


def taken(folder: Path, *rows: Any, **options: Any) -> Report:
    return run(file_of(folder, *rows), AnnouncementTaker(**options), dry_run=False, title="", quiet=True)


def codes(on: date, known: datetime | None = None) -> list[str]:
    return sorted(AnnouncedProcedure.objects.standing(on, known).values_list("code", flat=True))


def intervals() -> dict[str, tuple[date | None, date | None]]:
    return {one.decision: (one.effective_on, one.ended_on) for one in AnnouncedProcedure.objects.all()}


def test_every_fact_arrives_and_a_second_run_changes_nothing(world: World, tmp_path: Path) -> None:
    act = factories.regulation("1/QĐ-BTP")
    row = {**ROW, "change": "amended", "replaces": "2.1", "field": "Hộ tịch", "ended": "2026-01-01"}
    assert dict(taken(tmp_path, row).counts) == {"added": 1}
    one = AnnouncedProcedure.objects.get()
    assert (one.agency, one.code, one.code_key, one.title, one.field) == (
        world.unit("stp"),
        "2.000528",
        "2000528",
        "Đăng ký",
        "Hộ tịch",
    )
    assert (one.decision, one.regulation, one.change, one.replaces) == ("1/QĐ-BTP", act, "amended", "2.1")
    assert (one.effective_on, one.ended_on) == (OLD, date(2026, 1, 1))
    again = taken(tmp_path, row, {**row, "code": "2-000528", "decision": "01/QD-BTP"}, {**row, "title": "Khác"})
    assert (dict(again.counts), again.bad) == ({"same": 1, "kept": 2}, [])
    assert list(AnnouncedProcedure.objects.all()) == [one]


def test_what_was_missing_is_filled_in_and_ends_what_it_follows(world: World, tmp_path: Path) -> None:
    later = {**ROW, "decision": "2/QĐ-BTP", "effective": None, "title": ""}
    taken(tmp_path, ROW, later)
    assert intervals() == {"1/QĐ-BTP": (OLD, None), "2/QĐ-BTP": (None, OLD)}, "an unknown start precedes all"
    AnnouncedProcedure.objects.all().delete()
    taken(tmp_path, later)
    assert dict(taken(tmp_path, {**later, "title": "Tên", "effective": "2025-07-01"}).counts) == {"changed": 1}
    one = AnnouncedProcedure.objects.get()
    assert (one.title, one.effective_on, one.ended_on) == ("Tên", NEW, None)
    taken(tmp_path, ROW)
    assert intervals() == {"1/QĐ-BTP": (OLD, NEW), "2/QĐ-BTP": (NEW, None)}


STORY = (
    {**ROW},
    {**ROW, "decision": "2/QĐ-BTP", "change": "amended", "effective": "2025-01-01"},
    {**ROW, "decision": "3/QĐ-BTP", "change": "abolished", "effective": "2025-07-01"},
    {**ROW, "decision": "4/QĐ-BTP", "change": "new", "effective": "2026-01-01"},
    {
        **ROW,
        "decision": "5/QĐ-BTP",
        "change": "replaced",
        "code": "2.9",
        "replaces": "2 000528",
        "effective": "2026-03-01",
    },
    {**ROW, "agency": "NX", "decision": "6/QĐ-UBND", "change": "new", "effective": "2023-01-01"},
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::7])
def test_later_decisions_end_earlier_ones_in_any_order(world: World, tmp_path: Path, order: tuple[int, ...]) -> None:
    assert taken(tmp_path, STORY[5], *(STORY[place] for place in order)).bad == []
    assert intervals() == {
        "1/QĐ-BTP": (OLD, date(2025, 1, 1)),
        "2/QĐ-BTP": (date(2025, 1, 1), NEW),
        "3/QĐ-BTP": (NEW, date(2026, 1, 1)),
        "4/QĐ-BTP": (date(2026, 1, 1), date(2026, 3, 1)),
        "5/QĐ-BTP": (date(2026, 3, 1), None),
        "6/QĐ-UBND": (date(2023, 1, 1), None),
    }, "and the list of the other agency is its own"
    mine = AnnouncedProcedure.objects.filter(agency=world.unit("stp"))
    days = (date(2023, 12, 31), OLD, date(2025, 6, 30), NEW, date(2026, 1, 1), date(2026, 3, 1))
    standing = [[one.code for one in mine.standing(on)] for on in days]
    assert standing == [[], ["2.000528"], ["2.000528"], [], ["2.000528"], ["2.9"]]
    assert [mine.abolished(on).count() for on in (date(2025, 6, 30), NEW)] == [0, 1]


def test_an_abolition_on_the_day_of_the_announcement_wins_and_two_announcements_of_a_day_both_stand(
    world: World, tmp_path: Path
) -> None:
    twice = {**ROW, "decision": "2/QĐ-UBND"}
    taken(tmp_path, ROW, twice)
    assert intervals() == {"1/QĐ-BTP": (OLD, None), "2/QĐ-UBND": (OLD, None)}
    taken(tmp_path, {**ROW, "decision": "3/QĐ-BTP", "change": "abolished"})
    assert codes(OLD) == []
    taken(tmp_path, {**ROW, "decision": "4/QĐ-BTP", "change": "amended"})
    assert codes(OLD) == [], "also if it arrives afterwards"


def test_an_abolition_of_unknown_day_ends_nothing(world: World, tmp_path: Path) -> None:
    taken(tmp_path, ROW, {**ROW, "decision": "3/QĐ-BTP", "change": "abolished", "effective": None})
    assert codes(date(2030, 1, 1)) == ["2.000528"]
    assert not AnnouncedProcedure.objects.abolished(date(2030, 1, 1)).exists()


def test_what_was_known_on_a_day(world: World) -> None:
    def told(decision: str, change: str, on: date, at: datetime) -> None:
        fresh = AnnouncedProcedure(
            agency=world.unit("stp"), code="1", decision=decision, change=change, effective_on=on, recorded_at=at
        )
        announce(fresh, at)

    first, second = datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 5, 10, tzinfo=UTC)
    told("1/QĐ-BTP", "new", OLD, first)
    told("2/QĐ-BTP", "abolished", NEW, second)
    on = date(2026, 1, 1)
    assert codes(on) == []
    assert (codes(on, first), codes(on, second), codes(on, datetime(2026, 5, 11, tzinfo=UTC))) == ([], ["1"], [])
    gone = AnnouncedProcedure.objects.abolished
    assert (gone(on, second).count(), gone(on, datetime(2026, 5, 11, tzinfo=UTC)).count()) == (0, 1)


def test_a_row_of_procedures_is_announced_by_its_decision(world: World, tmp_path: Path) -> None:
    row = {"code": "1.000080", "title": "Thủ tục", "agency": "Ủy ban nhân dân xã", "decision": "163/QĐ-BTP"}
    procedure = {**row, "field": "Hộ tịch", "steps": [], "legal_basis": ["07/2025/NĐ-CP"], "days": None}
    assert "agency: missing" in taken(tmp_path, procedure).bad[0][2]
    assert dict(taken(tmp_path, procedure, procedure, agency=world.unit("stp")).counts) == {"added": 1, "same": 1}
    one = AnnouncedProcedure.objects.get()
    assert (one.agency, one.decision, one.change, one.effective_on) == (world.unit("stp"), "163/QĐ-BTP", "new", None)
    named = taken(tmp_path, {**row, "code": "2", "agency": "nx"}, {**row, "code": "3", "agency": ""}, agency=one.agency)
    assert dict(named.counts) == {"added": 2}
    assert AnnouncedProcedure.objects.get(code="2").agency == world.unit("nx")
    assert AnnouncedProcedure.objects.get(code="3").agency == world.unit("stp")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"agency": "KHÔNG"}, "agency: no agency has the code 'KHÔNG'"),
    ({"agency": "HCTP"}, "agency: no agency has the code 'HCTP'"),
    ({"agency": None}, "agency: missing"),
    ({"code": ""}, "code: missing"),
    ({"code": "./."}, "code: './.' has no letter or digit"),
    ({"code": "9" * 61}, "code: longer"),
    ({"change": "gone"}, "change: unknown kind 'gone'"),
    ({"change": "replaced"}, "replaces: missing"),
    ({"change": "amended", "replaces": "2-000528"}, "replaces: a procedure cannot replace itself"),
    ({"effective": "1/2/2025"}, "effective: '1/2/2025'"),
    ({"ended": "2023-12-31"}, "ended: before effective"),
    ({"decision": "x" * 301}, "decision: longer"),
    ({"field": "x" * 121}, "field: longer"),
]


def test_bad_rows_are_told_with_their_line_and_the_others_stay(world: World, tmp_path: Path) -> None:
    report = taken(tmp_path, ROW, *({**ROW, **changes} for changes, _reason in BAD), {**ROW, "code": "9"})
    assert [line for _file, line, _reason in report.bad] == list(range(2, len(BAD) + 2))
    wrong = [(told[2], reason) for told, (_row, reason) in zip(report.bad, BAD, strict=True) if reason not in told[2]]
    assert wrong == []
    assert sorted(AnnouncedProcedure.objects.values_list("code", flat=True)) == ["2.000528", "9"]


def test_the_command(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path, {**ROW, "agency": None}, {"code": ""})
    call_command("import_announcements", path, agency="STP", dry_run=True)
    assert not AnnouncedProcedure.objects.exists()
    capsys.readouterr()
    call_command("import_announcements", path, agency="STP")
    said = capsys.readouterr().out.splitlines()
    assert said == ["1 added, 0 changed, 0 same, 0 kept, 1 bad", "announced.jsonl:2: code: missing"]
    assert AnnouncedProcedure.objects.get().agency == world.unit("stp")
    for code in ("KHÔNG", "HCTP"):
        with pytest.raises(CommandError):
            call_command("import_announcements", path, agency=code)


def test_who_sees_the_list(world: World, tmp_path: Path) -> None:
    taken(tmp_path, ROW, {**ROW, "agency": "NX"})
    seen = {
        who: sorted(one.agency.code for one in AnnouncedProcedure.objects.visible_to(world.people[who]))
        for who in ("lan", "son", "dung", "root", "cao")
    }
    assert seen["lan"] == seen["son"] == ["STP"]
    assert seen["root"] == []
    assert "STP" in seen["cao"]
    assert "STP" not in seen["dung"]


def test_the_database_refuses_doubles_and_crooked_intervals(world: World) -> None:
    def row(**facts: Any) -> None:
        with transaction.atomic():
            AnnouncedProcedure.objects.create(
                **{"agency": world.unit("stp"), "code": "1", "decision": "1/QĐ-BTP", "change": "new", **facts}
            )

    row()
    for wrong in (
        {"code": "1."},
        {"code": "2", "effective_on": NEW, "ended_on": OLD},
        {"code": "2", "change": "replaced", "replaces": ""},
    ):
        with pytest.raises(IntegrityError):
            row(**wrong)
    assert AnnouncedProcedure.objects.count() == 1
