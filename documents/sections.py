"""The table of a procedure's structured content: its sections and columns, and the shape that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

Kind = Literal["text", "rows", "limit"]


class DossierRow(TypedDict):
    """One component of the dossier."""

    key: str
    item: str
    quantity: str


class StepRow(TypedDict):
    """One processing step; ``time`` as people write it, read by ``parse_time``."""

    key: str
    name: str
    responsible: str
    time: str
    form: str


class BasisRow(TypedDict):
    """One legal basis; ``number`` may be a title where the source gives no number."""

    key: str
    number: str
    issuer: str
    note: str


class FormRow(TypedDict):
    """One form of the procedure."""

    key: str
    code: str
    name: str


class RecordRow(TypedDict):
    """One record that is kept, by whom and how long."""

    key: str
    name: str
    holder: str
    retention: str


class TimeLimit(TypedDict):
    """The legal time limit: its wording, and working days as a plain decimal such as ``0.5``; None is unknown."""

    text: str
    days: str | None


class Content(TypedDict):
    """Structured content of one version. ``key`` of a row is short and survives edits; rows are numbered by place."""

    purpose: str
    scope: str
    definitions: str
    dossier: list[DossierRow]
    time_limit: TimeLimit
    fee: str
    steps: list[StepRow]
    legal_basis: list[BasisRow]
    forms: list[FormRow]
    records: list[RecordRow]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a row section. ``required``: a row without it cannot be submitted."""

    key: str
    label: Promise
    required: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One section. ``kind``: one text, a table of rows, or the time limit. ``row``: what one row is called."""

    key: str
    label: Promise
    kind: Kind = "text"
    required: bool = False
    row: Promise | str = ""
    columns: tuple[Column, ...] = ()


# Fee, forms, definitions may be absent: Decree 63/2010/NĐ-CP asks for a fee and for forms only where there are any.
# fmt: off
SECTIONS: tuple[Section, ...] = (
    Section("purpose",     lazy("Mục đích"), required=True),
    Section("scope",       lazy("Phạm vi"), required=True),
    Section("definitions", lazy("Định nghĩa, viết tắt")),
    Section("dossier",     lazy("Thành phần hồ sơ"), "rows", True, lazy("Thành phần"), (
        Column("item",        lazy("Tên giấy tờ"), required=True),
        Column("quantity",    lazy("Số lượng")))),
    Section("time_limit",  lazy("Thời hạn giải quyết"), "limit", True, "", (
        Column("text",        lazy("Thời hạn")),
        Column("days",        lazy("Số ngày làm việc")))),
    Section("fee",         lazy("Phí, lệ phí")),
    Section("steps",       lazy("Các bước thực hiện"), "rows", True, lazy("Bước"), (
        Column("name",        lazy("Nội dung công việc"), required=True),
        Column("responsible", lazy("Trách nhiệm"), required=True),
        Column("time",        lazy("Thời gian")),
        Column("form",        lazy("Biểu mẫu, kết quả")))),
    Section("legal_basis", lazy("Căn cứ pháp lý"), "rows", True, lazy("Căn cứ"), (
        Column("number",      lazy("Số, ký hiệu"), required=True),
        Column("issuer",      lazy("Cơ quan ban hành")),
        Column("note",        lazy("Ghi chú")))),
    Section("forms",       lazy("Biểu mẫu"), "rows", False, lazy("Biểu mẫu"), (
        Column("code",        lazy("Mã biểu mẫu")),
        Column("name",        lazy("Tên biểu mẫu"), required=True))),
    Section("records",     lazy("Hồ sơ lưu"), "rows", True, lazy("Hồ sơ"), (
        Column("name",        lazy("Tên hồ sơ"), required=True),
        Column("holder",      lazy("Nơi lưu"), required=True),
        Column("retention",   lazy("Thời gian lưu"), required=True))),
)
# fmt: on

_BY_KEY = {item.key: item for item in SECTIONS}


def section(key: str) -> Section:
    """The row of the table with this key; raises ``KeyError``."""
    return _BY_KEY[key]
