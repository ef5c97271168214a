"""Two people's changes of one draft put together: nobody's work is lost in silence."""

from __future__ import annotations

import copy
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from documents import content as contents
from documents.content import Content
from documents.merging import merge
from tests import factories

BASE = contents.clean(factories.content())


def changed(**changes: Any) -> Content:
    return cast("Content", copy.deepcopy(dict(BASE)) | changes)


def step(key: str, **cells: str) -> dict[str, str]:
    return {"key": key, "name": key, "responsible": "", "time": "", "form": "", **cells}


def keys(content: Content) -> list[str]:
    return [row["key"] for row in content["steps"]]


def test_changes_in_different_places_are_both_kept() -> None:
    merged, clashes = merge(BASE, changed(purpose="A"), changed(scope="B", time_limit={"text": "x", "days": "3"}))
    assert (merged["purpose"], merged["scope"], merged["time_limit"]["text"]) == ("A", "B", "x")
    assert clashes == {}


def test_the_same_change_by_both_is_no_clash() -> None:
    assert merge(BASE, changed(purpose="A"), changed(purpose="A")) == (changed(purpose="A"), {})


def test_the_same_cell_changed_by_both_keeps_mine_and_names_theirs() -> None:
    limit = {"text": "03 ngày làm việc", "days": "4"}
    merged, clashes = merge(
        BASE,
        changed(purpose="A", time_limit=limit),
        changed(purpose="B", time_limit={**limit, "days": None}),
    )
    assert (merged["purpose"], merged["time_limit"]["days"]) == ("A", "4")
    assert clashes == {"purpose": "B", "time_limit.days": ""}


def test_cells_of_one_row_merge_on_their_own() -> None:
    mine, theirs = copy.deepcopy(BASE), copy.deepcopy(BASE)
    mine["steps"][1]["time"] = "01 ngày"
    theirs["steps"][1]["responsible"] = "Phòng"
    merged, clashes = merge(BASE, mine, theirs)
    assert (merged["steps"][1]["time"], merged["steps"][1]["responsible"]) == ("01 ngày", "Phòng")
    assert clashes == {}


def test_rows_added_by_both_stay_behind_the_row_they_followed() -> None:
    one, two = BASE["steps"]
    mine = changed(steps=[one, step("m"), two])
    theirs = changed(steps=[one, two, step("t")])
    assert keys(merge(BASE, mine, theirs)[0]) == ["s1", "m", "s2", "t"]
    assert keys(merge(BASE, theirs, mine)[0]) == ["s1", "m", "s2", "t"]


def test_a_row_that_only_one_of_us_dropped_goes() -> None:
    dropped = changed(steps=BASE["steps"][1:])
    for mine, theirs in ((dropped, BASE), (BASE, dropped), (dropped, dropped)):
        merged, clashes = merge(BASE, mine, theirs)
        assert keys(merged) == ["s2"]
        assert clashes == {}


def test_a_row_dropped_by_one_and_changed_by_the_other_stays_and_is_named() -> None:
    dropped, kept = changed(steps=BASE["steps"][1:]), copy.deepcopy(BASE)
    kept["steps"][0]["time"] = "01 ngày"
    merged, clashes = merge(BASE, kept, dropped)
    assert (keys(merged), clashes) == (["s1", "s2"], {"steps.0": ""})
    merged, clashes = merge(BASE, dropped, kept)
    assert keys(merged) == ["s1", "s2"]
    assert clashes == {"steps.0": "Tiếp nhận · Một cửa · 01 ngày · BM.01"}


def test_my_order_wins_if_i_moved_rows_and_theirs_if_i_did_not() -> None:
    turned = changed(steps=BASE["steps"][::-1])
    assert keys(merge(BASE, turned, BASE)[0]) == ["s2", "s1"]
    assert keys(merge(BASE, BASE, turned)[0]) == ["s2", "s1"]


texts = st.sampled_from(["", "A", "B", "Thống nhất cách giải quyết hồ sơ."])
tables = st.lists(st.sampled_from(["s1", "s2", "x", "y"]), unique=True, max_size=4)


@st.composite
def contents_of(draw: st.DrawFn) -> Content:
    known = {row["key"]: row for row in BASE["steps"]}
    drawn = [known.get(key, step(key)) | {"time": draw(texts)} for key in draw(tables)]
    return changed(purpose=draw(texts), steps=drawn)


@given(mine=contents_of(), theirs=contents_of())
def test_merging_is_sound(mine: Content, theirs: Content) -> None:
    merged, clashes = merge(BASE, mine, theirs)
    assert contents.clean(merged)["purpose"] == merged["purpose"]
    assert len(set(keys(merged))) == len(keys(merged))
    assert set(keys(merged)) <= set(keys(mine)) | set(keys(theirs))
    mine_changed = {row["key"]: row for row in mine["steps"] if row not in BASE["steps"]}
    for key, row in mine_changed.items():
        assert key in keys(merged), row
    if theirs == BASE:
        assert (merged, clashes) == (mine, {})
    if mine == BASE:
        assert (merged, clashes) == (theirs, {})
