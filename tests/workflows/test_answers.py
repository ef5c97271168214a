"""Answers against a row's ``asks``: each kind at its edges, and what goes into the ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workflows import answers
from workflows.errors import BadAnswer
from workflows.tables import Ask, Step

LINE, TEXT = Ask("line", "line", "Dòng", required=False), Ask("text", "text", "Đoạn", required=False, limit=10)
DAY, PICK = Ask("day", "date", "Ngày", required=False), Ask("pick", "choice", "Chọn", False, (("a", "A"), ("b", "B")))
DATA, MUST = Ask("data", "json", "Bảng", required=False), Ask("must", "text", "Lý do")


def clean(*asks: Ask, **given: Any) -> dict[str, Any]:
    return answers.clean(Step("do", "Làm", ("a",), "b", ("qmr",), asks=asks), given)


def wrong(*asks: Ask, **given: Any) -> set[str]:
    with pytest.raises(BadAnswer) as caught:
        clean(*asks, **given)
    assert all(str(sentence) for sentence in caught.value.problems.values())  # type: ignore[union-attr]
    return set(caught.value.problems)


def test_what_is_not_asked_is_refused() -> None:
    assert wrong(LINE, other="x") == {"other"}
    assert wrong(other="") == {"other"}
    assert clean() == {}


def test_every_wrong_field_is_named_at_once() -> None:
    assert wrong(MUST, DAY, LINE, day="x", line=7, extra=1) == {"must", "day", "line", "extra"}


@pytest.mark.parametrize("value", [None, "", "   ", "\n"])
def test_a_required_answer_must_say_something(value: Any) -> None:
    assert wrong(MUST, must=value) == {"must"}
    assert wrong(MUST) == {"must"}


def test_an_optional_answer_left_out_is_empty_of_its_kind() -> None:
    left_out = {"line": "", "text": "", "day": None, "pick": "", "data": None}
    assert clean(LINE, TEXT, DAY, PICK, DATA) == left_out
    assert clean(LINE, TEXT, DAY, PICK, DATA, line=" ", text=None, day="", pick="", data=None) == left_out


def test_text_is_composed_stripped_and_has_plain_line_ends() -> None:
    assert clean(TEXT, text="  Tu\u031b\r\nb\tc ") == {"text": "T\u01b0\nb\tc"}


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x7f", "\ud800", "\r"])
def test_control_characters_are_refused(char: str) -> None:
    assert wrong(TEXT, text=f"a{char}b") == {"text"}


@pytest.mark.parametrize(("ask", "limit"), [(TEXT, 10), (LINE, 300)])
def test_length_ends_at_the_limit(ask: Ask, limit: int) -> None:
    assert clean(ask, **{ask.name: "x" * limit}) == {ask.name: "x" * limit}
    assert wrong(ask, **{ask.name: "x" * (limit + 1)}) == {ask.name}


def test_a_line_is_one_line() -> None:
    assert wrong(LINE, line="a\nb") == {"line"}
    assert clean(LINE, line="a\n") == {"line": "a"}


@pytest.mark.parametrize("value", [7, True, ["a"], {"a": 1}])
def test_text_is_text(value: Any) -> None:
    assert wrong(TEXT, text=value) == {"text"}
    assert wrong(LINE, line=value) == {"line"}


def test_a_date_is_a_day_or_its_iso_form() -> None:
    assert clean(DAY, day="2026-03-05") == {"day": date(2026, 3, 5)}
    assert clean(DAY, day=date(2026, 3, 5)) == {"day": date(2026, 3, 5)}
    for value in ("05/03/2026", "2026-02-30", "x", 20260305, ["2026-03-05"]):
        assert wrong(DAY, day=value) == {"day"}


def test_a_choice_is_one_of_the_choices() -> None:
    assert clean(PICK, pick="b") == {"pick": "b"}
    for value in ("c", "A", "a ", 1, ["a"], {"a": "b"}):
        assert wrong(PICK, pick=value) == {"pick"}


def test_a_pick_is_one_of_what_the_record_offers() -> None:
    step = Step("do", "Làm", ("a",), "b", ("qmr",), asks=(Ask("who", "pick", "Ai"),))

    def offered(name: str) -> list[tuple[str, str]]:
        return [("7", "Lan")] if name == "who" else [("8", "Mai")]

    assert answers.clean(step, {"who": "7"}, offered) == {"who": "7"}
    for value in ("8", "Lan", 7, ["7"], {"7": 1}, "", None):
        with pytest.raises(BadAnswer):
            answers.clean(step, {"who": value}, offered)
    with pytest.raises(BadAnswer):
        answers.clean(step, {"who": "7"})


def test_a_number_is_whole_and_not_endless() -> None:
    number = Ask("n", "number", "Số", required=False)
    assert [clean(number, n=value)["n"] for value in ("0", " 12 ", 7, 1_000_000, "1000000", "", None)] == [
        0, 12, 7, 1_000_000, 1_000_000, None, None,
    ]  # fmt: skip
    for value in ("-1", -1, "1000001", 1_000_001, "1.5", 1.5, True, "x", "٣", "9" * 5000, [1]):
        assert wrong(number, n=value) == {"n"}


def test_structured_answers_pass_as_they_are() -> None:
    assert clean(DATA, data={"a": [1]}) == {"data": {"a": [1]}}


def test_the_ledger_gets_plain_values_and_no_structures() -> None:
    given = {"day": date(2026, 3, 5), "note": "x", "none": None, "empty": "", "list": [1], "data": {"a": 1}, "zero": 0}
    assert answers.as_json(given) == {"day": "2026-03-05", "note": "x", "zero": 0}
