"""Forms made from rows: each kind of answer has its field, and the door's problems come back beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms

from documents.models import DocumentVersion
from workflows.answers import LINE_LIMIT, NUMBER_LIMIT
from workflows.forms import AreaField, CalendarForm, StepForm, button_style, is_simple
from workflows.tables import Ask, Step

ASKS = (
    Ask("note", "text", "Lý do", limit=10),
    Ask("number", "line", "Số", required=False),
    Ask("day", "date", "Ngày", required=False),
    Ask("kind", "choice", "Loại", False, (("a", "A"), ("b", "B"))),
    Ask("who", "pick", "Ai", False),
    Ask("many", "number", "Bao nhiêu", False),
)
STEP = Step("do", "Làm", ("a",), "b", ("qmr",), asks=ASKS)


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> DocumentVersion:
    """A record that offers one person to be picked."""
    monkeypatch.setattr(DocumentVersion, "options", lambda self, name: [("7", f"{name} bảy")])
    return DocumentVersion()


def form(record: DocumentVersion, **data: Any) -> StepForm:
    return StepForm(STEP, record, {"note": "x", **data})


def test_a_form_asks_what_the_row_asks_in_its_order(record: DocumentVersion) -> None:
    fields = StepForm(STEP, record).fields
    assert list(fields) == [ask.name for ask in ASKS]
    assert [field.required for field in fields.values()] == [True, False, False, False, False, False]
    assert [str(field.label) for field in fields.values()] == [ask.label for ask in ASKS]
    kinds = (
        AreaField,
        forms.CharField,
        forms.DateField,
        forms.ChoiceField,
        forms.ChoiceField,
        forms.IntegerField,
    )
    assert [type(field) for field in fields.values()] == list(kinds)


def test_what_is_typed_comes_out_in_its_type(record: DocumentVersion) -> None:
    filled = form(record, number=" 12/QĐ ", day="05/03/2026", kind="b", who="7", many="3")
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data == {
        "note": "x", "number": "12/QĐ", "day": date(2026, 3, 5), "kind": "b", "who": "7", "many": 3,
    }  # fmt: skip
    assert form(record).is_valid()


@pytest.mark.parametrize(("name", "value"), [
    ("note", ""), ("note", " "), ("note", "x" * 11), ("number", "x" * (LINE_LIMIT + 1)), ("day", "31/02/2026"),
    ("day", "03/25/2026"), ("kind", "c"), ("who", "8"), ("many", "-1"), ("many", str(NUMBER_LIMIT + 1)), ("many", "x"),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(record: DocumentVersion, name: str, value: str) -> None:
    filled = form(record, **{name: value})
    assert list(filled.errors) == [name]
    if not value.strip():
        assert filled.errors[name] == ["Cần nhập: Lý do."]


def test_the_limits_themselves_are_let_through(record: DocumentVersion) -> None:
    filled = form(record, note="x" * 10, number="x" * LINE_LIMIT, many=str(NUMBER_LIMIT))
    assert filled.is_valid(), filled.errors


def test_the_doors_problems_come_back_beside_the_field_or_above_the_form(record: DocumentVersion) -> None:
    filled = form(record)
    assert filled.is_valid()
    filled.take({"note": "Quá ngắn", "steps.2": "Thiếu"})
    assert dict(filled.errors) == {"note": ["Quá ngắn"], "__all__": ["Thiếu"]}
    other = form(record)
    assert other.is_valid()
    other.take(["Một", "Hai"])
    assert dict(other.errors) == {"__all__": ["Một", "Hai"]}


def test_structured_answers_have_no_plain_form() -> None:
    assert is_simple(STEP)
    assert is_simple(Step("do", "Làm", ("a",), "b", ("qmr",)))
    assert not is_simple(Step("do", "Làm", ("a",), "b", ("qmr",), asks=(*ASKS, Ask("data", "json", "Bảng"))))


def test_a_step_that_must_be_explained_does_not_invite() -> None:
    def style(*asks: Ask) -> str:
        return button_style(Step("do", "Làm", ("a",), "b", ("qmr",), asks=asks))

    assert style(Ask("note", "text", "Lý do")) == "btn-danger-line"
    assert style(Ask("note", "text", "Ý kiến", required=False)) == "btn-primary"
    assert style(Ask("number", "line", "Số")) == style() == "btn-primary"


@pytest.mark.django_db
@pytest.mark.parametrize(("chosen", "working"), [("yes", True), ("no", False)])
def test_a_day_of_the_calendar_is_off_or_worked_as_chosen(chosen: str, working: bool) -> None:
    filled = CalendarForm({"day": "05/03/2026", "is_working": chosen, "reason": "Công văn"})
    assert filled.is_valid(), filled.errors
    row = filled.save()
    assert (row.day, row.is_working, row.reason) == (date(2026, 3, 5), working, "Công văn")
    assert list(CalendarForm({"day": "05/03/2026", "is_working": "no", "reason": "x"}).errors) == ["day"]
    assert set(CalendarForm({}).errors) == {"day", "is_working", "reason"}
