"""Is the process alive, and can the installation work: for load balancers and alarms."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from config.env import REDIS_WAIT
from workflows import protections
from workflows.models import Pending

OUTBOX_SECONDS = 15 * 60
"""Age of the oldest untold deed from which the sender counts as stopped; it is swept every few seconds."""

CONNECT_SECONDS = 2
"""Seconds for a new connection; libpq knows no shorter limit."""

OK = "ok"
DEGRADED = "degraded"
DOWN = "down"


def database() -> str:
    """The database answers, over a connection of its own: the pool would hold the probe up for long."""
    probe = connection.copy("readyz")
    options = probe.settings_dict["OPTIONS"]
    options.pop("pool", None)
    if probe.vendor == "postgresql":
        options["connect_timeout"] = CONNECT_SECONDS
    try:
        with probe.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        probe.close()
    return OK


def migrations() -> str:
    """Its tables are those of this code."""
    executor = MigrationExecutor(connection)
    return "missing" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else OK


def walls() -> str:
    """The triggers that keep the ledger append-only are there."""
    return "missing" if protections.missing("default") else OK


def outbox() -> str:
    """Nobody waits long to be told."""
    oldest = Pending.objects.order_by("created_at").values_list("created_at", flat=True).first()
    late = oldest is not None and (timezone.now() - oldest).total_seconds() > OUTBOX_SECONDS
    return "late" if late else OK


def redis() -> str:
    """Redis answers, where it is used. Without it every page still works, notices only come slower."""
    if not settings.REDIS_URL:
        return "unused"
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=REDIS_WAIT, socket_timeout=REDIS_WAIT) as client:
            client.ping()
    except RedisError:
        return DEGRADED
    return OK


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "walls": walls,
    "outbox": outbox,
    "redis": redis,
}
"""Name → check. A check returns a word; any but these lets the installation count as not ready."""
FINE = {OK, DEGRADED, "unused"}
ASK_DATABASE = {"migrations", "walls", "outbox"}


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else."""
    del request
    return JsonResponse({"status": OK})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Every check's word; 503 if one of them is not fine."""
    del request
    words: dict[str, str] = {}
    for name, check in CHECKS.items():
        # Each would wait for the pool's time-out; so it is too just after the database came back.
        lost = name in ASK_DATABASE and DOWN in words.values()
        words[name] = "unknown" if lost else _word(check)
    ready = FINE.issuperset(words.values())
    status = (DEGRADED if DEGRADED in words.values() else OK) if ready else "not ready"
    return JsonResponse({"status": status, "checks": words}, status=200 if ready else 503)


def _word(check: Callable[[], str]) -> str:
    try:
        return check()
    except Error:
        return DOWN
