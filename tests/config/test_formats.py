"""Dates are day first, read and written, in both languages (stack.md, finding 1)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["05/03/2026", "5/3/2026", "05-03-2026", "05.03.2026", "2026-03-05"])
def test_a_typed_date_is_day_first(language: str, typed: str) -> None:
    with translation.override(language):
        assert forms.DateField().clean(typed) == date(2026, 3, 5)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_american_date_is_refused(language: str) -> None:
    with translation.override(language), pytest.raises(forms.ValidationError):
        forms.DateField().clean("03/25/2026")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("written", ["DATE_FORMAT", "SHORT_DATE_FORMAT"])
def test_a_date_is_printed_day_first(language: str, written: str) -> None:
    page = Template("{{ day|date:written }}")
    with translation.override(language):
        assert page.render(Context({"day": date(2026, 3, 5), "written": written})) == "05/03/2026"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_instant_is_typed_day_first(language: str) -> None:
    with translation.override(language):
        typed = forms.DateTimeField().clean("05/03/2026 14:30")
    assert isinstance(typed, datetime)
    assert (typed.day, typed.month, typed.hour) == (5, 3, 14)


def test_a_date_field_shows_what_it_accepts() -> None:
    with translation.override("vi"):
        assert forms.DateInput().format_value(date(2026, 3, 5)) == "05/03/2026"
