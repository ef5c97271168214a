"""Refusals over HTTP: one body for all of them, with a code, a sentence and the record's state as it stands now."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from workflows.engine import is_taken
from workflows.errors import Busy, NotVisible, WorkflowError
from workflows.models import Record

log = logging.getLogger("khung.api")

RETRY_AFTER = "5"
"""Seconds a client should wait when the database is away: about what a restart of PostgreSQL takes."""


class BadBody(WorkflowError):
    """The request's body is no JSON object that can be kept."""

    code = "bad_json"
    status = 400
    default = _("Nội dung gửi lên không phải là một đối tượng JSON đọc được.")


class TooLarge(WorkflowError):
    """The request's body is larger than the product takes."""

    code = "too_large"
    status = 413
    default = _("Nội dung gửi lên quá lớn.")


class BadQuery(WorkflowError):
    """A parameter of the address is unknown or out of bounds; ``problems`` maps it to a sentence."""

    code = "bad_query"
    status = 400
    default = _("Tham số của địa chỉ chưa đúng.")


class ExpectedVersionMissing(WorkflowError):
    """A step was sent without the version of the record on which the person decided."""

    code = "expected_version_required"
    status = 400
    default = _("Cần gửi expected_version: số nguyên row_version của hồ sơ mà bạn đã xem.")


class BadKey(WorkflowError):
    """The ``Idempotency-Key`` is empty, too long or not printable."""

    code = "bad_idempotency_key"
    status = 400
    default = _("Idempotency-Key phải có từ 1 đến 200 ký tự ASCII in được.")


class KeyMismatch(WorkflowError):
    """The ``Idempotency-Key`` was used before, for another request."""

    code = "idempotency_mismatch"
    status = 422
    default = _("Idempotency-Key này đã dùng cho một yêu cầu khác.")


class Unfit(WorkflowError):
    """The database refused a value that no check before it named."""

    code = "bad_answer"
    status = 400
    default = _("Có giá trị không ghi được.")


class Conflict(WorkflowError):
    """Another request wrote the same thing first."""

    code = "conflict"
    default = _("Người khác vừa ghi trước. Hãy tải lại rồi thử lại.")


class Unavailable(WorkflowError):
    """The database does not answer."""

    code = "unavailable"
    status = 503
    default = _("Hệ thống tạm thời chưa sẵn sàng. Hãy thử lại sau giây lát.")


_TRANSLATED: tuple[tuple[tuple[type[Exception], ...], type[WorkflowError]], ...] = (
    ((Http404,), NotVisible),
    ((DataError,), Unfit),
    ((IntegrityError,), Conflict),
    ((OperationalError, InterfaceError), Unavailable),
    ((SuspiciousOperation, BadRequest, MultiPartParserError), BadBody),
)


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn an exception into the API's error answer; None for a fault of ours, which must stay a 500 in the log."""
    for kinds, refusal in _TRANSLATED:
        if isinstance(error, kinds):
            log.warning("%s answered as %s", type(error).__name__, refusal.code, exc_info=error)
            error = Busy() if isinstance(error, OperationalError) and is_taken(error) else refusal()
            break
    if isinstance(error, WorkflowError):
        response = Response(_body(error, context.get("view")), status=error.status)
        if isinstance(error, Unavailable):
            response["Retry-After"] = RETRY_AFTER
        return response
    if not isinstance(error, exceptions.APIException):
        return None
    plain = exception_handler(error, dict(context))  # for its headers
    if plain is not None:
        detail, code = error.detail, error.default_code
        if isinstance(detail, exceptions.ErrorDetail):
            code = detail.code or code
        plain.data = {"code": code, "detail": str(detail), **_NOWHERE}
    return plain


_NOWHERE: dict[str, Any] = {"state": None, "row_version": None, "problems": []}


def _body(error: WorkflowError, view: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "code": error.code,
        "detail": str(error.sentence),
        "problems": list(_problems(error.problems)),
    }
    body: dict[str, Any] = {**_NOWHERE, **said, "state": error.state or None}
    record: Record | None = getattr(view, "record", None)
    if record is not None:
        # Asked anew: what the view read may be older than what the door refused on.
        now = type(record).objects.filter(pk=record.pk).values("state", "row_version").first()
        body |= now or {}
    return body


def _problems(problems: Sequence[str] | Mapping[str, str]) -> Iterator[dict[str, str | None]]:
    pairs = problems.items() if isinstance(problems, Mapping) else ((None, sentence) for sentence in problems)
    for field, sentence in pairs:
        yield {"field": field, "detail": str(sentence)}
