"""The store of attached files: by content, under ``MEDIA_ROOT/attachments/ab/<sha256>``, written once.

Write to a temporary file, fsync, rename, then the row: a crash leaves a file that nobody names, never a name without
its file. The clock sweeps such files away.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows.contents import BadFile, type_of
from workflows.errors import WorkflowError
from workflows.models import Attachment, Record, User
from workflows.text import nfc
from workflows.ticking import Complaint

LIMIT = 20 * 2**20
NAME_LIMIT = 200
FREE_PERCENT = 10
BLOCK = 64 * 1024
WAITING_LIMIT = 50
"""Files of one person on one record that wait to be used: five times what a step takes."""
UNUSED_DAYS = 2
"""How long a file waits to be used: a person who was refused on Friday evening comes back on Sunday at the latest."""
SHARDS = 256
BAD_IN_NAMES = '<>:"/\\|?*'
"""What Windows, on which these files are opened, takes in no name."""


class FileTooLarge(WorkflowError):
    """One file is larger than the product takes."""

    code = "too_large"
    status = 413
    default = lazy("Tệp lớn hơn 20 MB. Hãy nén ảnh hoặc chia nhỏ tệp rồi gửi lại.")


class StoreFull(WorkflowError):
    """What is left of the disk is for the ledger."""

    code = "store_full"
    status = 507
    default = lazy("Máy chủ sắp hết chỗ lưu nên tạm thời không nhận tệp. Hãy báo quản trị hệ thống.")


class StoreUnfit(WorkflowError):
    """The store is missing, read-only, or has lost a file."""

    code = "store_unfit"
    status = 503
    default = lazy("Kho tệp của hệ thống đang không dùng được. Chưa ghi gì; hãy báo quản trị hệ thống.")


def store() -> Path:
    """Folder of the files."""
    return Path(settings.MEDIA_ROOT) / "attachments"


def place(sha256: str) -> Path:
    """Where a content lies."""
    return store() / sha256[:2] / sha256


def prepare() -> None:
    """Make the media folder of a new installation; later its absence is a fault, such as a disk that is not there."""
    with suppress(OSError):
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)


def checked_name(raw: str) -> str:
    """The name as people read it; raises ``BadFile``. It never becomes a path."""
    name = nfc(raw).strip()
    if not name.strip(". ") or len(name) > NAME_LIMIT:
        raise BadFile(_("Tên tệp phải có từ 1 đến %(limit)d ký tự.") % {"limit": NAME_LIMIT})
    if any(char in BAD_IN_NAMES or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for char in name):
        raise BadFile(_("Tên tệp có ký tự không dùng được: hãy đổi tên rồi gửi lại."))
    return name


@dataclass(frozen=True)
class _Kept:
    path: Path
    size: int
    sha256: str
    content_type: str


def keep(chunks: Iterable[bytes], name: str, *, record: Record, by: User, now: datetime | None = None) -> Attachment:
    """Store a file that a person uploads to a record and return its row, not yet bound to any deed.

    The same content sent again by the same person is the same row, under the name given last. Raises ``BadFile``,
    ``FileTooLarge``, ``StoreFull``, ``StoreUnfit``; then nothing is kept.
    """
    name = checked_name(name)
    if Attachment.objects.waiting(record.pk, by).count() >= WAITING_LIMIT:
        raise BadFile(_("Bạn đã tải lên quá nhiều tệp mà chưa dùng. Hãy gửi bước này rồi tải tiếp."))
    temporary = store() / "tmp" / uuid.uuid4().hex
    with _faults():
        _check_room()
        store().mkdir(exist_ok=True)  # and not its parent: see ``prepare``
        temporary.parent.mkdir(exist_ok=True)
    try:
        with _faults():
            kept = _written(chunks, temporary, name)
        with _locked(exclusive=False):
            with _faults():
                _settle(kept)
            return _row(kept, name, record, by, now or timezone.now())
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _faults() -> Iterator[None]:
    """A fault of the disk, said as what it is."""
    try:
        yield
    except OSError as error:
        raise StoreUnfit from error


def _check_room() -> None:
    usage = shutil.disk_usage(settings.MEDIA_ROOT)
    if usage.free * 100 < usage.total * FREE_PERCENT:
        raise StoreFull


def _written(chunks: Iterable[bytes], path: Path, name: str) -> _Kept:
    digest, size = hashlib.sha256(), 0
    with path.open("xb+") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > LIMIT:
                raise FileTooLarge
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
        return _Kept(path, size, digest.hexdigest(), type_of(out, name))


def _settle(kept: _Kept) -> None:
    """Move the file to its place. One that is there already is replaced by its equal, and so made young again."""
    final = place(kept.sha256)
    final.parent.mkdir(exist_ok=True)
    kept.path.replace(final)
    for folder in (final.parent, final.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _row(kept: _Kept, name: str, record: Record, by: User, now: datetime) -> Attachment:
    facts = {
        "machine": record.machine.name,
        "agency_id": record.agency_id,
        "unit_id": record.unit_id,
        "size": kept.size,
    }
    with transaction.atomic():
        found, fresh = Attachment.objects.get_or_create(
            stream=record.pk,
            uploaded_by=by,
            sha256=kept.sha256,
            seq=None,
            defaults={**facts, "name": name, "content_type": kept.content_type, "uploaded_at": now},
        )
        if not fresh:
            found.name, found.content_type, found.uploaded_at = name, kept.content_type, now
            found.save(update_fields=["name", "content_type", "uploaded_at"])
    return found


def opened(attachment: Attachment) -> BinaryIO:
    """The content; raises ``StoreUnfit`` if the store has lost it."""
    with _faults():
        return place(attachment.sha256).open("rb")


@contextmanager
def _locked(*, exclusive: bool) -> Iterator[None]:
    """Keep the sweep from taking a file that is just getting its row."""
    with _faults():
        handle = os.open(store() / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


# The sweep.


def sweep(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Forget files that nobody used within ``UNUSED_DAYS``, then contents that no row names; a sweep of ``tick``.

    Contents are looked through one shard a minute: the whole store in about four hours, however large it has grown.
    """
    before = now - timedelta(days=UNUSED_DAYS)
    rows, _tables = Attachment.objects.filter(seq=None, uploaded_at__lt=before).delete()
    shard = int(now.timestamp()) // 60 % SHARDS
    try:
        gone = sweep_folder(f"{shard:02x}", before) + sweep_folder("tmp", before)
    except OSError as error:
        return Counter(), [Complaint(str(store()), str(error))]
    counts = Counter({"attachment.forgotten": rows, "attachment.swept": gone})
    return Counter({name: number for name, number in counts.items() if number}), []


def sweep_folder(name: str, before: datetime) -> int:
    """Delete the files of one folder that are older than an instant and that no row names; return how many."""
    folder, gone = store() / name, 0
    if not folder.is_dir():
        return 0
    with _locked(exclusive=True):
        old = {path.name: path for path in folder.iterdir() if path.stat().st_mtime < before.timestamp()}
        named = set(Attachment.objects.filter(sha256__in=list(old)).values_list("sha256", flat=True))
        for sha256, path in old.items():
            if sha256 not in named:
                path.unlink(missing_ok=True)
                gone += 1
    return gone
