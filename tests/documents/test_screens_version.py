"""The page of one version, and its pane in the inbox: what it changes, what is still missing, what may be done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from documents.models import DocumentVersion
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, statements, text, url_of
from workflows import engine

STEPS = [
    {"key": "s1", "name": "Tiếp nhận", "responsible": "Một cửa", "time": "1 giờ", "form": "BM.01"},
    {"key": "s3", "name": "Xin ý kiến", "responsible": "Chuyên viên", "time": "01 ngày", "form": ""},
]


def draft_of(world: World, state: str = "unit_review", **changes: object) -> DocumentVersion:
    """The revision of a procedure in force, on its way."""
    return factories.version(world, state, owner=factories.in_force(world).document, **changes)


def flat(page: str) -> str:
    return " ".join(page.split())


def test_changes_stand_by_section_row_and_word_with_cues_in_words(world: World) -> None:
    draft = draft_of(world, steps=STEPS, purpose="Thống nhất cách giải quyết mọi hồ sơ.")
    page = flat(text(world.minh, draft.get_absolute_url()))
    assert "Thay đổi so với bản 01/00 (Đang có hiệu lực)" in page
    assert '<ins><span class="visually-hidden">[thêm: </span>mọi <span class="visually-hidden">]</span></ins>' in page
    assert '<del><span class="visually-hidden">[bỏ: </span>½ ngày<span class="visually-hidden">]</span></del>' in page
    assert '<tr class="row-added">' in page
    assert "+ thêm" in page
    assert '<tr class="row-removed">' in page
    assert "− bỏ" in page
    assert "Bước 2: thêm “Xin ý kiến”" in page
    assert "Đã xem <strong data-seen-count>0/2</strong>" in page
    assert page.count("data-seen>") == 2
    assert "8 phần không đổi" in page


def test_only_a_new_legal_basis_is_said_to_be_that(world: World) -> None:
    factories.regulation("07/2025/NĐ-CP")
    basis = [{"key": "b1", "number": "07/2025/NĐ-CP", "issuer": "", "note": ""}]
    page = text(world.minh, draft_of(world, legal_basis=basis).get_absolute_url())
    assert "Chỉ căn cứ pháp lý thay đổi." in page


def test_a_first_version_has_nothing_to_compare_with(world: World) -> None:
    page = text(world.minh, factories.version(world, "unit_review").get_absolute_url())
    assert "Bản đầu tiên: toàn bộ là nội dung mới" in page


def test_the_base_is_what_it_will_follow(world: World) -> None:
    first = factories.in_force(world)
    second = factories.version(world, "approved", owner=first.document, fee="Thu 8.000 đồng.")
    today = timezone.localdate()
    second = engine.fire(second, "issue", by=world.van, decision_on=today, effective_from=today + timedelta(days=5))
    third = factories.version(world, "unit_review", owner=first.document, fee="Thu 9.000 đồng.")
    page = text(world.minh, third.get_absolute_url())
    assert "so với bản 01/01" in page
    assert "8.000" in page
    assert "so với bản 01/00" in text(world.minh, f"{second.get_absolute_url()}?tab=compare&against=previous")


def test_a_version_in_force_opens_with_its_text(world: World) -> None:
    shown = factories.in_force(world)
    page = text(world.son, shown.get_absolute_url())
    assert "5.4. Các bước thực hiện" in flat(page)
    assert "Sửa nội dung" not in page


def test_what_the_check_would_find_is_said_before(world: World) -> None:
    steps = [{"key": "s1", "name": "Thẩm tra", "responsible": "Phòng", "time": "09 ngày", "form": ""}]
    draft = factories.version(world, steps=steps, purpose="")
    page = flat(text(world.lan, draft.get_absolute_url()))
    assert "Còn 2 điểm chưa đạt khi thẩm tra" in page
    assert "quá thời hạn giải quyết 3 ngày" in page
    assert "Mục đích" in page
    sound = text(world.lan, factories.version(world).get_absolute_url())
    assert "Kiểm tra tự động đạt" in sound


@pytest.mark.parametrize(("name", "status"), [("son", 403), ("mai", 403), ("dung", 404), ("root", 404), ("hoa", 200)])
def test_a_draft_is_for_those_who_work_on_it(world: World, name: str, status: int) -> None:
    text(world.people[name], factories.version(world).get_absolute_url(), status)


def test_steps_are_offered_to_those_whose_turn_it_is_and_explained_to_the_others(world: World) -> None:
    draft = draft_of(world)
    page = text(world.minh, draft.get_absolute_url())
    assert "/agree/" in page
    other = text(world.lan, draft.get_absolute_url())
    assert "/agree/" not in other
    assert "/recall/" in other
    assert "Vì sao" in other


def test_the_drafter_is_led_to_the_editor(world: World) -> None:
    draft = factories.version(world)
    assert f"{draft.get_absolute_url()}edit/" in text(world.lan, draft.get_absolute_url())
    assert f"{draft.get_absolute_url()}edit/" not in text(world.hoa, draft.get_absolute_url())


def test_the_inbox_shows_the_redline_and_the_missing_points(world: World) -> None:
    draft = draft_of(world, steps=STEPS)
    page = flat(text(world.minh, url_of("inbox_item", draft)))
    assert "Thay đổi so với bản 01/00" in page
    assert "<ins>" in page
    assert "data-seen-count" in page
    assert "Kiểm tra tự động đạt" in page
    assert "documents/documents.css" in page


def test_texts_are_shown_and_never_run(world: World) -> None:
    draft = draft_of(world, purpose="<script>alert(1)</script> & <b>đậm</b>")
    for query in ("", "?tab=content"):
        page = text(world.minh, f"{draft.get_absolute_url()}{query}")
        assert "<script>alert" not in page
        assert "&lt;b&gt;đậm" in page or "&lt;script&gt;" in page


def test_statements_do_not_grow_with_the_content(world: World) -> None:
    basis = [{"key": f"b{n}", "number": f"{n}/2024/NĐ-CP", "issuer": "", "note": ""} for n in range(1, 24)]
    for row in basis:
        factories.regulation(row["number"])
    steps = [{**STEPS[0], "key": f"s{n}", "time": "1 giờ"} for n in range(1, 18)]
    counted = []
    for draft in (draft_of(world), draft_of(world, legal_basis=basis, steps=steps)):
        client = log_in(world.minh)
        client.get(draft.get_absolute_url())
        for query in ("", "?tab=content", "?tab=history"):
            with statements() as found:
                assert client.get(f"{draft.get_absolute_url()}{query}").status_code == 200
            counted.append(len(found))
    assert counted[:3] == counted[3:]
    assert max(counted) <= 16
