"""Tables as an Excel file: real numbers and dates, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_HEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With what a text begins that some spreadsheet computes (OWASP, CSV injection)."""
MOST_LETTERS = 32_767
"""Letters that a cell may have."""
NO_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""Letters that XML cannot hold: with one of them the whole file could not be opened."""
FIRST_WIDTH, OTHER_WIDTH = 44, 16


@dataclass(frozen=True)
class Percent:
    """A part of a whole, for a cell that computes with it; an empty cell of nothing."""

    part: int
    whole: int


Value = str | int | Decimal | date | Percent | Promise | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: a bold head, then rows. ``widths`` of the columns, the last one for all that follow."""

    title: str
    head: Sequence[str | Promise]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = (FIRST_WIDTH, OTHER_WIDTH)


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The file."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        for place in range(len(sheet.head)):
            width = sheet.widths[min(place, len(sheet.widths) - 1)]
            page.column_dimensions[get_column_letter(place + 1)].width = width
        page.freeze_panes = "A2"
        page.append([_head(page, title) for title in sheet.head])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _head(page: Any, title: str | Promise) -> Any:
    cell = _text(page, str(title) or " ")
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page: Any, value: Value) -> Any:
    if value is None:
        return None
    if isinstance(value, str | Promise):
        return _text(page, str(value))
    if isinstance(value, Percent):
        return _styled(page, value.part / value.whole, "0.0%") if value.whole else None
    if isinstance(value, date):
        return _styled(page, value, "dd/mm/yyyy")
    return _styled(page, value, "0.0") if isinstance(value, Decimal) else value


def _styled(page: Any, value: Any, number_format: str) -> Any:
    cell = WriteOnlyCell(page, value)
    cell.number_format = number_format
    return cell


def _text(page: Any, text: str) -> Any:
    """A cell that is text whatever it begins with. ``quotePrefix`` keeps it text when somebody edits the cell."""
    plain = NO_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:MOST_LETTERS]
    if not plain:
        return None
    cell = WriteOnlyCell(page, plain)
    cell.data_type = "s"
    cell.quotePrefix = plain.startswith(FORMULA_HEADS)
    return cell
