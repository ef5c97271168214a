"""Shapes of scoring: the criteria of a template, its bands, and the points that somebody gives.

Points are decimals in quarters. A criterion is known by its key, which a new version keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from capa.machines.scoring import MANUAL, RULES
from capa.shapes import ShapeError, blank, choice, row_key, rows, text, whole, with_keys

CRITERION = ("key", "group", "text", "max", "rule", "evidence")
BAND = ("least", "label")
POINT = ("criterion", "points", "note", "evidence")
QUARTERS = 4
HUNDRED = 100
LINE = 300
MOST_POINTS = 1000
NOTHING = Decimal(0)


def clean_criteria(raw: object) -> list[dict[str, Any]]:
    """Rows of group, text, most points, rule and wanted evidence; raises ``ShapeError``."""
    found: dict[str, str] = {}
    cleaned = [_criterion(path, row, found) for path, row in rows("criteria", raw, CRITERION, found)]
    if not cleaned and not found:
        found["criteria"] = _("Bảng điểm chưa có tiêu chí nào.")
    if found:
        raise ShapeError(found)
    return with_keys(cleaned)


def _criterion(path: str, row: Mapping[Any, Any], found: dict[str, str]) -> dict[str, Any]:
    most = decimal(f"{path}.max", row.get("max"), found)
    if f"{path}.max" not in found and not NOTHING < most <= MOST_POINTS:
        found[f"{path}.max"] = _("Điểm tối đa phải lớn hơn 0 và không quá %(most)d.") % {"most": MOST_POINTS}
    return {
        "key": row_key(f"{path}.key", row.get("key"), found),
        "group": _line(f"{path}.group", row.get("group"), found),
        "text": _line(f"{path}.text", row.get("text"), found),
        "max": spelled(most),
        "rule": choice(f"{path}.rule", row.get("rule"), dict(RULES), found) or MANUAL,
        "evidence": text(f"{path}.evidence", row.get("evidence"), found),
    }


def _line(path: str, raw: object, found: dict[str, str]) -> str:
    value = text(path, raw, found).strip()
    if path not in found and (blank(value) or len(value) > LINE):
        found[path] = _("Cần nhập từ 1 đến %(limit)d ký tự.") % {"limit": LINE}
    return value


def clean_bands(raw: object) -> list[dict[str, Any]]:
    """Rows of least percentage and label, the highest first; the lowest begins at 0."""
    found: dict[str, str] = {}
    cleaned: list[dict[str, Any]] = []
    for path, row in rows("bands", raw, BAND, found, limit=20):
        none = row.get("least") in (0, "0")
        least = 0 if none else whole(f"{path}.least", row.get("least"), HUNDRED, found)
        cleaned.append({"least": least or 0, "label": _line(f"{path}.label", row.get("label"), found)})
    cleaned.sort(key=lambda one: -one["least"])
    if not found and (not cleaned or cleaned[-1]["least"] or len({one["least"] for one in cleaned}) < len(cleaned)):
        found["bands"] = _("Các mức xếp loại phải khác nhau và mức thấp nhất bắt đầu từ 0.")
    if found:
        raise ShapeError(found)
    return cleaned


def clean_points(raw: object, criteria: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Points for criteria of a template, each at most once and between 0 and its most."""
    found: dict[str, str] = {}
    most = {one["key"]: Decimal(one["max"]) for one in criteria}
    cleaned = [_points(path, row, most, found) for path, row in rows("rows", raw, POINT, found)]
    if not cleaned and not found:
        found["rows"] = _("Chưa có điểm nào.")
    if len({one["criterion"] for one in cleaned}) < len(cleaned):
        found["rows"] = _("Có dòng lặp lại.")
    if found:
        raise ShapeError(found)
    return cleaned


def _points(path: str, row: Mapping[Any, Any], most: Mapping[str, Decimal], found: dict[str, str]) -> dict[str, Any]:
    key = choice(f"{path}.criterion", row.get("criterion"), most, found)
    if not key:
        found.setdefault(f"{path}.criterion", _("Không có lựa chọn này."))
    value = decimal(f"{path}.points", row.get("points"), found)
    if f"{path}.points" not in found and key and not NOTHING <= value <= most[key]:
        found[f"{path}.points"] = _("Điểm phải từ 0 đến %(most)s.") % {"most": spelled(most[key])}
    return {
        "criterion": key,
        "points": value,
        "note": text(f"{path}.note", row.get("note"), found).strip(),
        "evidence": text(f"{path}.evidence", row.get("evidence"), found).strip(),
    }


def decimal(path: str, raw: object, found: dict[str, str]) -> Decimal:
    """A number in quarters, with a point or a comma; anything else is a problem."""
    value = None
    if isinstance(raw, int | float | str | Decimal) and not isinstance(raw, bool) and len(str(raw)) <= 20:  # noqa: PLR2004
        try:
            value = Decimal(str(raw).strip().replace(",", "."))
        except InvalidOperation:
            value = None
    if value is None or not value.is_finite() or abs(value) > MOST_POINTS or value * QUARTERS % 1:
        found[path] = _("Phải là số, lẻ đến 0,25.")
        return NOTHING
    return value


def spelled(value: Decimal) -> str:
    """The one spelling of points: no zeros at the end."""
    return format(value.normalize() if value else NOTHING, "f")


def total(criteria: Sequence[Mapping[str, Any]]) -> Decimal:
    """The most that a template gives."""
    return sum((Decimal(one["max"]) for one in criteria), NOTHING)


def band_of(bands: Sequence[Mapping[str, Any]], points: Decimal, most: Decimal) -> str:
    """The band of a sum: by its percentage of the most, not rounded."""
    share = points * HUNDRED / most if most else NOTHING
    return next((str(one["label"]) for one in bands if share >= one["least"]), "")


def quarter(value: Decimal) -> Decimal:
    """Down to the next quarter: a computed share never gives more than it earned."""
    return (value * QUARTERS // 1) / QUARTERS
