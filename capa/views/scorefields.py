"""The form of points, one for inspectors and agencies alike: every criterion with what the product counts beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from capa.models import Inspection, SelfScore
from capa.services.scorecard import Card, Line
from capa.sheets import spelled
from capa.views.rewriting import may, number_of
from workflows import engine
from workflows.errors import WorkflowError
from workflows.views.person import person

NAMES = ("points", "note", "evidence")


@dataclass
class Field:
    """One criterion on the form: what was typed or stands, and what was wrong with it."""

    line: Line
    values: dict[str, str]
    problem: str = ""


@dataclass
class ScoreForm:
    """The points of a record."""

    record: Inspection | SelfScore
    card: Card
    behind: str
    problems: dict[str, str] = field(default_factory=dict)

    def fields(self, typed: Any) -> list[tuple[str, list[Field]]]:
        """Fields by group."""
        return [(group.name, [self._field(line, typed) for line in group.lines]) for group in self.card.groups]

    def _field(self, line: Line, typed: Any) -> Field:
        if typed is not None:
            values = {name: typed.get(f"{name}-{line.key}", "") for name in NAMES}
        else:
            given, points = line.given, line.points
            values = {
                "points": "" if points is None else spelled(points).replace(".", ","),
                "note": given.note if given else "",
                "evidence": given.evidence if given else "",
            }
        return Field(line, values, self.problems.get(line.key, ""))

    def rows(self, typed: Any) -> list[dict[str, str]]:
        """Rows of what was typed: a criterion without points is left as it is, and so is one that nobody changed."""
        found = []
        for line in self.card.lines:
            row = {name: typed.get(f"{name}-{line.key}", "").strip() for name in NAMES}
            before = self._field(line, None).values
            if row["points"] and (row != before or line.given is None):
                found.append({"criterion": line.key, **row})
        return found


def filled(request: HttpRequest, form: ScoreForm, crumbs: list[tuple[str, str]]) -> HttpResponse:
    """Ask for points (GET) or give them (POST); whatever goes wrong, what was typed stays."""
    record, status = form.record, 200
    typed = request.POST if request.method == "POST" else None
    expected: int | None = record.row_version
    if typed is None:
        may(record, request, "score")
    else:
        expected, rows = number_of(typed.get("expected", "")), form.rows(typed)
        try:
            engine.fire(record, "score", by=person(request), expected=expected, rows=rows)
        except WorkflowError as error:
            status, form.problems = error.status, _problems(error, rows)
            if error.code == "stale":
                expected = record.row_version
        else:
            messages.success(request, _("Đã ghi điểm."))
            return HttpResponseRedirect(record.get_absolute_url())
    context = {
        "record": record,
        "card": form.card,
        "groups": form.fields(typed),
        "behind": form.behind,
        "expected": expected,
        "problems": form.problems,
        "crumbs": crumbs,
    }
    return render(request, "capa/inspections/score.html", context, status=status)


def _problems(error: WorkflowError, rows: list[dict[str, str]]) -> dict[str, str]:
    if not isinstance(error.problems, dict):
        return {"": error.said}
    found: dict[str, str] = {}
    for path, sentence in error.problems.items():
        place = path.split(".")
        named = place[0] == "rows" and len(place) > 1
        found[rows[int(place[1])]["criterion"] if named else ""] = str(sentence)
    return found
