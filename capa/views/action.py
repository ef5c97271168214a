"""One action of a CAR: its person reads what to do, and reports it done."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capa.models import Action, Car
from workflows import engine
from workflows.access import fetch
from workflows.views.person import person, walled

AMONG = Action.objects.select_related("agency", "unit", "assignee", "car__document")


@require_safe
@walled
def action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The action. Who does the work need not be one of the CAR's readers, so its own page says what it is for."""
    user = person(request)
    found = fetch(Action, user, pk, among=AMONG)
    context = {
        "action": found,
        "offers": engine.offers(found, user),
        "reads_car": Car.objects.visible_to(user).filter(pk=found.car_id).exists(),
        "most": settings.CAR_EXTENSIONS,
    }
    return render(request, "capa/action.html", context)
