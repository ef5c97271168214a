"""The register of legal documents: list, one document with its relations and the procedures that it touches."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.forms import LawForm, RelationForm
from documents.machines.impact import CAMPAIGN
from documents.machines.regulation import REGULATION
from documents.models import Campaign, ImpactItem, Regulation, RegulationRelation, replacements
from documents.models.awaiting import awaiting
from documents.models.regulation import RegulationQuerySet
from documents.services.alarm_words import mark
from documents.services.asof import Moment
from documents.services.campaigns import campaign_open
from documents.services.lookup import matching_acts
from documents.services.oddities import odd, oddities_of
from documents.services.relations import relation_add
from documents.services.shelf import citing
from documents.services.touching import Touched, regulation_touches
from documents.views.days import asked_day
from workflows import engine
from workflows.access import fetch
from workflows.errors import WorkflowError
from workflows.models import Unit, User, day_of
from workflows.tables import Machine
from workflows.views.person import person, walled

PAGE = 50
KEEPERS = frozenset(REGULATION.rows_of("register")[0].by)
"""Who keeps the register, by its table."""


def keeps(user: User) -> bool:
    """Whether the person may register and correct legal documents; the door asks again."""
    return bool(user.roles() & KEEPERS)


@require_safe
def regulations(request: HttpRequest) -> HttpResponse:
    """The list, searched by number in any spelling or by words with or without marks, with validity on a day."""
    user, today = person(request), day_of()
    form = LawForm(request.GET)
    day, q = form.value("on") or today, form.value("q") or ""
    found: RegulationQuerySet = Regulation.objects.visible_to(user).with_validity(day)
    if q.strip():
        found = found.filter(matching_acts(q))
    if form.value("validity"):
        found = found.filter(Q(validity_on=form.value("validity")))
    if form.value("odd"):
        found = found.filter(odd(form.value("odd")))
    found = found.order_by(F("effective_on").desc(nulls_last=True), "number_key")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    acts = list(page)
    cited = citing([act.pk for act in acts], day, user)
    for act in acts:
        act.cited = cited.get(act.pk, 0)  # type: ignore[attr-defined]
    context = {
        "form": form,
        "page_obj": page,
        "acts": acts,
        "day": day,
        "is_today": day == today,
        "keeper": keeps(user),
    }
    return render(request, "documents/regulations.html", context, status=400 if form.errors else 200)


@require_safe
@walled
def regulation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One legal document: facts as they are, relations both ways, and the procedures that cite it, by unit."""
    return _page(request, fetch(Regulation, person(request), pk), RelationForm())


def _page(request: HttpRequest, act: Regulation, form: RelationForm, *, status: int = 200) -> HttpResponse:
    user, (day, bad_day) = person(request), asked_day(request)
    touched = regulation_touches(act, on=day, user=user)
    mark((one.version for one in touched), Moment(day, None, day_of()))
    direct = [one for one in touched if one.direct]
    steps = [one for one in touched if one.in_step and not one.direct]
    further = [one for one in touched if not one.direct and not one.in_step]
    campaigns = list(Campaign.objects.visible_to(user).filter(regulation=act).select_related("agency"))
    busy = {one.agency_id for one in campaigns}
    places = places_for(user, CAMPAIGN, "launch")
    context = {
        "act": act,
        "validity": act.validity(day),
        "heirs": replacements(act, day),
        "odd": oddities_of(act),
        "relations": RegulationRelation.objects.around(act),
        "groups": _by_unit(direct),
        "touched": len(direct),
        "step_groups": _by_unit(steps),
        "in_steps": len(steps),
        "further_groups": _by_unit(further),
        "further": len(further),
        "day": day,
        "bad_day": bad_day,
        "is_today": day == day_of(),
        "offers": engine.offers(act, user),
        "keeper": keeps(user),
        "campaigns": campaigns,
        "places": [(place, place.pk in busy) for place in places],
        "form": form,
        "waiting": _waiting(act, user),
    }
    return render(request, "documents/regulation.html", context, status=400 if bad_day else status)


def _waiting(act: Regulation, user: User) -> dict[str, Any]:
    """How many deferred items wait for the act, of those that the person may read, and in which campaigns."""
    counted = ImpactItem.objects.visible_to(user).filter(awaiting(act)).order_by().values_list("campaign")
    numbers: dict[Any, int] = dict(counted.annotate(number=Count("pk")))
    found = Campaign.objects.visible_to(user).for_list().in_bulk(list(numbers)) if numbers else {}
    return {"number": sum(numbers.values()), "campaigns": [(found[pk], numbers[pk]) for pk in numbers if pk in found]}


def _by_unit(touched: list[Touched]) -> list[tuple[Unit, list[Touched]]]:
    return [(unit, list(rows)) for unit, rows in groupby(touched, key=lambda one: one.version.unit)]


def places_for(user: User, machine: Machine, action: str) -> list[Unit]:
    """Agencies for which the person may start a record by this row; agency roles only."""
    by = {role for step in machine.rows_of(action) for role in step.by}
    places = {seat.agency.pk: seat.agency for seat in user.seats_held() if seat.role in by}
    return list(places.values())


@require_POST
@walled
def relate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a relation; an error keeps what was typed."""
    user = person(request)
    act, form = fetch(Regulation, user, pk), RelationForm(request.POST)
    if not form.is_valid():
        return _page(request, act, form, status=400)
    try:
        made = relation_add(source=act, by=user, **form.cleaned_data)
    except WorkflowError as error:
        form.take(error.sentence, error.problems)
        act.refresh_from_db()
        return _page(request, act, form, status=error.status)
    messages.success(request, _("Đã ghi quan hệ: %(relation)s.") % {"relation": made})
    return HttpResponseRedirect(act.get_absolute_url())


@require_POST
@walled
def campaign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open an agency's campaign for the act, or widen the open one."""
    user = person(request)
    act = fetch(Regulation, user, pk)
    places = places_for(user, CAMPAIGN, "launch")
    wanted = request.POST.get("agency", "")
    place = next((one for one in places if wanted in ("", str(one.pk))), None)
    if place is None:
        raise PermissionDenied(_("Chỉ cán bộ pháp chế hoặc thư ký ISO được mở đợt rà soát."))
    try:
        opened = campaign_open(regulation=act, agency=place, by=user)
    except WorkflowError as error:
        messages.error(request, " ".join([str(error.sentence), *map(str, error.problems)]))
        return HttpResponseRedirect(act.get_absolute_url())
    messages.success(request, _("Đợt rà soát có %(number)d tài liệu.") % {"number": opened.items.count()})
    return HttpResponseRedirect(opened.get_absolute_url())


def same_number(number: str, but: Any = None) -> Regulation | None:
    """An act of this number that the register already has."""
    return Regulation.objects.by_number(number).exclude(pk=but).first()
