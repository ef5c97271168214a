"""The first page after the log-in: what waits, what is late, what to do next; and the latest deeds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from workflows import desk, inbox, onboarding
from workflows.deeds import latest
from workflows.desk import Look
from workflows.home import Card, cards
from workflows.marks import marks
from workflows.views.person import person

URGENT = 6
DEEDS = 30
DEEDS_ON_HOME = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Numbers that open their lists, the most urgent work, and for leaders what is late in the agency."""
    user, now = person(request), timezone.now()
    numbers = desk.numbers(user, now)
    late = sum(numbers.late.values())
    mine = [
        Card(sum(numbers.waiting.values()), _("việc chờ tôi xử lý"), _queue()),
        Card(late, _("việc của tôi đã quá hạn"), _queue(late=True), alarm=late > 0),
        Card(sum(numbers.mine.values()), _("hồ sơ tôi trình, chưa xong"), _queue(tab="mine")),
    ]
    late_units = [
        {"name": name, "number": number, "url": _queue(tab="late", unit=pk)}
        for (pk, name), number in numbers.units.most_common()
    ]
    among = [kind for kind, n in numbers.waiting.items() if n]
    entries = inbox.for_user(user, now, among=among, limit=URGENT)
    found = marks(entry.record for entry in entries)
    context: dict[str, Any] = {
        "cards": [*mine, *cards(user, now)],
        "entries": [replace(entry, marks=found.get(entry.record.pk, ())) for entry in entries],
        "more": sum(numbers.waiting.values()) - URGENT,
        "late_units": late_units,
        "leads": bool(desk.leads(user, now)),
        "onboarding": onboarding.panel(user),
        "seated": bool(user.seats_held(now)),
    }
    return render(request, "workflows/home.html", context)


def _queue(**look: Any) -> str:
    query = Look(**look).query()
    return reverse("workflows:inbox") + (f"?{query}" if query else "")


@require_safe
def deeds(request: HttpRequest) -> HttpResponse:
    """The latest deeds on records one may read; asked by htmx, the short list for the home page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined] # set by the middleware
    short = bool(htmx) and not htmx.history_restore_request
    template = "workflows/parts/deeds.html" if short else "workflows/deeds.html"
    lines = latest(person(request), DEEDS_ON_HOME if short else DEEDS)
    return render(request, template, {"lines": lines})
