"""Programmes: who sees which, what a form keeps, and what the rounds leave uncovered."""

from __future__ import annotations

import pytest
from django.urls import reverse

from capa.models import Programme
from capa.services.coverage import of_programme, of_round
from tests.capa import records
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine

HOSTILE = "<script>alert(1)</script> & “ngoặc”"


def test_the_list_shows_programmes_by_year_and_the_button_to_who_may_start(world: World) -> None:
    owner = records.programme(world, "approved")
    shown = text(world.hoa, "/audits/")
    assert "Năm 2026" in shown
    assert owner.get_absolute_url() in shown
    assert "Lập chương trình" in shown
    assert "Lập chương trình" not in text(world.binh, "/audits/")
    assert owner.get_absolute_url() not in text(world.dung, "/audits/")


def test_a_draft_is_listed_for_insiders_only(world: World) -> None:
    owner = records.programme(world)
    assert owner.get_absolute_url() in text(world.binh, "/audits/")
    assert owner.get_absolute_url() not in text(world.son, "/audits/")
    text(world.son, owner.get_absolute_url(), 403)
    text(world.dung, owner.get_absolute_url(), 404)


def test_a_new_programme_is_drafted_through_the_door(world: World) -> None:
    answer = log_in(world.hoa).post("/audits/new/", {"year": "2026", "title": "Chương trình năm", "aim": "Theo KH 5"})
    made = Programme.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == made.get_absolute_url()
    assert (made.state, made.created_by, made.agency) == ("draft", world.hoa, world.unit("stp"))


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"year": "", "title": HOSTILE, "aim": "Mục đích"}, "Cần nhập: Năm"),
        ({"year": "1890", "title": HOSTILE, "aim": "Mục đích"}, "Năm phải từ 2000 đến 2100"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(world: World, sent: dict[str, str], wrong: str) -> None:
    answer = log_in(world.hoa).post("/audits/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert wrong in page
    assert "Mục đích" in page
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_same_title_in_a_year_is_refused_beside_its_field(world: World) -> None:
    records.programme(world)
    answer = log_in(world.hoa).post("/audits/new/", {"year": "2026", "title": "Chương trình năm", "aim": "Giữ lại"})
    assert answer.status_code == 400
    assert "Năm này đã có chương trình cùng tên" in answer.content.decode()
    assert "Giữ lại" in answer.content.decode()


def test_who_may_not_start_one_is_told_so(world: World) -> None:
    assert "không được lập chương trình" in text(world.binh, "/audits/new/", 403)


def test_editing_starts_from_what_is_written_and_tells_of_a_newer_version(world: World) -> None:
    owner = records.programme(world)
    url = reverse("capa:programme_edit", args=[owner.pk])
    assert 'value="Chương trình năm"' in text(world.hoa, url)
    seen = str(owner.row_version)
    engine.fire(owner, "edit", by=world.hoa, year=2026, title="Người khác sửa", aim="")
    sent = {"expected": seen, "year": "2026", "title": "Tôi sửa", "aim": "Kế hoạch"}
    answer = log_in(world.hoa).post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Tôi sửa"' in page
    assert "Người khác sửa" in page
    fresh = Programme.objects.get()
    again = log_in(world.hoa).post(url, {**sent, "expected": str(fresh.row_version)})
    assert again.status_code == 302
    assert Programme.objects.get().title == "Tôi sửa"
    assert text(world.quang, url, 403)


def test_gaps_are_said_in_words_and_shown(world: World) -> None:
    owner = records.programme(world)
    shown = text(world.hoa, owner.get_absolute_url())
    assert "Chưa có đợt nào đánh giá đơn vị:" in shown
    assert "Phòng Bổ trợ tư pháp" in shown
    assert "chưa đánh giá" in shown
    assert "Chưa có đợt nào đánh giá điều khoản:" in shown
    assert "Thêm đợt" in shown
    assert "Thêm đợt" not in text(world.binh, owner.get_absolute_url())


def test_a_cancelled_or_postponed_round_covers_nothing(world: World) -> None:
    found = records.audit_round(world, "planned")
    owner = found.programme
    assert world.unit("hctp") not in of_programme(owner, [found]).units_missing
    held = engine.fire(found, "postpone", by=world.hoa, note="Bận")
    assert world.unit("hctp") in of_programme(owner, [held]).units_missing


def test_a_finer_clause_covers_its_clause(world: World) -> None:
    owner = records.programme(world)
    one = records.plan(world, owner, ("bttp",), title="Đợt 2", clauses=["7.5.3", "8.5.1"])
    covered = of_round(one)
    assert [code for code, _label in covered.clauses] == ["7.5", "8.5"]
    assert covered.gaps == []
    assert "7.5" not in of_programme(owner, [one]).clauses_missing


def test_statements_do_not_grow_with_rounds(world: World) -> None:
    owner = records.programme(world, "approved")
    page, listed = owner.get_absolute_url(), "/audits/"
    client = log_in(world.hoa)
    client.get(page)
    with statements() as few:
        client.get(page)
    with statements() as few_listed:
        client.get(listed)
    for number in range(2, 6):
        records.plan(world, owner, ("hctp", "bttp"), title=f"Đợt {number}")
    with statements() as many:
        client.get(page)
    with statements() as many_listed:
        client.get(listed)
    assert len(many) == len(few)
    assert len(many_listed) == len(few_listed)
