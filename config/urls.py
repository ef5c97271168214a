"""Addresses of the product."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.account.urls import urlpatterns as allauth_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from config import health, pages
from config.guide import guide

# The admin's own form would not count failed attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "config.pages.bad_request"
handler403 = "config.pages.forbidden"
handler404 = "config.pages.not_found"
handler429 = "config.pages.too_many"  # allauth's own hook
handler500 = "config.pages.server_error"

# Of allauth's pages these are open. The others keep their names, which allauth looks up, and answer 404.
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
}
account_patterns = [
    path("password/reset/", pages.forgotten, name="account_reset_password"),
    *(p if p.name in OPEN else URLPattern(p.pattern, pages.closed, name=p.name) for p in allauth_patterns),
]

urlpatterns = [
    path("", include("workflows.urls")),
    path("", include("documents.urls")),
    path("", include("capa.urls")),
    path("notices/", include("notifications.urls")),
    path("source/", pages.source, name="source"),
    path("guide/", guide, name="guide"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include(account_patterns)),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
    path("admin/", admin.site.urls),
    path("api/", include("config.api")),
]
