"""Public pages kept in a cache, never beyond what they show.

A page is kept under the agency's stamp, which the database counts up with every change, and under the day, at whose
end versions step down. The stamp itself is remembered for a second only: every process, with or without a common
cache, asks for it again by then, and the process that commits a change drops it at once.

Only what exists is kept: addresses that anybody can make up (unknown agencies, documents and pages of a list) take no
place from those that are read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta

from django.core.cache import caches
from django.utils import timezone

from documents.services.public import stamp_number
from documents.services.stamping import CACHE, stamp_key

STAMP_SECONDS = 1
"""How long a process may believe a number that another process has counted up (bar: two seconds)."""


@dataclass(frozen=True)
class Kept:
    """A page as it is sent. ``lasting``: worth keeping, because there are only so many of its kind, and true until its
    own agency changes something; what other agencies publish is on pages of one that ended.
    """

    body: str
    etag: str
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    robots: str = ""
    lasting: bool = True


def kept(body: str, **more: str | int | bool) -> Kept:
    """A page of this body, with its digest as tag."""
    digest = hashlib.sha256(body.encode()).hexdigest()[:32]
    return Kept(body, f'"{digest}"', **more)  # type: ignore[arg-type]


def page(code: str, name: str, now: datetime, make: Callable[[], Kept]) -> Kept | None:
    """The page of this name of an agency, made if it is not kept; None for an agency that never published.

    No query if it is kept and the stamp was asked for within the last second.
    """
    number = current_stamp(code)
    if not number:
        return None
    local = timezone.localtime(now)
    key = hashlib.sha256(f"{code}\n{number}\n{local.date()}\n{name}".encode()).hexdigest()
    found = caches[CACHE].get(key)
    if found is not None:
        return Kept(**found)
    made = make()
    if not made.lasting:
        return made
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min, local.tzinfo)
    caches[CACHE].set(key, asdict(made), max(1, int((midnight - local).total_seconds())))
    return made


def current_stamp(code: str) -> int:
    """The agency's number as of at most ``STAMP_SECONDS`` ago; read before the content that is kept under it."""
    remembered: int | None = caches[CACHE].get(stamp_key(code))
    if remembered is None:
        remembered = stamp_number(code)
        if remembered:
            caches[CACHE].set(stamp_key(code), remembered, STAMP_SECONDS)
    return remembered
