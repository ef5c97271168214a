"""The tree of agencies as of a day, one unit with its history, and the form that records a decision on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from workflows.access import fetch
from workflows.deciding import decide, place_of
from workflows.errors import WorkflowError
from workflows.forms import DecisionForm
from workflows.machines.committee import NEEDED
from workflows.machines.tree import ASPECTS, OBLIGATIONS
from workflows.models import ReferenceSet, Seat, Unit, UnitDecision, UnitKind, User, day_of
from workflows.models.tree import AGENCY_KINDS
from workflows.text import fold
from workflows.tree import Book, Reading, ids_of, readings, tally
from workflows.views.person import person, walled

PAGE = 50
NO_OBLIGATION, WITHOUT = "unknown", "none"
FILTERS = ("kind", "obligation", "q")


def asked_day(request: HttpRequest, name: str = "on") -> tuple[date, str]:
    """The day of the address, and what is wrong with it; without or with a wrong one it is today."""
    text = request.GET.get(name, "").strip()
    if not text:
        return day_of(), ""
    try:
        found = parse_date(text) or _typed(text)
    except ValueError:
        found = None
    return (found, "") if found else (day_of(), _("Không hiểu ngày “%(day)s”; đang xem ngày hôm nay.") % {"day": text})


def _typed(text: str) -> date | None:
    parts = text.split("/")
    if [len(one) for one in parts] != [2, 2, 4] or not all(one.isascii() and one.isdecimal() for one in parts):
        return None
    return date(int(parts[2]), int(parts[1]), int(parts[0]))


@require_safe
@walled
def tree(request: HttpRequest) -> HttpResponse:
    """One level of the tree, or all that match a filter below it; counts by kind and obligation beside."""
    user, (day, wrong) = person(request), asked_day(request)
    root = _root(user, request.GET.get("under", ""))
    whole = root is None and any(seat.watches_country for seat in user.seats_held())
    rows = readings(root, day) if root is not None or whole else []
    asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
    page = Paginator(_chosen(rows, root, asked), PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "root": root,
        "whole": whole,
        "here": next((one for one in rows if root is not None and one.unit.pk == root.pk), None),
        "above": _above(user, root),
        "day": day,
        "wrong_day": wrong,
        "asked": asked,
        "filtered": any(asked.values()),
        "page_obj": page,
        "tally": tally(rows),
        "total": len(rows),
        "kinds": AGENCY_KINDS,
        "obligations": [*OBLIGATIONS, (NO_OBLIGATION, _("Chưa rõ")), (WITHOUT, _("Không có thủ tục hành chính"))],
        "references": ReferenceSet.objects.on(day),
    }
    return render(request, "workflows/tree.html", context, status=400 if wrong else 200)


def _root(user: User, asked: str) -> Unit | None:
    """The agency asked for; else one's own, the highest first; none for who watches the country from above it."""
    if asked:
        found = fetch(Unit, user, int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0)  # noqa: PLR2004 - longer is no key
        if not found.is_agency:
            raise Http404
        return found
    seats = user.seats_held()
    if any(seat.watches_country for seat in seats):
        return None
    return min((seat.agency for seat in seats), key=lambda one: len(one.path), default=None)


def _above(user: User, root: Unit | None) -> list[Unit]:
    """Agencies above that the person sees, the highest first."""
    if root is None:
        return []
    return list(Unit.objects.visible_to(user).filter(pk__in=ids_of(root.path)[:-1]).order_by("path"))


def _chosen(rows: list[Reading], root: Unit | None, asked: dict[str, str]) -> list[Reading]:
    """Without a filter the next level; with one, all below that match."""
    if not any(asked.values()):
        return [one for one in rows if one.unit.parent_id == (root.pk if root else None)]
    wanted = fold(asked["q"])
    return [
        one
        for one in rows
        if asked["kind"] in ("", one.kind)
        and asked["obligation"] in ("", _class(one))
        and (not wanted or wanted in fold(one.name) or wanted == fold(one.unit.code))
    ]


def _class(one: Reading) -> str:
    return (one.obligation.value or NO_OBLIGATION) if one.counts else WITHOUT


@require_safe
@walled
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One agency or division: what it is on the day, and what it was when, by which decision; who led its system."""
    user, (day, wrong) = person(request), asked_day(request)
    found = fetch(Unit, user, pk, among=Unit.objects.select_related("agency", "parent", "successor"))
    book = Book(found)
    seats = Seat.objects.visible_to(user).filter(unit__agency=found.agency_id, role__in=NEEDED)
    decisions = (
        UnitDecision.objects.visible_to(user).filter(about=found).for_list().order_by("-valid_from", "-created_at")
    )
    context: dict[str, Any] = {
        "unit": found,
        "reading": book.read(found, day),
        "day": day,
        "wrong_day": wrong,
        "exists": Unit.objects.standing_on(day).filter(pk=pk).exists(),
        "above": _above(user, found),
        "histories": _histories(book, found),
        "heads": seats.select_related("user", "unit").order_by(F("valid_to").desc(nulls_first=True), "role")[:PAGE],
        "decisions": decisions[:PAGE],
        "predecessors": found.predecessors.visible_to(user).order_by("path")[:PAGE],
        "aspects": ASPECTS if found.is_agency and place_of(user, found) else (),
    }
    return render(request, "workflows/unit.html", context, status=400 if wrong else 200)


def _histories(book: Book, found: Unit) -> list[dict[str, Any]]:
    words: dict[str, dict[str, Any]] = {
        "kind": dict(UnitKind.choices),
        "obligation": dict(OBLIGATIONS),
        "no_procedures": {"yes": _("Không có thủ tục hành chính"), "no": _("Có thủ tục hành chính")},
    }
    spells = book.history(found)
    return [
        {
            "label": label,
            "rows": [(one, words.get(aspect, {}).get(one.value, one.value)) for one in reversed(spells[aspect])],
        }
        for aspect, label in ASPECTS
        if spells[aspect]
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def unit_decide(request: HttpRequest, pk: int, aspect: str) -> HttpResponse:
    """Record a decision on an agency; whatever is wrong with it, what was typed stays."""
    user = person(request)
    found, status = fetch(Unit, user, pk), 200
    if aspect not in dict(ASPECTS) or not found.is_agency:
        raise Http404
    if place_of(user, found) is None:
        raise PermissionDenied(_("Chỉ Thư ký ISO hoặc đầu mối tỉnh của cơ quan này hay cấp trên được ghi quyết định."))
    form = DecisionForm(aspect, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                done = decide(about=found, by=user, aspect=aspect, **form.cleaned_data)
            except WorkflowError as error:
                form.take(error)
                status = error.status
            else:
                messages.success(request, _("Đã ghi: %(decision)s.") % {"decision": done})
                return HttpResponseRedirect(reverse("workflows:unit", args=[pk]))
    context = {"unit": found, "form": form, "label": dict(ASPECTS)[aspect]}
    return render(request, "workflows/unit_decide.html", context, status=status)
