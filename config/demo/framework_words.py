"""What the fifth story's framework model says: two system procedures, and what its second version says otherwise."""

from __future__ import annotations

from typing import Any

CYCLE = "19/2014/QĐ-TTg"
"""The decision on which an agency's system rests (domain §1.1)."""
FACTS = {
    "number": CYCLE,
    "issuer": "Thủ tướng Chính phủ",
    "kind": "Quyết định",
    "title": "Áp dụng hệ thống quản lý chất lượng theo tiêu chuẩn quốc gia TCVN ISO 9001:2008 vào hoạt động của các cơ "
    "quan, tổ chức thuộc hệ thống hành chính nhà nước",
    "issued_on": "2014-03-05",
    "effective_on": "2014-05-18",
}
OPEN = ["steps.responsible", "records.holder", "scope"]
"""Parts that a commune may write otherwise: who does what, where it is kept, and for whom it holds."""


def _content(purpose: str, steps: list[tuple[str, str, str, str]], form: tuple[str, str]) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "scope": "Áp dụng cho mọi bộ phận của cơ quan.",
        "dossier": [{"key": "d1", "item": "Phiếu yêu cầu", "quantity": "01 bản"}],
        "time_limit": {"text": "10 ngày làm việc", "days": "10"},
        "fee": "",
        "steps": [
            {"key": key, "name": name, "responsible": who, "time": when, "form": form[0] if key == "b1" else ""}
            for key, name, who, when in steps
        ],
        "legal_basis": [{"key": "c1", "number": CYCLE, "issuer": "Thủ tướng Chính phủ", "note": ""}],
        "forms": [{"key": "m1", "code": form[0], "name": form[1]}],
        "records": [{"key": "h1", "name": form[1], "holder": "Văn phòng", "retention": "03 năm"}],
    }


CONTROL = [
    ("b1", "Đề nghị soạn thảo, sửa đổi tài liệu", "Công chức chuyên môn", "01 ngày"),
    ("b2", "Kiểm tra sự cần thiết và nội dung", "Thư ký ISO", "02 ngày"),
    ("b3", "Xem xét, phê duyệt, ban hành", "Lãnh đạo cơ quan", "02 ngày"),
]
AUDIT = [
    ("b1", "Lập chương trình đánh giá của năm", "Thư ký ISO", "02 ngày"),
    ("b2", "Đánh giá tại bộ phận", "Đoàn đánh giá", "03 ngày"),
    ("b3", "Lập báo cáo, theo dõi khắc phục", "Trưởng đoàn", "02 ngày"),
]
FORM, PLAN = ("BM.01", "Phiếu yêu cầu soạn thảo, sửa đổi tài liệu"), ("BM.02", "Chương trình đánh giá nội bộ")


def items(number: int) -> list[dict[str, Any]]:
    """The items of a version: the second changes who checks, and adds the recall of old copies."""
    steps = list(CONTROL)
    if number > 1:
        steps[1] = ("b2", "Kiểm tra sự cần thiết và nội dung", "Đại diện lãnh đạo", "02 ngày")
        steps.append(("b4", "Thu hồi bản cũ, cập nhật danh mục tài liệu", "Văn thư", "01 ngày"))
    given = {"kind": "SYS_PROC", "required": True, "open_parts": OPEN}
    return [
        {
            **given,
            "key": "tai-lieu",
            "code": "QT-HT-01.{agency}",
            "title": "Quy trình kiểm soát thông tin dạng văn bản",
            "content": _content("Mọi bộ phận dùng đúng bản tài liệu đang có hiệu lực.", steps, FORM),
        },
        {
            **given,
            "key": "danh-gia",
            "code": "QT-HT-02.{agency}",
            "title": "Quy trình đánh giá nội bộ",
            "content": _content("Tự phát hiện chỗ chưa phù hợp của hệ thống quản lý chất lượng.", AUDIT, PLAN),
        },
    ]


MINE = "Công chức Văn phòng – Thống kê"
"""Who checks in the commune: the model lets it say so."""
