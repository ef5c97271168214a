"""An archive that proves itself: files one by one into a ZIP, a manifest with their hashes, and the check of one.

The same content gives the same bytes: no clock, no names of machines, one order. A file is held in memory one at a
time, and read back in blocks.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

MANIFEST = "manifest.json"
BEGAN = (1980, 1, 1, 0, 0, 0)
"""The earliest day that the format knows: when a file was packed is no part of what it says."""
BLOCK = 64 * 1024
MOST_FILES = 20_000
MOST_BYTES = 2 * 2**30
MANIFEST_BYTES = 16 * 2**20
HEX = 64


@dataclass(frozen=True)
class Entry:
    """One file of an archive as the manifest names it."""

    path: str
    title: str
    size: int
    sha256: str


class Writer:
    """Writes files and, at the end, the manifest."""

    def __init__(self, target: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.entries: list[Entry] = []

    def add(self, path: str, title: str, content: str) -> Entry:
        """One file of text."""
        raw = content.encode()
        self._write(path, raw)
        self.entries.append(Entry(path, title, len(raw), hashlib.sha256(raw).hexdigest()))
        return self.entries[-1]

    def _write(self, path: str, raw: bytes) -> None:
        info = zipfile.ZipInfo(path, BEGAN)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
        self._zip.writestr(info, raw)

    def close(self, head: Mapping[str, Any]) -> None:
        """Write the manifest: what the archive is about, and every file in it but itself."""
        shape = {**head, "files": [asdict(one) for one in self.entries]}
        self._write(MANIFEST, json.dumps(shape, ensure_ascii=False, indent=1, sort_keys=True).encode())
        self._zip.close()


def digest(file: BinaryIO) -> tuple[str, int]:
    """SHA-256 and size of a file, which is left at its beginning."""
    file.seek(0)
    total, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        total.update(block)
        size += len(block)
    file.seek(0)
    return total.hexdigest(), size


def faults(file: BinaryIO) -> list[str]:
    """Everything in an archive that is not as its manifest says; empty: it is whole. Nothing is unpacked to disk."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _faults(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        return [_("Không đọc được tệp ZIP: %(why)s.") % {"why": error}]


def _faults(archive: zipfile.ZipFile) -> list[str]:
    infos = archive.infolist()
    if len(infos) > MOST_FILES or sum(one.file_size for one in infos) > MOST_BYTES:
        return [_("Tệp nén bung ra quá lớn hoặc có quá nhiều phần.")]
    names = [one.filename for one in infos]
    found = [_("Có hai phần cùng tên: %(path)s.") % {"path": name} for name in sorted(names) if names.count(name) > 1]
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
        return [*found, _("Không có bản kê %(path)s.") % {"path": MANIFEST}]
    told = _told(archive.read(MANIFEST))
    if told is None:
        return [*found, _("Bản kê %(path)s không đọc được.") % {"path": MANIFEST}]
    found += [_fault(archive, path, size, sha256) for path, (size, sha256) in told.items()]
    extra = sorted(set(names) - told.keys() - {MANIFEST})
    found += [_("Tệp không có trong bản kê: %(path)s.") % {"path": path} for path in extra]
    return [one for one in dict.fromkeys(found) if one]


def _told(raw: bytes) -> dict[str, tuple[int, str]] | None:
    """Files of a manifest by path; None if it has not the shape of one."""
    try:
        rows = json.loads(raw)["files"]
        return {str(row["path"]): (int(row["size"]), str(row["sha256"])) for row in rows}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _fault(archive: zipfile.ZipFile, path: str, size: int, sha256: str) -> str:
    try:
        info = archive.getinfo(path)
    except KeyError:
        return _("Thiếu tệp: %(path)s.") % {"path": path}
    total = hashlib.sha256()
    try:
        with archive.open(info) as part:
            while block := part.read(BLOCK):
                total.update(block)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return _("Tệp hỏng: %(path)s.") % {"path": path}
    whole = info.file_size == size and total.hexdigest() == sha256
    return "" if whole else _("Mã băm không khớp: %(path)s.") % {"path": path}
