"""QR codes as drawings (SVG), for the public pages and the paper that is printed from them."""

from __future__ import annotations

import io

import segno


def drawing(text: str) -> str:
    """An SVG drawing of a text; error correction M survives a fold or a stain on paper."""
    written = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(written, kind="svg", scale=4, border=4, xmldecl=False, dark="#000", light="#fff")
    return written.getvalue().decode()
