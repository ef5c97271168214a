"""The product as it is served, for ``benchmark site``: each answer says how many statements its process has run.

Beside it two addresses of the benchmark alone: a page without Django behind it, as the floor, and a withdrawal done by
the serving process itself.
"""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.db.backends.signals import connection_created

from config.asgi import application as product
from config.bench.site import FLOOR, STATEMENTS, WITHDRAW
from config.front import App, Message, Receive, Send
from documents.models import DocumentVersion
from workflows import engine
from workflows.models import User

PAGE = b"x" * 12_000
"""About as long as the document page."""


class Counter:
    """Statements of every connection of this process."""

    def __init__(self) -> None:
        self.number = 0
        connection_created.connect(self._made)

    def _made(self, connection: Any, **_kwargs: Any) -> None:
        if self.count not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.count)

    def count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """One more."""
        self.number += 1
        return execute(sql, params, many, context)


def withdraw(pk: str) -> None:
    """End a version through the door."""
    close_old_connections()
    version = DocumentVersion.objects.get(pk=pk)
    engine.fire(version, "withdraw", by=User.objects.get(username="steering_head"), decision_no="9/QĐ-BM", note="Đo")


class Counted:
    """The application with the count in every answer."""

    def __init__(self, app: App) -> None:
        self.app, self.counter = app, Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer the benchmark's own addresses, and let the product answer all others."""
        path = scope.get("path", "")

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                row = (STATEMENTS, str(self.counter.number).encode())
                message = {**message, "headers": [*message["headers"], row]}
            await send(message)

        if path == FLOOR:
            await _say(told, PAGE)
        elif path.startswith(WITHDRAW):
            await sync_to_async(withdraw)(path.removeprefix(WITHDRAW))
            await _say(told, b"done")
        else:
            await self.app(scope, receive, told)


async def _say(send: Send, body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


application = Counted(product)
