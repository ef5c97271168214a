"""The page of one document: printed content, versions with the revision sheet, history, and how a new one begins."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from documents.models import Document, DocumentVersion, ImpactItem, RegulationRelation
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine


def page_of(world: World, owner: Document, name: str = "son", query: str = "", status: int = 200) -> str:
    return text(world.people[name], f"{owner.get_absolute_url()}{query}", status)


def revised(world: World) -> DocumentVersion:
    """A document in its second version, revised because of a decree, both signed by four people."""
    first = factories.version(world, "effective")
    item = factories.impact(world)
    draft = engine.fire(engine.fire(item, "confirm", by=world.phuc), "open_revision", by=world.lan).revision
    assert draft is not None
    draft = engine.fire(draft, "edit", by=world.lan, content=factories.content(fee="Thu 8.000 đồng."), note="Thu phí")
    for _target, action, name in factories.PATH:
        by = world.people[name] if name else None
        draft = engine.fire(draft, action, by=by, **factories.answers(action))
    assert first.document != draft.document
    return draft


def test_the_version_in_force_is_printed_as_a_procedure(world: World) -> None:
    shown = factories.version(world, "effective")
    page = " ".join(page_of(world, shown.document).split())
    for heading in ("1. Mục đích", "2. Phạm vi", "5.4. Các bước thực hiện", "5.5. Căn cứ pháp lý", "7. Hồ sơ lưu"):
        assert heading in page
    for said in (
        "Sở Tư pháp tỉnh Sông Vàng",
        shown.document.code,
        "01/00",
        "½ ngày",
        "BM.01",
        "05 năm",
        "Không thu phí.",
    ):
        assert said in page
    assert "Còn hiệu lực" in page
    assert "Soạn thảo</strong>" in page
    for name in ("Lan", "Minh", "Hoa", "Quang", "Tuan", "Van"):
        assert name in page
    assert "12/QĐ-STP" in page


def test_dead_law_is_said_above_with_what_replaced_it(world: World) -> None:
    shown = factories.in_force(world)
    heir = factories.regulation("07/2025/NĐ-CP", effective_on=date(2025, 1, 9))
    RegulationRelation.objects.create(source=heir, kind="replaces", target=factories.regulation())
    page = " ".join(page_of(world, shown.document).split())
    assert "Bản này viện dẫn văn bản đã hết hiệu lực" in page
    assert "được thay bằng" in page
    assert heir.get_absolute_url() in page


def test_the_revision_sheet_names_change_ground_and_signatures(world: World) -> None:
    second = revised(world)
    page = " ".join(page_of(world, second.document, query="?tab=versions").split())
    assert "18/2026/NĐ-CP" in page
    assert "Thu phí" in page
    assert "Phí, lệ phí: Không thu phí. → Thu 8.000 đồng." in page
    assert "Bản đầu tiên." in page
    today = timezone.localdate()
    assert f"đến trước {today:%d/%m/%Y}" in page
    assert "<strong>Phê duyệt</strong>: Tuan" in page


def test_signatures_given_before_a_return_do_not_count(world: World) -> None:
    draft = factories.version(world, "iso_check")
    engine.fire(draft, "return", by=world.hoa, note="Thiếu biểu mẫu")
    page = text(world.lan, f"{draft.get_absolute_url()}?tab=content")
    assert "signatures" not in page
    engine.fire(draft, "submit", by=world.lan)
    page = text(world.lan, f"{draft.get_absolute_url()}?tab=content")
    assert "Lan" in page
    assert '<td data-label="Họ tên">Minh</td>' not in page


def test_the_history_says_who_did_what_in_which_role_by_which_decision(world: World) -> None:
    second = revised(world)
    page = " ".join(page_of(world, second.document, query="?tab=history").split())
    assert page.count("Phê duyệt</strong>") == 1
    assert "Trưởng Ban chỉ đạo ISO – Sở Tư pháp tỉnh Sông Vàng, theo 12/QĐ-STP" in page
    assert "bản 01/01" in page


def test_staff_sees_no_draft_on_the_page(world: World) -> None:
    shown = factories.in_force(world)
    draft = engine.fire(
        engine.fire(_item(world, shown), "confirm", by=world.phuc), "open_revision", by=world.lan
    ).revision
    assert draft is not None
    mine = page_of(world, shown.document, "lan")
    assert draft.get_absolute_url() in mine
    for query in ("", "?tab=versions", "?tab=history"):
        page = page_of(world, shown.document, "son", query)
        assert draft.get_absolute_url() not in page
        assert "Mở bản sửa đổi" not in page


def _item(world: World, cited: DocumentVersion) -> ImpactItem:
    campaign = factories.campaign(world)
    fresh = ImpactItem(
        campaign=campaign,
        regulation=campaign.regulation,
        document=cited.document,
        version=cited,
        agency=cited.agency,
        unit=cited.unit,
    )
    return engine.start(fresh, "detect", by=world.phuc)


def test_a_document_of_another_agency_does_not_exist(world: World) -> None:
    shown = factories.in_force(world)
    page_of(world, shown.document, "dung", status=404)
    page_of(world, shown.document, "root", status=404)


def test_a_document_that_is_only_a_draft_is_refused_with_the_reason(world: World) -> None:
    draft = factories.version(world)
    assert "chưa công bố" in page_of(world, draft.document, "son", status=403)
    assert "không có bản nào có hiệu lực" in page_of(world, draft.document, "lan")


def test_an_old_day_shows_the_version_of_that_day(world: World) -> None:
    shown = factories.in_force(world, since=date(2026, 1, 5))
    assert "không có bản nào có hiệu lực" in page_of(world, shown.document, query="?on=04/01/2026")
    assert "không phải là ngày" in page_of(world, shown.document, query="?on=32/13/2026", status=400)


def test_the_drafter_opens_a_revision_and_lands_in_the_editor(world: World) -> None:
    shown = factories.in_force(world)
    url = f"{shown.document.get_absolute_url()}revise/"
    assert "Mở bản sửa đổi" in page_of(world, shown.document, "lan")
    answer = log_in(world.lan).post(url, {"note": "Theo nghị định mới"})
    draft = DocumentVersion.objects.get(document=shown.document, state="draft")
    assert (draft.number, draft.change_note) == ("01/01", "Theo nghị định mới")
    assert answer["Location"] == f"{draft.get_absolute_url()}edit/"
    assert "Mở bản sửa đổi" not in page_of(world, shown.document, "lan")
    again = log_in(world.lan).post(url, {}, follow=True)
    assert "đang có một bản sửa đổi (01/01)" in again.content.decode()


@pytest.mark.parametrize(("name", "status"), [("son", 403), ("mai", 403), ("hoa", 302), ("dung", 404)])
def test_others_cannot_open_a_revision(world: World, name: str, status: int) -> None:
    shown = factories.in_force(world)
    answer = log_in(world.people[name]).post(f"{shown.document.get_absolute_url()}revise/", {})
    assert answer.status_code == status
    assert not DocumentVersion.objects.filter(state="draft").exists()
    if name != "dung":
        assert "Mở bản sửa đổi" not in page_of(world, shown.document, name)


def test_a_new_document_begins_with_its_identity(world: World) -> None:
    given = {
        "unit": world.unit("hctp").pk,
        "kind": "TTHC_PROC",
        "code": "QT 07/CX-HCTP",
        "title": "Đăng ký\n giám hộ",
        "field": "Hộ tịch",
        "note": "",
    }
    answer = log_in(world.lan).post("/documents/new/", given)
    made = Document.objects.get(code="QT 07/CX-HCTP")
    assert (made.title, made.unit) == ("Đăng ký giám hộ", world.unit("hctp"))
    assert answer["Location"] == f"{made.versions.get().get_absolute_url()}edit/"


def test_a_code_in_use_is_refused_in_any_spelling_and_nothing_typed_is_lost(world: World) -> None:
    factories.document(world, code="QT 07/CX-HCTP")
    given = {"unit": world.unit("hctp").pk, "kind": "TTHC_PROC", "code": "qt.07.cx.hctp", "title": "Đăng ký giám hộ"}
    answer = log_in(world.lan).post("/documents/new/", given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Mã hiệu này đã có trong cơ quan." in page
    assert 'value="qt.07.cx.hctp"' in page
    assert "Đăng ký giám hộ" in page


def test_the_secretary_is_offered_system_documents_alone(world: World) -> None:
    page = text(world.hoa, "/documents/new/")
    assert "SYS_PROC" in page
    assert "TTHC_PROC" not in page
    page = text(world.lan, "/documents/new/")
    assert "TTHC_PROC" in page
    assert "Phòng Bổ trợ tư pháp" not in page
    text(world.son, "/documents/new/", 403)
    foreign = {"unit": world.unit("nx1").pk, "kind": "TTHC_PROC", "code": "X", "title": "Y"}
    assert log_in(world.lan).post("/documents/new/", foreign).status_code == 400


def test_statements_do_not_grow_with_the_versions(world: World) -> None:
    owner = factories.in_force(world).document
    counted = []
    for number in (1, 5):
        for _version in range(number):
            factories.version(world, "cancelled", owner=owner)
        for query in ("", "?tab=versions", "?tab=history"):
            client = log_in(world.lan)
            client.get(owner.get_absolute_url())
            with statements() as found:
                client.get(f"{owner.get_absolute_url()}{query}")
            counted.append(len(found))
    assert counted[:3] == counted[3:]
    assert max(counted) <= 16
