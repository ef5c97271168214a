"""What the people of the second story write: findings, analyses, and what the verifier saw."""

from __future__ import annotations

from typing import Any

FINDINGS: dict[str, dict[str, str]] = {
    "minor": {
        "clause": "7.5",
        "requirement": "Tài liệu tại nơi sử dụng phải là bản đang có hiệu lực.",
        "statement": "Tại quầy còn dùng bản in quy trình đã được thay thế; tờ khai phát cho người dân theo mẫu cũ.",
        "sampled": "Bản in tại quầy số 3; 10 hồ sơ nhận trong tuần",
        "evidence_text": "Ảnh chụp bản in; 4 trong 10 hồ sơ có tờ khai mẫu cũ.",
    },
    "major": {
        "clause": "8.5",
        "requirement": "Hồ sơ quá hạn phải có văn bản xin lỗi và hẹn lại ngày trả.",
        "statement": "Bảy hồ sơ quá hạn trong quý không có văn bản xin lỗi; không ai được giao theo dõi việc này.",
        "sampled": "Sổ theo dõi hồ sơ quý vừa qua",
        "evidence_text": "Danh sách 7 mã hồ sơ quá hạn; hộp thư đi không có văn bản xin lỗi nào.",
    },
    "observation": {
        "clause": "7.5",
        "requirement": "",
        "statement": "Nhãn cặp hồ sơ ghi thiếu thời hạn lưu.",
        "sampled": "42 cặp hồ sơ trên giá",
        "evidence_text": "15 trong 42 nhãn không ghi thời hạn lưu.",
    },
}


def _whys(*answers: tuple[str, str]) -> list[dict[str, str]]:
    """A chain of answers with their evidence."""
    return [
        {"key": f"w{at}", "parent": f"w{at - 1}" if at > 1 else "", "text": text, "evidence": evidence}
        for at, (text, evidence) in enumerate(answers, start=1)
    ]


SHALLOW: dict[str, Any] = {
    "whys": _whys(
        ("Cán bộ tiếp nhận lấy nhầm bản in cũ", "Hỏi hai cán bộ tại quầy"),
        ("Bản cũ và bản mới để cùng một ngăn", "Ảnh chụp ngăn tài liệu"),
        ("Chưa ai nhắc bỏ bản cũ", ""),
    ),
    "causes": [{"key": "c1", "category": "people", "text": "Chưa được nhắc"}],
    "root": "Cán bộ chưa được nhắc bỏ bản in cũ",
    "category": "people",
    "similar": "Chưa thấy ở quầy khác",
    "extent": "Một quầy",
}
DEEP: dict[str, Any] = {
    "whys": _whys(
        ("Sau khi nhắc vẫn còn hồ sơ theo mẫu cũ", "3 trong 12 hồ sơ kiểm tra lại"),
        ("Mẫu thay đổi giữa tháng mà quầy không biết", "Ngày có hiệu lực của văn bản và ngày in lại mẫu"),
        ("Không ai được giao theo dõi văn bản mới cho quầy", "Bảng phân công nhiệm vụ của phòng"),
        ("Quy trình không có việc rà soát văn bản định kỳ", "Bản quy trình đang áp dụng, mục 5"),
    ),
    "causes": [
        {"key": "c1", "category": "procedure", "text": "Quy trình thiếu bước rà soát văn bản"},
        {"key": "c2", "category": "management", "text": "Chưa giao đầu mối theo dõi"},
        {"key": "c3", "category": "law", "text": "Văn bản thay đổi nhiều trong năm"},
    ],
    "root": "Quy trình không quy định ai rà soát văn bản và thay mẫu tại quầy",
    "category": "procedure",
    "similar": "Hai quy trình khác của phòng có cùng thiếu sót, đã đưa vào sổ theo dõi",
    "extent": "Ba quy trình, một quầy",
}
JUDGED: dict[str, Any] = {
    "method": "sample",
    "exposures": 12,
    "evidence_text": "12 trong 12 hồ sơ nhận sau khi thực hiện dùng đúng mẫu và căn cứ.",
}
