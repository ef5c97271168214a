"""The editor of the plan: who does what until when, which documents change, and how the effect will be measured."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from capa import plan as plans
from capa import typed
from capa.models import Car
from capa.models.independence import workers
from capa.shapes import ShapeError
from capa.views import structure
from capa.views.structure import Desk, Shape
from documents.models import Document
from documents.typed import Field
from workflows.models import day_of

Options = list[tuple[str, str]]
_DUE = re.compile(r"actions\.\d+\.due")


@dataclass(frozen=True)
class Task:
    """One action of the form."""

    place: int
    key: str
    what: Field
    assignee: Field
    people: Options
    due: Field
    resources: Field
    error: str

    @property
    def row(self) -> str:
        """Id of the row."""
        return f"actions-{self.place}"


@dataclass(frozen=True)
class Change:
    """One document of the form."""

    place: int
    document: Field
    documents: Options
    what: Field

    @property
    def row(self) -> str:
        """Id of the row."""
        return f"documents-{self.place}"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The editor of one CAR's plan."""
    return structure.edit(request, pk, SHAPE)


def _shown(car: Car) -> typed.Raw:
    plan = car.plan
    actions = [{**row, "assignee": str(row["assignee"] or ""), "due": _as_typed(row["due"])} for row in plan["actions"]]
    measure = {**plan["measure"], "number": str(plan["measure"]["number"] or "")}
    raw: typed.Raw = {**plan, "actions": actions, "measure": measure}
    return raw if actions else typed.press(raw, "add:actions")


def _as_typed(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else ""


def _sent(raw: typed.Raw) -> typed.Raw:
    """Days as the door reads them; what is no day goes as it was typed, and the door refuses it."""
    return raw | {"actions": [row | {"due": _iso(row["due"])} for row in raw["actions"]]}


def _iso(text: str) -> str:
    try:
        day = forms.DateField(required=False).clean(text)
    except forms.ValidationError:
        return text
    return day.isoformat() if day else ""


def _wrong(path: str, words: str) -> str:
    return _("Không phải là ngày. Viết theo dạng 05/03/2026.") if _DUE.fullmatch(path) else words


def _context(desk: Desk) -> dict[str, Any]:
    raw, car = desk.raw, desk.car
    people: Options = []
    documents: Options = []
    if car is not None:
        people = [(str(one.pk), str(one)) for one in workers(car.agency_id, car.unit_id, day_of())]
        mine = Document.objects.filter(agency=car.agency_id).order_by("code_key")
        documents = [(str(one.pk), f"{one.code} {one.title}"[:120]) for one in mine]
    measure = raw["measure"]
    return {
        "tasks": list(_tasks(desk, people)),
        "changes": list(_changes(desk, documents)),
        "risk": desk.cell("risk", _("Cập nhật rủi ro, cơ hội"), raw["risk"]),
        "measure": {
            "what": desk.cell("measure.what", _("Đo cái gì"), measure["what"]),
            "kind": desk.cell("measure.kind", _("Chờ theo"), measure["kind"]),
            "number": desk.cell("measure.number", _("Bao nhiêu"), measure["number"]),
            "target": desk.cell("measure.target", _("Kết quả phải đạt"), measure["target"]),
        },
        "kinds": plans.MeasureKind.choices,
        "missing": _missing(raw) if desk.checked else None,
    }


def _tasks(desk: Desk, people: Options) -> Iterator[Task]:
    for at, row in enumerate(desk.raw["actions"]):
        path, where = f"actions.{at}", _("Việc %(number)d") % {"number": at + 1}
        yield Task(
            at,
            row["key"],
            desk.cell(f"{path}.what", _("Làm gì"), row["what"], where),
            desk.cell(f"{path}.assignee", _("Người làm"), row["assignee"], where),
            _with(people, str(row["assignee"] or "")),
            desk.cell(f"{path}.due", _("Hạn"), row["due"], where),
            desk.cell(f"{path}.resources", _("Nguồn lực"), row["resources"], where),
            desk.problems.get(f"{path}.key", ""),
        )


def _changes(desk: Desk, documents: Options) -> Iterator[Change]:
    for at, row in enumerate(desk.raw["documents"]):
        path, where = f"documents.{at}", _("Tài liệu %(number)d") % {"number": at + 1}
        yield Change(
            at,
            desk.cell(f"{path}.document", _("Tài liệu"), row["document"], where),
            _with(documents, row["document"]),
            desk.cell(f"{path}.what", _("Sửa gì"), row["what"], where),
        )


def _with(options: Options, chosen: str) -> Options:
    """The choices, and what was chosen if it is no longer among them: an old choice must not vanish unsaid."""
    if not chosen or any(key == chosen for key, _label in options):
        return options
    return [(chosen, _("(không còn trong danh sách)")), *options]


def _missing(raw: typed.Raw) -> Iterable[str]:
    """What submission would still miss; nothing of what cannot be read."""
    try:
        return plans.problems(plans.clean(_sent(raw)), day_of())
    except ShapeError as error:
        return [_wrong(path, words) for path, words in error.problems.items()]


SHAPE = Shape(
    action="draft_plan",
    ask="plan",
    template="capa/plan.html",
    title=lazy("Kế hoạch khắc phục"),
    read=typed.read_plan,
    shown=_shown,
    sent=_sent,
    wrong=_wrong,
    context=_context,
)
