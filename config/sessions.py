"""How long one log-in lasts in all, however busy its holder is."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

BEGAN = "khung_began"


class WorkingDayMiddleware(MiddlewareMixin):
    """Log a person out SESSION_WHOLE_AGE seconds after the log-in: a stolen session does not live on by being used."""

    def process_request(self, request: HttpRequest) -> None:
        """Note when a logged-in session began, or end it."""
        if not request.user.is_authenticated:
            return
        now = time.time()
        if now - request.session.setdefault(BEGAN, now) > settings.SESSION_WHOLE_AGE:
            logout(request)
