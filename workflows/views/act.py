"""One view for every step of every table: the form that the row asks for, and the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from workflows import engine
from workflows.access import fetch, reach
from workflows.deeds import proofs
from workflows.errors import BadAnswer, NotVisible, Stale, WorkflowError
from workflows.forms import StepForm, button_style, is_simple
from workflows.models import Move, Record, User
from workflows.standing import as_told, history_of, reason, refusal_of
from workflows.tables import Step
from workflows.uploading import posted_form
from workflows.views.person import model_named, person, walled

CONFLICT = 409
TITLE = 120


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def act(request: HttpRequest, machine: str, pk: UUID, action: str) -> HttpResponse:
    """Ask for a step's answers (GET), or do it (POST). A refusal keeps what was typed and says why, with its status.

    Structured answers belong to pages of their own: their steps are not found here.
    """
    model, user = model_named(machine), person(request)
    rows = model.machine.rows_of(action)
    if not rows:
        raise Http404
    record = (reach if request.method == "POST" else fetch)(model, user, pk)
    step = record.machine.step(action, record.state) or rows[0]
    if not is_simple(step):
        raise Http404
    if request.method == "POST":
        return _do(request, record, step)
    refusal = refusal_of(record, user, action)
    error = engine.refusal_error(refusal, record) if refusal else None
    return _page(request, record, step, StepForm(step, record), error)


def _do(request: HttpRequest, record: Record, step: Step) -> HttpResponse:
    user, expected = person(request), _expected(request)
    form, untaken = posted_form(request, step, record, user)
    try:
        if untaken is not None:
            raise untaken
        if not form.is_valid() or expected is None:
            raise _first_error(record, user, step.action, expected)
        done = engine.fire(record, step.action, by=user, expected=expected, **form.cleaned_data)
    except NotVisible:
        raise
    except WorkflowError as error:
        if not type(record).objects.visible_to(user).filter(pk=record.pk).exists():
            raise PermissionDenied(str(error.sentence)) from error
        form.take(error.problems)
        return _page(request, record, step, form, error)
    said = _("Đã thực hiện “%(step)s”: %(record)s. Hồ sơ nay ở bước “%(stage)s”.")
    title = Truncator(str(done)).chars(TITLE)
    messages.success(request, said % {"step": step.label, "record": title, "stage": done.stage.label})
    return HttpResponseRedirect(_safe(request, request.POST.get("next", "")) or done.get_absolute_url())


def _first_error(record: Record, user: User, action: str, expected: int | None) -> WorkflowError:
    """The error of a form that cannot be sent to the door, in the door's own order: turn, version, answers."""
    refusal = refusal_of(record, user, action)
    if refusal is not None:
        return engine.refusal_error(refusal, record)
    if expected is None:
        return BadAnswer(_("Biểu mẫu thiếu số phiên bản của hồ sơ. Hãy tải lại trang rồi gửi lại."), state=record.state)
    return Stale(state=record.state) if expected != record.row_version else BadAnswer(state=record.state)


def _expected(request: HttpRequest) -> int | None:
    """The row version on which the person decided; None if the form does not say, or says no such number."""
    text, digits = request.POST.get("expected", ""), 9  # more digits than any history has rows
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


def _page(
    request: HttpRequest, record: Record, step: Step, form: StepForm, error: WorkflowError | None
) -> HttpResponse:
    """The form on a page of its own. Whatever the refusal, it says what was done meanwhile, and only then takes the
    newer version for the one on which the person decides.
    """
    user, seen = person(request), _expected(request)
    fresh = type(record).objects.for_list().filter(pk=record.pk).first() or record
    now_step = fresh.machine.step(step.action, fresh.state)
    refusal = refusal_of(fresh, user, step.action)
    meanwhile = [move for move in history_of(fresh) if move.seq > seen] if error and seen is not None else []
    context: dict[str, Any] = {
        "record": fresh,
        "step": now_step or step,
        "form": form,
        "error": error,
        "possible": refusal is None,
        "why": reason(fresh, user, now_step or step, refusal) if refusal and refusal.code != "wrong_state" else "",
        "conflict": bool(meanwhile) or (error is not None and error.status == CONFLICT and request.method == "POST"),
        "meanwhile": meanwhile,
        "expected": fresh.row_version if meanwhile or seen is None else seen,
        "next_url": _safe(request, request.POST.get("next") or request.GET.get("next") or ""),
        "me": user,
        "style": button_style(now_step or step),
    }
    return render(request, "workflows/act.html", context, status=error.status if error else 200)


def _safe(request: HttpRequest, url: str) -> str:
    fit = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if fit else ""


@require_safe
@walled
def history(request: HttpRequest, machine: str, pk: UUID) -> HttpResponse:
    """The record's ledger with the proof of each row: link to the one before, seal, and columns as sealed."""
    model = model_named(machine)
    record = fetch(model, person(request), pk, among=model.objects.for_list())
    rows, ends = proofs(record, Move.objects.of(record.pk))
    whole = ends and all(row.sound for row in rows)
    as_told(record, person(request), [row.move for row in rows])
    return render(request, "workflows/history.html", {"record": record, "rows": rows, "ends": ends, "whole": whole})
