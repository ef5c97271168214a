"""Findings from elsewhere become CARs to the letter, once; bad rows are told with their line and the others stay."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from capa import facts
from capa.models import Car
from capa.services.imports import FindingTaker
from tests.people import World
from tests.real_data import DATA, naughty_strings, needs_data, rows
from workflows import engine
from workflows.errors import BadAnswer, NotYourTurn
from workflows.importing import BadRow, Report, run
from workflows.models import Move
from workflows.text import nfc

pytestmark = pytest.mark.once

FINDING = {
    "report": "134732-21",
    "auditee_uei": "BADBADBADBAD",
    "reference": "2021-003",
    "text": "Criteria:\tNon-Federal entities…  Condition: “none”. ",
    "corrective_action": "  We will.\n",
    "type": ["significant_deficiency", "other_matters"],
    "repeat": "N",
    "prior_references": "N/A",
    "awards": 1,
}


def file_of(folder: Path, *lines: Any) -> str:
    path = folder / "findings.jsonl"
    found = [line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines]
    path.write_bytes(b"\n".join(found))
    return str(path)


def taken(world: World, folder: Path, *lines: Any, dry_run: bool = False, source: str = "audit") -> Report:
    take = FindingTaker(world.unit("stp"), world.unit("hctp"), source)
    return run(file_of(folder, *lines), take, dry_run=dry_run, title="", quiet=True)


def written() -> tuple[int, int]:
    return Car.objects.count(), Move.objects.count()


def test_a_row_becomes_a_car_to_the_letter(world: World, tmp_path: Path) -> None:
    assert dict(taken(world, tmp_path, FINDING).counts) == {"added": 1}
    car = Car.objects.get()
    assert (car.state, car.agency, car.unit) == ("issued", world.unit("stp"), world.unit("hctp"))
    assert (car.source, car.severity, car.reference) == ("audit", "minor", "134732-21/2021-003")
    assert (car.description, car.found_on) == (FINDING["text"], timezone.localdate())
    assert [row["what"] for row in car.plan["actions"]] == [FINDING["corrective_action"]]
    assert (car.number, car.cycle, car.root_id) == (f"01/CAR-{timezone.localdate().year}", 1, car.pk)
    move = Move.objects.get(stream=car.pk)
    assert (move.action, move.role, move.actor) == ("import", "clock", None)
    assert "134732" in car.search


@pytest.mark.parametrize(
    ("kinds", "severity"),
    [
        (["material_weakness"], "major"),
        (["other_matters", "modified_opinion"], "major"),
        (["significant_deficiency"], "minor"),
        ([], "minor"),
        (None, "minor"),
    ],
)
def test_the_kind_makes_the_class(world: World, tmp_path: Path, kinds: Any, severity: str) -> None:
    taken(world, tmp_path, FINDING | {"type": kinds})
    assert Car.objects.get().severity == severity


def test_a_second_import_changes_nothing(world: World, tmp_path: Path) -> None:
    assert dict(taken(world, tmp_path, FINDING).counts) == {"added": 1}
    before = written()
    for changes, outcome in (
        ({}, "same"),
        ({"awards": 9, "repeat": "Y"}, "same"),
        ({"text": "Khác"}, "kept"),
        ({"text": str(FINDING["text"]).strip()}, "kept"),
        ({"corrective_action": "Khác"}, "kept"),
        ({"type": ["material_weakness"]}, "kept"),
    ):
        again = taken(world, tmp_path, FINDING | changes)
        assert (dict(again.counts), again.bad, written()) == ({outcome: 1}, [], before), changes
    assert Car.objects.get().description == FINDING["text"]
    assert dict(taken(world, tmp_path, FINDING, source="inspection").counts) == {"kept": 1}


def test_what_was_worked_on_since_stays(world: World, tmp_path: Path) -> None:
    taken(world, tmp_path, FINDING)
    engine.fire(Car.objects.get(), "acknowledge", by=world.minh)
    before = written()
    assert dict(taken(world, tmp_path, FINDING).counts) == {"same": 1}
    assert (written(), Car.objects.get().state) == (before, "acknowledged")


def test_a_number_is_taken_once_in_an_agency(world: World, tmp_path: Path) -> None:
    other = FINDING | {"reference": "2021-004"}
    assert dict(taken(world, tmp_path, FINDING, FINDING, other).counts) == {"added": 2, "same": 1}
    foreign = FindingTaker(world.unit("nx"), world.unit("nx1"), "audit")
    assert foreign(FINDING) == "added"
    given = {
        "source": "self",
        "severity": "minor",
        "reference": "134732-21/2021-003",
        "description": "a",
        "found_on": "2026-01-05",
    }
    place = {"agency": world.unit("stp"), "unit": world.unit("bttp")}
    with pytest.raises(IntegrityError), transaction.atomic():
        engine.start(Car(**place), "import", by=None, facts=given)
    assert sorted(Car.objects.values_list("agency__code", flat=True)) == ["NX", "STP", "STP"]


BAD = [
    (b"{", "JSON"),
    (b"[1]", "not a JSON object"),
    (b"\xff{}", "UTF-8"),
    ({}, "report: missing"),
    (FINDING | {"report": 5}, "report: must be text"),
    (FINDING | {"report": "1/2"}, "report: holds a slash"),
    (FINDING | {"report": "x" * 60}, "report: longer than 59"),
    (FINDING | {"reference": None}, "reference: missing"),
    (FINDING | {"reference": "a\nb"}, "reference: "),
    (FINDING | {"text": None}, "description: "),
    (FINDING | {"text": " \t "}, "description: "),
    (FINDING | {"text": 5}, "text: must be text"),
    (FINDING | {"text": "x" * 20_001}, "text: longer than 20000"),
    (FINDING | {"text": "a\0b"}, "description: "),
    (FINDING | {"corrective_action": ["x"]}, "corrective_action: must be text"),
    (FINDING | {"corrective_action": "x" * 20_001}, "corrective_action: longer than 20000"),
    (FINDING | {"corrective_action": "a\0"}, "plan.actions.0.what: "),
    (FINDING | {"type": "material_weakness"}, "type: must be a list"),
    (FINDING | {"type": [1]}, "type: must be a list"),
    (b'{"report": "1", "reference": "2", "text": "\\ud800"}', "description: "),
    (b'{"report": "\\ud800", "reference": "2", "text": "a"}', "report: "),
]


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_bad_row_is_told_with_its_line_and_the_others_stay(
    world: World, tmp_path: Path, row: Any, reason: str
) -> None:
    report = taken(world, tmp_path, FINDING, b"", row, FINDING | {"reference": "2021-004"})
    (bad,) = report.bad
    assert (bad[0], bad[1], reason in bad[2]) == ("findings.jsonl", 3, True), bad
    assert (dict(report.counts), Car.objects.count()) == ({"added": 2}, 2)


def test_the_longest_text_fits(world: World, tmp_path: Path) -> None:
    longest = "ế" * 19_999 + " "
    assert dict(taken(world, tmp_path, FINDING | {"text": longest, "corrective_action": longest}).counts) == {
        "added": 1
    }
    car = Car.objects.get()
    assert (car.description, car.plan["actions"][0]["what"]) == (longest, longest)


def test_a_dry_run_tries_everything_and_writes_nothing(world: World, tmp_path: Path) -> None:
    report = taken(world, tmp_path, FINDING, FINDING, {}, dry_run=True)
    assert (dict(report.counts), len(report.bad), written()) == ({"added": 1, "same": 1}, 1, (0, 0))


def test_the_command(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(tmp_path, FINDING, {})
    call_command("import_findings", file, agency="STP", unit="HCTP", dry_run=True)
    assert written() == (0, 0)
    capsys.readouterr()
    call_command("import_findings", file, agency="STP", unit="HCTP", source="certification")
    said = capsys.readouterr().out.splitlines()
    assert said == ["1 added, 0 changed, 0 same, 0 kept, 1 bad", "findings.jsonl:2: report: missing"]
    assert Car.objects.get().source == "certification"
    for wrong in ({"agency": "KHÔNG"}, {"unit": "NX1"}, {"unit": "XA1"}, {"agency": "HCTP"}):
        with pytest.raises(CommandError):
            call_command("import_findings", file, **{"agency": "STP", "unit": "HCTP", **wrong})
    with pytest.raises(CommandError):
        call_command("import_findings", file, "--agency=STP", "--unit=HCTP", "--source=rumour")
    with pytest.raises(CommandError):
        call_command("import_findings", str(tmp_path / "none.jsonl"), agency="STP", unit="HCTP")


def test_an_imported_car_goes_on_with_its_plan(world: World, tmp_path: Path) -> None:
    taken(world, tmp_path, FINDING)
    car = engine.fire(Car.objects.get(), "acknowledge", by=world.minh)
    assert car.plan["actions"][0]["what"] == FINDING["corrective_action"]
    assert car.due_on is not None
    assert car.due_on > timezone.localdate() + timedelta(days=3)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"source": ""}, "source"),
        ({"source": "rumour"}, "source"),
        ({"severity": None}, "severity"),
        ({"severity": ["minor"]}, "severity"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 121}, "reference"),
        ({"reference": "a\u2028b"}, "reference"),
        ({"description": 5}, "description"),
        ({"found_on": "2026-02-30"}, "found_on"),
        ({"found_on": None}, "found_on"),
        ({"plan": []}, "plan.shape"),
        ({"plan": {"actions": [{"what": 5}]}}, "plan.actions.0.what"),
        ({"state": "closed"}, "state"),
    ],
)
def test_wrong_facts_are_refused_by_path(world: World, changes: dict[str, Any], path: str) -> None:
    given = {
        "source": "self",
        "severity": "minor",
        "reference": "1/2",
        "description": "a",
        "found_on": "2026-01-05",
        "plan": {},
    }
    assert facts.clean(given)["found_on"] == "2026-01-05"
    place = {"agency": world.unit("stp"), "unit": world.unit("hctp")}
    with pytest.raises(BadAnswer) as refused:
        engine.start(Car(**place), "import", by=None, facts=given | changes)
    assert isinstance(refused.value.problems, dict)
    assert list(refused.value.problems) == [path]
    with pytest.raises(BadAnswer):
        engine.start(Car(**place), "import", by=None, facts="x")
    assert not Car.objects.exists()


def test_nobody_imports_by_hand(world: World) -> None:
    for name in ("hoa", "quang", "admin", "root"):
        fresh = Car(agency=world.unit("stp"), unit=world.unit("hctp"))
        with pytest.raises(NotYourTurn):
            engine.start(fresh, "import", by=world.people[name], facts={})


@needs_data
def test_the_real_findings_arrive_byte_for_byte(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    file, given = str(DATA / "findings.jsonl"), rows("findings")
    call_command("import_findings", file, agency="STP", unit="HCTP")
    cars = {car.reference: car for car in Car.objects.all()}
    assert len(cars) == len(given) == 10
    for row in given:
        car = cars[f"{row['report']}/{row['reference']}"]
        assert car.description.encode() == row["text"].encode()
        assert car.plan["actions"][0]["what"].encode() == row["corrective_action"].encode()
    before = written()
    capsys.readouterr()
    call_command("import_findings", file, agency="STP", unit="HCTP")
    assert capsys.readouterr().out.splitlines() == ["0 added, 0 changed, 10 same, 0 kept, 0 bad"]
    assert written() == before


def payloads() -> list[str]:
    path = DATA / "security" / "xss-payload-list.txt"
    return path.read_text().split("\n") if path.is_file() else []


def test_every_hostile_text_is_read_unchanged_or_refused(world: World) -> None:
    take = FindingTaker(world.unit("stp"), world.unit("hctp"), "audit")
    for text in [*naughty_strings(), *payloads()]:
        try:
            assert take.facts(FINDING | {"text": text})["description"] == nfc(text)
        except BadRow:
            assert not text.strip() or "\0" in text or "\ud800" in text, text


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_hostile_text_comes_back_unchanged_or_is_a_bad_row(world: World, tmp_path: Path, ascii_only: bool) -> None:
    texts = [*naughty_strings(), *payloads()[ascii_only::10]]
    lines = [FINDING | {"reference": str(number), "text": text} for number, text in enumerate(texts)]
    encoded = [json.dumps(line, ensure_ascii=ascii_only).encode(errors="surrogatepass") for line in lines]
    report = taken(world, tmp_path, *encoded)
    bad = {number - 1 for _file, number, _reason in report.bad}
    held = {car.reference: car.description for car in Car.objects.all()}
    assert len(held) + len(bad) == len(texts)
    for number, text in enumerate(texts):
        if number not in bad:
            assert held[f"{FINDING['report']}/{number}"] == nfc(text)
    for number in bad:
        text = texts[number]
        assert not text.strip() or "\0" in text or "\ud800" in text, text
