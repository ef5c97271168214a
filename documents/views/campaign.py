"""Campaigns: items by unit, one decision for many with a reason for each refusal; and one item with its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.forms import BULK, ItemsForm, ScreenForm
from documents.machines.impact import IMPACT, OPEN
from documents.models import Campaign, ImpactItem, code_key
from documents.services.campaigns import impacts_decide
from workflows import engine
from workflows.access import fetch
from workflows.models import User
from workflows.text import fold
from workflows.views.person import person, walled

PLACES = 9
"""Digits of a row version at most."""
PAGE = 200
"""Items on one page: whole campaigns of a department (103 for one decree), so that they are screened in one sitting."""


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """Campaigns that the person sees, newest first, with how far each has come."""
    user = person(request)
    rows = Campaign.objects.visible_to(user).for_list().order_by("-opened_on", "pk")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    shown = list(page)
    counted: dict[Any, Counter[str]] = {}
    items = ImpactItem.objects.filter(campaign__in=shown).order_by()
    for pk, state, number in items.values_list("campaign", "state").annotate(n=Count("pk")):
        counted.setdefault(pk, Counter())[state] += number
    lines = [{"campaign": row, **progress(counted.get(row.pk, Counter()))} for row in shown]
    return render(request, "documents/campaigns.html", {"lines": lines, "page_obj": page})


def progress(states: Counter[str]) -> dict[str, int]:
    """How many items there are, and how many of them are done with."""
    total = states.total()
    return {"total": total, "done": total - sum(states[state] for state in OPEN)}


@dataclass
class Outcome:
    """What a bulk decision did. ``refused``: item and sentence; ``ticked``: what stays ticked for another try."""

    done: list[ImpactItem] = field(default_factory=list)
    refused: list[tuple[ImpactItem, str]] = field(default_factory=list)
    ticked: set[str] = field(default_factory=set)
    label: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def campaign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One campaign; POST decides on the ticked items, each through the door on its own."""
    user = person(request)
    found = fetch(Campaign, user, pk, among=Campaign.objects.for_list())
    actions = _actions(user, found)
    if request.method != "POST":
        return _page(request, user, found, ScreenForm(actions=actions), Outcome())
    form = ScreenForm(request.POST, actions=actions)
    outcome = Outcome(ticked=set(request.POST.getlist("item")))
    if not outcome.ticked:
        form.add_error(None, _("Chưa chọn tài liệu nào."))
    if not form.is_valid():
        return _page(request, user, found, form, outcome, status=400)
    _decide(request, user, found, form, outcome)
    if outcome.refused:
        return _page(request, user, found, form, outcome, status=200 if outcome.done else 409)
    words = {"label": outcome.label, "number": len(outcome.done)}
    messages.success(request, _("“%(label)s”: đã ghi cho %(number)d tài liệu.") % words)
    return HttpResponseRedirect(request.get_full_path())


def _actions(user: User, found: Campaign) -> list[str]:
    """Bulk steps that some role of the person may take somewhere in the campaign's agency."""
    roles = {seat.role for seat in user.seats_held() if seat.unit.agency_id == found.agency_id}
    return [action for action in BULK if any(roles.intersection(step.by) for step in IMPACT.rows_of(action))]


def _decide(request: HttpRequest, user: User, found: Campaign, form: ScreenForm, outcome: Outcome) -> None:
    seen = dict(value.partition(".")[::2] for value in request.POST.getlist("seen"))
    items = [item for item in _items(user, found) if str(item.pk) in outcome.ticked]
    for item in items:
        # The door compares with what the person saw, not with what was read a moment ago.
        version = seen.get(str(item.pk), "")
        item.row_version = int(version) if version.isascii() and version.isdecimal() and len(version) < PLACES else 0
    action = form.cleaned_data["action"]
    outcome.label = str(IMPACT.rows_of(action)[0].label)
    outcome.done, outcome.refused = impacts_decide(items=items, action=action, by=user, note=form.cleaned_data["note"])
    outcome.ticked = {str(item.pk) for item, _sentence in outcome.refused}


def _items(user: User, found: Campaign) -> QuerySet[ImpactItem]:
    items = ImpactItem.objects.visible_to(user).filter(campaign=found).for_list()
    return items.order_by("unit__path", "document__code_key")


def _page(
    request: HttpRequest, user: User, found: Campaign, form: ScreenForm, outcome: Outcome, *, status: int = 200
) -> HttpResponse:
    everything = list(_items(user, found))
    units = {str(item.unit_id): str(item.unit) for item in everything}
    asked = ItemsForm(request.GET, units=units.items())
    states = Counter(item.state for item in everything)
    page = Paginator(_wanted(asked, everything), PAGE).get_page(request.GET.get("page"))
    offers = engine.offers(found, user)
    context = {
        "campaign": found,
        "filter": asked,
        "form": form,
        "outcome": outcome,
        "page_obj": page,
        "groups": _groups(page, everything),
        "states": [(stage, states[stage.state]) for stage in IMPACT.stages if states[stage.state]],
        "wanted": asked.value("state") or "",
        "may_decide": bool(form.fields["action"].choices) and found.state == "open",  # type: ignore[attr-defined]
        # Widening looks for new documents, so it has a button of its own.
        "offers": [offer for offer in offers if offer.step.action != "widen"],
        "may_widen": any(offer.step.action == "widen" and offer.refusal is None for offer in offers),
        **progress(states),
    }
    return render(request, "documents/campaign.html", context, status=status)


def _wanted(asked: ItemsForm, items: list[ImpactItem]) -> list[ImpactItem]:
    """The items that the filter lets through; all of them are in memory anyhow, for the counts."""
    state, unit, q = asked.value("state"), asked.value("unit"), asked.value("q") or ""
    words, key = fold(q).split(), code_key(q)
    return [
        item
        for item in items
        if (not state or item.state == state)
        and (not unit or str(item.unit_id) == unit)
        and (all(word in item.document.search for word in words) or (key and key in item.document.code_key))
    ]


def _groups(shown: Iterable[ImpactItem], everything: list[ImpactItem]) -> list[dict[str, Any]]:
    """Items by unit, each unit with how far all its items have come, shown or not."""
    states: dict[int, Counter[str]] = {}
    for item in everything:
        states.setdefault(item.unit_id, Counter())[item.state] += 1
    return [
        {"unit": unit, "rows": list(rows), **progress(states[unit.pk])}
        for unit, rows in groupby(shown, key=lambda item: item.unit)
    ]


@require_safe
@walled
def impact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One item: how the act reaches the document, why the deadline, and what may be done."""
    user = person(request)
    among = ImpactItem.objects.for_list().select_related("campaign__regulation", "revision", "version")
    found = fetch(ImpactItem, user, pk, among=among)
    return render(request, "documents/impact.html", {"item": found, "offers": engine.offers(found, user)})
