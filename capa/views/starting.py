"""The page on which a yearly record begins, one for all of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from capa.views.rewriting import take
from workflows import engine
from workflows.access import may_start
from workflows.errors import WorkflowError
from workflows.forms import StepForm
from workflows.models import Record, Unit, User, day_of
from workflows.views.person import person


def starting_place(model: type[Record], action: str, user: User) -> Unit | None:
    """The agency for which the person may begin such a record: the first by seat."""
    places = [seat.agency for seat in user.seats_held()]
    return next((one for one in places if may_start(model.machine, action, user, one.pk, one.pk) is None), None)


def begin(
    request: HttpRequest, model: type[Record], action: str, *, template: str, refused: str, done: str
) -> HttpResponse:
    """Ask for what the table asks for and begin this year's record; whatever goes wrong, what was typed stays.

    ``refused``: said with 403 to who may not; ``done``: said afterwards.
    """
    user, step, status = person(request), model.machine.rows_of(action)[0], 200
    place = starting_place(model, action, user)
    if place is None:
        raise PermissionDenied(refused)
    fresh = model(agency=place, unit=place)
    form = StepForm(step, fresh, request.POST if request.method == "POST" else None)
    form.initial = {"year": day_of().year}
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = engine.start(fresh, action, by=user, **form.cleaned_data)
            except WorkflowError as error:
                take(form, error)
                status = error.status
            else:
                messages.success(request, done)
                return HttpResponseRedirect(made.get_absolute_url())
    return render(request, template, {"form": form, "place": place}, status=status)
