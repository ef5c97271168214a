"""The checklist of a visit: its questions, one row at a time through the door, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from capa.models import Finding, Round
from capa.services.checklist import checklist
from tests import factories
from tests.capa import records
from tests.people import World, person, seat
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.models import User

HOSTILE = "</textarea><script>alert(1)</script>"
QUESTION = "c:7.5:current"
SCRIPT = {"X-Khung-Script": "checklist"}


def visit_url(found: Round, world: World, name: str = "visit", unit: str = "hctp") -> str:
    return reverse(f"capa:{name}", args=[found.pk, world.unit(unit).pk])


def answer(world: World, found: Round, by: User | None = None, *, script: bool = False, **changes: Any) -> Any:
    sent = {"question": QUESTION, "finding": "", "expected": "0", **records.recorded(), **changes}
    client = log_in(by or world.binh)
    return client.post(visit_url(found, world, "visit_answer"), sent, headers=SCRIPT if script else {})


@pytest.fixture
def found(world: World) -> Round:
    return records.audit_round(world, "in_progress")


def keys(world: World, found: Round, unit: str = "hctp") -> list[str]:
    return [row.key for row in checklist(found, world.unit(unit)).rows()]


def test_questions_come_of_clauses_procedures_and_the_past(world: World) -> None:
    version = factories.in_force(world)
    found = records.audit_round(world, "in_progress")
    page = " ".join(text(world.binh, visit_url(found, world)).split())
    assert "Tài liệu đang dùng tại đơn vị có đúng bản đang có hiệu lực không?" in page
    assert "Bước 1: Tiếp nhận – Một cửa, thời hạn ½ ngày, biểu mẫu BM.01: xem hồ sơ lấy mẫu." in page
    assert "Bước 2: Thẩm tra – Chuyên viên, thời hạn 02 ngày, biểu mẫu không ghi: xem hồ sơ lấy mẫu." in page
    assert "Hồ sơ đã giải quyết (Phòng chuyên môn, 05 năm)" in page
    document = version.document_id.hex
    assert {f"s:{document}:s1", f"s:{document}:s2", f"r:{document}", QUESTION} <= set(keys(world, found))
    assert all(len(key) <= 80 for key in keys(world, found))


def test_cars_observations_and_open_findings_of_the_unit_are_asked_about(world: World) -> None:
    car = records.car(world, "issued")
    note = records.observation(world)
    left = records.finding(world, "acknowledged")
    later = records.plan(world, note.finding.round.programme, title="Đợt sau")
    asked = keys(world, later)
    assert {f"car:{car.pk.hex}", f"obs:{note.pk.hex}", f"f:{left.pk.hex}"} <= set(asked)
    # In the round that wrote them they are no past.
    assert not {f"car:{car.pk.hex}", f"f:{left.pk.hex}"} & set(keys(world, note.finding.round))
    assert not {f"car:{car.pk.hex}"} & set(keys(world, later, "bttp"))


def test_a_row_is_written_with_its_question_document_and_version(world: World) -> None:
    version = factories.in_force(world)
    found = records.audit_round(world, "in_progress")
    key = f"s:{version.document_id.hex}:s1"
    done = answer(world, found, question=key)
    assert done.status_code == 302
    assert done["Location"].endswith(f"#row-{key.replace(':', '_')}")
    one = Finding.objects.get()
    assert (one.question, one.document, one.version) == (key, version.document, version)
    assert (one.result, one.created_by, one.state) == ("minor", world.binh, "recorded")
    assert "Đã trả lời 1/" in text(world.binh, visit_url(found, world))


def test_the_script_gets_the_row_alone(world: World, found: Round) -> None:
    done = answer(world, found, script=True)
    assert done["X-Khung-Row"] == "saved"
    page = done.content.decode()
    assert page.startswith('<article class="row-card')
    assert "đã lưu" in page
    assert "Trình bày với đơn vị" in page
    refused = answer(world, found, script=True, question="c:8.5:service", clause="điều 9", statement=HOSTILE)
    assert (refused.status_code, refused["X-Khung-Row"]) == (400, "refused")
    assert "Viết số điều khoản" in refused.content.decode()
    assert "<script>alert" not in refused.content.decode()


def test_a_row_is_revised_on_the_version_that_was_seen(world: World, found: Round) -> None:
    answer(world, found)
    one = Finding.objects.get()
    changed = answer(world, found, expected=str(one.row_version), statement="Viết rõ hơn")
    assert changed.status_code == 302
    stale = answer(world, found, expected=str(one.row_version), statement="Bản cũ của tôi")
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "Bản cũ của tôi" in page
    assert "Hiện đang ghi" in page
    assert "Viết rõ hơn" in page
    one.refresh_from_db()
    assert one.statement == "Viết rõ hơn"


def test_what_is_sent_twice_is_written_once(world: World, found: Round) -> None:
    for _time in range(2):
        assert answer(world, found).status_code == 302
        assert answer(world, found, question="", statement="Phát hiện thêm").status_code == 302
    assert Finding.objects.count() == 2
    assert {one.row_version for one in Finding.objects.all()} == {1}


def test_two_auditors_on_one_question_do_not_overwrite_each_other(world: World, found: Round) -> None:
    answer(world, found)
    late = answer(world, found, world.binh2, statement="Cách nhìn của tôi")
    assert late.status_code == 409
    assert "Cách nhìn của tôi" in late.content.decode()
    assert Finding.objects.get().created_by == world.binh


@pytest.mark.parametrize("wrong", [{"result": ""}, {"clause": "chín"}, {"sampled": "x" * 400}])
def test_a_refused_row_keeps_what_was_typed(world: World, found: Round, wrong: Any) -> None:
    refused = answer(world, found, evidence_text=HOSTILE, **wrong)
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "điều bạn gõ vẫn còn" in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert not Finding.objects.exists()


def test_a_lost_session_loses_nothing(world: World, found: Round) -> None:
    url = visit_url(found, world, "visit_answer")
    sent = {"question": QUESTION, "finding": "", "expected": "0", **records.recorded(statement=HOSTILE)}
    page = Client().post(url, sent)
    assert page.status_code == 403
    shown = page.content.decode()
    assert "Phiên làm việc đã hết" in shown
    assert "&lt;/textarea&gt;" in shown
    assert f'name="question" value="{QUESTION}"' in shown
    assert str(world.unit("hctp")) not in shown
    told = Client().post(url, sent, headers=SCRIPT)
    assert (told.status_code, told["X-Khung-Row"]) == (403, "logged-out")
    assert Client().get(visit_url(found, world)).status_code == 302


def test_only_the_team_writes_and_the_page_says_why(world: World, found: Round) -> None:
    page = text(world.hoa, visit_url(found, world))
    assert "Bạn chỉ xem được danh mục này" in page
    assert "data-row-form" not in page
    refused = answer(world, found, world.hoa)
    assert refused.status_code == 403
    assert "thông tư đã hết hiệu lực" in refused.content.decode()
    assert not Finding.objects.exists()


def test_an_auditor_of_another_team_only_reads(world: World, found: Round) -> None:
    other = person("khac")
    seat(other, "auditor", world.unit("stp"))
    page = text(other, visit_url(found, world))
    assert "Bước này chỉ dành cho: thành viên đoàn đánh giá đơn vị này" in page
    assert answer(world, found, other).status_code == 403


def test_who_may_not_read_results_is_told_so(world: World, found: Round) -> None:
    url = visit_url(found, world)
    assert "Danh mục kiểm tra chỉ dành cho" in text(world.son, url, 403)
    text(world.hung, url, 403)
    text(world.minh, url)
    for who in ("dung", "xuan"):
        text(world.people[who], url, 404)
        assert answer(world, found, world.people[who]).status_code == 403
    assert text(world.binh, visit_url(found, world, unit="bttp"), 404)


def test_a_round_that_is_not_open_is_not_written(world: World) -> None:
    found = records.audit_round(world, "notified")
    assert "Đợt đánh giá không ở giai đoạn đánh giá" in text(world.binh, visit_url(found, world))
    refused = answer(world, found)
    assert refused.status_code == 422
    assert "thông tư đã hết hiệu lực" in refused.content.decode()


def test_conforming_results_are_closed_at_once_and_the_others_presented(world: World, found: Round) -> None:
    for key, result in ((QUESTION, "conform"), ("c:8.5:service", "na"), ("c:8.5:property", "minor")):
        answer(world, found, question=key, result=result)
    page = text(world.binh, visit_url(found, world))
    assert "Chốt mọi kết quả phù hợp (2)" in " ".join(page.split())
    seen = [f"{one.pk}.{one.row_version}" for one in Finding.objects.all()]
    done = log_in(world.binh).post(visit_url(found, world, "visit_settle"), {"seen": seen}, follow=True)
    assert "Đã chốt 2 kết quả" in done.content.decode()
    assert sorted(one.state for one in Finding.objects.all()) == ["noted", "noted", "recorded"]
    left = Finding.objects.get(state="recorded")
    act = reverse("workflows:act", args=["finding", left.pk, "present"])
    sent = {"expected": left.row_version, "note": "", "next": f"{visit_url(found, world)}#row-x"}
    answered = log_in(world.binh).post(act, sent)
    assert answered["Location"].endswith("#row-x")
    left.refresh_from_db()
    assert left.state == "presented"


def test_settling_takes_only_what_was_seen_and_only_by_the_team(world: World, found: Round) -> None:
    answer(world, found, result="conform")
    one = Finding.objects.get()
    url = visit_url(found, world, "visit_settle")
    for by, seen in ((world.binh, f"{one.pk}.99"), (world.binh, "x.1"), (world.hoa, f"{one.pk}.{one.row_version}")):
        log_in(by).post(url, {"seen": [seen]})
        one.refresh_from_db()
        assert one.state == "recorded"


def test_words_typed_on_a_row_that_moved_on_are_kept(world: World, found: Round) -> None:
    answer(world, found)
    one = Finding.objects.get()
    engine.fire(one, "present", by=world.binh)
    late = answer(world, found, expected="1", statement="Gõ muộn")
    assert late.status_code == 409
    assert "Gõ muộn" in late.content.decode()


def test_a_withdrawn_result_frees_its_question(world: World, found: Round) -> None:
    answer(world, found)
    engine.fire(Finding.objects.get(), "withdraw", by=world.binh2, note="Nhầm")
    assert answer(world, found, result="conform").status_code == 302
    assert Finding.objects.exclude(state="withdrawn").get().result == "conform"


def test_an_answer_outlives_its_question(world: World) -> None:
    version = factories.in_force(world)
    found = records.audit_round(world, "in_progress")
    answer(world, found, question=f"r:{version.document_id.hex}")
    engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    one = Finding.objects.get()
    assert [row.finding for row in checklist(found, world.unit("hctp")).extra] == [one]
    kept = answer(world, found, question=f"r:{version.document_id.hex}", expected="1")
    assert kept.status_code == 403
    assert "không còn trong danh mục" in kept.content.decode()
    revised = answer(world, found, question="", finding=str(one.pk), expected="1", statement="Đã sửa")
    assert revised.status_code == 302
    one.refresh_from_db()
    assert one.statement == "Đã sửa"


def test_a_long_checklist_shows_one_part_at_a_time(world: World) -> None:
    steps = [
        {"key": f"k{number}", "name": f"Việc {number}", "responsible": "A", "time": "01 ngày", "form": ""}
        for number in range(160)
    ]
    version = factories.in_force(world, steps=steps)
    found = records.audit_round(world, "in_progress")
    url = visit_url(found, world)
    page = text(world.binh, url)
    assert "Việc 159" not in page
    assert "Việc 159" in text(world.binh, f"{url}?part=d-{version.document_id.hex}")
    assert "Việc 159" in text(world.binh, f"{url}?part=all")


def test_statements_do_not_grow_with_questions_or_answers(world: World) -> None:
    factories.in_force(world)
    found = records.audit_round(world, "in_progress")
    url, client = visit_url(found, world), log_in(world.binh)
    client.get(url)
    with statements() as few:
        client.get(url)
    for _number in range(4):
        factories.in_force(world)
    for key in keys(world, found)[:8]:
        answer(world, found, question=key)
    with statements() as many:
        client.get(url)
    assert len(many) == len(few) <= 30
