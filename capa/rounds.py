"""Shapes of a round's plan and of its teams, cleaned from any source.

Plan: ``{"title", "criteria", "clauses": [number], "starts_on", "ends_on", "units": [id], "size": people per unit}``.
Teams: ``{"lead": user id, "teams": [{"unit": id, "lead": user id, "members": [user id]}]}``; the round's lead answers
for the report. Paths in problems: ``plan.title``, ``teams.2.lead``.
"""

from __future__ import annotations

from typing import Any, TypedDict, cast

from django.utils.translation import gettext as _

from capa.clauses import is_clause
from capa.shapes import INTEGER_LIMIT, ShapeError, blank, real_day, rows, table, text, whole

UNIT_LIMIT, SIZE_LIMIT, CLAUSE_LIMIT = 200, 10, 60
TITLE_LIMIT = 300


class RoundPlan(TypedDict):
    """What a round is planned to be; days in ISO form."""

    title: str
    criteria: str
    clauses: list[str]
    starts_on: str
    ends_on: str
    units: list[int]
    size: int


class Team(TypedDict):
    """Who visits one unit: the leader and the others, by user id."""

    unit: int
    lead: int
    members: list[int]


class Teams(TypedDict):
    """Everybody of a round."""

    lead: int
    teams: list[Team]


def clean_plan(raw: object) -> RoundPlan:
    """Return a plan of the exact shape; raise ``ShapeError`` naming every path that is wrong or missing."""
    found: dict[str, str] = {}
    sent = table("", raw, RoundPlan.__annotations__, found)
    cleaned = {
        "title": _line("title", sent.get("title"), found),
        "criteria": text("criteria", sent.get("criteria"), found),
        "clauses": _clauses(sent.get("clauses"), found),
        "starts_on": real_day("starts_on", sent.get("starts_on"), found),
        "ends_on": real_day("ends_on", sent.get("ends_on"), found),
        "units": _ids("units", sent.get("units"), found),
        "size": whole("size", sent.get("size", 2), SIZE_LIMIT, found) or 1,
    }
    if "units" not in found and not cleaned["units"]:
        found["units"] = _("Cần chọn ít nhất một đơn vị.")
    if "clauses" not in found and not cleaned["clauses"]:
        found["clauses"] = _("Cần chọn ít nhất một điều khoản.")
    if found:
        raise ShapeError(found)
    return cast("RoundPlan", cleaned)


def clean_teams(raw: object) -> Teams:
    """Return teams of the exact shape; raise ``ShapeError``. Whether they may audit is judged elsewhere."""
    found: dict[str, str] = {}
    sent = table("", raw, Teams.__annotations__, found)
    teams = [
        {
            "unit": _id(f"{path}.unit", row.get("unit"), found),
            "lead": _id(f"{path}.lead", row.get("lead"), found),
            "members": _ids(f"{path}.members", row.get("members"), found),
        }
        for path, row in rows("teams", sent.get("teams"), Team.__annotations__, found, UNIT_LIMIT)
    ]
    lead = _id("lead", sent.get("lead"), found)
    if found:
        raise ShapeError(found)
    return cast("Teams", {"lead": lead, "teams": teams})


def _line(path: str, raw: object, found: dict[str, str]) -> str:
    value = " ".join(text(path, raw, found).split())
    if path not in found and (blank(value) or len(value) > TITLE_LIMIT):
        found[path] = _("Cần nhập từ 1 đến %(limit)d ký tự.") % {"limit": TITLE_LIMIT}
    return value


def _id(path: str, raw: object, found: dict[str, str]) -> int:
    value = whole(path, raw, INTEGER_LIMIT, found)
    if value is None and path not in found:
        found[path] = _("Cần chọn.")
    return value or 0


def _ids(path: str, raw: object, found: dict[str, str]) -> list[int]:
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > UNIT_LIMIT:
        found[path] = _("Phải là một danh sách.")
        return []
    return list(dict.fromkeys(_id(f"{path}.{place}", item, found) for place, item in enumerate(raw)))


def _clauses(raw: Any, found: dict[str, str]) -> list[str]:
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > CLAUSE_LIMIT or not all(isinstance(item, str) for item in raw):
        found["clauses"] = _("Phải là một danh sách.")
        return []
    wrong = [item for item in raw if not is_clause(item)]
    if wrong:
        found["clauses"] = _("Không phải số điều khoản: %(text)s.") % {"text": ", ".join(wrong)[:TITLE_LIMIT]}
    return sorted(
        dict.fromkeys(raw), key=lambda item: [int(part) for part in item.split(".")] if is_clause(item) else [0]
    )
