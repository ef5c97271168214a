"""The editor in a browser: rows, look-up and times in place, and nothing lost with the page or the session."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from documents.models import DocumentVersion, Regulation
from tests import factories
from tests.browser.town import DECREE, PASSWORD, law, log_in, look, town


def draft(page: Page, site: str) -> DocumentVersion:
    """A draft of Lan's, open in the editor."""
    world = town()
    law()
    found = factories.version(world, "draft")
    log_in(page, site, "lan")
    page.goto(f"{site}/versions/{found.pk}/edit/")
    return found


def save(page: Page) -> None:
    page.get_by_role("button", name="Lưu dự thảo").last.click()


def names(page: Page) -> list[str]:
    """First cell of every step, in the order of the page."""
    return [cell.input_value() for cell in page.locator("#b-steps textarea[name$='.name']").all()]


def test_rows_are_added_moved_dropped_and_had_back_in_place(page: Page, site: str, complaints: list[str]) -> None:
    found = draft(page, site)
    page.get_by_role("button", name="Thêm bước").click()
    expect(page.locator("[name='steps.2.name']")).to_be_focused()
    page.keyboard.type("Trả kết quả")
    page.locator("[name='steps.2.responsible']").fill("Một cửa")
    page.locator("[name='steps.2.time']").fill("4 giờ")
    expect(page.locator("#times")).to_contain_text("3 ngày làm việc / thời hạn 3 ngày")
    page.locator("[name='steps.2.time']").fill("09 ngày")
    expect(page.locator("#times")).to_contain_text("quá thời hạn")
    page.locator("[name='steps.2.time']").fill("4 giờ")
    page.get_by_role("button", name="Chuyển lên: Bước 3").click()
    assert names(page) == ["Tiếp nhận", "Trả kết quả", "Thẩm tra"]
    page.get_by_role("button", name="Bỏ dòng: Bước 1").click()
    assert names(page) == ["Trả kết quả", "Thẩm tra"]
    page.get_by_role("button", name="Hoàn tác").click()
    assert names(page) == ["Tiếp nhận", "Trả kết quả", "Thẩm tra"]
    look(page, "editor-rows")
    save(page)
    expect(page.locator("main")).to_contain_text("Đã lưu dự thảo.")
    found.refresh_from_db()
    steps = [(row["key"], row["name"]) for row in found.content["steps"]]
    assert (steps[0], steps[2]) == (("s1", "Tiếp nhận"), ("s2", "Thẩm tra"))
    assert complaints == []


def test_a_citation_is_found_in_another_spelling_and_picked(page: Page, site: str, complaints: list[str]) -> None:
    found = draft(page, site)
    page.get_by_role("button", name="Thêm căn cứ").click()
    field = page.locator("[name='legal_basis.1.number']")
    field.press_sequentially("18/2026/nd-cp")
    pick = page.locator("#legal_basis-1 [data-pick]")
    expect(pick.first).to_contain_text(DECREE)
    look(page, "editor-lookup")
    pick.first.click()
    expect(field).to_have_value(DECREE)
    expect(pick).to_have_count(0)
    save(page)
    expect(page.locator("main")).to_contain_text("Đã lưu dự thảo.")
    decree = Regulation.objects.by_number(DECREE).get()
    assert decree.pk in found.citations.values_list("regulation", flat=True)
    assert complaints == []


def test_a_page_left_without_saving_is_offered_again_rows_and_all(page: Page, site: str) -> None:
    found = draft(page, site)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("textarea[name=purpose]").fill("Gõ mà chưa lưu")
    page.get_by_role("button", name="Chuyển xuống: Bước 1").click()
    page.get_by_role("button", name="Thêm bước").click()
    page.keyboard.type("Bước thêm")
    page.wait_for_timeout(600)  # the shell keeps a draft 400 ms after the last key
    page.goto(f"{site}/versions/{found.pk}/edit/")
    expect(page.locator("textarea[name=purpose]")).not_to_have_value("Gõ mà chưa lưu")
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.locator("textarea[name=purpose]")).to_have_value("Gõ mà chưa lưu")
    assert names(page) == ["Thẩm tra", "Tiếp nhận", "Bước thêm"]
    save(page)
    expect(page.locator("main")).to_contain_text("Đã lưu dự thảo.")
    found.refresh_from_db()
    assert [row["key"] for row in found.content["steps"]][:2] == ["s2", "s1"]
    page.goto(f"{site}/versions/{found.pk}/edit/")
    expect(page.get_by_role("button", name="Lấy lại")).to_be_hidden()


def test_a_session_that_ended_costs_a_log_in_and_nothing_else(page: Page, site: str) -> None:
    found = draft(page, site)
    page.locator("textarea[name=purpose]").fill("Gõ khi phiên đã hết")
    page.context.clear_cookies(name="sessionid")
    save(page)
    expect(page.locator(".error-summary")).to_contain_text("Phiên làm việc đã hết")
    expect(page.locator("textarea[name=purpose]")).to_have_value("Gõ khi phiên đã hết")
    other = page.context.new_page()
    other.goto(f"{site}/accounts/login/")
    other.fill("input[name=login]", "lan")
    other.fill("input[name=password]", PASSWORD)
    other.keyboard.press("Enter")
    expect(other).to_have_url(f"{site}/")
    other.close()
    save(page)
    expect(page.locator("main")).to_contain_text("Đã lưu dự thảo.")
    found.refresh_from_db()
    assert found.content["purpose"] == "Gõ khi phiên đã hết"
