"""How documents stand: announced procedures against documents in force, and what alarms, by unit and down the tree."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from documents.services.alarm import changes_known
from documents.services.alarm_words import sentences
from documents.services.standing import sheets, standing
from documents.views.days import asked_moment
from workflows.models import Unit, User
from workflows.views.person import person
from workflows.workbooks import MEDIA_TYPE, workbook

AGENCIES = 100
CHOICES = 200
"""Agencies offered in one list; who sees more goes down the tree."""


def agency_asked(user: User, code: str) -> Unit | None:
    """The agency of this code; without one the first of one's own. Raises ``Http404`` for one that is not seen."""
    seen = Unit.objects.visible_to(user).agencies()
    if code:
        found = seen.filter(code=code).select_related("parent").first()
        if found is None:
            raise Http404
        return found
    return next((seat.agency for seat in user.seats_held()), None)


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """One agency (``agency``, by code) at a moment (``on``, ``known``): figures by unit and below, and what is amiss.

    ``page`` is that of the agencies below.
    """
    user, asked = person(request), asked_moment(request)
    agency = agency_asked(user, request.GET.get("agency", ""))
    if agency is None:
        return render(request, "documents/coverage.html", {"agency": None, "moment": asked.moment})
    found = standing(agency, asked.moment, user)
    for share in found.shares:
        for version in (*share.covered, *(one.version for one in share.surplus)):
            version.alarm = sentences(found.alarms.get(version.pk))  # type: ignore[attr-defined]
    seen = list(Unit.objects.visible_to(user).agencies().order_by("path")[: CHOICES + 1])
    context = {
        "agency": agency,
        "above": next((one for one in seen if agency.parent and one.pk == agency.parent.agency_id), None),
        "agencies": seen if len(seen) <= CHOICES else [],
        "found": found,
        "page_obj": Paginator(found.below, AGENCIES).get_page(request.GET.get("page")),
        "moment": asked.moment,
        "changes_known": changes_known(asked.moment),
        "problems": asked.problems,
    }
    return render(request, "documents/coverage.html", context, status=400 if asked.problems else 200)


@require_safe
def coverage_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    user, asked = person(request), asked_moment(request)
    agency = agency_asked(user, request.GET.get("agency", ""))
    if agency is None:
        raise Http404
    if asked.problems:
        return HttpResponse("\n".join(asked.problems), status=400, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(workbook(sheets(standing(agency, asked.moment, user))), content_type=MEDIA_TYPE)
    name = f"tinh-trang-tai-lieu-{agency.code}-{asked.moment.on:%Y-%m-%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
