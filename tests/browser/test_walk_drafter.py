"""The drafter's day: a dated task, the editor, a dead citation replaced by one click, and the submission."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from documents.models import Campaign, DocumentVersion, ImpactItem, Regulation
from tests.browser.town import DEAD, DECREE, HEIR, act, law, log_in, look, procedure, town
from workflows import engine


def confirmed() -> ImpactItem:
    """A procedure of Lan's unit that cites a dead act and the decree, confirmed to be revised."""
    world = town()
    law()
    cited = procedure(world, "hctp", DEAD, DECREE)
    agency, decree = world.unit("stp"), Regulation.objects.by_number(DECREE).get()
    campaign = engine.start(Campaign(agency=agency, unit=agency, regulation=decree), "launch", by=world.phuc)
    item = ImpactItem(
        campaign=campaign, regulation=decree, document=cited.document, version=cited, agency=agency, unit=cited.unit
    )
    return engine.fire(engine.start(item, "detect", by=world.phuc), "confirm", by=world.phuc)


def test_from_the_task_to_the_submission(page: Page, site: str) -> None:
    item = confirmed()
    assert item.due_on is not None
    log_in(page, site, "lan")
    look(page, "home-drafter")
    page.goto(f"{site}/inbox/")
    expect(page.locator(".queue")).to_contain_text(f"{item.due_on:%d/%m/%Y}")
    look(page, "inbox-drafter")
    page.locator(".queue a").first.click()
    act(page, "Mở bản sửa đổi")
    draft = DocumentVersion.objects.get(document=item.document, state="draft")
    assert draft.wanted_by == item.due_on

    page.goto(f"{site}/versions/{draft.pk}/edit/")
    look(page, "editor")
    page.get_by_role("button", name=f"Thay bằng {HEIR}").click()
    expect(page.locator("[name='legal_basis.0.number']")).to_have_value(HEIR)
    purpose = page.locator("textarea[name=purpose]")
    purpose.fill("Thống nhất cách giải quyết, rút ngắn thời gian chờ.")
    time = page.locator("[name='steps.1.time']")
    time.fill("09 ngày")
    page.get_by_role("button", name="Lưu dự thảo").last.click()
    expect(page).to_have_url(f"{site}/versions/{draft.pk}/?saved=1")

    act(page, "Trình duyệt")
    expect(page.locator("main")).to_contain_text("9")
    look(page, "submit-refused")
    draft.refresh_from_db()
    assert draft.state == "draft"

    page.goto(f"{site}/versions/{draft.pk}/edit/")
    page.locator("[name='steps.1.time']").fill("02 ngày")
    page.get_by_role("button", name="Lưu dự thảo").last.click()
    expect(page.locator("ins").first).to_be_visible()
    look(page, "version-redline")
    act(page, "Trình duyệt")
    expect(page.locator("main")).to_contain_text("Trưởng đơn vị kiểm tra")
    draft.refresh_from_db()
    assert draft.state == "unit_review"
    assert [row["number"] for row in draft.content["legal_basis"]] == [HEIR, DECREE]


def test_nothing_typed_is_lost_when_somebody_else_saved(page: Page, site: str) -> None:
    from tests import factories  # noqa: PLC0415 - used here alone

    world = town()
    draft = factories.version(world, "draft")
    log_in(page, site, "lan")
    page.goto(f"{site}/versions/{draft.pk}/edit/")
    engine.fire(draft, "edit", by=world.minh, content=factories.content(scope="Phạm vi của Minh"))
    page.locator("textarea[name=purpose]").fill("Lời của Lan")
    page.get_by_role("button", name="Lưu dự thảo").last.click()
    expect(page.locator("textarea[name=purpose]")).to_have_value("Lời của Lan")
    expect(page.locator("main")).to_contain_text("Minh")
    look(page, "editor-conflict")
    draft.refresh_from_db()
    assert draft.content["scope"] == "Phạm vi của Minh"
