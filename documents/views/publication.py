"""Publications of an agency: the one that holds, those before it, and the way of the next one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents import gates
from documents.machines.publication import PUBLICATION, STANDS, UNDER_WAY
from documents.models import Publication, ScopeRow
from documents.services.publishing import state_of
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import WorkflowError
from workflows.forms import StepForm
from workflows.models import Unit, User, day_of
from workflows.views.person import person, walled

PAGE = 30
ROWS = 100
"""Lines of a frozen list on one page."""


def place_of(user: User) -> Unit | None:
    """The agency for which the person may prepare a publication: the first by seat."""
    places = [seat.agency for seat in user.seats_held()]
    return next((one for one in places if may_start(PUBLICATION, "prepare", user, one.pk, one.pk) is None), None)


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    """Publications that the person reads, newest first; above them how the conditions stand in their own agency."""
    user = person(request)
    rows = Publication.objects.visible_to(user).for_list().order_by("-created_at", "pk")
    own = next((seat.agency for seat in user.seats_held()), None)
    mine = Publication.objects.visible_to(user).filter(agency=own).for_list() if own else Publication.objects.none()
    standing = mine.filter(state__in=STANDS).first()
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "own": own,
        "standing": standing,
        "causes": list(standing.causes.all()) if standing and not standing.stage.final else [],
        "under_way": mine.filter(state__in=UNDER_WAY).first(),
        "verdicts": gates.verdicts(own, day_of()) if own else [],
        "may_start": place_of(user) is not None,
        "address": reverse("documents:public_agency", args=[own.code]) if standing and own else "",
    }
    return render(request, "documents/publications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publication_new(request: HttpRequest) -> HttpResponse:
    """Freeze today's list into a new publication; whatever goes wrong, what was typed stays."""
    user, step, status = person(request), PUBLICATION.rows_of("prepare")[0], 200
    place = place_of(user)
    if place is None:
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được lập hồ sơ công bố."))
    fresh = Publication(agency=place, unit=place)
    form = StepForm(step, fresh, request.POST if request.method == "POST" else None)
    last = Publication.objects.filter(agency=place).order_by("-created_at").first()
    form.initial = {"edition": last.edition if last else ""}
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                done = engine.start(fresh, "prepare", by=user, **form.cleaned_data)
            except WorkflowError as error:
                form.take(error.problems or [str(error.sentence)])
                status = error.status
            else:
                messages.success(request, _("Đã lập danh mục phạm vi. Đại diện lãnh đạo sẽ xác nhận hiệu lực."))
                return HttpResponseRedirect(done.get_absolute_url())
    return render(request, "documents/publication_new.html", {"form": form, "place": place}, status=status)


@require_safe
@walled
def publication(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One publication: conditions, causes to publish again, what differs, and the frozen list page by page."""
    user = person(request)
    among = Publication.objects.for_list().select_related("standard", "predecessor")
    found = fetch(Publication, user, pk, among=among)
    state = state_of(found, day_of())
    rows: list[ScopeRow] = state.rows
    context = {
        "publication": found,
        "state": state,
        "page_obj": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "causes": list(found.causes.all()),
        "offers": engine.offers(found, user),
        "address": reverse("documents:public_agency", args=[found.agency.code]) if found.state in STANDS else "",
    }
    return render(request, "documents/publication.html", context)
