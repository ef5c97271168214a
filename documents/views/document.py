"""One controlled document: the version in force as it is printed, all versions, the revision sheet; and a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.citing import BASIS, STEP
from documents.forms import NewDocumentForm
from documents.machines.impact import OPEN as OPEN_IMPACTS
from documents.models import Document, DocumentVersion, ImpactItem, open_version
from documents.services.alarm import LAW, alarms, doubts
from documents.services.alarm_words import sentences
from documents.services.asof import Moment, known_versions
from documents.services.drafting import drafting_places, drafting_refusal
from documents.services.opening import document_open
from documents.services.sheets import Part, revision_sheet, sheet_then, signatures
from documents.views.days import asked_moment
from workflows.access import fetch
from workflows.errors import WorkflowError
from workflows.models import Move, User
from workflows.views.person import person, walled

TABS = ("content", "versions", "history")
NOTE_LIMIT = 4000


@require_safe
@walled
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The version in force on a day (``on``), by what was recorded on another (``known``).

    ``tab`` turns to the versions with the revision sheet, or to the history; both end where the records do.
    """
    user, asked = person(request), asked_moment(request)
    moment = asked.moment
    found = fetch(Document, user, pk, among=Document.objects.select_related("unit", "agency"))
    readable = DocumentVersion.objects.visible_to(user).filter(document=found).select_related("agency", "unit")
    versions = known_versions(readable.order_by("issue_no", "revision_no"), moment)
    standing = set(readable.in_force(moment.on, moment.cutoff).values_list("pk", flat=True))
    moves = _moves(versions, moment)
    for version in versions:
        version.document = found
    current = next((version for version in versions if version.pk in standing), None)
    tab = request.GET.get("tab", "")
    context = {
        "document": found,
        "current": current,
        "versions": versions[::-1],
        "tab": tab if tab in TABS else TABS[0],
        "moment": moment,
        "problems": asked.problems,
        "heirs": found.heirs.visible_to(user).select_related("agency") if found.agency.valid_to else (),
        **(_work(user, found, versions) if moment.is_now else {}),
        **_alarm(current, moment),
        **_body(tab, current, versions, moves, moment),
    }
    return render(request, "documents/document.html", context, status=400 if asked.problems else 200)


def _moves(versions: Sequence[DocumentVersion], moment: Moment) -> list[Move]:
    """Deeds on the versions that were recorded by then."""
    moves = Move.objects.filter(stream__in=[one.pk for one in versions]).select_related("actor", "seat__unit")
    return list(moves.filter(at__lt=moment.cutoff) if moment.cutoff else moves)


def _work(user: User, found: Document, versions: Sequence[DocumentVersion]) -> dict[str, Any]:
    """What goes on with the document today; it is no part of another day."""
    return {
        "under_way": next((version for version in versions if version.stage.waits_on), None),
        "may_revise": not drafting_refusal(user, found) and not found.versions.open().exists(),
        "impacts": _impacts(user, found),
    }


def _alarm(current: DocumentVersion | None, moment: Moment) -> dict[str, Any]:
    """Why the version in force no longer holds, in words and with its dead citations; and what nobody can tell."""
    if current is None:
        return {}
    found = alarms([current], moment).get(current.pk)
    said = [one for one in sentences(found) if one.cause != LAW]
    unclear = doubts(current.pk, moment.on) if moment.cutoff is None else []
    steps = [row for row in unclear if row.place == STEP]
    return {
        "dead": found.dead if found else [],
        "said": said,
        "doubts": [row for row in unclear if row.place == BASIS],
        "steps": steps,
    }


def _impacts(user: User, found: Document) -> QuerySet[ImpactItem]:
    """Reviews of this document that are not finished."""
    items = ImpactItem.objects.visible_to(user).filter(document=found, state__in=OPEN_IMPACTS)
    return items.select_related("regulation").order_by("due_on")


def _body(
    tab: str, current: DocumentVersion | None, versions: Sequence[DocumentVersion], moves: list[Move], moment: Moment
) -> dict[str, Any]:
    if tab == "versions":
        return {"entries": revision_sheet(versions, moves)[::-1]}
    if tab == "history":
        numbers = {version.pk: version.number for version in versions}
        return {"moves": [(numbers[move.stream], move) for move in reversed(moves)]}
    return content_context(current, [move for move in moves if current and move.stream == current.pk], moment)


def content_context(version: DocumentVersion | None, moves: Sequence[Move], moment: Moment) -> dict[str, Any]:
    """Printed parts of a version and its signatures, for ``parts/content.html``."""
    if version is None:
        return {"parts": [], "signed": []}
    parts: list[Part] = sheet_then(version, moment)
    return {"parts": parts, "signed": signatures(moves)}


@require_POST
@walled
def revise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the next draft and go to its editor."""
    user = person(request)
    found = fetch(Document, user, pk)
    try:
        draft = open_version(found, by=user, note=request.POST.get("note", "").strip()[:NOTE_LIMIT])
    except WorkflowError as error:
        if error.status == 403:  # noqa: PLR2004 - the reason belongs on the refusal page
            raise
        messages.error(request, " ".join([str(error.sentence), *map(str, error.problems)]))
        return HttpResponseRedirect(found.get_absolute_url())
    return HttpResponseRedirect(reverse("documents:edit", args=[draft.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new document: identity first, then the editor of its first draft."""
    user = person(request)
    units, kinds = drafting_places(user)
    if not units.exists():
        raise PermissionDenied(_("Vai trò hiện nay của bạn không được soạn tài liệu mới."))
    form = NewDocumentForm(request.POST if request.method == "POST" else None, units=units, kinds=kinds)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                draft = document_open(by=user, **form.cleaned_data)
            except WorkflowError as error:
                form.take(error.sentence, error.problems)
                status = error.status
            else:
                return HttpResponseRedirect(reverse("documents:edit", args=[draft.pk]))
    return render(request, "documents/new.html", {"form": form}, status=status)
