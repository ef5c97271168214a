"""Inspections: the lists, a plan with its team, totals and ranking, and what begins a plan or puts agencies into it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capa.machines.inspection import INSPECTION, MODES
from capa.models import Inspection, InspectionPlan, ScoringTemplate, SelfScore
from capa.services.ranking import bands, ranking, totals
from capa.services.targets import add_all, candidates, kinds
from capa.views.rewriting import rewrite, take
from capa.views.starting import begin, starting_place
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import NotReadable, NotYourTurn, WorkflowError
from workflows.forms import StepForm
from workflows.models import day_of
from workflows.views.person import person, walled

PAGE = 30
LINES = 50


def crumbs() -> list[tuple[str, str]]:
    """Where every page of inspections hangs."""
    return [(reverse("capa:inspections"), _("Kiểm tra"))]


@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """Plans and inspections that the person reads: an inspected agency finds its own."""
    user = person(request)
    rows = Inspection.objects.visible_to(user).for_list().order_by("-entered_at", "pk")
    mode = request.GET.get("mode", "")
    if mode in dict(MODES):
        rows = rows.filter(mode=mode)
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "plans": InspectionPlan.objects.visible_to(user).for_list().order_by("-year", "-starts_on", "pk")[:PAGE],
        "templates": ScoringTemplate.objects.visible_to(user).for_list().order_by("-year", "-version", "pk")[:PAGE],
        "scores": SelfScore.objects.visible_to(user).for_list().order_by("-entered_at", "pk")[:PAGE],
        "modes": MODES,
        "mode": mode,
        "may_plan": starting_place(InspectionPlan, "draft", user) is not None,
        "may_template": starting_place(ScoringTemplate, "draft", user) is not None,
    }
    return render(request, "capa/inspections/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    """A new plan; whatever goes wrong, what was typed stays."""
    return begin(
        request,
        InspectionPlan,
        "draft",
        template="capa/inspections/plan_new.html",
        refused=_("Vai trò hiện nay của bạn không được lập kế hoạch kiểm tra."),
        done=_("Đã lập. Hãy thêm thành viên đoàn và các cơ quan được kiểm tra."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def plan_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the plan while it is a draft."""
    return rewrite(request, fetch(InspectionPlan, person(request), pk), "edit", crumbs())


@require_safe
@walled
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One plan: team, totals by kind and mode, agencies, ranking."""
    user, today = person(request), day_of()
    among = InspectionPlan.objects.for_list().select_related("template")
    found = fetch(InspectionPlan, user, pk, among=among)
    offers = engine.offers(found, user)
    rows = Inspection.objects.visible_to(user).filter(plan=found).for_list().order_by("about__path", "mode")
    lines, sums = totals(found)
    ranked = ranking(found)
    context = {
        "plan": found,
        "today": today,
        "members": found.members.select_related("user").order_by("pk"),
        "page_obj": Paginator(rows, LINES).get_page(request.GET.get("page")),
        "ranking": ranked[:LINES],
        "bands": bands(ranked),
        "lines": lines,
        "sums": sums,
        "modes": [label for _code, label in MODES],
        "offers": [offer for offer in offers if offer.step.action != "edit"],
        "may_edit": any(offer.step.action == "edit" and offer.refusal is None for offer in offers),
        "may_add": found.state in ("draft", "issued")
        and may_start(INSPECTION, "plan", user, found.agency_id, found.unit_id) is None,
    }
    return render(request, "capa/inspections/plan.html", context)


@require_safe
@walled
def plan_ranking(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole ranking of a plan, with its bands."""
    found = fetch(InspectionPlan, person(request), pk, among=InspectionPlan.objects.for_list())
    rows = ranking(found)
    page = Paginator(rows, LINES).get_page(request.GET.get("page"))
    return render(request, "capa/inspections/ranking.html", {"plan": found, "page_obj": page, "bands": bands(rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def target_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an agency into the plan; whatever goes wrong, what was typed stays."""
    user, step, status = person(request), INSPECTION.rows_of("plan")[0], 200
    owner = fetch(InspectionPlan, user, pk, among=InspectionPlan.objects.for_list())
    if may_start(INSPECTION, "plan", user, owner.agency_id, owner.unit_id) is not None:
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được đưa cơ quan vào kế hoạch kiểm tra."))
    fresh = Inspection(agency=owner.agency, unit=owner.agency, plan=owner)
    form = StepForm(step, fresh, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                engine.start(fresh, "plan", by=user, **form.cleaned_data)
            except WorkflowError as error:
                take(form, error)
                status = error.status
            else:
                messages.success(request, _("Đã đưa vào kế hoạch."))
                return HttpResponseRedirect(owner.get_absolute_url())
    context = {
        "form": form,
        "plan": owner,
        "kinds": kinds(owner, day_of()),
        "modes": MODES,
        "crumbs": [*crumbs(), (owner.get_absolute_url(), str(owner))],
    }
    return render(request, "capa/inspections/target_new.html", context, status=status)


@require_POST
@walled
def target_many(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put all agencies of a kind into the plan that are not in it yet."""
    user, today = person(request), day_of()
    owner = fetch(InspectionPlan, user, pk, among=InspectionPlan.objects.for_list())
    kind, mode = request.POST.get("kind", ""), request.POST.get("mode", "")
    if mode not in dict(MODES) or kind not in {code for code, _label, _number in kinds(owner, today)}:
        messages.error(request, _("Hãy chọn loại cơ quan và hình thức kiểm tra."))
        return HttpResponseRedirect(reverse("capa:inspection_target_new", args=[owner.pk]))
    try:
        number = add_all(owner, candidates(owner, kind, mode, today), mode=mode, by=user, now=timezone.now())
    except (NotYourTurn, NotReadable) as refused:
        raise PermissionDenied(str(refused.sentence)) from refused
    except WorkflowError as error:
        messages.error(request, error.said)
    else:
        said = ngettext("Đã đưa %(number)d cơ quan vào kế hoạch.", "Đã đưa %(number)d cơ quan vào kế hoạch.", number)
        messages.success(request, said % {"number": number})
    return HttpResponseRedirect(owner.get_absolute_url())
