"""How states, deadlines and reasons are worded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from tests import factories
from tests.people import World
from workflows.models import CalendarException
from workflows.roles import Role

TODAY = date(2026, 3, 18)  # a Wednesday


def shown(source: str, **context: object) -> str:
    return Template("{% load machines %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("due", "said", "style"),
    [
        (date(2026, 3, 18), "hạn hôm nay", "due-soon"),
        (date(2026, 3, 19), "còn 1 ngày làm việc", "due-soon"),
        (date(2026, 3, 23), "còn 3 ngày làm việc", "due-soon"),
        (date(2026, 3, 24), "còn 4 ngày làm việc", "due "),
        (date(2026, 3, 17), "quá hạn 1 ngày làm việc", "due-late"),
        (date(2026, 3, 13), "quá hạn 3 ngày làm việc", "due-late"),
        (date(2027, 6, 1), "còn hơn một năm", "due "),
        (date(9999, 12, 31), "còn hơn một năm", "due "),
        (date(2020, 1, 1), "quá hạn hơn một năm", "due-late"),
    ],
)
@pytest.mark.django_db
def test_a_deadline_is_told_in_working_days_and_in_words(due: date, said: str, style: str) -> None:
    with time_machine.travel(f"{TODAY}T09:00:00+07:00", tick=False):
        html = shown("{% due_tag due %}", due=due)
    assert f"{due:%d/%m/%Y}" in html
    assert said in html
    assert style in html


@pytest.mark.django_db
def test_a_weekend_after_the_last_day_is_late_by_no_working_day() -> None:
    with time_machine.travel("2026-03-21T09:00:00+07:00", tick=False):
        assert "(quá hạn)" in shown("{% due_tag due %}", due=date(2026, 3, 20))
        assert "còn 0 ngày làm việc" in shown("{% due_tag due %}", due=date(2026, 3, 22))


@pytest.mark.django_db
def test_an_exception_moves_what_is_left() -> None:
    CalendarException.objects.create(day=TODAY + timedelta(days=1), is_working=False, reason="x")
    with time_machine.travel(f"{TODAY}T09:00:00+07:00", tick=False):
        assert "còn 1 ngày làm việc" in shown("{% due_tag due %}", due=date(2026, 3, 20))


def test_no_deadline_says_nothing() -> None:
    assert shown("{% due_tag due %}", due=None) == ""


def test_roles_in_words() -> None:
    assert shown("{{ code|role_name }}", code=Role.QMR.value) == "Đại diện lãnh đạo"
    assert shown("{{ code|role_name }}", code="clock") == "Hệ thống (theo lịch)"
    assert shown("{{ code|role_name }}", code="<b>") == "&lt;b&gt;"


def test_a_state_has_a_word_and_a_colour(world: World) -> None:
    html = shown("{% state_tag record %}", record=factories.version(world, "iso_check"))
    assert html == '<span class="tag tag-azure">Thư ký ISO thẩm tra</span>'


def test_titles_cannot_carry_markup(world: World) -> None:
    owner = factories.document(world, title="<script>alert(1)</script>")
    version = factories.version(world, "unit_review", owner=owner)
    from tests.workflows.screens import text, url_of  # noqa: PLC0415 - pages are needed here alone

    for address in ("/inbox/", url_of("inbox_item", version), url_of("act", version, "agree"), "/deeds/"):
        page = text(world.minh, address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_pages_speak_english_when_asked(world: World) -> None:
    with translation.override("en"):
        assert shown("{% due_tag due %}", due=date(2020, 1, 1))
