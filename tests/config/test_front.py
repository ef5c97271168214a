"""A public page that was sent a moment ago is sent again without Django, and never past a change."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import time_machine

from config import front
from config.front import Front
from documents.services.stamping import changed


class App:
    """An application that counts what it is asked."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.asked = status, 0
        self.during: Any = None

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.asked += 1
        if self.during is not None:
            self.during()
        headers = [(b"X-Request-ID", b"1"), (b"ETag", b'"a"')]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": f"page {self.asked}".encode()})


def ask(app: Front, path: str = "/p/STP/", query: bytes = b"", method: str = "GET", **headers: str) -> list[Any]:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": given}
    got: list[Any] = []

    async def send(message: Any) -> None:
        got.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    asyncio.run(app(scope, receive, send))
    return got


def test_the_same_question_is_answered_again() -> None:
    app = App()
    served = Front(app)
    assert [ask(served)[1]["body"] for _again in range(3)] == [b"page 1"] * 3
    assert ask(served)[0]["headers"] == [(b"ETag", b'"a"')]


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/inbox/"},
        {"method": "HEAD"},
        {"query": b"q=khai"},
        {"query": b"page=2&q=khai"},
        {"if_none_match": '"a"'},
    ],
)
def test_other_questions_go_to_django_each_time(other: dict[str, Any]) -> None:
    app = App()
    served = Front(app)
    ask(served, **other)
    ask(served, **other)
    assert app.asked == 2


def test_another_host_or_language_is_another_page() -> None:
    app = App()
    served = Front(app)
    ask(served, host="a.vn")
    ask(served, host="b.vn")
    ask(served, host="a.vn", query=b"lang=en")
    assert app.asked == 3


def test_what_is_missing_is_asked_again() -> None:
    app = App(status=404)
    served = Front(app)
    ask(served)
    ask(served)
    assert app.asked == 2


def test_a_change_forgets_what_was_sent_and_what_is_on_its_way() -> None:
    app = App()
    served = Front(app)
    ask(served)
    changed.send(None)
    app.during = lambda: changed.send(None)
    assert ask(served)[1]["body"] == b"page 2"
    app.during = None
    assert ask(served)[1]["body"] == b"page 3"


def test_a_moment_later_it_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = App()
    served = Front(app)
    ask(served)
    monkeypatch.setattr("config.front.monotonic", lambda: 10.0**9)
    ask(served)
    assert app.asked == 2


def test_another_day_it_is_asked_again() -> None:
    app = App()
    served = Front(app)
    with time_machine.travel("2026-11-21T16:59:59Z", tick=False):
        ask(served)
    with time_machine.travel("2026-11-21T17:00:00Z", tick=False):
        ask(served)
    assert app.asked == 2


def test_it_holds_so_many_pages_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PAGES", 2)
    served = Front(App())
    for number in range(5):
        ask(served, path=f"/p/{number}/")
    assert len(served.sent) <= 2
