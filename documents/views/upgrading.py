"""One adopted item: how it stands to the model, and the three-way merge when the model has moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.deviating import PARTS
from documents.merging import Conflict
from documents.models import AdoptedItem, DocumentVersion
from documents.models.adoption import Joined, place_of
from documents.redline import SectionDiff, redline
from documents.services.drafting import drafting_refusal
from documents.services.frameworks import standing
from workflows import engine
from workflows.access import fetch
from workflows.errors import WorkflowError
from workflows.models import User, day_of
from workflows.views.person import person, walled

AMONG = AdoptedItem.objects.for_list().select_related("adoption__model__agency", "adoption__version")


@dataclass(frozen=True)
class Section:
    """One section of which either side is other than the base."""

    label: Any
    mine: SectionDiff
    theirs: SectionDiff


@dataclass(frozen=True)
class Asked:
    """A conflict on the page, with what was chosen for it."""

    conflict: Conflict
    place: str
    base: str
    mine: str
    theirs: str
    take: str
    text: str


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def adopted_item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An item; POST carries the merge out through the door. What was chosen stays on the page if it is refused."""
    user = person(request)
    found = fetch(AdoptedItem, user, pk, among=AMONG)
    if request.method != "POST":
        return _page(request, user, found)
    seen = request.POST.get("expected", "")
    expected = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0  # noqa: PLR2004 - no version so high
    given: dict[str, Any] = {
        "target": request.POST.get("target", ""),
        "seen": request.POST.get("seen", ""),
        "note": request.POST.get("note", "").replace("\r\n", "\n"),
        "decisions": _decisions(request),
    }
    try:
        engine.fire(found, "merge", by=user, expected=expected, **given)
    except WorkflowError as error:
        return _page(request, user, AMONG.get(pk=found.pk), error)
    draft = found.document.versions.open().first()
    messages.success(request, _("Đã gộp theo bản mới của mô hình."))
    return HttpResponseRedirect(draft.get_absolute_url() if draft else found.get_absolute_url())


def _decisions(request: HttpRequest) -> dict[str, dict[str, str]]:
    """What is chosen: ``take:<name>``, and ``text:<name>`` where something else was typed."""
    found = {}
    for field, value in request.POST.items():
        if field.startswith("take:") and isinstance(value, str):
            name = field.removeprefix("take:")
            text = request.POST.get(f"text:{name}", "").replace("\r\n", "\n")
            found[name] = {"take": value, "text": text} if value == "typed" else {"take": value}
    return found


def _page(request: HttpRequest, user: User, found: AdoptedItem, error: WorkflowError | None = None) -> HttpResponse:
    today = day_of()
    current = found.adoption.model.current(today)
    lines = standing(current, [found.agency_id], today).get(found.agency_id, []) if current else []
    line = next((one for one in lines if one.adopted is not None and one.adopted.pk == found.pk), None)
    target = current.items.filter(key=found.key).first() if current else None
    offers = engine.offers(found, user)
    merging = next((one for one in offers if one.step.action == "merge"), None)
    refusal = _refusal(user, found, merging)
    joined = found.joined(target) if target is not None and line is not None and line.behind else None
    readable = joined is not None and DocumentVersion.objects.visible_to(user).filter(pk=joined.version.pk).exists()
    context = {
        "adopted": found,
        "line": line,
        "current": current,
        "target": target,
        "overridden": [PARTS[name].label for name in line.found.overridden] if line else [],
        "drifted": [PARTS[name].label for name in line.found.drifted] if line else [],
        "offers": [one for one in offers if one.step.action != "merge"],
        "refusal": refusal,
        "error": error,
        "note": request.POST.get("note", ""),
        **(_merge(request, joined) if joined is not None and readable and not refusal else {}),
    }
    return render(request, "documents/adopted_item.html", context, status=error.status if error else 200)


def _refusal(user: User, found: AdoptedItem, merging: engine.Offer | None) -> str:
    if merging is None:
        return _("Mục này không còn theo mô hình.")
    if merging.refusal is not None:
        return str(engine.refusal_error(merging.refusal, found).sentence)
    return drafting_refusal(user, found.document)


def _merge(request: HttpRequest, joined: Joined) -> dict[str, Any]:
    base = joined.base.content
    mine, theirs = redline(base, joined.mine), redline(base, joined.theirs)
    sections = [
        Section(one.section.label, one, other)
        for one, other in zip(mine, theirs, strict=True)
        if "same" not in (one.status, other.status) or one.status != other.status
    ]
    asked = [_asked(one, request) for one in joined.conflicts]
    return {
        "joined": joined,
        "sections": sections,
        "asked": asked,
        "result": [diff for diff in redline(joined.mine, joined.merged) if diff.status != "same"],
    }


def _asked(conflict: Conflict, request: HttpRequest) -> Asked:
    post, name = request.POST, conflict.name
    base, mine, theirs = (_shown(conflict, value) for value in (conflict.base, conflict.mine, conflict.theirs))
    text = post.get(f"text:{name}", mine if conflict.kind == "cell" else "")
    return Asked(conflict, place_of(conflict), base, mine, theirs, post.get(f"take:{name}", ""), text)


def _shown(conflict: Conflict, value: Any) -> str:
    if conflict.kind == "order":
        return ", ".join(str(place + 1) for place in value or ())
    if conflict.kind == "row":
        return (
            _("(bỏ dòng này)")
            if value is None
            else " · ".join(cell for name, cell in value.items() if name != "key" and cell)
        )
    return value or _("(trống)")
