"""A person's own notices. Another person's is 404."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from notifications.consumers import counts
from notifications.models import Notice, NoticeQuerySet
from notifications.sentences import say
from workflows.views.person import person

PAGE = 25
LATEST = 8


def _own(request: HttpRequest) -> NoticeQuerySet:
    return Notice.objects.of(person(request)).select_related("move__actor", "reminder").order_by("-pk")


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All notices, newest first; ``?unread=1``: unread ones."""
    only_unread = request.GET.get("unread") == "1"
    own = _own(request).unread() if only_unread else _own(request)
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "lines": say(page.object_list), "only_unread": only_unread}
    return render(request, "notifications/list.html", context)


@require_safe
@never_cache
def dropdown(request: HttpRequest) -> HttpResponse:
    """The latest notices, for the bell."""
    return render(request, "notifications/latest.html", {"lines": say(_own(request)[:LATEST])})


@require_safe
@never_cache
def newer(request: HttpRequest) -> HttpResponse:
    """For pages without a socket: unread count, newest number, and whether it is above ``?after=``."""
    found = counts(person(request))
    return JsonResponse({**found, "newer": found["last"] > _number(request.GET.get("after", ""))})


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read."""
    get_object_or_404(_own(request), pk=pk)
    _mark(_own(request).filter(pk=pk))
    return redirect("notices:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read that the person has been shown: those up to ``upto``, if it is given."""
    upto, shown = _number(request.POST.get("upto", "")), _own(request)
    _mark(shown.filter(pk__lte=upto) if upto else shown)
    return redirect("notices:list")


def _number(text: str) -> int:
    digits = 18  # fits every database's big integer
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else 0


def _mark(chosen: NoticeQuerySet) -> None:
    chosen.unread().order_by().update(read_at=timezone.now())
