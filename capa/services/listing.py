"""Lines of a list behind a number: every row counted has one; what a person may not read is a line without words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from documents.models import ModelItem
from workflows.models import Record, User


@dataclass(frozen=True)
class Line:
    """One counted row. ``url`` "": it has no page. ``text`` "": the person may not read it."""

    text: str
    url: str = ""
    record: Record | None = None
    unit: str = ""


def lines(rows: Iterable[Any], user: User) -> list[Line]:
    """Lines of the rows of a page, in their order; one query more, and one for the person's seats."""
    found = list(rows)
    governed = [row for row in found if isinstance(row, Record)]
    seen: set[Any] = set()
    if governed:
        model = type(governed[0])
        readable = model.objects.visible_to(user).filter(pk__in=[row.pk for row in governed])
        seen = set(readable.values_list("pk", flat=True))
    return [_line(row, seen) for row in found]


def _line(row: Any, seen: set[Any]) -> Line:
    if isinstance(row, ModelItem):
        return Line(f"{row} · {row.named}", reverse("documents:adoption", args=[row.adoption]))  # type: ignore[attr-defined]
    if not isinstance(row, Record):
        return Line(" · ".join(filter(None, (getattr(row, "code", ""), str(getattr(row, "title", "") or row)))))
    if row.pk not in seen:
        return Line("", unit=str(row.unit))
    return Line(str(row), row.get_absolute_url(), row, str(row.unit))
