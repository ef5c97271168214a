"""Yearly reports: accepted late, given back, answered on paper by who is outside; each has a way to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from capa.models import ReportContent, ReportReceipt, YearReport
from capa.services.passing import reports_tick
from capa.services.telling import told_of
from notifications.deliver import deliver
from notifications.models import Notice
from tests import factories
from tests.api.conftest import Caller, call
from tests.capa import records
from tests.capa.test_year_reports import TEXTS, begun, below, fresh, got, sent, waived
from tests.capa.test_year_reports_shown import department_sent
from tests.people import World, person, seat
from tests.workflows.screens import log_in, text
from workflows import engine, inbox
from workflows.errors import GuardFailed, NotYourTurn, WorkflowError
from workflows.models import Seat, Unit, User
from workflows.roles import Role

__all__ = ["below", "call"]
LATE = "Được chấp nhận sau khi nơi nhận đã gửi báo cáo năm"


def tick() -> dict[str, int]:
    done, complaints = reports_tick(timezone.now())
    assert complaints == []
    return dict(done)


def again(world: World, found: YearReport) -> YearReport:
    """The department sends what came back."""
    found = engine.fire(found, "propose", by=world.hoa)
    return engine.fire(found, "submit", by=world.tuan, number="10/BC-STP")


def numbers(found: YearReport) -> tuple[int, list[str]]:
    told = told_of(found, records.in_days(0))
    return {one.key: one.below for one in told.rows}["documents"], [row["unit"] for row in told.below]


def test_accepted_late_is_said_on_both_sides_and_taken_up_when_the_report_comes_back(
    world: World, below: list[Unit]
) -> None:
    factories.in_force(world, "xa")
    mine, found = department_sent(world), sent(world, below[0], 1)
    assert LATE not in text(world.thuky1, found.get_absolute_url())
    engine.fire(got(found), "accept", by=world.hoa)
    for who, url in (("thuky1", found.get_absolute_url()), ("hoa", got(found).get_absolute_url())):
        assert LATE in text(world.people[who], url), who
    page = text(world.hoa, mine.get_absolute_url())
    assert "Chấp nhận muộn, không có trong báo cáo này" in page
    assert str(below[0]) in page
    assert "Chấp nhận muộn, không có" not in text(world.cao, mine.get_absolute_url())
    assert tick() == {}
    engine.fire(got(mine), "return", by=world.cao, note="Thiếu xã")
    assert LATE not in text(world.thuky1, found.get_absolute_url())
    back = fresh(mine)
    with pytest.raises(GuardFailed):
        engine.fire(back, "propose", by=world.hoa)
    back = again(world, engine.fire(back, "consolidate", by=world.hoa))
    assert (fresh(found).state, numbers(back)) == ("consolidated", (1, [str(below[0])]))


def test_who_took_a_late_report_may_close_it_and_says_why(world: World, below: list[Unit]) -> None:
    found = sent(world, below[0], 1)
    engine.fire(got(found), "accept", by=world.hoa)
    with pytest.raises(GuardFailed) as caught:
        engine.fire(got(found), "leave_out", by=world.hoa, note="Muộn")
    assert "chưa gửi: hãy tổng hợp" in caught.value.said
    mine = engine.fire(begun(world.unit("stp"), world.hoa), "consolidate", by=world.hoa)
    mine = engine.fire(waived(mine, world.quang), "write", by=world.hoa, **TEXTS)
    again(world, mine)
    late = sent(world, below[1], 2)
    engine.fire(got(late), "accept", by=world.hoa)
    for who in ("thuky2", "truong2", "son", "dung"):
        with pytest.raises(WorkflowError):
            engine.fire(got(late), "leave_out", by=world.people[who], note="Muộn")
    engine.fire(got(late), "leave_out", by=world.quang, note="Muộn ba tháng")
    assert (fresh(late).state, got(late).state, fresh(found).state) == ("left_out", "left_out", "consolidated")
    page = text(world.thuky2, late.get_absolute_url())
    assert ("Muộn ba tháng" in page, LATE in page) == (True, True)
    deliver()
    told = set(Notice.objects.filter(move__action="leave_out").values_list("user__username", flat=True))
    assert told == {"thuky2", "truong2", "dd2"}


def test_the_clock_closes_a_late_report_when_the_one_above_cannot_come_back(world: World, below: list[Unit]) -> None:
    world.people["tinhtk"], world.people["tinhtr"] = person("tinhtk"), person("tinhtr")
    seat(world.tinhtk, Role.ISO_SECRETARY, world.unit("tinh"))
    seat(world.tinhtr, Role.STEERING_HEAD, world.unit("tinh"))
    mine, found = department_sent(world), sent(world, below[0], 1)
    engine.fire(got(found), "accept", by=world.hoa)
    engine.fire(got(mine), "accept", by=world.cao)
    top = engine.fire(begun(world.unit("tinh"), world.tinhtk), "consolidate", by=world.tinhtk)
    seat(world.tinhtr, Role.QMR, world.unit("tinh"))
    assert (fresh(mine).state, tick(), fresh(found).state) == ("consolidated", {}, "accepted")
    top = engine.fire(waived(top, world.tinhtr), "write", by=world.tinhtk, **TEXTS)
    engine.fire(engine.fire(top, "propose", by=world.tinhtk), "submit", by=world.tinhtr)
    assert tick() == {"report_receipt.leave_out": 1}
    assert (fresh(found).state, got(found).state, fresh(mine).state) == ("left_out", "left_out", "consolidated")
    assert tick() == {}


def test_below_is_given_back_when_a_report_comes_back_and_totals_are_those_accepted_then(
    world: World, below: list[Unit]
) -> None:
    factories.in_force(world, "xa")
    reports = [sent(world, unit, number) for number, unit in enumerate(below, 1)]
    for one in reports:
        engine.fire(got(one), "accept", by=world.hoa)
    mine = engine.fire(begun(world.unit("stp"), world.hoa), "consolidate", by=world.hoa, totals={"documents": 1})
    mine = again(world, engine.fire(waived(mine, world.quang), "write", by=world.hoa, **TEXTS))
    with pytest.raises(WorkflowError):
        engine.fire(got(reports[0]), "return", by=world.hoa, note="Đã gửi rồi")
    engine.fire(got(mine), "accept", by=world.cao)
    engine.fire(got(mine), "return", by=world.cao, note="Số của xã sai")
    back = fresh(mine)
    assert (back.below, back.compared) == ([], [])
    assert [fresh(one).state for one in reports] == [got(one).state for one in reports] == ["accepted"] * 2
    assert numbers(back) == (1, [str(unit) for unit in below]), "what would be taken up now"
    assert numbers_as_sent(back) == 1
    engine.fire(got(reports[0]), "return", by=world.hoa, note="Đếm lại")
    assert numbers(fresh(mine)) == (0, [str(below[1])])
    back = again(world, engine.fire(back, "consolidate", by=world.hoa, totals={"documents": 0}))
    assert (numbers(back), fresh(reports[0]).state) == ((0, [str(below[1])]), "returned")
    assert numbers_as_sent(back) == 0


def numbers_as_sent(found: YearReport) -> int:
    kept = ReportContent.objects.filter(report=found).order_by("-pk")[0]
    return int(kept.totals["documents"]) - len(kept.body["counts"]["documents"]["rows"])


def test_a_draft_gives_back_what_it_took_up(world: World, below: list[Unit]) -> None:
    found, mine = sent(world, below[0], 1), begun(world.unit("stp"), world.hoa)
    engine.fire(got(found), "accept", by=world.hoa)
    with pytest.raises(GuardFailed):
        engine.fire(mine, "release", by=world.hoa)
    mine = engine.fire(mine, "consolidate", by=world.hoa)
    with pytest.raises(WorkflowError):
        engine.fire(mine, "release", by=world.quang)
    mine = engine.fire(mine, "release", by=world.hoa)
    assert (mine.below, fresh(found).state) == ([], "accepted")
    engine.fire(got(found), "return", by=world.hoa, note="Sai")
    part = begun(world.unit("hctp"), world.minh)
    with pytest.raises(WorkflowError):
        engine.fire(part, "release", by=world.hoa)


def test_a_unit_s_report_that_comes_back_leaves_the_agency_s_own_as_it_is(world: World, below: list[Unit]) -> None:
    part = engine.fire(begun(world.unit("hctp"), world.minh), "write", by=world.minh, **TEXTS)
    part, other = engine.fire(part, "submit", by=world.minh), sent(world, below[0], 1)
    engine.fire(got(other), "accept", by=world.hoa)
    mine = engine.fire(begun(world.unit("stp"), world.hoa), "consolidate", by=world.hoa)
    engine.fire(got(part), "return", by=world.hoa, note="Thiếu")
    assert ([row["unit"] for row in fresh(mine).below], fresh(other).state) == ([str(below[0])], "consolidated")


def outside(world: World) -> YearReport:
    """A report of an agency that has nobody above it in the system."""
    found = engine.fire(begun(world.unit("nx"), world.dung), "write", by=world.dung, **TEXTS)
    world.people["truongnx"] = person("truongnx")
    seat(world.truongnx, Role.STEERING_HEAD, world.unit("nx"))
    found = engine.fire(waived(found, world.dung), "propose", by=world.dung)
    return engine.fire(found, "submit", by=world.truongnx, number="3/BC-NX")


def paper(**changes: Any) -> dict[str, Any]:
    return {"number": "7/CV-TDC", "received_on": timezone.localdate(), "note": "Thiếu kinh phí", **changes}


def test_what_waits_for_an_answer_on_paper_is_in_the_secretary_s_inbox(world: World, below: list[Unit]) -> None:
    found, inside = outside(world), sent(world, below[0], 1)
    assert (found.outside, inside.outside) == (True, False)
    assert found in [entry.record for entry in inbox.for_user(world.dung, machine="year_report")]
    assert set(YearReport.objects.waiting_on(world.truongnx.seats_held())) == set()
    assert set(YearReport.objects.waiting_on(world.thuky1.seats_held())) == set()
    assert "Nơi nhận ngoài hệ thống đã chấp nhận" in text(world.dung, found.get_absolute_url())
    done = engine.fire(found, "confirm", by=world.dung, number="8/CV")
    assert (done.state, done.received_no) == ("accepted", "8/CV")
    assert set(YearReport.objects.waiting_on(world.dung.seats_held())) == set()


def test_a_receiver_outside_returns_on_paper_and_the_report_goes_on(world: World, below: list[Unit]) -> None:
    found, inside = outside(world), sent(world, below[0], 1)
    with pytest.raises(NotYourTurn):
        engine.fire(inside, "return_paper", by=world.thuky1, **paper())
    shown = text(world.thuky1, inside.get_absolute_url())
    assert ("/return_paper/" in shown, "/confirm/" in shown) == (False, False)
    assert "/return_paper/" in text(world.dung, found.get_absolute_url())
    today = timezone.localdate()
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(GuardFailed) as caught:
            engine.fire(found, "return_paper", by=world.dung, **paper(received_on=day))
        assert f"từ ngày gửi báo cáo ({today:%d/%m/%Y}) đến hôm nay" in caught.value.said
    with pytest.raises(WorkflowError):
        engine.fire(found, "return_paper", by=world.truongnx, **paper())
    url = f"/records/year_report/{found.pk}/return_paper/"
    typed = {"number": "7/CV-TDC", "received_on": f"{today:%d/%m/%Y}", "note": "Thiếu kinh phí"}
    given = {**typed, "expected": str(found.row_version)}
    refused = log_in(world.dung).post(url, {**given, "note": ""})
    assert (refused.status_code, "7/CV-TDC" in refused.content.decode()) == (400, True)
    assert log_in(world.dung).post(url, given).status_code == 302
    back = fresh(found)
    page = text(world.dung, back.get_absolute_url())
    assert (back.state, f"7/CV-TDC ({today:%d/%m/%Y})" in page, "Thiếu kinh phí" in page) == ("returned", True, True)
    assert back in set(YearReport.objects.waiting_on(world.dung.seats_held()))
    back = engine.fire(engine.fire(back, "propose", by=world.dung), "submit", by=world.truongnx, number="4/BC-NX")
    assert (back.received_no, back.received_on, back.outside) == ("", None, True)
    back = engine.fire(back, "confirm", by=world.dung, number="9/CV")
    assert engine.fire(back, "return_paper", by=world.dung, **paper()).state == "returned"


def test_an_agency_above_without_anybody_in_the_system_answers_on_paper_until_somebody_is_there(
    world: World, below: list[Unit]
) -> None:
    unit = Unit.objects.create(code="HX", name="Huyện Xa", kind="district", parent=world.unit("tinh"))
    Unit.objects.filter(pk=below[0].pk).update(parent=unit, path=f"{unit.path}{below[0].pk}/")
    below[0].refresh_from_db()
    found = sent(world, below[0], 1)
    assert (found.outside, got(found).agency, got(found).state) == (True, unit, "waiting")
    back = engine.fire(found, "return_paper", by=world.thuky1, **paper())
    assert (back.state, got(found).state) == ("returned", "returned")
    back = engine.fire(engine.fire(back, "propose", by=world.thuky1), "submit", by=world.truong1, number="2/BC")
    assert (got(found).state, tick()) == ("waiting", {})
    held = seat(person("moi"), Role.ISO_SECRETARY, unit)
    with pytest.raises(GuardFailed) as caught:
        engine.fire(fresh(found), "confirm", by=world.thuky1, number="8/CV")
    assert "chờ nơi đó xem" in caught.value.said
    assert tick() == {"year_report.reroute": 1}
    assert fresh(found).outside is False
    with pytest.raises(NotYourTurn):
        engine.fire(fresh(found), "confirm", by=world.thuky1, number="8/CV")
    Seat.objects.filter(pk=held.pk).update(valid_to=timezone.localdate())
    assert (tick(), tick()) == ({"year_report.reroute": 1}, {})
    assert set(YearReport.objects.waiting_on(world.thuky1.seats_held())) == {fresh(found)}
    assert engine.fire(fresh(found), "confirm", by=world.thuky1, number="8/CV").state == "accepted"
    assert ReportReceipt.objects.get().state == "accepted"


def test_typed_totals_are_kept_beside_their_sums(
    world: World, below: list[Unit], call: Callable[[User | None], Caller]
) -> None:
    factories.in_force(world, "xa")
    for number, unit in enumerate(below, 1):
        engine.fire(got(sent(world, unit, number)), "accept", by=world.hoa)
    mine, typed = begun(world.unit("stp"), world.hoa), {"documents": 1, "rounds": 0}
    mine = engine.fire(mine, "consolidate", by=world.hoa, totals=typed)
    assert [(row["key"], row["typed"], row["sum"]) for row in mine.compared] == [("documents", 1, 1), ("rounds", 0, 0)]
    line = "Tài liệu đang có hiệu lực: trên giấy 1, cộng từ báo cáo 1 (Hoa, "
    assert line in text(world.hoa, mine.get_absolute_url())
    mine = again(world, engine.fire(waived(mine, world.quang), "write", by=world.hoa, **TEXTS))
    assert ReportContent.objects.get(report=mine).body["compared"] == mine.compared == mine.evidence()["compared"]
    assert line in text(world.cao, mine.get_absolute_url())
    told: Any = call(world.cao).get(f"year_reports/{mine.pk}/").json()["told"]
    assert [(row["key"], row["typed"], row["sum"]) for row in told["compared"]] == [
        ("documents", 1, 1),
        ("rounds", 0, 0),
    ]
    assert call(world.thuky1).get(f"year_reports/{mine.pk}/").status_code == 404
    book = load_workbook(BytesIO(log_in(world.cao).get(f"{mine.get_absolute_url()}files/xlsx/").content))
    notes = [row[1] for row in book["Nội dung"].iter_rows(values_only=True) if row[0] == "Đối chiếu với số trên giấy"]
    assert (len(notes), str(notes[0]).startswith(line)) == (2, True)
