"""Pokes: tell open pages to look again. They carry nothing, and losing one costs a minute at most."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for all pokes of one deed: the person who acted waits for them."""


def group(user_id: int) -> str:
    """Channel group of a person's open pages."""
    return f"user.{user_id}"


def look(user_ids: Iterable[int]) -> None:
    """Poke each person once."""
    _send(sorted(set(user_ids)), {"type": "look"})


def session_revoked(user_id: int, session: str = "") -> None:
    """Let the person's sockets close: those of one session (its digest), or all whose log-in no longer holds."""
    _send([user_id], {"type": "session_revoked", "session": session})


def _send(user_ids: list[int], event: dict[str, str]) -> None:
    layer = get_channel_layer()
    if layer is None or not user_ids:
        return

    async def send() -> None:
        async with asyncio.timeout(PATIENCE):
            for user_id in user_ids:
                await layer.group_send(group(user_id), event)

    try:
        async_to_sync(send)()
    except Exception:
        log.warning("poke failed", exc_info=True)
