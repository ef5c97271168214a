"""Inspections on both widths: plan with ranking, one inspection, the forms of judging and scoring, the self-score."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from capa.machines import suggestion
from tests import factories
from tests.browser.town import log_in, look, town
from tests.capa import inspected
from workflows import engine


def test_inspections_are_readable_on_both_widths(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    factories.in_force(world, since=inspected.on(1, 10).date())
    found = inspected.found(world).inspection
    forms = {"judge": f"/inspections/{found.pk}/judge/", "score": f"/inspections/{found.pk}/score/"}
    log_in(page, site, "kiemtra")
    for name, url in forms.items():
        page.goto(f"{site}{url}")
        expect(page.locator("h1")).to_be_visible()
        look(page, f"inspection-{name}")
    for deed in ("judge", "look", "score"):
        found = engine.fire(found, deed, by=world.kiemtra, now=inspected.on(7, 1), **inspected.answers(deed))
    engine.fire(found, "conclude", by=world.doan, now=inspected.on(7, 2), **inspected.answers("conclude"))
    inspected.template(world, "in_force", criteria=suggestion.criteria())
    pages = {
        "list": "/inspections/",
        "plan": found.plan.get_absolute_url(),
        "ranking": f"{found.plan.get_absolute_url()}ranking/",
        "one": found.get_absolute_url(),
        "self-score": "/inspections/self-score/",
        "check": "/inspections/packs/check/",
    }
    for name, url in pages.items():
        page.goto(f"{site}{url}")
        expect(page.locator("h1")).to_be_visible()
        look(page, f"inspection-{name}")
    assert complaints == []


def test_a_table_is_drafted_on_both_widths(page: Page, site: str, complaints: list[str]) -> None:
    town()
    log_in(page, site, "daumoi")
    page.goto(f"{site}/inspections/scoring/new/")
    expect(page.locator("h1")).to_be_visible()
    look(page, "inspection-table")
    assert complaints == []
