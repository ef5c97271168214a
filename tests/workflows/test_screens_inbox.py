"""The inbox: who sees what waits on whom, in how many statements, and where the next thing to do is."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from documents.models import DocumentVersion
from tests import factories
from tests.people import World, seat
from tests.workflows.screens import log_in, many_drafts, statements, text, url_of
from workflows import desk, engine
from workflows.models import Record, User
from workflows.roles import Role

pytestmark = pytest.mark.once

INBOX = "/inbox/"
HTMX = {"HX-Request": "true"}


def tabs_with(world: World, who: str, record: Record) -> set[str]:
    """Tabs of a person's inbox in which a record stands."""
    address = url_of("inbox_item", record)
    return {tab for tab in desk.TABS if address in text(world.people[who], f"{INBOX}?tab={tab}")}


def test_a_line_says_what_where_by_whom_since_when_and_until_when(world: World) -> None:
    version = factories.version(world, "iso_check")
    page = text(world.hoa, INBOX)
    for said in (version.document.code, version.document.title, "Thư ký ISO thẩm tra", "Minh: Đồng ý", "ngày làm việc"):
        assert said in page
    assert f"{timezone.localtime(version.entered_at):%d/%m/%Y %H:%M}" in page
    assert f"{version.due_on:%d/%m/%Y}" in page


def test_each_tab_holds_its_own(world: World) -> None:
    version = factories.version(world, "iso_check")
    expected = {"hoa": {"waiting"}, "lan": {"mine", "done"}, "minh": {"done"}, "quang": set(), "dung": set()}
    assert {who: tabs_with(world, who, version) for who in expected} == expected
    version = engine.fire(version, "return", by=world.hoa, note="Thiếu")
    expected = {"hoa": {"done"}, "lan": {"waiting", "mine", "done"}, "minh": {"done"}}
    assert {who: tabs_with(world, who, version) for who in expected} == expected
    version = engine.fire(version, "abandon", by=world.lan, note="Thôi")
    assert tabs_with(world, "lan", version) == {"done"}


def test_a_record_acted_on_twice_is_listed_once_with_the_latest_deed(world: World) -> None:
    version = engine.fire(factories.version(world, "unit_review"), "recall", by=world.lan, note="Sửa thêm")
    page = text(world.lan, f"{INBOX}?tab=done")
    assert page.count(url_of("inbox_item", version)) == 2  # href and hx-get of one line
    assert "Bạn đã “Thu hồi bản trình”" in page


def late_at(world: World, hour: int) -> DocumentVersion:
    """A version that came to the unit head at an hour of one day of the committee's first weeks."""
    draft = factories.version(world, "draft")
    return engine.fire(draft, "submit", by=world.lan, now=datetime(2026, 1, 12, hour, tzinfo=UTC))


def test_what_is_late_is_said_filtered_and_counted(world: World) -> None:
    fresh, late = factories.version(world, "unit_review"), late_at(world, 3)
    everything, filtered = text(world.minh, INBOX), text(world.minh, f"{INBOX}?late=1")
    assert "quá hạn" in everything
    assert url_of("inbox_item", fresh) in everything
    assert url_of("inbox_item", late) in filtered
    assert url_of("inbox_item", fresh) not in filtered
    numbers = desk.numbers(world.minh)
    assert (numbers.waiting["version"], numbers.late["version"]) == (2, 1)


def test_leaders_see_what_is_late_in_their_agency_by_unit(world: World) -> None:
    late, place = late_at(world, 3), world.unit("hctp")
    for who in ("hoa", "quang", "tuan"):
        assert tabs_with(world, who, late) == {"late"}
        assert desk.numbers(world.people[who]).units == {(place.pk, place.name): 1}
    assert url_of("inbox_item", late) in text(world.quang, f"{INBOX}?tab=late&unit={place.pk}")
    other = text(world.quang, f"{INBOX}?tab=late&unit={world.unit('bttp').pk}")
    assert url_of("inbox_item", late) not in other
    for who in ("lan", "minh", "son", "dung", "cao"):
        assert tabs_with(world, who, late) & {"late"} == set()
        assert desk.numbers(world.people[who]).units == {}


def test_kinds_are_chips_only_where_there_are_two(world: World) -> None:
    factories.version(world, "leader_review")
    assert "kind=version" not in text(world.quang, INBOX)
    item = factories.impact(world, "screening")
    page = text(world.quang, INBOX)
    assert "kind=version" in page
    assert "kind=impact" in page
    only = text(world.quang, f"{INBOX}?kind=version")
    assert url_of("inbox_item", item) not in only


@pytest.mark.parametrize(
    "query", ["tab=no&kind=no&late=x&unit=x&page=x", "page=-1", "unit=99999999999999999999", "page=²"]
)
def test_a_query_that_says_nothing_is_no_error(world: World, query: str) -> None:
    assert text(world.lan, f"{INBOX}?{query}")


@pytest.mark.parametrize("query", ["", "?tab=mine", "?tab=done", "?tab=late", "?late=1", "?kind=version"])
def test_the_whole_page_costs_the_same_at_3_and_at_300_records(world: World, query: str) -> None:
    seat(world.lan, Role.QMR, world.unit("stp"))
    client = log_in(world.lan)
    many_drafts(world, 3)
    client.get(INBOX + query)  # the calendar and the content types are loaded once per process
    with statements() as few:
        client.get(INBOX + query)
    many_drafts(world, 297)
    with statements() as many:
        client.get(INBOX + query)
    assert len(few) == len(many)


@pytest.mark.parametrize("who", ["lan", "minh", "hoa", "quang", "tuan", "van", "phuc", "dung"])
def test_the_list_costs_six_statements_at_most(world: World, who: str) -> None:
    factories.version(world, "draft")
    factories.impact(world)
    for tab in desk.TABS:
        fresh = User.objects.get(pk=world.people[who].pk)
        with statements() as run:
            desk.lines(fresh, desk.Look(tab=tab), counted=desk.numbers(fresh))
        assert len(run) <= 6, (tab, run)


def test_more_than_a_page_can_be_paged(world: World) -> None:
    many_drafts(world, desk.PAGE + 7)
    client = log_in(world.lan)
    assert len(client.get(INBOX).context["queue"]["lines"]) == desk.PAGE
    assert len(client.get(f"{INBOX}?page=2").context["queue"]["lines"]) == 7
    assert len(client.get(f"{INBOX}?page=99").context["queue"]["lines"]) == 7


def test_the_pane_alone_for_htmx_and_the_whole_page_without(world: World) -> None:
    version = factories.version(world, "unit_review")
    client, address = log_in(world.minh), url_of("inbox_item", version)
    pane, page = client.get(address, headers=HTMX), client.get(address)
    assert b"<html" not in pane.content
    assert b"<html" in page.content
    for answer in (pane, page):
        assert version.document.title in answer.content.decode()
        assert url_of("act", version, "agree") in answer.content.decode()
    restored = client.get(address, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert b"<html" in restored.content


def test_the_pane_says_whose_turn_it_is_and_how_far_it_is(world: World) -> None:
    page = text(world.lan, url_of("inbox_item", factories.version(world, "iso_check")))
    assert "Thư ký ISO (Hoa)" in page
    assert "Bước 3/8" in page


def test_an_empty_seat_is_said_because_the_record_is_stuck(world: World) -> None:
    version = factories.version(world, "iso_check")
    world.hoa.seats.get().delete()
    assert "Thư ký ISO (hôm nay chưa ai giữ)" in text(world.lan, url_of("inbox_item", version))


def test_a_foreign_record_is_404_and_an_unreadable_one_403_with_the_reason(world: World) -> None:
    draft = factories.version(world, "draft")
    address = url_of("inbox_item", draft)
    for who in ("dung", "xuan", "root"):
        text(world.people[who], address, 404)
    for who in ("son", "binh", "mai", "cao"):
        refused = text(world.people[who], address, 403)
        assert "Hồ sơ này chưa công bố" in refused
        assert draft.document.title not in refused
    text(world.lan, f"/inbox/no_such/{draft.pk}/", 404)
    text(world.lan, f"/inbox/version/{uuid4()}/", 404)


def test_after_an_act_the_next_in_the_queue_opens(world: World) -> None:
    first, second, third = (late_at(world, hour) for hour in (1, 2, 3))
    client = log_in(world.minh)
    following = client.get(f"{url_of('inbox_item', second)}?at=1").context["next_url"]

    def agree(version: DocumentVersion) -> tuple[str, str]:
        given = {"expected": version.row_version, "next": following}
        answer = client.post(url_of("act", version, "agree"), given, follow=True)
        return answer.redirect_chain[-1][0], answer.content.decode()

    place, page = agree(second)
    assert place == f"{url_of('inbox_item', third)}?at=1"
    assert "Đã thực hiện “Đồng ý”" in page
    assert agree(third)[0] == f"{url_of('inbox_item', first)}?at=0"
    place, page = agree(first)
    assert place == INBOX
    assert "Không còn việc nào" in page


def test_the_inbox_needs_a_log_in(client: Client) -> None:
    answer = client.get(INBOX)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/accounts/login/")
