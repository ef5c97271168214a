"""The text of one file, from standard input to standard output: a program that nobody's file can make large or slow.

``python -I reader.py pdf|docx|xlsx|txt``. Stands alone: it is run outside the product, under limits that it sets
itself, and knows neither settings nor database. Exit code other than 0: no text.
"""

from __future__ import annotations

import io
import logging
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

LETTERS = 200_000
"""Letters of a file that are searched: a book of a hundred pages."""
PAGES = 500
CPU_SECONDS = 10
MEMORY = 2**30
PART_BYTES = 50 * 2**20
"""Bytes of one part of an archive that are read at most, unpacked."""
BLOCK = 64 * 1024

BREAKS = {"p", "br", "cr", "si", "is", "row"}
"""Elements of DOCX and XLSX after which a line ends."""


def limited() -> None:
    """Allow this process little time and memory, and no file to write."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pdf(raw: bytes) -> Iterator[str]:
    """Text page by page; a page that cannot be read is left out."""
    from pypdf import PdfReader  # noqa: PLC0415 - only PDF pays for it

    logging.disable(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(raw))
    for number, page in enumerate(reader.pages):
        if number >= PAGES:
            return
        try:
            yield page.extract_text() + "\n"
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001, S112 - a library over foreign bytes raises whatever it meets
            continue


def docx(raw: bytes) -> Iterator[str]:
    """Text of the body, headers, footers and notes."""
    return _archive(raw, "word/", ("document", "header", "footer", "footnotes", "endnotes"))


def xlsx(raw: bytes) -> Iterator[str]:
    """Texts of the cells, those that cells share first."""
    return _archive(raw, "xl/", ("sharedStrings", "worksheets/sheet"))


def txt(raw: bytes) -> Iterator[str]:
    """The text itself."""
    yield raw.decode("utf-8-sig", errors="replace")


def _archive(raw: bytes, folder: str, names: tuple[str, ...]) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for name in names:
            for part in sorted(archive.namelist()):
                if part.startswith(folder + name) and part.endswith(".xml"):
                    with archive.open(part) as content:
                        yield from _texts(content)


class _Letters:
    """What stands in ``t`` elements. Deleted text of a tracked change (``delText``) is none of it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.inside = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self.letters, self.doctype

    def start(self, tag: str, _given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self.inside = name == "t"
        if name == "tab":
            self.found.append(" ")

    def end(self, tag: str) -> None:
        self.inside = False
        if tag.rpartition(":")[2] in BREAKS:
            self.found.append("\n")

    def letters(self, text: str) -> None:
        if self.inside:
            self.found.append(text)

    def doctype(self, *_given: Any) -> None:
        raise ValueError("a document type, which entities would need")


def _texts(content: Any) -> Iterator[str]:
    letters, left = _Letters(), PART_BYTES
    while left > 0 and (block := content.read(min(BLOCK, left))):
        left -= len(block)
        letters.parser.Parse(block, False)
        yield "".join(letters.found)
        letters.found.clear()


READERS = {"pdf": pdf, "docx": docx, "xlsx": xlsx, "txt": txt}


def main() -> None:
    """Write at most ``LETTERS`` letters."""
    limited()
    left, out = LETTERS, []
    for piece in READERS[sys.argv[1]](sys.stdin.buffer.read()):
        out.append(piece[:left])
        left -= len(piece)
        if left <= 0:
            break
    sys.stdout.buffer.write("".join(out).encode(errors="replace"))


if __name__ == "__main__":
    main()
