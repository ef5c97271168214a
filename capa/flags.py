"""The shape of judgements: which flags an inspector judged, how, and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from capa.machines.inspection import FLAGS
from capa.shapes import ShapeError, blank, choice, rows, text

COLUMNS = frozenset({"flag", "value", "note"})
KEYS = tuple(flag.key for flag in FLAGS)


def clean_judgements(raw: object) -> list[dict[str, Any]]:
    """Rows of ``flag``, ``value`` (true or false) and ``note``; raises ``ShapeError``."""
    found: dict[str, str] = {}
    cleaned = [_row(path, row, found) for path, row in rows("judgements", raw, COLUMNS, found)]
    named = [row["flag"] for row in cleaned]
    if not cleaned and not found:
        found["judgements"] = _("Chưa ghi nhận định nào.")
    if len(set(named)) != len(named):
        found["judgements"] = _("Có dòng lặp lại.")
    if found:
        raise ShapeError(found)
    return cleaned


def _row(path: str, row: Mapping[Any, Any], found: dict[str, str]) -> dict[str, Any]:
    flag = choice(f"{path}.flag", row.get("flag"), KEYS, found)
    value, note = row.get("value"), text(f"{path}.note", row.get("note"), found)
    if not flag:
        found.setdefault(f"{path}.flag", _("Không có lựa chọn này."))
    if not isinstance(value, bool):
        found[f"{path}.value"] = _("Phải là có hoặc không.")
    if blank(note):
        found.setdefault(f"{path}.note", _("Nhận định nào cũng phải kèm bằng chứng."))
    return {"flag": flag, "value": value, "note": note}


def contradictions(flags: Mapping[str, bool | None]) -> list[str]:
    """What is done well was done: pairs of flags of which one cannot be yes while the other is no."""
    labels = {flag.key: flag.label for flag in FLAGS}
    text = _("“%(one)s” không thể đúng khi “%(other)s” là không.")
    return [
        text % {"one": flag.label, "other": labels[flag.needs]}
        for flag in FLAGS
        if flag.needs and flags.get(flag.key) and flags.get(flag.needs) is False
    ]
