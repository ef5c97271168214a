"""Log-in for programs: name and password with each request (RFC 7617), under the lock-out of the log-in page.

Only over TLS: the password travels with every request.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from config.accounts import ClosedAdapter
from workflows.models import User

PROVEN_SECONDS = 300
"""How long a password that was right is taken again without the slow hash, which costs more than the request itself.
A closed account or a changed password ends it at once."""


class ProgramAdapter(ClosedAdapter):
    """Counts failures where the log-in page counts them, and failures alone.

    The page books an attempt before it looks at the password and takes it back afterwards; a program that sends
    several requests at once with the right password would lock itself out.
    """

    def log_in(self, request: HttpRequest, name: str, password: str) -> User | None:
        """Return the person, None if name or password is wrong; raises ``AuthenticationFailed`` while locked out."""
        known = User.objects.filter(username=name, is_active=True).first()
        if known and cache.get(_proof(known, password)):
            return known
        counted = copy(request)
        counted.method = "POST"  # allauth counts no GET
        key = self._get_login_attempts_cache_key(counted, username=name)
        if not ratelimit.consume(counted, action="login_failed", key=key, dry_run=True):
            raise AuthenticationFailed(_("Đăng nhập sai quá nhiều lần. Hãy thử lại sau."), code="locked_out")
        person = authenticate(request, username=name, password=password)
        if not isinstance(person, User):
            ratelimit.consume(counted, action="login_failed", key=key)
            return None
        cache.set(_proof(person, password), True, PROVEN_SECONDS)
        return person


def _proof(person: User, password: str) -> str:
    """Cache key that only this password of this person makes: keyed with SECRET_KEY, so that the cache gives
    nothing to guess at, and with the stored hash, so that a changed password proves nothing any more.
    """
    made = salted_hmac(f"api-login:{person.pk}:{person.password}", password, algorithm="sha256")
    return f"api-login:{made.hexdigest()}"


class PasswordAuthentication(BasicAuthentication):
    """HTTP Basic."""

    www_authenticate_realm = "khung"

    def authenticate_credentials(self, userid: str, password: str, request: Request | None = None) -> tuple[User, Any]:
        """Return the person; raises ``AuthenticationFailed``."""
        person = None
        if request is not None and "\0" not in userid + password:
            plain = request._request  # noqa: SLF001 - DRF documents it for this use
            person = ProgramAdapter(plain).log_in(plain, userid, password)
        if person is None:
            raise AuthenticationFailed(_("Tên đăng nhập hoặc mật khẩu chưa đúng."))
        return person, None


class PasswordScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """How OpenAPI names it."""

    target_class = PasswordAuthentication
    name = "password"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """HTTP Basic."""
        del auto_schema
        return {"type": "http", "scheme": "basic"}
