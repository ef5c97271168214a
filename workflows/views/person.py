"""Who asks, in its type, and the errors of the door as answers of the web."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from workflows import registry
from workflows.errors import NotVisible, WorkflowError
from workflows.models import Record, User

View = Callable[..., HttpResponseBase]


def person(request: HttpRequest) -> User:
    """The logged-in person; the middleware has seen to it that there is one."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def model_named(machine: str) -> type[Record]:
    """The governed model of a machine named in an address; raises ``Http404``."""
    try:
        return registry.model_of(machine)
    except KeyError:
        raise Http404 from None


def walled(view: View) -> View:
    """Answer 404 for another agency's record and 403, with the reason, for one that is not theirs to read."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotVisible as error:
            raise Http404(str(error.sentence)) from error
        except WorkflowError as error:
            if error.status != 403:  # noqa: PLR2004 - the only other status a reading view can get
                raise
            raise PermissionDenied(str(error.sentence)) from error

    return asked
