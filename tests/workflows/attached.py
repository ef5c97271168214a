"""Files to attach: a good one of each kind, made here from nothing, and how a person uploads one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from workflows import engine, files
from workflows.models import Attachment, Record, User

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "Sổ theo dõi đã lập.\r\nBa dòng: một, hai, ba.\n".encode()
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def text(record: Record, by: User, content: bytes = TEXT, name: str = "sổ theo dõi.txt") -> Attachment:
    """A text that a person has uploaded to a record."""
    return files.keep([content], name, record=record, by=by)


def held(record: Record, by: User) -> Attachment:
    """A text that a deed of the record holds."""
    found = text(record, by)
    engine.fire(record, "attach", by=by, files=[str(found.pk)], note="")
    return Attachment.objects.get(pk=found.pk)


def pdf(body: bytes = b"<< /Type /Catalog >>") -> bytes:
    """A document with one object."""
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\nxref\n0 1\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def chunk(name: bytes, content: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int = 1, height: int = 1) -> bytes:
    """A picture that says it has this size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """A picture of a camera: with padding, and something after its end."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 8, 8, height, width, 0)
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff"
    return start + frame + b"\xff\xda\x00\x02" + b"\x00\x11\x22" + b"\xff\xd9" + b"camera"


def webp(form: bytes = b"VP8X") -> bytes:
    """A picture in one chunk."""
    content = {
        b"VP8X": b"\0\0\0\0" + (9).to_bytes(3, "little") + (9).to_bytes(3, "little"),
        b"VP8L": b"\x2f" + struct.pack("<I", 9 | 9 << 14) + b"\0" * 5,
        b"VP8 ": b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 10, 10),
    }[form]
    inside = b"WEBP" + form + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def types(main: str, *more: str) -> str:
    """The list of content types of a package."""
    rows = "".join(f'<Override PartName="/x{n}" ContentType="{one}"/>' for n, one in enumerate((main, *more)))
    return f'<?xml version="1.0"?><Types xmlns="http://x">{rows}</Types>'


def relation(kind: str, target: str, mode: str = "") -> str:
    """A list of one relation."""
    outside = f' TargetMode="{mode}"' if mode else ""
    row = f'<Relationship Id="a" Type="{OFFICE}/{kind}" Target="{target}"{outside}/>'
    return f'<Relationships xmlns="{RELATIONS}">{row}</Relationships>'


def package(parts: dict[str, Any], kind: str = DOCX, **how: Any) -> bytes:
    """An office file with these parts beside those that it must have; a part that is None is left out."""
    whole = {
        "[Content_Types].xml": types(f"{kind}.main+xml"),
        "_rels/.rels": relation("officeDocument", "word/document.xml"),
        "word/document.xml": "<w:document/>",
        **parts,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            if content is not None:
                archive.writestr(how.get("infos", {}).get(name, name), content)
    return out.getvalue()


def good() -> dict[str, tuple[bytes, str]]:
    """Name → content and the content type under which it is given out again."""
    plain = "text/plain; charset=utf-8"
    link = {"word/_rels/document.xml.rels": relation("hyperlink", "https://vbpl.vn", "External")}
    return {
        "biên bản.pdf": (pdf(), "application/pdf"),
        "Ảnh “cửa”.PNG": (png(), "image/png"),
        "ảnh.jpg": (jpeg(), "image/jpeg"),
        "ảnh-2.jpeg": (jpeg() * 1, "image/jpeg"),
        "a.webp": (webp(), "image/webp"),
        "b.webp": (webp(b"VP8L"), "image/webp"),
        "c.webp": (webp(b"VP8 "), "image/webp"),
        "Tờ trình.docx": (package(link), DOCX),
        "bảng.xlsx": (package({}, XLSX), XLSX),
        "sổ.txt": (TEXT, plain),
        "bom.txt": (b"\xef\xbb\xbf" + TEXT, plain),
        "it's; x=1.txt": (b"a < b && c > d", plain),
    }
