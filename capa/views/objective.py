"""One objective: its form, its measurements and standing, and the lists behind the figures that the product takes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa import periods
from capa.machines.objective import OBJECTIVE
from capa.models import Car, Measurement, Objective, ObjectiveSet
from capa.services.listing import lines
from capa.services.measuring import live, place_of
from capa.views.objectives import places
from capa.views.reporting import place
from capa.views.rewriting import rewrite, take
from workflows import engine
from workflows.access import fetch
from workflows.errors import NotVisible, WorkflowError
from workflows.forms import StepForm
from workflows.models import day_of
from workflows.views.person import person, walled

BEHIND = 50
USUAL = {"scope": "qms", "source": "manual", "direction": "least", "measured_in": "%", "frequency": "quarter"}
"""What most objectives say."""
MEASURED = 60


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new objective of a year, for the unit that the address names; whatever goes wrong, what was typed stays."""
    user, step, status = person(request), OBJECTIVE.rows_of("propose")[0], 200
    owner = fetch(ObjectiveSet, user, pk, among=ObjectiveSet.objects.for_list())
    able = places(owner, user)
    named = request.GET.get("unit", "")
    unit = next((one for one in able if str(one.pk) == named), able[0] if able and not named else None)
    if unit is None:
        raise PermissionDenied(_("Bạn không được đề xuất mục tiêu cho đơn vị này, hoặc mục tiêu của năm đã trình."))
    fresh = Objective(agency_id=owner.agency_id, unit=unit, owner_set=owner)
    form = StepForm(step, fresh, request.POST if request.method == "POST" else None)
    form.initial = USUAL
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                engine.start(fresh, "propose", by=user, **form.cleaned_data)
            except WorkflowError as error:
                take(form, error)
                status = error.status
            else:
                messages.success(request, _("Đã đề xuất mục tiêu."))
                return HttpResponseRedirect(owner.get_absolute_url())
    context = {"form": form, "set": owner, "unit": unit, "others": [one for one in able if one != unit]}
    return render(request, "capa/objective_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a proposed objective."""
    found = fetch(Objective, person(request), pk, among=Objective.objects.for_list())
    crumbs = [(reverse("capa:objectives"), _("Mục tiêu")), (found.owner_set.get_absolute_url(), str(found.owner_set))]
    return rewrite(request, found, "edit", crumbs)


@require_safe
@walled
def objective(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is to be reached, how it stands, everything that was measured, and what it led to."""
    user, today = person(request), day_of()
    found = fetch(Objective, user, pk, among=Objective.objects.for_list())
    rows = list(found.measurements.select_related("by").order_by("-period", "-pk")[:MEASURED])
    for one in rows:
        one.objective = found
    offers = engine.offers(found, user)
    context = {
        "objective": found,
        "standing": found.standing(today),
        "today": today,
        "measurements": _replaced(rows),
        "live": live(found, today),
        "periods": _calendar(found),
        "cars": Car.objects.visible_to(user).filter(objective=found).for_list().order_by("created_at"),
        "may_report": _fell_short(found) and place(user) is not None,
        "offers": [offer for offer in offers if offer.step.action != "edit"],
        "may_edit": any(offer.step.action == "edit" and offer.refusal is None for offer in offers),
    }
    return render(request, "capa/objective.html", context)


def _fell_short(found: Objective) -> bool:
    return found.state in ("running", "due", "missed") and bool(found.measured_period) and not found.is_reached


def _replaced(rows: list[Measurement]) -> list[tuple[Measurement, bool]]:
    """Measurements, the newest first, and whether a later one of the same period took the place of each."""
    seen: set[int] = set()
    found = []
    for one in rows:
        found.append((one, one.period in seen))
        seen.add(one.period)
    return found


def _calendar(found: Objective) -> list[tuple[str, date, bool]]:
    """Every period with the last day on which it is measured in time, and whether it is measured."""
    numbers = range(1, periods.number_of(found.frequency) + 1)
    return [
        (periods.label(found.year, found.frequency, n), found.period_due(n), n <= found.measured_period)
        for n in numbers
    ]


@require_safe
@walled
def behind(request: HttpRequest, pk: UUID, which: str) -> HttpResponse:
    """The list behind a figure of today: the rows counted, or those counted of."""
    user, today = person(request), day_of()
    found = fetch(Objective, user, pk, among=Objective.objects.for_list())
    figure = live(found, today)
    if figure is None or which not in ("part", "whole"):
        raise NotVisible
    count = figure.of_part if which == "part" else figure.of_whole
    page = Paginator(count.rows(place_of(found, today)), BEHIND).get_page(request.GET.get("page"))
    context = {"objective": found, "count": count, "page_obj": page, "today": today, "rows": lines(page, user)}
    return render(request, "capa/objective_behind.html", context)
