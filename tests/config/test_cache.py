"""The cache with Redis, and without it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from config.cache import JsonSerializer, OutlastingCache
from config.env import caches

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def cache_at(url: str) -> OutlastingCache:
    """The product's cache, with Redis at ``url``."""
    described: dict[str, Any] = caches(url)["default"]
    return OutlastingCache(
        described["LOCATION"], {k: v for k, v in described.items() if k in {"OPTIONS", "KEY_PREFIX"}}
    )


def use(cache: OutlastingCache) -> None:
    """Every method once but ``clear``: in Redis that takes away what the tests of another worker keep."""
    cache.delete_many(["lan", "count"])
    assert cache.add("lan", [1.5, 2.5]) is True
    assert cache.add("lan", [3]) is False
    assert cache.get("lan") == [1.5, 2.5]
    assert cache.touch("lan", 60) is True
    cache.set("count", 1)
    assert cache.incr("count") == 2
    assert cache.get("count") == 2
    assert cache.delete("lan") is True
    assert cache.get("lan", "none") == "none"
    with pytest.raises(ValueError, match="lan"):
        cache.incr("lan")


def test_without_redis_the_process_counts_alone(caplog: pytest.LogCaptureFixture) -> None:
    cache = cache_at(NOBODY_LISTENS)
    use(cache)
    cache.clear()
    assert cache.get("count") is None
    assert "Redis does not answer" in caplog.text


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="needs REDIS_URL; .ci/run sets it")
def test_with_redis_it_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    use(cache_at(os.environ["REDIS_URL"]))
    assert caplog.text == ""


@pytest.mark.parametrize("value", [1, 0, 2.5, "tên", None, True, [1.0, "a"], {"a": [1]}])
def test_a_value_survives_json(value: Any) -> None:
    stored = JsonSerializer().dumps(value)
    read = JsonSerializer().loads(str(stored).encode() if isinstance(stored, int) else stored)
    assert read == value
    assert type(read) is type(value)


def test_a_pickle_left_in_redis_is_not_opened() -> None:
    with pytest.raises(ValueError, match=r"decode|Expecting"):
        JsonSerializer().loads(b"\x80\x04\x95\x0b")
