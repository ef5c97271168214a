"""The working calendar: a month as it counts, and exceptions kept by the secretary's side with a reason."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from tests.people import World
from tests.workflows.screens import log_in, text
from workflows.models import CalendarException, calendar

URL = "/calendar/"
DAY = {"day": "24/12/2026", "is_working": "no", "reason": "Công văn 1/VPCP"}


def test_a_month_counts_its_working_days_and_names_the_others(world: World) -> None:
    page = text(world.son, f"{URL}?month=2026-01")
    for said in ("Tháng 01/2026", "21 ngày làm việc", "02/01/2026: Ngày nghỉ hoán đổi", "10/01/2026: Ngày làm bù"):
        assert said in page
    context = log_in(world.son).get(f"{URL}?month=2026-02").context
    assert context["worked"] == sum(calendar().is_working(date(2026, 2, day)) for day in range(1, 29))
    assert (context["before"], context["after"]) == (f"{URL}?month=2026-01", f"{URL}?month=2026-03")


@pytest.mark.parametrize("month", ["2026-13", "x", "0000-01", "9999-12", "2026-1", "1900-12", "²026-01"])
def test_a_month_that_is_none_is_this_one(world: World, month: str) -> None:
    assert log_in(world.son).get(f"{URL}?month={month}").context["first"] == timezone.localdate().replace(day=1)


@pytest.mark.parametrize(("month", "missing"), [("1901-01", "before"), ("2100-12", "after")])
def test_the_calendar_ends_where_holidays_are_not_known(world: World, month: str, missing: str) -> None:
    assert log_in(world.son).get(f"{URL}?month={month}").context[missing] == ""


@pytest.mark.parametrize("who", ["hoa", "giup"])
def test_keepers_add_and_remove_a_day_and_deadlines_follow(world: World, who: str) -> None:
    client, day = log_in(world.people[who]), date(2026, 12, 24)
    assert calendar().is_working(day)
    assert client.post(URL, DAY).status_code == 302
    assert not calendar().is_working(day)
    row = CalendarException.objects.get()
    page = text(world.son, f"{URL}?month=2026-12")
    assert "24/12/2026: Công văn 1/VPCP" in page
    assert f"{who.title()}: thêm 24/12/2026: ngày nghỉ (Công văn 1/VPCP)" in page
    assert client.post(URL, {"remove": row.pk, "why": "Đã rút công văn"}).status_code == 302
    assert calendar().is_working(day)
    assert "bỏ 24/12/2026: ngày nghỉ (Đã rút công văn)" in text(world.son, URL)


@pytest.mark.parametrize("who", ["lan", "minh", "quang", "tuan", "van", "phuc", "son", "cao", "root"])
def test_others_read_and_are_refused_with_the_reason(world: World, who: str) -> None:
    client = log_in(world.people[who])
    assert "Ghi vào lịch" not in client.get(URL).content.decode()
    answer = client.post(URL, DAY)
    assert answer.status_code == 403
    assert "Chỉ Thư ký ISO và Tổ giúp việc được sửa lịch làm việc." in answer.content.decode()
    assert not CalendarException.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": "31/02/2026"}, "31/02/2026"),
        ({"day": ""}, "Công văn 1/VPCP"),
        ({"reason": ""}, "24/12/2026"),
        ({"reason": "a" * 201}, "24/12/2026"),
    ],
)
def test_a_wrong_day_keeps_what_was_typed(world: World, changes: dict[str, str], said: str) -> None:
    answer = log_in(world.hoa).post(URL, DAY | changes)
    assert answer.status_code == 400
    assert f'value="{said}"' in answer.content.decode()
    assert not CalendarException.objects.exists()


def test_the_same_day_twice_is_refused_in_words(world: World) -> None:
    client = log_in(world.hoa)
    client.post(URL, DAY)
    answer = client.post(URL, DAY)
    assert answer.status_code == 400
    assert "Ngày này đã có trong bảng ngoại lệ" in answer.content.decode()


def test_removing_needs_a_reason_and_a_row(world: World) -> None:
    client = log_in(world.hoa)
    client.post(URL, DAY)
    row = CalendarException.objects.get()
    answer = client.post(URL, {"remove": row.pk, "why": " "})
    assert answer.status_code == 400
    assert "Cần nhập lý do bỏ." in answer.content.decode()
    for gone in ("0", "x", "²", "9" * 40):
        assert client.post(URL, {"remove": gone, "why": "Nhầm"}).status_code == 302
    assert CalendarException.objects.count() == 1
    assert LogEntry.objects.count() == 1


def test_who_changed_it_is_named_only_to_those_who_see_the_person(world: World) -> None:
    log_in(world.dung).post(URL, DAY)
    page = text(world.son, URL)
    assert "24/12/2026: ngày nghỉ" in page
    assert "Dung" not in page
    assert "Dung:" in text(world.dung, URL)
