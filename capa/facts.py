"""Facts of a CAR that was opened elsewhere, cleaned from any source: what its import takes.

``{"source", "severity", "reference", "description", "found_on", "plan"}``, all but the plan needed. ``reference`` is
its number there; ``description`` comes back as it was sent but for NFC; ``found_on`` is a day in ISO form; ``plan`` has
the shape of ``capa.plan``.
"""

from __future__ import annotations

import unicodedata
from typing import Any, TypedDict, cast

from django.utils.translation import gettext as _

from capa import plan as plans
from capa.machines.car import SEVERITIES, SOURCES
from capa.plan import Plan
from capa.shapes import TEXT_LIMIT, ShapeError, blank, choice, real_day, table, text

REFERENCE_LIMIT = 120
BREAKING = frozenset({"Cc", "Zl", "Zp"})
"""What a number on one line does not hold."""


class Facts(TypedDict):
    """What is known of a CAR from elsewhere."""

    source: str
    severity: str
    reference: str
    description: str
    found_on: str
    plan: Plan


def clean(raw: object) -> Facts:
    """Return facts of the exact shape; raise ``ShapeError`` naming every path that is wrong or missing."""
    found: dict[str, str] = {}
    sent = table("", raw, Facts.__annotations__, found)
    cleaned: dict[str, Any] = {
        "source": _chosen("source", sent.get("source"), SOURCES, found),
        "severity": _chosen("severity", sent.get("severity"), SEVERITIES, found),
        "reference": _said("reference", sent.get("reference"), REFERENCE_LIMIT, found),
        "description": _said("description", sent.get("description"), TEXT_LIMIT, found),
        "found_on": real_day("found_on", sent.get("found_on"), found),
    }
    if any(unicodedata.category(char) in BREAKING for char in cleaned["reference"]):
        found["reference"] = _("Có ký tự điều khiển không đọc được.")
    try:
        cleaned["plan"] = plans.clean({} if sent.get("plan") is None else sent["plan"])
    except ShapeError as error:
        found |= {f"plan.{path}": sentence for path, sentence in error.problems.items()}
    if found:
        raise ShapeError(found)
    return cast("Facts", cleaned)


def _chosen(path: str, raw: object, choices: tuple[tuple[str, Any], ...], found: dict[str, str]) -> str:
    code = choice(path, raw, dict(choices), found)
    if not code and path not in found:
        found[path] = _("Cần chọn.")
    return code


def _said(path: str, raw: object, limit: int, found: dict[str, str]) -> str:
    value = text(path, raw, found)
    if path not in found and (blank(value) or len(value) > limit):
        found[path] = _("Cần nhập từ 1 đến %(limit)d ký tự.") % {"limit": limit}
    return value
