"""Whether a socket's log-in still holds. A socket outlives the request that opened it, so it must ask again."""

from __future__ import annotations

from hashlib import sha256
from importlib import import_module

from channels.auth import get_user
from django.conf import settings

from workflows.models import User


def digest(session_key: str) -> str:
    """Name of a session that may travel through the channel layer, where its key may not."""
    return sha256(session_key.encode()).hexdigest()


async def person_of(session_key: str | None) -> User | None:
    """The active person whom the stored session logs in now; None if it is gone, expired or of an old password."""
    if not session_key:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = await get_user({"session": store})
    return user if isinstance(user, User) else None
