"""Documents of agencies that ended, offered to the heir: the list, and one offer."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.models import Document, DocumentVersion, Handover
from workflows import engine
from workflows.access import fetch
from workflows.models import day_of
from workflows.views.person import person, walled

PAGE = 50


@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """Offers that the person reads, those that still wait first."""
    user = person(request)
    rows = Handover.objects.visible_to(user).for_list().order_by("-state", "agency__path", "document__code_key")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/handovers.html", {"page_obj": page})


@require_safe
@walled
def handover(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One offer: the old document, what became of it, and the way to take it or not."""
    user = person(request)
    found = fetch(Handover, user, pk, among=Handover.objects.for_list())
    known = {found.document_id, *([found.successor_id] if found.successor_id else [])}
    context = {
        "record": found,
        "version": DocumentVersion.objects.in_force(day_of()).filter(document=found.document_id).first(),
        "readable": set(Document.objects.visible_to(user).filter(pk__in=known).values_list("pk", flat=True)),
        "offers": engine.offers(found, user),
    }
    return render(request, "documents/handover.html", context)
