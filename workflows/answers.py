"""What a person answers at a step, checked against the row's ``asks``: unknown keys refused, kinds enforced."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from workflows.errors import BadAnswer
from workflows.models.attachment import Attachment
from workflows.tables import Ask, Step
from workflows.text import nfc

LINE_LIMIT = 300
NUMBER_LIMIT = 1_000_000
FILES_LIMIT = 10


class _Bad(ValueError):
    pass


Options = Callable[[str], Sequence[tuple[str, str]]]
"""What a record offers for a ``pick`` answer of this name: keys and labels."""


def clean(step: Step, answers: Mapping[str, Any], options: Options | None = None) -> dict[str, Any]:
    """Return the answers in their types; raise ``BadAnswer`` naming every field that is wrong."""
    problems: dict[str, str] = {}
    known = {ask.name for ask in step.asks}
    for name in answers:
        if name not in known:
            problems[name] = _("Trường này không có ở bước này.")
    cleaned = {}
    for ask in step.asks:
        try:
            cleaned[ask.name] = _value(ask, answers.get(ask.name), options)
        except _Bad as bad:
            problems[ask.name] = str(bad)
    if problems:
        raise BadAnswer(problems=problems)
    return cleaned


def _value(ask: Ask, raw: Any, options: Options | None) -> Any:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if ask.required:
            raise _Bad(_("Cần nhập: %(label)s.") % {"label": ask.label})
        return _NOTHING.get(ask.kind, "")
    if ask.kind == "pick":
        return _pick(raw, options(ask.name) if options else ())
    return _KINDS[ask.kind](ask, raw)


def _text(ask: Ask, raw: Any) -> str:
    if not isinstance(raw, str):
        raise _Bad(_("Phải là chữ."))
    value = nfc(raw).replace("\r\n", "\n")
    value = value if ask.kind == "prose" else value.strip()
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in value):
        raise _Bad(_("Có ký tự điều khiển không đọc được."))
    limit = LINE_LIMIT if ask.kind == "line" else ask.limit
    if len(value) > limit:
        raise _Bad(_("Dài quá %(limit)d ký tự.") % {"limit": limit})
    if ask.kind == "line" and "\n" in value:
        raise _Bad(_("Chỉ được một dòng."))
    return value


def _date(ask: Ask, raw: Any) -> date:
    del ask
    if isinstance(raw, date):
        return raw
    try:
        day = parse_date(raw) if isinstance(raw, str) else None
    except ValueError:
        day = None
    if day is None:
        raise _Bad(_("Ngày không hợp lệ: viết theo dạng năm-tháng-ngày, ví dụ 2026-03-05."))
    return day


def _choice(ask: Ask, raw: Any) -> str:
    return _pick(raw, ask.choices)


def _pick(raw: Any, offered: Sequence[tuple[str, Any]]) -> str:
    if not isinstance(raw, str) or raw not in {key for key, _label in offered}:
        raise _Bad(_("Không có lựa chọn này."))
    return str(raw)


def _number(ask: Ask, raw: Any) -> int:
    del ask
    text = raw.strip() if isinstance(raw, str) else raw
    if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= len(str(NUMBER_LIMIT)):
        text = int(text)
    if isinstance(text, bool) or not isinstance(text, int) or not 0 <= text <= NUMBER_LIMIT:
        raise _Bad(_("Phải là số nguyên từ 0 đến %(limit)d.") % {"limit": NUMBER_LIMIT})
    return text


def _files(ask: Ask, raw: Any) -> tuple[UUID, ...]:
    """Ids, each once; whose files they are is for the door to find out."""
    if not isinstance(raw, (list, tuple)):
        raise _Bad(_("Phải là danh sách mã tệp."))
    if ask.required and not raw:
        raise _Bad(_("Cần nhập: %(label)s.") % {"label": ask.label})
    if len(raw) > FILES_LIMIT:
        raise _Bad(_("Mỗi bước nhận nhiều nhất %(limit)d tệp.") % {"limit": FILES_LIMIT})
    try:
        return tuple(dict.fromkeys(UUID(str(one)) for one in raw))
    except ValueError:
        raise _Bad(_("Có mã tệp không đọc được.")) from None


def _json(ask: Ask, raw: Any) -> Any:
    del ask
    return raw


_KINDS: dict[str, Callable[[Ask, Any], Any]] = {
    "line": _text,
    "text": _text,
    "prose": _text,
    "date": _date,
    "choice": _choice,
    "number": _number,
    "json": _json,
    "files": _files,
}
_NOTHING: dict[str, Any] = {"date": None, "json": None, "number": None, "files": ()}
"""What an answer left out is, where it is not the empty text."""


def as_json(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as JSON values for the ledger body: dates in ISO form, files by digest; JSON answers are pinned by
    ``evidence``.
    """
    return {
        name: _plain(value)
        for name, value in answers.items()
        if value not in (None, "", ()) and not isinstance(value, (dict, list))
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [one.pin() for one in value if isinstance(one, Attachment)] if isinstance(value, tuple) else value
