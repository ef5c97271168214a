"""What a procedure misses for submission, and step times against the limit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from documents.content import empty, problems, time_problems, total_time
from documents.sections import SECTIONS
from tests.documents.samples import full_content


def steps(*times: str) -> list[dict[str, str]]:
    return [{"name": f"Việc {n}", "responsible": "A", "time": time} for n, time in enumerate(times, 1)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"fee": "", "forms": [], "definitions": ""}, []),
        ({"purpose": ""}, ["Chưa có nội dung phần “Mục đích”."]),
        ({"scope": " "}, ["Chưa có nội dung phần “Phạm vi”."]),
        ({"dossier": []}, ["Chưa có nội dung phần “Thành phần hồ sơ”."]),
        ({"time_limit": {}}, ["Chưa có nội dung phần “Thời hạn giải quyết”."]),
        ({"time_limit": {"text": "ngay"}}, []),
        ({"time_limit": {"days": 5}}, []),
        ({"steps": [{}]}, ["Chưa có nội dung phần “Các bước thực hiện”."]),
        ({"legal_basis": []}, ["Chưa có nội dung phần “Căn cứ pháp lý”."]),
        ({"records": []}, ["Chưa có nội dung phần “Hồ sơ lưu”."]),
        (
            {"steps": [{"name": "A", "responsible": "B"}, {"time": "1 ngày"}]},
            [
                "Phần “Các bước thực hiện”, bước 2: thiếu nội dung công việc.",
                "Phần “Các bước thực hiện”, bước 2: thiếu trách nhiệm.",
            ],
        ),
        ({"legal_basis": [{"note": "x"}]}, ["Phần “Căn cứ pháp lý”, căn cứ 1: thiếu số, ký hiệu."]),
        ({"forms": [{"code": "BM.01"}]}, ["Phần “Biểu mẫu”, biểu mẫu 1: thiếu tên biểu mẫu."]),
        (
            {"records": [{"name": "A"}]},
            ["Phần “Hồ sơ lưu”, hồ sơ 1: thiếu nơi lưu.", "Phần “Hồ sơ lưu”, hồ sơ 1: thiếu thời gian lưu."],
        ),
        ({"dossier": [{"quantity": "1"}]}, ["Phần “Thành phần hồ sơ”, thành phần 1: thiếu tên giấy tờ."]),
    ],
)
def test_what_the_template_misses(changes: dict[str, Any], expected: list[str]) -> None:
    assert problems(full_content(**changes)) == expected


def test_an_empty_template_misses_every_required_section() -> None:
    assert len(problems(empty())) == len([item for item in SECTIONS if item.required]) == 7
    assert len(problems(empty(), waived=("dossier", "time_limit"))) == 5


OVER = "Tổng thời gian các bước là {} ngày làm việc, quá thời hạn giải quyết {} ngày."
UNCLEAR = "Chưa rõ thời gian của bước {} nên chưa đối chiếu hết với thời hạn."


@pytest.mark.parametrize(
    ("limit", "times", "expected"),
    [
        ({"days": "5"}, ["½ ngày", "3 ngày", "4 giờ"], []),
        ({"days": "4"}, ["½ ngày", "3 ngày", "4 giờ"], []),  # exactly the limit
        ({"days": "4"}, ["½ ngày", "3 ngày", "4 giờ", "1 phút"], [OVER.format("4", "4")]),
        ({"days": "3,5"}, ["½ ngày", "3 ngày", "4 giờ"], [OVER.format("4", "3,5")]),
        ({"days": "1"}, ["20 phút"] * 24, []),
        ({"days": "3", "text": "10 ngày"}, ["4 ngày"], [OVER.format("4", "3")]),  # the figure stands first
        ({"text": "3 ngày làm việc"}, ["4 ngày"], [OVER.format("4", "3")]),
        ({"days": "5"}, ["1 ngày", "", "theo quy định"], [UNCLEAR.format("2, 3")]),
        ({"days": "5"}, ["6 ngày", ""], [OVER.format("6", "5"), UNCLEAR.format("2")]),
        ({}, ["100 ngày", ""], []),  # no known limit, nothing to compare
        ({"text": "theo lịch hẹn"}, ["100 ngày"], []),
        ({"days": "5"}, [], []),
    ],
)
def test_step_times_against_the_limit(limit: dict[str, str], times: list[str], expected: list[str]) -> None:
    assert time_problems(full_content(time_limit=limit, steps=steps(*times))) == expected


def test_the_total_names_the_steps_that_it_lacks() -> None:
    assert total_time(full_content()) == (Decimal(4), [])
    assert total_time(full_content(steps=steps("1 ngày", "", "30 phút"))) == (Decimal("1.0625"), [2])
    assert total_time(empty()) == (Decimal(0), [])
