"""The live bell: a socket that says “look again” and carries nothing else."""

from __future__ import annotations

import json
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db.models import Count, Max, Q

from notifications import pokes
from notifications.models import Notice
from notifications.sessions import digest, person_of
from workflows.models import User

NOT_LOGGED_IN = 4401
TOO_BIG = 1009
FRAME_CHARACTERS = 4096


def counts(user: User) -> dict[str, int]:
    """Unread notices, and the number of the newest one (0: none)."""
    found = Notice.objects.of(user).aggregate(unread=Count("pk", filter=Q(read_at=None)), last=Max("pk"))
    return {"unread": found["unread"], "last": found["last"] or 0}


class NoticeConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels is untyped
    """One open page of one person. The server alone chooses the group: the client cannot name another person's."""

    user_id: int | None = None
    session_key: str | None = None

    async def connect(self) -> None:
        """Take in a logged-in person; refuse anybody else before the socket opens."""
        session = self.scope.get("session")
        self.session_key = session.session_key if session is not None else None
        user = await person_of(self.session_key)
        if user is None:
            await self.close(code=NOT_LOGGED_IN)
            return
        self.user_id = user.pk
        await self.channel_layer.group_add(pokes.group(user.pk), self.channel_name)
        await self.accept()
        await self._look(user)

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        del code
        if self.user_id is not None:
            await self.channel_layer.group_discard(pokes.group(self.user_id), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **_kwargs: Any) -> None:
        """Answer a ping; a frame that is too big ends the socket; anything else is ignored."""
        if len(text_data or "") > FRAME_CHARACTERS or len(bytes_data or b"") > FRAME_CHARACTERS:
            await self.close(code=TOO_BIG)
            return
        try:
            word = json.loads(text_data or "null")
        except (ValueError, RecursionError):
            return
        if word == {"type": "ping"}:
            await self.send_json({"type": "pong"})

    async def look(self, _event: dict[str, Any]) -> None:
        """Something is new for this person: say so, if the log-in still holds."""
        user = await person_of(self.session_key)
        if user is None or user.pk != self.user_id:
            await self.close(code=NOT_LOGGED_IN)
        else:
            await self._look(user)

    async def session_revoked(self, event: dict[str, Any]) -> None:
        """A log-in of this person ended: close if it is this socket's, or if this one does not hold either."""
        named = event.get("session")
        # The poke of a log-out comes just before the session is deleted: its name counts, not what is stored.
        ended = named == digest(self.session_key or "") if named else await person_of(self.session_key) is None
        if ended:
            await self.close(code=NOT_LOGGED_IN)

    async def _look(self, user: User) -> None:
        await self.send_json({"type": "look", **await database_sync_to_async(counts)(user)})
