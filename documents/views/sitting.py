"""The leader's sitting: differences of a campaign by class, signed in one go; and one difference opened to be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.classing import Change
from documents.models import Campaign
from documents.models.difference import MOST
from documents.services.comparisons import compared
from documents.services.sitting import Chosen, Outcome, by_class, sitting_lines, sitting_open, sitting_sign
from workflows.access import fetch
from workflows.errors import BadAnswer
from workflows.views.person import person, walled

OPENED = "sitting"
"""Key of the session under which the proofs of opened differences lie, by the version's id."""
NOTE_LIMIT = 4000
PARTS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def sitting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What of a campaign waits on the person, by class; POST signs what is ticked, each through the door on its own."""
    found = fetch(Campaign, person(request), pk, among=Campaign.objects.for_list())
    if request.method != "POST":
        return _page(request, found)
    note = request.POST.get("note", "").replace("\r\n", "\n")
    try:
        if len(note) > NOTE_LIMIT:
            raise BadAnswer(problems={"note": _("Dài quá %(limit)d ký tự.") % {"limit": NOTE_LIMIT}})
        outcome = sitting_sign(campaign=found, by=person(request), chosen=_chosen(request), note=note)
    except BadAnswer as error:
        return _page(request, found, problem=error.said, status=error.status)
    if outcome.refused:
        return _page(request, found, outcome, status=200 if outcome.done else 409)
    messages.success(request, _("Đã ký %(number)d bản.") % {"number": len(outcome.done)})
    return HttpResponseRedirect(request.get_full_path())


def _chosen(request: HttpRequest) -> list[Chosen]:
    """What is ticked, as it was shown: ``id.row version.digest``; what cannot be read was never shown."""
    proofs: Mapping[str, str] = request.session.get(OPENED, {})
    ticked = set(request.POST.getlist("item"))
    found = []
    for shown in request.POST.getlist("seen"):
        parts = shown.split(".")
        if len(parts) != PARTS or parts[0] not in ticked:
            continue
        number = int(parts[1]) if parts[1].isascii() and parts[1].isdecimal() and len(parts[1]) < 9 else 0  # noqa: PLR2004 - digits of a row version
        try:
            found.append(Chosen(UUID(parts[0]), number, parts[2], proofs.get(parts[0], "")))
        except ValueError:
            continue
    return found


def _page(
    request: HttpRequest, found: Campaign, outcome: Outcome | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    lines = sitting_lines(found, person(request), opened=request.session.get(OPENED, {}))
    classes = by_class(lines)
    ticked = set(request.POST.getlist("item"))
    context = {
        "campaign": found,
        "lines": lines,
        "most": MOST,
        "swaps": classes[Change.SWAP],
        "editorial": classes[Change.EDITORIAL],
        "substantive": classes[Change.SUBSTANTIVE],
        "may_sign": any(line.may_tick for line in lines),
        "problem": problem,
        "note": request.POST.get("note", ""),
        "ticked": ticked,
        "done": outcome.done if outcome else [],
        "refused": [(version, error.said) for version, error in outcome.refused] if outcome else [],
    }
    return render(request, "documents/sitting.html", context, status=status)


@require_safe
@walled
def difference(request: HttpRequest, pk: UUID, version: UUID) -> HttpResponse:
    """One difference in full; that the person opened it is kept for the sitting."""
    user = person(request)
    found = fetch(Campaign, user, pk, among=Campaign.objects.for_list())
    shown, proof = sitting_open(found, user, version)
    if request.method == "GET":
        kept: dict[str, Any] = request.session.get(OPENED, {})
        kept.pop(str(version), None)
        request.session[OPENED] = dict([*kept.items(), (str(version), proof)][-MOST:])
    context = {
        "campaign": found,
        "shown": shown,
        "comparison": compared(shown.version, shown.base),
        "back": reverse("documents:sitting", args=[pk]),
    }
    return render(request, "documents/sitting_difference.html", context)
