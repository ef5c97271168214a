"""The notice of conclusions as a Word file: the same words as the printed one, in a form that an office can work on."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from capa.printing import Conclusions, Signature
from workflows.wordfiles import Grid, Letter, Text, letter

WORKS = (6, 14, 34, 24, 13, 15)
SIGNATURES = (30, 30, 20, 20)
"""Widths of columns."""


def conclusions_docx(notice: Conclusions, day: date) -> bytes:
    """The notice; ``day`` stands on it while it has no day of its own."""
    with translation.override("vi"):
        paper = Letter(
            agency=notice.head.agency,
            superior=notice.head.superior,
            title=_("Thông báo kết luận"),
            about=notice.subject,
            day=notice.dated or day,
            number=notice.number,
            signs=notice.signers[0].capacity if notice.signers else "",
            signer=notice.signers[0].name if notice.signers else "",
            copies=notice.distribution,
        )
        head = (_("STT"), _("Loại"), _("Việc"), _("Người chịu trách nhiệm"), _("Hạn"), _("Nguồn lực"))
        works = [
            (str(number), one.kind, one.what, one.who, _day(one.due), one.resources)
            for number, one in enumerate(notice.works, 1)
        ]
        signed = (_("Người ký"), _("Vai trò"), _("Việc"), _("Lúc"))
        return letter(
            paper,
            [
                Text(_("I. Cuộc họp"), bold=True),
                Text(_("Ngày họp: %(day)s") % {"day": _day(notice.held)}),
                Text(_("Thành phần: %(who)s") % {"who": notice.attendance}),
                Text(_("II. Kết luận"), bold=True),
                Text(notice.conclusions),
                Text(_("III. Việc phải thực hiện"), bold=True),
                Grid(head, works, WORKS),
                Text(_("Lịch sử ký duyệt"), bold=True),
                Grid(signed, [_signed(one) for one in notice.history], SIGNATURES),
            ],
        )


def _signed(one: Signature) -> tuple[str, str, str, str]:
    role = "\n".join(filter(None, (one.role, one.decision)))
    return one.who, role, one.deed, f"{one.at:%H:%M %d/%m/%Y}" if one.at else ""


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
