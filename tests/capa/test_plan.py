"""The corrective action plan: its shape, and what is missing before it is submitted."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capa.plan import Measure, MeasureKind, Plan, PlanError, canonical, clean, digest, empty, problems
from tests.capa.samples import FULL_PLAN, any_json, full_plan, hostile_strings

TODAY = date(2026, 3, 1)
DAY = "Phải là ngày có thật, viết như 2026-12-31."
DOCUMENT = "Phải là mã của một tài liệu."
TABLE = "Phải là một bảng các mục."
CELLS = "Phải là chữ."
UNKNOWN = "Mục này không có trong mẫu."
WAIT = "Phải là số nguyên từ 1 đến 3650."
PERSON = f"Phải là số nguyên từ 1 đến {2**63 - 1}."
UUID = "0b7f1d0e-5a7c-4c38-9d2e-1f5a4c3b2a10"


def tried(raw: object) -> tuple[Plan | None, dict[str, str]]:
    try:
        return clean(raw), {}
    except PlanError as error:
        return None, error.problems


def test_a_full_plan_is_kept_as_it_is() -> None:
    assert full_plan() == FULL_PLAN
    assert problems(full_plan(), TODAY) == []


def test_empty() -> None:
    nothing: Measure = {"what": "", "kind": "", "number": None, "target": ""}
    expected: Plan = {"actions": [], "documents": [], "risk": "", "measure": nothing}
    assert empty() == expected
    assert clean(dict.fromkeys(empty())) == empty()
    assert digest(empty()) == "8121813a57cf4b266aaf3732940ae6e623b90d04f2e07edd55baba1faa11308c"
    assert [str(kind.label) for kind in MeasureKind] == ["Số ngày làm việc", "Số hồ sơ đã xử lý"]


@pytest.mark.parametrize("number", [0, -1, 3651, "0", "3651", "năm", "1.5", 1.5, 5.0, True, [], {}, "٣", "9" * 20])
def test_no_number_to_wait(number: object) -> None:
    assert tried({"measure": {"number": number}})[1] == {"measure.number": WAIT}


@pytest.mark.parametrize(
    ("number", "expected"), [(1, 1), (3650, 3650), (" 030 ", 30), ("", None), (" ", None), (None, None)]
)
def test_a_number_to_wait(number: object, expected: int | None) -> None:
    assert clean({"measure": {"number": number}})["measure"]["number"] == expected


@pytest.mark.parametrize(
    "due",
    [
        "2026-02-29",
        "2026-13-01",
        "0000-01-01",
        "20260101",
        "2026-W01-1",
        "2026-1-1",
        " 2026-01-01",
        "31/12/2026",
        5,
        True,
        [],
        "2026-01-01T00:00",
        "2026-01-01\n",
        "２０２６-01-01",
    ],
)
def test_no_day(due: object) -> None:
    assert tried({"actions": [{"due": due}]})[1] == {"actions.0.due": DAY}


@pytest.mark.parametrize(
    "document", ["x", 5, UUID[:-1], UUID.replace("-", ""), f"{{{UUID}}}", f"{UUID}\n", [], "０" + UUID[1:]]
)
def test_no_document(document: object) -> None:
    assert tried({"documents": [{"document": document}]})[1] == {"documents.0.document": DOCUMENT}


REFUSED: list[tuple[object, dict[str, str]]] = [
    (None, {"shape": TABLE}),
    ({"measure": "x"}, {"measure": TABLE}),
    ({"measure": {"unit": "x", "kind": "weeks"}}, {"measure.unit": UNKNOWN, "measure.kind": "Không có lựa chọn này."}),
    ({"measure": {"number": 10**5000}}, {"measure.number": WAIT}),
    ({"risk": 1, "why": ""}, {"risk": CELLS, "why": UNKNOWN}),
    ({"actions": [{"what": "x"}] * 51}, {"actions": "Nhiều quá 50 dòng."}),
    ({"actions": [{"assignee": 0}]}, {"actions.0.assignee": PERSON}),
    ({"actions": [{"assignee": 2**63}]}, {"actions.0.assignee": PERSON}),
    ({"actions": [{"assignee": "An"}]}, {"actions.0.assignee": PERSON}),
    ({"actions": [{"assignee": True}]}, {"actions.0.assignee": PERSON}),
    (
        {"actions": [{}, {"what": "a\0", "done": 1}]},
        {"actions.1.what": "Có ký tự không lưu được.", "actions.1.done": UNKNOWN},
    ),
    ({"documents": [{"key": "d", "what": 1}]}, {"documents.0.key": UNKNOWN, "documents.0.what": CELLS}),
]


@pytest.mark.parametrize(("raw", "expected"), REFUSED)
def test_what_is_wrong_is_named_by_its_path(raw: object, expected: dict[str, str]) -> None:
    wrong = tried(raw)[1]
    assert {path: str(sentence) for path, sentence in wrong.items()} == expected


def test_empty_rows_go_and_new_actions_get_keys() -> None:
    cleaned = clean({"actions": [{}, {"key": "x"}, {"what": "A"}, {"assignee": "5"}], "documents": [{}, {"what": "B"}]})
    assert [(action["what"], action["assignee"], len(action["key"])) for action in cleaned["actions"]] == [
        ("A", None, 8),
        ("", 5, 8),
    ]
    assert cleaned["documents"] == [{"document": "", "what": "B"}]
    assert clean({"documents": [{"document": UUID.upper()}]})["documents"][0]["document"] == UUID
    assert len(clean({"actions": [{"what": "x" * 20_000}] * 50})["actions"]) == 50


NAMES = ("actions", "documents", "risk", "measure", "what", "assignee", "due", "resources", "kind", "number", "days")


@given(any_json(*NAMES))
def test_any_json_is_a_plan_or_an_error(raw: object) -> None:
    before = copy.deepcopy(raw)
    cleaned, wrong = tried(raw)
    assert bool(wrong) == (cleaned is None)
    assert repr(raw) == repr(before)
    if cleaned is not None:
        assert clean(json.loads(canonical(cleaned))) == cleaned
        assert digest(clean(cleaned)) == digest(cleaned)
        assert problems(cleaned, TODAY)


@given(st.dates(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_days_and_texts_come_back(day: date, text: str) -> None:
    cleaned = clean({"actions": [{"due": day.isoformat(), "resources": text}]})
    assert cleaned["actions"][0]["due"] == day.isoformat()
    assert clean(cleaned) == cleaned


def test_hostile_strings_come_back_or_are_refused() -> None:
    for text in hostile_strings():
        cleaned, wrong = tried({"risk": text, "measure": {"target": text}})
        assert set(wrong) in (set(), {"risk", "measure.target"})
        assert cleaned is None or clean(cleaned) == cleaned
        for raw in ({"actions": [{"due": text}]}, {"documents": [{"document": text}]}, {"measure": {"number": text}}):
            tried(raw)


def action(**changes: Any) -> dict[str, Any]:
    return {"actions": [FULL_PLAN["actions"][0] | changes]}


def measure(**changes: Any) -> dict[str, Any]:
    return {"measure": FULL_PLAN["measure"] | changes}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"documents": [], "risk": ""}, []),
        (action(due="2026-03-01"), []),
        ({"actions": []}, ["Kế hoạch chưa có việc nào."]),
        (action(what=" \n"), ["Việc 1: chưa nêu làm gì."]),
        (action(assignee=None), ["Việc 1: chưa có người làm."]),
        (action(due=""), ["Việc 1: chưa có hạn."]),
        (action(due="2026-02-28"), ["Việc 1: hạn đã qua."]),
        ({"documents": [{"what": "x"}]}, ["Tài liệu 1: chưa chọn tài liệu."]),
        ({"documents": [{"document": UUID}]}, ["Tài liệu 1: chưa nêu sửa gì."]),
        (measure(what=""), ["Hiệu lực: chưa nêu đo cái gì."]),
        (measure(kind=""), ["Hiệu lực: chưa chọn chờ theo ngày làm việc hay theo số hồ sơ."]),
        (measure(number=None), ["Hiệu lực: chưa có số ngày hoặc số hồ sơ phải chờ."]),
        (measure(target="\t"), ["Hiệu lực: chưa nêu kết quả phải đạt."]),
    ],
)
def test_what_is_missing(changes: dict[str, Any], expected: list[str]) -> None:
    assert problems(full_plan(**changes), TODAY) == expected


def test_an_empty_plan_misses_its_actions_and_its_measure() -> None:
    assert len(problems(empty(), TODAY)) == 5
