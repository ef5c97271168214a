"""Roles of the ISO steering committee and around it (domain vocabulary: Decision 19/2014, ISO 9001 cl. 5.3).

A role is a name only. Who holds it, for which unit, from when and by which decision is a ``Seat``.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Every seat that a person can be given."""

    STEERING_HEAD = "steering_head", _("Trưởng Ban chỉ đạo ISO")
    QMR = "qmr", _("Đại diện lãnh đạo")
    ISO_SECRETARY = "iso_secretary", _("Thư ký ISO")
    SUPPORT_TEAM = "support_team", _("Tổ giúp việc")
    STEERING_MEMBER = "steering_member", _("Uỷ viên Ban chỉ đạo")
    UNIT_HEAD = "unit_head", _("Trưởng đơn vị")
    DRAFTER = "drafter", _("Người soạn thảo")
    LEGAL_WATCH = "legal_watch", _("Cán bộ pháp chế")
    RECORDS_CLERK = "records_clerk", _("Văn thư")
    AUDITOR = "auditor", _("Đánh giá viên nội bộ")
    LEAD_AUDITOR = "lead_auditor", _("Trưởng đoàn đánh giá")
    FRONT_DESK = "front_desk", _("Bộ phận một cửa")
    STAFF = "staff", _("Công chức")
    INSPECTOR = "inspector", _("Thành viên đoàn kiểm tra")
    INSPECTION_HEAD = "inspection_head", _("Trưởng đoàn kiểm tra")
    PROVINCE_COORDINATOR = "province_coordinator", _("Cơ quan đầu mối tỉnh")
    NATIONAL_VIEWER = "national_viewer", _("Cơ quan theo dõi toàn quốc")
    CERT_BODY = "cert_body", _("Tổ chức chứng nhận")
    CONSULTANT = "consultant", _("Tổ chức tư vấn")
    SYSADMIN = "sysadmin", _("Quản trị hệ thống")


CLOCK = "clock"
"""Not a seat: what ``tick`` and the import commands act as. No person can ever hold it."""

CLOCK_LABEL = _("Hệ thống (theo lịch)")

UNIT_SCOPED = frozenset({Role.UNIT_HEAD, Role.DRAFTER, Role.FRONT_DESK, Role.STAFF, Role.STEERING_MEMBER})
"""Roles that act only for records of the very unit of the seat; every other role acts for its agency."""


def label_of(role: str) -> str:
    """Return the Vietnamese label of a role code, ``CLOCK`` included; an unknown code raises ``ValueError``."""
    return str(CLOCK_LABEL) if role == CLOCK else str(Role(role).label)
