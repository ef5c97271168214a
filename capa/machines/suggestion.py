"""A point table to begin with. It is our suggestion (domain §6.2: no province's own table is known to us)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

GROUPS = (
    (lazy("Tổ chức, Ban chỉ đạo"), (
        (5, "committee", lazy("Ban chỉ đạo ISO có quyết định đang có giá trị"), lazy("Quyết định thành lập, kiện toàn")),
        (5, "manual",    lazy("Phân công rõ trách nhiệm; lãnh đạo chỉ đạo thường xuyên"), lazy("Phân công, thông báo, biên bản họp")),
    )),
    (lazy("Đủ tài liệu theo mô hình khung"), (
        (15, "manual",   lazy("Có đủ tài liệu của mô hình khung, được phê duyệt"), lazy("Danh mục tài liệu")),
    )),
    (lazy("Quy trình cho thủ tục hành chính"), (
        (15, "covered",  lazy("Mọi thủ tục đã công bố có quy trình đang có hiệu lực"), lazy("Danh mục thủ tục, quy trình")),
    )),
    (lazy("Cập nhật quy trình theo pháp luật"), (
        (10, "living",   lazy("Quy trình không viện dẫn văn bản hết hiệu lực"), lazy("Cảnh báo lạc hậu")),
        (5, "changes",   lazy("Thay đổi pháp luật được xử lý đúng hạn"), lazy("Đợt rà soát")),
    )),
    (lazy("Áp dụng và hồ sơ"), (
        (10, "manual",   lazy("Giải quyết hồ sơ đúng quy trình"), lazy("Hồ sơ lấy mẫu")),
        (5, "manual",    lazy("Hồ sơ lưu đúng, đủ, có nhãn"), lazy("Tủ, cặp hồ sơ")),
    )),
    (lazy("Đánh giá nội bộ"), (
        (5, "audited",   lazy("Có đánh giá nội bộ trong năm"), lazy("Báo cáo đánh giá")),
        (5, "audit_scope", lazy("Mọi đơn vị được đánh giá, chéo giữa các đơn vị"), lazy("Kế hoạch đợt, phân công đoàn")),
    )),
    (lazy("Hành động khắc phục"), (
        (5, "overdue",   lazy("Không có phiếu khắc phục quá hạn"), lazy("Sổ phiếu khắc phục")),
    )),
    (lazy("Xem xét của lãnh đạo"), (
        (5, "reviewed",  lazy("Lãnh đạo họp xem xét hệ thống trong năm"), lazy("Biên bản, thông báo kết luận")),
    )),
    (lazy("Mục tiêu chất lượng"), (
        (5, "measured",  lazy("Mục tiêu được đo theo kỳ"), lazy("Bảng theo dõi mục tiêu")),
    )),
    (lazy("Công bố, trang thông tin, báo cáo"), (
        (3, "published", lazy("Công bố áp dụng đang có giá trị"), lazy("Bản công bố")),
        (2, "manual",    lazy("Tài liệu đăng trên trang thông tin, mở được; báo cáo đúng hạn"), lazy("Địa chỉ trang, báo cáo")),
    )),
)  # fmt: skip
BANDS = ((90, lazy("Tốt")), (75, lazy("Khá")), (50, lazy("Trung bình")), (0, lazy("Yếu")))


def criteria() -> list[dict[str, Any]]:
    """The suggested criteria in the shape of ``capa.sheets``."""
    return [
        {"group": str(group), "text": str(text), "max": most, "rule": rule, "evidence": str(evidence)}
        for group, rows in GROUPS
        for most, rule, text, evidence in rows
    ]


def bands() -> list[dict[str, Any]]:
    """The suggested bands."""
    return [{"least": least, "label": str(label)} for least, label in BANDS]


def title() -> str:
    """The title says what it is."""
    return _("Bảng điểm kiểm tra (theo mẫu gợi ý của phần mềm)")
