"""A repeated request has one effect: its answer is kept under the ``Idempotency-Key`` and given again.

The kept answer is written in the transaction of the effect, so neither exists without the other. Two requests with
one key meet at the unique index: the second waits for the first, then gets its answer.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpResponse
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from workflows.api.errors import BadKey, KeyMismatch
from workflows.errors import Busy, WorkflowError
from workflows.models import KeptAnswer, User
from workflows.ticking import Complaint

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY_LIMIT = 200
KEPT_DAYS = 30
"""A client that was cut off repeats within minutes; a month also covers one that was switched off over Tết."""
SERVER_FAULT = 500


class NotKept(Exception):
    """Carries an answer out of the transaction that is not to be kept: the same request may succeed later."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status_code)


def fingerprint(method: str, path: str, body: bytes) -> str:
    """SHA-256 of what the request asks for, hex."""
    parts = (method.encode(), path.encode(), body)
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def checked_key(raw: str | None) -> str | None:
    """Return the key, None if the client sent none; raises ``BadKey``."""
    if raw is None:
        return None
    if not 0 < len(raw) <= KEY_LIMIT or not raw.isascii() or not raw.isprintable():
        raise BadKey
    return raw


def once(
    user: User, key: str, request_print: str, act: Callable[[], Response], refused: Callable[[Exception], Response]
) -> HttpResponse:
    """Do ``act`` unless it was done under this key, and keep its answer; ``refused`` renders an exception.

    Raises ``KeyMismatch``, or ``OperationalError`` if the key's first request is still at work after the lock timeout.
    """
    try:
        with transaction.atomic():
            fresh = KeptAnswer(user=user, key=key, fingerprint=request_print)
            KeptAnswer.objects.bulk_create([fresh], ignore_conflicts=True)
            kept = KeptAnswer.objects.get(user=user, key=key)
            if kept.fingerprint != request_print:
                raise KeyMismatch
            if kept.status is not None:
                return _again(kept)
            response = _done(act, refused)
            # The rendered text: a repeat gets the same bytes, whatever a database does to the order of keys.
            text = JSONRenderer().render(response.data).decode()
            KeptAnswer.objects.filter(pk=kept.pk).update(status=response.status_code, body=text)
            return response
    except NotKept as passing:
        return passing.response


def _done(act: Callable[[], Response], refused: Callable[[Exception], Response]) -> Response:
    """The answer to keep: of the deed, or of its refusal, whose half-done work goes with the savepoint."""
    try:
        with transaction.atomic():
            return act()
    except Busy as error:
        raise NotKept(refused(error)) from error
    except (WorkflowError, APIException) as error:
        response = refused(error)
        if response.status_code >= SERVER_FAULT:
            raise NotKept(response) from error
        return response


def _again(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status, content_type="application/json")
    response[REPLAYED] = "true"
    return response


def forget_old_answers(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Delete answers whose repeat nobody waits for any more; a sweep of ``tick``."""
    old = KeptAnswer.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS))
    number, _tables = old.delete()
    return Counter({"kept_answer.forgotten": number} if number else {}), []
