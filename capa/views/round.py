"""One audit round: plan, teams, findings and report; and its printed paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capa.clauses import clause_label
from capa.models import Finding, Round, Visit
from capa.printing import audit_report_pdf
from capa.services import reporting
from capa.services.checklist import pasted, reads_checklist
from capa.services.coverage import of_round
from capa.views.rewriting import rewrite
from workflows import engine
from workflows.access import fetch
from workflows.models import Move, User, day_of
from workflows.text import fold
from workflows.views.person import person, walled

OWN_PAGE = ("report", "propose", "replan")
"""Steps with pages of their own, which come filled."""


def among() -> QuerySet[Round]:
    """Rounds with programme, lead, visits and the people of each team."""
    visits = Visit.objects.select_related("unit", "lead").prefetch_related("members").order_by("unit__path")
    return Round.objects.for_list().select_related("agency__parent").prefetch_related(Prefetch("visits", visits))


def crumbs_of(owner: Round) -> list[tuple[str, str]]:
    """The way to a page below the round."""
    return [
        (reverse("capa:programmes"), _("Đánh giá")),
        (owner.programme.get_absolute_url(), str(owner.programme)),
        (owner.get_absolute_url(), str(owner)),
    ]


@require_safe
@walled
def round_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan, teams and checklists, findings by unit and class, report, coverage, history."""
    user = person(request)
    found = fetch(Round, user, pk, among=among())
    rows = Finding.objects.visible_to(user).filter(round=found).for_list()
    findings = reporting.counted(rows)
    doubles = pasted(found, user)
    offers = engine.offers(found, user)
    able = {offer.step.action for offer in offers if offer.refusal is None}
    context = {
        "round": found,
        "crumbs": crumbs_of(found)[:2],
        "clauses": [clause_label(code) for code in found.clauses],
        "teams": [_team(found, visit, findings, user) for visit in found.visits.all()],
        "tally": reporting.by_unit(findings, [str(visit.unit) for visit in found.visits.all()]),
        "findings": [(one, doubles.get(one.pk, [])) for one in findings if one.result in reporting.DETAILED],
        "doubles": doubles,
        "coverage": of_round(found),
        "offers": [offer for offer in offers if offer.step.action not in OWN_PAGE or offer.refusal is not None],
        "able": able,
        "reported": found.state in reporting.REPORTED,
    }
    return render(request, "capa/round.html", context)


def _team(owner: Round, visit: Visit, findings: list[Finding], user: User) -> dict[str, Any]:
    return {
        "visit": visit,
        "members": visit.members.all(),
        "number": sum(one.unit_id == visit.unit_id for one in findings),
        "open": sum(one.unit_id == visit.unit_id and one.state == "recorded" for one in findings),
        "reads": reads_checklist(user, owner, visit.unit_id),
        "mine": user.pk in visit.people(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def round_write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the report, or write it anew; what it said before is in the form."""
    found = fetch(Round, person(request), pk, among=Round.objects.for_list())
    return rewrite(request, found, "report", crumbs_of(found))


@require_safe
@walled
def round_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report as a page that prints: the same figures and texts as the paper."""
    found, findings = _reported(request, pk)
    detailed = [one for one in findings if one.result in reporting.DETAILED]
    context = {
        "round": found,
        "crumbs": crumbs_of(found),
        "clauses": [clause_label(code) for code in found.clauses],
        "by_unit": reporting.by_unit(findings, [str(visit.unit) for visit in found.visits.all()]),
        "by_clause": reporting.by_clause(findings),
        "findings": detailed,
        "moves": [move for move in Move.objects.of(found.pk) if move.action in ("appoint", "report", "sign")],
    }
    return render(request, "capa/round_report.html", context)


@require_safe
@walled
def round_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper, as a file."""
    found, findings = _reported(request, pk)
    moves = [move for move in Move.objects.of(found.pk) if move.action in ("appoint", "report", "sign")]
    paper = audit_report_pdf(reporting.report_of(found, findings, moves, day_of()))
    name = slugify(fold(str(found)))[:60] or "dot"
    headers = {"Content-Disposition": f'attachment; filename="bao-cao-{name}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def _reported(request: HttpRequest, pk: UUID) -> tuple[Round, list[Finding]]:
    """The round and all its findings: the report shows the same to everybody who may read it."""
    found = fetch(Round, person(request), pk, among=among())
    if found.state not in reporting.REPORTED:
        raise Http404(_("Đợt này chưa có báo cáo."))
    return found, reporting.counted(Finding.objects.filter(round=found).for_list())
