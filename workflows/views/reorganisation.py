"""Reorganisations: the list, one with its preview, its lines, and who takes over what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from workflows import engine
from workflows.access import fetch
from workflows.carrying import carriers
from workflows.deciding import place_over
from workflows.errors import WorkflowError
from workflows.forms_reorganisation import HeirForm, line_rows, lines_form
from workflows.machines.reorganisation import BEGUN, DECIDED, ENDING, HINDERED, MANNERS, WHAT
from workflows.models import Reorganisation, Unit, User, day_of
from workflows.parting import foresee, readable
from workflows.standing import history_of, refusal_of
from workflows.views.person import person, walled

PAGE = 50
AHEAD = ("draft", *DECIDED)
"""States before everything has been carried."""
OWN_PAGES = ("edit", "assign")
"""Steps with pages of their own."""


@require_safe
def reorganisations(request: HttpRequest) -> HttpResponse:
    """What the person may read, the newest first."""
    user = person(request)
    rows = Reorganisation.objects.visible_to(user).for_list().order_by("-created_at")
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_start": place_over(user, ()) is not None,
    }
    return render(request, "workflows/reorganisations.html", context)


@require_safe
@walled
def reorganisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One decision: its lines; while it is not carried out, what would go where; how it came about."""
    user = person(request)
    found = fetch(Reorganisation, user, pk, among=Reorganisation.objects.for_list())
    ahead = found.state in AHEAD
    foreseen = foresee(found, found.effective_on or day_of()) if ahead else None
    offers = engine.offers(found, user)
    able = {offer.step.action for offer in offers if offer.refusal is None}
    context: dict[str, Any] = {
        "record": found,
        "lines": _lines(found, user),
        "ending": sum(row["what"] in ENDING for row in found.lines),
        "begun": found.state in BEGUN,
        "obstacle": _obstacle(found),
        "foreseen": foreseen,
        "offers": [offer for offer in offers if offer.step.action not in OWN_PAGES],
        "may_edit": "edit" in able,
        "may_assign": "assign" in able and (found.state == "draft" or bool(foreseen and foreseen.missing)),
    }
    return render(request, "workflows/reorganisation.html", context)


def _obstacle(found: Reorganisation) -> str:
    """What the clock said last is in the way."""
    said = [one.note for one in history_of(found) if one.action == "hinder"] if found.state in HINDERED else []
    return said[-1] if said else ""


def _lines(found: Reorganisation, user: User) -> list[dict[str, Any]]:
    codes = {code for row in found.lines for code in (row["unit"], row["parent"], *row["into"]) if code}
    seen = {one.code: one for one in Unit.objects.visible_to(user).agencies().filter(code__in=codes)}
    return [
        {
            "what": dict(WHAT)[row["what"]],
            "unit": seen.get(row["unit"]),
            "code": row["unit"],
            "into": [(code, seen.get(code)) for code in row["into"]],
            "name": row["name"],
            "parent": (row["parent"], seen.get(row["parent"])) if row["parent"] else None,
            "documents": dict(MANNERS)[row["documents"]],
        }
        for row in found.lines
    ]


@require_safe
@walled
def reorganisation_things(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Things of one kind that have still to go: those that the person may read, each with its heir."""
    user = person(request)
    found = fetch(Reorganisation, user, pk, among=Reorganisation.objects.for_list())
    carrier = next((one for one in carriers() if one.name == kind), None)
    if carrier is None or found.state not in AHEAD:
        raise Http404
    day, plan = found.effective_on or day_of(), found.read_plan()
    rows = readable(found, carrier, user, day).select_related("unit").order_by("unit__path", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = {ref: name for agency in plan.endings for ref, name in plan.places(agency).items()}
    context = {
        "record": found,
        "kind": carrier,
        "page_obj": page,
        "rows": [(one, names.get(plan.heir(one.unit, one.pk), "") if carrier.inherited else "") for one in page],
        "total": carrier.find(list(plan.endings), day).count(),
    }
    return render(request, "workflows/reorganisation_things.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def reorganisation_new(request: HttpRequest) -> HttpResponse:
    """Prepare one; whatever is wrong with it, what was typed stays."""
    if place_over(person(request), ()) is None:
        raise PermissionDenied(_("Chỉ Thư ký ISO hoặc đầu mối của cơ quan cấp trên được chuẩn bị việc sắp xếp."))
    return _lines_page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def reorganisation_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the lines while it is a draft."""
    user = person(request)
    found = fetch(Reorganisation, user, pk, among=Reorganisation.objects.for_list())
    _refuse_reader(request, found, user, "edit")
    return _lines_page(request, found)


def _refuse_reader(request: HttpRequest, found: Reorganisation, user: User, action: str) -> None:
    refusal = refusal_of(found, user, action)
    if refusal is not None and request.method != "POST":
        raise PermissionDenied(str(engine.refusal_error(refusal, found).sentence))


def _lines_page(request: HttpRequest, found: Reorganisation | None) -> HttpResponse:
    user, status, posted = person(request), 200, request.POST if request.method == "POST" else None
    form, sentences = lines_form(found.lines if found else [], posted), list[str]()
    if posted is not None and "more" not in posted:
        status = 400
        if form.is_valid():
            try:
                done = _sent(found, user, line_rows(form), posted.get("expected", ""))
            except WorkflowError as error:
                status, sentences = error.status, _said(error)
            else:
                messages.success(request, _("Đã ghi các dòng. Hãy xem trước kết quả và chọn nơi nhận."))
                return HttpResponseRedirect(done.get_absolute_url())
    agencies = Unit.objects.visible_to(user).agencies().standing_on(day_of()).order_by("path")[: PAGE * 4]
    context = {"record": found, "formset": form, "sentences": sentences, "agencies": agencies}
    return render(request, "workflows/reorganisation_lines.html", context, status=status)


def _said(error: WorkflowError) -> list[str]:
    problems = error.problems.values() if hasattr(error.problems, "values") else error.problems
    return [str(one) for one in problems] or [str(error.sentence)]


def _sent(found: Reorganisation | None, user: User, rows: list[dict[str, Any]], expected: str) -> Reorganisation:
    if found is not None:
        return engine.fire(found, "edit", by=user, expected=_version(expected), lines=rows)
    place = place_over(user, {code for row in rows for code in (row["unit"], row["parent"], *row["into"])})
    return engine.start(Reorganisation(agency=place, unit=place), "draft", by=user, lines=rows)


def _version(expected: str) -> int:
    digits = 9  # fits every database's integer
    known = expected.isascii() and expected.isdecimal() and len(expected) <= digits
    return int(expected) if known else 0


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def reorganisation_choices(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who takes over what each unit holds."""
    user, status = person(request), 200
    found = fetch(Reorganisation, user, pk, among=Reorganisation.objects.for_list())
    _refuse_reader(request, found, user, "assign")
    decided, units = found.state in DECIDED, found.choices.get("units", {})
    lone = foresee(found, found.effective_on or day_of()).lone if decided else None
    form = HeirForm(found.read_plan(), units, request.POST or None, lone=lone)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            chosen = (units if decided else {}) | {key: one for key, one in form.cleaned_data.items() if one}
            try:
                engine.fire(
                    found,
                    "assign",
                    by=user,
                    expected=_version(request.POST.get("expected", "")),
                    choices={**found.choices, "units": chosen},
                )
            except WorkflowError as error:
                status = error.status
                for sentence in _said(error):
                    form.add_error(None, sentence)
            else:
                messages.success(request, _("Đã ghi nơi nhận."))
                return HttpResponseRedirect(reverse("workflows:reorganisation", args=[pk]))
    context = {"record": found, "form": form, "decided": decided}
    return render(request, "workflows/reorganisation_choices.html", context, status=status)
