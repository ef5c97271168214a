"""Base settings made fast and repeatable; DATABASE_URL and REDIS_URL are honoured."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

# Keys, letters and files of a test run must never be those of the installation beside it.
os.environ["KHUNG_VAR"] = tempfile.mkdtemp(prefix="khung-test-")
atexit.register(shutil.rmtree, os.environ["KHUNG_VAR"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "test")
# Workers have a database of their own each, and so they have one of Redis, which tests empty: the number that is given
# for the first, the ones below it for the others. What a worker starts stays with it.
_redis = urlsplit(os.environ.get("REDIS_URL", ""))
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker and _redis.netloc and os.environ.get("KHUNG_TEST_REDIS") != _worker:
    _number = (int(_redis.path.strip("/") or 0) - int(_worker[2:])) % 16
    os.environ |= {"KHUNG_TEST_REDIS": _worker, "REDIS_URL": _redis._replace(path=f"/{_number}").geturl()}

from config.settings.base import *  # noqa: E402, F403 - the environment above must be set first
from config.settings.base import DATABASES, VAR_DIR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
NOTICE_MAIL_THREAD = False
# Static files are looked up when asked for: thousands of test clients would each list them all first.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_database = DATABASES["default"]
# The race tests open more connections than a pool would lend.
_database["OPTIONS"].pop("pool", None)
if _database["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of the live server must lock each other out as they do in use.
    # Per process, because several runs share this machine.
    _database["TEST"] = {"NAME": str(Path(VAR_DIR) / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"
else:
    # A test's data need not outlive the server, and nobody waits for the disk at each of a million commits.
    # Tables that nobody analysed look large: the planner would compile queries that are done before that is.
    _database["OPTIONS"]["options"] += " -c synchronous_commit=off -c jit=off"
