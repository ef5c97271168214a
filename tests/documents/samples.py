"""A complete procedure for tests of pure functions."""

from __future__ import annotations

import copy
from typing import Any

from documents.content import Content, clean

FULL_CONTENT: dict[str, Any] = {
    "purpose": "Quy định trình tự thực hiện.",
    "scope": "Phòng Hành chính tư pháp.",
    "definitions": "",
    "dossier": [{"key": "d1", "item": "Tờ khai", "quantity": "01"}],
    "time_limit": {"text": "5 ngày làm việc", "days": "5"},
    "fee": "Không",
    "steps": [
        {"key": "s1", "name": "Tiếp nhận", "responsible": "Một cửa", "time": "½ ngày", "form": "BM.01"},
        {"key": "s2", "name": "Thẩm định", "responsible": "Chuyên viên", "time": "3 ngày", "form": ""},
        {"key": "s3", "name": "Trả kết quả", "responsible": "Một cửa", "time": "4 giờ", "form": ""},
    ],
    "legal_basis": [{"key": "b1", "number": "18/2026/NĐ-CP", "issuer": "Chính phủ", "note": ""}],
    "forms": [],
    "records": [{"key": "r1", "name": "Hồ sơ", "holder": "Văn thư", "retention": "Vĩnh viễn"}],
}


def full_content(**changes: Any) -> Content:
    """The complete procedure with some sections changed."""
    return clean(copy.deepcopy(FULL_CONTENT) | changes)
