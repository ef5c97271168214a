"""What was typed: read back from fields, changed by buttons, laid out again, and named where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import content as contents
from documents import typed
from documents.content import ROW_LIMIT, SECTIONS
from tests import factories

RAW = typed.read({})


def fields_of(raw: typed.Raw) -> dict[str, str]:
    """The fields that a page with this content would send."""
    sent: dict[str, str] = {}
    for block in typed.blocks(raw, {}):
        sent |= {one.name: one.value for one in block.fields}
        for line in block.lines:
            sent[f"{block.section.key}.{line.place}.key"] = line.key
            sent |= {one.name: one.value for one in line.fields}
    return sent


def test_a_page_that_is_sent_back_untouched_says_the_same() -> None:
    content = contents.clean(factories.content())
    assert contents.clean(typed.read(fields_of(dict(content)))) == content


words = st.text(alphabet="aăâđ Ơư\n./-0½&<>\"'", max_size=12)
rows = st.lists(
    st.fixed_dictionaries({"key": st.just(""), "name": words, "responsible": words, "time": words, "form": words}),
    max_size=6,
)


@given(purpose=words, steps=rows)
def test_anything_typed_comes_back(purpose: str, steps: list[dict[str, str]]) -> None:
    raw = RAW | {"purpose": purpose, "steps": steps}
    assert typed.read(fields_of(raw)) == raw


def test_rows_follow_their_places_and_gaps_close() -> None:
    raw = typed.read({"steps.10.name": "c", "steps.2.name": "a", "steps.2.time": "1 giờ", "steps.9.name": "b"})
    assert [row["name"] for row in raw["steps"]] == ["a", "b", "c"]
    assert raw["steps"][0] == {"key": "", "name": "a", "responsible": "", "time": "1 giờ", "form": ""}


@pytest.mark.parametrize(
    "name", ["steps.x.name", "steps..name", "steps.-1.name", "steps.٣.name", "steps.99999999999.name", "stepsx.1.name"]
)
def test_what_names_no_row_makes_none(name: str) -> None:
    assert typed.read({name: "a"}) == RAW


def three() -> typed.Raw:
    return typed.read({f"steps.{at}.name": name for at, name in enumerate("abc")})


def names(raw: typed.Raw) -> str:
    return "".join(row["name"] for row in raw["steps"])


@pytest.mark.parametrize(
    ("command", "after"),
    [
        ("up:steps:1", "bac"),
        ("up:steps:0", "abc"),
        ("down:steps:1", "acb"),
        ("down:steps:2", "abc"),
        ("drop:steps:1", "ac"),
        ("drop:steps:9", "abc"),
        ("drop:steps:x", "abc"),
        ("drop:steps", "abc"),
        ("drop:purpose:0", "abc"),
        ("swap:steps:0:18/2026/NĐ-CP", "abc"),
        ("nonsense", "abc"),
        ("", "abc"),
    ],
)
def test_a_button_changes_rows_and_an_old_one_changes_nothing(command: str, after: str) -> None:
    raw = three()
    assert names(typed.press(raw, command)) == after
    assert names(raw) == "abc"


def test_a_row_is_added_at_the_end_up_to_the_limit() -> None:
    raw = typed.press(three(), "add:steps")
    assert raw["steps"][3] == {"key": "", "name": "", "responsible": "", "time": "", "form": ""}
    full = RAW | {"steps": [dict(raw["steps"][3])] * ROW_LIMIT}
    assert len(typed.press(full, "add:steps")["steps"]) == ROW_LIMIT


def test_a_dead_number_is_replaced_and_its_issuer_with_it() -> None:
    raw = typed.read({"legal_basis.0.number": "15/2015/TT-BTP", "legal_basis.0.issuer": "Bộ Tư pháp"})
    row = typed.press(raw, "swap:legal_basis:0:04/2020/TT-BTP")["legal_basis"][0]
    assert (row["number"], row["issuer"]) == ("04/2020/TT-BTP", "")


def test_every_section_has_its_block_and_tables_a_blank_row() -> None:
    found = typed.blocks(three(), {})
    assert [block.section for block in found] == list(SECTIONS)
    blank: Any = found[6].blank
    assert (found[6].section.key, blank.place, [one.value for one in blank.fields]) == ("steps", 3, ["", "", "", ""])


def test_a_problem_stands_beside_its_field_and_in_the_list_above() -> None:
    problems = {
        "steps.1.time": "Dài quá.",
        "time_limit.days": "Không là số.",
        "steps": "Nhiều quá.",
        "steps.0.key": "Lạ.",
    }
    found = {block.section.key: block for block in typed.blocks(three(), problems)}
    assert found["steps"].error == "Nhiều quá."
    assert found["steps"].lines[0].error == "Lạ."
    assert [one.error for one in found["steps"].lines[1].fields] == ["", "", "Dài quá.", ""]
    assert [one.error for one in found["time_limit"].fields] == ["", "Không là số."]
    listed = typed.summary(problems)
    assert listed[0] == {"id": "steps-1-time", "text": "Các bước thực hiện, bước 2, thời gian: Dài quá."}
    assert listed[1] == {"id": "time_limit-days", "text": "Thời hạn giải quyết, số ngày làm việc: Không là số."}
    assert typed.summary({"note": "Dài quá."}) == [{"id": "note", "text": "Dài quá."}]
