"""What an agency has still to do before its system stands, computed; and how far the agencies below have come."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from workflows import onboarding as rows
from workflows.access import fetch
from workflows.models import Unit
from workflows.views.person import person, walled
from workflows.views.tree import asked_day

PAGE = 50


@require_safe
@walled
def onboarding(request: HttpRequest, pk: int) -> HttpResponse:
    """One agency's checklist on a day; asked by htmx, the section alone."""
    user, (day, wrong) = person(request), asked_day(request)
    found = fetch(Unit, user, pk)
    if not found.is_agency:
        raise Http404
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined] # set by the middleware
    part = bool(htmx) and not htmx.history_restore_request
    below = Unit.objects.agencies().standing_on(day).filter(parent=found).order_by("path")
    page = Paginator(below if not part else below.none(), PAGE).get_page(request.GET.get("page"))
    units = list(page.object_list)
    lists = rows.checklist([found.pk, *(one.pk for one in units)], day)
    context = {
        "unit": found,
        "day": day,
        "wrong_day": wrong,
        "title": rows.TITLE,
        "lines": lists[found.pk],
        "open": sum(not line.found.done for line in lists[found.pk]),
        "page_obj": page,
        "below": [_far(one, lists[one.pk]) for one in units],
    }
    template = "workflows/parts/onboarding.html" if part else "workflows/onboarding.html"
    return render(request, template, context, status=400 if wrong else 200)


def _far(unit: Unit, lines: list[rows.Line]) -> dict[str, Any]:
    return {"unit": unit, "lines": lines, "done": sum(line.found.done for line in lines)}
