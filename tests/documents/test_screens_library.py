"""The library: what is in force by unit and kind, found in any spelling, and what nobody else may see."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from documents.models import RegulationRelation
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.models import User

URL = "/documents/"


def listed(user: User, query: str = "", status: int = 200) -> str:
    return text(user, f"{URL}?{query}", status)


def kill(number: str, heir: str = "07/2025/NĐ-CP") -> None:
    """Let an act be replaced, as of last year, by another."""
    source = factories.regulation(heir, effective_on=date(2025, 1, 9))
    RegulationRelation.objects.create(source=source, kind="replaces", target=factories.regulation(number))


def test_documents_stand_by_unit_and_kind_and_drafts_do_not(world: World) -> None:
    shown, other = factories.in_force(world), factories.in_force(world, "bttp")
    draft = factories.version(world)
    page = listed(world.son)
    assert "Phòng Hành chính tư pháp · Quy trình thủ tục hành chính" in page
    assert "Phòng Bổ trợ tư pháp · Quy trình thủ tục hành chính" in page
    assert shown.document.title in page
    assert other.document.title in page
    assert draft.document.title not in page
    assert "2 tài liệu" in page


def test_the_other_tab_shows_what_is_under_way_to_those_who_may_see_it(world: World) -> None:
    draft = factories.version(world)
    review = factories.version(world, "unit_review")
    mine = listed(world.lan, "tab=drafts")
    assert draft.document.title in mine
    assert "Trưởng đơn vị kiểm tra" in mine
    assert review.document.title not in listed(world.lan, "tab=drafts&state=draft")
    assert draft.document.title in listed(world.lan, "tab=drafts&mine=1")
    assert draft.document.title not in listed(world.minh, "tab=drafts&mine=1")
    for outsider in (world.son, world.mai, world.dung):
        assert draft.document.title not in listed(outsider, "tab=drafts")


@pytest.mark.parametrize(
    "q",
    ["dang ky ket hon", "ĐĂNG KÝ KẾT HÔN", "hôn kết", "hộ tịch", "QT 01/CX-HCTP", "qt.01.cx.hctp", "QT01CXHCTP"],
)
def test_a_document_is_found_in_any_spelling(world: World, q: str) -> None:
    facts = {"title": "Thủ tục đăng ký kết hôn", "code": "QT 01/CX-HCTP", "field": "Hộ tịch"}
    owner = factories.document(world, **facts)
    factories.version(world, "effective", owner=owner)
    factories.in_force(world, "bttp")
    page = listed(world.son, f"q={quote(q)}")
    assert "Thủ tục đăng ký kết hôn" in page
    assert "1 tài liệu" in page


@pytest.mark.parametrize("q", ["18/2026/NĐ-CP", "18/2026/nd-cp", "018/2026/NĐ–CP", "nghị định số 18/2026/NĐ-CP"])
def test_a_legal_number_finds_what_cites_it(world: World, q: str) -> None:
    factories.regulation("18/2026/NĐ-CP")
    basis = [{"key": "b1", "number": "18/2026/NĐ-CP", "issuer": "", "note": ""}]
    cited = factories.in_force(world, legal_basis=basis)
    factories.in_force(world, "bttp")
    page = listed(world.son, f"q={quote(q)}")
    assert cited.document.title in page
    assert "1 tài liệu" in page


def test_hits_with_their_marks_come_first_under_their_own_heading(world: World) -> None:
    for title in ("Sử dụng con dấu", "Sử dung con dấu"):
        factories.version(world, "effective", owner=factories.document(world, title=title))
    page = listed(world.son, f"q={quote('sử dụng')}")
    exact, folded = page.index("Khớp với từ đã gõ"), page.index("Khớp khi bỏ dấu")
    assert exact < page.index("Sử dụng con dấu") < folded < page.index("Sử dung con dấu")


def test_filters_narrow_the_list(world: World) -> None:
    here = factories.in_force(world)
    there = factories.in_force(world, "bttp")
    page = listed(world.son, f"unit={there.unit_id}")
    assert there.document.title in page
    assert here.document.title not in page
    assert here.document.title not in listed(world.son, "kind=SYS_PROC")
    assert here.document.title in listed(world.son, "kind=TTHC_PROC")
    listed(world.son, "kind=nothing", 400)
    listed(world.son, "unit=-1", 400)


def test_an_old_day_shows_what_was_in_force_then(world: World) -> None:
    old = factories.in_force(world, since=date(2026, 1, 5))
    today = timezone.localdate()
    before = listed(world.son, "on=04/01/2026")
    assert old.document.title not in before
    assert "Bạn đang xem quá khứ, theo ngày 04/01/2026, không phải hôm nay." in before
    assert old.document.title in listed(world.son, "on=05/01/2026")
    assert "không phải hôm nay" not in listed(world.son, f"on={today:%d/%m/%Y}")


def test_a_day_that_is_none_is_told_and_kept(world: World) -> None:
    page = listed(world.son, "on=31/02/2026", 400)
    assert "Không phải là ngày" in page
    assert 'value="31/02/2026"' in page


def test_a_version_waiting_for_its_day_has_a_place_of_its_own(world: World) -> None:
    waiting = factories.version(world, "approved")
    today = timezone.localdate()
    engine.fire(waiting, "issue", by=world.van, decision_on=today, effective_from=today + timedelta(days=9))
    assert waiting.document.title not in listed(world.son)
    page = listed(world.son, "state=issued")
    assert waiting.document.title in page
    assert waiting.get_absolute_url() in page


def test_dead_law_shows_in_red_with_its_number(world: World) -> None:
    stale, sound = factories.in_force(world), factories.in_force(world, "bttp", legal_basis=[])
    assert "viện dẫn văn bản hết hiệu lực" not in listed(world.son, "q=quy")
    kill(factories.LAW)
    page = listed(world.son)
    assert f"viện dẫn văn bản hết hiệu lực: {factories.LAW}" in " ".join(page.split())
    only = listed(world.son, "state=stale")
    assert stale.document.title in only
    assert sound.document.title not in only


def test_another_agency_is_not_there_at_all(world: World) -> None:
    shown = factories.in_force(world)
    for query, status in (("", 200), (f"q={shown.document.code}", 200), (f"unit={shown.unit_id}", 400)):
        page = listed(world.dung, query, status)
        assert shown.document.title not in page
        assert "0 tài liệu" in page


def test_the_province_above_sees_documents_with_their_agency(world: World) -> None:
    shown = factories.in_force(world)
    factories.in_force(world, "xa")
    page = listed(world.cao)
    assert shown.document.title in page
    assert "Phòng Hành chính tư pháp – Sở Tư pháp tỉnh Sông Vàng" in page


def test_statements_do_not_grow_with_the_shelf(world: World) -> None:
    counted = []
    kill(factories.LAW)
    for number in (3, 57):
        for _each in range(number):
            factories.in_force(world)
        client = log_in(world.son)
        client.get(URL)
        with statements() as found:
            assert client.get(URL).status_code == 200
        counted.append(len(found))
    assert counted[0] == counted[1]
    assert counted[0] <= 15
    assert "Trang 1/2" in listed(world.son)
    assert "Quy trình số" in listed(world.son, "page=2")


def test_the_overview_counts_by_unit_and_opens_the_lists(world: World) -> None:
    first = factories.in_force(world)
    factories.in_force(world)
    factories.in_force(world, "bttp")
    page = listed(world.son)
    assert f"?unit={first.unit_id}" in page
    assert "<strong>2</strong>" in page
    assert "Theo đơn vị và loại" not in listed(world.son, "q=quy")
