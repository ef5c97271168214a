"""Papers as Word files in the layout of administrative documents (Decree 30/2020): heading, title, tables, signature.

A DOCX is a package of XML parts; the three that Word needs are written here, with no text but what is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NO_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""Letters that XML cannot hold."""
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MEDIA_TYPE}.main+xml"/></Types>'
)
RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
PAGE = (  # A4; margins of Decree 30/2020, annex I: 20 mm above and below, 30 mm left, 15 mm right
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>'
    "</w:sectPr>"
)
WIDTH = 9355
"""Of the text, in twentieths of a point."""
SIZE = 13
COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True)
class Letter:
    """What stands around the text. ``superior``: the body above the agency; number and place may be left to fill in.

    ``signs``: in what office it is signed; ``signer``: by whom, "" while it is not signed.
    """

    agency: str
    title: str
    about: str
    day: date
    superior: str = ""
    place: str = ""
    number: str = ""
    signs: str = ""
    signer: str = ""
    copies: Sequence[str] = ()


@dataclass(frozen=True)
class Text:
    """One paragraph of the text."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with a head; ``widths`` in parts of the whole, numbers of ``right`` columns stand on the right."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    right: frozenset[int] = frozenset()


def letter(paper: Letter, parts: Iterable[Text | Grid]) -> bytes:
    """The file."""
    body = [_heading(paper), _title(paper), *(_part(one) for one in parts), _foot(paper), PAGE]
    document = f'{HEAD}<w:document xmlns:w="{MAIN}"><w:body>{"".join(body)}</w:body></w:document>'
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, text in (("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document)):
            package.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, ZIP_DEFLATED)
    return out.getvalue()


def paragraph(text: str, *, align: str = "both", bold: bool = False, italic: bool = False, size: int = SIZE) -> str:
    """One paragraph; its lines stay lines."""
    marks = f"{'<w:b/>' if bold else ''}{'<w:i/>' if italic else ''}"
    font = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    look = f'<w:rPr>{font}{marks}<w:sz w:val="{2 * size}"/><w:szCs w:val="{2 * size}"/></w:rPr>'
    lines = escape(NO_XML.sub("", text)).replace("\r\n", "\n").split("\n")
    runs = "<w:r><w:br/></w:r>".join(f'<w:r>{look}<w:t xml:space="preserve">{line}</w:t></w:r>' for line in lines)
    return f'<w:p><w:pPr><w:spacing w:before="60" w:after="60"/><w:jc w:val="{align}"/></w:pPr>{runs}</w:p>'


def _part(one: Text | Grid) -> str:
    return paragraph(one.text, bold=one.bold) if isinstance(one, Text) else _grid(one)


def _cell(inside: str, width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inside}</w:tc>'


def _table(rows: Iterable[Sequence[str]], widths: Sequence[int], *, lined: bool) -> str:
    """Cells already made; the first row of a lined table is repeated on every page."""
    total = sum(widths)
    wide = [WIDTH * one // total for one in widths]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="{"single" if lined else "nil"}" w:sz="4"/>' for side in sides)
    found = []
    for number, row in enumerate(rows):
        again = "<w:trPr><w:tblHeader/></w:trPr>" if lined and number == 0 else ""
        cells = "".join(_cell(inside, width) for inside, width in zip(row, wide, strict=True))
        found.append(f"<w:tr>{again}{cells}</w:tr>")
    columns = "".join(f'<w:gridCol w:w="{one}"/>' for one in wide)
    look = f'<w:tblPr><w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{look}<w:tblGrid>{columns}</w:tblGrid>{''.join(found)}</w:tbl>"


def _grid(one: Grid) -> str:
    head = [paragraph(text, align="center", bold=True, size=12) for text in one.head]
    rows = [
        [paragraph(text, align="right" if at in one.right else "left", size=12) for at, text in enumerate(row)]
        for row in one.rows
    ]
    return _table([head, *rows], one.widths, lined=True) + paragraph("")


def _heading(paper: Letter) -> str:
    left = paragraph(paper.superior.upper(), align="center", size=12) if paper.superior else ""
    left += paragraph(paper.agency.upper(), align="center", bold=True, size=12)
    left += paragraph(f"Số: {paper.number or '……/BC-……'}", align="center", size=12)
    day = f"ngày {paper.day:%d} tháng {paper.day:%m} năm {paper.day:%Y}"
    right = paragraph(COUNTRY, align="center", bold=True, size=12) + paragraph(MOTTO, align="center", bold=True)
    right += paragraph(f"{paper.place or '……'}, {day}", align="center", italic=True)
    return _table([[left, right]], (2, 3), lined=False)


def _title(paper: Letter) -> str:
    return paragraph(paper.title.upper(), align="center", bold=True, size=14) + paragraph(
        paper.about, align="center", bold=True
    )


def _foot(paper: Letter) -> str:
    copies = "\n".join(f"- {one};" for one in paper.copies)
    left = paragraph("Nơi nhận:", bold=True, italic=True, size=12) + paragraph(copies, align="left", size=11)
    right = paragraph(paper.signs.upper() or "……", align="center", bold=True) + paragraph("\n\n\n", align="center")
    right += paragraph(paper.signer, align="center", bold=True) if paper.signer else ""
    return _table([[left, right]], (1, 1), lined=False)
