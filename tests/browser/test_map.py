"""The map in a browser, at both widths: nothing sticks out, no text lies on another, axe finds nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from playwright.sync_api import Page, expect

from documents.models import Document, Regulation, RegulationRelation
from tests import factories
from tests.browser.town import log_in, look, procedure, town
from tests.people import World

TITLE = "Quy định chi tiết một số điều và biện pháp thi hành Luật Hộ tịch"
AREAS = """all => [...document.querySelectorAll(all)].map(one => {
  const b = one.getBoundingClientRect();
  return [one.textContent.trim(), b.left, b.top + 2, b.right, b.bottom - 2];
})"""
OUTSIDE = """() => [...document.querySelectorAll(".law-map a")].flatMap(link => {
  const box = link.querySelector("rect").getBoundingClientRect();
  return [...link.querySelectorAll("text")].filter(text => {
    const b = text.getBoundingClientRect();
    return b.left < box.left || b.right > box.right || b.top < box.top - 1 || b.bottom > box.bottom + 1;
  }).map(text => text.textContent);
})"""


def built(world: World) -> Regulation:
    """An act with acts around it on both sides, one of them dead and one relation still to come, and procedures."""
    middle = factories.regulation("123/2015/NĐ-CP", title=TITLE)
    near = [factories.regulation(f"{n:02}/2020/TT-BLĐTBXH", title=TITLE) for n in range(1, 9)]
    far = [factories.regulation(f"{n:02}/2021/TT-BVHTTDL", title=TITLE) for n in range(1, 9)]
    kinds = ("amends", "repeals_part", "replaces", "guides")
    for n, (one, other) in enumerate(zip(near, far, strict=True)):
        day = date(2099, 1, 1) if n == 2 else None
        ends = (one, middle) if n % 2 else (middle, one)
        RegulationRelation.objects.create(source=ends[0], kind=kinds[n % 4], target=ends[1], effective_on=day)
        RegulationRelation.objects.create(source=other, kind=kinds[n // 2], target=one)
    RegulationRelation.objects.create(source=far[0], kind="amends", target=far[1])
    for n in range(12):
        made = procedure(world, ("hctp", "bttp")[n % 2], middle.number, near[n % 8].number, far[n % 5].number)
        Document.objects.filter(pk=made.document_id).update(title=f"Thủ tục đăng ký nhận cha, mẹ, con số {n} {TITLE}")
    return middle


def clashes(areas: list[list[Any]]) -> list[tuple[str, str]]:
    return [
        (one[0], other[0])
        for at, one in enumerate(areas)
        for other in areas[at + 1 :]
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]


def test_the_map_is_readable_at_both_widths(page: Page, site: str, complaints: list[str]) -> None:
    middle = built(town())
    log_in(page, site, "phuc")
    page.goto(f"{site}{middle.get_absolute_url()}")
    page.get_by_role("link", name="Bản đồ", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Bản đồ quanh 123/2015/NĐ-CP")
    look(page, "map")
    texts = page.evaluate(AREAS, ".law-map text")
    assert len(texts) > 60
    assert clashes(texts) == []
    assert page.evaluate(OUTSIDE) == []
    page.locator(".map-frame").scroll_into_view_if_needed()
    look(page, "map-drawing", axe=False)
    page.get_by_role("link", name="Bảng viện dẫn").click()
    expect(page.locator("#map-citations")).to_be_in_viewport()
    assert complaints == []


def test_on_a_phone_the_drawing_scrolls_in_its_own_frame(page: Page, site: str) -> None:
    middle = built(town())
    log_in(page, site, "phuc")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}{middle.get_absolute_url()}map/")
    root = page.locator(".law-map a.root rect")
    expect(root).not_to_be_in_viewport()
    page.get_by_role("link", name="Tới ô 123/2015/NĐ-CP trên hình").click()
    expect(root).to_be_in_viewport()
    assert page.locator(".map-frame").evaluate("frame => frame.scrollLeft") > 0
    assert page.evaluate("[scrollX, document.documentElement.scrollWidth]") == [0, 390]
    page.locator(".law-map a.act").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_contain_text("Bản đồ")
