"""What the environment says, typed; a value that cannot be used stops the start with its name."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

import environ
from redis.connection import parse_url

# Text, not bytes: the value is also passed on by service managers that only carry printable characters.
SECRET_CHARACTERS = 64
# Seconds to wait for a free connection before the request fails, instead of psycopg's 30. A request of a logged-in
# person waits twice when the server is gone: for the page, and for the session on the way out.
POOL_WAIT = 3
# Seconds after which the pool leaves a server that is gone to the next request, instead of psycopg's 300, in which it
# would ask ever more seldom: after a minute's outage half a minute more would pass before it saw the server again.
POOL_RETRY = 1
# Seconds a writer on SQLite waits for the one before it.
SQLITE_WAIT = 5
# Seconds after which Redis counts as down; a log-in waits for several such answers.
REDIS_WAIT = 0.5

env = environ.Env()


def secret_key(file: Path) -> str:
    """Return SECRET_KEY, or the key in ``file``, made on the first start and readable by its owner alone."""
    given: str = env.str("SECRET_KEY", "")
    if given:
        return given
    if not file.exists():
        _write_once(file, secrets.token_urlsafe(SECRET_CHARACTERS))
    return file.read_text().strip()


def _write_once(file: Path, text: str) -> None:
    """Write ``file`` complete or not at all; of two processes starting together the first one's text stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "w") as stream:
            stream.write(text)
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        Path(draft).unlink()


LOCK_WAIT_MS = 2500
"""Milliseconds for a row lock: the loser of a race is answered within three seconds."""


def database(default_file: Path) -> dict[str, Any]:
    """Return Django's description of DATABASE_URL (default: SQLite in ``default_file``)."""
    described: dict[str, Any] = env.db("DATABASE_URL", f"sqlite:///{default_file}")
    options = described.setdefault("OPTIONS", {})
    if described["ENGINE"].endswith("sqlite3"):
        Path(described["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        # IMMEDIATE: a transaction that reads and then writes must own the write lock from its start,
        # or SQLite refuses it half-way without waiting. WAL: readers do not block the writer.
        options.update(transaction_mode="IMMEDIATE", timeout=SQLITE_WAIT, init_command="PRAGMA journal_mode=WAL")
    elif described["ENGINE"].endswith("postgresql"):
        # A step that waits for somebody else's answers “busy” before its person loses patience (workflows.engine).
        # Compiling a plan pays for reports of minutes; a page waited 3 s for it and ran 0.1 s without. So do parallel
        # workers: for a page that reads a hundred rows, to start them takes longer than to read.
        quick = "-c jit=off -c max_parallel_workers_per_gather=0"
        options.setdefault("options", f"-c lock_timeout={LOCK_WAIT_MS} {quick}")
        _pool(described)
    return described


def _pool(described: dict[str, Any]) -> None:
    """Keep PostgreSQL connections open between requests, in a pool of DATABASE_POOL_SIZE (0: one per thread).

    Under ASGI every request runs in a thread of its own, so that CONN_MAX_AGE would keep a connection
    per request and never use it again; a pool is shared by the threads.
    """
    size = env.int("DATABASE_POOL_SIZE", 16)
    described["CONN_HEALTH_CHECKS"] = True
    if size:
        described["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": size,
            "timeout": POOL_WAIT,
            "reconnect_timeout": POOL_RETRY,
        }
    else:
        described["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", 60)


def channel_layers(redis_url: str) -> dict[str, Any]:
    """Return the channel layer: Redis pub/sub between processes, memory within one.

    Redis publishes to the whole server, whatever database is named: the number is in the name, so that installations
    that share a server do not hear each other.
    """
    if not redis_url:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    number = parse_url(redis_url).get("db", 0)  # type: ignore[no-untyped-call]  # the reader of the layer itself
    # redis-py 8 closes a socket that was silent for some seconds, which is what a subscriber is.
    host = {"address": redis_url, "socket_timeout": None, "max_connections": env.int("REDIS_MAX_CONNECTIONS", 64)}
    return {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [host], "prefix": f"khung.{number}"},
        },
    }


PUBLIC_PAGES = 2000
"""Public pages kept in memory: apart from the counts of failed log-ins, which they would push out."""


def caches(redis_url: str) -> dict[str, Any]:
    """Return the caches, of failed log-ins and of public pages: Redis between processes, memory within one."""
    if not redis_url:
        memory = "django.core.cache.backends.locmem.LocMemCache"
        return {
            "default": {"BACKEND": memory},
            "public": {"BACKEND": memory, "LOCATION": "public", "OPTIONS": {"MAX_ENTRIES": PUBLIC_PAGES}},
        }
    options = {
        "serializer": "config.cache.JsonSerializer",
        "socket_connect_timeout": REDIS_WAIT,
        "socket_timeout": REDIS_WAIT,
    }
    return {
        "default": {
            "BACKEND": "config.cache.OutlastingCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": "khung",
            "OPTIONS": options,
        },
        "public": {
            "BACKEND": "config.cache.OutlastingCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": "khung-public",
            "OPTIONS": options,
        },
    }
