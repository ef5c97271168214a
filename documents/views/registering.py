"""Entering and correcting the facts of a legal document. An error keeps everything that was typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.forms import FactsForm
from documents.models import Regulation
from documents.views.regulation import keeps, same_number
from workflows import engine
from workflows.access import fetch
from workflows.errors import WorkflowError
from workflows.models import User
from workflows.views.person import person, walled


@require_http_methods(["GET", "HEAD", "POST"])
@walled
def edit(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Register a legal document (no ``pk``), or correct one."""
    user = person(request)
    act = fetch(Regulation, user, pk) if pk else None
    if not keeps(user):
        raise PermissionDenied(_("Chỉ cán bộ pháp chế hoặc thư ký ISO được đăng ký, sửa thông tin văn bản."))
    if request.method != "POST":
        return _page(request, FactsForm(act=act), act, expected=act.row_version if act else 0)
    form, expected = FactsForm(request.POST, act=act), _seen(request)
    if not form.is_valid():
        return _page(request, form, act, expected=expected, status=400)
    try:
        done = _save(act, form, user, expected)
    except WorkflowError as error:
        form.take(error.sentence, error.problems)
        fresh = act and Regulation.objects.filter(pk=act.pk).first()
        if fresh is not None and error.code == "stale":
            return _page(
                request, form, fresh, expected=fresh.row_version, status=error.status, theirs=_theirs(form, fresh)
            )
        return _page(request, form, act, expected=expected, status=error.status)
    messages.success(request, _("Đã ghi %(number)s.") % {"number": done.number})
    return HttpResponseRedirect(f"{done.get_absolute_url()}?saved=1")


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("expected", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0  # noqa: PLR2004 - no version so high


def _save(act: Regulation | None, form: FactsForm, user: User, expected: int) -> Regulation:
    if act is None:
        return engine.start(Regulation(), "register", by=user, facts=form.facts())
    note = form.cleaned_data["note"]
    return engine.fire(act, "correct", by=user, expected=expected, facts=form.facts(), note=note)


def _theirs(form: FactsForm, fresh: Regulation) -> list[tuple[str, Any]]:
    """Facts that now stand otherwise than typed: label and present value."""
    typed = form.facts()
    return [
        (str(form.fields[name].label), getattr(fresh, name)) for name in typed if getattr(fresh, name) != typed[name]
    ]


def _page(
    request: HttpRequest,
    form: FactsForm,
    act: Regulation | None,
    *,
    expected: int,
    status: int = 200,
    theirs: list[tuple[str, Any]] | None = None,
) -> HttpResponse:
    number = form.data.get("number", "") if form.is_bound else ""
    context = {
        "form": form,
        "act": act,
        "expected": expected,
        "theirs": theirs,
        "twin": same_number(number, act.pk if act else None) if number else None,
    }
    return render(request, "documents/regulation_edit.html", context, status=status)
