"""One version of a framework model: its items, what differs from the version before, and its file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.content import Content
from documents.models import ModelItem, ModelVersion
from documents.models.framework import HELD
from documents.redline import redline, summary
from workflows import engine
from workflows.access import fetch
from workflows.errors import WorkflowError
from workflows.models import User
from workflows.views.person import person, walled

AMONG = ModelVersion.objects.select_related("model__agency", "agency", "unit")
FILE_LIMIT = 20 * 1024 * 1024
LINES = 6
"""Changes of one item that the list tells."""


@dataclass(frozen=True)
class Change:
    """An item beside that of the version before; ``item`` None: the model has it no more."""

    key: str
    title: str
    status: str
    item: ModelItem | None = None
    lines: tuple[str, ...] = ()


def changes(version: ModelVersion) -> list[Change]:
    """Items of a version in order, each with what is other than before; at the end those that are gone."""
    before = version.model.versions.filter(state__in=HELD, number__lt=version.number).order_by("-number").first()
    old = {item.key: item for item in before.items.all()} if before else {}
    items = list(version.items.all())
    found = [_change(old.get(item.key), item, first=before is None) for item in items]
    kept = {item.key for item in items}
    return found + [Change(key, str(item), "removed") for key, item in old.items() if key not in kept]


def _change(old: ModelItem | None, item: ModelItem, *, first: bool) -> Change:
    if old is None:
        return Change(item.key, str(item), "first" if first else "added", item)
    if old.content_sha256 == item.content_sha256:
        return Change(item.key, str(item), "same" if old.facts() == item.facts() else "changed", item)
    lines = summary(redline(cast("Content", old.content), cast("Content", item.content)))
    return Change(item.key, str(item), "changed", item, tuple(lines))


def may_edit(version: ModelVersion, user: User) -> bool:
    """Whether the person may write its items now."""
    return any(one.step.action == "edit" and one.refusal is None for one in engine.offers(version, user))


@require_safe
@walled
def model_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version with its items."""
    user = person(request)
    return _page(request, user, fetch(ModelVersion, user, pk, among=AMONG))


def _page(request: HttpRequest, user: User, found: ModelVersion, problems: Any = (), status: int = 200) -> HttpResponse:
    offers = engine.offers(found, user)
    context = {
        "version": found,
        "changes": changes(found),
        "shown": LINES,
        "offers": [one for one in offers if one.step.action != "edit"],
        "may_edit": any(one.step.action == "edit" and one.refusal is None for one in offers),
        "problems": problems,
    }
    return render(request, "documents/model_version.html", context, status=status)


@require_safe
@walled
def model_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The items as JSON Lines: one item a line, as they are taken in again."""
    found = fetch(ModelVersion, person(request), pk, among=AMONG)
    lines = [json.dumps(item.facts(), ensure_ascii=False) for item in found.items.all()]
    answer = HttpResponse("".join(f"{line}\n" for line in lines), content_type="application/x-ndjson; charset=utf-8")
    name = f"mo-hinh-khung-{found.agency.code}-{found.number}.jsonl"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@require_POST
@walled
def model_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take all items from a file of JSON Lines; a bad line is named, and nothing is taken."""
    user = person(request)
    found = fetch(ModelVersion, user, pk, among=AMONG)
    if not may_edit(found, user):
        raise PermissionDenied(_("Bạn không được sửa các mục của phiên bản này."))
    seen = request.POST.get("expected", "")
    expected = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0  # noqa: PLR2004 - no version so high
    rows, problems = _rows(request.FILES.get("file"))
    if problems:
        return _page(request, user, found, problems, 400)
    try:
        engine.fire(found, "edit", by=user, expected=expected, items=rows)
    except WorkflowError as error:
        said = error.problems
        lines = [f"{name}: {one}" for name, one in said.items()] if isinstance(said, dict) else list(said)
        return _page(request, user, AMONG.get(pk=found.pk), lines or [error.sentence], error.status)
    messages.success(request, _("Đã nhận %(number)d mục từ tệp.") % {"number": len(rows)})
    return HttpResponseRedirect(found.get_absolute_url())


def _rows(file: Any) -> tuple[list[Any], list[str]]:
    if file is None or file.size > FILE_LIMIT:
        return [], [_("Chọn một tệp JSON Lines, không quá 20 MB.")]
    rows, problems = [], []
    for number, raw in enumerate(file.read().split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            rows.append(json.loads(raw.decode("utf-8-sig")))
        except (ValueError, RecursionError):
            problems.append(_("Dòng %(number)d không phải là JSON.") % {"number": number})
    return rows, problems
