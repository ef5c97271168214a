"""Office files as what they are: archives whose directory, size and parts are looked at before anybody opens them."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from typing import Any, BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _

ENTRIES = 2_000
UNPACKED = 200 * 2**20
RATIO = 200
BLOCK = 64 * 1024
DIRECTORY = 2**20
LOCAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s4H2LH")
PART_LIMIT = 4 * 2**20
"""Bytes of the parts that are read as XML: the list of content types, and relations."""

MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
}
TYPES = "[Content_Types].xml"
ACTIVE = ("vbaproject.bin", "vbadata.xml", "activex", "oleobject")
"""In a part's name or content type: macros, controls and embedded programs."""


FOLLOWED = ("hyperlink", "externallinkpath")
"""Relations to the outside that an office program does not follow by itself."""


class Broken(Exception):
    """A file that is not taken; the sentence says why."""


def is_archive(file: BinaryIO) -> bool:
    """True if the file can also be read as an archive, wherever that begins: by its directory at the end."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - END.size - 0xFFFF)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + END.size > len(tail):
        return False
    directory = start + at - END.unpack_from(tail, at)[5]
    if directory < 0:
        return False
    file.seek(directory)
    return file.read(4) == b"PK\x01\x02"


def office_type(file: BinaryIO, size: int) -> str:
    """Content type of a document or workbook; raises ``Broken``, or ``ValueError`` for what cannot be read at all."""
    file.seek(max(0, size - END.size - 20))
    tail = file.read()
    mark, *numbers = END.unpack(tail[-END.size :])
    if mark != b"PK\x05\x06":
        raise ValueError("the directory is not the end")
    # Before the library reads it: a directory of half a million entries takes it seconds.
    if numbers[4] > DIRECTORY or tail.startswith(b"PK\x06\x07"):
        raise Broken(_("Tệp nén bung ra quá lớn hoặc có quá nhiều phần."))
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive.infolist())
            _check_places(file, archive.infolist())
            _read_through(archive)
            return _by_types(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError) as error:
        raise ValueError(str(error)) from error


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    """What the directory alone tells: before a byte is unpacked."""
    packed, unpacked = (sum(getattr(one, size) for one in entries) for size in ("compress_size", "file_size"))
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * max(packed, 1):
        raise Broken(_("Tệp nén bung ra quá lớn hoặc có quá nhiều phần."))
    if any(number > 1 for number in Counter(one.filename.casefold() for one in entries).values()):
        raise Broken(_("Tệp có hai phần trùng tên."))
    for one in entries:
        if one.flag_bits & 0x1:
            raise Broken(_("Tệp có phần bị mã hoá: hãy bỏ mật khẩu rồi gửi lại."))
        if not _plain_name(one) or stat.S_ISLNK(one.external_attr >> 16):
            raise Broken(_("Tệp có phần trỏ ra ngoài chính nó."))
        if any(word in one.filename.casefold() for word in ACTIVE):
            raise Broken(_("Tệp có macro hoặc chương trình nhúng."))


def _plain_name(entry: zipfile.ZipInfo) -> bool:
    """``orig_filename`` is what stands in the archive; the library has already tidied the other."""
    name = entry.orig_filename
    parts = name.split("/")
    return bool(name) and not (
        name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in parts or "." in parts
    )


def _check_places(file: BinaryIO, entries: Iterable[zipfile.ZipInfo]) -> None:
    """Every entry lies where the directory says, under the same name, begins the file, and covers no other."""
    free = 0
    for one in sorted(entries, key=lambda entry: entry.header_offset):
        file.seek(one.header_offset)
        mark, *numbers = LOCAL.unpack(file.read(LOCAL.size))
        name, flags = file.read(numbers[-2]), numbers[1]
        wanted = one.orig_filename.encode("utf-8" if flags & 0x800 else "cp437")
        if mark != b"PK\x03\x04" or name != wanted or one.header_offset < free or (not free and one.header_offset):
            raise Broken(_("Mục lục của tệp nén không khớp với nội dung."))
        free = one.header_offset + LOCAL.size + numbers[-2] + numbers[-1] + one.compress_size


def _read_through(archive: zipfile.ZipFile) -> None:
    """Unpack everything into nothing: sizes and check sums are as the directory says."""
    for one in archive.infolist():
        with archive.open(one) as part:
            while part.read(BLOCK):
                pass


def _by_types(archive: zipfile.ZipFile) -> str:
    """What the package says it is; relations lead nowhere outside but for links that a person follows."""
    relations = [one for one in archive.infolist() if one.filename.casefold().endswith(".rels")]
    if TYPES not in archive.namelist():
        raise Broken(_("Đây không phải là tệp DOCX hay XLSX."))
    if archive.getinfo(TYPES).file_size + sum(one.file_size for one in relations) > PART_LIMIT:
        raise Broken(_("Tệp nén bung ra quá lớn hoặc có quá nhiều phần."))
    said = [given.get("ContentType", "") for _name, given in _elements(archive, TYPES)]
    if any("macro" in one.lower() or any(word in one.lower() for word in ACTIVE) for one in said):
        raise Broken(_("Tệp có macro hoặc chương trình nhúng."))
    mains = {MAIN[one] for one in said if one in MAIN}
    if len(mains) != 1:
        raise Broken(_("Đây không phải là tệp DOCX hay XLSX."))
    for one in relations:
        _check_relations(_elements(archive, one.filename))
    return mains.pop()


def _check_relations(elements: Iterable[tuple[str, dict[str, str]]]) -> None:
    for _name, given in elements:
        kind = given.get("Type", "").rsplit("/", 1)[-1].lower()
        if given.get("TargetMode", "").lower() == "external" and kind not in FOLLOWED:
            raise Broken(_("Tệp lấy nội dung từ nơi khác (mẫu hoặc ảnh liên kết): hãy nhúng vào tệp rồi gửi lại."))
        if kind in ("afchunk", "vbaproject", "control", "oleobject"):
            raise Broken(_("Tệp có macro hoặc chương trình nhúng."))


def _elements(archive: zipfile.ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    """Elements of a small part with their attributes. A document type, which entities would need, is refused."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def declared(*_given: Any) -> None:
        raise Broken(_("Tệp có khai báo XML không được phép."))

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = lambda tag, given: found.append((tag, given))
    try:
        parser.Parse(archive.read(name), True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return found
