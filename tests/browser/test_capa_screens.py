"""Screens of corrective action in a browser, at both widths: nothing sticks out, axe finds nothing."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from capa.models import Car
from tests.browser.town import log_in, look, town
from tests.capa import records
from workflows import engine

REFUSED = "Failed to load resource: the server responded with a status of 400 (Bad Request)"
"""What the browser says of a form that came back, and nothing else."""


def test_reader_sees_the_register_the_form_and_the_inbox(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    document = records.fresh_document(world)
    found = records.car(world, "plan_review", documents=(document,))
    records.report(world)
    log_in(page, site, "quang")
    look(page, "home-cars")
    page.goto(f"{site}/cars/")
    look(page, "cars")
    page.goto(f"{site}{found.get_absolute_url()}")
    look(page, "car")
    page.goto(f"{site}{found.get_absolute_url()}?profile=8d")
    look(page, "car-8d")
    page.goto(f"{site}/inbox/car/{found.pk}/")
    look(page, "inbox-car-plan")
    page.locator(".action-bar").get_by_text("Duyệt kế hoạch", exact=True).click()
    page.locator("dialog[open]").get_by_role("button", name="Duyệt kế hoạch").click()
    found = Car.objects.get(pk=found.pk)
    assert found.state == "plan_approved"
    found = engine.fire(found, "entrust", by=world.hoa, **records.answers(world, "entrust"))
    records.finish(world, found)
    found = engine.fire(found, "complete", by=world.minh)
    page.goto(f"{site}{found.get_absolute_url()}")
    look(page, "car-verification")
    page.goto(f"{site}{found.actions.get().get_absolute_url()}")
    look(page, "action")
    log_in(page, site, "binh")
    page.goto(f"{site}/inbox/car/{found.pk}/")
    look(page, "inbox-car-verification")
    assert complaints == []


def test_the_owner_writes_cause_and_plan_without_a_script(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    records.fresh_document(world)
    found = records.car(world, "acknowledged")
    log_in(page, site, "lan")
    page.goto(f"{site}{found.get_absolute_url()}analysis/")
    look(page, "analysis-empty")
    page.locator("[name=whys-0-text]").fill("Do sơ suất")
    page.get_by_role("button", name="Vì sao 1 như vậy?").click()
    expect(page.locator("[name=whys-1-text]")).to_be_focused()
    page.keyboard.type("Chưa có bước rà soát")
    page.get_by_role("button", name="Thêm nguyên nhân").click()
    expect(page.locator("[name=causes-0-text]")).to_be_focused()
    page.keyboard.type("Thiếu bước rà soát")
    page.locator("[name=causes-0-category]").select_option("procedure")
    page.get_by_role("button", name="Kiểm tra").click()
    look(page, "analysis")
    page.get_by_role("button", name="Lưu").last.click()
    expect(page.locator("main")).to_contain_text("Đã lưu")
    look(page, "car-analysed")
    page.goto(f"{site}{found.get_absolute_url()}plan/")
    page.get_by_role("button", name="Thêm tài liệu").click()
    page.locator("[name=actions-0-what]").fill("Lập sổ theo dõi")
    page.locator("[name=actions-0-due]").fill("31/02/2026")
    page.get_by_role("button", name="Lưu").last.click()
    expect(page.locator("main")).to_contain_text("Không phải là ngày")
    look(page, "plan")
    assert complaints == [REFUSED]


def test_anybody_reports_on_a_phone(page: Page, site: str, complaints: list[str]) -> None:
    town()
    log_in(page, site, "son")
    page.goto(f"{site}/cars/new/")
    look(page, "report")
    page.get_by_role("button", name="Gửi báo cáo").click()
    look(page, "report-wrong")
    page.locator("[name=source]").select_option("self")
    page.locator("[name=found_on]").fill("05/03/2026")
    page.locator("[name=description]").fill("Bản in cũ còn ở quầy")
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("main")).to_contain_text("Đã báo sự không phù hợp")
    look(page, "reported")
    assert complaints == [REFUSED]
