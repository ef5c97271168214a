"""Numbers of reports added up, and the order in which they stand."""

from __future__ import annotations

from typing import Any

from capa.reportsums import by_name, differing, summed


def test_sums_of_any_rows() -> None:
    rows: list[dict[str, Any]] = [
        {"totals": {"a": 2, "b": 1}, "part": False},
        {"totals": {"a": 40}, "part": True},
        {"totals": {"a": 3}, "part": False},
    ]
    assert summed(rows) == {"a": 5, "b": 1}
    assert not differing({"a": 5, "b": 1}, rows, {"a": "A", "b": "B"})
    assert differing({"a": 45}, rows, {"a": "A"}) == ["A: 2 + 3 = 5, không phải 45."]
    assert differing({"a": 1}, rows[1:2], {"a": "A"}) == [
        "A: không có báo cáo nào được cộng, nên tổng là 0, không phải 1."
    ]
    assert differing({"a": 1}, rows[2:], {"a": "A"}) == ["A: báo cáo duy nhất được cộng ghi 3, không phải 1."]


def test_reports_stand_by_name_wherever_they_are_added_up() -> None:
    names = ["Xã Đông Sơn", "Xã 10", "Xã Ân Phú", "Xã 9", "Xã An Phú", "Xã Dông Sơn", "Xã Ăn Phú", "Xã An Phụ"]
    rows = [{"unit": name, "code": "A", "report": str(place)} for place, name in enumerate(names)]
    ordered = ["Xã 9", "Xã 10", "Xã An Phú", "Xã An Phụ", "Xã Ăn Phú", "Xã Ân Phú", "Xã Dông Sơn", "Xã Đông Sơn"]
    assert [row["unit"] for row in by_name(rows)] == ordered
    same = [{"unit": "Xã Tân", "code": code, "report": report} for code, report in (("B", "1"), ("A", "3"), ("A", "2"))]
    assert [row["report"] for row in by_name(same)] == ["2", "3", "1"]
