"""Steps that write anew what a record already says: their form comes filled with it, and keeps what is typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from workflows import engine
from workflows.errors import WorkflowError
from workflows.forms import StepForm
from workflows.models import Record
from workflows.standing import refusal_of
from workflows.views.person import person

DIGITS = 9
"""More than any history has rows."""


def number_of(text: str) -> int | None:
    """A whole number as forms send it; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def take(form: Any, error: WorkflowError) -> None:
    """Put the door's problems beside the fields, or its sentence above the form."""
    form.take(error.problems)
    if not error.problems:
        form.add_error(None, str(error.sentence))


def may(record: Record, request: HttpRequest, action: str) -> None:
    """Raise 403 with the reason if this person cannot take the step as the record stands."""
    refusal = refusal_of(record, person(request), action)
    if refusal is not None:
        raise PermissionDenied(str(engine.refusal_error(refusal, record).sentence))


def rewrite(request: HttpRequest, record: Record, action: str, crumbs: list[tuple[str, str]]) -> HttpResponse:
    """The form of a simple step, filled with the record's own words; the door judges when it is sent."""
    step, status, theirs = record.machine.rows_of(action)[0], 200, None
    form = StepForm(step, record, request.POST if request.method == "POST" else None)
    form.initial = {
        ask.name: getattr(record, f"{ask.name}_id" if ask.kind == "pick" else ask.name, "") for ask in step.asks
    }
    expected: int | None = record.row_version
    if request.method != "POST":
        may(record, request, action)
    else:
        status, expected = 400, number_of(request.POST.get("expected", ""))
        if form.is_valid() and expected is not None:
            try:
                done = engine.fire(record, action, by=person(request), expected=expected, **form.cleaned_data)
            except WorkflowError as error:
                take(form, error)
                status = error.status
                if error.code == "stale":  # they see what stands now, and only then decide on it
                    theirs, expected = _theirs(form, record), record.row_version
            else:
                messages.success(request, _("Đã ghi: %(record)s.") % {"record": done})
                return HttpResponseRedirect(done.get_absolute_url())
    context = {"form": form, "record": record, "step": step, "expected": expected, "crumbs": crumbs, "theirs": theirs}
    return render(request, "capa/parts/rewrite.html", context, status=status)


def _theirs(form: StepForm, record: Record) -> list[tuple[str, Any]]:
    """What now stands otherwise than typed: label and present words."""
    typed = form.cleaned_data
    return [
        (str(form.fields[name].label), getattr(record, name))
        for name in typed
        if hasattr(record, name) and getattr(record, name) != typed[name]
    ]
