"""The search in a real browser: from the key to the hit, on a desk and on a phone."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests import factories, people
from tests.capa import records

TITLE = "Quy trình chứng thực bản sao từ bản chính và chứng thực chữ ký <b> " + "rất_dài" * 20


@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_key_to_the_hit(
    page: Page, site: str, transactional_db: None, complaints: list[str], width: int
) -> None:
    world = people.build()
    version = factories.version(world, "effective", owner=factories.document(world, title=TITLE))
    factories.in_force(world, purpose="Thống nhất cách chứng thực. " * 40)
    factories.regulation("23/2015/NĐ-CP", title="Về cấp bản sao từ sổ gốc, chứng thực", kind="Nghị định")
    records.car(world, "analysis")
    client = Client()
    client.force_login(world.lan)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("chứng thực")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Tìm kiếm")
    expect(page.locator("#asked")).to_have_value("chứng thực")
    expect(page.locator("section.found")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    if folder := os.environ.get("KHUNG_SCREENS"):
        page.screenshot(path=f"{folder}/search-{width}.png", full_page=True)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}{version.get_absolute_url()}")
    assert complaints == []
