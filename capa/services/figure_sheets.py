"""Figures and the list of CARs as Excel sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Left
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from capa.machines.car import CAR, SEVERITIES, SOURCES
from capa.models.car_rows import CarQuerySet
from capa.services.car_filters import GROUPS
from capa.services.figures import SHOWN, Figures, Part, Table
from workflows.workbooks import Percent, Sheet, Value, workbook

MOST_ROWS = 5_000
"""Lines of the exported list; whoever needs more narrows the filters."""
HEAD_LETTERS = 200
READ_LETTERS = 1_000
"""Letters of a description that are read to find its first line."""
COLUMNS = (
    "number", "unit__name", "clause", "source", "severity", "state", "found_on", "due_on", "closed_on", "cycle",
)  # fmt: skip
WIDTHS = (16, 34, 12, 26, 10, 26, 14, 14, 14, 8, 60)


@dataclass(frozen=True)
class Listing:
    """Rows to export: how many there are, how many of them fit."""

    rows: CarQuerySet
    total: int

    @property
    def cut(self) -> bool:
        """Some do not fit."""
        return self.total > MOST_ROWS


def figures_file(found: Figures) -> bytes:
    """One sheet for each table of the page."""
    return workbook([_summary(found), *(_table(table) for table in found.tables), _ages(found), _pareto(found)])


def _summary(found: Figures) -> Sheet:
    year = {"year": found.year}
    names = {
        "open": _("Đang mở, tính đến %(day)s"),
        "overdue": _("Quá hạn, tính đến %(day)s"),
        "recurring": _("Lặp lại, tính đến %(day)s"),
    }
    rows: list[tuple[Value, ...]] = [
        (name % {"day": f"{found.today:%d/%m/%Y}"}, found.numbers[group].n) for group, name in names.items()
    ]
    timely = found.timely
    rows += [
        (_("Đã đóng trong năm %(year)d") % year, found.numbers["closed"].n),
        (_("Số ngày bình quân đến khi đóng, năm %(year)d") % year, _or_none(found.mean_days)),
        (
            _("Đóng đúng hạn, năm %(year)d") % year,
            timely.number.n if timely.of else _or_none(None),
            timely.of,
            Percent(timely.number.n, timely.of),
        ),
    ]
    return Sheet(_("Tổng hợp"), (_("Chỉ tiêu"), _("Số"), _("Trên tổng số"), _("Tỷ lệ")), rows)


def _or_none(value: Value) -> Value:
    return _("chưa có") if value is None else value


def _table(table: Table) -> Sheet:
    rows: list[tuple[Value, ...]] = [
        (row.label, *(number.n for number in row.numbers)) for row in (*table.rows, table.total)
    ]
    return Sheet(table.title, (table.head, *(GROUPS[group] for group in SHOWN)), rows)


def _ages(found: Figures) -> Sheet:
    return Sheet(_("Tuổi phiếu đang mở"), (_("Tuổi"), _("Số phiếu"), _("Tỷ lệ")), [_part(one) for one in found.ages])


def _part(part: Part) -> tuple[Value, ...]:
    return part.label, part.number.n, Percent(part.number.n, part.of)


def _pareto(found: Figures) -> Sheet:
    rows: list[tuple[Value, ...]] = [(*_part(one), Percent(one.upto, one.of)) for one in found.causes]
    rows.append((_("Chưa phân tích (không tính vào tỷ lệ)"), found.uncaused.n))
    head = (_("Nhóm nguyên nhân"), _("Số phiếu"), _("Tỷ lệ"), _("Luỹ kế"))
    return Sheet(_("Pareto nguyên nhân %(year)d") % {"year": found.year}, head, rows)


def listing(rows: CarQuerySet) -> Listing:
    """What an export of these rows would hold; one query."""
    return Listing(rows, rows.order_by().count())


def cars_file(found: Listing, said: Mapping[str, str | Promise], today: date) -> bytes:
    """The list, and a sheet that says what was asked for and whether all of it is here."""
    head = (
        _("Số phiếu"), _("Đơn vị"), _("Điều khoản"), _("Nguồn"), _("Mức độ"), _("Bước"), _("Ngày phát hiện"),
        _("Hạn"), _("Ngày đóng"), _("Chu kỳ"), _("Mô tả"),
    )  # fmt: skip
    notes: list[tuple[Value, ...]] = [(label, value) for label, value in said.items()]
    notes += [(_("Ngày lập"), today), (_("Số phiếu khớp"), found.total)]
    if found.cut:
        notes.append((_cut(found),))
    return workbook(
        [
            Sheet(_("Phiếu khắc phục"), head, _lines(found), WIDTHS),
            Sheet(_("Ghi chú"), (_("Mục"), _("Nội dung")), notes),
        ]
    )


def _lines(found: Listing) -> Iterator[tuple[Value, ...]]:
    stages = {stage.state: stage.label for stage in CAR.stages}
    sources, severities = dict(SOURCES), dict(SEVERITIES)
    rows = found.rows.annotate(head=Left("description", READ_LETTERS)).values_list(*COLUMNS, "head")
    for number, unit, clause, source, severity, state, *rest, text in rows[:MOST_ROWS]:
        words = (sources.get(source, source), severities.get(severity, severity), stages.get(state, state))
        yield (number, unit, clause, *words, *rest, _first_line(text))
    if found.cut:
        yield (_cut(found),)


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")[:HEAD_LETTERS]


def _cut(found: Listing) -> str:
    words = _("Chỉ có %(shown)d phiếu đầu trong số %(all)d phiếu khớp. Hãy lọc hẹp hơn để xuất đủ.")
    return words % {"shown": MOST_ROWS, "all": found.total}
