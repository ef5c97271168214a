"""Validity of a law on a day: every row of the rule, each side of every day, and what nobody knows stays unknown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import Regulation, RegulationRelation, RelationKind, Validity
from documents.services.lawthen import acts_known
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
    ("said to be expired, replaced tomorrow",
        {"effective_on": EARLY, "source_status": "expired"}, [("replaces", MORROW, None)], "in_force"),
    ("said to be expired, the repealing act begins tomorrow",
        {"effective_on": EARLY, "source_status": "expired"}, [("repeals", None, MORROW)], "in_force"),
    ("said to be expired, replaced nobody knows when",
        {"effective_on": EARLY, "source_status": "expired"}, [("replaces", None, None)], "expired"),
    ("said to be expired, amended tomorrow",
        {"effective_on": EARLY, "source_status": "expired"}, [("amends", MORROW, None)], "expired"),
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


# fmt: off
ENDS: list[tuple[str, str, date, dict[str, Any], date | None, str]] = [
    # what                                    kind            since  facts of what acts      ended by another  expected
    ("a suspension whose source lives",       "suspends",     EARLY, {},                     None,   "suspended"),
    ("its source ends tomorrow",              "suspends",     EARLY, {"expired_on": MORROW}, None,   "suspended"),
    ("its source ends today",                 "suspends",     EARLY, {"expired_on": DAY},    None,   "in_force"),
    ("a stay whose source ended",             "stays",        EARLY, {"expired_on": EVE},    None,   "in_force"),
    ("its source is repealed tomorrow",       "suspends",     EARLY, {},                     MORROW, "suspended"),
    ("its source is repealed today",          "suspends",     EARLY, {},                     DAY,    "in_force"),
    ("its source ended, nobody knows when",   "suspends",     EARLY, {"source_status": "expired"}, None, "suspended"),
    ("replaced by what ended later",          "replaces",     EARLY, {"expired_on": EVE},    None,   "expired"),
    ("replaced by what ended that day",       "replaces",     EVE,   {"expired_on": EVE},    None,   "expired"),
    ("replaced by what had ended before",     "replaces",     DAY,   {"expired_on": EVE},    None,   "in_force"),
    ("repealed by what was repealed before",  "repeals",      DAY,   {},                     EVE,    "in_force"),
    ("repealed by what was repealed that day", "repeals",     DAY,   {},                     DAY,    "expired"),
    ("repealed by what is repealed later",    "repeals",      EVE,   {},                     DAY,    "expired"),
    ("a part, by what had ended before",      "repeals_part", DAY,   {"expired_on": EVE},    None,   "in_force"),
    ("a part, by what ended later",           "repeals_part", EVE,   {"expired_on": DAY},    None,   "partly_expired"),
]
# fmt: on


@pytest.mark.parametrize("row", ENDS, ids=[row[0] for row in ENDS])
def test_what_acts_may_be_dead_itself(db: None, row: tuple[str, str, date, dict[str, Any], date | None, str]) -> None:
    _what, kind, since, facts, by, expected = row
    law = act("123/2015/NĐ-CP", effective_on=EARLY)
    source = act("1/2026/NĐ-CP", effective_on=EARLY, **facts)
    RegulationRelation.objects.create(source=source, kind=kind, target=law, effective_on=since)
    if by is not None:
        killer = act("2/2026/NĐ-CP", effective_on=by)
        RegulationRelation.objects.create(source=killer, kind="repeals", target=source)
    assert law.validity(DAY) == Validity(expected)
    assert (law in Regulation.objects.dead(DAY)) == (expected == "expired")
    then = acts_known(Regulation.objects.all(), DAY, timezone.now() + timedelta(days=1))[law.pk]
    assert then.validity_on == expected  # type: ignore[attr-defined]


def test_a_source_of_an_end_that_never_held_proves_no_day(db: None) -> None:
    law = act("123/2015/NĐ-CP", effective_on=EARLY, source_status="expired")
    source = act("1/2026/NĐ-CP", effective_on=MORROW, expired_on=EVE)
    RegulationRelation.objects.create(source=source, kind="repeals", target=law)
    assert law.validity(DAY) == Validity.EXPIRED
    then = acts_known(Regulation.objects.all(), DAY, timezone.now() + timedelta(days=1))[law.pk]
    assert then.validity_on == "expired"  # type: ignore[attr-defined]


def test_a_circle_of_ends_is_judged_one_level_deep(db: None) -> None:
    first, second = act("1/2026/NĐ-CP", effective_on=EARLY), act("2/2026/NĐ-CP", effective_on=EARLY)
    RegulationRelation.objects.create(source=first, kind="replaces", target=second, effective_on=EVE)
    RegulationRelation.objects.create(source=second, kind="replaces", target=first, effective_on=DAY)
    assert (first.validity(DAY), second.validity(DAY)) == (Validity.IN_FORCE, Validity.EXPIRED)
