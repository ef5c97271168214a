"""The register of CARs: who finds what, filters, numbers, and what a page costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from capa.models import Car
from tests.capa import records
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine

CARS = "/cars/"


def report(world: World, who: str = "son", unit: str = "hctp", **changes: Any) -> Car:
    place = world.unit(unit)
    fresh = Car(agency=place.agency, unit=place)
    return engine.start(fresh, "report", by=world.people[who], **records.reported(**changes))


def test_a_line_says_number_text_unit_severity_step_and_deadline(world: World) -> None:
    found = records.car(world, "issued")
    shown = " ".join(text(world.hoa, CARS).split())
    for word in (found.number, "thông tư đã hết hiệu lực", "Phòng Hành chính tư pháp", "Nhẹ", "Đã lập phiếu, chờ nhận"):
        assert word in shown
    assert f"{found.due_on:%d/%m/%Y}" in shown
    assert f'href="{found.get_absolute_url()}"' in shown


def test_another_agency_finds_nothing_and_staff_only_what_they_reported(world: World) -> None:
    mine = report(world)
    other = report(world, "mai", "bttp")
    assert mine.get_absolute_url() not in text(world.dung, CARS)
    shown = text(world.son, CARS)
    assert mine.get_absolute_url() in shown
    assert other.get_absolute_url() not in shown
    assert other.get_absolute_url() in text(world.hoa, CARS)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("q=BO+SUNG+giay+to", 1),
        ("q=khong-co-tu-nay", 0),
        ("source=complaint", 1),
        ("source=audit", 0),
        ("severity=minor", 1),
        ("severity=major", 0),
        ("clause=8.5", 1),
        ("cause=none", 1),
        ("group=open", 1),
        ("group=closed", 0),
        ("group=recurring", 0),
        ("group=overdue", 0),
        ("year=1999", 0),
        ("group=none-such&unit=%00&page=99", 1),
    ],
)
def test_filters(world: World, query: str, number: int) -> None:
    report(world, clause="8.5.1")
    answer = log_in(world.hoa).get(f"{CARS}?{query}")
    assert answer.context["page_obj"].paginator.count == number
    assert answer.content.decode().count("<tr>") == (1 + number if number else 0)


def test_a_value_that_is_no_choice_is_told_of(world: World) -> None:
    report(world)
    answer = log_in(world.hoa).get(f"{CARS}?source=none-such&q=giay")
    assert answer.status_code == 400
    assert answer.context["page_obj"].paginator.count == 1
    assert 'value="giay"' in answer.content.decode()


def test_the_numbers_of_the_groups_keep_the_other_filters(world: World) -> None:
    report(world)
    records.car(world, "reissued")
    tabs = {tab.code: tab.number for tab in log_in(world.hoa).get(CARS).context["tabs"]}
    assert tabs == {"": 3, "open": 2, "overdue": 0, "recurring": 1, "closed": 0}
    tabs = {tab.code: tab.number for tab in log_in(world.hoa).get(f"{CARS}?source=audit").context["tabs"]}
    assert tabs == {"": 2, "open": 1, "overdue": 0, "recurring": 1, "closed": 0}


def test_a_page_has_twenty_lines_and_costs_the_same_for_one_and_for_many(world: World) -> None:
    client = log_in(world.hoa)
    report(world)
    with statements() as few:
        client.get(CARS)
    for _copy in range(24):
        report(world)
    with statements() as many:
        shown = client.get(CARS).content.decode()
    assert len(many) == len(few)
    assert shown.count('data-label="Số phiếu"') == 20
    assert "Trang 1/2" in shown


def test_hostile_words_stay_text(world: World) -> None:
    report(world, description="<script>alert(1)</script> & “thường”")
    shown = text(world.hoa, f"{CARS}?q=%3Cscript%3E")
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_home_has_cards_for_what_is_open_and_for_leaders_what_is_late(world: World) -> None:
    report(world)
    assert "phiếu khắc phục đang mở" in text(world.son, reverse("workflows:home"))
    assert "phiếu khắc phục quá hạn" not in text(world.son, reverse("workflows:home"))
    assert "phiếu khắc phục quá hạn" in text(world.quang, reverse("workflows:home"))
