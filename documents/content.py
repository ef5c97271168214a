"""A procedure's structured content: cleaned from any source, spelt in one way, judged complete.

Paths in errors are programs' paths: ``steps.2.time`` is column ``time`` of the third row sent (positions count from 0).
Numbers in sentences are people's numbers: ``Bước 3``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _

from documents.sections import (
    SECTIONS,
    BasisRow,
    Column,
    Content,
    DossierRow,
    FormRow,
    RecordRow,
    Section,
    StepRow,
    TimeLimit,
    section,
)
from documents.times import parse_time, sum_times, written
from workflows.text import nfc

__all__ = [
    "SECTIONS",
    "BasisRow",
    "Column",
    "Content",
    "ContentError",
    "DossierRow",
    "FormRow",
    "RecordRow",
    "Section",
    "StepRow",
    "TimeLimit",
    "canonical",
    "clean",
    "digest",
    "empty",
    "parse_time",
    "problems",
    "section",
    "time_problems",
    "total_time",
]

TEXT_LIMIT = 20_000
"""Characters of one text or cell; the longest step of 271 real procedures has 7,228."""
ROW_LIMIT = 200
"""Rows of one section; real ones have up to 17 steps and 23 legal bases (domain §4.3)."""
TOTAL_LIMIT = 500_000
"""Characters of a whole procedure, so that comparing two versions stays quick."""
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of characters; lines and tabs may stay."""
DAYS_LIMIT = 3650
"""Longest time limit in days that is taken for a figure and not for a slip of the hand."""


class ContentError(ValueError):
    """Content that cannot be taken; ``problems`` maps path to sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{path}: {sentence}" for path, sentence in problems.items()))


_KEYS = frozenset(item.key for item in SECTIONS)
_ROW_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


def empty() -> Content:
    """Content of which nothing is written yet."""
    return clean({})


def canonical(content: Content) -> str:
    """The one spelling of this content as JSON: keys sorted, no spaces, letters as they are."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(content: Content) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def clean(raw: object) -> Content:
    """Return content of the exact shape; raise ``ContentError`` naming every path that is wrong.

    Texts become NFC and stripped, a section or cell not sent is empty, wholly empty rows go, and each new row gets a
    key made of its first text: the same input always gives the same content.
    """
    if not isinstance(raw, Mapping):
        raise ContentError({"content": _("Nội dung phải là một bảng các phần.")})
    found = _unknown("", raw, _KEYS)
    cleaned: dict[str, object] = {}
    for item in SECTIONS:
        cleaned[item.key] = _CLEANERS[item.kind](item, raw.get(item.key), found)
    if not found and _size(cleaned) > TOTAL_LIMIT:
        found["content"] = _("Cả quy trình dài quá %(limit)d ký tự.") % {"limit": TOTAL_LIMIT}
    if found:
        raise ContentError(found)
    return cast("Content", cleaned)


def _size(value: object) -> int:
    if isinstance(value, dict):
        return sum(_size(item) for item in value.values())
    if isinstance(value, list):
        return sum(_size(item) for item in value)
    return len(value) if isinstance(value, str) else 0


def _unknown(path: str, raw: Mapping[Any, Any], known: Collection[str]) -> dict[str, str]:
    sentence = _("Mục này không có trong mẫu quy trình.")
    return {f"{path}{_printable(name)}": sentence for name in raw if name not in known}


def _printable(name: object) -> str:
    """A foreign name, fit to be answered: short, and without half characters that no encoding takes."""
    return str(name)[:60].encode(errors="replace").decode()


def _text(path: str, raw: object, found: dict[str, str]) -> str:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        found[path] = _("Phải là chữ.")
        return ""
    text = nfc(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > TEXT_LIMIT:
        found[path] = _("Dài quá %(limit)d ký tự.") % {"limit": TEXT_LIMIT}
        return ""
    if _UNREADABLE.search(text):
        found[path] = _("Có ký tự điều khiển không đọc được.")
        return ""
    return text


def _clean_text(item: Section, raw: object, found: dict[str, str]) -> str:
    return _text(item.key, raw, found)


def _clean_limit(item: Section, raw: object, found: dict[str, str]) -> TimeLimit:
    if raw is None:
        return {"text": "", "days": None}
    if not isinstance(raw, Mapping):
        found[item.key] = _("Thời hạn gồm phần chữ và số ngày.")
        return {"text": "", "days": None}
    found.update(_unknown(f"{item.key}.", raw, ("text", "days")))
    days = raw.get("days")
    text = _text(f"{item.key}.text", raw.get("text"), found)
    if days is None or (isinstance(days, str) and not days.strip()):
        return {"text": text, "days": None}
    figure = _figure(days)
    if figure is None:
        found[f"{item.key}.days"] = _("Số ngày phải là số lớn hơn 0 và không quá %(limit)d.") % {"limit": DAYS_LIMIT}
    return {"text": text, "days": figure}


def _figure(raw: object) -> str | None:
    """A positive number of days as a plain decimal, from what JSON or a person gives; None if it is none."""
    try:
        text = str(raw).strip()
    except ValueError:  # a JSON number of thousands of digits
        return None
    if not re.fullmatch(r"[0-9]{1,6}([.,][0-9]{1,4})?", text):
        return None
    days = Decimal(text.replace(",", "."))
    return format(days.normalize(), "f") if 0 < days <= DAYS_LIMIT else None


def _clean_rows(item: Section, raw: object, found: dict[str, str]) -> list[dict[str, str]]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        found[item.key] = _("Phải là danh sách các dòng.")
        return []
    if len(raw) > ROW_LIMIT:
        found[item.key] = _("Nhiều quá %(limit)d dòng.") % {"limit": ROW_LIMIT}
        return []
    rows = [_row(item, f"{item.key}.{position}", row, found) for position, row in enumerate(raw)]
    return _with_keys([row for row in rows if any(row[column.key] for column in item.columns)])


def _row(item: Section, path: str, raw: object, found: dict[str, str]) -> dict[str, str]:
    names = [column.key for column in item.columns]
    if not isinstance(raw, Mapping):
        found[path] = _("Mỗi dòng phải là một bảng các ô.")
        return dict.fromkeys(("key", *names), "")
    found.update(_unknown(f"{path}.", raw, ("key", *names)))
    key = "" if raw.get("key") is None else raw["key"]
    if not isinstance(key, str) or (key and not _ROW_KEY.fullmatch(key)):
        found[f"{path}.key"] = _("Khoá dòng chỉ gồm chữ cái không dấu, số, gạch; không quá 40 ký tự.")
        key = ""
    return {"key": key} | {name: _text(f"{path}.{name}", raw.get(name), found) for name in names}


def _with_keys(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Give a key to each row that has none, and to each copy of a row: the first keeps its own."""
    taken: set[str] = set()
    for row in rows:
        if row["key"] in taken:
            row["key"] = ""
        taken.add(row["key"])
    for row in rows:
        row["key"] = row["key"] or _new_key(row, taken)
        taken.add(row["key"])
    return rows


def _new_key(row: dict[str, str], taken: set[str]) -> str:
    """Made of the row's first text: importing the same file twice changes nothing, and no clock or dice is needed."""
    text = "\x1f".join(value for name, value in row.items() if name != "key")
    copy = 0
    while True:
        key = hashlib.sha256(f"{copy}\x1f{text}".encode()).hexdigest()[:8]
        if key not in taken:
            return key
        copy += 1


_CLEANERS = {"text": _clean_text, "rows": _clean_rows, "limit": _clean_limit}


def problems(content: Content, *, waived: Collection[str] = ()) -> list[str]:
    """What the template misses before submission: sentences, each naming its section; sections ``waived`` may be empty.

    Times of steps are judged by ``time_problems``.
    """
    found = []
    for item in SECTIONS:
        value = cast("Mapping[str, Any]", content)[item.key]
        if not any(value.values()) if item.kind == "limit" else not value:
            if item.required and item.key not in waived:
                found.append(_("Chưa có nội dung phần “%(section)s”.") % {"section": item.label})
        elif item.kind == "rows":
            found += _row_problems(item, value)
    return found


def _row_problems(item: Section, rows: list[dict[str, str]]) -> list[str]:
    sentence = _("Phần “%(section)s”, %(row)s %(number)d: thiếu %(column)s.")
    return [
        sentence
        % {
            "section": item.label,
            "row": str(item.row).lower(),
            "number": number,
            "column": str(column.label).lower(),
        }
        for number, row in enumerate(rows, 1)
        for column in item.columns
        if column.required and not row[column.key]
    ]


def total_time(content: Content) -> tuple[Decimal, list[int]]:
    """Working days of all steps whose time is known, and the numbers (from 1) of the steps whose time is not."""
    total, unknown = sum_times(step["time"] for step in content["steps"])
    return Decimal(total.numerator) / total.denominator, unknown


def time_problems(content: Content) -> list[str]:
    """Step times against the time limit: sentences if they add up to more, or if a time is not known.

    Without a known limit there is nothing to compare. The limit's figure stands before its wording.
    """
    limit = content["time_limit"]
    allowed = Decimal(limit["days"]) if limit["days"] else parse_time(limit["text"])
    if allowed is None:
        return []
    total, unknown = sum_times(step["time"] for step in content["steps"])
    found = []
    if total > allowed:
        figures = {"total": written(total), "limit": written(allowed)}
        sentence = _("Tổng thời gian các bước là %(total)s ngày làm việc, quá thời hạn giải quyết %(limit)s ngày.")
        found.append(sentence % figures)
    if unknown:
        steps = ", ".join(str(number) for number in unknown)
        found.append(_("Chưa rõ thời gian của bước %(steps)s nên chưa đối chiếu hết với thời hạn.") % {"steps": steps})
    return found
