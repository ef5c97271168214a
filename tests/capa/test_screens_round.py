"""Rounds: the plan's form, teams with what the planner proposes, the page, and the report on screen and paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from capa.models import Round
from tests import factories
from tests.capa import records
from tests.people import World, person, seat
from tests.workflows.screens import log_in, statements, text
from workflows import engine

HOSTILE = "<img src=x onerror=alert(1)>"


def sent_plan(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Đợt 2",
        "criteria": "TCVN ISO 9001:2015",
        "clauses": ["7.5", "8.5"],
        "starts_on": "05/12/2026",
        "ends_on": "07/12/2026",
        "units": [str(world.unit("hctp").pk), str(world.unit("bttp").pk)],
        "size": "2",
        **changes,
    }


def test_a_round_is_added_to_a_programme(world: World) -> None:
    owner = records.programme(world)
    url = reverse("capa:round_new", args=[owner.pk])
    assert "7.5 Thông tin dạng văn bản" in text(world.hoa, url)
    assert log_in(world.hoa).post(url, sent_plan(world)).status_code == 302
    made = Round.objects.get(title="Đợt 2")
    assert (made.starts_on.isoformat(), made.clauses) == ("2026-12-05", ["7.5", "8.5"])
    assert {visit.unit for visit in made.visits.all()} == {world.unit("hctp"), world.unit("bttp")}
    text(world.binh, url, 403)
    text(world.dung, url, 404)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"starts_on": "31/02/2026"}, "Không phải là ngày"),
        ({"ends_on": "01/12/2026"}, "Ngày kết thúc không được trước ngày bắt đầu"),
        ({"clauses": []}, "Cần nhập mục này"),
        ({"title": " "}, "Cần nhập mục này"),
        ({"units": ["999999"]}, "999999"),
    ],
)
def test_a_wrong_plan_keeps_what_was_typed(world: World, changes: dict[str, Any], wrong: str) -> None:
    owner = records.programme(world)
    url = reverse("capa:round_new", args=[owner.pk])
    answer = log_in(world.hoa).post(url, sent_plan(world, criteria=HOSTILE, **changes))
    page = answer.content.decode()
    assert answer.status_code in (400, 422)
    assert wrong in page
    assert "&lt;img src=x" in page
    assert HOSTILE not in page


def test_a_plan_is_changed_from_what_is_written(world: World) -> None:
    found = records.plan(world, records.programme(world), title="Đợt 3", clauses=["7.5.3"])
    url = reverse("capa:round_edit", args=[found.pk])
    page = text(world.hoa, url)
    assert 'value="Đợt 3"' in page
    assert "7.5.3 Thông tin dạng văn bản" in page
    expected = {"expected": str(found.row_version)}
    assert log_in(world.hoa).post(url, sent_plan(world, title="Đợt đổi") | expected).status_code == 302
    found.refresh_from_db()
    assert found.title == "Đợt đổi"
    stale = log_in(world.hoa).post(url, sent_plan(world, title="Đợt cũ") | expected)
    assert stale.status_code == 409
    assert 'value="Đợt cũ"' in stale.content.decode()
    text(world.tuan, url, 403)


def test_a_started_round_has_no_plan_to_change(world: World) -> None:
    found = records.audit_round(world, "notified")
    assert "Đã thông báo đơn vị" in text(world.hoa, reverse("capa:round_edit", args=[found.pk]), 403)


def teams_url(found: Round) -> str:
    return reverse("capa:round_teams", args=[found.pk])


def test_the_planner_fills_the_form_and_saves_nothing(world: World) -> None:
    found = records.plan(world, records.programme(world), ("hctp", "bttp"), title="Đợt 2")
    answer = log_in(world.hoa).post(teams_url(found), {"do": "cross", "expected": found.row_version})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<option value="{world.binh2.pk}" selected>' in page
    assert f'<option value="{world.binh.pk}" selected>' in page
    assert "chưa lưu" in page
    found.refresh_from_db()
    assert not found.proposed
    assert found.lead is None


def test_barred_people_stand_in_the_lists_with_the_reason(world: World) -> None:
    found = records.plan(world, records.programme(world), title="Đợt 2")
    own = person("cuaphong")
    seat(own, "auditor", world.unit("stp"))
    seat(own, "staff", world.unit("hctp"))
    page = text(world.hoa, teams_url(found))
    assert f'<option value="{own.pk}" disabled>Cuaphong – là người của đơn vị này</option>' in page
    assert "1 người không được đánh giá đơn vị này" in page


def test_a_case_without_legal_teams_says_why(world: World) -> None:
    found = records.plan(world, records.programme(world), title="Đợt 2")
    for one in (world.binh, world.binh2):
        seat(one, "staff", world.unit("hctp"))
    answer = log_in(world.hoa).post(teams_url(found), {"do": "cross", "expected": found.row_version})
    page = answer.content.decode()
    assert "Không xếp được đoàn hợp lệ" in page
    assert "Không được đánh giá Phòng Hành chính tư pháp" in page


def chosen(world: World, found: Round, **changes: Any) -> dict[str, Any]:
    unit = world.unit("hctp").pk
    named = {"lead": world.binh2.pk, f"lead.{unit}": world.binh2.pk, f"member.{unit}.1": world.binh.pk}
    return {"do": "save", "expected": found.row_version, **named, **changes}


def test_teams_are_proposed_through_the_door(world: World) -> None:
    found = records.plan(world, records.programme(world), title="Đợt 2")
    assert log_in(world.hoa).post(teams_url(found), chosen(world, found)).status_code == 302
    found.refresh_from_db()
    assert found.proposed
    assert found.as_teams() == records.teams(world)
    assert "đang đề xuất" in text(world.hoa, found.get_absolute_url())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("member", "cần 2 người khác nhau"),
        ("lead", "Trưởng đoàn của đợt: Cần chọn."),
    ],
)
def test_refused_teams_keep_every_choice(world: World, change: str, sentence: str) -> None:
    found = records.plan(world, records.programme(world), title="Đợt 2")
    name = f"member.{world.unit('hctp').pk}.1" if change == "member" else "lead"
    value = world.binh2.pk if change == "member" else ""
    answer = log_in(world.hoa).post(teams_url(found), chosen(world, found, **{name: value}))
    page = answer.content.decode()
    assert answer.status_code in (400, 422)
    assert sentence in page
    assert page.count(f'<option value="{world.binh2.pk}" selected>') == (3 if change == "member" else 1)


def test_a_stale_proposal_is_refused(world: World) -> None:
    found = records.plan(world, records.programme(world), title="Đợt 2")
    answer = log_in(world.hoa).post(teams_url(found), chosen(world, found, expected="999"))
    assert answer.status_code == 409
    assert f'<option value="{world.binh.pk}" selected>' in answer.content.decode()


def test_only_the_secretary_proposes(world: World) -> None:
    found = records.plan(world, records.programme(world), title="Đợt 2")
    for who in ("binh", "tuan"):
        text(world.people[who], teams_url(found), 403)
    refused = log_in(world.tuan).post(teams_url(found), chosen(world, found))
    assert refused.status_code == 403
    text(world.dung, teams_url(found), 404)


def test_the_page_tells_plan_teams_findings_and_what_is_next(world: World) -> None:
    found = records.audit_round(world, "in_progress")
    one = records.write(world, found, statement=HOSTILE)
    page = text(world.hoa, found.get_absolute_url())
    assert "Phòng Hành chính tư pháp" in page
    assert "Không phù hợp nhẹ" in page
    assert one.get_absolute_url() in page
    assert HOSTILE not in page
    assert "&lt;img src=x" in page
    url = reverse("capa:visit", args=[found.pk, world.unit("hctp").pk])
    assert url in page
    staff = text(world.son, found.get_absolute_url())
    assert url not in staff
    assert one.get_absolute_url() not in staff
    text(world.dung, found.get_absolute_url(), 404)


def test_a_planned_round_is_for_insiders(world: World) -> None:
    found = records.audit_round(world)
    text(world.binh, found.get_absolute_url())
    text(world.son, found.get_absolute_url(), 403)


def test_texts_pasted_across_units_are_flagged(world: World) -> None:
    found = records.audit_round(world, "in_progress", units=("hctp", "bttp"))
    words = "Sổ theo dõi chưa ghi ngày trả kết quả ở nhiều hồ sơ được lấy mẫu."
    one = records.write(world, found, "hctp", statement=words)
    two = records.write(world, found, "bttp", statement=words.upper().replace(" ", "\n"), evidence_text="Sổ của phòng")
    page = text(world.hoa, found.get_absolute_url())
    assert "2 kết quả chép nguyên văn" in page
    assert "Nguyên văn như ở" in page
    assert two.get_absolute_url() in text(world.hoa, one.get_absolute_url())
    # The head of one unit does not learn of the other's findings.
    assert "Nguyên văn như ở" not in text(world.minh, one.get_absolute_url())


def test_short_or_same_unit_texts_are_not(world: World) -> None:
    found = records.audit_round(world, "in_progress", units=("hctp", "bttp"))
    for unit in ("hctp", "bttp"):
        records.write(world, found, unit, statement="Chưa ghi ngày.", evidence_text="Sổ")
    long = "Sổ theo dõi chưa ghi ngày trả kết quả ở nhiều hồ sơ được lấy mẫu."
    records.write(world, found, "hctp", statement=long, evidence_text="1")
    records.write(world, found, "hctp", statement=long, evidence_text="2")
    assert "chép nguyên văn" not in text(world.hoa, found.get_absolute_url())


def test_the_report_is_written_anew_from_what_it_said(world: World) -> None:
    found = records.audit_round(world, "report_draft")
    url = reverse("capa:round_write", args=[found.pk])
    page = text(world.binh2, url)
    assert "Hồ sơ gọn" in page
    sent = {"strengths": "Gọn hơn", "conclusion": "Phù hợp", "advice": "", "expected": found.row_version}
    assert log_in(world.binh2).post(url, {**sent, "conclusion": ""}).status_code == 400
    assert log_in(world.binh2).post(url, sent).status_code == 302
    found.refresh_from_db()
    assert found.strengths == "Gọn hơn"
    text(world.binh, url, 403)


def test_there_is_no_report_before_its_draft(world: World) -> None:
    found = records.audit_round(world, "findings_agreed")
    for name in ("round_report", "round_pdf"):
        text(world.hoa, reverse(f"capa:{name}", args=[found.pk]), 404)


def test_report_and_paper_show_the_same_to_every_reader(world: World) -> None:
    factories.in_force(world)
    found = records.audit_round(world, "report_signed")
    page, paper = (reverse(f"capa:{name}", args=[found.pk]) for name in ("round_report", "round_pdf"))
    shown = [" ".join(text(world.people[who], page).split()) for who in ("hoa", "son")]
    assert all("Phù hợp, có hiệu lực" in one and "Kết quả theo điều khoản" in one for one in shown)
    assert all("7.5 Thông tin dạng văn bản" in one for one in shown)
    answer = log_in(world.son).get(paper)
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF")
    text(world.dung, page, 404)
    text(world.dung, paper, 404)


def test_a_report_in_the_making_is_for_insiders(world: World) -> None:
    found = records.audit_round(world, "report_draft")
    url = reverse("capa:round_report", args=[found.pk])
    assert "Dự thảo, chưa ký" in text(world.binh2, url)
    text(world.son, url, 403)


def test_statements_do_not_grow_with_findings_and_units(world: World) -> None:
    small = records.audit_round(world, "in_progress")
    records.conform(world, small)
    client = log_in(world.hoa)
    client.get(small.get_absolute_url())
    with statements() as few:
        client.get(small.get_absolute_url())
    units = ("hctp", "bttp", "stp")
    large = records.plan(world, small.programme, units, title="Đợt lớn")
    large = engine.fire(large, "propose", by=world.hoa, now=records.ago(10), teams=records.teams(world, units))
    for action, who in (("appoint", world.tuan), ("notify", world.hoa)):
        large = engine.fire(large, action, by=who, now=records.ago(10))
    large = engine.fire(large, "open", by=world.binh2)
    for unit in ("hctp", "bttp", "hctp"):
        records.write(world, large, unit)
    with statements() as many:
        client.get(large.get_absolute_url())
    assert len(many) <= len(few)
