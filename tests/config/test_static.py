"""The static files as an installation collects them: hashed, packed, and nothing named that is not there."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.sources import ROOT

STYLE = "vendor/tabler/tabler.min.css"
PACKED_LIMIT = 130_000
"""Bytes that a first visit over a telephone may fetch of our own style sheets and scripts, packed."""
FETCHED = (STYLE, "khung/khung.css", "khung/fonts.css", "khung/khung.js", "django_htmx/htmx-2.min.js")


def test_they_collect_and_a_first_visit_stays_small(tmp_path: Path) -> None:
    environment = os.environ | {"STATIC_MANIFEST": "1", "KHUNG_VAR": str(tmp_path), "SECRET_KEY": "test"}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings.base"
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)
    static = tmp_path / "static"
    names = json.loads((static / "staticfiles.json").read_text())["paths"]
    packed = [static / f"{names[name]}.gz" for name in FETCHED]
    assert gzip.decompress(packed[0].read_bytes()).startswith(b'@charset "UTF-8"')
    assert sum(file.stat().st_size for file in packed) < PACKED_LIMIT
