"""What the walks share: people who can log in, pictures that are kept, and the moves every person makes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from documents.models import DocumentVersion, RegulationRelation
from tests import factories, people
from tests.people import World
from workflows.models import User

PASSWORD = "mat-khau-du-dai"
SHOTS = Path("var/screenshots")
DECREE, DEAD, HEIR = "18/2026/NĐ-CP", "15/2015/TT-BTP", "04/2020/TT-BTP"


def town() -> World:
    """The tests' world, with one password for everybody."""
    world = people.build()
    User.objects.update(password=make_password(PASSWORD))
    return world


def law() -> None:
    """The decree, whose dates nobody knows yet, and a dead circular with its heir."""
    factories.regulation(DECREE, effective_on=None)
    dead, heir = factories.regulation(DEAD), factories.regulation(HEIR, effective_on=date(2020, 7, 16))
    RegulationRelation.objects.create(source=heir, kind="replaces", target=dead, effective_on=date(2020, 7, 16))


def cites(*numbers: str) -> list[dict[str, str]]:
    """A legal basis of these numbers."""
    return [
        {"key": f"b{place}", "number": number, "issuer": "", "note": ""}
        for place, number in enumerate(numbers, start=1)
    ]


def procedure(world: World, unit: str, *numbers: str) -> DocumentVersion:
    """A procedure in force that cites these acts."""
    return factories.in_force(world, unit, legal_basis=cites(*numbers))


def log_in(page: Page, site: str, name: str) -> None:
    """Log in through the form, as a person does at a computer of their own."""
    page.goto("about:blank")  # a page that still asks for its badge would bring the last person's session back
    page.context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/")


def look(page: Page, name: str, *, axe: bool = True) -> None:
    """Keep a picture at both widths; nothing sticks out sideways, and axe finds nothing."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or {"width": 1280, "height": 900}
    for width, height in ((390, 844), (1280, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SHOTS / f"{name}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
    if axe:
        found: list[dict[str, Any]] = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    page.set_viewport_size(size)


def act(page: Page, label: str, note: str = "") -> None:
    """Open the dialog of a step, answer its reason, and do it."""
    page.locator(".action-bar").get_by_text(label, exact=True).click()
    dialog = page.locator("dialog[open]")
    if note:
        dialog.locator("textarea[name=note]").fill(note)
    dialog.get_by_role("button", name=label, exact=True).click()
