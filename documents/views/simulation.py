"""Trying a change before it happens: a form in the address, an answer, and nothing written; then opening its review."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.machines.impact import CAMPAIGN
from documents.services.alarm_words import mark
from documents.services.asof import Moment
from documents.services.campaigns import campaign_for
from documents.services.simulation import Foretold, Supposition, foretell, uncovered
from documents.trials import TRIALS, Trial
from documents.views.regulation import places_for
from workflows.errors import WorkflowError
from workflows.models import Unit, User, day_of
from workflows.views.person import person, walled

MARKS = {"act": "number", "unit": "unit", "document": "code"}
"""The field of each form whose presence says that the form was sent."""


@require_safe
def simulation(request: HttpRequest) -> HttpResponse:
    """The form, and once it is filled in, who would get which work and which bases would die, by unit."""
    user = person(request)
    places = places_for(user, CAMPAIGN, "launch") or [seat.agency for seat in user.seats_held()][:1]
    if not places:
        raise PermissionDenied(_("Bạn chưa giữ vị trí nào trong cơ quan."))
    what, place = _asked(request.GET, places)
    form = TRIALS[what](request.GET if MARKS[what] in request.GET else None, place=place)
    return _page(request, user, form, places)


def _asked(given: Any, places: list[Unit]) -> tuple[str, Unit]:
    """What is tried, and in which of the agencies; the first where the address says nothing that fits."""
    what, wanted = given.get("what", ""), given.get("agency", "")
    place = next((one for one in places if wanted == str(one.pk)), places[0])
    return (what if what in TRIALS else "act"), place


def _page(request: HttpRequest, user: User, form: Trial, places: list[Unit]) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "what": next(name for name, trial in TRIALS.items() if trial is type(form)),
        "tabs": [(name, trial.label) for name, trial in TRIALS.items()],
        "places": places,
        "place": form.place,
        "today": day_of(),
    }
    if form.is_bound and form.is_valid():
        context |= _answer(form, user)
        context["may_open"] = form.certain and form.place in places_for(user, CAMPAIGN, "launch")
    return render(request, "documents/simulation.html", context, status=400 if form.errors else 200)


def _answer(form: Trial, user: User) -> dict[str, Any]:
    change, day = form.change(), day_of()
    event = change.as_event() if isinstance(change, Supposition) else change
    found = foretell(change, agency=form.place, user=user, day=day)
    mark((one.touched.version for one in found), Moment.now(day))
    groups = [(unit, list(rows)) for unit, rows in groupby(found, key=lambda one: one.touched.version.unit)]
    return {
        "supposition": change,
        "event": event,
        "known": not isinstance(change, Supposition) or not change.act._state.adding,
        "groups": groups,
        "number": len(found),
        "dying": sum(one.dead_from is not None for one in found),
        "baseless": sum(one.baseless_from is not None for one in found),
        "uncovered": uncovered(event, day),
        "without_owner": _without_owner(found),
        "due_on": min(one.due_on for one in found) if found else None,
    }


def _without_owner(found: list[Foretold]) -> list[Unit]:
    """Units whose work nobody could take: they have no drafter."""
    units = {one.touched.version.unit_id: one.touched.version.unit for one in found if not one.owners}
    return sorted(units.values(), key=lambda unit: unit.path)


@require_POST
@walled
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Open the review of what was tried; what is only supposed is refused, and what was typed is still there."""
    user = person(request)
    places = places_for(user, CAMPAIGN, "launch")
    if not places:
        raise PermissionDenied(_("Chỉ cán bộ pháp chế hoặc thư ký ISO được mở đợt rà soát."))
    what, place = _asked(request.POST, places)
    form = TRIALS[what](request.POST, place=place)
    if form.is_valid() and not form.certain:
        form.add_error(None, _("Điều này còn là giả định: hãy ghi vào danh mục văn bản trước khi mở đợt rà soát."))
    if not form.is_valid():
        return _page(request, user, form, places)
    try:
        with transaction.atomic():
            opened = campaign_for(event=form.event(), agency=place, by=user, below="below" in request.POST)
    except WorkflowError as error:
        form.add_error(None, " ".join([str(error.sentence), *map(str, error.problems)]))
        return _page(request, user, form, places)
    messages.success(request, _("Đợt rà soát có %(number)d tài liệu.") % {"number": opened.items.count()})
    return HttpResponseRedirect(opened.get_absolute_url())
