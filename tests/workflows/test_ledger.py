"""Canonical bodies, hashes and MACs, against values reckoned here by hand; and the key beside the database."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from workflows import ledger

STREAM = UUID("12345678-1234-5678-1234-567812345678")
KEY = b"k" * 64


@pytest.fixture
def key(tmp_path: Path, settings: Any) -> Path:
    """A key of our own."""
    file = tmp_path / "deep" / "mac.key"
    file.parent.mkdir()
    file.write_bytes(KEY + b"\n")
    settings.AUDIT_MAC_KEY_FILE = file
    return file


def test_a_body_has_one_text() -> None:
    assert ledger.canonical({"b": 1, "a": ["đ", None, True], "c": {"y": 1, "x": ""}}) == (
        '{"a":["đ",null,true],"b":1,"c":{"x":"","y":1}}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"x", {1, 2}])
def test_what_has_no_one_text_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ledger.canonical({"a": value})


def test_time_is_utc_to_the_microsecond() -> None:
    hanoi = timezone(timedelta(hours=7))
    assert ledger.stamp(datetime(2026, 1, 1, 6, 30, 15, 42, hanoi)) == "2025-12-31T23:30:15.000042Z"


def test_a_row_is_linked_to_the_one_before() -> None:
    first = ledger.genesis(STREAM)
    assert first == hashlib.sha256(b"genesis:12345678-1234-5678-1234-567812345678").hexdigest()
    assert ledger.link(first, "{}") == hashlib.sha256(b"\x00" + bytes.fromhex(first) + b"{}").hexdigest()
    assert ledger.link(first, "đ") == hashlib.sha256(b"\x00" + bytes.fromhex(first) + "đ".encode()).hexdigest()


def test_a_seal_is_a_mac_over_the_hash(key: Path) -> None:
    row = ledger.genesis(STREAM)
    mac = hmac.new(KEY, bytes.fromhex(row), hashlib.sha256).hexdigest()
    assert ledger.seal(row) == mac
    assert ledger.is_sealed(row, mac)
    assert not ledger.is_sealed(row, mac[:-1] + ("0" if mac[-1] != "0" else "1"))
    assert not ledger.is_sealed(ledger.link(row, "{}"), mac)


@pytest.mark.parametrize(("length", "good"), [(31, False), (32, True)])
def test_a_key_is_at_least_as_long_as_its_hash(key: Path, length: int, good: bool) -> None:
    key.with_name(f"{length}.key").write_bytes(b"k" * length)
    if good:
        assert len(ledger._key(key.with_name(f"{length}.key"))) == length
    else:
        with pytest.raises(ValueError, match="fewer than 32 bytes"):
            ledger._key(key.with_name(f"{length}.key"))


def test_a_missing_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "mac.key"
    made = ledger._key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(made) == 64
    ledger._make_key(file)
    assert file.read_bytes() == made
    other = ledger._key(tmp_path / "other" / "mac.key")
    assert other != made
