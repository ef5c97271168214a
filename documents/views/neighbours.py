"""The map of a legal document: what stands around it, drawn and in tables."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.layout import layout
from documents.models import Regulation
from documents.services.alarm_words import mark
from documents.services.maps import addresses, plan, tables
from documents.services.neighbourhood import MOST, neighbourhood
from documents.views.days import asked_moment
from workflows.access import fetch
from workflows.views.person import person, walled


@require_safe
@walled
def neighbours(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Acts within two relations, and the procedures that cite them, on a day (``on``) as known on another."""
    user, asked = person(request), asked_moment(request)
    moment, act = asked.moment, fetch(Regulation, user, pk)
    near = neighbourhood(act, at=moment, user=user)
    mark((one.version for one in near.versions), moment)
    urls = addresses(near)
    context = {
        "act": next((one.act for one in near.acts if not one.hops), act),
        "near": near,
        "most": MOST,
        "drawing": layout(plan(near, moment.on, urls)) if near.acts else None,
        "tables": tables(near, moment.on, urls),
        "units": len({one.version.unit_id for one in near.versions}),
        "moment": moment,
        "problems": asked.problems,
    }
    return render(request, "documents/map.html", context, status=400 if asked.problems else 200)
