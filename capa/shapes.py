"""What the shapes of corrective action have in common: text kept as sent, rows with lasting keys, one spelling.

Paths in errors are programs' paths: ``whys.2.text`` is column ``text`` of the third row sent (positions count from 0).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from workflows.text import fold, nfc

TEXT_LIMIT = 20_000
"""Characters of one text or cell, counted when composed."""
ROW_LIMIT = 100
"""Rows of one table."""
HEAD = 1000
"""Characters of a text that searches look at: a list is searched by what it shows."""
INTEGER_LIMIT = 2**63 - 1
"""The largest number that a key of the database can be."""

_ROW_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""What neither PostgreSQL nor UTF-8 can hold."""


class ShapeError(ValueError):
    """JSON that cannot be taken; ``problems`` maps path to sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{path}: {sentence}" for path, sentence in problems.items()))


def canonical(shape: Mapping[str, object]) -> str:
    """The one spelling of a clean shape as JSON: keys sorted, no spaces, letters as they are."""
    return json.dumps(shape, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(shape: Mapping[str, object]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(shape).encode()).hexdigest()


def blank(text: str) -> bool:
    """Whether nobody would see anything written."""
    return not text.strip()


def table(path: str, raw: object, known: Collection[str], found: dict[str, str]) -> Mapping[Any, Any]:
    """``raw`` if it is a mapping of ``known`` names; every other name is a problem. The whole shape has path ``""``."""
    if not isinstance(raw, Mapping):
        found[path or "shape"] = _("Phải là một bảng các mục.")
        return {}
    sentence = _("Mục này không có trong mẫu.")
    prefix = f"{path}." if path else ""
    found.update({f"{prefix}{_printable(name)}": sentence for name in raw if name not in known})
    return raw


def _printable(name: object) -> str:
    """A foreign name, fit to be answered: short, and without half characters that no encoding takes."""
    try:
        return str(name)[:60].encode(errors="replace").decode()
    except ValueError:  # a number of thousands of digits
        return "?"


def rows(
    path: str, raw: object, known: Collection[str], found: dict[str, str], limit: int = ROW_LIMIT
) -> list[tuple[str, Mapping[Any, Any]]]:
    """Each row of a list with its path; not sent is empty."""
    if raw is None:
        return []
    if not isinstance(raw, list):
        found[path] = _("Phải là danh sách các dòng.")
        return []
    if len(raw) > limit:
        found[path] = _("Nhiều quá %(limit)d dòng.") % {"limit": limit}
        return []
    return [(f"{path}.{place}", table(f"{path}.{place}", row, known, found)) for place, row in enumerate(raw)]


def text(path: str, raw: object, found: dict[str, str]) -> str:
    """The text in NFC and otherwise as sent, spaces, tabs and line ends included; not sent is empty."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        found[path] = _("Phải là chữ.")
        return ""
    kept = nfc(raw)
    if len(kept) > TEXT_LIMIT:
        found[path] = _("Dài quá %(limit)d ký tự.") % {"limit": TEXT_LIMIT}
        return ""
    if _UNKEEPABLE.search(kept):
        found[path] = _("Có ký tự không lưu được.")
        return ""
    return kept


def folded(*texts: str) -> str:
    """The search form of a record: of a long text, as much as names it."""
    return fold(" ".join(text[:HEAD] for text in texts if text))


def choice(path: str, raw: object, allowed: Collection[str], found: dict[str, str]) -> str:
    """One of the ``allowed`` codes; not chosen is empty."""
    if raw is None or raw == "":
        return ""
    if not isinstance(raw, str) or raw not in allowed:
        found[path] = _("Không có lựa chọn này.")
        return ""
    return raw


def whole(path: str, raw: object, limit: int, found: dict[str, str]) -> int | None:
    """A whole number from 1 to ``limit``, as JSON or a form's field gives it; not sent is None."""
    if raw is None or (isinstance(raw, str) and blank(raw)):
        return None
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,19}", raw.strip()):
        raw = int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= limit:
        return raw
    found[path] = _("Phải là số nguyên từ 1 đến %(limit)d.") % {"limit": limit}
    return None


def real_day(path: str, raw: object, found: dict[str, str]) -> str:
    """A day in ISO form, also of a date; one that is not sent is a problem."""
    try:
        if isinstance(raw, str | date):
            return date.fromisoformat(str(raw)).isoformat()
    except ValueError:  # said below
        pass
    found[path] = _("Phải là ngày có thật, viết như 2026-12-31.")
    return ""


def row_key(path: str, raw: object, found: dict[str, str]) -> str:
    """A row's own key; a new row has none."""
    if raw is None or raw == "":
        return ""
    if not isinstance(raw, str) or not _ROW_KEY.fullmatch(raw):
        found[path] = _("Khoá dòng chỉ gồm chữ cái không dấu, số, gạch; không quá 40 ký tự.")
        return ""
    return raw


def with_keys(cleaned: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give a key to each row that has none, and to each copy of a row: the first keeps its own."""
    taken: set[str] = set()
    for row in cleaned:
        if row["key"] in taken:
            row["key"] = ""
        taken.add(row["key"])
    for row in cleaned:
        row["key"] = row["key"] or _new_key(row, taken)
        taken.add(row["key"])
    return cleaned


def _new_key(row: Mapping[str, Any], taken: set[str]) -> str:
    """Made of what the row says: the same input gives the same key, and no clock or dice is needed."""
    said = "\x1f".join(str(value) for name, value in row.items() if name != "key")
    copy = 0
    while True:
        key = hashlib.sha256(f"{copy}\x1f{said}".encode()).hexdigest()[:8]
        if key not in taken:
            return key
        copy += 1
