"""Files that must never be kept, made here from nothing: name and content by what is wrong with them."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable
from functools import partial

from tests.workflows.attached import DOCX, TEXT, XLSX, chunk, jpeg, package, pdf, png, relation, types, webp

Bad = tuple[str, bytes]
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
DTD = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\0\x03\0\0\0" + b"\0" * 60 + b"PE\0\0"


def bomb(declared: int = 10**9, name: str = "word/document.xml") -> bytes:
    """Zeros: a thousand times larger than the file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types(f"{DOCX}.main+xml"))
        with archive.open(name, "w", force_zip64=False) as part:
            block = b"\0" * 2**20
            for _number in range(declared // 2**20 + 1):
                part.write(block)
    return out.getvalue()


def many(number: int) -> bytes:
    """A package of too many parts."""
    return package({f"word/p{one}.xml": "" for one in range(number)})


def twice() -> bytes:
    """Two parts of one name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("[Content_Types].xml", types(f"{DOCX}.main+xml"))
            archive.writestr("word/document.xml", "<a/>")
            archive.writestr("word/document.xml", "<b/>")
    return out.getvalue()


def link(target: str = "/etc/passwd") -> bytes:
    """A part that is a symbolic link."""
    info = zipfile.ZipInfo("word/link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return package({"word/link": target}, infos={"word/link": info})


def locked() -> bytes:
    """The mark of encryption on every part, in both places where it stands."""
    content = bytearray(package({}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(sign)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(sign, place + 4)
    return bytes(content)


def changed(old: bytes, new: bytes, content: bytes | None = None, *, last: bool = False) -> bytes:
    """A package with some bytes exchanged, so that its two directories, its sizes or its sums no longer agree."""
    whole = content if content is not None else package({})
    place = whole.rfind(old) if last else whole.find(old)
    assert place >= 0
    assert len(old) == len(new)
    return whole[:place] + new + whole[place + len(old) :]


def wrong_sum() -> bytes:
    """The check sum of one part is another's."""
    whole = bytearray(package({}))
    place = whole.find(b"PK\x01\x02")
    whole[place + 16] ^= 0xFF
    return bytes(whole)


def overlapping() -> bytes:
    """Two entries of the directory that share one place."""
    whole = bytearray(package({"word/documenu.xml": "<w:document/>"}))
    first = struct.unpack_from("<L", whole, whole.find(b"PK\x01\x02", whole.find(b"PK\x01\x02") + 4) + 42)[0]
    last = whole.rfind(b"PK\x01\x02")
    struct.pack_into("<L", whole, last + 42, first)
    return bytes(whole)


def part(name: str, content: str | bytes = "x") -> bytes:
    """A document with one part more."""
    return package({name: content})


def rels(kind: str, target: str = "http://evil.example/x", mode: str = "External") -> bytes:
    """A document with one relation."""
    return package({"word/_rels/document.xml.rels": relation(kind, target, mode)})


OFFICE: dict[str, Callable[[], Bad]] = {
    "a bomb of zeros": lambda: ("bom.docx", bomb()),
    "a bomb by ratio": lambda: ("bom.docx", bomb(50 * 2**20)),
    "too many parts": lambda: ("nhiều.docx", many(2_001)),
    "up and out": lambda: ("a.docx", part("../../etc/cron.d/x")),
    "up and out inside": lambda: ("a.docx", part("word/../../x")),
    "absolute": lambda: ("a.docx", part("/etc/passwd")),
    "backslash": lambda: ("a.docx", part("..\\x.xml")),
    "a drive": lambda: ("a.docx", part("C:x.xml")),
    "one name twice": lambda: ("a.docx", twice()),
    "one name twice but for case": lambda: ("a.docx", part("WORD/Document.xml")),
    "a symbolic link": lambda: ("a.docx", link()),
    "encrypted": lambda: ("a.docx", locked()),
    "a macro": lambda: ("a.docx", part("word/vbaProject.bin")),
    "a macro in capitals": lambda: ("a.docx", part("word/VBAPROJECT.BIN")),
    "a macro by type": lambda: ("a.docx", package({"[Content_Types].xml": types(MACRO)})),
    "a macro by second type": lambda: ("a.docx", package({"[Content_Types].xml": types(f"{DOCX}.main+xml", MACRO)})),
    "a control": lambda: ("a.docx", part("word/activeX/activeX1.xml")),
    "an embedded program": lambda: ("a.docx", part("word/embeddings/oleObject1.bin")),
    "no list of types": lambda: ("a.docx", package({"[Content_Types].xml": None})),
    "no main part": lambda: ("a.docx", package({"[Content_Types].xml": types("text/xml")})),
    "a presentation": lambda: ("a.pptx", package({"[Content_Types].xml": types("application/vnd.x.slides.main+xml")})),
    "a template": lambda: ("a.docx", package({"[Content_Types].xml": types(f"{DOCX[:-8]}template.main+xml")})),
    "an entity in the types": lambda: ("a.docx", package({"[Content_Types].xml": DTD + types(f"{DOCX}.main+xml")})),
    "an entity in relations": lambda: ("a.docx", part("word/_rels/x.rels", DTD + "<Relationships/>")),
    "types that are no XML": lambda: ("a.docx", package({"[Content_Types].xml": "<Types"})),
    "huge relations": lambda: ("a.docx", part("word/_rels/x.rels", "<a>" + "x" * 5 * 2**20 + "</a>")),
    "a remote template": lambda: ("a.docx", rels("attachedTemplate")),
    "a remote picture": lambda: ("a.docx", rels("image")),
    "an embedded page": lambda: ("a.docx", rels("aFChunk", "x.html", "")),
    "a wrong check sum": lambda: ("a.docx", wrong_sum()),
    "two directories": lambda: ("a.docx", changed(b"word/document.xml", b"word/documenx.xml", last=True)),
    "overlapping parts": lambda: ("a.docx", overlapping()),
    "something before": lambda: ("a.docx", b"GIF89a" + package({})),
    "something after": lambda: ("a.docx", package({}) + b"<html>"),
    "cut off": lambda: ("a.docx", package({})[:-30]),
    "half": lambda: ("a.docx", package({})[:100]),
    "a plain archive": lambda: ("a.zip", package({"[Content_Types].xml": None})),
    "a workbook called document": lambda: ("a.docx", package({}, XLSX)),
    "an archive called text": lambda: ("a.txt", package({})),
}

PLAIN: dict[str, Callable[[], Bad]] = {
    "nothing": lambda: ("a.pdf", b""),
    "nothing as text": lambda: ("a.txt", b""),
    "a drawing": lambda: ("a.svg", SVG),
    "a drawing called text": lambda: ("a.txt", SVG),
    "a drawing called picture": lambda: ("a.png", SVG),
    "a page": lambda: ("a.html", b"<!DOCTYPE html><script>alert(1)</script>"),
    "a page called text": lambda: ("a.txt", b"  <HTML><body onload=x>"),
    "a page after much text": lambda: ("a.txt", TEXT * 3000 + b"<script src=x></script>"),
    "text called page": lambda: ("a.html", TEXT),
    "text called script": lambda: ("a.js", b"alert(1)"),
    "a batch file": lambda: ("a.bat", b"del /q *.*"),
    "a shell script": lambda: ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
    "a program": lambda: ("a.exe", EXE),
    "a program called PDF": lambda: ("a.pdf", EXE),
    "a program called text": lambda: ("a.txt", EXE),
    "an ELF": lambda: ("a.png", b"\x7fELF\x02\x01\x01" + b"\0" * 40),
    "rich text": lambda: ("a.txt", b"{\\rtf1 hello}"),
    "the scanners' test": lambda: ("a.txt", rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR"),
    "XML": lambda: ("a.txt", b'<?xml version="1.0"?><a/>'),
    "NUL": lambda: ("a.txt", b"a\0b"),
    "not UTF-8": lambda: ("a.txt", "sổ".encode("utf-16")),
    "half a letter": lambda: ("a.txt", "sổ".encode()[:-1]),
    "an old document": lambda: ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
    "a moving picture": lambda: ("a.gif", b"GIF89a" + b"\0" * 20),
    "a PDF not at the start": lambda: ("a.pdf", b"\n" + pdf()),
    "a PDF cut off": lambda: ("a.pdf", pdf()[:-8]),
    "a PDF and an archive": lambda: ("a.pdf", pdf() + package({})),
    "a PDF in which an archive ends": lambda: ("a.pdf", pdf() + hidden() + b"\nstartxref\n0\n%%EOF\n"),
    "a PDF that runs": lambda: ("a.pdf", pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert) >> >>")),
    "a PDF that runs in disguise": lambda: ("a.pdf", pdf(b"<< /S /J#61vaScri#70t >>")),
    "a PDF that starts a program": lambda: ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>")),
    "a PDF called text": lambda: ("a.txt", pdf()),
    "a flood of points": lambda: ("a.png", png(50_000, 50_000)),
    "a flood in JPEG": lambda: ("a.jpg", jpeg(65_000, 65_000)),
    "a picture of no size": lambda: ("a.png", png(0, 5)),
    "a picture and a page": lambda: ("a.png", png() + b"<script>"),
    "a picture cut off": lambda: ("a.png", png()[:-6]),
    "a picture without head": lambda: ("a.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b"")),
    "a JPEG cut off": lambda: ("a.jpg", jpeg()[:-20]),
    "a JPEG of padding": lambda: ("a.jpg", b"\xff\xd8" + b"\xff" * 2**20),
    "a JPEG and an archive": lambda: ("a.jpg", jpeg() + package({})),
    "a WebP and more": lambda: ("a.webp", webp() + b"PK"),
    "a WebP cut off": lambda: ("a.webp", webp()[:-3]),
    "a sound": lambda: ("a.wav", b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 24),
    "too large": lambda: ("a.txt", b"a" * (20 * 2**20 + 1)),
}

NAMES: dict[str, str] = {
    "300 bytes": "a" * 296 + ".txt",
    "201 letters": "ạ" * 197 + ".txt",
    "quotes": 'a"; filename=x.html".txt',
    "no ending": "biên bản",
    "an ending twice": "a.txt.exe",
    "a dot": "a.txt.",
    "a star": "*.txt",
    "a pipe": "a|b.txt",
}
"""Names that come through every surface as they are."""

RAW_NAMES: dict[str, str] = {
    "NUL": "a\0b.txt",
    "CR LF": "a\r\nSet-Cookie: x=1.txt",
    "right to left": "a\u202etxt.exe",
    "right to left, well ended": "exe\u202e.txt",
    "no width": "a\u200b.txt",
    "backslash": "..\\..\\a.txt",
    "blanks": "   ",
    "dots": "...",
    "line separator": "a\u2028b.txt",
}
"""Names that browsers and Django would tidy before we see them; a program sends them as they are."""


def hidden() -> bytes:
    """An archive whose end carries a remark, in which another file may end."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.html", "<script>")
        archive.comment = b"\nstartxref\n0\n%%EOF\n"
    return out.getvalue().removesuffix(b"\nstartxref\n0\n%%EOF\n")


def _named(name: str) -> tuple[str, bytes]:
    return name, TEXT


NAMED = {f"name: {key}": partial(_named, name) for key, name in NAMES.items()}
CORPUS: dict[str, Callable[[], tuple[str, bytes]]] = {**OFFICE, **PLAIN, **NAMED}
