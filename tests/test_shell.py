"""The shell as a visitor and a seat holder meet it: log-in, language, menus, and pages for what goes wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config import pages
from config.context import NAV
from tests.people import World
from workflows.models import User

LOGIN = "/accounts/login/"
PASSWORD = "mat-khau-du-dai"


def text_of(response: object) -> str:
    """The page's source."""
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def heading_of(response: object) -> str:
    """The page's one heading."""
    found = re.findall(r"<h1>(.*?)</h1>", text_of(response))
    assert len(found) == 1
    return str(found[0])


@pytest.fixture
def lan(world: World, client: Client) -> Client:
    """The browser of a logged-in drafter."""
    cache.clear()
    client.force_login(world.lan)
    return client


# --- Log-in ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_wrong_password_is_said_in_the_readers_language(client: Client) -> None:
    cache.clear()
    answer = client.post(LOGIN, {"login": "lan", "password": "sai"})
    assert answer.status_code == 200
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in text_of(answer)
    assert 'value="lan"' in text_of(answer)
    assert "sai" not in re.findall(r'value="([^"]*)"', text_of(answer))


@pytest.mark.django_db
def test_the_lock_out_says_for_how_long(client: Client) -> None:
    cache.clear()
    User.objects.create_user("lan", password=PASSWORD)
    for _ in range(5):
        client.post(LOGIN, {"login": "lan", "password": "sai"})
    said = text_of(client.post(LOGIN, {"login": "lan", "password": PASSWORD}))
    assert "tài khoản tạm khóa. Hãy thử lại sau 15 phút" in said
    assert settings.ACCOUNT_RATE_LIMITS["login_failed"].startswith("5/15m/key")


@pytest.mark.django_db
def test_the_page_tells_the_true_length_of_a_session(client: Client) -> None:
    assert f"{settings.SESSION_COOKIE_AGE // 60} phút không dùng" in text_of(client.get(LOGIN))


@pytest.mark.django_db
def test_a_log_in_leads_on_without_a_word(client: Client) -> None:
    cache.clear()
    User.objects.create_user("lan", password=PASSWORD)
    answer = client.post(LOGIN, {"login": "lan", "password": PASSWORD, "next": "/people/"})
    assert (answer.status_code, answer["Location"]) == (302, "/people/")
    assert list(get_messages(answer.wsgi_request)) == []


@pytest.mark.parametrize("page", ["signup/", "email/", "confirm-email/", "password/set/", "password/reset/done/"])
@pytest.mark.django_db
def test_pages_of_the_library_that_we_do_not_use_are_closed(client: Client, page: str) -> None:
    for answer in (client.get(f"/accounts/{page}"), client.post(f"/accounts/{page}", {"email": "a@b.vn"})):
        assert answer.status_code == 404
        assert heading_of(answer) == "Không tìm thấy"


@pytest.mark.django_db
def test_a_forgotten_password_is_a_matter_for_a_person(client: Client) -> None:
    address = reverse("account_reset_password")
    assert heading_of(client.get(address)) == "Quên mật khẩu"
    assert client.post(address, {"email": "a@b.vn"}).status_code == 405


def test_a_password_is_changed_in_vietnamese(world: World, lan: Client) -> None:
    world.lan.set_password(PASSWORD)
    world.lan.save()
    lan.force_login(world.lan)
    page = text_of(lan.get("/accounts/password/change/"))
    assert "Mật khẩu mới (nhập lại)" in page
    assert "ít nhất 12 ký tự" in page
    wrong = text_of(lan.post("/accounts/password/change/", {"oldpassword": "x", "password1": "a", "password2": "b"}))
    assert 'href="#id_oldpassword"' in wrong
    assert 'aria-invalid="true"' in wrong


# --- Language -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_switch_turns_the_page_english_and_back(client: Client) -> None:
    assert client.post("/language/", {"language": "en", "next": LOGIN})["Location"] == LOGIN
    assert heading_of(client.get(LOGIN)) == "Sign in"
    client.post("/language/", {"language": "vi", "next": LOGIN})
    assert heading_of(client.get(LOGIN)) == "Đăng nhập"


@pytest.mark.django_db
def test_the_switch_takes_no_link_and_leads_to_no_other_host(client: Client) -> None:
    assert client.get("/language/?language=en").status_code == 405
    assert client.post("/language/", {"language": "en", "next": "//evil.example/"})["Location"] == "/"


# --- Menus ----------------------------------------------------------------------------------------------------------
def test_every_place_of_the_navigation_opens_and_is_marked(lan: Client) -> None:
    for place in NAV:
        address = reverse(place.url_name)
        page = text_of(lan.get(address))
        bars = re.findall(r'<nav class="(?:sidenav|bottomnav)".*?</nav>', page, re.DOTALL)
        marked = re.findall(r'href="([^"]+)" aria-current="page"', "".join(bars))
        assert marked == [address, address], place


def test_the_menu_shows_the_person_and_the_seats_with_their_ground(lan: Client) -> None:
    page = text_of(lan.get("/"))
    assert "Người soạn thảo, Phòng Hành chính tư pháp" in page
    assert "12/QĐ-STP" in page


def test_the_bell_is_there_and_its_badge_hidden_while_all_is_read(lan: Client) -> None:
    page = text_of(lan.get("/"))
    assert 'id="notice-badge" hidden' in page
    assert f'hx-get="{reverse("notices:dropdown")}"' in page


@pytest.mark.django_db
def test_a_visitor_sees_no_navigation(client: Client) -> None:
    page = text_of(client.get(LOGIN))
    assert "sidenav" not in page
    assert "notice-badge" not in page


@pytest.mark.django_db
def test_the_source_is_offered_to_everybody(client: Client, settings: Any) -> None:
    settings.SOURCE_URL = "https://git.example/khung"
    page = text_of(client.get("/source/"))
    assert 'href="https://git.example/khung"' in page
    assert settings.VERSION in page
    settings.SOURCE_URL = ""
    assert "Hãy hỏi quản trị hệ thống" in text_of(client.get("/source/"))


# --- What goes wrong ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.django_db
def test_an_unknown_page_leads_back_in_the_readers_language(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get("/khong-co/")
    assert answer.status_code == 404
    assert heading_of(answer) == {"vi": "Không tìm thấy", "en": "Not found"}[language]
    assert '<a class="btn btn-primary" href="/">' in text_of(answer)


@pytest.mark.django_db
def test_a_refusal_gives_its_reason(rf: RequestFactory) -> None:
    answer = pages.forbidden(rf.get("/"), PermissionDenied("Chỉ thư ký ISO được sửa <lịch>."))
    assert answer.status_code == 403
    assert "Chỉ thư ký ISO được sửa &lt;lịch&gt;." in text_of(answer)
    assert "Vai trò hiện nay" in text_of(pages.forbidden(rf.get("/"), PermissionDenied()))


@pytest.mark.django_db
def test_a_stale_form_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "lan", "password": "x"})
    assert answer.status_code == 403
    assert heading_of(answer) == "Biểu mẫu đã hết hạn"


@pytest.mark.django_db
def test_an_unreadable_request_is_a_page_too(client: Client) -> None:
    answer = client.get(LOGIN, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert heading_of(answer) == "Yêu cầu không hợp lệ"


@pytest.mark.django_db
def test_too_many_requests_is_a_page_too(rf: RequestFactory) -> None:
    assert pages.too_many(rf.get(LOGIN)).status_code == 429


def failing(failure: Exception, path: str, rf: RequestFactory) -> HttpResponse:
    """The answer to a failure that nothing caught."""
    try:
        raise failure
    except type(failure):
        return pages.server_error(rf.get(path))


def test_a_fault_of_ours_is_a_page_that_asks_the_database_nothing(rf: RequestFactory) -> None:
    answer = failing(ZeroDivisionError("bí mật"), "/", rf)
    assert answer.status_code == 500
    assert heading_of(answer) == "Có lỗi ở máy chủ"
    assert "bí mật" not in text_of(answer)
    assert "Retry-After" not in answer


def test_a_lost_database_is_unavailable_and_says_when_to_come_back(rf: RequestFactory) -> None:
    answer = failing(OperationalError("server closed the connection"), "/", rf)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert heading_of(answer) == "Hệ thống tạm thời chưa sẵn sàng"
    assert heading_of(failing(OperationalError("database is locked"), "/", rf)) == "Hệ thống đang bận"


def test_programs_get_the_failure_as_json(rf: RequestFactory) -> None:
    answer = failing(OperationalError("gone"), "/api/documents/", rf)
    assert answer["Content-Type"] == "application/json"
    assert b'"code": "unavailable"' in answer.content


def test_a_failure_anywhere_reaches_that_page(lan: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_user: User, _now: object = None) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(User, "seats_held", fail)
    lan.raise_request_exception = False
    answer = lan.get("/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
