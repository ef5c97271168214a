"""Log-in, lock-out, language and headers as every visitor meets them."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

PASSWORD = "mat-khau-du-dai"


@pytest.fixture(autouse=True)
def _forget_attempts() -> None:
    cache.clear()


@pytest.fixture
def _lan(db: None) -> None:
    get_user_model().objects.create_user("lan", password=PASSWORD)


def log_in(client: Client, name: str, password: str) -> bool:
    """Post the form; true if it let the person in."""
    client.post("/accounts/login/", {"login": name, "password": password})
    return "_auth_user_id" in client.session


@pytest.mark.usefixtures("_lan")
def test_the_right_password_opens_a_session_of_thirty_minutes(client: Client) -> None:
    assert log_in(client, "lan", PASSWORD)
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (1800, True, "Lax")


@pytest.mark.usefixtures("_lan")
def test_five_failures_lock_the_account_even_for_the_right_password(client: Client) -> None:
    assert not any(log_in(client, "lan", "sai") for _ in range(5))
    assert not log_in(client, "lan", PASSWORD)


@pytest.mark.usefixtures("_lan")
def test_four_failures_do_not(client: Client) -> None:
    assert not any(log_in(client, "lan", "sai") for _ in range(4))
    assert log_in(client, "lan", PASSWORD)


@pytest.mark.usefixtures("_lan")
def test_another_account_stays_open_while_one_is_locked(client: Client) -> None:
    get_user_model().objects.create_user("minh", password=PASSWORD)
    assert not any(log_in(client, "lan", "sai") for _ in range(6))
    assert log_in(client, "minh", PASSWORD)


@pytest.mark.usefixtures("_lan")
def test_the_admin_form_counts_failures_too(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    client.post("/accounts/signup/", {"username": "moi", "password1": PASSWORD, "password2": PASSWORD})
    assert not get_user_model().objects.filter(username="moi").exists()


@pytest.mark.django_db
def test_pages_are_vietnamese_whatever_the_browser_says_until_the_switch(client: Client) -> None:
    assert client.get("/accounts/login/", headers={"accept-language": "en"})["Content-Language"] == "vi"
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert client.get("/accounts/login/")["Content-Language"] == "en"


@pytest.mark.django_db
def test_an_unknown_language_is_vietnamese(client: Client) -> None:
    client.cookies["django_language"] = "fr"
    assert client.get("/accounts/login/")["Content-Language"] == "vi"


@pytest.mark.django_db
def test_every_answer_carries_the_strict_headers(client: Client) -> None:
    answer = client.get("/accounts/login/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_an_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/accounts/login/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_installed_static_files_are_served_without_a_collecting_step(client: Client) -> None:
    answer = client.get("/static/django_htmx/htmx-2.min.js")
    assert answer.status_code == 200
    assert b"htmx" in answer.getvalue()
    assert client.get("/static/viewflow/css/viewflow.min.css").status_code in {302, 404}
