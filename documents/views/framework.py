"""What an agency applies: the models offered to it side by side, one adoption item by item, and taking items up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.machines.framework import ADOPTED
from documents.models import Adoption, Document, ModelItem
from documents.models.adoption import HOLDS
from documents.services.drafting import drafting_places
from documents.services.frameworks import STATUSES, Choice, Line, offered, standing, standings, take
from documents.views.coverage import agency_asked
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import BadAnswer, WorkflowError
from workflows.models import User, day_of
from workflows.views.person import person, walled

DOCUMENTS = 300
"""Documents of one kind offered to be linked."""


@dataclass
class Row:
    """An item that is not taken, with what was typed for it."""

    item: ModelItem
    documents: list[Document]
    ticked: bool = False
    unit: str = ""
    code: str = ""
    document: str = ""
    problem: str = ""


@require_safe
def framework(request: HttpRequest) -> HttpResponse:
    """Models meant for an agency (``agency``, by code; else one's own), each with how the agency stands to it."""
    user, today = person(request), day_of()
    agency = agency_asked(user, request.GET.get("agency", ""))
    if agency is None:
        return render(request, "documents/framework.html", {"agency": None})
    adoptions = {
        one.model_id: one
        for one in Adoption.objects.visible_to(user).filter(agency=agency).exclude(state="left").for_list()
    }
    models = offered(agency, today)
    lines = standings([version for _model, version in models], [agency.pk], today)
    context = {
        "agency": agency,
        "rows": [
            (model, version, adoptions.get(model.pk), _tally(lines.get((model.pk, agency.pk), [])))
            for model, version in models
        ],
    }
    return render(request, "documents/framework.html", context)


def _tally(lines: list[Line]) -> list[tuple[Any, int]]:
    """How many items stand how, of what there is."""
    counts = [(label, sum(line.status == name for line in lines)) for name, label in STATUSES.items()]
    behind = (_("chưa cập nhật theo bản mới"), sum(line.behind for line in lines))
    return [one for one in (*counts, behind) if one[1]]


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def adoption(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One adoption: every item and how it stands, the gaps; POST takes up what is ticked, all or none."""
    user = person(request)
    found = fetch(Adoption, user, pk, among=Adoption.objects.for_list().select_related("model__below"))
    if request.method != "POST":
        return _page(request, user, found)
    current = found.model.current(day_of())
    rows = {item.key: item for item in current.items.all()} if current else {}
    try:
        chosen = [_choice(request, user, found, rows[key]) for key in request.POST.getlist("take") if key in rows]
        if not chosen:
            raise BadAnswer(_("Chưa chọn mục nào."))
        take(found, chosen, by=user)
    except WorkflowError as error:
        return _page(request, user, found, error)
    messages.success(request, _("Đã nhận %(number)d mục.") % {"number": len(chosen)})
    return HttpResponseRedirect(found.get_absolute_url())


def _choice(request: HttpRequest, user: User, found: Adoption, item: ModelItem) -> Choice:
    chosen = request.POST.get(f"document-{item.key}", "")
    if chosen:
        document = _documents(user, found).filter(kind=item.kind, pk__in=_ids(chosen)).first()
        if document is None:
            raise BadAnswer(problems={item.key: _("Không có tài liệu này.")})
        return Choice(item, document=document)
    named = request.POST.get(f"unit-{item.key}", "")
    units, _kinds = drafting_places(user)
    unit = units.filter(agency=found.agency_id, pk=int(named) if named.isdecimal() and named.isascii() else 0).first()
    if unit is None:
        raise BadAnswer(problems={item.key: _("Chọn đơn vị soạn thảo.")})
    code = " ".join(request.POST.get(f"code-{item.key}", "").split())
    if not 0 < len(code) <= 60:  # noqa: PLR2004 - the column of a document's code
        raise BadAnswer(problems={item.key: _("Cần mã hiệu, không quá 60 ký tự.")})
    return Choice(item, unit, code)


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _documents(user: User, found: Adoption) -> Any:
    rows = Document.objects.visible_to(user).filter(agency=found.agency_id).exclude(adopted__state__in=HOLDS)
    return rows.order_by("code_key")


def _page(request: HttpRequest, user: User, found: Adoption, error: WorkflowError | None = None) -> HttpResponse:
    today = day_of()
    current = found.model.current(today)
    lines = standing(current, [found.agency_id], today).get(found.agency_id, []) if current else []
    places = list(drafting_places(user)[0].filter(agency=found.agency_id))
    able = (
        bool(places)
        and found.state != "left"
        and any(may_start(ADOPTED, "take", user, found.agency_id, one.pk) is None for one in places)
    )
    context = {
        "adoption": found,
        "current": current,
        "lines": lines,
        "gaps": sum(line.status == "gap" for line in lines),
        "rows": _rows(request, user, found, lines, error) if able else [],
        "places": places,
        "error": error,
        "offers": engine.offers(found, user),
    }
    return render(request, "documents/adoption.html", context, status=error.status if error else 200)


def _rows(
    request: HttpRequest, user: User, found: Adoption, lines: list[Line], error: WorkflowError | None
) -> list[Row]:
    wanted = [line.item for line in lines if line.adopted is None and line.item is not None]
    documents = list(_documents(user, found)[:DOCUMENTS]) if wanted else []
    problems = error.problems if error is not None and isinstance(error.problems, dict) else {}
    post = request.POST
    return [
        Row(
            item,
            [one for one in documents if one.kind == item.kind],
            item.key in post.getlist("take"),
            post.get(f"unit-{item.key}", ""),
            post.get(f"code-{item.key}", item.code_for(found.agency)),
            post.get(f"document-{item.key}", ""),
            str(problems.get(item.key, "")),
        )
        for item in wanted
    ]
