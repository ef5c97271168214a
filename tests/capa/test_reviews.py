"""Management review: gates of its path, inputs that the product knows, the pack frozen with the meeting, its work."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from capa.machines.review import INPUTS
from capa.models import InputText, Output, Pack, Review
from capa.services.known import COUNTS, Place
from capa.services.publishing import GATES
from capa.shapes import digest
from tests import factories
from tests.capa import records, yearly
from tests.capa.pdfs import printed, squeezed
from tests.people import World, seat
from tests.workflows.screens import log_in, statements, text
from workflows import engine, inbox
from workflows.errors import BadAnswer, GuardFailed, SameHand
from workflows.wordfiles import MEDIA_TYPE

PARTS = ("a", "b", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "d", "e", "f")
NUMBERS = re.compile(r'<a data-number href="([^"]+)">(\d+)</a>')


def listed(page: str) -> int:
    """How many rows a list behind a number shows."""
    found = re.search(r'<ol class="mb-0".*?</ol>', page, re.DOTALL)
    return found.group().count("<li>") if found else 0


def busy(world: World) -> None:
    """Something of everything that the pack counts."""
    for unit in ("hctp", "hctp", "bttp"):
        factories.in_force(world, unit)
    records.car(world, "closed")
    records.finding(world, "acknowledged", result="observation")
    yearly.measure(world, yearly.objective(world, "running"), 1, "60")
    yearly.review(world, "tracking", title="Cuộc họp năm trước", year=2025)


def test_every_input_of_the_standard_is_there_and_every_count_is_known() -> None:
    assert [one.clause for one in INPUTS] == [f"9.3.2 {part}" for part in PARTS]
    assert {key for one in INPUTS for key in one.counts} <= COUNTS.keys()
    assert all(one.counts or one.written for one in INPUTS)


def test_every_number_of_the_pack_is_the_length_of_the_list_it_links_to(world: World) -> None:
    busy(world)
    found = yearly.review(world, "collecting_inputs")
    links = NUMBERS.findall(text(world.hoa, found.get_absolute_url()))
    assert len(links) == sum(len(one.counts) for one in INPUTS)
    for url, number in links:
        assert listed(text(world.hoa, url)) == int(number), url
    by_key = {url.split("/")[-2]: int(number) for url, number in links}
    assert (by_key["documents"], by_key["cars_closed"], by_key["outputs_open"]) == (3, 1, 1)
    assert (by_key["objectives_at_risk"], by_key["findings_observation"]) == (1, 1)


def test_the_pack_stays_as_it_was_when_the_meeting_was_held(world: World) -> None:
    busy(world)
    found = yearly.review(world, "held")
    before = NUMBERS.findall(text(world.hoa, found.get_absolute_url()))
    for url, number in before:
        assert listed(text(world.hoa, url)) == int(number), url
    factories.in_force(world)
    records.report(world)
    assert NUMBERS.findall(text(world.hoa, found.get_absolute_url())) == before
    pack = Pack.objects.get(review=found)
    assert found.pack_sha256 == digest(pack.body)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Pack.objects.filter(pk=pack.pk).update(body={})


def test_the_pack_is_of_the_agency_alone(world: World) -> None:
    theirs = factories.in_force(world, "nx1")
    mine = factories.in_force(world)
    today = records.in_days(0)
    rows = COUNTS["documents"].rows(Place(world.unit("stp"), today, today.year))
    assert (mine in rows, theirs in rows) == (True, False)


def test_ready_needs_every_input_written_or_waived(world: World) -> None:
    found = yearly.review(world, "collecting_inputs")
    with pytest.raises(GuardFailed) as caught:
        engine.fire(found, "ready", by=world.hoa)
    wanted = [one for one in INPUTS if one.written]
    assert len(caught.value.problems) == len(wanted) + 1
    found = engine.fire(found, "waive_input", by=world.quang, subject="audit", note="Chưa đến kỳ")
    for one in wanted[1:]:
        engine.fire(found, "write_input", by=world.hoa, subject=one.key, text="Báo cáo")
    with pytest.raises(GuardFailed):
        engine.fire(found, "ready", by=world.hoa)
    engine.fire(found, "waive_input", by=world.quang, subject=wanted[0].key, note="Không có thay đổi")
    assert engine.fire(found, "ready", by=world.hoa).state == "ready"
    page = text(world.hoa, found.get_absolute_url())
    assert "Được miễn" in page
    assert "Không có thay đổi" in page


def test_the_year_is_audited_before_its_leaders_review_it_or_the_qmr_says_why_not(world: World) -> None:
    found = yearly.review(world, "collecting_inputs")
    for one in INPUTS:
        if one.written:
            found = engine.fire(found, "write_input", by=world.hoa, subject=one.key, text="Báo cáo")
    with pytest.raises(GuardFailed) as caught:
        engine.fire(found, "ready", by=world.hoa)
    (sentence,) = caught.value.problems
    assert f"Năm {yearly.YEAR} chưa có đợt đánh giá nội bộ nào ký báo cáo" in sentence
    assert "9.3.2 c6" in sentence
    written = engine.fire(found, "write_input", by=world.hoa, subject="audit", text="Sẽ đánh giá sau")
    with pytest.raises(GuardFailed):
        engine.fire(written, "ready", by=world.hoa)
    records.audit_round(world, "report_signed")
    assert engine.fire(written, "ready", by=world.hoa).state == "ready"


def test_the_newest_text_of_an_input_counts_and_the_older_stays(world: World) -> None:
    found = yearly.review(world, "collecting_inputs")
    for words in ("Bản đầu", "Bản sau"):
        engine.fire(found, "write_input", by=world.phuc, subject="risks", text=words)
    assert found.said()["risks"].text == "Bản sau"
    assert InputText.objects.count() == 2
    with pytest.raises(BadAnswer):
        engine.fire(found, "write_input", by=world.hoa, subject="weather", text="Nắng")


def test_no_meeting_in_the_future(world: World) -> None:
    found = yearly.review(world, "ready")
    with pytest.raises(GuardFailed):
        engine.fire(found, "hold", by=world.tuan, held_on=records.in_days(1), attendance="Đủ")


def test_who_wrote_the_minutes_does_not_announce_them(world: World) -> None:
    found = yearly.review(world, "minutes_draft")
    yearly.decide(world, found)
    seat(world.hoa, "steering_head", world.unit("stp"))
    with pytest.raises(SameHand):
        engine.fire(found, "issue", by=world.hoa, **yearly.answers(world, "issue"))


def test_conclusions_without_work_are_none(world: World) -> None:
    found = yearly.review(world, "minutes_draft")
    with pytest.raises(GuardFailed):
        engine.fire(found, "issue", by=world.tuan, **yearly.answers(world, "issue"))


def test_work_reaches_its_owners_inbox_with_the_notice_and_ends_the_review(world: World) -> None:
    found = yearly.review(world, "held")
    work = yearly.decide(world, found)
    assert (work.unit, work.state) == (world.unit("hctp"), "planned")
    assert not inbox.for_user(world.lan, machine="output")
    for action, by in (("minutes", world.hoa), ("issue", world.tuan), ("track", world.hoa)):
        found = engine.fire(found, action, by=by, **yearly.answers(world, action))
    (entry,) = inbox.for_user(world.lan, machine="output")
    assert (entry.record.pk, entry.record.due_on) == (work.pk, work.due)
    assert not inbox.for_user(world.mai, machine="output")
    assert not inbox.for_user(world.dung, machine="output")
    with pytest.raises(GuardFailed):
        engine.fire(found, "close", by=world.hoa)
    yearly.end(world, found)
    assert engine.fire(found, "close", by=world.hoa).state == "closed"


def test_who_did_the_work_does_not_accept_it(world: World) -> None:
    found = yearly.review(world, "held")
    yearly.decide(world, found, owner=str(world.quang.pk))
    for action, by in (("minutes", world.hoa), ("issue", world.tuan)):
        found = engine.fire(found, action, by=by, **yearly.answers(world, action))
    done = engine.fire(found.outputs.get(), "finish", by=world.quang, **yearly.answers(world, "finish"))
    with pytest.raises(SameHand):
        engine.fire(done, "accept", by=world.quang)


def test_work_is_given_to_people_of_the_agency_only(world: World) -> None:
    work = yearly.output(world)
    offered = {key for key, _label in work.options("owner")}
    assert {str(world.lan.pk), str(world.mai.pk), str(world.quang.pk)} <= offered
    assert not offered & {str(world.dung.pk), str(world.xuan.pk), str(world.nghi.pk), str(world.cao.pk)}


def test_work_is_written_down_before_the_notice_only(world: World) -> None:
    found = yearly.review(world, "conclusions_issued")
    with pytest.raises(GuardFailed):
        yearly.decide(world, found)
    with pytest.raises(GuardFailed):
        yearly.decide(world, yearly.review(world, "ready", year=2027))


def test_everybody_reads_the_conclusions_and_only_attendants_the_pack(world: World) -> None:
    found = yearly.review(world, "conclusions_issued")
    page = text(world.son, found.get_absolute_url())
    assert "hệ thống phù hợp" in page
    assert "Rút ngắn quy trình chứng thực" in page
    assert not NUMBERS.findall(page)
    text(world.son, f"/reviews/{found.pk}/behind/documents/", 403)
    text(world.dung, f"/reviews/{found.pk}/behind/documents/", 404)
    text(world.hoa, f"/reviews/{found.pk}/behind/no_such/", 404)


def test_the_notice_prints_its_work(world: World) -> None:
    found = yearly.review(world, "conclusions_issued")
    answer = log_in(world.son).get(f"/reviews/{found.pk}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    words = printed(answer.content)
    for said in ("THÔNG BÁO KẾT LUẬN", "12/TB-BCĐ", "Rút ngắn quy trình", "Lan", "Tuan"):
        assert squeezed(said) in words, said
    draft = yearly.review(world, "held", year=2027)
    text(world.hoa, f"/reviews/{draft.pk}/pdf/", 404)


@pytest.mark.parametrize("where", ["/reviews/{}/docx/", "/api/reviews/{}/notice/docx/"])
def test_the_notice_as_a_word_file_says_what_the_review_says(world: World, where: str) -> None:
    found = yearly.review(world, "conclusions_issued")
    url = where.format(found.pk)
    answer = log_in(world.son).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, MEDIA_TYPE)
    assert f"{found.year}.docx" in answer["Content-Disposition"]
    said = re.sub(r"<[^>]+>", "|", ZipFile(BytesIO(answer.content)).read("word/document.xml").decode())
    (work,) = found.outputs.all()
    for words in ("THÔNG BÁO KẾT LUẬN", found.number, found.minutes, work.what, f"{work.due:%d/%m/%Y}", "Tuan", "Lan"):
        assert words in said, words
    dropped = engine.fire(work, "drop", by=world.tuan, note="Không cần")
    again = ZipFile(BytesIO(log_in(world.son).get(url).content)).read("word/document.xml").decode()
    assert dropped.what not in again
    assert log_in(world.dung).get(url).status_code == 404
    held = yearly.review(world, "held", year=2027)
    assert log_in(world.hoa).get(where.format(held.pk)).status_code == 404
    assert log_in(world.son).get(where.format(held.pk)).status_code == 403


def test_a_review_is_planned_and_worked_over_the_screens(world: World) -> None:
    hoa = log_in(world.hoa)
    sent = {"year": "2026", "title": "Họp cuối năm", "meets_on": "15/12/2026", "agenda": ""}
    assert hoa.post("/reviews/new/", {**sent, "meets_on": "cuối năm"}).status_code == 400
    answer = hoa.post("/reviews/new/", sent)
    found = Review.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, found.get_absolute_url())
    held = yearly.review(world, "held", year=2027)
    given: dict[str, Any] = {**yearly.decision(world), "due": "31/12/2027"}
    assert hoa.post(f"/reviews/{held.pk}/outputs/new/", given).status_code == 302
    assert Output.objects.get().get_absolute_url() in text(world.hoa, held.get_absolute_url())
    assert f'value="{world.lan.pk}" selected' in text(world.hoa, f"/outputs/{Output.objects.get().pk}/edit/")


def test_publishing_asks_for_a_review_of_the_year(world: World) -> None:
    gate = next(one for one in GATES if one.name == "review")
    today = records.in_days(0)
    assert gate.check(world.unit("stp"), today)
    yearly.review(world, "held")
    assert gate.check(world.unit("stp"), today) is None
    assert gate.check(world.unit("nx"), today)


def test_the_list_costs_the_same_for_two_as_for_eight(world: World) -> None:
    hoa = log_in(world.hoa)
    yearly.review(world)
    yearly.review(world)
    hoa.get("/reviews/")
    with statements() as few:
        hoa.get("/reviews/")
    for _one in range(6):
        yearly.review(world)
    with statements() as many:
        hoa.get("/reviews/")
    assert len(many) == len(few) <= 12
