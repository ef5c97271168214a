"""Many pages of items decided at once, the one notice of it, and the map as it was known on a day gone by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from documents.models import ImpactItem
from documents.services.campaigns import campaign_open
from documents.views import campaign as views
from notifications.deliver import deliver
from tests import factories
from tests.browser.town import log_in, look, town
from tests.documents.sittings import NEW, OLD, basis, law


def test_all_that_match_on_all_pages(
    page: Page, site: str, complaints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    monkeypatch.setattr(views, "EVERY", 3)
    world = town()
    law()
    for _each in range(5):
        factories.in_force(world, legal_basis=basis(OLD))
    campaign = campaign_open(regulation=factories.regulation(NEW), agency=world.unit("stp"), by=world.phuc)
    log_in(page, site, "phuc")
    page.goto(f"{site}{campaign.get_absolute_url()}")
    page.locator("details.bulk summary").click()
    page.get_by_label("Không theo ô đã chọn").check()
    page.locator("select[name=action]").select_option("confirm")
    page.locator("details.bulk").scroll_into_view_if_needed()
    look(page, "screening-every")
    page.get_by_role("button", name="Thực hiện").click()
    expect(page.locator("main")).to_contain_text("còn 2 mục khớp bộ lọc")
    look(page, "screening-every-left")
    assert ImpactItem.objects.filter(state="impact_confirmed").count() == 3
    deliver()
    page.context.clear_cookies()
    log_in(page, site, "lan")
    page.goto(f"{site}/notices/")
    expect(page.locator("main")).to_contain_text("3 tài liệu")
    look(page, "notice-of-many")
    yesterday = timezone.localdate() - timedelta(days=1)
    page.goto(f"{site}{factories.regulation(NEW).get_absolute_url()}map/?known={yesterday}")
    expect(page.locator("main")).to_contain_text("danh mục chưa ghi văn bản")
    look(page, "map-before-known")
    page.goto(f"{site}{factories.regulation(NEW).get_absolute_url()}map/?on={yesterday}")
    page.get_by_text("Xem theo ngày khác").click()
    look(page, "map-known")
    assert [one for one in complaints if "400" not in one] == []
