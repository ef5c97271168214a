"""Three contents put together: no edit of either side is lost, and no conflict is silent."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import content as contents
from documents.content import SECTIONS, Content
from documents.merging import Conflict, Decision, decide, join
from documents.redline import aligned
from tests import factories

BASE = contents.clean(factories.content())
GONE = object()

WORDS = ("", "A", "B")
Drawn = tuple[str, str | None, list[tuple[str, str, str]]]


def drawn(words: tuple[str, ...] = WORDS, *, twice: bool = True) -> st.SearchStrategy[Content]:
    """Contents; ``twice``: keys of rows may repeat, as in a file from elsewhere."""
    rows = st.lists(
        st.tuples(st.sampled_from(("s1", "s2", "s3", "x")), st.sampled_from(words), st.sampled_from(words)),
        max_size=4,
        unique_by=None if twice else lambda row: row[0],
    )
    return st.tuples(st.sampled_from(words), st.sampled_from([None, "3"]), rows).map(_made)


def _made(given: Drawn) -> Content:
    purpose, days, rows = given
    steps = (step(key, responsible=who, time=when) for key, who, when in rows)
    return with_steps(*steps, purpose=purpose, time_limit={"text": "", "days": days})


few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Few and patient: these run beside everything else on a small machine."""


def step(key: str, **cells: str) -> dict[str, str]:
    return {"key": key, "name": key, "responsible": "", "time": "", "form": "", **cells}


def with_steps(*rows: dict[str, str], **parts: Any) -> Content:
    return cast("Content", dict(BASE) | {"steps": list(rows)} | parts)


def cells(content: Content) -> dict[str, Any]:
    """Every cell by its lasting name, and every row by its own."""
    found: dict[str, Any] = {}
    for item in SECTIONS:
        value = cast("dict[str, Any]", content)[item.key]
        if item.kind == "text":
            found[item.key] = value
        elif item.kind == "limit":
            found |= {f"{item.key}.{name}": cell for name, cell in value.items()}
        else:
            seen: Counter[str] = Counter()
            for row in value:
                nth = seen[row["key"]]
                seen[row["key"]] += 1
                name = f"{item.key}.{row['key']}~{nth}" if nth else f"{item.key}.{row['key']}"
                found[name] = True
                found |= {f"{name}.{column}": cell for column, cell in row.items() if column != "key"}
    return found


def named(conflicts: list[Conflict], cell: str) -> Conflict | None:
    """The conflict that names a cell, itself or with its whole row."""
    return next((one for one in conflicts if cell == one.name or cell.startswith(f"{one.name}.")), None)


def rows_of(content: Content) -> list[str]:
    return [str(row) for row in content["steps"]]


@few
@given(base=drawn(), side=drawn())
def test_what_one_side_alone_did_is_the_result(base: Content, side: Content) -> None:
    assert join(base, side, base) == (side, [])
    assert join(base, base, side) == (side, [])
    assert join(base, side, side) == (side, [])


@few
@given(base=drawn(twice=False), mine=drawn(twice=False), theirs=drawn(twice=False))
def test_no_edit_is_lost_and_no_conflict_is_silent(base: Content, mine: Content, theirs: Content) -> None:
    merged, conflicts = join(base, mine, theirs)
    was, here, there, now = cells(base), cells(mine), cells(theirs), cells(merged)
    for cell in {*was, *here, *there}:
        before, one, other = (table.get(cell, GONE) for table in (was, here, there))
        if one == before == other:
            assert now.get(cell, GONE) == before or named(conflicts, cell)
        elif other in (one, before):
            assert now.get(cell, GONE) == one or named(conflicts, cell), cell
        elif one == before:
            assert now.get(cell, GONE) == other or named(conflicts, cell), cell
        else:
            assert named(conflicts, cell), cell
    assert set(now) <= {*was, *here, *there}


@few
@given(base=drawn(), mine=drawn(("", "M", "m")), theirs=drawn(("", "T", "t")))
def test_every_word_that_a_side_wrote_is_there_or_named(base: Content, mine: Content, theirs: Content) -> None:
    merged, conflicts = join(base, mine, theirs)
    kept = Counter(cells(merged).values())
    for one in conflicts:
        for value in (one.mine, one.theirs) if one.kind != "order" else ():
            kept.update(value.values() if isinstance(value, dict) else [value])
    for side in (mine, theirs):
        wrote = Counter(cell for cell in cells(side).values() if cell in ("M", "m", "T", "t"))
        assert all(kept[word] >= number for word, number in wrote.items())


@few
@given(base=drawn(), mine=drawn(), theirs=drawn())
def test_a_conflict_is_one_and_names_all_three(base: Content, mine: Content, theirs: Content) -> None:
    _merged, conflicts = join(base, mine, theirs)
    was, here, there = cells(base), cells(mine), cells(theirs)
    assert len({one.name for one in conflicts}) == len(conflicts)
    for one in conflicts:
        if one.kind == "cell":
            assert (one.mine, one.theirs) == (here[one.name], there[one.name])
            assert one.base == was.get(one.name)
        elif one.kind == "row":
            assert (one.mine is None) != (one.theirs is None)
            assert one.base not in (one.mine, one.theirs)
        else:
            assert one.mine != one.theirs


@few
@given(base=drawn(), mine=drawn(), theirs=drawn())
def test_the_other_way_round_is_the_same(base: Content, mine: Content, theirs: Content) -> None:
    merged, conflicts = join(base, mine, theirs)
    turned, again = join(base, theirs, mine)
    assert {one.name: (one.mine, one.theirs) for one in conflicts if one.kind != "order"} == {
        one.name: (one.theirs, one.mine) for one in again if one.kind != "order"
    }
    assert {one.name for one in conflicts} == {one.name for one in again}
    one = decide(merged, conflicts, {each.name: Decision("mine") for each in conflicts})
    other = decide(turned, again, {each.name: Decision("theirs") for each in again})
    assert sorted(rows_of(one)) == sorted(rows_of(other))
    assert (one["purpose"], one["time_limit"]) == (other["purpose"], other["time_limit"])


@few
@given(base=drawn(), mine=drawn(), theirs=drawn())
def test_the_order_is_that_of_who_moved_rows(base: Content, mine: Content, theirs: Content) -> None:
    merged, conflicts = join(base, mine, theirs)
    every = [[name for name in cells(each) if name.startswith("steps.") and name.count(".") == 1] for each in
             (base, mine, theirs, merged)]  # fmt: skip
    common = set(every[0]) & set(every[1]) & set(every[2])
    was, here, there, now = ([name for name in names if name in common] for names in every)
    fought = any(one.kind == "order" for one in conflicts)
    assert fought == (here != there and was not in (here, there))
    assert now == (there if here == was else here)


A, B, C = step("a"), step("b"), step("c")


@pytest.mark.parametrize(("take", "order"), [("mine", ["b", "m", "a", "c"]), ("theirs", ["a", "c", "b", "m"])])
def test_two_orders_are_a_conflict_and_the_choice_is_done(take: Any, order: list[str]) -> None:
    merged, conflicts = join(with_steps(A, B, C), with_steps(B, step("m"), A, C), with_steps(A, C, B))
    assert [one.kind for one in conflicts] == ["order"]
    content = decide(merged, conflicts, {conflicts[0].name: Decision(take)})
    assert [row["key"] for row in content["steps"]] == order


@pytest.mark.parametrize(("take", "left"), [("mine", ["a", "b"]), ("theirs", ["b"])])
def test_a_row_removed_and_changed_stays_until_somebody_decides(take: Any, left: list[str]) -> None:
    changed = step("a", time="01 ngày")
    merged, conflicts = join(with_steps(A, B), with_steps(changed, B), with_steps(B))
    assert (merged["steps"][0], [(one.kind, one.mine, one.theirs) for one in conflicts]) == (
        changed,
        [("row", changed, None)],
    )
    content = decide(merged, conflicts, {"steps.a": Decision(take)})
    assert [row["key"] for row in content["steps"]] == left
    with pytest.raises(KeyError):
        decide(merged, conflicts, {})


def test_each_kind_of_cell_takes_what_was_typed() -> None:
    one, other = copy.deepcopy(with_steps(A)), copy.deepcopy(with_steps(A))
    for content, word in ((one, "một"), (other, "hai")):
        content["purpose"] = word
        content["steps"][0]["time"] = word
        content["time_limit"] = {"text": word, "days": "1" if word == "một" else "2"}
    merged, conflicts = join(with_steps(A), one, other)
    assert [each.name for each in conflicts] == ["purpose", "time_limit.text", "time_limit.days", "steps.a.time"]
    taken = {each.name: Decision("typed", "7") for each in conflicts} | {"time_limit.days": Decision("theirs")}
    content = decide(merged, conflicts, taken)
    assert (content["purpose"], content["time_limit"], content["steps"][0]["time"]) == (
        "7",
        {"text": "7", "days": "2"},
        "7",
    )
    assert merged["purpose"] == "một"


def test_rows_that_grew_elsewhere_take_the_keys_of_those_they_are() -> None:
    like = with_steps(step("a", name="Tiếp nhận hồ sơ"), step("b", name="Thẩm định"))
    other = with_steps(
        step("k1", name="Thẩm định"), step("b", name="Chuyển kho"), step("k3", name="Tiếp nhận hồ sơ mới")
    )
    keys = [row["key"] for row in aligned(other, like)["steps"]]
    assert keys == ["k1", "b", "a"]  # a common key goes before likeness
    assert aligned(like, like) == like


@few
@given(content=drawn(twice=False), like=drawn(twice=False))
def test_aligning_changes_keys_alone_and_keeps_them_apart(content: Content, like: Content) -> None:
    found = aligned(content, like)
    keys = [row["key"] for row in found["steps"]]
    assert len(set(keys)) == len(keys)
    bare = [[{**row, "key": ""} for row in each["steps"]] for each in (found, content)]
    assert bare[0] == bare[1]
