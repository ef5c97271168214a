"""Programs log in with name and password, under the lock-out of the log-in page."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories
from tests.people import World

PASSWORD = "một mật khẩu: dài"


@pytest.fixture(autouse=True)
def _no_failures_yet() -> None:
    cache.clear()


@pytest.fixture
def knocking(world: World) -> World:
    world.minh.set_password(PASSWORD)
    world.minh.save()
    return world


def knock(name: str, password: str, **extra: Any) -> Any:
    word = b64encode(f"{name}:{password}".encode()).decode()
    return Client(enforce_csrf_checks=True).get("/api/inbox/", headers={"Authorization": f"Basic {word}", **extra})


def test_name_and_password_are_enough(knocking: World) -> None:
    assert knock("minh", PASSWORD).status_code == 200


def test_a_step_needs_no_token_of_the_site_then(knocking: World) -> None:
    record = factories.version(knocking, "unit_review")
    word = b64encode(f"minh:{PASSWORD}".encode()).decode()
    response = Client(enforce_csrf_checks=True).post(
        f"/api/versions/{record.pk}/actions/agree/",
        {"expected_version": 2},
        content_type="application/json",
        headers={"Authorization": f"Basic {word}"},
    )
    assert (response.status_code, response.json()["state"]) == (200, "iso_check")
    assert not response.cookies, "a password opens no session"


@pytest.mark.parametrize(
    ("name", "password"),
    [("minh", "x"), ("nobody", PASSWORD), ("", ""), ("minh\0", PASSWORD), ("minh", "\0"), ("root", "!")],
)
def test_anything_else_is_401(knocking: World, name: str, password: str) -> None:
    response = knock(name, password)
    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")
    assert response["WWW-Authenticate"] == 'Basic realm="khung"'


def test_a_closed_account_is_answered_like_a_wrong_password(knocking: World) -> None:
    wrong = knock("minh", "x")
    knocking.minh.is_active = False
    knocking.minh.save()
    closed = knock("minh", PASSWORD)
    assert (closed.status_code, closed.content) == (401, wrong.content)


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic a b", "Basic " + b64encode(b"no colon").decode()])
def test_a_broken_header_is_401(knocking: World, header: str) -> None:
    response = Client().get("/api/inbox/", headers={"Authorization": header})
    assert response.status_code == 401


def test_another_scheme_is_nobody(knocking: World) -> None:
    response = Client().get("/api/inbox/", headers={"Authorization": "Bearer x"})
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_guessing_is_locked_out_also_with_the_right_password(knocking: World) -> None:
    assert [knock("minh", "x").status_code for _guess in range(5)] == [401] * 5
    locked = knock("minh", PASSWORD)
    assert (locked.status_code, locked.json()["code"]) == (401, "locked_out")
    page = Client().post("/accounts/login/", {"login": "minh", "password": PASSWORD})
    assert page.status_code != 302, "the log-in page counts the same failures"


def test_a_program_at_work_is_not_locked_out_by_somebody_elses_guesses(knocking: World) -> None:
    assert knock("minh", PASSWORD).status_code == 200
    assert [knock("minh", "x").status_code for _guess in range(6)] == [401] * 6
    assert knock("minh", PASSWORD).status_code == 200


def test_right_passwords_do_not_wear_out(knocking: World) -> None:
    for _time in range(8):
        cache.clear()
        assert knock("minh", PASSWORD).status_code == 200
    assert {knock("minh", PASSWORD).status_code for _time in range(8)} == {200}


def test_a_proven_password_is_not_hashed_again(knocking: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert knock("minh", PASSWORD).status_code == 200
    monkeypatch.setattr("config.api_login.authenticate", lambda *_args, **_kwargs: None)
    assert knock("minh", PASSWORD).status_code == 200
    assert knock("minh", f"{PASSWORD}x").status_code == 401


@pytest.mark.parametrize("change", ["password", "closed"])
def test_a_proof_ends_with_the_password_and_with_the_account(knocking: World, change: str) -> None:
    assert knock("minh", PASSWORD).status_code == 200
    if change == "closed":
        knocking.minh.is_active = False
    else:
        knocking.minh.set_password("một mật khẩu khác")
    knocking.minh.save()
    assert knock("minh", PASSWORD).status_code == 401
