"""What a PDF says and what it carries, for tests of papers."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from typing import Any, cast

from pypdf import PdfReader


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


@cache
def pages(pdf: bytes) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", page.extract_text()) for page in reader(pdf).pages)


def squeezed(text: str) -> str:
    """Without spaces, seen or unseen: where lines break is the layout's affair."""
    return re.sub(r"[\s\u200b]", "", text)


def printed(pdf: bytes) -> str:
    return squeezed("".join(pages(pdf)))


def fonts(pdf: bytes) -> set[str]:
    """Names of the fonts inside, without their subset's mark; each must bring its outlines along."""
    found = set()
    for page in reader(pdf).pages:
        for font in cast("Any", page["/Resources"]).get("/Font", {}).values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
            found.add(str(descriptor["/FontName"]).partition("+")[2].lstrip("/"))
    return found
