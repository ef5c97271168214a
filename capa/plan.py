"""The corrective action plan: who does what until when, what is rewritten, and how its effect will be measured.

Source: domain §5.2, part 4 of the form (actions, documents to change, risk update; ISO 9001:2015 10.2.1 c, e, f). The
measure of effectiveness is fixed before the work: after so many working days, or so many cases handled, something must
be true. Text comes back as it was sent but for NFC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, TypedDict, cast

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.shapes import (
    INTEGER_LIMIT,
    ShapeError,
    blank,
    canonical,
    choice,
    digest,
    row_key,
    rows,
    table,
    text,
    whole,
    with_keys,
)

__all__ = [
    "Action",
    "Change",
    "Measure",
    "MeasureKind",
    "Plan",
    "PlanError",
    "canonical",
    "clean",
    "digest",
    "empty",
    "problems",
]

ACTION_LIMIT = 50
"""Actions of one plan."""
MEASURE_LIMIT = 3650
"""Days or cases to wait at most: more is a slip of the hand."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class MeasureKind(TextChoices):
    """What is waited for before the effect is judged."""

    DAYS = "days", lazy("Số ngày làm việc")
    CASES = "cases", lazy("Số hồ sơ đã xử lý")


class Action(TypedDict):
    """One thing to do. ``assignee`` is a user's id or None; ``due`` an ISO date or empty."""

    key: str
    what: str
    assignee: int | None
    due: str
    resources: str


class Change(TypedDict):
    """One document to change; ``document`` is its UUID in small letters, or empty."""

    document: str
    what: str


class Measure(TypedDict):
    """The measure of effectiveness: after ``number`` of ``kind`` (a code of ``MeasureKind``), ``target`` is true."""

    what: str
    kind: str
    number: int | None
    target: str


class Plan(TypedDict):
    """One plan. ``risk``: what changes in risks and opportunities."""

    actions: list[Action]
    documents: list[Change]
    risk: str
    measure: Measure


class PlanError(ShapeError):
    """A plan that cannot be taken."""


def empty() -> Plan:
    """A plan of which nothing is written yet."""
    return clean({})


def clean(raw: object) -> Plan:
    """Return a plan of the exact shape; raise ``PlanError`` naming every path that is wrong.

    What is not sent is empty, rows of which every cell is empty go, and each new action gets a key made of what it
    says: the same input always gives the same plan. Numbers may come as a form's digits.
    """
    found: dict[str, str] = {}
    sent = table("", raw, Plan.__annotations__, found)
    cleaned = {
        "actions": _actions(sent.get("actions"), found),
        "documents": _changes(sent.get("documents"), found),
        "risk": text("risk", sent.get("risk"), found),
        "measure": _measure(sent.get("measure"), found),
    }
    if found:
        raise PlanError(found)
    return cast("Plan", cleaned)


def _actions(raw: object, found: dict[str, str]) -> list[dict[str, Any]]:
    cleaned: list[dict[str, Any]] = []
    for path, row in rows("actions", raw, Action.__annotations__, found, ACTION_LIMIT):
        key = row_key(f"{path}.key", row.get("key"), found)
        action = {
            "what": text(f"{path}.what", row.get("what"), found),
            "assignee": whole(f"{path}.assignee", row.get("assignee"), INTEGER_LIMIT, found),
            "due": _day(f"{path}.due", row.get("due"), found),
            "resources": text(f"{path}.resources", row.get("resources"), found),
        }
        if any(action.values()):
            cleaned.append({"key": key} | action)
    return with_keys(cleaned)


def _changes(raw: object, found: dict[str, str]) -> list[dict[str, str]]:
    cleaned = [
        {
            "document": _document(f"{path}.document", row.get("document"), found),
            "what": text(f"{path}.what", row.get("what"), found),
        }
        for path, row in rows("documents", raw, Change.__annotations__, found)
    ]
    return [change for change in cleaned if any(change.values())]


def _measure(raw: object, found: dict[str, str]) -> dict[str, Any]:
    sent = table("measure", {} if raw is None else raw, Measure.__annotations__, found)
    return {
        "what": text("measure.what", sent.get("what"), found),
        "kind": choice("measure.kind", sent.get("kind"), MeasureKind.values, found),
        "number": whole("measure.number", sent.get("number"), MEASURE_LIMIT, found),
        "target": text("measure.target", sent.get("target"), found),
    }


def _day(path: str, raw: object, found: dict[str, str]) -> str:
    """A real day as ``2026-12-31``; not sent is empty."""
    if raw is None or raw == "":
        return ""
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        try:
            return date.fromisoformat(raw).isoformat()
        except ValueError:  # said below
            pass
    found[path] = _("Phải là ngày có thật, viết như 2026-12-31.")
    return ""


def _document(path: str, raw: object, found: dict[str, str]) -> str:
    """A UUID with its hyphens, in small letters; not sent is empty."""
    if raw is None or raw == "":
        return ""
    if isinstance(raw, str) and _UUID.fullmatch(raw.lower()):
        return raw.lower()
    found[path] = _("Phải là mã của một tài liệu.")
    return ""


def problems(plan: Plan, today: date) -> list[str]:
    """What is missing before the plan may be submitted on ``today``: sentences, in the order of the form."""
    found = [] if plan["actions"] else [_("Kế hoạch chưa có việc nào.")]
    for number, action in enumerate(plan["actions"], 1):
        found += _action_problems(number, action, today)
    for number, change in enumerate(plan["documents"], 1):
        if not change["document"]:
            found.append(_("Tài liệu %(number)d: chưa chọn tài liệu.") % {"number": number})
        if blank(change["what"]):
            found.append(_("Tài liệu %(number)d: chưa nêu sửa gì.") % {"number": number})
    found += _measure_problems(plan["measure"])
    return found


def _action_problems(number: int, action: Action, today: date) -> Iterator[str]:
    names = {"number": number}
    if blank(action["what"]):
        yield _("Việc %(number)d: chưa nêu làm gì.") % names
    if action["assignee"] is None:
        yield _("Việc %(number)d: chưa có người làm.") % names
    if not action["due"]:
        yield _("Việc %(number)d: chưa có hạn.") % names
    elif date.fromisoformat(action["due"]) < today:
        yield _("Việc %(number)d: hạn đã qua.") % names


def _measure_problems(measure: Measure) -> Iterator[str]:
    if blank(measure["what"]):
        yield _("Hiệu lực: chưa nêu đo cái gì.")
    if not measure["kind"]:
        yield _("Hiệu lực: chưa chọn chờ theo ngày làm việc hay theo số hồ sơ.")
    if measure["number"] is None:
        yield _("Hiệu lực: chưa có số ngày hoặc số hồ sơ phải chờ.")
    if blank(measure["target"]):
        yield _("Hiệu lực: chưa nêu kết quả phải đạt.")
