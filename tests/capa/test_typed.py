"""What was typed for analysis and plan: read back from fields, changed by buttons, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capa import analysis as analyses
from capa import plan as plans
from capa import typed
from capa.analysis import Analysis
from capa.plan import Plan
from tests.capa.samples import full_analysis, full_plan


def fields(raw: typed.Raw) -> dict[str, str]:
    """The fields that a page with this shape would send."""
    sent: dict[str, str] = {}
    for name, value in raw.items():
        if isinstance(value, list):
            sent |= {f"{name}-{n}-{column}": said(cell) for n, row in enumerate(value) for column, cell in row.items()}
        elif isinstance(value, dict):
            sent |= {f"{name}-{column}": said(cell) for column, cell in value.items()}
        else:
            sent[name] = said(value)
    return sent


def said(cell: object) -> str:
    return "" if cell is None else str(cell).replace("\n", "\r\n")


def test_a_page_that_is_sent_back_untouched_says_the_same() -> None:
    analysis, plan = full_analysis(extent="Dòng một\n\tdòng hai "), full_plan()
    assert analyses.clean(typed.read_analysis(fields(dict(analysis)))) == analysis
    assert plans.clean(typed.read_plan(fields(dict(plan)))) == plan


def test_nothing_sent_is_everything_empty() -> None:
    assert analyses.clean(typed.read_analysis({})) == analyses.empty()
    assert plans.clean(typed.read_plan({})) == plans.empty()
    assert list(typed.read_analysis({})) == list(Analysis.__annotations__)
    assert list(typed.read_plan({})) == list(Plan.__annotations__)


words = st.text(alphabet="aăâđ Ơư\n\t./-0½&<>\"'\0", max_size=12)


@given(what=words, due=words, assignee=words, number=words)
def test_whatever_was_typed_comes_back(what: str, due: str, assignee: str, number: str) -> None:
    raw = typed.read_plan({})
    raw["actions"] = [{"key": "", "what": what, "assignee": assignee, "due": due, "resources": ""}]
    raw["measure"] |= {"number": number}
    assert typed.read_plan(fields(raw)) == raw


def test_rows_follow_their_places_and_gaps_close() -> None:
    raw = typed.read_analysis({"whys-10-text": "c", "whys-2-text": "a", "whys-2-evidence": "x", "whys-9-text": "b"})
    assert [why["text"] for why in raw["whys"]] == ["a", "b", "c"]
    assert raw["whys"][0] == {"key": "", "parent": "", "text": "a", "evidence": "x"}


@pytest.mark.parametrize(
    "name",
    [
        "whys-x-text",
        "whys--text",
        "whys--1-text",
        "whys-٣-text",
        "whys-99999999999-text",
        "whysx-1-text",
        "whys-1",
        "whys-1-other",
        "whys.1.text",
    ],
)
def test_what_names_no_row_makes_none(name: str) -> None:
    assert typed.read_analysis({name: "a"}) == typed.read_analysis({})


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ({"whys-1-parent": "nobody"}, "whys.0.parent"),
        ({"causes-0-category": "x"}, "causes.0.category"),
        ({"category": "x"}, "category"),
    ],
)
def test_a_problem_s_path_is_its_field_s_name(raw: dict[str, str], error: str) -> None:
    with pytest.raises(analyses.AnalysisError) as raised:
        analyses.clean(typed.read_analysis(raw))
    assert list(raised.value.problems) == [error]
    assert typed.anchor("measure.number") == "measure-number"


def three() -> typed.Raw:
    return typed.read_plan({f"actions-{n}-what": name for n, name in enumerate("abc")})


@pytest.mark.parametrize(
    ("command", "after"),
    [
        ("up:actions:1", "bac"),
        ("up:actions:0", "abc"),
        ("down:actions:1", "acb"),
        ("down:actions:2", "abc"),
        ("drop:actions:1", "ac"),
        ("add:actions", "abc_"),
        ("drop:actions:9", "abc"),
        ("add:actions:9", "abc"),
        ("add:actions:x", "abc"),
        ("drop:actions:x", "abc"),
        ("drop:actions", "abc"),
        ("swap:actions:0:x", "abc"),
        ("drop:risk:0", "abc"),
        ("drop:measure:0", "abc"),
        ("add:whys", "abc"),
        ("nonsense", "abc"),
        ("", "abc"),
    ],
)
def test_a_button_changes_rows_and_an_old_one_changes_nothing(command: str, after: str) -> None:
    raw = three()
    assert "".join(row["what"] or "_" for row in typed.press(raw, command)["actions"]) == after
    assert raw == three()


def test_rows_are_added_up_to_their_limit() -> None:
    raw = three()
    for table, limit, read in (
        ("actions", 50, typed.read_plan),
        ("documents", 100, typed.read_plan),
        ("whys", 100, typed.read_analysis),
        ("causes", 100, typed.read_analysis),
    ):
        raw = read({})
        for _time in range(limit + 2):
            raw = typed.press(raw, f"add:{table}")
        assert len(raw[table]) == limit
    assert len({why["key"] for why in typed.press(typed.read_analysis({}), "add:whys")["whys"]}) == 1


def family() -> typed.Raw:
    """``a`` with ``b`` and ``c`` under it, ``d`` under ``b``, and ``e`` beside ``a``."""
    whys = [("a", ""), ("b", "a"), ("d", "b"), ("c", "a"), ("e", "")]
    sent = {f"whys-{n}-key": key for n, (key, _parent) in enumerate(whys)}
    sent |= {f"whys-{n}-text": key for n, (key, _parent) in enumerate(whys)}
    return typed.read_analysis(sent | {f"whys-{n}-parent": parent for n, (_key, parent) in enumerate(whys)})


def shown(raw: typed.Raw) -> str:
    return " ".join(f"{branch['number']}{branch['text']}" for branch in analyses.outline(analyses.clean(raw)))


@pytest.mark.parametrize(
    ("command", "after"),
    [
        ("up:whys:3", "1a 1.1c 1.2b 1.2.1d 2e"),
        ("down:whys:1", "1a 1.1c 1.2b 1.2.1d 2e"),
        ("down:whys:0", "1e 2a 2.1b 2.1.1d 2.2c"),
        ("up:whys:4", "1e 2a 2.1b 2.1.1d 2.2c"),
        ("up:whys:2", "1a 1.1b 1.1.1d 1.2c 2e"),
        ("drop:whys:0", "1b 1.1d 2c 3e"),
        ("drop:whys:1", "1a 1.1d 1.2c 2e"),
        ("turn:whys:1", "1a 1.1b 1.1.1d 1.2c 2e"),
    ],
)
def test_whys_move_with_what_stands_under_them(command: str, after: str) -> None:
    raw = family()
    pressed = typed.press(raw, command)
    assert shown(pressed) == after
    assert [why["text"] for why in pressed["whys"]] == [word[-1] for word in after.split()]
    assert raw == family()


def test_one_asks_once_more_under_an_answer() -> None:
    raw = typed.press(family(), "add:whys:1")
    assert raw["whys"][3] == {"key": "w1", "parent": "b", "text": "", "evidence": ""}
    raw["whys"][3]["text"] = "f"
    assert shown(raw) == "1a 1.1b 1.1.1d 1.1.2f 1.2c 2e"
    keyless = typed.press(typed.read_analysis({"whys-0-text": "a", "whys-1-text": "b"}), "add:whys:0")
    assert [(why["key"], why["parent"]) for why in keyless["whys"]] == [("w1", ""), ("w3", "w1"), ("w2", "")]


cells = st.sampled_from(["", "a", "b", "c", "w1", "w2"])
whys = st.lists(st.fixed_dictionaries({"key": cells, "parent": cells, "text": cells, "evidence": cells}), max_size=7)
verbs = st.sampled_from(["add", "up", "down", "drop"])


@given(rows=whys, verb=verbs, place=st.integers(0, 7))
def test_no_button_loses_a_row_or_meets_a_knot(rows: list[dict[str, Any]], verb: str, place: int) -> None:
    raw = typed.read_analysis({}) | {"whys": rows}
    pressed = typed.press(raw, f"{verb}:whys:{place}")["whys"]
    change = {"add": 1, "drop": -1}.get(verb, 0) if place < len(rows) else 0
    assert len(pressed) == len(rows) + change
    if change >= 0:
        assert sorted(why["text"] for why in pressed) == sorted([why["text"] for why in rows] + [""] * change)
