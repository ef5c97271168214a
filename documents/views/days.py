"""When a page is asked about: ``?on=dd/mm/yyyy`` (or ISO), and ``&known=`` for what was recorded by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from documents.services.asof import NOT_KNOWN_YET, Moment, UnknownYet
from workflows.models import day_of


@dataclass(frozen=True)
class Asked:
    """What a page shows, and in sentences why it is not what was asked for; then it is today, with status 400."""

    moment: Moment
    problems: tuple[str, ...] = ()


def asked_day(request: HttpRequest) -> tuple[date, str]:
    """The day, and the text that was no day (then today is shown, with status 400)."""
    day, bad = _day(request, "on")
    return day or day_of(), bad


def asked_moment(request: HttpRequest) -> Asked:
    """The moment, today if none is named."""
    today, (on, bad_on), (known, bad_known) = day_of(), _day(request, "on"), _day(request, "known")
    if bad_on or bad_known:
        text = _("“%(text)s” không phải là ngày. Viết theo dạng 05/03/2026.")
        return Asked(Moment.now(today), tuple(text % {"text": bad} for bad in (bad_on, bad_known) if bad))
    try:
        return Asked(Moment(on or today, known, today))
    except UnknownYet:
        return Asked(Moment.now(today), (str(NOT_KNOWN_YET),))


def _day(request: HttpRequest, name: str) -> tuple[date | None, str]:
    raw = request.GET.get(name, "").strip()
    if not raw:
        return None, ""
    try:
        return forms.DateField().clean(raw), ""
    except forms.ValidationError:
        return None, raw[:40]
