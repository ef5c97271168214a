"""The inbox: queue on the left, record on the right; on a phone the one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from workflows import desk, engine
from workflows.access import fetch
from workflows.models import Record, User
from workflows.panels import panels
from workflows.standing import history_of
from workflows.views import filters
from workflows.views.person import model_named, person, walled


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The queue alone."""
    return render(request, "workflows/inbox.html", {"queue": _queue(request, person(request))})


@require_safe
@walled
def item(request: HttpRequest, machine: str, pk: UUID) -> HttpResponse:
    """One record open beside the queue; asked by htmx, the record alone."""
    user, model = person(request), model_named(machine)
    record = fetch(model, user, pk, among=model.objects.for_list().defer(None))
    look = desk.look_of(request.GET)
    context = {**detail(record, user), "back": _address("inbox", look), "next_url": _following(request, look)}
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined] # set by the middleware
    if htmx and not htmx.history_restore_request:
        return render(request, "workflows/parts/detail_alone.html", context)
    return render(request, "workflows/inbox.html", context | {"queue": _queue(request, user)})


@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """Go to the next record of the queue after one was dealt with: it now stands in its place, or is the last one."""
    user, look = person(request), desk.look_of(request.GET)
    lines = desk.lines(user, look)
    if not lines:
        messages.info(request, _("Không còn việc nào trong danh sách này."))
        return HttpResponseRedirect(_address("inbox", look))
    place = min(_place(request), len(lines) - 1)
    if lines[place].url:
        return HttpResponseRedirect(lines[place].url)
    record = lines[place].record
    return HttpResponseRedirect(f"{_address('inbox_item', look, record.machine.name, record.pk)}{_at(look, place)}")


def detail(record: Record, user: User) -> dict[str, Any]:
    """Context of a record's pane: the app's own body if it has one, the steps offered, the deeds."""
    name = f"{record._meta.app_label}/inbox/{record.machine.name}.html"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        name = "workflows/parts/plain_body.html"
    offers, moves = engine.offers(record, user), history_of(record)
    return {**record.for_page(user), "record": record, "body": name, "offers": offers, "moves": moves}


def _queue(request: HttpRequest, user: User) -> dict[str, Any]:
    look, numbers = desk.look_of(request.GET), desk.numbers(user)
    page = Paginator(range(filters.total(look, numbers)), desk.PAGE).get_page(look.page)
    look = replace(look, page=page.number)
    return {
        "look": look,
        "panels": panels(user) if look.tab == "waiting" else (),
        "page_obj": page,
        "first": (page.number - 1) * desk.PAGE,
        "lines": desk.marked(desk.lines(user, look, counted=numbers)),
        "open_pk": request.resolver_match.kwargs.get("pk") if request.resolver_match else None,
        **filters.choices(user, look, numbers),
    }


def _address(name: str, look: desk.Look, *args: Any) -> str:
    query = look.query()
    return reverse(f"workflows:{name}", args=args) + (f"?{query}" if query else "")


def _at(look: desk.Look, place: int) -> str:
    return f"{'&' if look.query() else '?'}{urlencode({'at': place})}"


def _place(request: HttpRequest) -> int:
    text, digits = request.GET.get("at", ""), 3  # a page holds fewer than a thousand
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else 0


def _following(request: HttpRequest, look: desk.Look) -> str:
    """Where to go after the act: down the queue; from the other tabs the record stays open."""
    if look.tab == "waiting":
        return f"{_address('inbox_next', look)}{_at(look, _place(request))}"
    return request.get_full_path()
