"""People and seats: who holds what by which decision, now, before and to come; and no further than the wall."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from tests import factories
from tests.people import DECISION, World, person, seat
from tests.workflows.screens import log_in, statements, text
from workflows.models import Committee, User
from workflows.roles import Role


def url(user: User) -> str:
    return f"/people/{user.pk}/"


def test_the_committee_is_told_by_its_decision_and_every_seat_by_its_own(world: World) -> None:
    stp, today = world.unit("stp"), timezone.localdate()
    Committee.objects.create(
        agency=stp, decision_no="3/QĐ-CŨ", decision_on=date(2024, 1, 3), valid_from=date(2024, 1, 3), valid_to=today
    )
    past, future = person("xua"), person("mai-sau")
    seat(past, Role.QMR, stp, since=date(2024, 1, 3), until=date(2026, 1, 5))
    seat(future, Role.QMR, stp, since=today + timedelta(days=9))
    page = text(world.son, "/people/")
    for said in (
        f"Quyết định {DECISION} ngày 05/01/2026",
        "hiện hành",
        "3/QĐ-CŨ",
        "đã hết",
        "Quang",
        "Đại diện lãnh đạo",
    ):
        assert said in page
    context = log_in(world.son).get("/people/").context
    assert [one.user for one in context["future"]] == [future]
    assert [one.user for one in context["past"]] == [past]
    assert {one.user.username for _unit, rows in context["groups"] for one in rows} >= {"quang", "lan", "hung"}
    assert past not in {one.user for _unit, rows in context["groups"] for one in rows}


def test_the_chart_is_the_tree_with_the_people_of_today(world: World) -> None:
    chart = log_in(world.quang).get("/people/").context["chart"]
    assert chart.unit == world.unit("stp")
    below = {node.unit.code: {one.user.username for one in node.seats} for node in chart.below}
    assert set(below) == {"HCTP", "BTTP", "XA1"}
    assert below["BTTP"] == {"mai", "hung"}
    assert below["XA1"] == set()  # an agency of its own: its people stand on its own page
    assert {one.user.username for one in chart.seats} >= {"quang", "hoa", "tuan"}


def test_a_person_whose_account_is_closed_is_not_in_the_chart_of_today(world: World) -> None:
    answer = log_in(world.quang).get("/people/")
    assert "nghi" not in {one.user.username for one in answer.context["chart"].seats}
    assert "tài khoản đã ngừng" in answer.content.decode()


def test_agencies_below_can_be_chosen_foreign_ones_do_not_exist(world: World) -> None:
    assert "Xuan" in text(world.quang, "/people/?agency=XA1")
    text(world.quang, "/people/?agency=NX", 404)
    text(world.xuan, "/people/?agency=STP", 404)
    text(world.dung, "/people/?agency=STP", 404)
    assert "Lan" in text(world.cao, "/people/?agency=STP")
    text(world.root, "/people/")


def test_a_person_is_shown_with_seats_over_time_and_deeds(world: World) -> None:
    seat(world.lan, Role.SUPPORT_TEAM, world.unit("stp"), since=date(2025, 1, 1), until=date(2025, 6, 1))
    version = factories.version(world, "effective")
    page = text(world.son, url(world.lan))
    for said in ("Người soạn thảo", "đang giữ", "Tổ giúp việc", "đã thôi", "01/06/2025"):
        assert said in page
    assert version.document.title in text(world.quang, url(world.lan))


def test_what_a_person_did_to_a_draft_is_not_told_to_strangers(world: World) -> None:
    draft = factories.version(world, "draft")
    assert draft.document.title in text(world.quang, url(world.lan))
    assert draft.document.title not in text(world.son, url(world.lan))


def test_people_of_other_agencies_are_404(world: World) -> None:
    text(world.lan, url(world.dung), 404)
    text(world.dung, url(world.lan), 404)
    text(world.xuan, url(world.lan), 404)
    text(world.quang, url(world.xuan))
    text(world.lan, "/people/987654321/", 404)
    text(world.root, url(world.root))
    text(world.lan, url(world.root), 404)


def test_the_page_costs_the_same_however_many_seats(world: World) -> None:
    client = log_in(world.quang)
    client.get("/people/")
    with statements() as few:
        client.get("/people/")
    for number in range(20):
        seat(person(f"p{number}"), Role.STAFF, world.unit("hctp"))
    with statements() as many:
        client.get("/people/")
    assert len(few) == len(many) <= 12
