"""The year's audits: the list of programmes, one programme with its rounds and coverage, and its form."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa.machines.audit import ROUND
from capa.models import Programme, Round, Visit
from capa.services.coverage import of_programme
from capa.services.visiting import my_visits, rounds_under_way
from capa.views.rewriting import rewrite
from capa.views.starting import begin, starting_place
from workflows import engine
from workflows.access import fetch, may_start
from workflows.views.person import person, walled

PAGE = 30


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Programmes that the person reads, by year; above them the rounds under way and the person's own visits."""
    user = person(request)
    rows = Programme.objects.visible_to(user).for_list().order_by("-year", "title")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    under_way = rounds_under_way(user).for_list()
    context = {
        "years": [(year, list(found)) for year, found in groupby(page, key=lambda one: one.year)],
        "page_obj": page,
        "rounds": under_way.prefetch_related(_with_units()).order_by("starts_on"),
        "mine": my_visits(user),
        "may_start": starting_place(Programme, "draft", user) is not None,
    }
    return render(request, "capa/programmes.html", context)


def _with_units() -> Prefetch[str]:
    return Prefetch("visits", Visit.objects.select_related("unit").order_by("unit__path"))


@require_http_methods(["GET", "HEAD", "POST"])
def programme_new(request: HttpRequest) -> HttpResponse:
    """A new programme; whatever goes wrong, what was typed stays."""
    return begin(
        request,
        Programme,
        "draft",
        template="capa/programme_new.html",
        refused=_("Vai trò hiện nay của bạn không được lập chương trình đánh giá."),
        done=_("Đã lập chương trình. Hãy thêm các đợt đánh giá."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def programme_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change year, title and aim while the programme is a draft."""
    found = fetch(Programme, person(request), pk)
    return rewrite(request, found, "edit", [(reverse("capa:programmes"), _("Đánh giá"))])


@require_safe
@walled
def programme(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One programme: its rounds, what they cover and what they leave out."""
    user = person(request)
    found = fetch(Programme, user, pk, among=Programme.objects.for_list())
    readable = Round.objects.visible_to(user).filter(programme=found).for_list()
    rounds = list(readable.prefetch_related(_with_units()).order_by("starts_on", "title"))
    for one in rounds:
        one.programme = found
    offers = engine.offers(found, user)
    hidden = found.rounds.count() - len(rounds)
    plans = found.state != "completed" and may_start(ROUND, "plan", user, found.agency_id, found.unit_id) is None
    context = {
        "programme": found,
        "rounds": rounds,
        "hidden": hidden,
        "coverage": of_programme(found, rounds),
        # Editing has a page of its own, which comes filled.
        "offers": [offer for offer in offers if offer.step.action != "edit"],
        "may_edit": any(offer.step.action == "edit" and offer.refusal is None for offer in offers),
        "may_plan": plans,
    }
    return render(request, "capa/programme.html", context)
