"""The page of a CAR: seven parts or 8D, chain and repeats, documents, the printed form, the pane in the inbox."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse

from capa.models import Car
from capa.views.car import EIGHT, PAPER, PARTS
from tests.capa import records
from tests.capa.pdfs import printed, squeezed
from tests.people import World
from tests.workflows.screens import log_in, statements, text, url_of
from workflows import engine


def shown_of(world: World, who: str, record: Any, query: str = "") -> str:
    return " ".join(text(world.people[who], record.get_absolute_url() + query).split())


def parts_of(page: str) -> dict[str, str]:
    """Each part of the form by name, whatever heading it stands under."""
    names = "|".join(PARTS)
    found = re.split(rf'<div id="({names})">', page)[1:]
    bodies = {
        name: re.split(r"</div>\s*(?:</section>|$)", body)[0]
        for name, body in zip(found[::2], found[1::2], strict=True)
    }
    return {name: re.sub(r"<h3>.*?</h3>", "", body).strip() for name, body in bodies.items()}


def test_the_seven_parts_say_what_the_record_says(world: World) -> None:
    document = records.fresh_document(world)
    found = records.car(world, "awaiting_verification", documents=(document,))
    shown = shown_of(world, "quang", found)
    for heading in (
        "1. Mô tả",
        "2. Khắc phục tức thời",
        "3. Phân tích",
        "4. Kế hoạch",
        "5. Thực hiện",
        "6. Kiểm tra",
        "7. Đóng",
    ):
        assert heading in shown
    parts = parts_of(shown)
    assert "Quy trình phải viện dẫn văn bản còn hiệu lực." in parts["description"]
    assert "Đã thu hồi bản in cũ" in parts["correction"]
    assert '<span class="why-number">1.1.1</span>' in parts["cause"]
    assert "<svg" in parts["cause"]
    assert "Đã hỏi ba người phụ trách" in parts["cause"]
    assert "Lập sổ theo dõi văn bản" in parts["plan"]
    assert "Sau khi xem 10 hồ sơ" in parts["plan"]
    assert "Sổ đã lập, có ba dòng" in parts["tasks"]
    assert document.code in parts["demands"]
    assert "chưa đạt" in parts["demands"]
    assert "10/10 hồ sơ đúng" in parts["verification"]
    assert "Phiếu chưa đóng" in parts["closure"]


def test_8d_is_another_arrangement_of_the_same_parts(world: World) -> None:
    assert sorted(name for _title, names in PAPER for name in names) == sorted(PARTS)
    assert sorted(name for _title, names in EIGHT for name in names) == sorted(PARTS)
    found = records.car(world, "closed")
    eight = shown_of(world, "quang", found, "?profile=8d")
    assert [f"D{n}." in eight for n in range(1, 9)] == [True] * 8
    assert parts_of(eight) == parts_of(shown_of(world, "quang", found))


def test_a_why_without_evidence_and_a_blaming_cause_are_flagged(world: World) -> None:
    found = records.car(world, "acknowledged")
    whys = [{"key": "w1", "parent": "", "text": "Do sơ suất", "evidence": ""}]
    found = engine.fire(found, "analyse", by=world.lan, analysis=records.analysis(whys=whys, root="Cán bộ sơ suất"))
    shown = shown_of(world, "quang", found)
    assert "chưa có bằng chứng" in shown
    assert "Nguyên nhân gốc chỉ nói lỗi của con người" in shown


def test_the_chain_links_both_ways(world: World) -> None:
    first = Car.objects.get(pk=records.car(world, "reissued").pk)
    second = Car.objects.get(predecessor=first)
    old, new = shown_of(world, "quang", first), shown_of(world, "quang", second)
    assert f'href="{second.get_absolute_url()}">{second.number}</a>' in old
    assert f'href="{first.get_absolute_url()}">{first.number}</a>' in new
    assert "Chu kỳ 2" in new


def twin(world: World, unit: str = "bttp") -> Car:
    """An earlier CAR of another unit with the clause and the cause of ``records.car``."""
    place = world.unit(unit)
    began = records.ago(30)
    seen = records.reported(found_on=began.date())
    found = engine.start(Car(agency=place.agency, unit=place), "report", by=world.mai, now=began, **seen)
    given = records.answers(world, "issue") | {"clause": "7.5", "unit": str(place.pk)}
    found = engine.fire(found, "issue", by=world.hoa, **given)
    found = engine.fire(found, "acknowledge", by=world.hung)
    return engine.fire(found, "analyse", by=world.mai, analysis=records.analysis())


def test_a_possible_repeat_is_shown_and_confirmed(world: World) -> None:
    earlier, found = twin(world), records.car(world, "analysis")
    assert "Có thể lặp lại" not in shown_of(world, "hoa", earlier)
    shown = shown_of(world, "hoa", found)
    assert "Có thể lặp lại" in shown
    assert f'href="{earlier.get_absolute_url()}">{earlier.number}</a>' in shown
    assert "đơn vị khác" in shown
    assert 'data-dialog="do-link"' in shown
    assert f'<option value="{earlier.pk}">' in shown
    given = {"expected": str(found.row_version), "earlier": str(earlier.pk)}
    assert log_in(world.hoa).post(url_of("act", found, "link"), given).status_code == 302
    shown = shown_of(world, "hoa", found)
    assert "Đã ghi nhận là lặp lại của" in shown
    assert 'data-dialog="do-link"' not in shown


def test_who_may_not_read_the_earlier_one_learns_only_that_it_is_there(world: World) -> None:
    earlier, found = twin(world), records.car(world, "analysis")
    shown = shown_of(world, "minh", found)
    assert "1 phiếu khác mà bạn không được xem" in shown
    assert earlier.number not in shown
    assert str(earlier.pk) not in shown


def test_a_step_with_nothing_to_pick_says_so(world: World) -> None:
    shown = shown_of(world, "hoa", records.car(world, "issued"))
    assert "<strong>Ghi nhận là lặp lại</strong>: Hiện không có gì để chọn" in shown
    assert 'data-dialog="do-link"' not in shown


def test_demands_show_the_revision_only_to_those_who_may_open_it(world: World) -> None:
    document = records.fresh_document(world)
    found = records.car(world, "implementing", documents=(document,))
    found = engine.fire(found, "revise_document", by=world.lan, document=str(document.pk))
    revision = found.demands.get().revision
    assert revision is not None
    assert f'href="{revision.get_absolute_url()}"' in shown_of(world, "lan", found)
    assert f'href="{revision.get_absolute_url()}"' not in shown_of(world, "uyvien", found)
    until = records.in_days(20)
    found = engine.fire(found, "waive", by=world.tuan, document=str(document.pk), until=until, note="Chờ luật mới")
    shown = shown_of(world, "lan", found)
    assert f"Được miễn đến hết ngày {until:%d/%m/%Y}: Chờ luật mới" in shown
    assert '<span class="tag tag-green">đạt</span>' in shown


@pytest.mark.parametrize(
    ("who", "status"), [("dung", 404), ("xuan", 404), ("root", 404), ("son", 403), ("mai", 403), ("cao", 403)]
)
def test_who_does_not_read(world: World, who: str, status: int) -> None:
    found = records.car(world, "analysis")
    for address in (found.get_absolute_url(), f"{found.get_absolute_url()}pdf/"):
        said = text(world.people[who], address, status)
        assert found.description not in said


def test_a_refused_step_is_told_with_its_reason(world: World) -> None:
    shown = shown_of(world, "minh", records.car(world, "plan_review"))
    assert "<strong>Duyệt kế hoạch</strong>: Cần vai trò" in shown


def test_hostile_words_of_every_part_stay_text(world: World) -> None:
    bad = '"><script>alert(1)</script>{{ 7|add:7 }}'
    found = records.car(world, "acknowledged")
    found = engine.fire(found, "correct", by=world.lan, correction=bad, corrected_on=None)
    causes = [{"key": "c1", "category": "law", "text": bad}]
    whys = [{"key": "w1", "parent": "", "text": bad, "evidence": bad}]
    given = records.analysis(whys=whys, causes=causes, root=bad, similar=bad, extent=bad)
    found = engine.fire(found, "analyse", by=world.lan, analysis=given)
    rows = records.car_plan(world)
    rows["actions"][0] |= {"what": bad, "resources": bad}
    found = engine.fire(found, "draft_plan", by=world.lan, plan=rows | {"risk": bad})
    for query in ("", "?profile=8d"):
        shown = shown_of(world, "hoa", found, query)
        assert "<script>alert" not in shown
        assert shown.count("&lt;script&gt;alert(1)") >= 8
        assert "{{ 7|add:7 }}" in shown
    assert log_in(world.hoa).get(f"{found.get_absolute_url()}pdf/").status_code == 200


def test_long_texts_come_through_whole(world: World) -> None:
    long = ("Đoạn văn dài, dấu đủ. " * 910)[:20_000].strip()
    found = records.car(world, "acknowledged")
    found = engine.fire(found, "correct", by=world.lan, correction=long, corrected_on=None)
    assert long in text(world.hoa, found.get_absolute_url())


def test_the_page_costs_the_same_for_one_action_and_for_many(world: World) -> None:
    found = records.car(world, "acknowledged")
    found = engine.fire(found, "analyse", by=world.lan, analysis=records.analysis())
    client, counts = log_in(world.hoa), []
    for number in (1, 12):
        row = records.car_plan(world)["actions"][0]
        rows = [row | {"key": f"a{n}", "what": f"Việc {n}"} for n in range(number)]
        found = engine.fire(found, "draft_plan", by=world.lan, plan=records.car_plan(world, actions=rows))
        with statements() as run:
            client.get(found.get_absolute_url())
        counts.append(len(run))
    assert counts[0] == counts[1]
    assert counts[0] <= 30


# The printed form.


def test_the_pdf_is_the_form_filled_in(world: World) -> None:
    found = records.car(world, "closed")
    answer = log_in(world.quang).get(f"{found.get_absolute_url()}pdf/")
    assert answer["Content-Type"] == "application/pdf"
    named = unquote(answer["Content-Disposition"].split("filename*=utf-8''")[1])
    assert answer["Content-Disposition"].startswith("attachment")
    assert named == f"Phiếu CAR {found.number.replace('/', '-')}.pdf"
    said = printed(answer.content)
    for words in (
        found.number,
        "Quy trình phải viện dẫn văn bản còn hiệu lực.",
        "Đã thu hồi bản in cũ",
        "Chưa quy định ai rà soát khi văn bản thay đổi",
        "Lập sổ theo dõi văn bản",
        "10/10 hồ sơ đúng",
        "Đã xem 12 hồ sơ liên tiếp",
        "Có hiệu lực",
        "12/QĐ-STP",
        "Quang",
    ):
        assert squeezed(words) in said


def test_the_pdf_of_an_empty_report_and_of_a_chain(world: World) -> None:
    fresh = records.report(world)
    assert log_in(world.son).get(f"{fresh.get_absolute_url()}pdf/").status_code == 200
    first = Car.objects.get(pk=records.car(world, "reissued").pk)
    second = Car.objects.get(predecessor=first)
    answer = log_in(world.hoa).get(f"{first.get_absolute_url()}pdf/")
    assert squeezed(second.number) in printed(answer.content)


def test_the_paper_stays_vietnamese_for_readers_in_english(world: World) -> None:
    found = records.car(world, "closed")
    client = log_in(world.quang)
    client.cookies["django_language"] = "en"
    answer = client.get(f"{found.get_absolute_url()}pdf/")
    assert squeezed("Có hiệu lực") in printed(answer.content)


# The inbox.


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("issued", ("viện dẫn thông tư", "Bằng chứng")),
        ("plan_review", ("Chưa quy định ai rà soát", "Lập sổ theo dõi văn bản", "10/10 hồ sơ đúng", "đã kiểm chứng")),
        ("awaiting_verification", ("Sau khi xem 10 hồ sơ", "Sổ đã lập, có ba dòng", "Kết luận từ ngày")),
        ("closed", ("Đóng ngày",)),
    ],
)
def test_the_pane_shows_what_the_decision_needs(world: World, state: str, words: tuple[str, ...]) -> None:
    found = records.car(world, state)
    shown = text(world.quang, url_of("inbox_item", found))
    assert [word for word in words if word not in shown] == []


def test_the_pane_leads_the_owner_to_the_editors(world: World) -> None:
    found = records.car(world, "analysis")
    shown = text(world.lan, url_of("inbox_item", found))
    assert reverse("capa:car_analysis", args=[found.pk]) in shown
    assert reverse("capa:car_plan", args=[found.pk]) in shown
    assert reverse("capa:car_plan", args=[found.pk]) not in text(world.quang, url_of("inbox_item", found))


def test_every_record_of_audits_has_a_pane_of_its_own(world: World) -> None:
    task = records.action(world)
    finding = task.car.finding
    note = records.observation(world)
    assert finding is not None
    expected = (
        (task, "đã dùng 0 trên 2 lần"),
        (finding, "Quy trình chứng thực còn viện dẫn"),
        (note, "Đơn vị phản hồi"),
        (finding.round, "Phòng Hành chính tư pháp"),
        (finding.round.programme, "Đợt 1"),
    )
    for record, words in expected:
        assert words in text(world.hoa, url_of("inbox_item", record))
