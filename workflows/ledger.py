"""Canonical bodies, hashes and MACs of ledger rows (RFC 6962 leaf form, RFC 2104 HMAC-SHA-256)."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

BODY_VERSION = 1
KEY_BYTES = 32
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical(body: Mapping[str, object]) -> str:
    """Return the one JSON text of a body: sorted keys, no spaces, UTF-8 kept; floats and other types refused."""
    return _ENCODER.encode(body)


def stamp(moment: datetime) -> str:
    """Return an aware instant as UTC text with microseconds, the only form of time in a body."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def genesis(stream: UUID) -> str:
    """The ``prev_hash`` of a record's first row."""
    return hashlib.sha256(b"genesis:" + str(stream).encode()).hexdigest()


def link(prev_hash: str, body: str) -> str:
    """Hash of a row: SHA-256(0x00 ‖ prev_hash ‖ body), hex."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(prev_hash) + body.encode()).hexdigest()


def seal(row_hash: str) -> str:
    """MAC of a row's hash, hex."""
    return hmac.new(_key(settings.AUDIT_MAC_KEY_FILE), bytes.fromhex(row_hash), hashlib.sha256).hexdigest()


def is_sealed(row_hash: str, mac: str) -> bool:
    """True if the MAC was made with our key."""
    return hmac.compare_digest(seal(row_hash), mac)


@lru_cache(maxsize=4)
def _key(path: str | os.PathLike[str]) -> bytes:
    """Read the key; on a new installation make it, readable by its owner alone."""
    file = Path(path)
    if not file.exists():
        _make_key(file)
    key = file.read_bytes().strip()
    if len(key) < KEY_BYTES:
        raise ValueError(f"AUDIT_MAC_KEY_FILE {file} holds fewer than {KEY_BYTES} bytes")
    return key


def _make_key(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same first start was faster: its key is the key
        return
    with os.fdopen(handle, "wb") as out:
        out.write(secrets.token_hex(KEY_BYTES).encode())
