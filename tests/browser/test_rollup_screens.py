"""The roll-up on both widths: its chart drawn under the strict policy, the list behind a number, what was frozen."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import Page, expect

from capa.services.rollup import Place
from capa.services.snapshots import take
from tests.browser.town import log_in, look, town
from tests.capa.test_rollup_pages import filled


def test_the_roll_up_is_readable_on_both_widths(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    filled(world)
    kept = take(Place(world.unit("stp"), timezone.localdate()), world.hoa, "Báo cáo năm")
    log_in(page, site, "hoa")
    pages = {
        "rollup": "/figures/",
        "rollup-behind": "/figures/14/of/",
        "snapshot": kept.get_absolute_url(),
        "snapshots": "/figures/snapshots/",
        "reported": "/figures/reported/new/",
        "certificates": "/figures/certificates/",
        "providers": "/figures/providers/",
    }
    for name, url in pages.items():
        page.goto(f"{site}{url}")
        expect(page.locator("h1")).to_be_visible()
        if name == "rollup":
            expect(page.locator(".rollup-chart")).to_be_visible()
        look(page, name)
    assert complaints == []
