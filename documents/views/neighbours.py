"""The map of a legal document: what stands around it, drawn and in tables."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.layout import layout
from documents.models import Regulation
from documents.services.maps import addresses, plan, tables
from documents.services.neighbourhood import MOST, neighbourhood
from documents.views.days import asked_day
from workflows.access import fetch
from workflows.models import day_of
from workflows.views.person import person, walled


@require_safe
@walled
def neighbours(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Acts within two relations and the procedures that cite them, on a day."""
    user, (day, bad_day) = person(request), asked_day(request)
    act = fetch(Regulation, user, pk)
    near = neighbourhood(act, on=day, user=user)
    urls = addresses(near)
    context = {
        "act": act,
        "near": near,
        "most": MOST,
        "drawing": layout(plan(near, day, urls)),
        "tables": tables(near, day, urls),
        "units": len({one.version.unit_id for one in near.versions}),
        "day": day,
        "bad_day": bad_day,
        "is_today": day == day_of(),
    }
    return render(request, "documents/map.html", context, status=400 if bad_day else 200)
