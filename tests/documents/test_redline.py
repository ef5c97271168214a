"""Redline of procedures: sections, rows, cells, and the lines for the revision sheet."""

from __future__ import annotations

import copy
import time
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.content import Content, clean, empty
from documents.redline import SectionDiff, legal_basis_only, redline, summary
from documents.sections import SECTIONS
from documents.words import Span
from tests.documents.samples import full_content
from tests.real_data import needs_data, rows


def between(old: dict[str, Any], new: dict[str, Any]) -> dict[str, SectionDiff]:
    """Section diffs by key, of the complete procedure with some sections changed before and after."""
    return {diff.section.key: diff for diff in redline(full_content(**old), full_content(**new))}


def lines(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return summary(redline(full_content(**old), full_content(**new)))


def steps(*names: str) -> dict[str, Any]:
    """Steps keyed by the first letter of their name."""
    return {"steps": [{"key": name[0], "name": name, "responsible": "A", "time": "1 ngày"} for name in names]}


def table(diff: SectionDiff) -> list[tuple[str, str, bool, int | None, int | None]]:
    return [(row.key, row.status, row.moved, row.old_number, row.new_number) for row in diff.rows]


def test_sections_come_in_the_table_s_order() -> None:
    assert [diff.section for diff in redline(full_content(), full_content())] == list(SECTIONS)


def test_nothing_changed() -> None:
    diffs = redline(full_content(), full_content())
    assert {diff.status for diff in diffs} == {"same"}
    assert {row.status for diff in diffs for row in diff.rows} == {"same"}
    assert summary(diffs) == []
    assert not legal_basis_only(diffs)


def test_without_an_old_version_everything_written_is_added() -> None:
    diffs = {diff.section.key: diff for diff in redline(None, full_content())}
    written = {"purpose", "scope", "dossier", "time_limit", "fee", "steps", "legal_basis", "records"}
    assert {key: diff.status for key, diff in diffs.items()} == {
        item.key: "added" if item.key in written else "same" for item in SECTIONS
    }
    assert diffs["fee"].spans == (Span("ins", "Không"),)
    assert table(diffs["steps"]) == [(f"s{n}", "added", False, None, n) for n in (1, 2, 3)]
    assert diffs["steps"].rows[0].cells[2].spans == (Span("ins", "½ ngày"),)
    assert redline(empty(), full_content()) == redline(None, full_content())


def test_everything_removed() -> None:
    diffs = {diff.section.key: diff for diff in redline(full_content(), empty())}
    assert diffs["purpose"].status == "removed"
    assert diffs["definitions"].status == "same"
    assert diffs["time_limit"].status == "removed"
    assert diffs["steps"].status == "removed"
    assert table(diffs["steps"]) == [(f"s{n}", "removed", False, n, None) for n in (1, 2, 3)]
    assert diffs["steps"].rows[2].cells[2].spans == (Span("del", "4 giờ"),)


def test_a_text_is_compared_by_word() -> None:
    diff = between({"fee": "8.000 đồng"}, {"fee": "5.000 đồng"})["fee"]
    assert diff.status == "changed"
    assert diff.spans == (Span("del", "8.000"), Span("ins", "5.000"), Span("same", " đồng"))
    assert diff.rows == ()


def test_the_time_limit_is_one_row_of_two_cells() -> None:
    old = {"time_limit": {"text": "5 ngày", "days": "5"}}
    diff = between(old, {"time_limit": {"text": "5 ngày", "days": "3"}})["time_limit"]
    assert diff.status == "changed"
    assert table(diff) == [("", "changed", False, 1, 1)]
    assert [(cell.column.key, cell.old, cell.new, cell.changed) for cell in diff.rows[0].cells] == [
        ("text", "5 ngày", "5 ngày", False),
        ("days", "5", "3", True),
    ]
    assert between(old, {"time_limit": {}})["time_limit"].status == "removed"
    assert between({"time_limit": {}}, old)["time_limit"].status == "added"
    assert between(old, old)["time_limit"].rows[0].status == "same"


ROWS = [
    # old, new, rows as (key, status, moved, old number, new number)
    ("ABC", "ABC", [("A", "same", False, 1, 1), ("B", "same", False, 2, 2), ("C", "same", False, 3, 3)]),
    ("AB", "AXB", [("A", "same", False, 1, 1), ("X", "added", False, None, 2), ("B", "same", False, 2, 3)]),
    ("AXB", "AB", [("A", "same", False, 1, 1), ("X", "removed", False, 2, None), ("B", "same", False, 3, 2)]),
    ("XYA", "A", [("X", "removed", False, 1, None), ("Y", "removed", False, 2, None), ("A", "same", False, 3, 1)]),
    ("AXY", "A", [("A", "same", False, 1, 1), ("X", "removed", False, 2, None), ("Y", "removed", False, 3, None)]),
    ("ABC", "CAB", [("C", "moved", True, 3, 1), ("A", "same", False, 1, 2), ("B", "same", False, 2, 3)]),
    ("ABC", "BCA", [("B", "same", False, 2, 1), ("C", "same", False, 3, 2), ("A", "moved", True, 1, 3)]),
    ("AB", "BA", [("B", "moved", True, 2, 1), ("A", "same", False, 1, 2)]),
    ("A", "X", [("A", "removed", False, 1, None), ("X", "added", False, None, 1)]),
    ("", "A", [("A", "added", False, None, 1)]),
    (  # a removed row stands behind the row it followed, wherever that went
        "AXBC",
        "BCA",
        [
            ("B", "same", False, 3, 1),
            ("C", "same", False, 4, 2),
            ("A", "moved", True, 1, 3),
            ("X", "removed", False, 2, None),
        ],
    ),
    (  # the longest run of rows in order is what stayed
        "ABCDE",
        "DABEC",
        [
            ("D", "moved", True, 4, 1),
            ("A", "same", False, 1, 2),
            ("B", "same", False, 2, 3),
            ("E", "moved", True, 5, 4),
            ("C", "same", False, 3, 5),
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), ROWS)
def test_rows_by_key(old: str, new: str, expected: list[tuple[str, str, bool, int | None, int | None]]) -> None:
    diff = between(steps(*(name * 3 for name in old)), steps(*(name * 3 for name in new)))["steps"]
    assert table(diff) == expected
    assert (diff.status == "same") is (old == new)


def test_a_changed_cell_is_compared_by_word() -> None:
    old, new = steps("A một", "B hai"), steps("A một", "B hai")
    new["steps"][1]["time"] = "2 ngày"
    row = between(old, new)["steps"].rows[1]
    assert (row.status, row.moved) == ("changed", False)
    assert [cell.column.key for cell in row.cells if cell.changed] == ["time"]
    assert row.cells[2].spans == (Span("del", "1"), Span("ins", "2"), Span("same", " ngày"))
    assert row.cells[0].spans == (Span("same", "B hai"),)


def test_a_row_may_be_moved_and_changed() -> None:
    diff = between(steps("A", "B", "C một"), steps("C hai", "A", "B"))["steps"]
    assert table(diff)[0] == ("C", "changed", True, 3, 1)


def test_a_key_pairs_rows_even_if_all_the_text_is_new() -> None:
    diff = between(steps("A một hai ba"), steps("A bốn năm sáu"))["steps"]
    assert table(diff) == [("A", "changed", False, 1, 1)]


LIKE = [
    # names of the old rows, of the new rows (no key in common), pairs of numbers
    (["tiếp nhận hồ sơ"], ["tiếp nhận hồ sơ"], [(1, 1)]),
    (["tiếp nhận hồ sơ"], ["Tiếp nhận, hồ sơ gốc"], [(1, 1)]),
    (["một hai"], ["một ba"], [(1, 1)]),  # half in common
    (["một hai ba"], ["một bốn năm"], [(1, None), (None, 1)]),  # a third
    (["a b c d", "a b c x"], ["a b c x"], [(1, None), (2, 1)]),  # the best pair, not the first
    (["a b c x", "a b c d"], ["a b c d", "a b c x"], [(2, 1), (1, 2)]),
    (["a b", "a b"], ["a b", "a b"], [(1, 1), (2, 2)]),  # alike: the nearest
    (["a b", "c d", "a b"], ["x y", "z t", "a b"], [(1, None), (2, None), (None, 1), (None, 2), (3, 3)]),
    (["a b c"], ["a b x", "a b c"], [(None, 1), (1, 2)]),  # one old row is one new row at most
    (["a b c"], ["a b c", "a b c"], [(1, 1), (None, 2)]),
    (["!"], ["!"], [(1, None), (None, 1)]),  # no word at all
]


@pytest.mark.parametrize(("old", "new", "pairs"), LIKE)
def test_rows_without_a_common_key_pair_by_likeness(
    old: list[str], new: list[str], pairs: list[tuple[int | None, int | None]]
) -> None:
    def named(names: list[str], mark: str) -> dict[str, Any]:
        return {"steps": [{"key": f"{mark}{n}", "name": name, "responsible": mark} for n, name in enumerate(names)]}

    diff = between(named(old, "o"), named(new, "n"))["steps"]
    assert [(row.old_number, row.new_number) for row in diff.rows] == pairs


def test_keys_go_before_likeness() -> None:
    old = {"steps": [{"key": "k", "name": "một"}, {"key": "l", "name": "hai ba"}]}
    new = {"steps": [{"key": "k", "name": "hai ba"}, {"key": "m", "name": "một"}]}
    assert [(row.key, row.status) for row in between(old, new)["steps"].rows] == [
        ("k", "changed"),
        ("l", "removed"),
        ("m", "added"),
    ]


def basis(*numbers: str, mark: str = "", issuer: str = "Chính phủ") -> dict[str, Any]:
    return {"legal_basis": [{"key": f"{mark}{n}", "number": no, "issuer": issuer} for n, no in enumerate(numbers)]}


def test_two_acts_of_one_issuer_are_not_one_row() -> None:
    diff = between(basis("123/2015/NĐ-CP", mark="o"), basis("07/2025/NĐ-CP", mark="n"))["legal_basis"]
    assert [row.status for row in diff.rows] == ["removed", "added"]


def test_one_act_written_in_two_ways_is_one_row() -> None:
    diff = between(basis("08/2025/TT-BTP", mark="o"), basis("8/2025/tt-btp", mark="n"))["legal_basis"]
    assert [row.status for row in diff.rows] == ["changed"]


def test_a_foreign_row_without_key_is_compared_too() -> None:
    old = cast("Content", {"steps": [{"name": "một"}, {"name": "hai"}]})
    diff = next(diff for diff in redline(old, full_content(**steps("một"))) if diff.section.key == "steps")
    assert [(row.status, row.old_number, row.new_number) for row in diff.rows] == [
        ("changed", 1, 1),
        ("removed", 2, None),
    ]


SUMMARIES: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"fee": "8.000 đồng"}, {"fee": "5.000 đồng"}, ["Phí, lệ phí: 8.000 đồng → 5.000 đồng"]),
    ({"fee": ""}, {"fee": "Không"}, ["Phí, lệ phí: thêm nội dung"]),
    ({"fee": "Không"}, {"fee": ""}, ["Phí, lệ phí: bỏ nội dung"]),
    ({"scope": "x" * 60}, {"scope": "y" * 60}, [f"Phạm vi: {'x' * 60} → {'y' * 60}"]),
    ({"scope": "x" * 61}, {"scope": "y"}, ["Phạm vi: sửa nội dung"]),
    ({"scope": "x"}, {"scope": "y" * 61}, ["Phạm vi: sửa nội dung"]),
    ({"scope": "x\ny"}, {"scope": "x"}, ["Phạm vi: sửa nội dung"]),
    (
        {"time_limit": {"text": "5 ngày", "days": "5"}},
        {"time_limit": {"text": "3 ngày", "days": "3"}},
        ["Thời hạn giải quyết: thời hạn 5 ngày → 3 ngày; số ngày làm việc 5 → 3"],
    ),
    (
        {"time_limit": {"days": "5"}},
        {"time_limit": {}},
        ["Thời hạn giải quyết: số ngày làm việc 5 → (trống)"],
    ),
    (steps("A", "B"), steps("A", "C mới", "B"), ["Bước 2: thêm “C mới”"]),
    (steps("A", "C cũ", "B"), steps("A", "B"), ["Bước 2: bỏ “C cũ”"]),
    (steps("A", "B", "C"), steps("C", "A", "B"), ["Bước 1: chuyển từ vị trí 3"]),
    (
        steps("A", "B", "C một"),
        steps("C hai", "A", "B"),
        ["Bước 1: chuyển từ vị trí 3; nội dung công việc C một → C hai"],
    ),
    (steps("A"), steps("A " + "x" * 70), ["Bước 1: sửa nội dung công việc"]),
    (steps("A " + "x" * 70), steps("A"), ["Bước 1: sửa nội dung công việc"]),
    (steps("A"), steps("A", "B " + "x" * 70), [f"Bước 2: thêm “B {'x' * 57}…”"]),
    (steps("A"), steps("A", "B " + "x" * 58), [f"Bước 2: thêm “B {'x' * 58}”"]),
    (steps("A"), steps("A", "B dòng\nhai"), ["Bước 2: thêm “B dòng hai”"]),
    (basis("1/2020/QH14"), basis("1/2020/QH14", "18/2026/NĐ-CP"), ["Căn cứ 2: thêm “18/2026/NĐ-CP”"]),
    (
        {"records": [{"key": "r", "name": "Hồ sơ", "holder": "A", "retention": "1 năm"}]},
        {"records": [{"key": "r", "name": "Hồ sơ", "holder": "A", "retention": "Vĩnh viễn"}]},
        ["Hồ sơ 1: thời gian lưu 1 năm → Vĩnh viễn"],
    ),
    (
        {"fee": "a", **basis("1/2020/QH14")},
        {"fee": "b", **basis("2/2020/QH14")},
        ["Phí, lệ phí: a → b", "Căn cứ 1: số, ký hiệu 1/2020/QH14 → 2/2020/QH14"],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), SUMMARIES)
def test_summary(old: dict[str, Any], new: dict[str, Any], expected: list[str]) -> None:
    assert lines(old, new) == expected


def test_the_revision_sheet_s_example() -> None:
    old, new = full_content(), full_content()
    old["steps"][2]["time"], new["steps"][2]["time"] = "2 ngày", "1 ngày"
    assert summary(redline(old, new)) == ["Bước 3: thời gian 2 ngày → 1 ngày"]
    new["steps"][2]["form"] = "BM.02"
    assert summary(redline(old, new)) == ["Bước 3: thời gian 2 ngày → 1 ngày; biểu mẫu, kết quả (trống) → BM.02"]


TWO_ACTS = basis("1/2020/QH14", "2/2020/QH14")


@pytest.mark.parametrize(
    ("old", "new", "only"),
    [
        ({}, {}, False),
        ({}, basis("18/2026/NĐ-CP", "60/2014/QH13"), True),
        (basis("1/2020/QH14"), {"legal_basis": []}, True),
        (
            basis("1/2020/QH14", "2/2020/QH14"),
            {"legal_basis": basis("1/2020/QH14", "2/2020/QH14")["legal_basis"][::-1]},
            True,
        ),
        ({}, {**basis("18/2026/NĐ-CP", "x"), "fee": "1"}, False),
        ({}, {"fee": "1"}, False),
    ],
)
def test_whether_only_the_legal_basis_changed(old: dict[str, Any], new: dict[str, Any], *, only: bool) -> None:
    assert legal_basis_only(redline(full_content(**old), full_content(**new))) is only


NAMES = st.lists(st.sampled_from(["A", "B", "C", "D", "E", "F", "G"]), unique=True, max_size=7)


@given(NAMES, NAMES)
def test_every_row_of_both_versions_is_shown_once(old: list[str], new: list[str]) -> None:
    diff = between(steps(*old), steps(*new))["steps"]
    assert [row.new_number for row in diff.rows if row.new_number] == list(range(1, len(new) + 1))
    assert sorted(row.old_number for row in diff.rows if row.old_number) == list(range(1, len(old) + 1))
    still = [old.index(row.key) for row in diff.rows if row.status == "same"]
    assert still == sorted(still)


def whole_procedure() -> Content:
    """A procedure of more than 72,000 bytes made of real steps and citations."""
    given_rows = rows("procedures")
    texts = [step for row in given_rows for step in row["steps"]]
    numbers = sorted({number for row in given_rows for number in row["legal_basis"]})
    prose = " ".join(texts)
    raw = {
        "purpose": prose[:8000],
        "scope": prose[8000:16000],
        "definitions": prose[16000:24000],
        "dossier": [{"item": text[:400]} for text in texts[:30]],
        "steps": [{"name": text[:700], "responsible": "Chuyên viên", "time": "½ ngày"} for text in texts[30:60]],
        "legal_basis": [{"number": number} for number in numbers[:100]],
        "records": [{"name": text[:200], "holder": "Văn thư"} for text in texts[100:120]],
    }
    return clean(raw)


def reworded(text: str, every: int) -> str:
    return " ".join("sửa" if n % every == 0 else word for n, word in enumerate(text.split(" ")))


@needs_data
@pytest.mark.parametrize("every", [1, 25, 50])
def test_a_whole_procedure_is_compared_in_less_than_0_4_s(every: int) -> None:
    old = whole_procedure()
    new = copy.deepcopy(old)
    new["purpose"], new["scope"] = reworded(old["purpose"], every), reworded(old["scope"], every)
    for step in new["steps"]:
        step["name"] = reworded(step["name"], every)
    del new["dossier"][3], new["legal_basis"][7]
    new["records"].insert(0, {"key": "new", "name": "Sổ theo dõi", "holder": "Văn thư", "retention": "1 năm"})
    assert len(str(old).encode()) > 72_000
    spent = []
    for _ in range(3):
        start = time.process_time()  # CPU time: the machine is shared
        diffs = {diff.section.key: diff for diff in redline(old, new)}
        spent.append(time.process_time() - start)
    assert min(spent) < 0.4
    assert [row.status for row in diffs["dossier"].rows].count("removed") == 1
    assert [row.status for row in diffs["legal_basis"].rows].count("removed") == 1
    assert [row.status for row in diffs["records"].rows] == ["added", *["same"] * 20]


def test_the_largest_tables_without_a_common_key_are_compared_in_time() -> None:
    def largest(mark: str) -> dict[str, Any]:
        return {"steps": [{"key": f"{mark}{n}", "name": f"bước {n} kiểm tra hồ sơ lần {n % 7}"} for n in range(200)]}

    start = time.process_time()
    diff = between(largest("o"), largest("n"))["steps"]
    assert time.process_time() - start < 2
    assert {row.status for row in diff.rows} == {"same"}
