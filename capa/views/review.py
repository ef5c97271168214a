"""Management reviews: the list, one with its input pack, minutes and work, the lists behind its figures."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa.machines.review import OUTPUT
from capa.models import Output, Review
from capa.models.review import ISSUED
from capa.services.known import COUNTS
from capa.services.listing import lines
from capa.services.reviewing import inputs_of, kept_lines, place_of
from capa.views.rewriting import rewrite
from capa.views.starting import begin, starting_place
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import NotReadable, NotVisible
from workflows.models import day_of
from workflows.views.person import person, walled

PAGE = 30
BEHIND = 50


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Reviews that the person reads, the latest first."""
    user = person(request)
    rows = Review.objects.visible_to(user).for_list().order_by("-meets_on", "pk")
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_start": starting_place(Review, "plan", user) is not None,
    }
    return render(request, "capa/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_new(request: HttpRequest) -> HttpResponse:
    """A new review; whatever goes wrong, what was typed stays."""
    return begin(
        request,
        Review,
        "plan",
        template="capa/review_new.html",
        refused=_("Vai trò hiện nay của bạn không được lên kế hoạch xem xét của lãnh đạo."),
        done=_("Đã lên kế hoạch."),
    )


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("capa:reviews"), _("Xem xét của lãnh đạo"))]


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def review_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the plan of the meeting."""
    return rewrite(request, fetch(Review, person(request), pk), "edit", _crumbs())


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def review_write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the minutes, or write them anew; what they said before is in the form."""
    return rewrite(request, fetch(Review, person(request), pk), "minutes", _crumbs())


PAGED = {"edit", "minutes"}
"""Steps with a page of their own, which comes filled."""


@require_safe
@walled
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One review. Who neither prepares nor attends it reads what was concluded, and the work that follows."""
    user, today = person(request), day_of()
    found = fetch(Review, user, pk, among=Review.objects.for_list())
    inside = found.is_insider(user)
    offers = engine.offers(found, user)
    works = Output.objects.visible_to(user).filter(review=found).exclude(state="dropped").for_list()
    context = {
        "review": found,
        "inputs": inputs_of(found, today) if inside else None,
        "issued": found.state in ISSUED,
        "inside": inside,
        "works": works.order_by("due", "created_at"),
        "offers": [offer for offer in offers if offer.step.action not in PAGED],
        "open": {offer.step.action for offer in offers if offer.refusal is None} & PAGED,
        "may_decide": found.state in ("held", "minutes_draft")
        and may_start(OUTPUT, "decide", user, found.agency_id, found.unit_id) is None,
    }
    return render(request, "capa/review.html", context)


@require_safe
@walled
def behind(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """The list behind a figure of the pack: of today, or as it stood on the day of the meeting."""
    user, today = person(request), day_of()
    found = fetch(Review, user, pk, among=Review.objects.for_list())
    if not found.is_insider(user):
        raise NotReadable
    if found.is_held:
        kept = kept_lines(found, key)
        if kept is None:
            raise NotVisible
        label, page = kept[0], Paginator(kept[1], BEHIND).get_page(request.GET.get("page"))
        rows, as_of = list(page), found.pack.as_of
    else:
        if key not in COUNTS:
            raise NotVisible
        label, as_of = str(COUNTS[key].label), today
        page = Paginator(COUNTS[key].rows(place_of(found, today)), BEHIND).get_page(request.GET.get("page"))
        rows = lines(page, user)
    context = {"review": found, "label": label, "page_obj": page, "rows": rows, "as_of": as_of}
    return render(request, "capa/review_behind.html", context)
