"""What an author writes of a model's items, cleaned from any source: a form, the API, a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from documents import content as contents
from documents.deviating import PARTS
from documents.models.document import DocumentKind
from workflows.errors import BadAnswer
from workflows.text import nfc

ITEM_LIMIT = 200
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
FACTS = ("key", "kind", "code", "title", "required", "open_parts", "content")
LIMITS = {"code": 60, "title": 1000}


def clean_items(raw: object) -> list[dict[str, Any]]:
    """Items of the exact shape; raises ``BadAnswer`` naming every path that is wrong, such as ``items.2.title``."""
    if not isinstance(raw, list) or len(raw) > ITEM_LIMIT:
        raise BadAnswer(problems={"items": _("Phải là danh sách không quá %(limit)d mục.") % {"limit": ITEM_LIMIT}})
    problems: dict[str, str] = {}
    rows = [_clean_item(row, f"items.{at}", problems) for at, row in enumerate(raw)]
    seen: set[object] = set()
    for at, row in enumerate(rows):
        if row["key"] in seen:
            problems.setdefault(f"items.{at}.key", _("Khoá này đã có ở mục khác."))
        seen.add(row["key"])
    if problems:
        raise BadAnswer(problems=problems)
    return rows


def _clean_item(raw: object, path: str, problems: dict[str, str]) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        problems[path] = _("Mỗi mục phải là một bảng.")
        return {"key": path}
    sentence = _("Trường này không có ở mục của mô hình.")
    problems |= {f"{path}.{str(name)[:40]}": sentence for name in raw if name not in FACTS}
    given = {"required": True, "open_parts": [], "content": {}, **raw}
    found = {name: given.get(name) for name in FACTS}
    for name, sentence in _wrong(found):
        problems[f"{path}.{name}"] = sentence
    for name in LIMITS:
        text = found[name]
        found[name] = nfc(text).strip() if isinstance(text, str) else ""
    try:
        found["content"] = contents.clean(found["content"])
    except contents.ContentError as error:
        problems |= {f"{path}.content.{name}": sentence for name, sentence in error.problems.items()}
    found["key"] = found["key"] if isinstance(found["key"], str) else path
    return found


def _wrong(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    parts = row["open_parts"]
    checks = [
        ("key", isinstance(row["key"], str) and bool(KEY.fullmatch(row["key"])),
         _("Khoá gồm chữ thường không dấu, số, gạch; không quá 40 ký tự.")),
        ("kind", row["kind"] in DocumentKind.values, _("Không có loại tài liệu này.")),
        ("required", isinstance(row["required"], bool), _("Phải là có hoặc không.")),
        ("open_parts", isinstance(parts, list) and all(isinstance(one, str) and one in PARTS for one in parts),
         _("Có phần không phải là phần của mẫu quy trình.")),
        *((name, _is_line(row[name], limit), _("Cần nhập một dòng, không quá %(limit)d ký tự.") % {"limit": limit})
          for name, limit in LIMITS.items()),
    ]  # fmt: skip
    return [(name, sentence) for name, right, sentence in checks if not right]


def _is_line(value: object, limit: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= limit and value.strip().isprintable()
