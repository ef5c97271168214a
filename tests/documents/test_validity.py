"""Validity of a law on a day: every row of the rule, each side of every day, and what nobody knows stays unknown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from documents.models import Regulation, RegulationRelation, RelationKind, Validity
from workflows import engine

DAY = date(2026, 3, 15)
EARLY, EVE, MORROW = date(2016, 1, 1), DAY - timedelta(days=1), DAY + timedelta(days=1)
Act = tuple[str, date | None, date | None]
"""Kind of relation, its own day, and the day on which the acting document takes effect."""

PARTLY = "in_force_partly_repealed"

# fmt: off
RULES: list[tuple[str, dict[str, Any], list[Act], str]] = [
    ("nothing is known",                      {}, [], "unknown"),
    ("its source says nothing sure",          {"source_status": "unknown"}, [], "unknown"),
    ("issued is not in force",                {"issued_on": EARLY}, [], "unknown"),
    ("begins today",                          {"effective_on": DAY}, [], "in_force"),
    ("began yesterday",                       {"effective_on": EVE}, [], "in_force"),
    ("begins tomorrow",                       {"effective_on": MORROW}, [], "announced"),
    ("begins tomorrow, whatever is said",     {"effective_on": MORROW, "source_status": "in_force"}, [], "announced"),
    ("only its source knows",                 {"source_status": "in_force"}, [], "in_force"),
    ("only its source knows of a part",       {"source_status": PARTLY}, [], "partly_expired"),
    ("in force and its source knows a part",  {"effective_on": EARLY, "source_status": PARTLY}, [], "partly_expired"),
    ("ends today",                            {"effective_on": EARLY, "expired_on": DAY}, [], "expired"),
    ("ended yesterday",                       {"effective_on": EARLY, "expired_on": EVE}, [], "expired"),
    ("ends tomorrow",                         {"effective_on": EARLY, "expired_on": MORROW}, [], "in_force"),
    ("ended, beginning unknown",              {"expired_on": DAY}, [], "expired"),
    ("ends tomorrow, beginning unknown",      {"expired_on": MORROW}, [], "unknown"),
    ("said to be expired, no day",            {"source_status": "expired"}, [], "expired"),
    ("said to be expired, began today",       {"effective_on": DAY, "source_status": "expired"}, [], "expired"),
    ("said to be expired, begins tomorrow",   {"effective_on": MORROW, "source_status": "expired"}, [], "announced"),
    ("said to be expired, but tomorrow",
        {"effective_on": EARLY, "expired_on": MORROW, "source_status": "expired"}, [], "in_force"),
    ("replaced today",                        {"effective_on": EARLY}, [("replaces", DAY, None)], "expired"),
    ("replaced tomorrow",                     {"effective_on": EARLY}, [("replaces", MORROW, EARLY)], "in_force"),
    ("repealed today",                        {"effective_on": EARLY}, [("repeals", DAY, None)], "expired"),
    ("repealed before it began",              {"effective_on": MORROW}, [("repeals", DAY, None)], "expired"),
    ("replaced, with its beginning unknown",  {}, [("replaces", DAY, None)], "expired"),
    ("no day: that of the acting document",   {"effective_on": EARLY}, [("repeals", None, DAY)], "expired"),
    ("no day: the acting one not begun",      {"effective_on": EARLY}, [("repeals", None, MORROW)], "in_force"),
    ("no day at all proves nothing",          {"effective_on": EARLY}, [("repeals", None, None)], "in_force"),
    ("its own day before the acting one's",   {"effective_on": EARLY}, [("replaces", DAY, MORROW)], "expired"),
    ("suspended today",                       {"effective_on": EARLY}, [("suspends", DAY, None)], "suspended"),
    ("suspended tomorrow",                    {"effective_on": EARLY}, [("suspends", MORROW, None)], "in_force"),
    ("stayed today",                          {"effective_on": EARLY}, [("stays", DAY, None)], "suspended"),
    ("suspended, beginning unknown",          {}, [("suspends", DAY, None)], "suspended"),
    ("suspended before it began",             {"effective_on": MORROW}, [("suspends", DAY, None)], "announced"),
    ("a part repealed today",                 {"effective_on": EARLY}, [("repeals_part", DAY, None)], "partly_expired"),
    ("a part repealed tomorrow",              {"effective_on": EARLY}, [("repeals_part", MORROW, None)], "in_force"),
    ("a part repealed on the first day",      {"effective_on": DAY}, [("repeals_part", DAY, None)], "partly_expired"),
    ("a part repealed, beginning unknown",    {}, [("repeals_part", DAY, None)], "unknown"),
    ("a part goes tomorrow, as its source says",
        {"effective_on": EARLY, "source_status": PARTLY}, [("repeals_part", MORROW, None)], "in_force"),
    ("the same, beginning unknown",
        {"source_status": PARTLY}, [("repeals_part", MORROW, None)], "in_force"),
    ("an end beats a suspension",
        {"effective_on": EARLY}, [("suspends", DAY, None), ("repeals", DAY, None)], "expired"),
    ("a suspension beats a part",
        {"effective_on": EARLY}, [("suspends", DAY, None), ("repeals_part", DAY, None)], "suspended"),
    ("amending changes nothing",              {"effective_on": EARLY}, [("amends", EARLY, EARLY)], "in_force"),
    ("supplementing changes nothing",         {"effective_on": EARLY}, [("supplements", EARLY, EARLY)], "in_force"),
    ("correcting changes nothing",            {"effective_on": EARLY}, [("corrects", EARLY, EARLY)], "in_force"),
    ("consolidating changes nothing",         {"effective_on": EARLY}, [("consolidates", EARLY, EARLY)], "in_force"),
    ("guiding changes nothing",               {"effective_on": EARLY}, [("guides", EARLY, EARLY)], "in_force"),
    ("being a ground changes nothing",        {"effective_on": EARLY}, [("legal_basis", EARLY, EARLY)], "in_force"),
]
# fmt: on


def act(number: str, **facts: Any) -> Regulation:
    return engine.start(Regulation(), "import", by=None, facts={"number": number, **facts})


def made(facts: dict[str, Any], acts: list[Act]) -> Regulation:
    """The law of a row, acted on by one document for each relation, and a bystander to which nothing happens."""
    law = act("123/2015/NĐ-CP", **facts)
    for place, (kind, since, begins) in enumerate(acts, 1):
        source = act(f"{place}/2026/NĐ-CP", effective_on=begins)
        RegulationRelation.objects.create(source=source, kind=kind, target=law, effective_on=since)
    return law


@pytest.mark.parametrize(("facts", "acts", "expected"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_validity_on_a_day(db: None, facts: dict[str, Any], acts: list[Act], expected: str) -> None:
    bystander = act("9/2014/NĐ-CP", effective_on=EARLY)
    law = made(facts, acts)
    assert law.validity(DAY) == Validity(expected)
    dead = set(Regulation.objects.dead(DAY))
    assert dead == ({law} if expected == "expired" else set()), "one rule for the colour and for the alarm"
    assert bystander.validity(DAY) == Validity.IN_FORCE


def test_every_kind_of_relation_and_every_validity_has_its_row() -> None:
    assert {kind for row in RULES for kind, _since, _begins in row[2]} == set(RelationKind.values)
    assert {row[3] for row in RULES} == set(Validity.values)


def test_the_acting_document_is_not_what_it_ends(db: None) -> None:
    law = made({"effective_on": EARLY}, [("repeals", DAY, EARLY)])
    source = Regulation.objects.exclude(pk=law.pk).get()
    assert (source.validity(DAY), law.validity(DAY)) == (Validity.IN_FORCE, Validity.EXPIRED)


def test_a_list_carries_the_validity_of_its_day(db: None) -> None:
    law = made({"effective_on": EARLY}, [("replaces", DAY, DAY)])
    shown = [
        {row.number: row.validity_on for row in Regulation.objects.with_validity(on)}  # type: ignore[attr-defined]
        for on in (EVE, DAY)
    ]
    assert shown == [
        {law.number: "in_force", "1/2026/NĐ-CP": "announced"},
        {law.number: "expired", "1/2026/NĐ-CP": "in_force"},
    ]
