"""Reporting a nonconformity: anybody with a seat; an error keeps what was typed."""

from __future__ import annotations

from typing import Any

from capa.models import Car
from tests.capa import records
from tests.people import World
from tests.real_data import naughty_strings
from tests.workflows.screens import log_in, text

NEW = "/cars/new/"


def typed(**changes: str) -> dict[str, str]:
    """What a person fills in."""
    return {"source": "self", "found_on": "05/03/2026", "description": "Bản in cũ còn ở quầy số 4"} | changes


def post(world: World, who: str, **changes: str) -> Any:
    return log_in(world.people[who]).post(NEW, typed(**changes))


def test_anybody_with_a_fit_seat_reports_and_lands_on_the_record(world: World) -> None:
    client = log_in(world.son)
    answer = client.post(NEW, typed(clause="7.5.3", concerns=str(world.unit("bttp").pk)))
    found = Car.objects.get()
    assert answer["Location"] == f"{found.get_absolute_url()}?saved=report"
    assert (found.state, found.unit, found.agency) == ("reported", world.unit("hctp"), world.unit("stp"))
    assert (f"{found.found_on:%d/%m/%Y}", found.clause, found.concerns) == ("05/03/2026", "7.5.3", world.unit("bttp"))
    assert "Thư ký ISO sẽ xem xét trước ngày" in client.get(answer["Location"]).content.decode()


def test_who_may_and_who_may_not(world: World) -> None:
    for who in ("son", "cua", "lan", "minh", "hoa", "tuan", "binh", "kiemtra", "xuan"):
        assert "Gửi báo cáo" in text(world.people[who], NEW)
    for who in ("root", "admin", "cao"):
        assert "Cần có vai trò trong cơ quan" in text(world.people[who], NEW, 403)


def test_every_error_is_beside_its_field_and_nothing_is_lost(world: World) -> None:
    long = "Nội dung <b>dài</b>\n" * 3
    answer = post(world, "son", found_on="31/02/2026", source="", description=long, evidence_text="Ảnh chụp")
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert not Car.objects.exists()
    assert 'value="31/02/2026"' in shown
    assert "Nội dung &lt;b&gt;dài&lt;/b&gt;" in shown
    assert "Ảnh chụp</textarea>" in shown
    assert 'href="#report_found_on"' in shown
    assert "data-bound" in shown


def test_the_doors_own_refusals_come_back_too(world: World) -> None:
    future = f"{records.in_days(3):%d/%m/%Y}"
    answer = post(world, "son", found_on=future)
    assert answer.status_code == 422
    assert "Ngày phát hiện không được ở tương lai" in answer.content.decode()
    answer = post(world, "son", clause="mười")
    assert answer.status_code == 400
    assert "Viết số điều khoản" in answer.content.decode()
    assert 'value="mười"' in answer.content.decode()
    assert not Car.objects.exists()


def test_units_and_documents_of_another_agency_are_no_choices(world: World) -> None:
    answer = post(world, "son", concerns=str(world.unit("nx1").pk))
    assert answer.status_code == 400
    assert not Car.objects.exists()


def test_twenty_thousand_letters_with_line_ends_are_kept_and_one_more_is_not(world: World) -> None:
    full = ("á" * 99 + "\n") * 199 + "á" * 100
    assert len(full) == 20_000
    answer = post(world, "son", description=full.replace("\n", "\r\n"))
    assert answer.status_code == 302
    assert Car.objects.get().description == full
    assert "á" * 99 in text(world.son, answer["Location"])
    again = post(world, "son", description=full + "á")
    assert again.status_code == 400
    assert full.splitlines()[-1] + "á" in again.content.decode()


def test_hostile_strings_never_break_the_page_and_never_become_markup(world: World) -> None:
    client = log_in(world.son)
    for said in ["<script>alert(1)</script>", *naughty_strings()[:120]]:
        answer = client.post(NEW, typed(description=said.encode(errors="replace").decode()))
        assert answer.status_code in (302, 400)
        page = answer if answer.status_code == 400 else client.get(answer["Location"])
        assert page.status_code in (200, 400)
        assert "<script>alert" not in page.content.decode()
