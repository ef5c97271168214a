"""A finding and an observation: their facts, what became of them, and what is raised from them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capa.clauses import clause_label
from capa.machines.audit import UNISSUED
from capa.machines.car import CAR, OBSERVATION
from capa.models import Car, Finding, Observation
from capa.models.finding import NONCONFORMITIES
from capa.services.checklist import pasted, reads_checklist
from capa.views.rewriting import rewrite
from workflows import engine
from workflows.access import fetch, may_start
from workflows.errors import WorkflowError
from workflows.models import Record, User
from workflows.views.person import person, walled

FORBIDDEN = 403


@require_safe
@walled
def finding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was found, on which evidence, and what was made of it."""
    user = person(request)
    among = Finding.objects.for_list().select_related("round__programme", "version", "created_by")
    found = fetch(Finding, user, pk, among=among)
    offers = engine.offers(found, user)
    context = {
        "finding": found,
        "clause": clause_label(found.clause),
        "twins": pasted(found.round, user).get(found.pk, []),
        "cars": Car.objects.visible_to(user).filter(finding=found).for_list().order_by("created_at"),
        "observations": Observation.objects.visible_to(user).filter(finding=found),
        "checklist": reads_checklist(user, found.round, found.unit_id),
        "offers": [offer for offer in offers if offer.step.action != "revise" or offer.refusal is not None],
        "may_revise": any(offer.step.action == "revise" and offer.refusal is None for offer in offers),
        **_raising(found, user),
    }
    return render(request, "capa/finding.html", context)


def _raising(found: Finding, user: User) -> dict[str, bool]:
    """Which record this person may make of the finding, as it stands."""
    place, ready = (found.agency_id, found.unit_id), found.state in UNISSUED
    cars, notes = (may_start(machine, "raise", user, *place) is None for machine in (CAR, OBSERVATION))
    return {
        "may_car": ready and cars and found.result in NONCONFORMITIES,
        "may_note": ready and notes and found.result == "observation",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def finding_revise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a result that is not presented yet."""
    found = fetch(Finding, person(request), pk, among=Finding.objects.for_list().select_related("round"))
    return rewrite(request, found, "revise", [(found.round.get_absolute_url(), str(found.round))])


@require_POST
@walled
def finding_car(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Raise the corrective action request of an agreed nonconformity."""
    found = fetch(Finding, person(request), pk)
    return _raise(request, found, Car(agency_id=found.agency_id, unit_id=found.unit_id, finding=found))


@require_POST
@walled
def finding_observation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Raise the observation of an agreed finding of that class."""
    found = fetch(Finding, person(request), pk)
    return _raise(request, found, Observation(agency_id=found.agency_id, unit_id=found.unit_id, finding=found))


def _raise(request: HttpRequest, found: Finding, fresh: Record) -> HttpResponse:
    try:
        done = engine.start(fresh, "raise", by=person(request))
    except WorkflowError as error:
        if error.status == FORBIDDEN:
            raise
        messages.error(request, " ".join([str(error.sentence), *map(str, error.problems)]))
        return HttpResponseRedirect(found.get_absolute_url())
    messages.success(request, _("Đã lập: %(record)s.") % {"record": done})
    return HttpResponseRedirect(done.get_absolute_url())


@require_safe
@walled
def observation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was pointed out, and the unit's answer."""
    user = person(request)
    among = Observation.objects.for_list().select_related("finding__round")
    found = fetch(Observation, user, pk, among=among)
    context = {
        "observation": found,
        "clause": clause_label(found.clause),
        "offers": engine.offers(found, user),
        "reads_finding": Finding.objects.visible_to(user).filter(pk=found.finding_id).exists(),
    }
    return render(request, "capa/observation.html", context)
