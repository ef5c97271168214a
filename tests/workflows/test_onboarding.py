"""The checklist of a new agency: every row computed from what there is, for one agency as for many."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.models import AnnouncedProcedure
from tests import factories
from tests.capa import records as audits
from tests.people import World, seat
from tests.workflows.screens import log_in, text
from workflows import onboarding
from workflows.deciding import decide
from workflows.models import Seat, Unit, UnitKind
from workflows.roles import Role

TODAY = timezone.localdate()
NAMES = ["committee", "seats", "working", "leading", "listed", "covered", "programmed", "audited"]


def stands(world: World, place: str, day: date = TODAY) -> dict[str, tuple[bool, str]]:
    pk = world.unit(place).pk
    return {line.row.name: (line.found.done, line.found.said) for line in onboarding.checklist([pk], day)[pk]}


def test_rows_come_from_every_app_and_once(world: World) -> None:
    assert [row.name for row in onboarding.rows()] == NAMES
    onboarding.register(onboarding.rows()[0])
    assert [row.name for row in onboarding.rows()] == NAMES


def test_a_new_commune_has_everything_to_do(world: World) -> None:
    found = stands(world, "xa")
    assert {name for name, (done, _said) in found.items() if done} == set()
    assert found["seats"][1] == "Còn thiếu: Trưởng Ban chỉ đạo ISO, Đại diện lãnh đạo, Thư ký ISO"
    assert found["working"][1] == "Còn thiếu: Cán bộ pháp chế, Văn thư"
    assert "Chính sách chất lượng" in found["leading"][1]


def test_a_row_is_done_when_its_records_say_so_and_undone_when_they_do_not(world: World) -> None:
    found = stands(world, "stp")
    assert {name for name, (done, _said) in found.items() if done} == {"committee", "seats", "working"}
    assert found["committee"][1] == "12/QĐ-STP (05/01/2026)"
    assert not stands(world, "stp", date(2026, 1, 4))["committee"][0]
    Seat.objects.filter(role=Role.QMR, unit=world.unit("stp")).update(valid_to=TODAY)
    assert stands(world, "stp")["seats"] == (False, "Còn thiếu: Đại diện lãnh đạo")
    assert stands(world, "stp", TODAY - timedelta(days=1))["seats"][0]


def test_documents_answer_for_the_framework_and_for_coverage(world: World) -> None:
    kinds = ("POLICY", "OBJECTIVE_SET", "SCOPE", "MANUAL", "SYS_PROC")
    for kind in kinds:
        assert not stands(world, "stp")["leading"][0]
        version = factories.in_force(world)
        type(version.document).objects.filter(pk=version.document_id).update(kind=kind)
    assert stands(world, "stp")["leading"] == (True, "")
    covered = factories.in_force(world).document
    for code in (covered.code, "9.999"):
        AnnouncedProcedure.objects.create(
            agency=world.unit("stp"), code=code, change="new", effective_on=date(2026, 1, 1)
        )
    found = stands(world, "stp")
    assert (found["listed"], found["covered"]) == ((True, "2 thủ tục"), (False, "1/2 thủ tục"))
    AnnouncedProcedure.objects.filter(code="9.999").update(ended_on=TODAY)
    assert stands(world, "stp")["covered"] == (True, "1/1 thủ tục")
    assert not stands(world, "nx")["listed"][0]


def test_an_agency_without_procedures_owes_none(world: World) -> None:
    given: dict[str, Any] = {"valid_from": TODAY, "decision_no": "1/QĐ", "decision_on": TODAY}
    decide(about=world.unit("xa"), by=world.cao, aspect="no_procedures", value="yes", **given)
    found = stands(world, "xa")
    assert found["listed"] == found["covered"] == (True, "Không có thủ tục hành chính")
    assert not stands(world, "xa", TODAY - timedelta(days=1))["covered"][0]


@pytest.mark.parametrize(("state", "done"), [("in_progress", False), ("report_signed", True), ("closed", True)])
def test_audits_answer_for_the_first_one(world: World, state: str, done: bool) -> None:
    found = audits.audit_round(world, state)
    assert stands(world, "stp", found.ends_on)["audited"][0] is done
    assert stands(world, "stp", found.ends_on)["programmed"][0]
    assert not stands(world, "stp", date(2000, 1, 1))["audited"][0]
    assert not stands(world, "xa", found.ends_on)["programmed"][0]


def test_the_page_is_for_who_sees_the_agency(world: World) -> None:
    url = f"/units/{world.unit('xa').pk}/onboarding/"
    page = text(world.cao, url)
    for said in ("Lập Ban chỉ đạo theo quyết định", "Còn 8/8 việc", "chưa"):
        assert said in page
    text(world.xuan, url)
    text(world.hoa, url)
    for who in ("dung", "root"):
        text(world.people[who], url, 404)
    text(world.xuan, f"/units/{world.unit('stp').pk}/onboarding/", 404)
    text(world.hoa, f"/units/{world.unit('hctp').pk}/onboarding/", 404)
    text(world.hoa, f"{url}?on=x", 400)
    above = log_in(world.cao).get(f"/units/{world.unit('tinh').pk}/onboarding/")
    assert {one["unit"].code: one["done"] for one in above.context["below"]} == {"STP": 3}
    assert "Núi Xanh" not in above.content.decode()


def test_leaders_have_it_on_their_home_page_and_in_the_inbox_while_the_agency_is_new(world: World) -> None:
    url = f"/units/{world.unit('stp').pk}/onboarding/"
    assert url not in text(world.hoa, "/") + text(world.hoa, "/inbox/")
    for days, shown in ((0, True), (364, True), (365, False), (-1, False)):
        Unit.objects.filter(pk=world.unit("stp").pk).update(valid_from=TODAY - timedelta(days=days))
        for place in ("/", "/inbox/"):
            assert (url in text(world.hoa, place)) is shown, (days, place)
            assert url not in text(world.lan, place)
            assert url not in text(world.dung, place)
    part = log_in(world.hoa).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Việc khởi đầu của cơ quan mới" in part


def test_many_agencies_cost_what_one_costs(world: World) -> None:
    pk, counted = world.unit("stp").pk, []
    others = [
        Unit.objects.create(code=f"S{n}", name=f"Sở {n}", kind=UnitKind.DEPARTMENT, parent=world.unit("tinh")).pk
        for n in range(20)
    ]
    seat(world.hoa, Role.QMR, world.unit("xa"))
    for agencies in ([pk], [pk, *others]):
        with CaptureQueriesContext(connection) as run:
            onboarding.checklist(agencies, TODAY)
        counted.append(len(run))
    assert counted[0] == counted[1] <= 11
