"""The benchmarks run, and print each figure beside its floor. What the figures are, depends on the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from rich.progress import Progress

from config.bench.country import FULL, Country, act_id, build
from config.bench.timing import race
from documents.models import Citation, Document, DocumentVersion, Regulation

ROOT = Path(__file__).parents[2]
ROWS = {
    "impact": ["floor: an act that touches 100", "≤ 2 × floor, ≤ 200 ms"],
    "asof": ["floor: one agency, in force today", "one agency, in force in 2021 as known in 2022"],
    "search": ["floor: eight words with marks", "eight words with marks (", "nothing found"],
    "campaign": ["floor: INSERT … SELECT", "campaign of 100 documents in 6 units", "an approval step while"],
}


def test_the_full_country_is_the_promised_one() -> None:
    whole = Country(FULL)
    assert (whole.versions, whole.documents, whole.agencies, whole.acts) == (1_500_000, 150_000, 12_000, 100_000)
    assert (whole.wide, whole.wide_units, whole.typical) == (50_000, 3_000, 200)


def test_a_race_takes_both_by_turns_and_judges_by_the_bar() -> None:
    turns: list[str] = []

    def runner(name: str) -> Callable[[], int]:
        def turn() -> int:
            turns.append(name)
            return len(turns)

        return turn

    floor, ours = race("x", runner("ours"), runner("floor"), rounds=2, times=1e9)
    assert turns == ["floor", "ours", "floor", "ours", "floor", "ours"]
    assert (floor.name, ours.name, ours.met, floor.met) == ("floor: x", "x", True, None)
    assert race("x", runner("ours"), runner("floor"), rounds=1, times=0)[1].met is False
    assert race("x", runner("ours"), runner("floor"), rounds=1, times=1e9, most=0)[1].met is False


@pytest.mark.skipif(connection.vendor == "postgresql", reason="says what it says elsewhere")
def test_without_postgresql_it_says_so() -> None:
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("benchmark", "impact")
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("benchmark", "rollup")


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_same_seed_makes_the_same_country_of_the_promised_numbers() -> None:
    country = Country(600)
    with Progress() as progress:
        build(country, progress)
        build(country, progress)  # the second time it is there
        with pytest.raises(CommandError, match="holds 600 versions"):
            build(Country(1200), progress)
    with connection.cursor() as cursor:
        counts = [model.objects.count() for model in (DocumentVersion, Document, Regulation, Citation)]
        assert counts == [600, 60, 60, 2000]
        cursor.execute(
            "SELECT count(*) FROM documents_citation c JOIN documents_documentversion v ON v.id = c.version_id "
            "WHERE c.regulation_id = %s AND v.state = 'effective'",
            [act_id(1)],
        )
        assert cursor.fetchone() == (country.wide,)
        cursor.execute(  # what the walls would demand of each version
            "SELECT count(*) FROM documents_documentversion v JOIN workflows_move m ON m.stream = v.id AND m.seq = "
            "v.row_version AND m.target = v.state AND m.hash = v.ledger_hash JOIN documents_document d ON "
            "d.id = v.document_id AND d.unit_id = v.unit_id JOIN workflows_unit u ON u.id = v.unit_id "
            "AND u.agency_id = v.agency_id"
        )
        assert cursor.fetchone() == (600,)


@pytest.mark.postgres
@pytest.mark.django_db
def test_each_name_prints_its_floor_and_its_bars() -> None:
    name = f"test{os.getpid()}"
    try:
        for bench, rows in ROWS.items():
            run = [sys.executable, "manage.py", "benchmark", bench, "--size", "3000", "--keep", name]
            done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
            assert done.returncode == 0, done.stderr[-2000:]
            for row in rows:
                assert row in done.stdout, (bench, done.stdout)
            assert "kept" in done.stdout or "missed" in done.stdout
    finally:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS khung_benchmark_{name}")


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_roll_up_agrees_with_the_query_written_by_hand() -> None:
    run = [sys.executable, "manage.py", "benchmark", "rollup", "--size", "300"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr[-2000:]
    for row in ("floor: recompute every agency", "17 figures from what is kept", "≤ 1000 ms", "≤ 3 × floor"):
        assert row in done.stdout, done.stdout


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_public_site_is_served_and_asked() -> None:
    run = [sys.executable, "manage.py", "benchmark", "site", "--size", "60"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr[-2000:]
    for row in ("floor: a page without Django", "≥ 200 requests/s", "hit, by Django", "withdrawn, still shown as in"):
        assert row in done.stdout, done.stdout
    assert "Not Found" not in done.stderr


@pytest.mark.postgres
@pytest.mark.django_db
def test_no_query_waits_for_its_plan_to_be_compiled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
