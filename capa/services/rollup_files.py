"""The roll-up as files: a workbook, and a report in the shape of an administrative paper; in Vietnamese both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from capa.models import Snapshot
from capa.services.rollup import Place, counted, references, rows_of
from capa.services.snapshots import shown
from workflows.models import Unit
from workflows.wordfiles import Grid, Letter, Text, letter
from workflows.workbooks import Sheet, Value, workbook

WIDTHS = (8, 60, 14, 14, 12, 60)


@dataclass(frozen=True)
class Report:
    """Figures to print, as plain values. ``ground``: what they rest on, in words."""

    node: Unit | None
    day: date
    figures: Sequence[Mapping[str, Any]]
    ground: str

    @property
    def where(self) -> str:
        """The node in words."""
        return str(self.node) if self.node is not None else _("Cả nước")


def live_report(place: Place) -> Report:
    """The figures as they stand."""
    with translation.override("vi"):
        figures = [shown(one) for one in counted(rows_of(place), references(place))]
        return Report(place.node, place.day, figures, _("Số liệu tính từ hồ sơ trong hệ thống, chưa chốt."))


def kept_report(kept: Snapshot) -> Report:
    """The figures of a snapshot, with its digest."""
    with translation.override("vi"):
        words = _("Số liệu đã chốt lúc %(at)s, mã kiểm tra %(digest)s.")
        ground = words % {"at": f"{kept.taken_at:%H:%M %d/%m/%Y}", "digest": kept.sha256}
        return Report(kept.node, kept.day, kept.figures, ground)


def rollup_xlsx(report: Report) -> bytes:
    """One sheet of figures, one of their parts, one of what they rest on."""
    with translation.override("vi"):
        head = (_("Mã"), _("Chỉ tiêu"), _("Số"), _("Trên tổng số"), _("Tỷ lệ (%)"), _("Cách tính"))
        rows: list[tuple[Value, ...]] = [
            (one["key"], one["label"], one["numerator"], one["denominator"], _percent(one), _means(one))
            for one in report.figures
        ]
        parts: list[tuple[Value, ...]] = [
            (one["key"], one["label"], part["label"], part["number"]) for one in report.figures for part in one["parts"]
        ]
        notes: list[tuple[Value, ...]] = [
            (_("Nơi"), report.where), (_("Tính đến ngày"), report.day), (_("Căn cứ"), report.ground),
        ]  # fmt: skip
        return workbook(
            [
                Sheet(_("Số liệu tổng hợp"), head, rows, WIDTHS),
                Sheet(_("Chi tiết"), (_("Mã"), _("Chỉ tiêu"), _("Gồm"), _("Số")), parts, (8, 60, 40, 14)),
                Sheet(_("Ghi chú"), (_("Mục"), _("Nội dung")), notes),
            ]
        )


def rollup_docx(report: Report) -> bytes:
    """A report with heading, table and place for the signature."""
    with translation.override("vi"):
        day = f"{report.day:%d/%m/%Y}"
        above = report.node.parent if report.node is not None else None
        paper = Letter(
            agency=report.where if report.node is not None else "",
            superior=str(above) if above else "",
            title=_("Báo cáo"),
            about=_("Kết quả xây dựng, áp dụng hệ thống quản lý chất lượng, tính đến ngày %(day)s") % {"day": day},
            day=report.day,
            signs=_("Thủ trưởng cơ quan"),
            copies=(_("Như trên"), _("Lưu: VT")),
        )
        head = (_("Mã"), _("Chỉ tiêu"), _("Số"), _("Trên tổng số"), _("Tỷ lệ"))
        rows = [(one["key"], _label(one), str(one["numerator"]), _whole(one), _share(one)) for one in report.figures]
        notes = [
            Text(f"{one['key']}: {one['label']}: " + _list(one["parts"])) for one in report.figures if one["parts"]
        ]
        return letter(
            paper,
            [
                Text(report.ground),
                Text(_("1. Số liệu tổng hợp"), bold=True),
                Grid(head, rows, (7, 50, 12, 16, 14), frozenset({2, 3, 4})),
                Text(_("2. Chi tiết"), bold=True),
                *notes,
                Text(_("3. Khó khăn, kiến nghị"), bold=True),
                Text("……"),
            ],
        )


def _percent(one: Mapping[str, Any]) -> Decimal | int | None:
    """The percentage that was rounded once, with its decimals; a cell that computes would show another."""
    said = one["percent"]
    if said is None:
        return None
    return Decimal(said) if "." in said else int(said)


def _means(one: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (one["means"], f"/ {one['whole']}" if one["whole"] else "", _source(one))))


def _source(one: Mapping[str, Any]) -> str:
    return f"({one['source']})" if one["source"] else ""


def _label(one: Mapping[str, Any]) -> str:
    words = _("không cộng với %(others)s")
    others = ", ".join(f"F{number}" for number in one["overlaps"])
    return str(one["label"]) + (f" ({words % {'others': others}})" if others else "")


def _whole(one: Mapping[str, Any]) -> str:
    return "–" if one["denominator"] is None else f"{one['denominator']} {_source(one)}".strip()


def _share(one: Mapping[str, Any]) -> str:
    return "–" if one["percent"] is None else f"{one['percent'].replace('.', ',')} %"


def _list(parts: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{part['label']} {part['number']}" for part in parts) + "."
