"""The leaders' day: four signatures from the inbox, a return with its reason, the issue, and the day itself."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from documents.models import DocumentVersion
from tests import factories
from tests.browser.town import act, log_in, look, town
from workflows import ticking

STEPS = (("minh", "Đồng ý"), ("hoa", "Đạt thẩm tra"), ("quang", "Đồng ý trình ký"), ("tuan", "Phê duyệt"))


@pytest.mark.parametrize("width", [1280, 390])
def test_four_signatures_from_the_inbox(page: Page, site: str, width: int) -> None:
    world = town()
    old = factories.in_force(world)
    draft = factories.version(world, "unit_review", owner=old.document, purpose="Mục đích mới, theo 18/2026/NĐ-CP.")
    page.set_viewport_size({"width": width, "height": 900})
    for name, label in STEPS:
        log_in(page, site, name)
        page.goto(f"{site}/inbox/")
        page.locator(".queue a").first.click()
        expect(page.locator("ins").first).to_contain_text("mới")
        if width == 1280:
            look(page, f"inbox-{name}")
        act(page, label)
        expect(page.locator("main")).to_contain_text("Đã thực hiện")
    draft.refresh_from_db()
    assert draft.state == "approved"

    log_in(page, site, "van")
    page.goto(f"{site}/inbox/")
    page.locator(".queue a").first.click()
    page.locator(".action-bar").get_by_text("Ban hành", exact=True).click()
    dialog, today = page.locator("dialog[open]"), f"{timezone.localdate():%d/%m/%Y}"
    dialog.locator("input[name=decision_on]").fill(today)
    dialog.locator("input[name=effective_from]").fill(today)
    dialog.get_by_role("button", name="Ban hành", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã thực hiện")
    ticking.tick(timezone.now())
    assert DocumentVersion.objects.get(pk=draft.pk).state == "effective"
    assert DocumentVersion.objects.get(pk=old.pk).state == "superseded"
    log_in(page, site, "son")
    page.goto(f"{site}/documents/")
    expect(page.locator("main")).to_contain_text("01/01")
    look(page, f"library-{width}")
    page.goto(f"{site}{old.document.get_absolute_url()}")
    look(page, f"document-{width}")


def test_a_return_needs_its_reason_and_goes_back_with_it(page: Page, site: str) -> None:
    world = town()
    draft = factories.version(world, "pending_approval")
    log_in(page, site, "tuan")
    page.goto(f"{site}/inbox/version/{draft.pk}/")
    page.goto(f"{site}/records/version/{draft.pk}/return/")
    page.locator("textarea[name=note]").evaluate("field => field.required = false")
    page.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.locator(".field-error, .error-summary").first).to_be_visible()
    page.locator("textarea[name=note]").fill("Thiếu biểu mẫu ở bước 1")
    page.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã thực hiện")
    log_in(page, site, "lan")
    page.goto(f"{site}/inbox/version/{draft.pk}/")
    expect(page.locator("main")).to_contain_text("Thiếu biểu mẫu ở bước 1")
    look(page, "inbox-returned")


def test_the_badge_of_the_next_person_lights_up_without_a_reload(page: Page, site: str, browser: Browser) -> None:
    world = town()
    factories.version(world, "unit_review")
    log_in(page, site, "hoa")
    expect(page.locator("#notice-badge")).to_be_hidden()
    context = browser.new_context()
    other = context.new_page()
    log_in(other, site, "minh")
    other.goto(f"{site}/inbox/")
    other.locator(".queue a").first.click()
    act(other, "Đồng ý")
    expect(page.locator("#notice-badge")).to_have_text("1")
    # In a browser of her own: what the other page still loads would bring its session back into a shared one.
    apart = browser.new_context()
    stranger = apart.new_page()
    log_in(stranger, site, "dung")
    expect(stranger.locator("#notice-badge")).to_be_hidden()
    apart.close()
    page.goto(f"{site}/notices/")
    look(page, "notices")
    context.close()


@pytest.mark.parametrize(
    ("name", "path"),
    [("people", "/people/"), ("calendar", "/calendar/"), ("campaigns", "/campaigns/"), ("source", "/source/")],
)
def test_other_pages(page: Page, site: str, name: str, path: str) -> None:
    town()
    log_in(page, site, "hoa")
    page.goto(f"{site}{path}")
    look(page, name)
