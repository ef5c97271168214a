"""Framework models on both widths, and one merge decided by hand."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from documents.services.frameworks import next_version
from tests.browser.town import PASSWORD, log_in, look, town
from tests.documents import modelled
from tests.documents.modelled import item
from tests.documents.test_framework import steps
from workflows import engine
from workflows.models import User

OPEN = ["steps.responsible"]


def test_models_are_readable_and_merged_on_both_widths(page: Page, site: str, complaints: list[str]) -> None:
    world = modelled.populated(town())
    User.objects.update(password=make_password(PASSWORD))
    optional, yesterday = item("dg", required=False), timezone.now() - timedelta(days=1)
    version = modelled.model(world, item("hs", open_parts=OPEN), optional, now=yesterday)
    one = modelled.linked(world, version, steps=steps(responsible="Văn phòng xã"))
    changed = item("hs", open_parts=OPEN, parts={"purpose": "Mục đích mới.", "steps": steps(responsible="Trung tâm")})
    draft = engine.fire(next_version(version.model, by=world.hoa), "edit", by=world.hoa, items=[changed, item("moi")])
    log_in(page, site, "hoa")
    pages = {
        "models": "/models/",
        "new": "/models/new/",
        "model": version.model.get_absolute_url(),
        "version": draft.get_absolute_url(),
        "item": f"{draft.get_absolute_url()}items/moi/",
    }
    for name, url in pages.items():
        page.goto(f"{site}{url}")
        expect(page.locator("h1")).to_be_visible()
        look(page, f"framework-{name}")
    modelled.published(world, draft)
    log_in(page, site, "ba")
    for name, url in {"mine": "/framework/", "adoption": one.adoption.get_absolute_url()}.items():
        page.goto(f"{site}{url}")
        expect(page.locator("h1")).to_be_visible()
        look(page, f"framework-{name}")
    page.goto(f"{site}{one.get_absolute_url()}")
    look(page, "framework-merge")
    page.get_by_role("button", name="Gộp thành dự thảo").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa quyết định")
    page.get_by_role("radio", name="Của mô hình").check()
    complaints.clear()  # the browser tells of the refusal's status
    page.get_by_role("button", name="Gộp thành dự thảo").click()
    expect(page.locator("h1")).to_contain_text(one.document.title)
    content = one.document.versions.get(state="draft").content
    assert (content["steps"][0]["responsible"], content["purpose"]) == ("Trung tâm", "Mục đích mới.")
    assert complaints == []
