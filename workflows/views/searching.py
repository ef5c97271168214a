"""One search over everything that a person may read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows.searching import MOST, QUERY_LIMIT, search
from workflows.sources import sources
from workflows.text import nfc
from workflows.views.person import person


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Hits of ``q`` by kind; ``kind`` shows one kind alone and more of it. Without ``q``, the form."""
    user = person(request)
    asked, only = request.GET.get("q", ""), request.GET.get("kind", "")
    known = {source.name: source.label for source in sources()}
    too_long = len(nfc(asked.strip())) > QUERY_LIMIT
    found = [] if too_long else search(user, asked, only if only in known else "")
    context = {
        # Shown again as it was asked; half characters have no encoding.
        "asked": asked.encode(errors="replace").decode().replace("\0", " "),
        "too_long": too_long,
        "limit": QUERY_LIMIT,
        "most": MOST,
        "only": known.get(only, ""),
        "kinds": found,
        "total": sum(one.count for one in found),
        "more": any(one.more for one in found),
    }
    return render(request, "workflows/search.html", context, status=400 if too_long else 200)
