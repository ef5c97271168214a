"""Numbers of reports added up, in one order, and totals that are not the sums of what they are totals of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from workflows.text import alphabetical


def by_name(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Reports in the order in which they stand wherever they are listed or added up: by name, then by code."""
    return sorted(rows, key=lambda row: (alphabetical(row["unit"]), row.get("code", ""), row["report"]))


def summed(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """By key the sum over rows ``{"totals": {key: number}, "part": bool}``; a part of another row adds nothing."""
    found: dict[str, int] = {}
    for row in rows:
        if not row["part"]:
            for key, number in row["totals"].items():
                found[key] = found.get(key, 0) + number
    return found


def differing(typed: Mapping[str, int], rows: Iterable[Mapping[str, Any]], labels: Mapping[str, str]) -> list[str]:
    """A sentence for each typed total that is not the sum of the rows, with the numbers; for keys that are none too."""
    counted = [row for row in rows if not row["part"]]
    found = []
    for key, said in typed.items():
        if key not in labels:
            found.append(_("Không có dòng “%(key)s” trong báo cáo.") % {"key": key[:60]})
            continue
        numbers = [row["totals"].get(key, 0) for row in counted]
        if sum(numbers) != said:
            parts = " + ".join(map(str, numbers))
            told = {"label": labels[key], "sum": parts, "is": sum(numbers), "said": said}
            found.append(_unequal(len(numbers)) % told)
    return found


def _unequal(reports: int) -> str:
    if not reports:
        return _("%(label)s: không có báo cáo nào được cộng, nên tổng là 0, không phải %(said)d.")
    if reports == 1:
        return _("%(label)s: báo cáo duy nhất được cộng ghi %(is)d, không phải %(said)d.")
    return _("%(label)s: %(sum)s = %(is)d, không phải %(said)d.")
