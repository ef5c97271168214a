"""Yearly reports: what is shown to whom while one is written anew, what is taken up, and what the pages cost."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from capa.models import ReportContent, YearReport
from capa.services.telling import TOLD, in_order, told_of
from tests import factories
from tests.api.conftest import Caller, call
from tests.capa import records
from tests.capa.test_reviews import NUMBERS, listed
from tests.capa.test_year_reports import TEXTS, YEAR, begun, below, fresh, got, sent, waived
from tests.people import World, seat
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import Unit, User
from workflows.roles import Role

__all__ = ["below", "call"]


def readings(who: User, found: YearReport) -> tuple[str, int, str]:
    """The page, rows of the list behind the documents, and the workbook's texts."""
    url = found.get_absolute_url()
    page, behind = text(who, url), text(who, f"{url}behind/documents/")
    book = load_workbook(BytesIO(log_in(who).get(f"{url}files/xlsx/").content))
    said = " ".join(str(cell) for row in book["Nội dung"].iter_rows(values_only=True) for cell in row)
    paper = ZipFile(BytesIO(log_in(who).get(f"{url}files/docx/").content)).read("word/document.xml").decode()
    return page + said + paper, listed(behind), page


def test_what_is_written_anew_is_read_by_insiders_alone(
    world: World, below: list[Unit], call: Callable[[User | None], Caller]
) -> None:
    factories.in_force(world, "xa")
    found = sent(world, below[0], 1)
    engine.fire(got(found), "return", by=world.hoa, note="Thiếu kinh phí")
    factories.in_force(world, "xa")
    again = engine.fire(fresh(found), "write", by=world.thuky1, **TEXTS | {"budget": "Chưa ai được đọc"})
    again = engine.fire(again, "waive_gate", by=world.dd1, gate="review", note="Vẫn chưa họp")
    seats = {"thuky1": True, "truong1": True, "hoa": False, "quang": False, "cao": False}
    for state in ("returned", "proposed", "draft"):
        if state == "proposed":
            again = engine.fire(again, "propose", by=world.thuky1)
        if state == "draft":
            again = engine.fire(again, "withdraw", by=world.truong1, note="Sửa")
        assert again.state == state
        for who, inside in seats.items():
            said, rows, page = readings(world.people[who], again)
            assert (said.count("Chưa ai được đọc") == 3, "Chưa ai" in said) == (inside, inside), (state, who)
            assert (rows, ("documents", str(rows)) in by_key(page)) == (2 if inside else 1, True), (state, who)
            whole = call(world.people[who]).get(f"year_reports/{found.pk}/").json()
            assert (whole["told"]["frozen"], len(whole["waivers"])) == (not inside, 4 if inside else 3)
            assert ("Chưa ai" in str(whole)) == inside
        for who in ("thuky2", "dung", "root"):
            assert log_in(world.people[who]).get(found.get_absolute_url()).status_code == 404
        assert log_in(world.son).get(found.get_absolute_url()).status_code == 200
        assert "Chưa ai" not in text(world.son, found.get_absolute_url())
        receipt = text(world.hoa, got(found).get_absolute_url())
        assert ("Thiếu người" in receipt, "Chưa ai" in receipt) == (True, False)
        refused = log_in(world.hoa).post(f"/reports/{found.pk}/consolidate/", {"documents": "1"})
        assert refused.status_code == 403
    assert found.pk in set(YearReport.objects.visible_to(world.hoa).values_list("pk", flat=True))


def by_key(page: str) -> set[tuple[str, str]]:
    return {(url.split("/")[-2], number) for url, number in NUMBERS.findall(page)}


def department_sent(world: World) -> YearReport:
    mine = engine.fire(waived(begun(world.unit("stp"), world.hoa), world.quang), "write", by=world.hoa, **TEXTS)
    return engine.fire(engine.fire(mine, "propose", by=world.hoa), "submit", by=world.tuan, number="9/BC-STP")


def test_a_sent_list_names_to_others_only_what_they_may_read(world: World) -> None:
    car = records.car(world, "issued")
    factories.in_force(world, "hctp")
    mine = department_sent(world)
    url = mine.get_absolute_url()
    assert ("cars_raised", "1") in by_key(text(world.cao, url))
    for who, shown in (("hoa", True), ("tuan", True), ("minh", True), ("cao", False), ("mai", False)):
        page = text(world.people[who], f"{url}behind/cars_raised/")
        assert (str(car) in page, car.get_absolute_url() in page, listed(page)) == (shown, shown, 1), who
        assert ("chưa được xem" in page) != shown, who
        assert "Quy trình số" in text(world.people[who], f"{url}behind/documents/"), who
    for who in ("dung", "root"):
        assert log_in(world.people[who]).get(f"{url}behind/cars_raised/").status_code == 404


def test_a_unit_has_no_reports_below(world: World, below: list[Unit]) -> None:
    engine.fire(got(sent(world, below[0], 1)), "accept", by=world.hoa)
    part = begun(world.unit("hctp"), world.minh)
    assert (part.taken(), {one.below for one in told_of(part, records.in_days(0)).rows}) == ([], {0})
    assert str(below[0]) not in text(world.minh, part.get_absolute_url())
    assert [row["unit"] for row in begun(world.unit("stp"), world.hoa).taken()] == [str(below[0])]


def test_reports_taken_up_and_got_cost_the_same_for_more(
    world: World, below: list[Unit], call: Callable[[User | None], Caller]
) -> None:
    mine, hoa, api = begun(world.unit("stp"), world.hoa), log_in(world.hoa), call(world.hoa)
    costs = []
    for number, unit in enumerate(below, 1):
        engine.fire(got(sent(world, unit, number)), "accept", by=world.hoa)
        hoa.get(mine.get_absolute_url())
        with statements() as page:
            assert str(unit) in hoa.get(mine.get_absolute_url()).content.decode()
        with statements() as form:
            assert str(unit) in hoa.get(f"/reports/{mine.pk}/consolidate/").content.decode()
        with statements() as receipts:
            assert api.get("report_receipts/").json()["count"] == number
        with statements() as taken:
            assert len(mine.taken()) == number
        costs.append([len(one) for one in (page, form, receipts, taken)])
    assert costs[0] == costs[1]
    assert costs[0][-1] == 2


def test_totals_are_compared_with_what_is_taken_up(
    world: World, below: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (sent(world, unit, number) for number, unit in enumerate(below, 1))
    engine.fire(got(first), "accept", by=world.hoa)
    mine, read = begun(world.unit("stp"), world.hoa), YearReport.fresh

    def late(report: YearReport) -> Any:
        found = read(report)
        if got(second).state == "waiting":
            engine.fire(got(second), "accept", by=world.hoa)
        return found

    with pytest.raises(GuardFailed):
        engine.fire(mine, "consolidate", by=world.hoa, totals={"documents": 1})
    monkeypatch.setattr(YearReport, "fresh", late)
    mine = engine.fire(mine, "consolidate", by=world.hoa, totals={"documents": 0})
    assert [row["unit"] for row in mine.below] == [str(below[0])]
    assert (fresh(first).state, fresh(second).state) == ("consolidated", "accepted")
    engine.fire(mine, "consolidate", by=world.hoa)
    with pytest.raises(GuardFailed):
        engine.fire(mine, "consolidate", by=world.hoa, totals={})


def test_whoever_wrote_or_proposed_a_report_does_not_accept_it(world: World, below: list[Unit]) -> None:
    found = sent(world, below[0], 1)
    for who in ("thuky1", "truong1"):
        seat(world.people[who], Role.ISO_SECRETARY, world.unit("stp"))
        with pytest.raises(GuardFailed):
            engine.fire(got(found), "accept", by=world.people[who])
    engine.fire(got(found), "accept", by=world.hoa)


def test_a_sender_that_moves_is_no_longer_held_by_its_old_parent(world: World, below: list[Unit]) -> None:
    found = sent(world, below[0], 1)
    receipt = got(found)
    engine.fire(receipt, "return", by=world.hoa, note="Thiếu")
    above = world.unit("tinh")
    Unit.objects.filter(pk=below[0].pk).update(parent=above, path=f"{above.path}{below[0].pk}/")
    again = engine.fire(fresh(found), "write", by=world.thuky1, **TEXTS | {"budget": "Cho nơi nhận mới"})
    again = engine.fire(engine.fire(again, "propose", by=world.thuky1), "submit", by=world.truong1, number="2/BC")
    assert (got(found).state, got(found).agency) == ("lapsed", world.unit("stp"))
    assert "Cho nơi nhận mới" not in text(world.hoa, receipt.get_absolute_url())
    assert log_in(world.hoa).get(found.get_absolute_url()).status_code == 404
    assert engine.fire(again, "confirm", by=world.thuky1, number="7/CV").state == "accepted"


def test_a_report_that_lapsed_unsent_keeps_its_lists(world: World, below: list[Unit]) -> None:
    factories.in_force(world, "xa")
    found = engine.fire(begun(below[0], world.thuky1), "lapse", by=None, note="Cơ quan kết thúc")
    assert listed(text(world.thuky1, f"{found.get_absolute_url()}behind/documents/")) == 1


def test_numbers_keep_the_order_of_the_table(world: World, below: list[Unit]) -> None:
    kept = ReportContent.objects.get(report=sent(world, below[0], 1))
    counts = {"of_old": {"label": "Cũ", "rows": []}, **dict(sorted(kept.body["counts"].items()))}
    assert in_order(counts) == [*(one.key for one in TOLD), "of_old"]


def test_two_begun_at_once_and_a_form_without_its_version(
    world: World, below: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = begun(below[0], world.thuky1)
    client, url = log_in(world.thuky1), f"/reports/{mine.pk}/consolidate/"
    for expected in ("", "x"):
        page = client.post(url, {"expected": expected, "documents": "12"})
        said = page.content.decode()
        assert (page.status_code, 'value="12"' in said, "tải lại trang" in said) == (400, True, True)
        assert f'name="expected" value="{mine.row_version}"' in said
    monkeypatch.setattr(YearReport, "clean_answers", lambda self, step, answers: answers)
    page = client.post("/reports/new/", {"year": str(YEAR)})
    assert (page.status_code, f'value="{YEAR}"' in page.content.decode()) == (409, True)
    assert "Đơn vị đã có báo cáo của năm này." in page.content.decode()
    assert YearReport.objects.count() == 1
