"""What holds for every answer of the site, whichever view gave it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from config.log import request_id
from config.pages import error_page
from workflows.errors import WorkflowError

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PROBES = {"/healthz", "/readyz"}
PUBLIC = ("/p/", "/robots.txt")
"""Where everybody is nobody: no session is read or prolonged, and the answer depends on no cookie."""
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class ShellMiddleware(MiddlewareMixin):
    """Request id, known methods, no copies of governed pages, refusals as pages, and log-in from inside a fragment.

    One class, because under ASGI each middleware costs a change of threads.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Name the request for the log, as the proxy does if its name is sane; refuse TRACE and inventions."""
        given = request.headers.get("X-Request-ID", "")
        request_id.set(given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex)
        if request.path_info in PROBES or request.path_info.startswith(PUBLIC):
            # A probe is nobody: with a session it would wait for the database that it asks about.
            request.COOKIES.clear()
        return None if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal of the door that its view did not turn into a form."""
        if not isinstance(exception, WorkflowError):
            return None
        return error_page(request, exception.status, _("Chưa thực hiện được"), str(exception.sentence))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Keep what a person saw out of every cache: the next one at the same machine presses Back."""
        response.headers["X-Request-ID"] = request_id.get()
        response.headers.setdefault("Cache-Control", "no-store")
        if request.path_info.startswith(PUBLIC):
            # The session was looked for, in vain: without this a cache before us would keep a copy for each cookie.
            del response["Vary"]
        if request.headers.get("HX-Request") == "true" and _to_log_in(response):
            # The browser would put the log-in page inside the fragment.
            answer = HttpResponse(status=401)
            answer["HX-Refresh"] = "true"
            return answer
        return response


def _to_log_in(response: HttpResponseBase) -> bool:
    login = resolve_url(settings.LOGIN_URL)
    return isinstance(response, HttpResponseRedirect) and response.url.split("?")[0] == login


class OneThreadMiddleware:
    """Stands innermost and does nothing, but cannot run asynchronously: so Django runs the whole chain in one thread.

    Else, under ASGI, each middleware around it would change threads twice for each request.
    """

    sync_capable, async_capable = True, False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)
