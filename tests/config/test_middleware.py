"""What holds for every answer: request id, methods, caches, refusals, fragments after the session's end."""

from __future__ import annotations

import json
import logging

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.log import JsonLine, request_id
from config.middleware import ShellMiddleware
from tests.people import World
from workflows.errors import Busy

LOGIN = "/accounts/login/"


@pytest.mark.django_db
def test_a_request_has_an_id_the_proxys_if_that_is_sane(client: Client) -> None:
    assert client.get(LOGIN, headers={"x-request-id": "abc-1.2"})["X-Request-ID"] == "abc-1.2"
    for given in ("", "a b", "x" * 65, 'a"b', "a\nb"):
        made = client.get(LOGIN, headers={"x-request-id": given})["X-Request-ID"]
        assert made != given
        assert len(made) == 32


def test_log_lines_of_a_request_carry_its_id() -> None:
    record = logging.LogRecord("khung", logging.INFO, "x.py", 1, "xong", (), None)
    before = request_id.set("abc")
    try:
        assert json.loads(JsonLine().format(record))["request"] == "abc"
    finally:
        request_id.reset(before)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PURGE"])
@pytest.mark.django_db
def test_an_unknown_method_is_refused_before_any_view(client: Client, method: str) -> None:
    assert client.generic(method, LOGIN).status_code == 405


def test_what_a_person_saw_is_in_no_cache(world: World, client: Client) -> None:
    client.force_login(world.lan)
    for page in ("/", "/khong-co/", "/api/inbox/"):
        assert "no-store" in client.get(page)["Cache-Control"], page


@pytest.mark.django_db
def test_a_fragment_asked_for_after_the_session_reloads_the_page(client: Client) -> None:
    answer = client.get("/", headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (401, "true")
    assert client.get("/").status_code == 302


def test_another_redirect_of_a_fragment_is_left_alone(world: World, client: Client) -> None:
    client.force_login(world.lan)
    answer = client.post("/language/", {"language": "en", "next": "/"}, headers={"hx-request": "true"})
    assert answer.status_code in {204, 302}


@pytest.mark.django_db
def test_a_refusal_that_no_view_caught_is_a_page_with_its_status(rf: RequestFactory) -> None:
    shell = ShellMiddleware(lambda _request: HttpResponse())
    answer = shell.process_exception(rf.get("/"), Busy())
    assert answer is not None
    assert answer.status_code == 409
    assert "đang được người khác xử lý" in answer.content.decode()
    assert shell.process_exception(rf.get("/"), ZeroDivisionError()) is None
