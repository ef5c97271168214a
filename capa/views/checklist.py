"""The checklist of one visit: rows that are answered one by one, each through the door, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capa.machines.audit import RECORDED, RESULTS
from capa.models import Finding, Round
from capa.services.checklist import Checklist, Row, checklist, presented, reads_checklist
from capa.services.recording import record_answer
from capa.views.rewriting import number_of
from capa.views.round import crumbs_of
from workflows import engine
from workflows.access import fetch
from workflows.errors import BadAnswer, NotReadable, NotVisible, Stale, WorkflowError
from workflows.models import Unit, User
from workflows.standing import refusal_of
from workflows.views.person import person, walled

NAMES = tuple(ask.name for ask in RECORDED)
MANY = 150
"""Questions from which only one part is shown at a time."""
STATE = "X-Khung-Row"
"""Header by which the page's script learns what became of a row: saved, refused, logged-out."""


@dataclass
class Shown:
    """One row as the page shows it: what stands there or was typed, and why it was refused."""

    row: Row
    values: dict[str, str]
    expected: int = 0
    error: WorkflowError | None = None
    problems: dict[str, str] = field(default_factory=dict)
    saved: bool = False


@require_safe
@walled
def visit(request: HttpRequest, pk: UUID, unit: int) -> HttpResponse:
    """The checklist; ``part`` shows one part of it."""
    user = person(request)
    owner, place = _place(user, pk, unit)
    return _page(request, owner, place, checklist(owner, place))


def _place(user: User, pk: UUID, unit: int) -> tuple[Round, Unit]:
    owner = fetch(Round, user, pk, among=Round.objects.for_list())
    found = owner.visits.filter(unit=unit).select_related("unit").first()
    if found is None:
        raise Http404(_("Đợt này không đánh giá đơn vị đó."))
    if not reads_checklist(user, owner, unit):
        raise PermissionDenied(_("Danh mục kiểm tra chỉ dành cho đoàn đánh giá, đơn vị được đánh giá và Ban chỉ đạo."))
    return owner, found.unit


def _why_not(user: User, owner: Round, place: Unit) -> str:
    """Why the person may not write here; ``""``: may."""
    blank = Finding(agency_id=owner.agency_id, unit=place, round=owner)
    refusal = refusal_of(blank, user, "record")
    if refusal is not None:
        return str(engine.refusal_error(refusal, blank).sentence)
    return "" if owner.state == "in_progress" else _("Đợt đánh giá không ở giai đoạn đánh giá.")


def _shown(row: Row) -> Shown:
    one = row.finding
    if one is None:
        return Shown(row, {"clause": row.question.clause if row.question else ""})
    return Shown(row, {name: getattr(one, name) for name in NAMES}, one.row_version)


def _page(
    request: HttpRequest, owner: Round, place: Unit, found: Checklist, *, typed: Shown | None = None, status: int = 200
) -> HttpResponse:
    """The page; ``typed`` stands in its row's place, with what was wrong."""
    user = person(request)
    wanted = request.GET.get("part", "")
    known = {part.key for part in found.parts}
    if wanted not in known and wanted != "all":
        wanted = found.parts[0].key if found.total > MANY and found.parts else "all"
    if typed is not None and typed.row.question:
        wanted = next((p.key for p in found.parts if any(r.key == typed.row.key for r in p.rows)), wanted)
    own = typed.row.finding.pk if typed and typed.row.finding else None

    def shown(row: Row) -> Shown:
        mine = typed is not None and row.key == typed.row.key and (row.finding and row.finding.pk) == own
        return typed if mine and typed is not None else _shown(row)

    why = _why_not(user, owner, place)
    context = {
        **_shared(owner, place, may=not why),
        "crumbs": crumbs_of(owner),
        "list": found,
        "wanted": wanted,
        "parts": [(part, [shown(r) for r in part.rows]) for part in found.parts if wanted in ("all", part.key)],
        "extra": [shown(row) for row in found.extra],
        "fresh": typed if typed and not typed.row.key and own is None else Shown(Row(None), {}),
        "why": why,
        "settle": found.settled_next(),
        "error": typed.error if typed else None,
    }
    return render(request, "capa/visit.html", context, status=status)


def _shared(owner: Round, place: Unit, *, may: bool) -> dict[str, Any]:
    return {
        "round": owner,
        "unit": place,
        "may": may,
        "results": RESULTS,
        "here": reverse("capa:visit", args=[owner.pk, place.pk]),
    }


@login_not_required
@require_POST
@walled
def visit_answer(request: HttpRequest, pk: UUID, unit: int) -> HttpResponse:
    """Write one row. The script gets the row alone; without it the page comes back, typed words and all."""
    values = {name: request.POST.get(name, "") for name in NAMES}
    if not isinstance(request.user, User):
        return _logged_out(request, values)
    user, asked = request.user, request.POST.get("question", "")
    try:
        owner, place = _place(user, pk, unit)
    except (NotVisible, NotReadable, PermissionDenied, Http404) as error:
        return _kept(request, values, str(error))
    found = checklist(owner, place)
    row = found.row(asked) if asked else _own(found, request.POST.get("finding", ""))
    if row is None:
        return _kept(request, values, _("Câu hỏi này không còn trong danh mục kiểm tra."))
    seen = number_of(request.POST.get("expected", "")) or 0
    try:
        done = record_answer(owner=owner, unit=place, row=row, expected=seen, by=user, values=values)
    except WorkflowError as error:
        return _refused(request, owner, place, found, Shown(row, values, seen, error))
    except IntegrityError:
        fresh = checklist(owner, place)
        return _refused(request, owner, place, fresh, Shown(fresh.row(asked) or row, values, seen, Stale()))
    return _saved(request, owner, place, found, Row(row.question, done))


def _own(found: Checklist, key: str) -> Row | None:
    """The row of a result without question; a new one if none is named."""
    if not key:
        return Row(None)
    return next((row for row in found.extra if row.finding and str(row.finding.pk) == key), None)


def _alone(request: HttpRequest) -> bool:
    return request.headers.get("X-Khung-Script") == "checklist"


def _saved(request: HttpRequest, owner: Round, place: Unit, found: Checklist, row: Row) -> HttpResponse:
    if not _alone(request):
        messages.success(request, _("Đã lưu kết quả."))
        part = next((p.key for p in found.parts if any(r.key == row.key for r in p.rows)), "")
        many = f"?part={part}" if part and found.total > MANY else ""
        url = reverse("capa:visit", args=[owner.pk, place.pk])
        return HttpResponseRedirect(f"{url}{many}#row-{row.name}")
    shown = _shown(row)
    shown.saved = True
    return _row(request, owner, place, shown, state="saved")


def _refused(request: HttpRequest, owner: Round, place: Unit, found: Checklist, shown: Shown) -> HttpResponse:
    error = shown.error or BadAnswer()
    shown.problems = {k: str(v) for k, v in error.problems.items()} if isinstance(error.problems, dict) else {}
    if error.code == "stale" and shown.row.finding:
        shown.expected = shown.row.finding.row_version
    if _alone(request):
        return _row(request, owner, place, shown, state="refused", status=error.status)
    return _page(request, owner, place, found, typed=shown, status=error.status)


def _row(
    request: HttpRequest, owner: Round, place: Unit, shown: Shown, *, state: str, status: int = 200
) -> HttpResponse:
    context = {**_shared(owner, place, may=True), "shown": shown}
    answer = render(request, "capa/parts/visit_row.html", context, status=status)
    answer[STATE] = state
    return answer


def _logged_out(request: HttpRequest, values: dict[str, str]) -> HttpResponse:
    """The session ended meanwhile: the words come back, and with them the way to log in again."""
    if _alone(request):
        return HttpResponse(status=403, headers={STATE: "logged-out"})
    return _kept(request, values, _("Phiên làm việc đã hết, kết quả chưa được lưu."))


def _kept(request: HttpRequest, values: dict[str, str], sentence: str) -> HttpResponse:
    """A page with nothing but what was typed, to be sent again: what it is about is not for this person now."""
    if _alone(request):
        return HttpResponse(sentence, status=403, headers={STATE: "lost"}, content_type="text/plain; charset=utf-8")
    hidden = {name: request.POST.get(name, "") for name in ("question", "finding", "expected")}
    labels = [(ask.name, ask.label, values[ask.name]) for ask in RECORDED]
    context = {"sentence": sentence, "hidden": hidden, "fields": labels, "results": RESULTS}
    return render(request, "capa/visit_kept.html", context, status=403)


@require_POST
@walled
def visit_settle(request: HttpRequest, pk: UUID, unit: int) -> HttpResponse:
    """Close every result that needs no answer of the unit and that the person saw, each through the door."""
    user = person(request)
    owner, place = _place(user, pk, unit)
    seen = dict(value.partition(".")[::2] for value in request.POST.getlist("seen"))
    done, refused = 0, []
    for one in Finding.objects.filter(round=owner, unit=place, state="recorded", pk__in=_uuids(seen)):
        if presented(one):
            continue
        try:
            engine.fire(one, "note", by=user, expected=number_of(seen[str(one.pk)]) or 0)
        except WorkflowError as error:
            refused.append(f"{one.clause}: {error.sentence}")
        else:
            done += 1
    if done or not refused:
        messages.success(request, _("Đã chốt %(number)d kết quả.") % {"number": done})
    for line in dict.fromkeys(refused):
        messages.error(request, line)
    return HttpResponseRedirect(reverse("capa:visit", args=[owner.pk, place.pk]))


def _uuids(seen: dict[str, str]) -> list[UUID]:
    found = []
    for key in seen:
        try:
            found.append(UUID(key))
        except ValueError:  # not sent by our page
            continue
    return found
