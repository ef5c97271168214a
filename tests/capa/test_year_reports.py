"""Yearly reports: told from the records, sent up, looked at there, added up; and who sees nothing of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from capa.models import ReportContent, ReportReceipt, YearReport
from capa.services.isoyear import year_of
from capa.services.known import Place
from capa.services.passing import reports_tick
from capa.services.telling import TOLD, told_of
from capa.shapes import digest
from notifications.deliver import deliver
from notifications.models import Notice
from tests import factories
from tests.api.conftest import Caller, call
from tests.capa import records, yearly
from tests.capa.test_reviews import NUMBERS, listed
from tests.people import World, person, seat
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn, SameHand, WorkflowError
from workflows.models import Unit, User
from workflows.roles import Role

__all__ = ["call"]
YEAR = yearly.YEAR
TEXTS: dict[str, Any] = {
    "training": "Hai lớp",
    "budget": "",
    "difficulties": "Thiếu người",
    "proposals": "Thêm người",
}


@pytest.fixture
def below(world: World) -> list[Unit]:
    """Two communes below the department, each with secretary, QMR and head."""
    found = [world.unit("xa")]
    found.append(Unit.objects.create(code="XA2", name="Xã Số Hai", kind="commune", parent=world.unit("stp")))
    for number, unit in enumerate(found, start=1):
        for name, role in (("thuky", Role.ISO_SECRETARY), ("dd", Role.QMR), ("truong", Role.STEERING_HEAD)):
            world.people[f"{name}{number}"] = person(f"{name}{number}")
            seat(world.people[f"{name}{number}"], role, unit)
    return found


def begun(unit: Unit, by: User, year: int = YEAR) -> YearReport:
    return engine.start(YearReport(agency=unit.agency, unit=unit), "draft", by=by, year=year)


def waived(found: YearReport, by: User) -> YearReport:
    for gate in ("objectives", "review", "publication"):
        found = engine.fire(found, "waive_gate", by=by, gate=gate, note="Mới thành lập")
    return found


def sent(world: World, unit: Unit, number: int) -> YearReport:
    """A commune's report with the department."""
    clerk = world.people[f"thuky{number}"]
    found = engine.fire(begun(unit, clerk), "write", by=clerk, **TEXTS)
    found = engine.fire(waived(found, world.people[f"dd{number}"]), "propose", by=clerk)
    return engine.fire(found, "submit", by=world.people[f"truong{number}"], number=f"{number}/BC-UBND")


def got(found: YearReport) -> ReportReceipt:
    return ReportReceipt.objects.get(report=found)


def fresh(found: YearReport) -> YearReport:
    return YearReport.objects.get(pk=found.pk)


def test_sent_returned_sent_again_accepted_and_taken_up(world: World, below: list[Unit]) -> None:
    factories.in_force(world, "xa")
    found = sent(world, below[0], 1)
    receipt = got(found)
    assert (found.state, receipt.state, receipt.agency) == ("submitted", "waiting", world.unit("stp"))
    assert list(ReportReceipt.objects.waiting_on(world.hoa.seats_held())) == [receipt]
    assert not ReportReceipt.objects.waiting_on(world.thuky1.seats_held())
    with pytest.raises(BadAnswer):
        engine.fire(receipt, "return", by=world.hoa, note="")
    engine.fire(receipt, "return", by=world.hoa, note="Thiếu kinh phí")
    back = fresh(found)
    assert (back.state, back.due_on is not None) == ("returned", True)
    assert list(YearReport.objects.waiting_on(world.thuky1.seats_held())) == [back]
    back = engine.fire(back, "write", by=world.thuky1, **TEXTS | {"budget": "10 triệu đồng"})
    back = engine.fire(engine.fire(back, "propose", by=world.thuky1), "submit", by=world.truong1, number="2/BC")
    assert (got(back).state, ReportReceipt.objects.count(), back.contents.count()) == ("waiting", 1, 2)
    engine.fire(got(back), "accept", by=world.hoa)
    assert fresh(found).state == "accepted"
    mine = engine.fire(begun(world.unit("stp"), world.hoa), "consolidate", by=world.hoa, totals={"documents": 1})
    assert (fresh(found).state, got(found).state) == ("consolidated", "consolidated")
    assert [row["unit"] for row in mine.below] == [str(below[0])]


def test_totals_are_the_sums_or_they_are_refused(world: World, below: list[Unit]) -> None:
    for unit in ("xa", "xa", "hctp"):
        factories.in_force(world, unit)
    mine = begun(world.unit("stp"), world.hoa)
    with pytest.raises(GuardFailed) as caught:
        engine.fire(mine, "consolidate", by=world.hoa)
    assert "Không có báo cáo cấp dưới" in caught.value.said
    reports = [sent(world, unit, number) for number, unit in enumerate(below, 1)]
    for one in reports:
        engine.fire(got(one), "accept", by=world.quang)
    with pytest.raises(GuardFailed) as caught:
        engine.fire(mine, "consolidate", by=world.hoa, totals={"documents": 3, "rounds": 0, "no_such": 1})
    assert list(caught.value.problems) == [
        "Tài liệu đang có hiệu lực: 2 + 0 = 2, không phải 3.",
        "Không có dòng “no_such” trong báo cáo.",
    ]
    assert {fresh(one).state for one in reports} == {"accepted"}
    for wrong in ([1], {"documents": "2"}, {"documents": -1}, {"documents": True}):
        with pytest.raises(BadAnswer):
            engine.fire(mine, "consolidate", by=world.hoa, totals=wrong)
    mine = engine.fire(mine, "consolidate", by=world.hoa, totals={"documents": 2})
    rows = {one.key: one for one in told_of(mine, records.in_days(0)).rows}
    assert (rows["documents"].own, rows["documents"].below, rows["documents"].total) == (1, 2, 3)
    mine = engine.fire(waived(mine, world.quang), "write", by=world.hoa, **TEXTS)
    mine = engine.fire(engine.fire(mine, "propose", by=world.hoa), "submit", by=world.tuan, number="9/BC-STP")
    kept = ReportContent.objects.get(report=mine)
    assert kept.totals["documents"] == 3
    assert (kept.sha256, kept.as_of) == (digest(kept.body), records.in_days(0))
    assert got(mine).agency == world.unit("tinh")
    factories.in_force(world, "hctp")
    assert {one.key: one.total for one in told_of(mine, records.in_days(0)).rows}["documents"] == 3


def test_gates_of_the_year(world: World, below: list[Unit]) -> None:
    place = Place(world.unit("stp"), records.in_days(0), YEAR)
    assert year_of(place)[-1].found.state == "not_started"
    mine = begun(world.unit("stp"), world.hoa)
    assert year_of(place)[-1].found.state == "under_way"
    with pytest.raises(GuardFailed) as caught:
        engine.fire(mine, "propose", by=world.hoa)
    starts = [line.split(" ")[0] for line in caught.value.problems]
    assert starts == ["Chưa", "Mục", "Xem", "Cơ"]
    mine = engine.fire(mine, "write", by=world.hoa, **TEXTS)
    yearly.objectives(world, "approved")
    yearly.review(world, "conclusions_issued")
    with pytest.raises(GuardFailed) as caught:
        engine.fire(mine, "propose", by=world.hoa)
    assert caught.value.problems == ["Cơ quan chưa có công bố đang có giá trị."]
    with pytest.raises(WorkflowError):
        engine.fire(mine, "waive_gate", by=world.hoa, gate="publication", note="Không")
    mine = engine.fire(mine, "waive_gate", by=world.quang, gate="publication", note="Đang công bố lại")
    other = sent(world, below[0], 1)
    with pytest.raises(GuardFailed) as caught:
        engine.fire(mine, "propose", by=world.hoa)
    assert "Còn 1 báo cáo cấp dưới chưa xem" in caught.value.said
    engine.fire(got(other), "accept", by=world.hoa)
    with pytest.raises(GuardFailed) as caught:
        engine.fire(mine, "propose", by=world.hoa)
    assert "chưa tổng hợp" in caught.value.said
    mine = engine.fire(engine.fire(mine, "consolidate", by=world.hoa), "propose", by=world.hoa)
    seat(world.hoa, Role.STEERING_HEAD, world.unit("stp"))
    with pytest.raises(SameHand):
        engine.fire(mine, "submit", by=world.hoa)
    assert engine.fire(mine, "submit", by=world.tuan).waivers[0]["reason"] == "Đang công bố lại"
    shown = text(world.tuan, mine.get_absolute_url())
    assert "Công bố sự phù hợp đang có giá trị: Đang công bố lại" in shown
    assert year_of(place)[-1].found.state == "done"


def test_a_unit_reports_to_its_agency_and_adds_nothing_to_it(world: World) -> None:
    factories.in_force(world, "hctp")
    part = engine.fire(begun(world.unit("hctp"), world.minh), "write", by=world.minh, **TEXTS)
    assert part.level == "unit"
    with pytest.raises(WorkflowError):
        engine.fire(part, "submit", by=world.hung)
    part = engine.fire(part, "submit", by=world.minh)
    assert got(part).agency == world.unit("stp")
    seat(world.minh, Role.ISO_SECRETARY, world.unit("stp"))
    with pytest.raises(GuardFailed) as caught:
        engine.fire(got(part), "accept", by=world.minh)
    assert "không tự chấp nhận" in caught.value.said
    engine.fire(got(part), "accept", by=world.hoa)
    mine = engine.fire(begun(world.unit("stp"), world.hoa), "consolidate", by=world.hoa)
    rows = {one.key: one for one in told_of(mine, records.in_days(0)).rows}
    assert (rows["documents"].own, rows["documents"].below) == (1, 0)
    assert mine.below[0]["part"] is True


def test_who_has_nobody_above_in_the_system_says_who_took_it(world: World) -> None:
    nx = world.unit("nx")
    found = engine.fire(begun(nx, world.dung), "write", by=world.dung, **TEXTS)
    head = person("truongnx")
    seat(head, Role.STEERING_HEAD, nx)
    found = engine.fire(engine.fire(waived(found, world.dung), "propose", by=world.dung), "submit", by=head)
    assert not ReportReceipt.objects.exists()
    assert engine.fire(found, "confirm", by=world.dung, number="7/CV-TDC").state == "accepted"


def test_a_receiver_that_ends_leaves_the_report_to_be_confirmed_by_paper(world: World, below: list[Unit]) -> None:
    found = sent(world, below[0], 1)
    with pytest.raises(NotYourTurn):
        engine.fire(found, "confirm", by=world.thuky1, number="7/CV")
    engine.fire(got(found), "lapse", by=None, note="Cơ quan kết thúc")
    assert reports_tick(timezone.now())[0] == {"year_report.reroute": 1}
    assert engine.fire(fresh(found), "confirm", by=world.thuky1, number="7/CV").state == "accepted"


def test_one_report_of_a_year(world: World, below: list[Unit]) -> None:
    begun(below[0], world.thuky1)
    for year in (YEAR, 1800):
        with pytest.raises(BadAnswer):
            begun(below[0], world.thuky1, year)
    assert begun(below[0], world.thuky1, YEAR + 1).year == YEAR + 1


def test_walls(world: World, below: list[Unit]) -> None:
    found = sent(world, below[0], 1)
    receipt, url = got(found), found.get_absolute_url()
    for address in (url, f"{url}behind/documents/", f"{url}files/docx/", f"{url}files/xlsx/"):
        for who, status in (("thuky1", 200), ("hoa", 200), ("cao", 200), ("thuky2", 404), ("dung", 404), ("root", 404)):
            assert log_in(world.people[who]).get(address).status_code == status, (address, who)
    for who, status in (("hoa", 200), ("quang", 200), ("son", 403), ("thuky1", 404), ("thuky2", 404), ("dung", 404)):
        assert log_in(world.people[who]).get(receipt.get_absolute_url()).status_code == status, who
    for who in ("thuky1", "thuky2", "dung", "cao"):
        with pytest.raises(WorkflowError):
            engine.fire(receipt, "accept", by=world.people[who])
    assert set(YearReport.objects.visible_to(world.thuky2)) == set()
    assert str(found) not in text(world.dung, "/reports/")
    assert str(found) in text(world.hoa, "/reports/")
    draft = begun(below[1], world.thuky2)
    for who, status in (("thuky2", 200), ("hoa", 403), ("thuky1", 404), ("dung", 404)):
        assert log_in(world.people[who]).get(draft.get_absolute_url()).status_code == status, who
    assert log_in(world.thuky1).get(f"{url}files/pdf/").status_code == 404
    assert log_in(world.thuky1).get(f"{url}behind/no_such/").status_code == 404
    deliver()
    told = Notice.objects.filter(move__machine="report_receipt").values_list("user__username", flat=True)
    assert set(told) >= {"hoa", "quang"}
    assert not {*told} & {"thuky1", "thuky2", "dung", "son", "cao"}


def test_every_number_is_as_long_as_its_list_while_written_and_as_sent(world: World, below: list[Unit]) -> None:
    for _copy in range(2):
        factories.in_force(world, "xa")
    found = begun(below[0], world.thuky1)
    for state in ("draft", "submitted"):
        if state == "submitted":
            written = engine.fire(waived(found, world.dd1), "write", by=world.thuky1, **TEXTS)
            found = engine.fire(engine.fire(written, "propose", by=world.thuky1), "submit", by=world.truong1)
            factories.in_force(world, "xa")
        links = NUMBERS.findall(text(world.thuky1, found.get_absolute_url()))
        assert (found.state, len(links)) == (state, len(TOLD))
        for url, number in links:
            assert listed(text(world.thuky1, url)) == int(number), url
        assert {url.split("/")[-2]: number for url, number in links}["documents"] == "2"


def test_over_the_screens(world: World, below: list[Unit]) -> None:
    clerk = log_in(world.thuky1)
    assert clerk.post("/reports/new/", {"year": "x"}).status_code == 400
    answer = clerk.post("/reports/new/", {"year": str(YEAR)})
    found = YearReport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, found.get_absolute_url())
    assert log_in(world.son).get("/reports/new/").status_code == 403
    given = {**TEXTS, "expected": str(found.row_version)}
    assert clerk.post(f"/reports/{found.pk}/write/", {**given, "proposals": ""}).status_code == 400
    assert clerk.post(f"/reports/{found.pk}/write/", given).status_code == 302
    assert "Thêm người" in text(world.thuky1, found.get_absolute_url())
    other = sent(world, below[1], 2)
    engine.fire(got(other), "accept", by=world.hoa)
    mine = begun(world.unit("stp"), world.hoa)
    url, hoa = f"/reports/{mine.pk}/consolidate/", log_in(world.hoa)
    assert log_in(world.thuky1).get(url).status_code == 404
    wrong = hoa.post(url, {"expected": str(mine.row_version), "documents": "12"})
    page = wrong.content.decode()
    assert (wrong.status_code, 'value="12"' in page, "duy nhất được cộng ghi 0, không phải 12" in page) == (
        422,
        True,
        True,
    )
    assert hoa.post(url, {"expected": str(mine.row_version), "documents": "0"}).status_code == 302
    assert fresh(other).state == "consolidated"


def test_the_pages_cost_the_same_for_more(world: World, below: list[Unit]) -> None:
    first = sent(world, below[0], 1)
    client = log_in(world.hoa)
    client.get("/reports/")
    with statements() as one:
        client.get("/reports/")
    with statements() as page:
        client.get(first.get_absolute_url())
    sent(world, below[1], 2)
    with statements() as two:
        client.get("/reports/")
    assert len(one) == len(two) <= 12
    assert len(page) <= 24


@pytest.mark.parametrize("where", ["/reports/{}/files/{}/", "/api/year_reports/{}/files/{}/"])
def test_the_files_say_what_the_page_says(world: World, below: list[Unit], where: str) -> None:
    factories.in_force(world, "xa")
    found = sent(world, below[0], 1)
    book = load_workbook(BytesIO(log_in(world.hoa).get(where.format(found.pk, "xlsx")).content))
    rows = {row[0]: row[1:] for row in book["Số liệu"].iter_rows(min_row=2, values_only=True)}
    assert rows["Tài liệu đang có hiệu lực"] == (1, 0, 1)
    paper = ZipFile(BytesIO(log_in(world.hoa).get(where.format(found.pk, "docx")).content)).read("word/document.xml")
    said = re.sub(r"<[^>]+>", "|", paper.decode())
    for words in ("BÁO CÁO", "XÃ BÌNH MINH", "1/BC-UBND", "Thêm người", "Tài liệu đang có hiệu lực", "mã kiểm tra"):
        assert words in said, words
    assert log_in(world.thuky2).get(where.format(found.pk, "xlsx")).status_code == 404


def test_over_the_api(world: World, below: list[Unit], call: Callable[[User | None], Caller]) -> None:
    made = call(world.thuky1).post("year_reports/", {"unit": below[0].pk, "year": YEAR})
    assert made.status_code == 201
    assert call(world.thuky1).post("year_reports/", {"unit": world.unit("stp").pk, "year": YEAR}).status_code == 404
    whole = call(world.thuky1).get(f"year_reports/{made.json()['id']}/").json()
    assert (whole["told"]["frozen"], len(whole["told"]["rows"])) == (False, len(TOLD))
    other = sent(world, below[1], 2)
    mine = begun(world.unit("stp"), world.hoa)
    assert call(world.hoa).do(got(other), "return", note="").status_code == 400
    assert call(world.hoa).do(got(other), "accept", note="").status_code == 200
    answer: Any = call(world.hoa).do(mine, "consolidate", totals={"documents": 5})
    assert (answer.status_code, "duy nhất được cộng ghi 0, không phải 5" in str(answer.json()["problems"])) == (
        422,
        True,
    )
    assert call(world.hoa).do(mine, "consolidate").status_code == 200
    assert call(world.thuky1).get("report_receipts/").json()["count"] == 0
    assert call(world.thuky2).get(f"year_reports/{made.json()['id']}/").status_code == 404
