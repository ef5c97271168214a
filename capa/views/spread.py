"""Horizontal spread: questions to agencies below, how far each has come, and one agency's answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from capa.machines.spread import SPREAD_ANSWER
from capa.models import Car, Spread, SpreadAnswer
from capa.models.spread import MOST
from capa.views.rewriting import take
from capa.views.starting import starting_place
from workflows import engine
from workflows.access import fetch
from workflows.errors import WorkflowError
from workflows.forms import day_input
from workflows.models import Unit, User, day_of
from workflows.models.tree import AGENCY_KINDS
from workflows.views.person import person, walled

PAGE = 50


class SpreadForm(forms.Form):
    """What is asked, until when, and of whom."""

    wording = forms.CharField(
        label=lazy("Sự không phù hợp cần rà soát"),
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 5}),
    )
    answer_by = forms.DateField(label=lazy("Trả lời đến hết ngày"), widget=day_input())
    agencies = forms.TypedMultipleChoiceField(
        label=lazy("Cơ quan được hỏi"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, below: list[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].choices = [(one.pk, str(one)) for one in below]  # type: ignore[attr-defined]


@require_safe
def spreads(request: HttpRequest) -> HttpResponse:
    """Questions that the person's agencies have asked, and those that wait on them."""
    user = person(request)
    rows = Spread.objects.visible_to(user).for_list().order_by("-created_at")
    mine = SpreadAnswer.objects.visible_to(user).for_list().filter(state="asked")
    own = mine.filter(agency__in={seat.agency.pk for seat in user.seats_held()})
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "asked": own.order_by("due_on")[:PAGE],
        "may_start": starting_place(Spread, "ask", user) is not None,
    }
    return render(request, "capa/spreads.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def spread_new(request: HttpRequest) -> HttpResponse:
    """Ask: the list can be narrowed by kind and by part of the tree; whatever is wrong, what was typed stays."""
    user, status = person(request), 200
    place = starting_place(Spread, "ask", user)
    if place is None:
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được hỏi các cơ quan cấp dưới."))
    car = fetch(Car, user, request.GET["car"]) if _is_key(request.GET.get("car", "")) else None
    below = _below(place, request.GET)
    data = request.POST if request.method == "POST" else None
    initial = {"wording": car.description if car else "", "agencies": [one.pk for one in below]}
    form = SpreadForm(below, data, initial=initial)
    if data is not None:
        status = 400
        if form.is_valid():
            try:
                done = engine.start(Spread(agency=place, unit=place, car=car), "ask", by=user, **form.cleaned_data)
            except WorkflowError as error:
                take(form, error)
                status = error.status
            else:
                messages.success(request, _("Đã gửi câu hỏi đến từng cơ quan."))
                return HttpResponseRedirect(done.get_absolute_url())
    context = {"form": form, "place": place, "car": car, "kinds": AGENCY_KINDS, "parts": _parts(place)}
    return render(request, "capa/spread_new.html", context, status=status)


def _is_key(typed: str) -> bool:
    try:
        UUID(typed)
    except ValueError:
        return False
    return True


def _below(place: Unit, asked: Any) -> list[Unit]:
    rows = Unit.objects.under(place).agencies().standing_on(day_of()).exclude(pk=place.pk).order_by("path")
    if asked.get("kind") in dict(AGENCY_KINDS):
        rows = rows.filter(kind=asked["kind"])
    part = next((one for one in _parts(place) if str(one.pk) == asked.get("under")), None)
    return list(rows.filter(path__startswith=part.path) if part else rows)[:MOST]


def _parts(place: Unit) -> list[Unit]:
    """Agencies right below, by which the list can be narrowed."""
    return list(Unit.objects.agencies().standing_on(day_of()).filter(parent=place).order_by("path"))


@require_safe
@walled
def spread(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One question: how many have answered what, each number a link to those, and the CARs that came of it."""
    user = person(request)
    found = fetch(Spread, user, pk, among=Spread.objects.for_list().select_related("car"))
    answers = SpreadAnswer.objects.visible_to(user).filter(spread=found)
    numbers = dict(answers.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "")
    rows = answers.filter(state=state) if state in SPREAD_ANSWER.states else answers
    page = Paginator(rows.for_list().order_by("agency__path"), PAGE).get_page(request.GET.get("page"))
    context = {
        "record": found,
        "car": _readable(found.car, user),
        "total": sum(numbers.values()),
        "answered": sum(number for name, number in numbers.items() if name != "asked"),
        "tally": [(stage, numbers.get(stage.state, 0)) for stage in SPREAD_ANSWER.stages],
        "state": state,
        "page_obj": page,
        "readable": set(
            Car.objects.visible_to(user).filter(pk__in=[one.car_id for one in page]).values_list("pk", flat=True)
        ),
        "offers": engine.offers(found, user),
    }
    return render(request, "capa/spread.html", context)


def _readable(car: Car | None, user: User) -> Car | None:
    return car if car is not None and Car.objects.visible_to(user).filter(pk=car.pk).exists() else None


@require_safe
@walled
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What one agency is asked, and what it has answered."""
    user = person(request)
    found = fetch(SpreadAnswer, user, pk, among=SpreadAnswer.objects.for_list())
    context = {"record": found, "car": _readable(found.car, user), "offers": engine.offers(found, user)}
    return render(request, "capa/spread_answer.html", context)
