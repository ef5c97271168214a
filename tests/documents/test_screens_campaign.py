"""Campaigns: how far each unit has come, many decisions at once, and one item with its path and its deadline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from django.db.models.signals import post_init
from django.utils import timezone

from documents.models import Campaign, Document, DocumentVersion, ImpactItem
from documents.services.campaigns import campaign_open
from documents.views import campaign as views
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, statements, text, url_of
from workflows import engine

DECREE = "18/2026/NĐ-CP"


def page(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def flat(*asked: object) -> str:
    return " ".join(text(*asked).split())  # type: ignore[arg-type]


def campaign_of(world: World, *units: str) -> Campaign:
    """A campaign with one procedure in each of these units."""
    act = factories.regulation(DECREE, effective_on=date(2027, 3, 1))
    basis = [{"key": "b1", "number": DECREE, "issuer": "", "note": "Cắt giảm thủ tục"}]
    for unit in units:
        factories.in_force(world, unit, legal_basis=basis)
    return campaign_open(regulation=act, agency=world.unit("stp"), by=world.phuc)


def sent(*items: ImpactItem, **fields: str) -> dict[str, object]:
    """A bulk decision on items as they were seen."""
    seen = [f"{item.pk}.{item.row_version}" for item in ImpactItem.objects.all()]
    return {"item": [str(item.pk) for item in items], "seen": seen, "note": "", **fields}


def test_items_stand_by_unit_with_counts_and_progress(world: World) -> None:
    campaign = campaign_of(world, "hctp", "hctp", "bttp")
    one = ImpactItem.objects.filter(unit=world.unit("bttp")).get()
    engine.fire(engine.fire(one, "screen", by=world.phuc, note="Nội dung không đổi"), "no_impact", by=world.quang)
    shown = flat(world.phuc, campaign.get_absolute_url())
    assert "Đã xử lý xong 1/3 tài liệu" in shown
    assert "Chờ rà soát 2" in shown
    assert "Không ảnh hưởng 1" in shown
    assert "<span>0/2</span>" in shown
    assert "<span>1/1</span>" in shown
    assert "căn cứ số 1" in shown
    assert "Lý do: Nội dung không đổi" in shown
    listed = flat(world.phuc, "/campaigns/")
    assert f"Rà soát theo {DECREE}" in listed
    assert "1/3" in listed


def test_filters_show_some_and_count_all(world: World) -> None:
    campaign = campaign_of(world, "hctp", "bttp")
    here, there = ImpactItem.objects.order_by("unit__path")
    for query in (f"unit={there.unit_id}", f"q={there.document.code}", f"q={there.document.title.upper()}"):
        shown = text(world.phuc, f"{campaign.get_absolute_url()}?{query}")
        assert there.document.code in shown
        assert here.get_absolute_url() not in shown
        assert "0/2 tài liệu" in shown
    assert "Không có mục nào khớp." in text(world.phuc, f"{campaign.get_absolute_url()}?state=deferred")


def test_many_are_confirmed_in_one_go_each_through_the_door(world: World) -> None:
    campaign = campaign_of(world, "hctp", "hctp", "bttp")
    first, second, third = ImpactItem.objects.order_by("unit__path", "document__code_key")
    given = sent(first, second, action="confirm", note="Đổi thành phần hồ sơ")
    answer = log_in(world.phuc).post(campaign.get_absolute_url(), given)
    assert answer.status_code == 302
    shown = flat(world.phuc, answer["Location"])
    assert "Phải sửa tài liệu 2" in shown
    for item in (first, second, third):
        item.refresh_from_db()
    assert [first.state, second.state, third.state] == ["impact_confirmed", "impact_confirmed", "detected"]
    assert first.due_on is not None


def test_no_impact_needs_its_reason_and_the_ticks_stay(world: World) -> None:
    campaign = campaign_of(world, "hctp", "bttp")
    first = ImpactItem.objects.earliest("unit__path")
    answer = log_in(world.phuc).post(campaign.get_absolute_url(), sent(first, action="screen"))
    shown = page(answer)
    assert answer.status_code == 400
    assert "Quyết định này phải có lý do." in shown
    assert f'value="{first.pk}" checked' in shown
    assert '<option value="screen" selected>' in shown
    assert not ImpactItem.objects.exclude(state="detected").exists()


def test_each_refusal_says_why_and_the_typed_reason_stays(world: World) -> None:
    campaign = campaign_of(world, "hctp", "hctp", "bttp")
    first, second, third = ImpactItem.objects.order_by("unit__path", "document__code_key")
    engine.fire(second, "confirm", by=world.hoa)
    given = sent(first, second, third, action="screen", note="Nghị định không sửa nội dung này")
    stale = engine.fire(third, "defer", by=world.hoa, note="Chờ", review_on=date(2027, 1, 5))
    assert stale.state == "deferred"
    answer = log_in(world.phuc).post(campaign.get_absolute_url(), given)
    shown = page(answer)
    assert answer.status_code == 200
    assert "đã ghi cho 1 tài liệu" in shown
    assert "không ghi được cho 2 tài liệu" in shown
    assert "Hồ sơ đang ở bước “Phải sửa tài liệu”" in shown
    assert "đã được người khác thay đổi" in shown
    assert "Nghị định không sửa nội dung này</textarea>" in shown
    assert f'value="{second.pk}" checked' in shown
    assert f'value="{first.pk}" checked' not in shown
    first.refresh_from_db()
    assert (first.state, first.reason) == ("screening", "Nghị định không sửa nội dung này")


def test_who_proposed_cannot_accept_also_in_bulk(world: World) -> None:
    campaign = campaign_of(world, "hctp")
    item = ImpactItem.objects.get()
    engine.fire(item, "screen", by=world.phuc, note="Nội dung không đổi")
    assert "Chấp nhận không ảnh hưởng" not in text(world.phuc, campaign.get_absolute_url())
    refused = log_in(world.phuc).post(campaign.get_absolute_url(), sent(item, action="no_impact"))
    assert refused.status_code == 400
    accepted = log_in(world.quang).post(campaign.get_absolute_url(), sent(item, action="no_impact"))
    assert accepted.status_code == 302
    item.refresh_from_db()
    assert item.state == "no_impact"


def test_the_drafter_opens_several_revisions_of_the_own_unit(world: World) -> None:
    campaign = campaign_of(world, "hctp", "hctp", "bttp")
    items = list(ImpactItem.objects.order_by("unit__path", "document__code_key"))
    for item in items:
        engine.fire(item, "confirm", by=world.phuc)
    items = list(ImpactItem.objects.order_by("unit__path", "document__code_key"))
    answer = log_in(world.lan).post(campaign.get_absolute_url(), sent(*items, action="open_revision"))
    mine = DocumentVersion.objects.filter(state="draft")
    assert {draft.unit for draft in mine} == {world.unit("hctp")}
    assert mine.count() == 2
    assert answer.status_code in (200, 302)


def test_nothing_ticked_or_an_unknown_decision_does_nothing(world: World) -> None:
    campaign = campaign_of(world, "hctp")
    item = ImpactItem.objects.get()
    url = campaign.get_absolute_url()
    assert "Chưa chọn tài liệu nào." in page(log_in(world.phuc).post(url, sent(action="confirm")))
    assert log_in(world.phuc).post(url, sent(item, action="resolve")).status_code == 400
    assert log_in(world.phuc).post(url, {"item": str(item.pk), "action": "confirm"}).status_code == 409
    item.refresh_from_db()
    assert item.state == "detected"


def test_an_item_of_another_campaign_is_not_touched(world: World) -> None:
    campaign = campaign_of(world, "hctp")
    other = factories.regulation("99/2026/NĐ-CP")
    basis = [{"key": "b1", "number": other.number, "issuer": "", "note": ""}]
    factories.in_force(world, legal_basis=basis)
    second = campaign_open(regulation=other, agency=world.unit("stp"), by=world.phuc)
    item = second.items.get()
    log_in(world.phuc).post(campaign.get_absolute_url(), sent(item, action="confirm"))
    item.refresh_from_db()
    assert item.state == "detected"


@pytest.mark.parametrize("name", ["dung", "root"])
def test_a_campaign_of_another_agency_does_not_exist(world: World, name: str) -> None:
    campaign = campaign_of(world, "hctp")
    item = ImpactItem.objects.get()
    text(world.people[name], campaign.get_absolute_url(), 404)
    text(world.people[name], item.get_absolute_url(), 404)
    assert DECREE not in text(world.people[name], "/campaigns/")
    answer = log_in(world.people[name]).post(campaign.get_absolute_url(), sent(item, action="confirm"))
    assert answer.status_code == 404


def test_an_item_shows_path_cited_row_and_the_rule_of_its_deadline(world: World) -> None:
    campaign_of(world, "hctp")
    item = engine.fire(ImpactItem.objects.get(), "confirm", by=world.phuc, note="Đổi hồ sơ")
    shown = flat(world.lan, item.get_absolute_url())
    assert f"{DECREE} ← căn cứ số 1 của {item.document.code}" in shown
    assert f"{DECREE} – Cắt giảm thủ tục" in shown
    assert "Ngày làm việc cuối trước 01/03/2027" in shown
    assert "không ít hơn 22 ngày làm việc" in shown
    assert f"{item.due_on:%d/%m/%Y}" in shown
    assert "/open_revision/" in shown
    assert "/open_revision/" not in text(world.phuc, item.get_absolute_url())
    pane = flat(world.lan, url_of("inbox_item", item))
    assert f"{DECREE} ← căn cứ số 1" in pane
    assert "không ít hơn 22 ngày làm việc" in pane
    done = engine.fire(item, "open_revision", by=world.lan)
    assert done.revision is not None
    assert done.revision.get_absolute_url() in text(world.lan, item.get_absolute_url())


def test_without_a_known_day_of_the_law_the_rule_says_so(world: World) -> None:
    factories.regulation(DECREE, effective_on=None)
    campaign_of(world, "hctp")
    item = engine.fire(ImpactItem.objects.get(), "confirm", by=world.phuc)
    assert "Chưa rõ ngày: 22 ngày làm việc" in flat(world.lan, item.get_absolute_url())


def test_widening_has_its_own_button_and_closing_the_table_s(world: World) -> None:
    campaign = campaign_of(world, "hctp")
    shown = text(world.phuc, campaign.get_absolute_url())
    assert "Tìm tài liệu mới chịu tác động" in shown
    assert "/close/" in shown
    assert "/widen/" not in shown
    assert "Tìm tài liệu mới chịu tác động" not in text(world.lan, campaign.get_absolute_url())


def many(world: World, campaign: Campaign, number: int) -> None:
    """So many more items of the campaign, each about a document of its own that has the first one's version."""
    first = ImpactItem.objects.filter(campaign=campaign).earliest("created_at")
    at = Document.objects.count()
    documents = [
        Document(agency=first.agency, unit=first.unit, kind="TTHC_PROC", code=f"X {place}", code_key=f"X{place:04}")
        for place in range(at, at + number)
    ]
    Document.objects.bulk_create(documents)
    items = [
        ImpactItem(campaign=campaign, agency=first.agency, unit=first.unit, document=one, version=first.version)
        for one in documents
    ]
    engine.start_many(items, "detect", by=world.phuc)


def test_statements_and_rows_do_not_grow_with_the_items(world: World) -> None:
    campaign = campaign_of(world, "hctp")
    client = log_in(world.phuc)
    counted = []
    for more in (9, 590):
        many(world, campaign, more)
        client.get(campaign.get_absolute_url())
        for url in (campaign.get_absolute_url(), f"{campaign.get_absolute_url()}?q=X&mine=1", "/campaigns/"):
            with statements() as found:
                assert client.get(url).status_code == 200
            counted.append(len(found))
    assert counted[:3] == counted[3:]
    assert max(counted) <= 28
    shown = flat(world.phuc, campaign.get_absolute_url())
    assert "Đã xử lý xong 0/600 tài liệu" in shown
    assert "<span>0/600</span>" in shown
    assert "Trang 1/3 · 600 mục" in shown
    assert shown.count('name="item"') == 200
    with rows_made() as made:
        client.get(campaign.get_absolute_url())
    assert made["n"] == 200


@contextmanager
def rows_made() -> Iterator[Counter[str]]:
    """How many items are read into memory meanwhile."""
    made: Counter[str] = Counter()

    def count(**_signal: object) -> None:
        made["n"] += 1

    post_init.connect(count, sender=ImpactItem)
    try:
        yield made
    finally:
        post_init.disconnect(count, sender=ImpactItem)


def every(shown: datetime | None = None, **fields: str) -> dict[str, str]:
    return {"every": "1", "shown": (shown or timezone.now()).isoformat(), "note": "", **fields}


def test_all_that_match_the_filter_are_decided_whatever_the_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 1)
    campaign = campaign_of(world, "hctp", "hctp", "bttp")
    client, url = log_in(world.phuc), campaign.get_absolute_url()
    assert "cho mọi mục khớp bộ lọc (3 mục, mọi trang)" in page(client.get(url))
    here = world.unit("hctp").pk
    answer = client.post(f"{url}?unit={here}", every(action="confirm"))
    assert answer.status_code == 302
    states = dict(ImpactItem.objects.order_by("unit__path").values_list("unit", "state").distinct())
    assert states == {here: "impact_confirmed", world.unit("bttp").pk: "detected"}
    assert client.post(f"{url}?unit=999999", every(action="confirm")).status_code == 400
    assert client.post(f"{url}?state=impact_confirmed", every(action="confirm")).status_code == 302
    assert ImpactItem.objects.get(unit=world.unit("bttp")).state == "detected"


def test_all_that_match_are_decided_a_part_at_a_time_and_not_unseen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "EVERY", 2)
    campaign = campaign_of(world, "hctp", "hctp", "bttp")
    client, url = log_in(world.phuc), campaign.get_absolute_url()
    for shown in ("2020-01-01T00:00:00+00:00", "hôm qua", "2020-01-01"):
        late = client.post(url, {**every(action="confirm"), "shown": shown})
        assert late.status_code == 409
        assert "đã được người khác thay đổi" in page(late)
    assert not ImpactItem.objects.exclude(state="detected").exists()
    part = client.post(url, every(action="confirm"))
    assert "còn 1 mục khớp bộ lọc" in page(part)
    assert client.post(url, every(action="confirm")).status_code == 302
    assert not ImpactItem.objects.exclude(state="impact_confirmed").exists()


def test_what_is_no_id_names_no_item(world: World) -> None:
    campaign = campaign_of(world, "hctp")
    answer = log_in(world.phuc).post(campaign.get_absolute_url(), {"item": ["x", "' OR 1=1"], "action": "confirm"})
    assert answer.status_code == 302
    assert ImpactItem.objects.get().state == "detected"
