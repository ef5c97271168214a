"""One item of a model's draft: its facts and its content. Whatever goes wrong, what was typed stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents import content as contents
from documents import typed
from documents.forms_framework import ItemForm
from documents.models import Document, DocumentVersion, ModelVersion
from documents.views.model_version import AMONG, may_edit
from workflows import engine
from workflows.access import fetch
from workflows.errors import WorkflowError
from workflows.models import User, day_of
from workflows.views.person import person, walled

SOURCES = 300
"""Documents offered to take a text from."""


@dataclass
class Desk:
    """What the page shows."""

    version: ModelVersion
    key: str
    form: ItemForm
    raw: typed.Raw
    expected: int
    problems: dict[str, str] = field(default_factory=dict)
    error: WorkflowError | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def model_item(request: HttpRequest, pk: UUID, key: str = "") -> HttpResponse:
    """Write an item, a new one without ``key``; buttons of rows, a text taken from a document, removal, saving."""
    user = person(request)
    version = fetch(ModelVersion, user, pk, among=AMONG)
    if not may_edit(version, user):
        raise PermissionDenied(_("Bạn không được sửa các mục của phiên bản này."))
    item = version.items.filter(key=key).first()
    if key and item is None:
        raise Http404
    if request.method != "POST":
        facts = item.facts() if item else {"required": True}
        raw = dict(item.content) if item else dict(contents.empty())
        return _page(request, user, Desk(version, key, ItemForm(initial=facts), raw, version.row_version))
    seen = request.POST.get("expected", "")
    expected = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0  # noqa: PLR2004 - no version so high
    desk = Desk(version, key, ItemForm(request.POST), typed.read(request.POST.dict()), expected)
    return _pressed(request, user, desk, request.POST.get("do", "save"))


def _pressed(request: HttpRequest, user: User, desk: Desk, command: str) -> HttpResponse:
    if command == "copy":
        desk.raw = _copied(user, request.POST.get("source", "")) or desk.raw
        return _page(request, user, desk)
    if command not in ("save", "remove"):
        desk.raw = typed.press(desk.raw, command)
        return _page(request, user, desk)
    if command == "save" and not desk.form.is_valid():
        return _page(request, user, desk, 400)
    rows = [one.facts() for one in desk.version.items.all()]
    at = next((place for place, row in enumerate(rows) if row["key"] == desk.key), len(rows))
    written = [] if command == "remove" else [{**desk.form.cleaned_data, "content": desk.raw}]
    rows[at : at + 1] = written
    try:
        done = engine.fire(desk.version, "edit", by=user, expected=desk.expected, items=rows)
    except WorkflowError as error:
        _told(desk, error, f"items.{at}.")
        return _page(request, user, desk, error.status)
    messages.success(request, _("Đã bỏ mục.") if command == "remove" else _("Đã lưu mục."))
    return HttpResponseRedirect(done.get_absolute_url())


def _told(desk: Desk, error: WorkflowError, path: str) -> None:
    """Problems beside their fields: those of the content in the editor, the others in the form."""
    desk.error = error
    found: dict[str, Any] = dict(error.problems) if isinstance(error.problems, dict) else {}
    mine = {name.removeprefix(path): str(said) for name, said in found.items()}
    desk.problems = {name.removeprefix("content."): said for name, said in mine.items() if name.startswith("content.")}
    desk.form.take(error.sentence, {name: said for name, said in mine.items() if not name.startswith("content.")})


def _copied(user: User, chosen: str) -> typed.Raw | None:
    """The text in force of a document of the person's agencies."""
    try:
        pk = UUID(chosen)
    except ValueError:
        return None
    live = DocumentVersion.objects.visible_to(user).in_force(day_of()).filter(document=pk).first()
    return dict(live.content) if live else None


def _page(request: HttpRequest, user: User, desk: Desk, status: int = 200) -> HttpResponse:
    sources = Document.objects.visible_to(user).filter(agency=desk.version.agency_id).order_by("code_key")
    context = {
        "desk": desk,
        "version": desk.version,
        "form": desk.form,
        "blocks": typed.blocks(desk.raw, desk.problems),
        "errors": typed.summary(desk.problems),
        "sources": list(sources[:SOURCES]),
        "basis": {},
    }
    return render(request, "documents/model_item.html", context, status=status)
