"""The shell in a real browser: keys, menus, drafts, focus, and the strict policy on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Dialog, Page, Route, expect

from tests import people
from tests.people import World

DRAFT = """<!doctype html><html lang="vi"><title>Thử</title><body data-person="{person}">
<div id="messages"></div>
<form data-keep="thu" method="post" action="/scratch"{bound}>
<p data-keep-offer hidden><button type="button" data-keep-restore>Lấy lại</button>
<button type="button" data-keep-drop>Bỏ đi</button></p>
<input type="hidden" name="csrfmiddlewaretoken" value="secret"><input name="name"><input name="name">
<input type="checkbox" name="tick" value="1"><textarea name="text"></textarea><button>Gửi</button></form>
{done}<script src="/static/khung/khung.js"></script></body></html>"""


@pytest.fixture
def world(transactional_db: None) -> World:
    """Every persona, committed, so that the server sees them."""
    return people.build()


@pytest.fixture
def inside(page: Page, site: str, world: World) -> Page:
    """A browser in which Lan is logged in, on the home page."""
    client = Client()
    client.force_login(world.lan)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page.goto(site)
    return page


def focused(page: Page) -> str:
    """The id of what has the focus, or its tag."""
    found: str = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_the_shell_is_accessible_with_its_menus_open(inside: Page, complaints: list[str], width: int) -> None:
    inside.set_viewport_size({"width": width, "height": 800})
    for menu in inside.locator("details.menu:visible").all():
        menu.locator("summary").click()
        expect(menu.locator(".menu-body")).to_be_visible()
        found = Axe().run(inside).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert inside.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_every_touch_target_of_a_phone_is_large_enough(inside: Page) -> None:
    inside.set_viewport_size({"width": 390, "height": 800})
    small = inside.evaluate(
        """[...document.querySelectorAll('header a, header button, header summary, .bottomnav a, .bottomnav summary')]
        .filter((el) => el.checkVisibility() && !el.closest('.menu-body'))
        .map((el) => [el.outerHTML.slice(0, 80), el.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([html]) => html)"""
    )
    assert small == []


def test_everything_in_the_side_bar_is_reached_on_a_phone_too(inside: Page) -> None:
    desk = {link.get_attribute("href") for link in inside.locator(".sidenav a").all()}
    inside.set_viewport_size({"width": 390, "height": 800})
    expect(inside.locator(".sidenav")).to_be_hidden()
    inside.locator(".bottomnav summary").click()
    phone = {link.get_attribute("href") for link in inside.locator(".bottomnav a:visible").all()}
    assert phone == desk


def test_a_menu_closes_by_escape_and_gives_the_focus_back(inside: Page) -> None:
    summary = inside.locator("#notice-menu summary")
    summary.focus()
    inside.keyboard.press("Enter")
    expect(inside.locator("#notice-list")).to_contain_text("Chưa có thông báo nào cho bạn.")
    inside.locator("#notice-list a").last.focus()
    inside.keyboard.press("Escape")
    expect(inside.locator("#notice-list")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_skip_link_comes_first(inside: Page) -> None:
    inside.keyboard.press("Tab")
    expect(inside.locator(".skip")).to_be_focused()
    inside.keyboard.press("Enter")
    assert focused(inside) == "main"


def test_keys_work_outside_fields_only(inside: Page) -> None:
    inside.keyboard.press("/")
    assert focused(inside) == "search"
    inside.keyboard.type("?a/j")
    expect(inside.locator("#search")).to_have_value("?a/j")
    expect(inside.locator("#keys-help")).to_be_hidden()
    inside.locator("#main").focus()
    inside.keyboard.press("?")
    expect(inside.locator("#keys-help")).to_be_visible()
    inside.keyboard.press("Escape")
    expect(inside.locator("#keys-help")).to_be_hidden()


def test_keys_can_be_switched_off(inside: Page) -> None:
    inside.keyboard.press("?")
    inside.locator("[data-keys-switch]").uncheck()
    inside.locator("#keys-help [data-close]").click()
    inside.reload()
    inside.keyboard.press("/")
    assert focused(inside) != "search"


def test_the_language_switch_keeps_the_page(inside: Page, site: str) -> None:
    inside.goto(f"{site}/people/?x=1")
    inside.locator("button.language").click()
    expect(inside).to_have_url(f"{site}/people/?x=1")
    expect(inside.locator("html")).to_have_attribute("lang", "en")
    expect(inside.locator(".sidenav")).to_contain_text("Inbox")


def test_a_swap_takes_the_focus_along_only_if_it_held_it(inside: Page) -> None:
    def swap() -> None:
        with inside.expect_response("**/notices/latest/"):
            inside.evaluate("document.querySelector('#notice-list').dispatchEvent(new Event('khung:open'))")

    inside.locator("#notice-menu summary").click()
    expect(inside.locator("#notice-list")).to_contain_text("Chưa có thông báo nào cho bạn.")
    swap()
    expect(inside.locator("#notice-menu summary")).to_be_focused()
    inside.locator("#notice-list a").last.focus()
    swap()
    expect(inside.locator("#notice-list")).to_be_focused()


@pytest.fixture
def draft(page: Page, site: str) -> Callable[..., None]:
    """Open a page with a form that keeps what is typed; ``person``, ``done`` and ``bound`` as a template would say."""

    def show(*, person: str = "7", done: str = "", bound: str = "") -> None:
        def answer(route: Route) -> None:
            route.fulfill(body=DRAFT.format(person=person, done=done, bound=bound), content_type="text/html")

        page.unroute("**/scratch")
        page.route("**/scratch", answer)
        page.goto(f"{site}/scratch")

    return show


def type_in(page: Page) -> None:
    """Fill the form, and wait until the draft is kept."""
    page.locator("input[name=name]").nth(0).fill("một")
    page.locator("input[name=name]").nth(1).fill("hai")
    page.locator("[name=tick]").check()
    page.locator("[name=text]").fill("Sở Tư pháp")
    page.wait_for_function("Object.values(localStorage).some((kept) => kept.includes('Sở Tư pháp'))")


def test_what_was_typed_survives_a_lost_page(page: Page, draft: Callable[..., None]) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    draft()
    type_in(page)
    assert "secret" not in page.evaluate("Object.values(localStorage).join()")
    draft()
    expect(page.locator("[name=text]")).to_have_value("")
    page.locator("[data-keep-restore]").click()
    expect(page.locator("input[name=name]").nth(1)).to_have_value("hai")
    expect(page.locator("[name=tick]")).to_be_checked()
    expect(page.locator("[name=text]")).to_have_value("Sở Tư pháp")


def test_a_draft_is_offered_to_its_writer_alone(page: Page, draft: Callable[..., None]) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    draft()
    type_in(page)
    draft(person="8")
    expect(page.locator("[data-keep-offer]")).to_be_hidden()
    draft()
    expect(page.locator("[data-keep-offer]")).to_be_visible()


def test_a_draft_ends_when_the_server_has_it(page: Page, draft: Callable[..., None]) -> None:
    draft()
    type_in(page)
    page.locator("form button").last.click()
    draft(done='<span data-keep-done="thu" hidden></span>')
    draft()
    expect(page.locator("[data-keep-offer]")).to_be_hidden()


def test_leaving_with_unsent_words_asks_first(page: Page, draft: Callable[..., None]) -> None:
    asked: list[str] = []

    def hear(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", hear)
    draft()
    type_in(page)
    draft()
    assert asked == ["beforeunload"]


def test_a_second_click_sends_nothing(page: Page, draft: Callable[..., None]) -> None:
    draft()
    sent: list[str] = []

    def hold(route: Route) -> None:
        sent.append(route.request.method)
        page.wait_for_timeout(300)
        route.fulfill(body="ok", content_type="text/html")

    page.unroute("**/scratch")
    page.route("**/scratch", hold)
    page.evaluate("() => { const send = document.querySelector('form').lastElementChild; send.click(); send.click(); }")
    expect(page.locator("body")).to_have_text("ok")
    assert sent == ["POST"]
