"""The cache: Redis while it answers, this process's memory while it does not.

It counts failed log-ins, so its loss must neither lock everyone out nor stop counting. What it gives
back is read as JSON, never unpickled: who can write to Redis must not be able to run code here.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

log = logging.getLogger(__name__)


class JsonSerializer:
    """Values as JSON; whole numbers bare, so that Redis can count them."""

    def dumps(self, value: Any) -> int | bytes:
        """Return what Redis stores; TypeError for a value that JSON has no form for."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, stored: bytes) -> Any:
        """Return the value; ValueError if what is stored was not written by ``dumps``."""
        return json.loads(stored)


class OutlastingCache(BaseCache):
    """One cache in front of two; what was counted in Redis before a failure is counted anew in memory."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        """``location`` is the Redis URL; ``params`` are Django's cache settings."""
        super().__init__(params)
        self.redis = RedisCache(location, params)
        self.memory = LocMemCache("outlasting", {**params, "OPTIONS": {}})

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(self.redis, method)(*args, **kwargs)
        except RedisError as failure:
            log.warning("Redis does not answer, this process counts alone: %s", failure)
            return getattr(self.memory, method)(*args, **kwargs)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set if absent; true if it was."""
        return bool(self._ask("add", key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value or ``default``."""
        return self._ask("get", key, default, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Store ``value`` for ``timeout`` seconds."""
        self._ask("set", key, value, timeout, version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Prolong; true if the key was there."""
        return bool(self._ask("touch", key, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Remove; true if the key was there."""
        return bool(self._ask("delete", key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add ``delta``; ValueError if the key is not there."""
        return int(self._ask("incr", key, delta, version))

    def clear(self) -> None:
        """Forget everything."""
        self._ask("clear")
