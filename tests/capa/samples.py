"""A complete analysis and plan for tests of pure functions, and JSON of any kind."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from capa import analysis as analyses
from capa import plan as plans
from capa.analysis import Analysis
from capa.plan import Plan
from tests.real_data import DATA, naughty_strings

FULL_ANALYSIS: dict[str, Any] = {
    "whys": [
        {"key": "w1", "parent": "", "text": "Trả kết quả trễ 3 ngày", "evidence": "Sổ theo dõi 12/2025"},
        {"key": "w2", "parent": "w1", "text": "Hồ sơ nằm ở phòng", "evidence": "Phiếu kiểm soát"},
        {"key": "w3", "parent": "w2", "text": "Không ai nhắc hạn", "evidence": "Ảnh màn hình"},
        {"key": "w4", "parent": "w1", "text": "Thiếu người thay", "evidence": "Bảng phân công"},
        {"key": "w5", "parent": "w4", "text": "Chưa phân công dự phòng", "evidence": "Quyết định 12"},
    ],
    "causes": [
        {"key": "c1", "category": "equipment", "text": "Phần mềm không nhắc hạn"},
        {"key": "c2", "category": "people", "text": "Cán bộ mới chưa được tập huấn"},
    ],
    "root": "Phần mềm một cửa không có chức năng nhắc hạn",
    "category": "equipment",
    "similar": "Đã xem 40 hồ sơ hộ tịch quý III",
    "extent": "Hai phòng",
}
FULL_PLAN: dict[str, Any] = {
    "actions": [
        {"key": "a1", "what": "Bật nhắc hạn", "assignee": 7, "due": "2026-03-31", "resources": "Đơn vị phần mềm"},
        {"key": "a2", "what": "Tập huấn", "assignee": 8, "due": "2026-04-15", "resources": ""},
    ],
    "documents": [{"document": "0b7f1d0e-5a7c-4c38-9d2e-1f5a4c3b2a10", "what": "Thêm bước nhắc hạn"}],
    "risk": "Cập nhật rủi ro trễ hạn",
    "measure": {"what": "Tỉ lệ đúng hạn", "kind": "cases", "number": 50, "target": "Ít nhất 98 %"},
}


def full_analysis(**changes: Any) -> Analysis:
    """The complete analysis with some parts changed."""
    return analyses.clean(copy.deepcopy(FULL_ANALYSIS) | changes)


def full_plan(**changes: Any) -> Plan:
    """The complete plan with some parts changed."""
    return plans.clean(copy.deepcopy(FULL_PLAN) | changes)


def chain(*texts: str, evidence: str = "Biên bản") -> list[dict[str, str]]:
    """Whys, each under the one before."""
    return [
        {"key": f"k{n}", "parent": f"k{n - 1}" if n else "", "text": text, "evidence": evidence}
        for n, text in enumerate(texts)
    ]


def hostile_strings() -> list[str]:
    """Naughty strings, and every payload of the list of attacks where it is there."""
    path = DATA / "security" / "xss-payload-list.txt"
    return naughty_strings() + (path.read_text(errors="replace").split("\n") if path.is_file() else [])


def any_json(*names: str) -> st.SearchStrategy[Any]:
    """JSON of any shape, in which some keys and values are ours."""
    ours = st.sampled_from([*names, "key", "w1", "w2"])
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | ours
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ours | st.text(max_size=3), inner, max_size=6),
        max_leaves=25,
    )
