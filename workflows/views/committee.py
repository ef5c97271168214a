"""A committee on its way to a decision: who is to sit in it, the decision itself; and a seat that stands empty."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from workflows import engine
from workflows.access import fetch
from workflows.deciding import place_of
from workflows.errors import WorkflowError
from workflows.forms_committee import member_rows, members_form, members_of
from workflows.models import Establishment, Seat, Unit, User, VacantSeat, day_of
from workflows.models.committee import open_seats
from workflows.roles import label_of
from workflows.standing import refusal_of
from workflows.views.person import person, walled


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def committee_new(request: HttpRequest) -> HttpResponse:
    """Propose who is to sit; the form comes with those who sit today, for most of a committee stays."""
    user = person(request)
    about = Unit.objects.visible_to(user).agencies().filter(code=request.GET.get("agency", "")).first()
    if about is None:
        raise Http404
    place = place_of(user, about, action=("establishment", "propose"), own=True)
    if place is None:
        raise PermissionDenied(_("Chỉ Thư ký ISO hoặc đầu mối của cơ quan này hay cấp trên được dự kiến Ban chỉ đạo."))
    seats = open_seats(about, day_of()).filter(user__is_active=True).select_related("user", "unit").order_by("pk")
    fresh = Establishment(about=about, agency=place, unit=place)
    return _members_page(request, fresh, "propose", [_row(seat) for seat in seats])


def _row(seat: Seat) -> dict[str, Any]:
    return {"username": seat.user.username, "role": seat.role, "unit": seat.unit_id}


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def establishment_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change who is to sit, while it is a draft."""
    user = person(request)
    found = fetch(Establishment, user, pk, among=Establishment.objects.for_list())
    refusal = refusal_of(found, user, "edit")
    if refusal is not None and request.method != "POST":
        raise PermissionDenied(str(engine.refusal_error(refusal, found).sentence))
    return _members_page(request, found, "edit", found.members)


def _members_page(request: HttpRequest, record: Establishment, action: str, rows: list[dict[str, Any]]) -> HttpResponse:
    """The table of members, or what the door says to it; what was typed stays."""
    user, status, posted = person(request), 200, request.POST if request.method == "POST" else None
    form = members_form(record.about, rows, posted)
    sentences: list[str] = []
    if posted is not None and "more" not in posted:
        status = 400
        if form.is_valid():
            try:
                done = _sent(record, action, user, member_rows(form), posted.get("expected", ""))
            except WorkflowError as error:
                status, sentences = error.status, [error.said]
            else:
                messages.success(request, _("Đã ghi dự kiến. Trưởng Ban hoặc Đại diện lãnh đạo ghi quyết định."))
                return HttpResponseRedirect(done.get_absolute_url())
    context = {"record": record, "formset": form, "sentences": sentences, "people": members_of(record.about)}
    return render(request, "workflows/committee_members.html", context, status=status)


def _sent(record: Establishment, action: str, user: User, rows: list[dict[str, Any]], expected: str) -> Establishment:
    if action == "propose":
        return engine.start(record, action, by=user, members=rows)
    digits = 9  # fits every database's integer
    known = expected.isascii() and expected.isdecimal() and len(expected) <= digits
    return engine.fire(record, action, by=user, expected=int(expected) if known else 0, members=rows)


@require_safe
@walled
def establishment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One decision on a committee: who, in which seat, and how it came about."""
    user = person(request)
    rows = Establishment.objects.for_list().select_related("committee")
    found = fetch(Establishment, user, pk, among=rows)
    people = User.objects.in_bulk([one["username"] for one in found.members], field_name="username")
    units = Unit.objects.in_bulk([one["unit"] for one in found.members])
    members = []
    for one in found.members:
        held = {"role": label_of(one["role"]), "unit": units[one["unit"]]}
        members.append({"person": people.get(one["username"], one["username"]), **held})
    context = {
        "record": found,
        "members": members,
        "offers": [offer for offer in engine.offers(found, user) if offer.step.action != "edit"],
        "may_edit": refusal_of(found, user, "edit") is None,
    }
    return render(request, "workflows/establishment.html", context)


@require_safe
@walled
def vacant_seat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A seat that stands empty, and the way to fill it."""
    user = person(request)
    found = fetch(VacantSeat, user, pk, among=VacantSeat.objects.for_list())
    return render(request, "workflows/vacant_seat.html", {"record": found, "offers": engine.offers(found, user)})
