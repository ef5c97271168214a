"""What the editors of analysis and plan share. Whatever goes wrong, the page comes back with everything that was typed.

Rows are added, moved and dropped by buttons of the form, so that nothing here needs a script.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from capa import typed
from capa.models import Car
from capa.services.sheet import Sheet
from documents.typed import Field
from workflows import engine
from workflows.access import fetch
from workflows.errors import NotReadable, NotVisible, WorkflowError
from workflows.models import Move, User
from workflows.standing import reason
from workflows.views.person import person, walled

AMONG = Car.objects.select_related("agency", "unit", "document", "verifier", "repeats__unit")
FIRST_FIELD = {"whys": "text", "causes": "text", "actions": "what", "documents": "document"}
"""Where the typing goes on when a row was added."""
DIGITS = 9
"""More than any history has rows."""


@dataclass(frozen=True)
class Shape:
    """One structured step: how it is read, shown and checked. ``ask``: the door's name of the answer.

    ``sent``: what goes to the door for what was typed. ``wrong``: a sentence for a path, in place of the door's.
    """

    action: str
    ask: str
    template: str
    title: str | Promise
    read: Callable[[Mapping[str, str]], typed.Raw]
    shown: Callable[[Car], typed.Raw]
    sent: Callable[[typed.Raw], typed.Raw]
    wrong: Callable[[str, str], str]
    context: Callable[[Desk], dict[str, Any]]


@dataclass
class Desk:
    """Everything an editor's page shows."""

    car: Car | None
    raw: typed.Raw
    expected: int
    error: WorkflowError | None = None
    problems: dict[str, str] = field(default_factory=dict)
    summary: list[dict[str, str]] = field(default_factory=list)
    meanwhile: list[Move] = field(default_factory=list)
    checked: bool = False
    logged_out: bool = False
    focus: str = ""

    def cell(self, path: str, label: str, value: object, where: str = "") -> Field:
        """A field of the form; what is wrong with it goes into the summary too, with its place in words."""
        error = self.problems.get(path, "")
        if error:
            place = f"{where}, {label.lower()}" if where else label
            self.summary.append({"id": typed.anchor(path), "text": f"{place}: {error}"})
        return Field(typed.anchor(path), label, "" if value is None else str(value), error=error)


def edit(request: HttpRequest, pk: UUID, shape: Shape) -> HttpResponseBase:
    """The editor (GET); a row's button or a check (POST with ``do``); saving through the door (POST)."""
    if not isinstance(request.user, User):
        return _logged_out(request, shape)
    if request.method != "POST":
        return _open(request, pk, shape)
    desk = _desk(request, shape)
    command = request.POST.get("do", "save")
    try:
        desk.car = fetch(Car, request.user, pk, among=AMONG)
    except (NotVisible, NotReadable) as error:
        desk.error = error
        return _page(request, desk, shape)
    if command == "save":
        return _save(request, desk, desk.car, shape)
    before, desk.raw = desk.raw, typed.press(desk.raw, command)
    desk.checked, desk.focus = command == "check", place_of(command, before, desk.raw)
    return _page(request, desk, shape)


@walled
def _open(request: HttpRequest, pk: UUID, shape: Shape) -> HttpResponse:
    user = person(request)
    car = fetch(Car, user, pk, among=AMONG)
    offer = next((one for one in engine.offers(car, user) if one.step.action == shape.action), None)
    if offer is None:
        words = _("Phiếu đang ở bước “%(stage)s” nên không sửa được phần này.") % {"stage": car.stage.label}
        messages.error(request, words)
        return HttpResponseRedirect(car.get_absolute_url())
    if offer.refusal is not None:
        raise PermissionDenied(reason(car, user, offer.step, offer.refusal))
    return _page(request, Desk(car, shape.shown(car), car.row_version), shape)


def _logged_out(request: HttpRequest, shape: Shape) -> HttpResponse:
    """The session ended while somebody was typing: their text comes back, and with it the way to log in again."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    desk = _desk(request, shape)
    desk.logged_out = True
    return _page(request, desk, shape)


def _desk(request: HttpRequest, shape: Shape) -> Desk:
    seen = request.POST.get("expected", "")
    expected = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) <= DIGITS else 0
    return Desk(None, shape.read(request.POST.dict()), expected)


def _save(request: HttpRequest, desk: Desk, car: Car, shape: Shape) -> HttpResponse:
    given: dict[str, Any] = {shape.ask: shape.sent(desk.raw)}
    try:
        saved = engine.fire(car, shape.action, by=person(request), expected=desk.expected, **given)
    except WorkflowError as error:
        desk.error = error
        if isinstance(error.problems, Mapping):
            desk.problems = {path: shape.wrong(path, str(words)) for path, words in error.problems.items()}
        desk.car = AMONG.get(pk=car.pk)
        desk.meanwhile = list(Move.objects.of(car.pk).filter(seq__gt=desk.expected).defer("body"))
        if error.code == "stale":
            # Said what happened meanwhile: now the person decides on the version that there is.
            desk.expected = desk.car.row_version
        return _page(request, desk, shape)
    messages.success(request, _("Đã lưu: %(title)s.") % {"title": shape.title})
    return HttpResponseRedirect(f"{saved.get_absolute_url()}?saved={shape.ask}")


def place_of(command: str, before: typed.Raw, after: typed.Raw) -> str:
    """The id of what the keyboard should stand on after a row's button: the new field, the moved row, or the block."""
    verb, _colon, rest = command.partition(":")
    table, _colon, place = rest.partition(":")
    rows, old = after.get(table), before.get(table)
    if table not in FIRST_FIELD or not isinstance(rows, list) or not isinstance(old, list):
        return ""
    if verb == "add" and len(rows) > len(old):
        known = {row.get("key") for row in old}
        fresh = [at for at, row in enumerate(rows) if table == "whys" and row["key"] not in known] or [len(rows) - 1]
        return f"{table}-{fresh[-1]}-{FIRST_FIELD[table]}"
    if verb in ("up", "down") and place.isdecimal() and int(place) < len(old):
        return f"{table}-{rows.index(old[int(place)])}" if old[int(place)] in rows else f"b-{table}"
    return f"b-{table}"


def _page(request: HttpRequest, desk: Desk, shape: Shape) -> HttpResponse:
    own = shape.context(desk)
    named = {line["id"] for line in desk.summary}
    loose = [words for path, words in desk.problems.items() if typed.anchor(path) not in named]
    if desk.error is not None and not desk.problems:
        loose = [str(words) for words in desk.error.problems]
    context = {
        "desk": desk,
        "shape": shape,
        "car": desk.car,
        "sheet": Sheet(desk.car) if desk.car else None,
        "errors": desk.summary + [{"id": "", "text": words} for words in loose],
        **own,
    }
    status = desk.error.status if desk.error else 403 if desk.logged_out else 200
    return render(request, shape.template, context, status=status)
