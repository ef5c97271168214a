"""Settings of the product, all by environment; the names are listed in README.md.

Everything the product writes by default goes to ``var/`` (KHUNG_VAR), so that a copy of that folder
and of the database is a whole back-up.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from config.env import caches, channel_layers, database, env, secret_key

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.str("KHUNG_VAR", str(BASE_DIR / "var")))

# --- Security -------------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    # The probes of a load balancer on the same host speak plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_WHOLE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# connect-src 'self' covers the WebSocket of the same host (CSP level 3); the style sheet draws tick marks from data:.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# The editor sends one field per cell: five tables of at most 200 rows, 19 cells to a row of each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

# --- Applications ---------------------------------------------------------------------------------------------------
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "workflows.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Our apps stand before those whose templates they replace.
INSTALLED_APPS = [
    "daphne",
    "config",
    "notifications",
    "documents",
    "capa",
    "workflows",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "allauth",
    "allauth.account",
    "guardian",
    "viewflow",
    "viewflow.workflow",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]
# Every page asks for a log-in unless its view says otherwise.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.ShellMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.sessions.WorkingDayMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.OneThreadMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page",
            ],
        },
    },
]
# viewflow would otherwise add two middlewares for pages of its own, none of which is mounted.
VIEWFLOW = {"AUTOREGISTER": False}

# --- Storage and services -------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
DATABASES = {"default": database(VAR_DIR / "khung.sqlite3")}
CACHES = caches(REDIS_URL)
CHANNEL_LAYERS = channel_layers(REDIS_URL)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
AUDIT_MAC_KEY_FILE = Path(env.str("AUDIT_MAC_KEY_FILE", str(VAR_DIR / "audit_mac.key")))
CHECKPOINT_KEY_FILE = Path(env.str("CHECKPOINT_KEY_FILE", str(VAR_DIR / "checkpoint.key")))
ANCHOR_DIR = Path(env.str("ANCHOR_DIR", str(VAR_DIR / "anchors")))
# Without a mail server letters are kept as files, where a trial can read them. URL forms: smtp://, smtps://, filemail:///.
vars().update(env.email_url("EMAIL_URL", f"filemail:///{VAR_DIR / 'mail'}"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "khung@localhost")

STATIC_URL = "static/"
STATICFILES_FINDERS = ["config.static.ServedAppsFinder"]
# STATIC_MANIFEST=1, for collectstatic and for the server: hashed names that browsers may keep for ever, and gzip
# (the style sheet is 635 kB plain, 79 kB packed).
# Without it the files are served from where they are installed, with no step in between.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", False)
# Unset, or WhiteNoise would prefer what an earlier version collected to what is installed now.
STATIC_ROOT = VAR_DIR / "static" if STATIC_MANIFEST else None
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# --- Log-in ---------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ANONYMOUS_USER_NAME = None
ACCOUNT_ADAPTER = "config.accounts.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# By account, and more widely by address: a whole ministry may stand behind one, and begins work at the same minute.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "5/15m/key,50/15m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

# --- Language, dates ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # The first one also says how to log in: without its challenge an anonymous request would be 403, not 401.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.api_login.PasswordAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "workflows.api.schema.EndpointSchema",
    "EXCEPTION_HANDLER": "workflows.api.errors.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Khung",
    "DESCRIPTION": """Controlled procedures of an agency, and the law they stand on (ISO 9001).

Log in with HTTP Basic, over TLS only, or with the session of the site and its CSRF token in `X-CSRFToken`.
Every record kind is listed, read, and moved by `POST …/{id}/actions/{action}/`: the same door as on the pages, with
the same answer. A step needs `expected_version`, the `row_version` on which the person decided; if the record has
changed since, the answer is 409 with its state and version now. Keys that are not asked for are refused.
Another agency's records do not exist (404). Every refusal has one form: `code` for programs, `detail` for people,
`state`, `row_version`, `problems`. Who may take which step, and why not, is in a record's `actions`;
the tables themselves are at `/api/machines/`.""",
    "VERSION": "1",
    "LICENSE": {"name": "AGPL-3.0-or-later"},
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    # Choices stay where they are used: as components of their own they would need a name for each set of states.
    "POSTPROCESSING_HOOKS": [],
}

# --- Log ------------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.log.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
    # Django's own handlers would write each line a second time, or try to mail it.
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}

# --- The product ----------------------------------------------------------------------------------------------------
# Working days to decide whether a changed regulation touches a document, and least time to revise one (domain.md §4).
SCREEN_DAYS = 5
REVISE_MIN_WORKING_DAYS = 22
# Calendar days from a decision that announces procedures or approves an internal process (domain 4.4), and before the
# end of what a document or an act says of itself, at which the clock opens a review by itself.
TTHC_MERGE_DAYS = 30
FORESEE_DAYS = 60
# A document in force is looked through again within so many months of its beginning or last verdict (domain 4.4).
PERIODIC_REVIEW_MONTHS = 12
# Reminders: calendar days before the last day, then every so many days after it; working days after it from which a
# leader is told as well (domain 4.4).
REMIND_BEFORE = (30, 15, 7, 1)
REMIND_EVERY = 7
ESCALATE_AFTER = ((5, "unit_head"), (10, "qmr"), (20, "steering_head"))
# Calendar days between the notice to the units and the first day of an audit (domain 5.1).
AUDIT_NOTICE_DAYS = 7
# How far an audit looks back: who belonged to a unit in this time does not audit it (domain 2.2, rule 2).
AUDIT_PERIOD_DAYS = 365
# Extensions of one corrective action (domain 5.2).
CAR_EXTENSIONS = 2
# The address that people type, without a slash at its end: letters name pages by it. Unset: they give the path alone.
SITE_URL = env.str("SITE_URL", "").rstrip("/")
# Letters go out from a thread of the server. NOTICE_MAIL_THREAD=0 where `manage.py deliver_pending --watch` does it.
NOTICE_MAIL_THREAD = env.bool("NOTICE_MAIL_THREAD", True)
# Where readers get the source of the version that runs here (AGPL-3.0 section 13).
SOURCE_URL = env.str("SOURCE_URL", "")
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
