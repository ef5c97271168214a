"""The checklist where the line comes and goes, and the secretary's year: by hand, by keyboard, on both widths."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from capa.models import Finding, Round
from tests import factories
from tests.browser.town import log_in, look, town
from tests.capa import records
from tests.people import World
from workflows import engine

PHONE = (390, 844)
ROW = '[data-row="c_7-5_current"]'
EXTRA = '[data-row="x-new"]'


def open_visit(page: Page, site: str, world: World, name: str = "binh") -> Round:
    """A running round, and its checklist in front of an auditor."""
    found = records.audit_round(world, "in_progress")
    log_in(page, site, name)
    page.goto(f"{site}{reverse('capa:visit', args=[found.pk, world.unit('hctp').pk])}")
    return found


def choose(page: Page, row: str, result: str) -> None:
    page.locator(f'{row} input[name=result][value="{result}"]').check()


def save(page: Page, row: str) -> None:
    page.locator(row).get_by_role("button", name="Lưu", exact=True).click()


def test_answers_survive_a_lost_line_a_reload_and_a_lost_session(page: Page, site: str, complaints: list[str]) -> None:
    world = town()
    factories.in_force(world)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    open_visit(page, site, world)
    state = page.locator(f"{ROW} [data-row-state]")
    choose(page, ROW, "minor")
    page.locator(f"{ROW} [name=evidence_text]").fill("Bản in 01/00 ở quầy số 2")
    expect(state).to_have_text("chưa gửi")
    page.context.set_offline(True)
    save(page, ROW)
    expect(state).to_contain_text("còn giữ trên máy này")
    page.context.set_offline(False)
    expect(state).to_have_text("đã lưu")
    assert Finding.objects.get().evidence_text == "Bản in 01/00 ở quầy số 2"
    expect(page.locator("[data-progress]")).to_contain_text("Đã trả lời 1/")

    statement = page.locator(f"{ROW} [name=statement]")
    statement.fill("Dùng bản cũ ở quầy số 2")
    page.reload()
    expect(statement).to_have_value("Dùng bản cũ ở quầy số 2")
    expect(state).to_have_text("chưa gửi")
    look(page, "audit-checklist")

    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    save(page, ROW)
    expect(state).to_contain_text("phiên đã hết")
    expect(statement).to_have_value("Dùng bản cũ ở quầy số 2")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.get_by_role("button", name="Gửi lại").click()
    expect(state).to_have_text("đã lưu")
    assert Finding.objects.get().statement == "Dùng bản cũ ở quầy số 2"
    page.reload()
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert [line for line in complaints if "ERR_INTERNET_DISCONNECTED" not in line and "403" not in line] == []


def test_a_log_in_in_another_tab_is_enough(page: Page, site: str) -> None:
    world = town()
    open_visit(page, site, world)
    choose(page, ROW, "conform")
    log_in(page.context.new_page(), site, "binh")  # another session, another token
    save(page, ROW)
    expect(page.locator(f"{ROW} [data-row-state]")).to_have_text("đã lưu")
    assert Finding.objects.get().result == "conform"
    page.locator(ROW).get_by_role("button", name="Chốt kết quả").click()
    expect(page.locator("main")).to_contain_text("Đã thực hiện")
    expect(page.locator(ROW)).to_contain_text("Đã ghi nhận xong")


def test_a_row_changed_by_a_colleague_is_offered_and_not_overwritten(page: Page, site: str) -> None:
    world = town()
    found = open_visit(page, site, world)
    choose(page, ROW, "minor")
    statement = page.locator(f"{ROW} [name=statement]")
    statement.fill("Của tôi")
    one = Finding(agency_id=found.agency_id, unit=world.unit("hctp"), round=found, question="c:7.5:current")
    engine.start(one, "record", by=world.binh2, **records.recorded(statement="Của đồng nghiệp"))
    page.reload()
    expect(statement).to_have_value("Của đồng nghiệp")
    page.locator(ROW).get_by_role("button", name="Lấy lại điều tôi gõ").click()
    expect(statement).to_have_value("Của tôi")
    save(page, ROW)
    expect(page.locator(f"{ROW} [data-row-state]")).to_have_text("đã lưu")


def test_extra_findings_follow_each_other(page: Page, site: str) -> None:
    open_visit(page, site, town())
    for number in (1, 2):
        choose(page, EXTRA, "opportunity")
        page.locator(f"{EXTRA} [name=clause]").fill("8.5")
        page.locator(f"{EXTRA} [name=statement]").fill(f"Phát hiện thêm {number}")
        save(page, EXTRA)
        expect(page.locator(".check.is-saved")).to_have_count(number)
        expect(page.locator(f"{EXTRA} [name=statement]")).to_have_value("")
    assert Finding.objects.filter(question="").count() == 2


def test_a_row_is_answered_by_keyboard(page: Page, site: str) -> None:
    open_visit(page, site, town())
    page.locator(f"{ROW} input[name=result]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Hồ sơ 5")
    for _field in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROW} [data-row-state]")).to_have_text("đã lưu")
    assert Finding.objects.get().sampled == "Hồ sơ 5"


def test_logging_out_on_purpose_asks_first(page: Page, site: str) -> None:
    open_visit(page, site, town())
    choose(page, ROW, "conform")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(getattr(dialog, "message", ""))
        dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.locator(".topbar details.menu").nth(1).locator("summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    assert "chưa gửi" in asked[0]
    page.reload()
    expect(page.locator(f"{ROW} [data-row-state]")).to_have_text("chưa gửi")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_secretary_plans_a_year(page: Page, site: str, width: int, complaints: list[str]) -> None:
    world = town()
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, site, "hoa")
    page.goto(f"{site}/audits/")
    page.get_by_role("link", name="Lập chương trình").click()
    page.get_by_label("Tên", exact=True).fill("Chương trình đánh giá nội bộ")
    page.get_by_role("button", name="Lập chương trình").click()
    page.get_by_role("link", name="Thêm đợt").click()
    page.get_by_label("Tên đợt").fill("Đợt 1: các phòng chuyên môn")
    page.get_by_label("Từ ngày").fill("07/12/2026")
    page.get_by_label("Đến hết ngày").fill("09/12/2026")
    for label in ("Phòng Hành chính tư pháp", "Phòng Bổ trợ tư pháp", "7.5 Thông tin dạng văn bản"):
        page.get_by_label(label).check()
    look(page, f"audit-plan-{width}", axe=width == 390)
    page.get_by_role("button", name="Ghi kế hoạch").click()
    page.get_by_role("link", name="Đề xuất đoàn").click()
    page.get_by_role("button", name="Đề xuất đánh giá chéo").click()
    expect(page.locator("select").first).to_have_value(str(world.binh2.pk))
    look(page, f"audit-teams-{width}", axe=width == 390)
    page.get_by_role("button", name="Gửi đề xuất").click()
    expect(page.locator("main")).to_contain_text("Đã đề xuất đoàn")
    look(page, f"audit-round-{width}", axe=width == 390)
    page.goto(f"{site}{Round.objects.get().programme.get_absolute_url()}")
    look(page, f"audit-programme-{width}", axe=width == 390)
    assert complaints == []


def test_what_follows(page: Page, site: str) -> None:
    world = town()
    note = records.observation(world)
    found = records.finding(world, "acknowledged")
    log_in(page, site, "hoa")
    urls = {
        "list": "/audits/",
        "new": "/audits/new/",
        "running": found.round.get_absolute_url(),
        "finding": found.get_absolute_url(),
        "observation": note.get_absolute_url(),
    }
    for name, url in urls.items():
        page.goto(f"{site}{url}")
        look(page, f"audit-{name}")


def test_the_report(page: Page, site: str) -> None:
    world = town()
    found = records.audit_round(world, "report_signed")
    log_in(page, site, "hoa")
    page.goto(f"{site}{reverse('capa:round_report', args=[found.pk])}")
    look(page, "audit-report")
