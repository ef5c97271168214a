"""What a file is, by its content: seven kinds are taken, everything else is refused with a sentence.

The name must say the same: a text called ``.html`` would be opened as a page where it is saved. Nothing is unpacked to
disk and nothing rendered; an archive is read through once, so that its directory cannot lie about what it holds.
"""

from __future__ import annotations

import codecs
import os
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from workflows.errors import WorkflowError
from workflows.packages import Broken, is_archive, office_type

PIXELS = 250_000_000
"""More than any camera takes; an image that says so is a bomb for whoever opens it."""
PARTS = 20_000
"""Chunks of a picture that are walked through: one of 20 MB has some thousands."""
BLOCK = 64 * 1024
TAIL = 2048

PDF, PNG, JPEG, WEBP, TEXT = "application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain; charset=utf-8"


class BadFile(WorkflowError):
    """A file that is not taken: its content, its name, or both."""

    code = "bad_file"
    status = 400


@dataclass(frozen=True)
class Kind:
    """One kind of file: how it begins, what its names end in, and who looks at the rest."""

    starts: bytes
    endings: tuple[str, ...]
    judge: Callable[[BinaryIO, int], str]


def type_of(file: BinaryIO, name: str) -> str:
    """Return the content type of an open file; raises ``BadFile``."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(16)
    if not size:
        raise BadFile(_("Tệp rỗng."))
    kind = next((kind for kind in KINDS if head.startswith(kind.starts)), PLAIN)
    try:
        found = kind.judge(file, size)
    except (Broken, ValueError, struct.error, IndexError) as error:
        raise BadFile(_broken(error)) from error
    endings = kind.endings if found not in OFFICE else (OFFICE[found],)
    if not name.lower().endswith(endings):
        said = _("Tên tệp phải kết thúc bằng %(endings)s như nội dung của nó.")
        raise BadFile(said % {"endings": ", ".join(endings)})
    return found


def _broken(error: Exception) -> str:
    if isinstance(error, Broken):
        return str(error)
    return _("Tệp hỏng hoặc bị cắt cụt.")


def _foreign() -> Broken:
    return Broken(_("Chỉ nhận PDF, PNG, JPEG, WebP, DOCX, XLSX và văn bản thuần UTF-8 (.txt)."))


def _two_in_one() -> Broken:
    return Broken(_("Tệp chứa thêm một tệp khác ở bên trong hoặc phía sau."))


# PDF.


def _spelled(word: bytes) -> bytes:
    """A name of PDF in each of its spellings: any letter may be written as ``#`` and its number."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (char, char, char) for char in word)


_ACTIVE = re.compile(b"(?:%s|%s)(?![A-Za-z0-9])" % (_spelled(b"JavaScript"), _spelled(b"Launch")))


def _pdf(file: BinaryIO, size: int) -> str:
    """A whole document from the first byte to the last; what would run a program when opened is refused."""
    file.seek(max(0, size - TAIL))
    tail = file.read().rstrip(b"\r\n\t \0")
    if not tail.endswith(b"%%EOF") or b"startxref" not in tail:
        raise ValueError("no end")
    if is_archive(file):
        raise _two_in_one()
    file.seek(0)
    rest = b""
    while block := file.read(BLOCK):
        if _ACTIVE.search(rest + block):
            raise Broken(_("Tệp PDF có mã chạy được (JavaScript hoặc lệnh mở chương trình)."))
        rest = block[-64:]
    return PDF


# Images.


def _sized(width: int, height: int) -> None:
    if not width or not height or width * height > PIXELS:
        raise Broken(_("Ảnh có kích thước không hợp lý: %(w)d × %(h)d điểm.") % {"w": width, "h": height})


def _png(file: BinaryIO, size: int) -> str:
    """Chunk by chunk to IEND, which is the end of the file."""
    at, name = 8, b""
    for _part in range(PARTS):
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        if at == 8 and name != b"IHDR":  # noqa: PLR2004 - the first chunk
            raise ValueError("no header")
        if name == b"IHDR":
            _sized(*struct.unpack(">II", file.read(8)))
        at += 12 + length
        if name == b"IEND" or at > size:
            break
    if name != b"IEND" or at > size:
        raise ValueError("cut off")
    if at != size:
        raise _two_in_one()
    return PNG


_BARE = {bytes([code]) for code in (0x01, *range(0xD0, 0xD9), 0xFF)}
"""Markers of JPEG without a length, and padding."""
_FRAMES = {bytes([code]) for code in range(0xC0, 0xD0) if code not in (0xC4, 0xC8, 0xCC)}
"""Markers with the size of the picture."""


def _jpeg(file: BinaryIO, size: int) -> str:
    """Segment by segment to the picture, whose end mark must come; cameras write more after it."""
    at, marker, framed = 2, b"", False
    for _part in range(PARTS):
        file.seek(at)
        lead, marker = struct.unpack("cc", file.read(2))
        if lead != b"\xff":
            raise ValueError("no marker")
        if marker in _BARE:
            at += 2 if marker != b"\xff" else 1
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if marker in _FRAMES:
            _bits, height, width = struct.unpack(">BHH", file.read(5))
            _sized(width, height)
            framed = True
        at += 2 + length
        if marker == b"\xda":
            break
    file.seek(min(at, size))
    if marker != b"\xda" or not framed or not _ends_jpeg(file):
        raise ValueError("cut off")
    if is_archive(file):
        raise _two_in_one()
    return JPEG


def _ends_jpeg(file: BinaryIO) -> bool:
    last = b""
    while block := file.read(BLOCK):
        if b"\xff\xd9" in last + block:
            return True
        last = block[-1:]
    return False


def _webp(file: BinaryIO, size: int) -> str:
    """One RIFF container that ends where the file does."""
    file.seek(0)
    _riff, length, form, chunk = struct.unpack("<4sI4s4s", file.read(16))
    if form != b"WEBP":
        raise _foreign()
    if length + 8 != size:
        raise _two_in_one() if length + 8 < size else ValueError("cut off")
    file.seek(20)
    head = file.read(10)
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", head[6:10])
        _sized(width & 0x3FFF, height & 0x3FFF)
    elif chunk == b"VP8L":
        (bits,) = struct.unpack("<I", head[1:5])
        _sized((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    elif chunk == b"VP8X":
        _sized(int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1)
    else:
        raise ValueError("no picture")
    return WEBP


# Text.

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|script|svg|iframe|object|embed|style|meta|\?xml|\?php)\b", re.IGNORECASE
)
_STARTS = ("#!", "{\\rtf", "%!ps", "%pdf", "x5o!p%@ap")
"""Scripts, rich text, PostScript, and the test word of virus scanners."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def _text(file: BinaryIO, size: int) -> str:
    """UTF-8 without control characters and without the marks of pages, drawings and scripts."""
    del size
    file.seek(0)
    reader, last, first = codecs.getincrementaldecoder("utf-8-sig")(), "", True
    while True:
        block = file.read(BLOCK)
        try:
            text = reader.decode(block, final=not block)
        except UnicodeDecodeError:
            raise _foreign() from None
        if _CONTROL.search(text) or (first and text.lstrip().lower().startswith(_STARTS)):
            raise _foreign()
        if _MARKUP.search(last + text):
            raise Broken(_("Tệp văn bản có mã trang web (HTML, SVG hoặc XML)."))
        if not block:
            return TEXT
        last, first = text[-16:], False


OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
PLAIN = Kind(b"", (".txt",), _text)
KINDS = (
    Kind(b"%PDF-", (".pdf",), _pdf),
    Kind(b"\x89PNG\r\n\x1a\n", (".png",), _png),
    Kind(b"\xff\xd8\xff", (".jpg", ".jpeg"), _jpeg),
    Kind(b"RIFF", (".webp",), _webp),
    Kind(b"PK\x03\x04", (), office_type),
)
