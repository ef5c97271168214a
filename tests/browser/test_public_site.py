"""The public site as people see it: without log-in, without scripts, on a phone and on a desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browser.town import log_in, look, town
from tests.documents import published
from workflows import engine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_citizen_reads_and_checks_a_copy(page: Page, browser: Browser, live_server: Any) -> None:
    world = town()
    version = published.fit(world)
    published.publication(world)
    caches["public"].clear()
    reader = browser.new_context(java_script_enabled=False).new_page()
    reader.goto(f"{live_server.url}/p/")
    reader.get_by_role("link", name="Sở Tư pháp tỉnh Sông Vàng").click()
    reader.get_by_role("searchbox").fill(version.document.code)
    reader.get_by_role("button", name="Tìm").click()
    reader.get_by_role("link", name=version.document.title).click()
    expect(reader.get_by_text("Đang có hiệu lực", exact=True)).to_be_visible()
    address = reader.url
    page.goto(address)
    look(page, "public-document")
    page.goto(f"{live_server.url}/p/STP/")
    look(page, "public-agency")
    reader.get_by_role("link", name="/check/").click()
    expect(reader.get_by_text("Bản in này còn hiệu lực", exact=True)).to_be_visible()
    engine.fire(version, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    reader.reload()
    expect(reader.get_by_text("Bản in này không còn hiệu lực")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("Không còn hiệu lực", exact=True)).to_be_visible()
    look(page, "public-gone")


def test_the_secretary_sees_what_is_missing(page: Page, live_server: Any) -> None:
    world = town()
    factories.in_force(world)
    log_in(page, live_server.url, "hoa")
    page.goto(f"{live_server.url}/publications/new/")
    page.get_by_label("Tiêu chuẩn áp dụng").fill(published.EDITION)
    look(page, "publication-new")
    page.get_by_role("button", name="Lập danh mục").click()
    expect(page.get_by_text("chưa đạt")).to_have_count(3)
    look(page, "publication")
    page.goto(f"{live_server.url}/publications/")
    look(page, "publications")
