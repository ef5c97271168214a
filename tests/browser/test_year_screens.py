"""The yearly cycle on both widths: objectives, one that is measured, a review with its pack, its work, the year."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.town import log_in, look, town
from tests.capa import records, yearly


def test_the_year_is_readable_on_both_widths(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    factories.in_force(world)
    records.car(world, "analysis")
    one = yearly.measure(world, yearly.objective(world, "running"), 1, "60")
    held = yearly.review(world, "conclusions_issued")
    collecting = yearly.review(world, "collecting_inputs", title="Họp bổ sung")
    log_in(page, site, "hoa")
    pages = {
        "year": "/year/",
        "objectives": one.owner_set.get_absolute_url(),
        "objective": one.get_absolute_url(),
        "review": held.get_absolute_url(),
        "review-collecting": collecting.get_absolute_url(),
        "review-behind": f"/reviews/{collecting.pk}/behind/cars_open/",
        "output": held.outputs.get().get_absolute_url(),
    }
    for name, url in pages.items():
        page.goto(f"{site}{url}")
        expect(page.locator("h1")).to_be_visible()
        look(page, f"iso-{name}")
    assert complaints == []
