"""The demonstration on the built-in sample: every story to its end, and nothing new when it is run again."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command

from capa.machines.review import INPUTS
from capa.models import Car, Objective, ObjectiveSet, Observation, Output, ReportContent, Review, YearReport
from config.demo.audit_story import CODE
from config.demo.framework_words import MINE
from config.demo.law_story import NEW, SWAPPED, WAITING
from config.demo.story import DECREE, REVISED
from documents.models import AdoptedItem, Adoption, Campaign, Document, DocumentVersion, Publication
from tests.workflows.screens import text
from workflows import engine
from workflows.models import Move, Seat, User, day_of

pytestmark = pytest.mark.once


def law_story(told: str) -> None:
    """Bulk screening, a sitting of swaps, the gate that refuses and then closes, a simulation, the library twice."""
    assert "2 quy trình chịu tác động, 2 mất căn cứ 08/2020/NĐ-CP, 0 không còn căn cứ nào" in told
    assert told.count("13 mục một lần, 0 bị từ chối") == 2
    assert "bị từ chối – Còn 3 mục chưa xử lý xong" in told
    assert "bị từ chối trong phiên ký – Bản này sửa nội dung (Phí, lệ phí)" in told
    assert told.count("Ký 1 bản trong một phiên") == 2
    assert "bị từ chối – Còn 2 mục chưa xử lý xong" in told
    assert "bản 01/00, căn cứ 08/2020/NĐ-CP" in told
    assert "bản 01/01, căn cứ 151/2026/NĐ-CP" in told
    states = {act: Campaign.objects.get(regulation__number=act).state for act in (DECREE, NEW, WAITING)}
    assert states == {DECREE: "closed", NEW: "closed", WAITING: "open"}
    answers = Campaign.objects.get(regulation__number=DECREE).items.values_list("state", flat=True)
    assert Counter(answers) == {"no_impact": 17, "waived": 3, "resolved": 1}
    for code in SWAPPED:
        versions = DocumentVersion.objects.filter(document__code=code)
        signed = Move.objects.get(action="approve", stream__in=versions.values("pk"))
        assert json.loads(signed.body)["evidence"]["sitting"]["class"] == "swap"


def framework_story(told: str) -> None:
    """A model in two versions, a part of it overridden, and one conflict that a person decides."""
    assert "Chưa quyết định: Các bước thực hiện, bước 2, trách nhiệm." in told
    assert "1/3 xã đã áp dụng, 1 xã còn thiếu mục bắt buộc" in told
    draft = AdoptedItem.objects.get().document.versions.get(state="draft")
    assert [row["responsible"] for row in draft.content["steps"]][1::2] == [MINE, "Văn thư"]
    assert Adoption.objects.get().state == "following"


NUMBER = re.compile(r'<a data-number href="([^"]+)">(\d+)</a>')
LIST = re.compile(r'<ol class="mb-0".*?</ol>', re.DOTALL)


def length(user: User, url: str) -> int:
    """How many rows the list at an address has, over all of its pages."""
    rows = page = 0
    while True:
        page += 1
        shown = text(user, f"{url}?page={page}")
        found = LIST.search(shown)
        rows += found.group().count("<li>") if found else 0
        if f"?page={page + 1}" not in shown:
            return rows


def pack_adds_up(user: User, review: Review) -> dict[str, int]:
    """Every number of the pack is as long as the list that it links to; the numbers by their keys."""
    links = NUMBER.findall(text(user, review.get_absolute_url()))
    assert len(links) == sum(len(one.counts) for one in INPUTS)
    wrong = [(url, number, rows) for url, number in links if (rows := length(user, url)) != int(number)]
    assert not wrong
    return {url.split("/")[-2]: int(number) for url, number in links}


def year_story(told: str) -> None:
    """Objectives measured, the review held on its pack, and its work tracked; what was frozen and what lives add up."""
    assert told.count("Chưa có báo cáo: 9.3.2") == 5
    owner_set = ObjectiveSet.objects.get()
    assert owner_set.state == "running"
    pulled = Objective.objects.exclude(source="manual").filter(measured_period__gt=0)
    assert pulled.count() == 4
    assert all(row.part is not None for one in pulled for row in one.measurements.all())
    review = Review.objects.get()
    assert (review.state, review.year) == ("tracking", owner_set.year)
    assert Counter(Output.objects.values_list("state", flat=True)) == {"open": 2, "ended": 1}
    seats = Seat.objects.held_on(day_of()).filter(unit__agency=review.agency, role="iso_secretary")
    secretary = seats.select_related("user")[0].user
    held = pack_adds_up(secretary, review)
    assert (held["documents"], held["announced"], held["rounds_held"], held["outputs_open"]) == (42, 42, 1, 0)
    fresh = Review(agency=review.agency, unit=review.agency)
    facts: dict[str, Any] = {"year": review.year, "title": "Họp bất thường", "meets_on": day_of(), "agenda": ""}
    lives = pack_adds_up(secretary, engine.start(fresh, "plan", by=secretary, **facts))
    assert (lives["objectives_measured"], lives["outputs_open"], lives["outputs_ended"]) == (5, 2, 1)


def report_story(told: str) -> None:
    """Two communes' reports taken up by the department, whose own is their sum and its own numbers."""
    refused = "thử “Tổng hợp báo cáo cấp dưới”: bị từ chối – Tài liệu đang có hiệu lực: %s = 1, không phải 2."
    assert any(refused % parts in told for parts in ("1 + 0", "0 + 1"))  # in the order of their keys
    states = dict(YearReport.objects.values_list("unit__code", "state"))
    assert states == {"STP": "submitted", "DONGSEN": "consolidated", "BANTHONG": "consolidated"}
    parts = [ReportContent.objects.filter(report__unit__code=code).last() for code in ("DONGSEN", "BANTHONG")]
    whole = ReportContent.objects.get(report__unit__code="STP")
    own = {key: len(one["rows"]) for key, one in whole.body["counts"].items()}
    assert own["documents"] == 42
    for key, number in whole.totals.items():
        assert number == own[key] + sum(part.totals[key] for part in parts if part is not None), key


@pytest.mark.django_db(transaction=True)
def test_two_stories_and_a_second_run(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", "--no-serve")
    told = capsys.readouterr().out
    assert "21 quy trình đang có hiệu lực viện dẫn trực tiếp 18/2026/NĐ-CP" in told
    assert told.count("bị từ chối – ") == 9
    chain = list(Car.objects.exclude(root__chain__cycle=1, root__chain__state="acknowledged").order_by("cycle"))
    assert [(car.cycle, car.severity, car.state) for car in chain] == [(1, "minor", "reissued"), (2, "major", "closed")]
    first, second = chain
    assert first.verifier is not None
    assert second.closed_on is not None
    revision = second.demands.get().revision
    assert revision is not None
    assert (revision.state, revision.cause_machine, revision.cause_id) == ("effective", "car", second.pk)
    assert revision.effective_from is not None
    assert revision.effective_from <= second.closed_on
    assert Observation.objects.get().state == "closed"
    law_story(told)
    framework_story(told)
    report_story(told)
    assert "(35/QĐ-STP): 42 tài liệu, 42 thủ tục" in told
    assert Counter(Publication.objects.values_list("state", flat=True)) == {"published": 1, "preparing": 1}
    for code in (CODE, REVISED, *SWAPPED):
        lives = DocumentVersion.objects.filter(document=Document.objects.get(code=code, agency__code="STP"))
        assert Counter(lives.values_list("state", flat=True)) == {"effective": 1, "superseded": 1}
    deeds = Move.objects.count()
    call_command("demo", "--no-serve")
    assert "0 bước mới" in capsys.readouterr().out
    assert Move.objects.count() == deeds
    year_story(told)
