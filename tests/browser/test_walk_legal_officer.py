"""The legal officer's day: a decree, the procedures that cite it, confirmed or declined; and the QMR's consent."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from documents.models import Campaign, ImpactItem, Regulation
from tests.browser.town import DECREE, act, law, log_in, look, procedure, town


def test_a_decree_and_what_cites_it(page: Page, site: str) -> None:
    world = town()
    law()
    first, second = procedure(world, "hctp", DECREE), procedure(world, "hctp", DECREE)
    third, other = procedure(world, "bttp", DECREE), procedure(world, "bttp", "60/2014/QH13")
    decree = Regulation.objects.by_number(DECREE).get()

    log_in(page, site, "phuc")
    look(page, "home-legal-officer")
    page.goto(f"{site}/regulations/?q=18/2026")
    look(page, "law-list")
    page.get_by_role("link", name=DECREE, exact=True).first.click()
    page.goto(f"{site}{decree.get_absolute_url()}edit/")
    page.fill("input[name=effective_on]", "31/02/2027")
    page.locator("main form button.btn-primary").last.click()
    expect(page.locator("input[name=effective_on]")).to_have_value("31/02/2027")
    look(page, "law-edit-error")
    page.fill("input[name=effective_on]", "01/03/2027")
    page.locator("main form button.btn-primary").last.click()
    expect(page).to_have_url(f"{site}{decree.get_absolute_url()}?saved=1")
    for cited in (first, second, third):
        expect(page.locator("main")).to_contain_text(cited.document.code)
    expect(page.locator("main")).not_to_contain_text(other.document.code)
    expect(page.locator("main")).to_contain_text("căn cứ số 1")
    look(page, "law")
    decree.refresh_from_db()
    assert decree.effective_on is not None
    assert decree.effective_on.isoformat() == "2027-03-01"


def test_confirmed_or_declined_with_a_reason(page: Page, site: str) -> None:
    world = town()
    law()
    first, second = procedure(world, "hctp", DECREE), procedure(world, "hctp", DECREE)
    third = procedure(world, "bttp", DECREE)
    decree = Regulation.objects.by_number(DECREE).get()
    log_in(page, site, "phuc")
    page.goto(f"{site}{decree.get_absolute_url()}")
    page.get_by_role("button", name="Mở đợt rà soát").click()
    campaign = Campaign.objects.get()
    expect(page).to_have_url(f"{site}{campaign.get_absolute_url()}")
    look(page, "campaign")
    items = {item.document_id: item for item in campaign.items.all()}
    assert set(items) == {first.document_id, second.document_id, third.document_id}

    decline = items[third.document_id]
    page.locator(f"input[name=item][value='{decline.pk}']").check()
    page.select_option("select[name=action]", "screen")
    page.get_by_role("button", name="Thực hiện").click()
    expect(page.locator("main")).to_contain_text("phải có lý do")
    page.fill("textarea[name=note]", "Nghị định không sửa nội dung này")
    page.get_by_role("button", name="Thực hiện").click()
    for cited in (first, second):
        page.locator(f"input[name=item][value='{items[cited.document_id].pk}']").check()
    page.select_option("select[name=action]", "confirm")
    page.get_by_role("button", name="Thực hiện").click()
    expect(page.locator("main")).to_contain_text("Phải sửa tài liệu")
    states = dict(ImpactItem.objects.values_list("document", "state"))
    assert states[third.document_id] == "screening"
    assert {states[first.document_id], states[second.document_id]} == {"impact_confirmed"}

    log_in(page, site, "quang")
    page.goto(f"{site}/inbox/")
    page.locator(".queue a").first.click()
    expect(page.locator("main")).to_contain_text("Nghị định không sửa nội dung này")
    look(page, "inbox-no-impact")
    act(page, "Chấp nhận không ảnh hưởng")
    expect(page.locator("main")).to_contain_text("Không ảnh hưởng")
    decline.refresh_from_db()
    assert decline.state == "no_impact"
