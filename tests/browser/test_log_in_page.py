"""The first page everybody sees."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

PASSWORD = "mat-khau-du-dai"


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible_and_breaks_no_policy(page: Page, site: str, complaints: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/accounts/login/")
    expect(page.locator("input[name=login]")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_the_right_password_leads_home(page: Page, site: str) -> None:
    get_user_model().objects.create_user("lan", password=PASSWORD)
    page.goto(f"{site}/accounts/login/?next=/accounts/password/change/")
    page.fill("input[name=login]", "lan")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/accounts/password/change/")
