"""Reporting a nonconformity: anybody with a seat, in a minute, on a phone. An error keeps everything that was typed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from capa.clauses import CLAUSES, clause_label
from capa.machines.car import CAR
from capa.models import Car, Objective
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import NotVisible, WorkflowError
from workflows.forms import StepForm
from workflows.models import Seat, User, day_of
from workflows.views.person import person, walled

REPORT = CAR.rows_of("report")[0]
ORDER = ("source", "found_on", "description", "evidence_text", "requirement", "clause", "concerns", "document")
"""What was seen comes first, what it means for the system last."""


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def new(request: HttpRequest) -> HttpResponse:
    """The form (GET) and the report (POST), in the place of the person's first seat that may report."""
    user = person(request)
    seat = place(user)
    if seat is None:
        raise PermissionDenied(_("Cần có vai trò trong cơ quan thì mới báo được sự không phù hợp."))
    blank = Car(agency=seat.agency, unit=seat.unit)
    missed = _missed(request, user, blank)
    form = StepForm(REPORT, blank, request.POST if request.method == "POST" else None)
    form.order_fields(ORDER)
    form.initial = _told(missed) if missed else {}
    form.fields["clause"].widget.attrs |= {"list": "clauses", "autocomplete": "off"}
    form.fields["clause"].help_text = _("Số điều khoản ISO 9001, ví dụ 7.5. Không rõ thì để trống.")
    form.fields["description"].widget.attrs["rows"] = 6
    status = 200
    if request.method == "POST":
        done = _report(form, blank, user)
        if isinstance(done, Car):
            words = _("Đã báo sự không phù hợp. Thư ký ISO sẽ xem xét trước ngày %(day)s.")
            due = f"{done.due_on:%d/%m/%Y}" if done.due_on else "—"
            messages.success(request, words % {"day": due})
            return HttpResponseRedirect(f"{done.get_absolute_url()}?saved=report")
        status = done
    clauses = [(code, clause_label(code)) for code in CLAUSES]
    context = {"form": form, "seat": seat, "clauses": clauses, "missed": missed}
    return render(request, "capa/report_nc.html", context, status=status)


def _missed(request: HttpRequest, user: User, blank: Car) -> Objective | None:
    """The objective that the address names, as far as the person reads it; the report is then about it."""
    text = request.GET.get("objective", "")
    if not text:
        return None
    try:
        found = fetch(Objective, user, UUID(text), among=Objective.objects.for_list())
    except ValueError as error:
        raise NotVisible from error
    if found.agency_id != blank.agency_id:
        raise NotVisible
    blank.objective = found
    return found


def _told(missed: Objective) -> dict[str, object]:
    """What the report of a missed objective begins with; the person goes on from there."""
    words = _("Mục tiêu “%(title)s”: chỉ tiêu %(target)s, kết quả đo gần nhất %(value)s.")
    facts = {"title": missed, "target": missed.target_words, "value": missed.value_words or "—"}
    return {
        "source": "objective",
        "found_on": day_of(),
        "description": words % facts,
        "requirement": missed.statement,
        "clause": "6.2",
        "concerns": str(missed.unit_id),
    }


def place(user: User) -> Seat | None:
    """The first seat in which the person may report."""
    for seat in user.seats_held():
        if may_start(CAR, "report", user, seat.agency.pk, seat.unit_id) is None and seat.role in REPORT.by:
            return seat
    return None


def _report(form: StepForm, blank: Car, user: User) -> Car | int:
    """The new record, or the status of what was wrong; then the form says it."""
    if not form.is_valid():
        return 400
    try:
        return engine.start(blank, "report", by=user, **form.cleaned_data)
    except WorkflowError as error:
        form.take(error.problems or [str(error.sentence)])
        return error.status
