"""Facts of a legal document as a person or a file gives them, checked before they reach the register."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from documents.numbers import apart
from workflows.text import nfc

TEXTS = {"number": 120, "issuer": 1000, "kind": 60, "title": 20_000, "source_status": 40}
DAYS = ("issued_on", "effective_on", "expired_on")


class FactsError(ValueError):
    """Facts that cannot be taken; ``problems`` maps field to sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{name}: {text}" for name, text in problems.items()))


def clean_facts(raw: object) -> dict[str, Any]:
    """Return every fact in its type: texts NFC and stripped, days or None. Raises ``FactsError`` by field.

    Odd but possible facts (effective before issue) are kept: they are the source's, and shown as odd.
    """
    if not isinstance(raw, dict):
        raise FactsError({"facts": _("Phải là một bảng thông tin.")})
    problems = {name: _("Trường này không có.") for name in raw if name not in {*TEXTS, *DAYS}}
    facts: dict[str, Any] = {}
    for name, limit in TEXTS.items():
        facts[name] = _text(name, raw.get(name), limit, problems)
    for name in DAYS:
        facts[name] = _day(name, raw.get(name), problems)
    if not facts["number"] and "number" not in problems:
        problems["number"] = _("Cần có số, ký hiệu văn bản.")
    if len(numbers := apart(facts["number"])) > 1:
        problems["number"] = _("Ở đây có nhiều số văn bản: %(numbers)s. Mỗi văn bản được đăng ký riêng.") % {
            "numbers": "; ".join(numbers)
        }
    if problems:
        raise FactsError(problems)
    return facts


def _text(name: str, value: object, limit: int, problems: dict[str, str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        problems[name] = _("Phải là chữ.")
        return ""
    text = nfc(value).strip()
    if len(text) > limit:
        problems[name] = _("Dài quá %(limit)d ký tự.") % {"limit": limit}
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t\r" for char in text):
        problems[name] = _("Có ký tự điều khiển không đọc được.")
    return text


def _day(name: str, value: object, problems: dict[str, str]) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value
    try:
        day = parse_date(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        problems[name] = _("Ngày không hợp lệ.")
    return day
