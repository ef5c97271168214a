"""Pages of the shell itself: errors in the reader's language, the source offer, what is closed."""

from __future__ import annotations

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.log import request_id
from workflows.errors import Busy

RETRY_AFTER = "10"
"""Seconds to wait while the database is away: about what a restart of PostgreSQL takes."""


def error_page(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    """A page that says what is wrong and leads back."""
    return render(request, "error.html", {"heading": heading, "sentence": sentence}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    del exception
    return error_page(request, 400, _("Yêu cầu không hợp lệ"), _("Máy chủ không đọc được yêu cầu này."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason that the view gave."""
    reason = str(exception) or _("Vai trò hiện nay của bạn không được xem hoặc làm việc này.")
    return error_page(request, 403, _("Bạn không có quyền"), reason)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same whether the thing is another agency's or nobody's."""
    del exception
    sentence = _("Trang hoặc hồ sơ này không có, hoặc không thuộc cơ quan bạn.")
    return error_page(request, 404, _("Không tìm thấy"), sentence)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: allauth's limits by address."""
    del exception
    sentence = _("Có quá nhiều yêu cầu từ địa chỉ này. Hãy chờ vài phút rồi thử lại.")
    return error_page(request, 429, _("Quá nhiều yêu cầu"), sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form's token is missing or old: usually a session that ended."""
    del reason
    sentence = _(
        "Phiên làm việc đã hết hoặc biểu mẫu quá cũ. Hãy quay lại, tải lại trang rồi gửi lại; nội dung đã gõ vẫn còn."
    )
    return error_page(request, 403, _("Biểu mẫu đã hết hạn"), sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database that does not answer. Runs no query and knows no person.

    Also reached from middlewares, where no view could have caught the failure.
    """
    failure = sys.exc_info()[1]
    away = isinstance(failure, OperationalError | InterfaceError)
    status, code = (503, "unavailable") if away else (500, "server_error")
    heading = _("Hệ thống tạm thời chưa sẵn sàng") if away else _("Có lỗi ở máy chủ")
    sentence = _("Việc bạn vừa làm chưa được ghi. Hãy thử lại sau ít phút.")
    if away and "locked" in str(failure):
        heading, sentence = _("Hệ thống đang bận"), str(Busy.default)
    if request.path.startswith("/api/"):
        body: dict[str, object] = {"code": code, "detail": sentence, "state": None, "row_version": None, "problems": []}
        response: HttpResponse = JsonResponse(body, status=status)
    else:
        context = {"heading": heading, "sentence": sentence, "request_id": request_id.get()}
        response = HttpResponse(render_to_string("500.html", context), status=status)
    if away:
        response["Retry-After"] = RETRY_AFTER
    return response


@login_not_required
@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """The offer of source code that the licence demands (AGPL-3.0 section 13)."""
    return render(request, "source.html")


@login_not_required
def closed(_request: HttpRequest, *_parts: object, **_named: object) -> HttpResponse:
    """404 for every page of allauth that this product does not use, sign-up before all."""
    raise Http404


@login_not_required
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Where to go with a forgotten password: to a person, for a letter would tell who has an account."""
    return render(request, "account/forgotten.html")
