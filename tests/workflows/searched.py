"""What the tests of the search share: what a person finds, and files with text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typst
from django.utils import timezone

from tests.workflows import attached
from workflows import engine, files, ticking
from workflows.models import Attachment, Record, User
from workflows.searching import Hit, search

FONTS = Path(__file__).resolve().parents[2] / "capa" / "fonts"


def hits(user: User, query: str, kind: str = "") -> list[Hit]:
    """Everything found, of one kind if named."""
    return [hit for found in search(user, query) if kind in ("", found.name) for hit in found.hits]


def ids(user: User, query: str, kind: str = "") -> list[Any]:
    """Ids of what is found, in order."""
    return [hit.id for hit in hits(user, query, kind)]


def hold(record: Record, by: User, content: bytes, name: str) -> Attachment:
    """A file that a deed of the record holds, read by the clock."""
    found = files.keep([content], name, record=record, by=by)
    engine.fire(record, "attach", by=by, files=[str(found.pk)], note="")
    ticking.tick(timezone.now())
    return Attachment.objects.get(pk=found.pk)


def docx(*paragraphs: str) -> bytes:
    """A document with these paragraphs; a word may be cut into runs by ``|``."""
    runs = ("".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in paragraph.split("|")) for paragraph in paragraphs)
    body = "".join(f"<w:p>{run}</w:p>" for run in runs)
    whole = f'<w:document xmlns:w="http://x"><w:body>{body}</w:body></w:document>'
    return attached.package({"word/document.xml": whole})


def xlsx(*cells: str) -> bytes:
    """A workbook whose cells share these texts."""
    rows = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    return attached.package({"xl/sharedStrings.xml": f'<sst xmlns="http://x">{rows}</sst>'}, attached.XLSX)


def pdf(text: str) -> bytes:
    """A page with a Vietnamese text and fonts of its own."""
    # Its stub lets the output be a file or bytes; without one it is bytes.
    compiled: Any = typst
    made: bytes = compiled.compile(f'#set text(font: "Tinos")\n{text}'.encode(), font_paths=[str(FONTS)])
    return made
