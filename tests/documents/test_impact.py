"""What a change of law touches, on the real data: equal to a count over the files that knows nothing of our code."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from django.utils import timezone

from documents.models import Document, Regulation
from documents.services.campaigns import campaign_open
from documents.services.imports import ProcedureTaker, regulation_take
from documents.services.touching import regulation_touches
from tests import factories
from tests.documents.test_reach import by_hand
from tests.people import World
from workflows.importing import run

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DECREE = "18/2026/NĐ-CP"
NAMED = {"10/2017/QH14": "Luật TNBTCNN năm 2017"}
"""Laws that steps of the real procedures call by name and year."""


def named() -> dict[str, set[str]]:
    """Codes of the procedures that name each number, read from the file alone."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in (DATA / "procedures.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        for number in row["legal_basis"]:
            found[unicodedata.normalize("NFC", number).strip()].add(row["code"])
    return found


def in_steps(numbers: list[str]) -> dict[str, set[str]]:
    """Codes of the procedures whose steps hold each number, or its name, letter by letter."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in (DATA / "procedures.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        text = unicodedata.normalize("NFC", "\n".join(row["steps"]))
        for number in numbers:
            name = NAMED.get(number, number)
            if re.search(rf"(?<![\w./]){re.escape(number)}(?!\w)", text) or name in text:
                found[number].add(row["code"])
    return found


@pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside this checkout; .ci/run demands it")
def test_all_223_acts_find_the_procedures_that_the_files_name(world: World) -> None:
    agency = world.unit("stp")
    for name in ("regulations.jsonl", "relations.jsonl"):
        assert run(str(DATA / name), regulation_take, dry_run=False, title="", quiet=True).bad == []
    report = run(str(DATA / "procedures.jsonl"), ProcedureTaker(agency), dry_run=False, title="", quiet=True)
    assert (report.counts["added"], report.bad) == (271, [])
    again = run(str(DATA / "procedures.jsonl"), ProcedureTaker(agency), dry_run=False, title="", quiet=True)
    assert dict(again.counts) == {"same": 271}

    expected, today, wrong = named(), timezone.localdate(), {}
    rows = [json.loads(line) for line in (DATA / "relations.jsonl").read_text("utf-8").splitlines()]
    relations = [(row["source"], row["relation"], row["target"]) for row in rows]
    numbers = [json.loads(line)["number"] for line in (DATA / "regulations.jsonl").read_text("utf-8").splitlines()]
    assert len(numbers) == 223
    steps = in_steps(numbers)
    assert sum(len(codes - expected.get(number, set())) for number, codes in steps.items()) == 6
    for number in numbers:
        act = Regulation.objects.by_number(number).get()
        touched = regulation_touches(act, on=today)
        assert {one.version.document.code for one in touched if one.direct} == expected.get(number, set()), number
        assert {one.version.document.code for one in touched if one.in_step} == steps.get(number, set()), number
        found = {one.version.document.code for one in touched}
        reached = {end for end, _what in by_hand(number, "effective", relations)}
        codes = {code for one in reached for code in expected.get(one, set()) | steps.get(one, set())}
        if found != codes:
            wrong[number] = found ^ codes
    assert wrong == {}
    decree = Regulation.objects.by_number(DECREE).get()
    touched = regulation_touches(decree, on=today, user=world.phuc, agency=agency)
    assert len(touched) == 103
    assert regulation_touches(decree, on=today, user=world.dung) == []
    for one in touched:
        row = one.path[0]["row"]
        assert isinstance(row, int)
        assert one.version.content["legal_basis"][row - 1]["number"] == DECREE
    assert Document.objects.filter(agency=agency).count() == 271


def test_a_campaign_holds_each_document_once_however_often_it_is_opened(world: World) -> None:
    act = factories.regulation(DECREE)
    basis = [{"key": "b1", "number": DECREE, "issuer": "", "note": ""}]
    cited = [factories.in_force(world, unit, legal_basis=basis) for unit in ("hctp", "hctp", "bttp")]
    other = factories.in_force(world)
    foreign = factories.in_force(world, "nx1", legal_basis=basis)
    first = campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc)
    again = campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc)
    assert (first.pk, first.row_version) == (again.pk, again.row_version)
    held = set(first.items.values_list("document", flat=True))
    assert held == {version.document_id for version in cited}
    assert not held & {other.document_id, foreign.document_id}
    late = factories.in_force(world, "bttp", legal_basis=basis)
    wider = campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc)
    assert set(wider.items.values_list("document", flat=True)) == held | {late.document_id}
    assert {item.unit.code for item in wider.items.all()} == {"HCTP", "BTTP"}
