"""One version: what it changes, its content, and who did what with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.machines.version import OPEN
from documents.models import DocumentVersion
from documents.services.asof import Moment
from documents.services.comparisons import base_of, compared
from documents.services.drafting import drafting_refusal
from documents.services.early import early_acts
from documents.views.document import content_context
from workflows import engine
from workflows.access import fetch
from workflows.engine import Offer
from workflows.models import Move, day_of
from workflows.views.person import person, walled

TABS = ("compare", "content", "history")


@require_safe
@walled
def version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A version; on its way its changes come first, afterwards its content.

    ``against=previous`` compares with the version that it followed, else with the one in force.
    """
    user = person(request)
    among = DocumentVersion.objects.select_related("agency", "unit", "document", "created_by", "predecessor")
    found = fetch(DocumentVersion, user, pk, among=among)
    first = TABS[0] if found.state in (*OPEN, "issued") else TABS[1]
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else first
    offers = engine.offers(found, user)
    context = {
        "version": found,
        "record": found,
        "tab": tab,
        "offers": offers,
        "early": _early(found),
        "may_edit": _may_edit(offers) and not drafting_refusal(user, found.document),
        **_body(request, found, tab),
    }
    return render(request, "documents/version.html", context)


def _early(found: DocumentVersion) -> list[str]:
    """Acts that would not be in force yet when the version is; only while its day is being chosen, or awaited."""
    if found.state not in ("approved", "issued"):
        return []
    return early_acts(found.content["legal_basis"], found.effective_from or day_of(), found.agency)


def _may_edit(offers: list[Offer]) -> bool:
    return any(offer.step.action == "edit" and offer.refusal is None for offer in offers)


def _body(request: HttpRequest, found: DocumentVersion, tab: str) -> dict[str, Any]:
    if tab == "compare":
        standing = base_of(found)
        previous = request.GET.get("against") == "previous"
        base = found.predecessor if previous else standing
        two = standing is not None and found.predecessor_id is not None and standing.pk != found.predecessor_id
        return {"comparison": compared(found, base), "previous": previous, "two_bases": two}
    if tab == "content":
        return content_context(found, list(Move.objects.of(found.pk)), Moment.now(day_of()))
    return {}
