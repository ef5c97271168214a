"""Work that follows from a management review: its form, and its page for whoever does it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa.machines.review import OUTPUT
from capa.models import Output, Review
from capa.views.rewriting import rewrite, take
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import WorkflowError
from workflows.forms import StepForm
from workflows.views.person import person, walled


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def output_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A decision of a review; whatever goes wrong, what was typed stays."""
    user, step, status = person(request), OUTPUT.rows_of("decide")[0], 200
    owner = fetch(Review, user, pk, among=Review.objects.for_list())
    if may_start(OUTPUT, "decide", user, owner.agency_id, owner.unit_id):
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được ghi việc theo kết luận."))
    fresh = Output(agency_id=owner.agency_id, unit_id=owner.unit_id, review=owner)
    form = StepForm(step, fresh, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                engine.start(fresh, "decide", by=user, **form.cleaned_data)
            except WorkflowError as error:
                take(form, error)
                status = error.status
            else:
                messages.success(request, _("Đã thêm việc."))
                return HttpResponseRedirect(owner.get_absolute_url())
    return render(request, "capa/output_new.html", {"form": form, "review": owner}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def output_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a decision before it is announced."""
    found = fetch(Output, person(request), pk, among=Output.objects.for_list())
    crumbs = [
        (reverse("capa:reviews"), _("Xem xét của lãnh đạo")),
        (found.review.get_absolute_url(), str(found.review)),
    ]
    return rewrite(request, found, "edit", crumbs)


@require_safe
@walled
def output(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What to do, until when, by which review, and what came of it."""
    user = person(request)
    found = fetch(Output, user, pk, among=Output.objects.for_list())
    offers = engine.offers(found, user)
    context = {
        "output": found,
        "reads": Review.objects.visible_to(user).filter(pk=found.review_id).exists(),
        "offers": [offer for offer in offers if offer.step.action != "edit"],
        "may_edit": any(offer.step.action == "edit" and offer.refusal is None for offer in offers),
    }
    return render(request, "capa/output.html", context)
