"""The structured editor of a draft. Whatever goes wrong, the page comes back with everything that was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import content as contents
from documents import typed
from documents.merging import merge
from documents.models import DocumentVersion, citation_problems, replacements, resolve
from documents.models.citation import step_warnings
from documents.redline import SectionDiff, redline
from documents.services.drafting import drafting_refusal
from documents.services.lookup import suggestions
from documents.services.sheets import is_dead
from documents.times import parse_time, sum_times, written
from workflows import engine
from workflows.access import fetch
from workflows.errors import NotReadable, NotVisible, WorkflowError
from workflows.models import Move, User, day_of
from workflows.views.person import person, walled

SALT = "documents.editor"
AMONG = DocumentVersion.objects.select_related("document", "agency", "unit")


@dataclass
class Desk:
    """Everything the editor's page shows. ``base``: the content on which the typing began."""

    version: DocumentVersion | None
    raw: typed.Raw
    note: str
    expected: int
    base: contents.Content | None = None
    error: WorkflowError | None = None
    problems: dict[str, str] = field(default_factory=dict)
    theirs: list[SectionDiff] = field(default_factory=list)
    meanwhile: list[Move] = field(default_factory=list)
    clashes: dict[str, str] = field(default_factory=dict)
    merged: bool = False
    checked: bool = False
    logged_out: bool = False


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The editor (GET); a row's button or a check (POST with ``do``); saving through the door (POST)."""
    if not isinstance(request.user, User):
        return _logged_out(request)
    if request.method != "POST":
        return _open(request, pk)
    desk = _desk(request)
    command = request.POST.get("do", "save")
    try:
        desk.version = fetch(DocumentVersion, request.user, pk, among=AMONG)
    except (NotVisible, NotReadable) as error:
        desk.error = error
        return _page(request, desk)
    if command != "save":
        desk.raw = typed.press(desk.raw, command)
        desk.checked = command == "check"
        return _page(request, desk)
    return _save(request, desk, desk.version, request.user)


@walled
def _open(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    version = fetch(DocumentVersion, user, pk, among=AMONG)
    offer = next((one for one in engine.offers(version, user) if one.step.action == "edit"), None)
    if offer is None:
        words = _("Bản này đang ở bước “%(stage)s” nên không sửa được.") % {"stage": version.stage.label}
        messages.error(request, words)
        return HttpResponseRedirect(version.get_absolute_url())
    if offer.refusal is not None:
        raise PermissionDenied(str(engine.refusal_error(offer.refusal, version).sentence))
    if refusal := drafting_refusal(user, version.document):
        raise PermissionDenied(refusal)
    base = cast("contents.Content", version.content)
    desk = Desk(version, dict(version.content), version.change_note, version.row_version, base)
    return _page(request, desk)


def _logged_out(request: HttpRequest) -> HttpResponse:
    """The session ended while somebody was typing: their text comes back, and with it the way to log in again."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    desk = _desk(request)
    desk.logged_out = True
    return _page(request, desk)


def _desk(request: HttpRequest) -> Desk:
    expected = request.POST.get("expected", "")
    seen = int(expected) if expected.isascii() and expected.isdecimal() and len(expected) < typed.PLACES else 0
    return Desk(None, typed.read(request.POST.dict()), request.POST.get("note", ""), seen, _base(request))


def _base(request: HttpRequest) -> contents.Content | None:
    try:
        return cast("contents.Content", signing.loads(request.POST.get("base", ""), salt=SALT))
    except signing.BadSignature:
        return None


def _save(request: HttpRequest, desk: Desk, version: DocumentVersion, user: User) -> HttpResponse:
    try:
        saved = engine.fire(version, "edit", by=user, expected=desk.expected, content=desk.raw, note=desk.note)
    except WorkflowError as error:
        desk.error = error
        desk.problems = {k: str(v) for k, v in error.problems.items()} if isinstance(error.problems, Mapping) else {}
        if error.code == "stale":
            _catch_up(desk, version)
        return _page(request, desk)
    messages.success(request, _("Đã lưu dự thảo."))
    return HttpResponseRedirect(f"{saved.get_absolute_url()}?saved=1")


def _catch_up(desk: Desk, version: DocumentVersion) -> None:
    """Another person saved first: show what they changed, and take over what the typist had not touched."""
    fresh = AMONG.get(pk=version.pk)
    theirs = cast("contents.Content", fresh.content)
    desk.meanwhile = list(Move.objects.of(version.pk).filter(seq__gt=desk.expected))
    if desk.base is not None:
        desk.theirs = [diff for diff in redline(desk.base, theirs) if diff.status != "same"]
        try:
            merged, desk.clashes = merge(desk.base, contents.clean(desk.raw), theirs)
        except contents.ContentError as error:
            desk.problems = error.problems
        else:
            desk.raw, desk.merged = dict(merged), True
    desk.version, desk.base, desk.expected = fresh, theirs, fresh.row_version


def _page(request: HttpRequest, desk: Desk) -> HttpResponse:
    error, raw = desk.error, desk.raw
    loose = [] if error is None or desk.problems else [str(line) for line in error.problems]
    context = {
        "desk": desk,
        "version": desk.version,
        "blocks": typed.blocks(raw, desk.problems),
        "basis": {} if desk.version is None else basis_notes(raw),
        "times": times_of(raw),
        "errors": typed.summary(desk.problems) + [{"id": "", "text": line} for line in loose],
        "clashes": typed.summary(desk.clashes),
        "unready": _unready(raw) if desk.checked else None,
        "doubtful": _doubtful(raw) if desk.checked else None,
        "base": signing.dumps(desk.base, salt=SALT, compress=True) if desk.base is not None else "",
    }
    status = error.status if error else 403 if desk.logged_out else 200
    return render(request, "documents/edit.html", context, status=status)


def _unready(raw: typed.Raw) -> list[str]:
    """What submission would still miss, in sentences."""
    try:
        content = contents.clean(raw)
    except contents.ContentError as error:
        return [line["text"] for line in typed.summary(error.problems)]
    found = [*contents.problems(content), *contents.time_problems(content)]
    return found + citation_problems(content["legal_basis"], day_of())


def _doubtful(raw: typed.Raw) -> list[str]:
    """What to look at in the steps, in sentences; it stops nobody."""
    try:
        return step_warnings(contents.clean(raw), day_of())
    except contents.ContentError:
        return []


def basis_notes(raw: typed.Raw) -> dict[int, dict[str, Any]]:
    """By place of the legal-basis row: the act that the number means, whether it is dead, and what replaced it."""
    today = day_of()
    rows = [{**row, "key": str(at)} for at, row in enumerate(raw["legal_basis"])]
    known = resolve(cast("Any", rows), today)
    cited = {act.pk for act in known.values()}
    notes: dict[int, dict[str, Any]] = {}
    for at, row in enumerate(rows):
        act = known.get(str(at))
        if act is None:
            notes[at] = {"unknown": bool(row["number"].strip())}
            continue
        heirs = replacements(act, today) if is_dead(act) else []
        notes[at] = {"act": act, "dead": is_dead(act), "heirs": [(heir, heir.pk in cited) for heir in heirs]}
    return notes


def times_of(raw: typed.Raw) -> dict[str, Any]:
    """Sum of the step times that can be read, beside the limit: figures as people write them."""
    total, unknown = sum_times(row["time"] for row in raw["steps"] if any(row.values()))
    days = str(raw["time_limit"]["days"] or "").strip()
    limit = parse_time(f"{days} ngày") if days else parse_time(raw["time_limit"]["text"] or "")
    over = limit is not None and total > limit
    return {
        "total": written(total),
        "limit": written(limit) if limit is not None else "",
        "unknown": ", ".join(map(str, unknown)),
        "over": over,
    }


@require_POST
def times(request: HttpRequest) -> HttpResponse:
    """The same for a page that is being typed; reads the form, writes nothing."""
    context = {"times": times_of(typed.read(request.POST.dict()))}
    return render(request, "documents/parts/times.html", context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Acts for a number that is being typed, in any spelling: the parameter is ``q`` or a field that ends so."""
    given = [str(value) for name, value in request.GET.items() if name == "q" or name.endswith("number")]
    acts = suggestions(given[0][:120] if given else "", person(request), day_of())
    # To pick from in the editor; to follow where a number is being registered that may be there already.
    name = "documents/parts/known.html" if "links" in request.GET else "documents/parts/suggest.html"
    return render(request, name, {"acts": acts})
