"""In front of Django: a public page that was sent a moment ago is sent again without asking it.

Under ASGI a request through Django changes threads several times, which costs more than the whole of a kept page. What
is sent again is at most ``MOMENT`` old, of this day, and older than no change that this process has committed; with
what a process may believe of another's changes (``documents.services.keeping``) that stays under two seconds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from documents.services.stamping import changed

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Any, Any, Any], Awaitable[None]]
Key = tuple[str, bytes, str, bytes, date]

MOMENT = 0.5
"""Seconds."""
PAGES, BYTES = 500, 300_000
"""How many pages are held, and how long one may be."""
PLACE = "/p/"
OWN = frozenset({b"x-request-id"})
"""Headers of one answer that do not fit the next."""


@dataclass(frozen=True)
class Sent:
    """An answer as it went out, and until when it may go out again."""

    until: float
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Front:
    """An ASGI application around another one."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.zone = ZoneInfo(settings.TIME_ZONE)
        self.sent: dict[Key, Sent] = {}
        self.changes = 0
        changed.connect(self.forget)

    def forget(self, **_kwargs: Any) -> None:
        """Something shown has changed: send nothing again that was made before, also if it is only now on its way."""
        self.changes += 1
        self.sent = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a public page again, or let the application answer and keep what it says."""
        key = self._key(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        found = self.sent.get(key)
        if found is not None and found.until > monotonic():
            await send({"type": "http.response.start", "status": 200, "headers": found.headers})
            await send({"type": "http.response.body", "body": found.body})
            return
        await self.app(scope, receive, self._keeping(key, send))

    def _key(self, scope: Message) -> Key | None:
        """What the answer depends on; None if it is no public page, or depends on what the reader already has."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(PLACE):
            return None
        headers = dict(scope["headers"])
        if b"if-none-match" in headers or scope["query_string"].startswith(b"q=") or b"&q=" in scope["query_string"]:
            return None
        host = headers.get(b"host", b"") + b" " + headers.get(b"x-forwarded-proto", b"")
        return scope.get("scheme", ""), host, scope["path"], scope["query_string"], datetime.now(self.zone).date()

    def _keeping(self, key: Key, send: Send) -> Send:
        began, status, headers = self.changes, 0, []

        async def pass_on(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], [row for row in message["headers"] if row[0].lower() not in OWN]
            elif status == 200 and not message.get("more_body") and began == self.changes:  # noqa: PLR2004
                self._keep(key, Sent(monotonic() + MOMENT, headers, message.get("body", b"")))
            else:
                status = 0
            await send(message)

        return pass_on

    def _keep(self, key: Key, sent: Sent) -> None:
        if len(sent.body) > BYTES:
            return
        if len(self.sent) >= PAGES:
            self.sent = {}
        self.sent[key] = sent
