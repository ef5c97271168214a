"""Screens of inspections: what each person finds there, and what the forms keep."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from capa.machines import suggestion
from capa.machines.scoring import MANUAL
from capa.machines.scoring import RULES as CODES
from capa.models import Inspection, InspectionPlan, ScoringTemplate, SelfScore
from capa.services.rules import COUNTS, RULES
from capa.sheets import clean_bands, clean_criteria, total
from tests import factories
from tests.capa import inspected
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.errors import BadAnswer
from workflows.models import Unit

pytestmark = pytest.mark.once


def test_the_suggestion_sums_to_a_hundred_in_ten_groups() -> None:
    rows = clean_criteria(suggestion.criteria())
    assert (int(total(rows)), len({row["group"] for row in rows})) == (100, 10)
    assert clean_bands(suggestion.bands())[-1]["least"] == 0


def test_every_computed_rule_counts_by_lists_that_there_are() -> None:
    assert set(RULES) == {code for code, _label in CODES} - {MANUAL}
    assert {key for rule in RULES.values() for key in (rule.count, rule.whole, rule.lacking) if key} <= set(COUNTS)


def test_a_plan_is_made_on_the_screens(world: World) -> None:
    daumoi = log_in(world.daumoi)
    sent = {"year": "2026", "title": "Kế hoạch", "starts_on": "01/06/2026", "ends_on": "31/05/2026", "aim": ""}
    answer = daumoi.post("/inspections/plans/new/", sent)
    assert answer.status_code == 422
    assert "Ngày kết thúc phải từ ngày bắt đầu" in answer.content.decode()
    answer = daumoi.post("/inspections/plans/new/", {**sent, "ends_on": "31/12/2026"})
    made = InspectionPlan.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    given = {"about": str(world.unit("xa").pk), "mode": "website", "planned_on": "01/07/2026"}
    assert daumoi.post(f"/inspections/plans/{made.pk}/add/", given).status_code == 302
    page = text(world.daumoi, made.get_absolute_url())
    assert str(world.unit("xa")) in page
    assert str(world.unit("nx")) not in page
    text(world.lan, made.get_absolute_url(), 403)
    text(world.dung, made.get_absolute_url(), 404)


def test_the_agency_reads_what_was_judged_after_the_conclusion_only(world: World) -> None:
    found = inspected.inspection(world, "in_progress")
    given = {"seen_on": inspected.answers("judge")["seen_on"], "judgements": inspected.judgements(posted=False)}
    engine.fire(found, "judge", by=world.kiemtra, now=inspected.on(7, 1), **given)
    assert "Đã xem hồ sơ số 12" in text(world.kiemtra, found.get_absolute_url())
    theirs = text(world.xuan, found.get_absolute_url())
    assert "Đã xem hồ sơ số 12" not in theirs
    assert "khi có kết luận kiểm tra" in theirs
    text(world.xuan, f"{found.get_absolute_url()}behind/documents/", 403)
    text(world.dung, found.get_absolute_url(), 404)
    engine.fire(found, "score", by=world.kiemtra, now=inspected.on(7, 1), **inspected.answers("score"))
    engine.fire(found, "conclude", by=world.doan, now=inspected.on(7, 2), **inspected.answers("conclude"))
    theirs = text(world.xuan, found.get_absolute_url())
    assert "Đã xem hồ sơ số 12" in theirs
    assert "Cơ bản đạt yêu cầu" in theirs
    assert found.plan.get_absolute_url() not in theirs


def test_flags_are_judged_on_the_form_and_what_was_typed_stays(world: World) -> None:
    found = inspected.inspection(world, "in_progress")
    url, client = f"/inspections/{found.pk}/judge/", log_in(world.kiemtra)
    sent = {"expected": str(found.row_version), "seen_on": "01/07/2026", "value-posted": "yes", "note-posted": " "}
    answer = client.post(url, {**sent, "note-generic": "<b>chưa chọn</b>"})
    assert answer.status_code == 400
    assert "kèm bằng chứng" in answer.content.decode()
    assert "&lt;b&gt;chưa chọn&lt;/b&gt;" in answer.content.decode()
    assert client.post(url, {**sent, "note-posted": "Trang mở được"}).status_code == 302
    again = Inspection.objects.get(pk=found.pk)
    assert (again.posted, again.generic) == (True, None)
    assert client.post(url, {**sent, "note-posted": "Lần hai"}).status_code == 409
    text(world.lan, url, 403)
    text(world.xuan, url, 403)


def test_points_are_given_on_the_form(world: World) -> None:
    found = inspected.inspection(world, "in_progress")
    url, client = f"/inspections/{found.pk}/score/", log_in(world.kiemtra)
    sent = {"expected": str(found.row_version), "points-c1": "7,5", "points-c2": "20,5", "note-c1": "Rõ"}
    answer = client.post(url, sent)
    assert answer.status_code == 400
    assert "Điểm phải từ 0 đến 20." in answer.content.decode()
    assert 'value="20,5"' in answer.content.decode()
    assert client.post(url, {**sent, "points-c2": "20"}).status_code == 302
    again = Inspection.objects.get(pk=found.pk)
    assert (again.score, again.band) == (Decimal("27.5"), "Trung bình")
    for wrong in ("7.3", "nhiều", "-1", "1e3", "NaN"):
        with pytest.raises(BadAnswer):
            engine.fire(again, "score", by=world.kiemtra, rows=inspected.points(c1=wrong))


def test_a_computed_criterion_is_the_list_behind_it(world: World) -> None:
    factories.in_force(world, since=inspected.on(1, 10).date())
    factories.in_force(world, since=inspected.on(1, 10).date(), legal_basis=[])
    inspected.template(world)
    page = text(world.son, "/inspections/self-score/")
    assert "/inspections/self-score/behind/living/" in page
    listed = text(world.son, "/inspections/self-score/behind/documents/")
    assert "2 dòng" in listed
    assert "Chưa có bảng điểm" in text(world.dung, "/inspections/self-score/")
    text(world.son, "/inspections/self-score/behind/nothing/", 404)


def test_a_self_score_is_kept_and_confirmed_by_another(world: World) -> None:
    inspected.template(world)
    hoa = log_in(world.hoa)
    answer = hoa.post("/inspections/self-score/")
    found = SelfScore.objects.get()
    assert answer["Location"] == found.get_absolute_url()
    sent = {"expected": "1", "points-c1": "10", "points-c2": "20", "points-c3": "5"}
    assert hoa.post(f"{found.get_absolute_url()}score/", sent).status_code == 302
    found = SelfScore.objects.get()
    done = engine.fire(found, "confirm", by=world.quang)
    assert (done.state, done.score) == ("confirmed", Decimal(35))
    text(world.son, done.get_absolute_url())
    text(world.dung, done.get_absolute_url(), 404)
    text(world.xuan, done.get_absolute_url(), 404)


def test_a_table_is_a_suggestion_until_somebody_issues_it(world: World) -> None:
    daumoi = log_in(world.daumoi)
    assert "gợi ý của phần mềm" in text(world.daumoi, "/inspections/scoring/new/")
    text(world.hoa, "/inspections/scoring/new/", 403)
    names = ("key", "group", "text", "max", "rule", "evidence")
    row = {f"c-{name}": value for name, value in zip(names, ("", "Nhóm", "Tiêu chí", "0", "manual", ""), strict=True)}
    sent: dict[str, Any] = {"year": "2026", "title": "Bảng", "ground": "", **row, "b-least": ["0"], "b-label": ["Đạt"]}
    answer = daumoi.post("/inspections/scoring/new/", sent)
    assert answer.status_code == 400
    assert "Điểm tối đa phải lớn hơn 0" in answer.content.decode()
    assert daumoi.post("/inspections/scoring/new/", {**sent, "c-max": "10"}).status_code == 302
    made = ScoringTemplate.objects.get()
    assert (made.state, made.version, made.most) == ("draft", 1, Decimal(10))


def test_lists_cost_the_same_for_one_as_for_six(world: World) -> None:
    plan = inspected.plan(world)
    client = log_in(world.kiemtra)
    urls = ("/inspections/", plan.get_absolute_url())
    costs = []
    for _round in range(2):
        for url in urls:
            client.get(url)
        with statements() as run:
            for url in urls:
                client.get(url)
        costs.append(len(run))
        for mode in ("file", "website"):
            if not plan.inspections.filter(mode=mode).exists():
                inspected.add(world, plan, mode=mode)
    assert costs[0] == costs[1]
    assert costs[1] <= 40


def test_a_whole_kind_is_put_into_the_plan(world: World) -> None:
    found = inspected.draft(world)
    url = f"{found.get_absolute_url()}add-all/"
    xa2 = Unit.objects.create(code="XA2", name="Xã Hoà Bình", kind="commune", parent=world.unit("stp"))
    sent = {"kind": "commune", "mode": "website"}
    assert log_in(world.kiemtra).post(url, sent).status_code == 403
    assert not found.inspections.exists()
    assert log_in(world.daumoi).post(url, {**sent, "mode": "mail"}).status_code == 302
    for _again in range(2):
        assert log_in(world.daumoi).post(url, sent).status_code == 302
    assert {one.about for one in found.inspections.all()} == {world.unit("xa"), xa2}
    assert log_in(world.dung).post(url, sent).status_code == 404
    assert "2" in text(world.daumoi, found.get_absolute_url())


def test_a_page_costs_the_same_for_one_finding_as_for_four(world: World) -> None:
    found = inspected.found(world).inspection
    client, costs = log_in(world.kiemtra), []
    for _round in range(2):
        client.get(found.get_absolute_url())
        with statements() as run:
            client.get(found.get_absolute_url())
        costs.append(len(run))
        for _more in range(3):
            found = engine.fire(found, "find", by=world.kiemtra, now=inspected.on(7, 1), **inspected.answers("find"))
        found = engine.fire(found, "score", by=world.kiemtra, now=inspected.on(7, 1), **inspected.answers("score"))
    assert costs[0] == costs[1]
    assert costs[1] <= 40
