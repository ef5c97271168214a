"""Yearly reports: places to choose from, what outsiders do not read, one order everywhere, and ways to an end."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from capa.models import YearReport
from tests import factories
from tests.api.conftest import Caller, call
from tests.capa.test_year_reports import TEXTS, YEAR, begun, below, fresh, got, sent
from tests.people import World, person, seat
from tests.workflows.screens import log_in, text
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import Unit, User
from workflows.roles import Role

__all__ = ["below", "call"]


def test_who_writes_for_two_places_chooses(world: World) -> None:
    seat(world.minh, Role.ISO_SECRETARY, world.unit("xa"))
    client, division = log_in(world.minh), world.unit("hctp")
    page = client.get("/reports/new/").content.decode()
    assert page.index("Xã Bình Minh</option>") < page.index("Phòng Hành chính tư pháp</option>")
    assert str(world.unit("bttp")) not in page
    for wrong in ("", str(world.unit("bttp").pk), str(world.unit("nx").pk)):
        refused = client.post("/reports/new/", {"year": str(YEAR), "place": wrong})
        said = refused.content.decode()
        assert (refused.status_code, "Chọn nơi mà bạn lập báo cáo." in said, f'value="{YEAR}"' in said) == (
            400,
            True,
            True,
        )
    assert not YearReport.objects.exists()
    assert client.post("/reports/new/", {"year": str(YEAR), "place": str(division.pk)}).status_code == 302
    assert [(one.unit, one.level) for one in YearReport.objects.all()] == [(division, "unit")]
    assert client.post("/reports/new/", {"year": str(YEAR), "place": str(world.unit("xa").pk)}).status_code == 302
    assert set(YearReport.objects.values_list("level", flat=True)) == {"unit", "agency"}
    assert 'name="place"' not in log_in(world.hoa).get("/reports/new/").content.decode()


def test_a_report_that_lapsed_unsent_is_read_by_who_could_read_the_draft(
    world: World, below: list[Unit], call: Callable[[User | None], Caller]
) -> None:
    clerk = world.people["giupxa"] = person("giupxa")
    seat(clerk, Role.STAFF, below[0])
    draft = engine.fire(begun(below[0], world.thuky1), "write", by=world.thuky1, **TEXTS)
    url, expected = draft.get_absolute_url(), {"thuky1": 200, "truong1": 200, "dd1": 200, "giupxa": 403, "hoa": 403}
    for one in (draft, engine.fire(draft, "lapse", by=None, note="Cơ quan kết thúc")):
        for who, status in {**expected, "thuky2": 404, "dung": 404, "root": 404}.items():
            client = log_in(world.people[who])
            assert client.get(url).status_code == status, (one.state, who)
            assert client.get(f"{url}files/docx/").status_code == status, (one.state, who)
            assert call(world.people[who]).get(f"year_reports/{draft.pk}/").status_code == status, (one.state, who)
    assert set(YearReport.objects.visible_to(world.hoa)) == set(YearReport.objects.visible_to(clerk)) == set()


def test_a_report_that_lapsed_after_it_was_sent_is_read_as_it_was_sent(world: World, below: list[Unit]) -> None:
    found = sent(world, below[0], 1)
    engine.fire(got(found), "return", by=world.hoa, note="Thiếu")
    again = engine.fire(fresh(found), "write", by=world.thuky1, **TEXTS | {"budget": "Chưa ai được đọc"})
    again = engine.fire(again, "lapse", by=None, note="Cơ quan kết thúc")
    for who in ("hoa", "thuky1"):
        said = text(world.people[who], again.get_absolute_url())
        assert ("Thiếu người" in said, "Chưa ai" in said) == (True, False), who


def test_words_of_a_waiver_are_for_who_may_read_the_report_s_inside(
    world: World, below: list[Unit], call: Callable[[User | None], Caller]
) -> None:
    found = sent(world, below[0], 1)
    engine.fire(got(found), "return", by=world.hoa, note="Thiếu kinh phí")
    again = engine.fire(fresh(found), "write", by=world.thuky1, **TEXTS | {"budget": "Còn nợ lương"})
    again = engine.fire(again, "waive_gate", by=world.dd1, gate="review", note="Giám đốc bị kỷ luật")
    for who, inside in {"thuky1": True, "dd1": True, "truong1": True, "hoa": False, "cao": False}.items():
        user = world.people[who]
        pages = [text(user, again.get_absolute_url()), text(user, f"/records/year_report/{again.pk}/history/")]
        whole = call(user).get(f"moves/?stream={again.pk}")
        assert whole.status_code == 200
        for said in (*pages, str(whole.json())):
            assert ("Giám đốc bị kỷ luật" in said) == inside, who
            assert "Miễn một điều kiện" in said, who
            assert "Thiếu kinh phí" in said, "why it came back is for both"
            assert "SAI NỘI DUNG" not in said
        assert ("Còn nợ lương" in str(whole.json())) == inside, who
        assert ("Nội dung chỉ người lập" in pages[0]) != inside, who


def test_reports_below_stand_by_name_in_the_page_the_files_the_api_and_the_refusal(
    world: World, call: Callable[[User | None], Caller]
) -> None:
    names = {"Xã Số 10": 1, "Xã Ân Phú": 0, "Xã Số 9": 2}
    for number, (name, documents) in enumerate(names.items(), start=1):
        unit = Unit.objects.create(code=f"C{9 - number}", name=name, kind="commune", parent=world.unit("stp"))
        world.units[name] = unit
        for who, role in (("thuky", Role.ISO_SECRETARY), ("dd", Role.QMR), ("truong", Role.STEERING_HEAD)):
            world.people[f"{who}{number}"] = person(f"{who}{number}")
            seat(world.people[f"{who}{number}"], role, unit)
        for _copy in range(documents):
            factories.in_force(world, name)
        engine.fire(got(sent(world, unit, number)), "accept", by=world.hoa)
    mine, wanted = begun(world.unit("stp"), world.hoa), ["Xã Ân Phú", "Xã Số 9", "Xã Số 10"]
    with pytest.raises(GuardFailed) as caught:
        engine.fire(mine, "consolidate", by=world.hoa, totals={"documents": 5})
    assert caught.value.problems == ["Tài liệu đang có hiệu lực: 0 + 2 + 1 = 3, không phải 5."]
    places = [text(world.hoa, f"{mine.get_absolute_url()}consolidate/")]
    mine = engine.fire(mine, "consolidate", by=world.hoa)
    places.append(text(world.hoa, mine.get_absolute_url()))
    for page in places:
        listed = page[page.index("Báo cáo") :]
        assert sorted(wanted, key=lambda name: listed.index(f">{name}</a>")) == wanted
    told: Any = call(world.hoa).get(f"year_reports/{mine.pk}/").json()["told"]
    assert [row["unit"] for row in told["below"]] == [row["unit"] for row in mine.below] == wanted
    book = load_workbook(BytesIO(log_in(world.hoa).get(f"{mine.get_absolute_url()}files/xlsx/").content))
    assert [cell.value for cell in book["Cấp dưới"][1]][1:-1] == wanted


def test_nothing_below_is_said_in_a_sentence(world: World) -> None:
    mine = begun(world.unit("stp"), world.hoa)
    for totals in ({"documents": 0}, {"documents": 4}):
        with pytest.raises(GuardFailed) as caught:
            engine.fire(mine, "consolidate", by=world.hoa, totals=totals)
        assert caught.value.problems == [
            "Chưa có báo cáo cấp dưới nào được chấp nhận: không có gì để tổng hợp hay đối chiếu."
        ]
