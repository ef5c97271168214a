"""Importing mergers: the lines of 2025 as they are, once and again; a bad line is named and leaves nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.people import World
from tests.real_data import DATA, needs_data, rows
from workflows.models import Reorganisation, Unit
from workflows.tree import readings

pytestmark = pytest.mark.once

SINCE = date(2025, 7, 1)
FACTS = {"decision": "202/2025/QH15", "dated": "2025-06-12", "since": "2025-07-01"}


def run(file: Path, **changes: str) -> str:
    out = StringIO()
    call_command("import_reorganisations", str(file), verbosity=0, stdout=out, **FACTS | changes)
    return out.getvalue()


def written(folder: Path, *told: dict[str, Any]) -> Path:
    file = folder / "mergers.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in told))
    return file


def line(old: str, new: str = "XA1", *candidates: str, **more: Any) -> dict[str, Any]:
    return {"new": new, "old_name": old, "level": "xa", "partial": False, "old_candidates": list(candidates), **more}


def test_what_hangs_together_is_one_decision_and_a_second_run_changes_nothing(world: World, tmp_path: Path) -> None:
    Unit.objects.create(code="XB1", name="Xã Bình An", kind="commune", parent=world.unit("stp"))
    told = (line("Xã Cũ", "XA1", "100"), line("Xã Cũ", "XB1", "100"), line("Xã Kia", "XA1", "7", "8"))
    assert "3 added, 0 changed, 0 same, 0 kept, 0 bad\n1 carried out, 0 not" in run(written(tmp_path, *told))
    assert "0 added, 0 changed, 3 same" in run(written(tmp_path, *told))
    found = Reorganisation.objects.get()
    assert [(one["what"], one["unit"], one["into"]) for one in found.lines] == [
        ("split", "cu-100", ["XA1", "XB1"]),
        ("merge", "cu-XA1-xa-kia", ["XA1"]),
    ]
    assert (found.state, found.effective_on) == ("in_effect", SINCE)
    old = Unit.objects.get(code="cu-100")
    assert (old.valid_to, old.successor, old.parent) == (SINCE, None, world.unit("stp"))
    assert {one.unit.code for one in readings(world.unit("stp"), SINCE - timedelta(days=1))} >= {"cu-100"}
    assert "cu-100" not in {one.unit.code for one in readings(world.unit("stp"), SINCE)}


def test_bad_lines_are_named_and_leave_nothing(world: World, tmp_path: Path) -> None:
    told = (
        line("Xã Cũ", "KHONG", "100"),
        line("Xã Cũ", level="x"),
        line(""),
        line("Xã Nửa", partial=True),
        line("Xã Tốt", "XA1", "5"),
    )
    said = run(written(tmp_path, *told))
    assert "1 added, 0 changed, 0 same, 0 kept, 4 bad" in said
    for number, reason in ((1, "KHONG"), (2, "unknown level"), (3, "old_name"), (4, "partial")):
        assert f"mergers.jsonl:{number}: " in said
        assert reason in said
    assert list(Unit.objects.filter(code__startswith="cu-").values_list("code", flat=True)) == ["cu-5"]
    Unit.objects.filter(code="XA1").update(valid_to=SINCE)
    refused = run(written(tmp_path, line("Xã Muộn", "XA1", "6")))
    assert "1 bad" in refused
    assert not Unit.objects.filter(code="cu-6").exists()


@pytest.mark.parametrize("wrong", [{"since": "x"}, {"dated": "2025-02-30"}])
def test_a_day_that_is_none_is_said(world: World, tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        run(written(tmp_path, line("Xã Cũ")), **wrong)


@needs_data
@pytest.mark.django_db
def test_the_mergers_of_2025() -> None:
    call_command("import_units", str(DATA / "units.jsonl"), verbosity=0, stdout=StringIO())
    told = rows("unit_merges_sample")
    said = run(DATA / "unit_merges_sample.jsonl")
    assert f"{len(told)} added, 0 changed, 0 same, 0 kept, 0 bad" in said
    assert ", 0 not" in said
    assert not Reorganisation.objects.exclude(state="in_effect").exists()
    for new in {one["new"] for one in told}:
        heir = Unit.objects.get(code=new)
        wanted = {one["old_name"] for one in told if one["new"] == new}
        keys = [int(path.split("/")[-2]) for path in heir.inherits]
        assert set(Unit.objects.filter(pk__in=keys).values_list("name", flat=True)) == wanted
    provinces = Unit.objects.filter(kind="province", code__startswith="cu-", valid_to=SINCE)
    assert provinces.count() == sum(one["level"] == "tinh" for one in told)
    assert f"{len(told)} same" in run(DATA / "unit_merges_sample.jsonl")
