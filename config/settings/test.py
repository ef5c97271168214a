"""Base settings made fast and repeatable; DATABASE_URL and REDIS_URL are honoured."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Keys, letters and files of a test run must never be those of the installation beside it.
os.environ["KHUNG_VAR"] = tempfile.mkdtemp(prefix="khung-test-")
atexit.register(shutil.rmtree, os.environ["KHUNG_VAR"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "test")

from config.settings.base import *  # noqa: E402, F403 - the environment above must be set first
from config.settings.base import DATABASES, VAR_DIR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
NOTICE_MAIL_THREAD = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_database = DATABASES["default"]
# The race tests open more connections than a pool would lend.
_database["OPTIONS"].pop("pool", None)
if _database["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of the live server must lock each other out as they do in use.
    # Per process, because several runs share this machine.
    _database["TEST"] = {"NAME": str(Path(VAR_DIR) / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"
