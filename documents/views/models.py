"""Framework models: those that one publishes or is offered, one model with who follows it how, and a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.forms_framework import NewModelForm
from documents.machines.framework import ADOPTION, MODEL_VERSION
from documents.models import Adoption, FrameworkModel, ModelVersion
from documents.services.frameworks import BEHIND, STATUSES, Line, model_open, next_version, standing
from documents.services.rolling import Roll, roll
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import WorkflowError
from workflows.models import Unit, User, day_of
from workflows.tables import Machine
from workflows.views.person import person, walled

PAGE = 30


def place_of(user: User, machine: Machine, action: str) -> Unit | None:
    """The agency for which the person may take a start row: the first by seat."""
    places = [seat.agency for seat in user.seats_held()]
    return next((one for one in places if may_start(machine, action, user, one.pk, one.pk) is None), None)


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """Models that the person reads, by sector."""
    user, today = person(request), day_of()
    rows = FrameworkModel.objects.visible_to(user).select_related("agency", "below").order_by("sector", "title")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = [one.pk for one in page]
    holding = {one.model_id: one for one in ModelVersion.objects.in_force(today).filter(model__in=shown)}
    context = {
        "page_obj": page,
        "lines": [(one, holding.get(one.pk)) for one in page],
        "may_start": place_of(user, MODEL_VERSION, "draft") is not None,
    }
    return render(request, "documents/models.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def model_new(request: HttpRequest) -> HttpResponse:
    """A new model with the draft of its first version; whatever goes wrong, what was typed stays."""
    user, status = person(request), 200
    place = place_of(user, MODEL_VERSION, "draft")
    if place is None:
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được lập mô hình khung."))
    form = NewModelForm(request.POST if request.method == "POST" else None, place=place)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                version = model_open(agency=place, by=user, **form.cleaned_data)
            except WorkflowError as error:
                form.take(error.sentence, error.problems)
                status = error.status
            else:
                messages.success(request, _("Đã lập mô hình. Hãy thêm các mục rồi trình công bố."))
                return HttpResponseRedirect(version.get_absolute_url())
    return render(request, "documents/model_new.html", {"form": form, "place": place}, status=status)


@require_safe
@walled
def model(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One model: its versions, and over the agencies that the person sees who follows which item how.

    ``item``, ``status``: only agencies that stand so to an item, or to any.
    """
    user, today = person(request), day_of()
    found = fetch(FrameworkModel, user, pk, among=FrameworkModel.objects.select_related("agency", "below"))
    readable = ModelVersion.objects.visible_to(user).filter(model=found).select_related("agency", "unit")
    versions = list(readable.order_by("-number"))
    for one in versions:
        one.model = found
    holding = {one.pk for one in ModelVersion.objects.in_force(today).filter(model=found).only("pk")}
    current = next((one for one in versions if one.pk in holding), None)
    item, status = request.GET.get("item", ""), request.GET.get("status", "")
    context: dict[str, Any] = {
        "model": found,
        "kinds": [label for value, label in Unit._meta.get_field("kind").choices or () if value in found.kinds],
        "versions": versions,
        "current": current,
        "item": item,
        "status": status,
        "statuses": STATUSES,
        "may_revise": may_start(MODEL_VERSION, "draft", user, found.agency_id, found.agency_id) is None
        and not any(one.state in ("draft", "submitted") for one in versions),
        "adopters": _adopters(user, found, current),
    }
    if current is not None:
        context |= _rolled(request, current, roll(current, user, today), item=item, status=status)
    return render(request, "documents/model.html", context)


def _rolled(request: HttpRequest, current: ModelVersion, rolled: Roll, *, item: str, status: str) -> dict[str, Any]:
    page = Paginator(rolled.chosen(item, status), PAGE).get_page(request.GET.get("page"))
    lines = standing(current, [one.pk for one in page], day_of())
    columns = [*STATUSES, BEHIND]
    return {
        "tally": rolled.tally,
        "tables": [
            (one, [(name, counts[name]) for name in columns], len(rolled.agencies) - len(rolled.marks))
            for one, counts in rolled.tables
        ],
        "page_obj": page,
        "agencies": [(one, _worst(lines.get(one.pk))) for one in page],
    }


def _worst(lines: list[Line] | None) -> list[Line] | None:
    """What is to be told of an agency: the items that are not just as the model has them; None: not adopted."""
    return None if lines is None else [line for line in lines if line.status not in ("same", "offered") or line.behind]


def _adopters(user: User, found: FrameworkModel, current: ModelVersion | None) -> list[Unit]:
    """Agencies of the person that may adopt the model and did not yet."""
    if current is None:
        return []
    places = {seat.agency.pk: seat.agency for seat in user.seats_held()}
    able = [
        one
        for one in places.values()
        if found.is_for(one) and may_start(ADOPTION, "adopt", user, one.pk, one.pk) is None
    ]
    if not able:
        return []
    done = Adoption.objects.filter(model=found, agency__in=able).exclude(state="left")
    taken = set(done.values_list("agency_id", flat=True))
    return [one for one in able if one.pk not in taken]


@require_POST
@walled
def model_next(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The draft of the next version."""
    user = person(request)
    found = fetch(FrameworkModel, user, pk)
    try:
        version = next_version(found, by=user)
    except WorkflowError as error:
        if error.status == 403:  # noqa: PLR2004 - the reason belongs on the refusal page
            raise
        messages.error(request, error.said)
        return HttpResponseRedirect(found.get_absolute_url())
    return HttpResponseRedirect(version.get_absolute_url())


@require_POST
@walled
def model_adopt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An agency of the person's begins to apply the model."""
    user = person(request)
    found = fetch(FrameworkModel, user, pk)
    places = {str(seat.agency.pk): seat.agency for seat in user.seats_held()}
    place = places.get(request.POST.get("agency", ""))
    if place is None:
        raise PermissionDenied(_("Bạn không giữ vị trí ở cơ quan này."))
    try:
        done = engine.start(Adoption(agency=place, unit=place, model=found), "adopt", by=user)
    except WorkflowError as error:
        if error.status == 403:  # noqa: PLR2004 - the reason belongs on the refusal page
            raise
        messages.error(request, error.said)
        return HttpResponseRedirect(found.get_absolute_url())
    messages.success(request, _("Đã áp dụng mô hình. Hãy nhận từng mục: mỗi mục thành một dự thảo của cơ quan."))
    return HttpResponseRedirect(done.get_absolute_url())
