"""The real input beside the repository, for tests that read it; absent on a bare machine, demanded by ``.ci/run``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")


def rows(name: str) -> list[dict[str, Any]]:
    """Rows of one of its JSON Lines files; none if the folder is not there."""
    path = DATA / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


def naughty_strings() -> list[str]:
    """The Big List of Naughty Strings, and a few made for this product."""
    path = DATA / "security" / "blns.json"
    own = [
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud800",
        "\u202e1/QĐ",
        "½",
        "１８／２０２６／ＮĐ－ＣＰ",
        "\ufeff",
        "0" * 5000,
        "/" * 999,
    ]
    return own + (json.loads(path.read_text()) if path.is_file() else [])
