"""The owner's section of the inbox: which of the unit's documents no longer hold, why, and the way on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from documents.services.alarm_words import sentences
from documents.services.drafting import drafting_refusal
from documents.services.owners import SHOWN, TITLE, owned
from workflows.views.person import person


@require_safe
def owned_documents(request: HttpRequest) -> HttpResponse:
    """The documents; asked by htmx, the section alone."""
    user = person(request)
    rows, number = owned(user)
    lines = [
        {
            "row": row,
            "said": sentences(row.alarm),
            "may_revise": row.draft is None and not drafting_refusal(user, row.version.document),
        }
        for row in rows
    ]
    context = {"title": TITLE, "lines": lines, "number": number, "more": number - SHOWN}
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined] # set by the middleware
    part = bool(htmx) and not htmx.history_restore_request
    return render(request, "documents/parts/owned.html" if part else "documents/owned.html", context)
