"""A yearly report as files: a workbook, and a report in the shape of an administrative paper; in Vietnamese both."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from capa.models import YearReport
from capa.reportsums import summed
from capa.services.telling import Told
from workflows.wordfiles import Grid, Letter, Text, letter
from workflows.workbooks import Sheet, Value, workbook

WIDTHS = (60, 14, 14, 14)


def _ground(told: Told) -> str:
    day = f"{told.as_of:%d/%m/%Y}"
    if not told.frozen:
        return _("Số liệu tính từ hồ sơ trong hệ thống đến ngày %(day)s, chưa gửi.") % {"day": day}
    words = _("Số liệu đã gửi, tính đến ngày %(day)s, mã kiểm tra %(digest)s.")
    return words % {"day": day, "digest": told.sha256}


def report_docx(report: YearReport, told: Told) -> bytes:
    """The paper: facts, numbers, what was added from below, and what people wrote."""
    with translation.override("vi"):
        above = report.receiver
        paper = Letter(
            agency=str(report.unit),
            superior=str(above) if above else "",
            title=_("Báo cáo"),
            about=_("Áp dụng hệ thống quản lý chất lượng năm %(year)d") % {"year": report.year},
            day=report.submitted_on or told.as_of,
            number=report.number,
            signs=_("Thủ trưởng cơ quan"),
            copies=(str(above) if above else _("Như trên"), _("Lưu: VT")),
        )
        head = (_("Chỉ tiêu"), _("Của đơn vị"), _("Cấp dưới"), _("Cộng"))
        rows = [(one.label, str(one.own), str(one.below), str(one.total)) for one in told.rows]
        names = "; ".join(row["unit"] for row in told.below if not row["part"])
        written = [
            part for title, text in _written(told) for part in (Text(title, bold=True), Text(text or _("Không có")))
        ]
        return letter(
            paper,
            [
                Text(_ground(told)),
                Text(_("1. Thông tin chung"), bold=True),
                Grid((_("Mục"), _("Nội dung")), [tuple(map(str, one)) for one in told.facts], (35, 65)),
                Text(_("2. Số liệu"), bold=True),
                Grid(head, rows, (55, 15, 15, 15), frozenset({1, 2, 3})),
                Text(_("Đã tổng hợp báo cáo của: %(names)s.") % {"names": names or _("không có")}),
                *(Text(line) for line in _proven(told)),
                *written,
            ],
        )


def _proven(told: Told) -> list[str]:
    return [_("Đã đối chiếu. %(line)s.") % {"line": line} for line in told.proven]


def _written(told: Told) -> list[tuple[str, str]]:
    texts = told.texts
    return [
        (_("3. Đào tạo, tập huấn"), texts["training"]),
        (_("4. Kinh phí"), texts["budget"]),
        (_("5. Khó khăn, vướng mắc"), texts["difficulties"]),
        (_("6. Đề xuất, kiến nghị"), texts["proposals"]),
    ]


def report_xlsx(report: YearReport, told: Told) -> bytes:
    """One sheet of numbers, one of the numbers of each report below, one of facts and texts."""
    with translation.override("vi"):
        head = (_("Chỉ tiêu"), _("Của đơn vị"), _("Cấp dưới"), _("Cộng"))
        rows: list[tuple[Value, ...]] = [(one.label, one.own, one.below, one.total) for one in told.rows]
        counted = [row for row in told.below if not row["part"]]
        sums = summed(counted)
        below: list[tuple[Value, ...]] = [
            (one.label, *(row["totals"].get(one.key, 0) for row in counted), sums.get(one.key, 0)) for one in told.rows
        ]
        notes: list[tuple[Value, ...]] = [tuple(map(str, one)) for one in told.facts]
        notes += [(_("Đối chiếu với số trên giấy"), line) for line in told.proven]
        notes += [*_written(told), (_("Căn cứ"), _ground(told)), (_("Báo cáo"), str(report))]
        return workbook(
            [
                Sheet(_("Số liệu"), head, rows, WIDTHS),
                Sheet(_("Cấp dưới"), (_("Chỉ tiêu"), *(row["unit"] for row in counted), _("Cộng")), below, WIDTHS),
                Sheet(_("Nội dung"), (_("Mục"), _("Nội dung")), notes, (40, 90)),
            ]
        )
