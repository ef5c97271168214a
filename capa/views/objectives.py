"""The years' quality objectives: the list, one year with its objectives and how each stands, and its form."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa.machines.objective import OBJECTIVE
from capa.models import Objective, ObjectiveSet
from capa.standing import STANDINGS, Standing
from capa.views.rewriting import rewrite
from capa.views.starting import begin, starting_place
from workflows import engine
from workflows.access import fetch, may_start
from workflows.models import Unit, User, day_of
from workflows.views.person import person, walled

PAGE = 30
LINES = 50


@dataclass(frozen=True)
class Line:
    """An objective and how it stands today."""

    objective: Objective
    standing: Standing


@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """Sets of objectives that the person reads, the newest year first."""
    user = person(request)
    rows = ObjectiveSet.objects.visible_to(user).for_list().order_by("-year", "agency__path")
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_start": starting_place(ObjectiveSet, "draft", user) is not None,
    }
    return render(request, "capa/objectives.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def year_new(request: HttpRequest) -> HttpResponse:
    """A new year's set; whatever goes wrong, what was typed stays."""
    return begin(
        request,
        ObjectiveSet,
        "draft",
        template="capa/objectives_new.html",
        refused=_("Vai trò hiện nay của bạn không được lập mục tiêu của cơ quan."),
        done=_("Đã lập. Hãy thêm các mục tiêu của cơ quan và của từng đơn vị."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def year_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change year, title and policy while the set is a draft."""
    found = fetch(ObjectiveSet, person(request), pk)
    return rewrite(request, found, "edit", [(reverse("capa:objectives"), _("Mục tiêu"))])


@require_safe
@walled
def year(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One year: its objectives by unit, each with target, last value and standing, and how many stand how."""
    user, today = person(request), day_of()
    found = fetch(ObjectiveSet, user, pk, among=ObjectiveSet.objects.for_list())
    readable = Objective.objects.visible_to(user).filter(owner_set=found).exclude(state="dropped")
    rows = list(readable.for_list().order_by("unit__path", "created_at", "pk"))
    for one in rows:
        one.owner_set = found
    lines = [Line(one, one.standing(today)) for one in rows]
    offers = engine.offers(found, user)
    context = {
        "set": found,
        "page_obj": Paginator(lines, LINES).get_page(request.GET.get("page")),
        "tally": [(one, sum(line.standing == one for line in lines)) for one in STANDINGS],
        "today": today,
        "places": places(found, user),
        "offers": [offer for offer in offers if offer.step.action != "edit"],
        "may_edit": any(offer.step.action == "edit" and offer.refusal is None for offer in offers),
    }
    return render(request, "capa/objectives_year.html", context)


def places(owner: ObjectiveSet, user: User) -> list[Unit]:
    """Units for which the person may propose an objective while the set is a draft; the agency itself is one."""
    if owner.state != "draft":
        return []
    units = Unit.objects.filter(agency=owner.agency_id).order_by("path")
    return [one for one in units if may_start(OBJECTIVE, "propose", user, owner.agency_id, one.pk) is None]
