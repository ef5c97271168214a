"""Clauses of ISO 9001:2015 that an audit covers: number and, in our own words, what each is about."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLAUSES: dict[str, str | Promise] = {
    "4.1": _("Bối cảnh của cơ quan"),
    "4.2": _("Nhu cầu của các bên quan tâm"),
    "4.3": _("Phạm vi hệ thống"),
    "4.4": _("Hệ thống và các quá trình"),
    "5.1": _("Cam kết của lãnh đạo"),
    "5.2": _("Chính sách chất lượng"),
    "5.3": _("Vai trò, trách nhiệm, quyền hạn"),
    "6.1": _("Rủi ro và cơ hội"),
    "6.2": _("Mục tiêu chất lượng"),
    "6.3": _("Hoạch định thay đổi"),
    "7.1": _("Nguồn lực"),
    "7.2": _("Năng lực"),
    "7.3": _("Nhận thức"),
    "7.4": _("Trao đổi thông tin"),
    "7.5": _("Thông tin dạng văn bản"),
    "8.1": _("Hoạch định và kiểm soát tác nghiệp"),
    "8.2": _("Yêu cầu đối với dịch vụ công"),
    "8.4": _("Kiểm soát bên cung cấp"),
    "8.5": _("Giải quyết thủ tục hành chính"),
    "8.6": _("Trả kết quả"),
    "8.7": _("Kết quả không phù hợp"),
    "9.1": _("Theo dõi, đo lường, hài lòng của người dân"),
    "9.2": _("Đánh giá nội bộ"),
    "9.3": _("Xem xét của lãnh đạo"),
    "10.1": _("Cải tiến"),
    "10.2": _("Không phù hợp và hành động khắc phục"),
    "10.3": _("Cải tiến liên tục"),
}
"""8.3 (design and development) is left out: agencies do not design the procedures that they apply (exclusion)."""

_NUMBER = re.compile(r"(?:(?:4|5|6|7|8|9|10)\.\d{1,2})(?:\.\d{1,2}){0,2}")


def is_clause(text: str) -> bool:
    """True for a clause number such as 7.5 or 7.5.3.2."""
    return _NUMBER.fullmatch(text) is not None


def main_clause(text: str) -> str:
    """The clause of the list under which a number falls: 7.5.3 → 7.5; ``""`` if it is none of the standard's."""
    head = ".".join(text.split(".")[:2])
    return head if is_clause(text) and head in CLAUSES else ""


def clause_label(code: str) -> str:
    """Number and subject; the bare text for one that the list lacks."""
    subject = CLAUSES.get(main_clause(code))
    return f"{code} {subject}" if subject else code
