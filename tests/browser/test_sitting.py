"""Screening, and a leader's sitting on a phone: differences at a glance, one opened, all signed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from documents.models import DocumentVersion
from documents.services.campaigns import campaign_open
from tests import factories
from tests.browser.town import log_in, look, town
from tests.documents.sittings import NEW, OLD, SUBSTANCE, SWAPPED, WRITING, basis, campaign_of, law, revisions


def test_a_sitting_on_a_phone(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    campaign = campaign_of(world, SWAPPED, SWAPPED, WRITING, SUBSTANCE)
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, site, "tuan")
    page.goto(f"{site}{campaign.get_absolute_url()}")
    page.get_by_role("link", name="Phiên ký").click()
    look(page, "sitting")
    page.locator("#swaps [data-tick-all]").click()
    expect(page.locator("[data-ticked]")).to_have_text("2")
    page.get_by_role("link", name="Mở xem khác biệt").click()
    expect(page.locator("main")).to_contain_text("Chỉ sửa câu chữ")
    look(page, "sitting-difference")
    page.get_by_role("link", name="Về phiên ký").click()
    expect(page.locator("input[name=item]")).to_have_count(3)
    for box in page.locator("input[name=item]").all():
        box.check()
    page.get_by_label("Ý kiến").fill("Nhất trí")
    look(page, "sitting-ticked")
    page.get_by_role("button", name="Ký các bản đã chọn").click()
    expect(page.locator("main")).to_contain_text("1 bản chờ bạn ký")
    look(page, "sitting-signed")
    states = [DocumentVersion.objects.get(pk=one.pk).state for one in revisions(campaign)]
    assert states == ["approved", "approved", "approved", "pending_approval"]
    assert complaints == []


def test_screening_with_the_basis_in_sight(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    law()
    for note in ("", "", "Điều 5"):
        factories.in_force(world, legal_basis=basis(OLD, note=note))
    campaign = campaign_open(regulation=factories.regulation(NEW), agency=world.unit("stp"), by=world.phuc)
    log_in(page, site, "phuc")
    page.goto(f"{site}{campaign.get_absolute_url()}")
    page.locator("[data-tick-all]").click()
    page.locator("select[name=action]").select_option("defer")
    expect(page.locator("[name=awaits]")).to_be_visible()
    expect(page.locator("[name=basis]")).to_have_count(0)
    look(page, "screening-defer")
    page.locator("select[name=action]").select_option("confirm")
    expect(page.locator("[name=awaits]")).to_be_hidden()
    page.locator("#holdings summary").click()
    page.get_by_role("button", name="Thực hiện").click()
    expect(page.locator("main")).to_contain_text("đã ghi cho 3 tài liệu")
    page.locator("#holdings summary").click()
    look(page, "screening-holdings")
    assert complaints == []
