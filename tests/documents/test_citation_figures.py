"""Precision and recall of the number finder, measured over hand-checked citations.

``citations.jsonl``: short strings taken as facts from the legal bases, decisions and steps of the real procedures and
from the numbers and titles of the real register (``from``), and spellings, standards, names and traps made by hand
(``made``). What each holds was written down from the string, not by our parser, and read by a person.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from documents.law_names import find_names, is_named
from documents.numbers import defects, find_numbers, issuer_key, kind_of
from tests.real_data import needs_data, rows

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "citations.jsonl").read_text("utf-8").splitlines()
]
TAKEN = [row for row in ROWS if row["from"] != "made"]
LONGEST = 12


def measured(table: list[dict[str, Any]]) -> tuple[float, float]:
    """Precision and recall over all keys of the table, each occurrence counted."""
    hit = found = wanted = 0
    for row in table:
        ours, theirs = Counter(one.key for one in find_numbers(row["text"])), Counter(row["keys"])
        hit += (ours & theirs).total()
        found += ours.total()
        wanted += theirs.total()
    return hit / found, hit / wanted


def test_the_table_is_big_short_and_mixed() -> None:
    assert len(TAKEN) >= 320
    assert len({row["text"] for row in TAKEN}) == len(TAKEN)
    assert sum(not row["keys"] for row in TAKEN) >= 100
    assert {row["from"] for row in ROWS} == {"basis", "register", "decision", "step", "title", "made"}
    assert [row["text"] for row in TAKEN if len(row["text"].split()) > LONGEST] == []


@pytest.mark.parametrize("table", [TAKEN, ROWS], ids=["taken from the data", "with what was made by hand"])
def test_precision_and_recall(table: list[dict[str, Any]], record_property: Callable[[str, object], None]) -> None:
    precision, recall = measured(table)
    record_property("precision", precision)
    record_property("recall", recall)
    assert (precision, recall) == (1.0, 1.0)


def test_every_string_holds_what_was_read_in_it() -> None:
    wrong = {
        row["text"]: found for row in ROWS if (found := [one.key for one in find_numbers(row["text"])]) != row["keys"]
    }
    assert wrong == {}


def test_kinds_issuers_and_defects() -> None:
    for row in ROWS:
        text = row["text"]
        number = find_numbers(text)[0].text if row["keys"] else text
        if "kind" in row:
            assert kind_of(number) == row["kind"], text
        if "issuer_key" in row:
            assert issuer_key(number, row["issuer"]) == row["issuer_key"], text
        if "defects" in row:
            assert defects(number) == row["defects"], text


def test_names_and_years_are_found_and_nothing_else_is() -> None:
    wrong = {}
    for row in ROWS:
        found = [[one.name, one.year] for one in find_names(row["text"])]
        if found != [name[:2] for name in row.get("names", [])]:
            wrong[row["text"]] = found
    assert wrong == {}


@needs_data
def test_a_name_and_year_is_the_one_act_of_the_real_register() -> None:
    acts = [row for row in rows("regulations") if row["number"].split("/")[-1].startswith("QH")]
    assert len(acts) > 20
    for row in ROWS:
        for name, (_folded, year, number) in zip(find_names(row["text"]), row.get("names", []), strict=True):
            there = [act for act in acts if act["number"].split("/")[1] == str(year)]
            places = is_named(name, [act["title"] or "" for act in there])
            assert [there[place]["number"] for place in places] == ([number] if number else []), row["text"]
