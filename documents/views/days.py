"""The day a page is asked about: ``?on=dd/mm/yyyy`` (or ISO), today if none is named."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpRequest

from workflows.models import day_of


def asked_day(request: HttpRequest) -> tuple[date, str]:
    """The day, and the text that was no day (then today is shown, with status 400)."""
    raw = request.GET.get("on", "").strip()
    if not raw:
        return day_of(), ""
    try:
        found = forms.DateField().clean(raw)
    except forms.ValidationError:
        return day_of(), raw[:40]
    return found or day_of(), ""
