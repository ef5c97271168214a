"""Campaigns: items by unit, one decision for many with a reason for each refusal; and one item with its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.forms import ItemsForm, ScreenForm
from documents.machines.impact import IMPACT, OPEN
from documents.models import Campaign, ImpactItem
from documents.services.alarm import alarms_of
from documents.services.alarm_words import sentences
from documents.services.asof import Moment
from documents.services.campaigns import bulk_actions, campaign_for, impacts_decide
from documents.services.screening import (
    awaited,
    hints,
    holdings,
    items_of,
    states_by_unit,
    states_of,
    units_of,
    wanted,
)
from documents.services.sitting import waiting_number
from workflows import engine
from workflows.access import fetch
from workflows.errors import WorkflowError
from workflows.models import RecordQuerySet, User, day_of
from workflows.views.person import person, walled

PLACES = 9
"""Digits of a row version at most."""
EVERY = 500
"""Items decided on at once where all that match the filter are meant: each goes through the door, about 10 ms."""
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
    items = ImpactItem.objects.visible_to(user).filter(campaign__in=shown).order_by()
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
    """What a bulk decision did. ``refused``: item and sentence; ``ticked``: what stays ticked for another try.

    ``every``: not what is ticked, but all that matches the filter; ``left``: how many of those were too many for once.
    """

    done: list[ImpactItem] = field(default_factory=list)
    refused: list[tuple[ImpactItem, str]] = field(default_factory=list)
    ticked: set[str] = field(default_factory=set)
    label: str = ""
    every: bool = False
    left: int = 0


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def campaign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One campaign; POST decides on the ticked items, each through the door on its own."""
    user = person(request)
    found = fetch(Campaign, user, pk, among=Campaign.objects.for_list())
    actions = bulk_actions(found, user)
    if request.method != "POST":
        return _page(request, user, found, ScreenForm(actions=actions), Outcome())
    form = ScreenForm(request.POST, actions=actions)
    outcome = Outcome(ticked=set(request.POST.getlist("item")), every=bool(request.POST.get("every")))
    if not outcome.ticked and not outcome.every:
        form.add_error(None, _("Chưa chọn tài liệu nào."))
    if outcome.every and not _asked(request, items_of(found, user)).is_valid():
        form.add_error(None, _("Bộ lọc trên địa chỉ không đọc được nên không chọn theo bộ lọc."))
    if not form.is_valid():
        return _page(request, user, found, form, outcome, status=400)
    _decide(request, user, found, form, outcome)
    if outcome.refused or outcome.left:
        return _page(request, user, found, form, outcome, status=200 if outcome.done else 409)
    words = {"label": outcome.label, "number": len(outcome.done)}
    messages.success(request, _("“%(label)s”: đã ghi cho %(number)d tài liệu.") % words)
    return HttpResponseRedirect(request.get_full_path())


def _decide(request: HttpRequest, user: User, found: Campaign, form: ScreenForm, outcome: Outcome) -> None:
    action, items = form.cleaned_data["action"], items_of(found, user)
    chosen = _matching(request, user, items, action, outcome) if outcome.every else _ticked(request, items, outcome)
    outcome.label = str(IMPACT.rows_of(action)[0].label)
    outcome.done, refused = impacts_decide(items=chosen, action=action, by=user, answers=form.answers())
    outcome.refused = [(item, error.said) for item, error in refused]
    outcome.ticked = {str(item.pk) for item, _sentence in outcome.refused}
    outcome.every = False


def _ticked(request: HttpRequest, items: RecordQuerySet[ImpactItem], outcome: Outcome) -> list[ImpactItem]:
    """What is ticked, as the person saw it: the door compares with that, not with what was read a moment ago."""
    seen = dict(value.partition(".")[::2] for value in request.POST.getlist("seen"))
    chosen = list(items.filter(pk__in=_ids(outcome.ticked)))
    for item in chosen:
        version = seen.get(str(item.pk), "")
        item.row_version = int(version) if version.isascii() and version.isdecimal() and len(version) < PLACES else 0
    return chosen


def _matching(
    request: HttpRequest, user: User, items: RecordQuerySet[ImpactItem], action: str, outcome: Outcome
) -> list[ImpactItem]:
    """What matches the filter on all pages and stands before the decision, at most ``EVERY``; ``left`` counts the rest.

    What moved after the page was shown was not seen so: the door refuses it.
    """
    sources = {state for step in IMPACT.rows_of(action) for state in step.sources}
    rows = wanted(items, user, **_asked(request, items).wanted()).filter(state__in=sources)
    chosen = list(rows[:EVERY])
    outcome.left = rows.count() - len(chosen)
    shown = _instant(request.POST.get("shown", ""))
    for item in chosen:
        if shown is None or item.entered_at > shown:
            item.row_version = 0
    return chosen


def _instant(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if timezone.is_aware(found) else None


def _ids(values: Iterable[str]) -> list[UUID]:
    """Ids among what was sent; what is none names no item."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def _asked(request: HttpRequest, items: RecordQuerySet[ImpactItem]) -> ItemsForm:
    return ItemsForm(request.GET, units=[(str(unit.pk), str(unit)) for unit in units_of(items)])


def _page(
    request: HttpRequest, user: User, found: Campaign, form: ScreenForm, outcome: Outcome, *, status: int = 200
) -> HttpResponse:
    items = items_of(found, user)
    asked = _asked(request, items)
    states = states_of(items)
    page = Paginator(wanted(items, user, **asked.wanted()), PAGE).get_page(request.GET.get("page"))
    alarmed = alarms_of({item.document_id for item in page}, Moment.now(day_of()))
    for item in page:
        item.alarm = sentences(alarmed.get(item.document_id))  # type: ignore[attr-defined]
    offers = engine.offers(found, user)
    context = {
        "campaign": found,
        "filter": asked,
        "form": form,
        "outcome": outcome,
        "shown": timezone.now().isoformat(),
        "every_most": EVERY,
        "page_obj": page,
        "groups": _groups(page, items),
        "states": [(stage, states[stage.state]) for stage in IMPACT.stages if states[stage.state]],
        "hints": hints(page),
        "awaited": awaited(items),
        "held": holdings(items),
        "to_sign": waiting_number(found, user),
        "wanted": asked.value("state") or "",
        "may_decide": bool(form.fields["action"].choices) and found.state == "open",  # type: ignore[attr-defined]
        # Widening looks for new documents, so it has a button of its own.
        "offers": [offer for offer in offers if offer.step.action != "widen"],
        "may_widen": any(offer.step.action == "widen" and offer.refusal is None for offer in offers),
        **progress(states),
    }
    return render(request, "documents/campaign.html", context, status=status)


def _groups(shown: Iterable[ImpactItem], items: RecordQuerySet[ImpactItem]) -> list[dict[str, Any]]:
    """Items by unit, each unit with how far all its items have come, shown or not."""
    grouped = [(unit, list(rows)) for unit, rows in groupby(shown, key=lambda item: item.unit)]
    states = states_by_unit(items, {unit.pk for unit, _rows in grouped})
    return [{"unit": unit, "rows": rows, **progress(states[unit.pk])} for unit, rows in grouped]


@require_POST
@walled
def widen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look once more for documents that the campaign's event touches."""
    user = person(request)
    found = fetch(Campaign, user, pk, among=Campaign.objects.for_list())
    try:
        campaign_for(event=found.event, agency=found.agency, by=user)
    except WorkflowError as error:
        messages.error(request, " ".join([str(error.sentence), *map(str, error.problems)]))
    else:
        messages.success(request, _("Đợt rà soát có %(number)d tài liệu.") % {"number": found.items.count()})
    return HttpResponseRedirect(found.get_absolute_url())


@require_safe
@walled
def impact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One item: how the act reaches the document, why the deadline, and what may be done."""
    user = person(request)
    among = ImpactItem.objects.for_list().select_related("campaign", "revision", "version")
    found = fetch(ImpactItem, user, pk, among=among)
    return render(request, "documents/impact.html", {"item": found, "offers": engine.offers(found, user)})
