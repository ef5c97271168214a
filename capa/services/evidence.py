"""The evidence pack of an agency: everything behind its score in one archive that opens without a network.

Made of live data and of what the person may read: a record they may not open is a line without words, as on the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from capa.archives import Entry, Writer, digest
from capa.models import Car, EvidencePack, Inspection, Review, ScoringTemplate, SelfScore
from capa.models.review import ISSUED
from capa.models.scoring import standing
from capa.services import known
from capa.services.known import Place
from capa.services.listing import lines
from capa.services.rules import COUNTS, RULES
from capa.services.scorecard import Card, Line, card
from documents.models import DocumentVersion
from documents.services.sheets import sheet
from workflows.models import User

STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; color: #1b2733; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { border: 1px solid #9aa7b5; padding: .35rem .5rem; text-align: left; vertical-align: top; }
th, td, li, h1 { overflow-wrap: anywhere; }
.prose { white-space: pre-wrap; }
.soft { color: #4d5b69; }
"""
PIECE = 100
"""Records read at a time."""


@dataclass(frozen=True)
class Source:
    """Of whom, when, by which template and points the pack is made."""

    subject: Inspection | SelfScore
    place: Place
    template: ScoringTemplate | None

    @property
    def owner(self) -> dict[str, Any]:
        """The column of ``EvidencePack`` that names the subject."""
        return {"inspection" if isinstance(self.subject, Inspection) else "self_score": self.subject}


@dataclass(frozen=True)
class Row:
    """A criterion in the index, with the files that are its evidence."""

    line: Line
    group: str
    files: list[Entry]


class Packer:
    """Writes the files of one pack, each with the criteria it belongs to."""

    def __init__(self, source: Source, user: User, target: IO[bytes]) -> None:
        self.source, self.user, self.place = source, user, source.place
        self.out = Writer(target)  # type: ignore[arg-type]
        self.lists: dict[str, Entry] = {}

    def _page(self, path: str, title: str, template: str, **context: Any) -> Entry:
        shown = {"title": title, "agency": self.place.agency, "as_of": self.place.day, **context}
        shown["root"] = "../" * path.count("/")
        return self.out.add(path, title, render_to_string(f"capa/pack/{template}.html", shown))

    def documents(self) -> list[Entry]:
        """Documents in force, each as a page."""
        rows = known.documents(self.place).visible_to(self.user).select_related("document", "unit").defer(None)
        return [self._document(number, one) for number, one in enumerate(rows.iterator(PIECE), start=1)]

    def _document(self, number: int, one: DocumentVersion) -> Entry:
        title = f"{one.document.code} · {one.document.title}"
        parts = sheet(one.content, self.place.day)
        return self._page(f"documents/{number:04}.html", title, "document", version=one, parts=parts)

    def counted(self, shown: Card | None) -> None:
        """The list behind every number of the score."""
        used = [RULES[line.rule] for line in shown.lines if line.rule in RULES] if shown else []
        keys = {key for rule in used for key in (rule.count, rule.whole, rule.lacking) if key}
        for key in sorted(keys):
            count = COUNTS[key]
            rows = [line for piece in _pieces(count.rows(self.place)) for line in lines(piece, self.user)]
            self.lists[key] = self._page(f"lists/{key}.html", str(count.label), "list", rows=rows)

    def cars(self) -> list[Entry]:
        """CARs of the agency, one page each."""
        rows = Car.objects.visible_to(self.user).filter(agency=self.place.agency, found_on__year=self.place.year)
        found = rows.select_related("unit").order_by("found_on", "number", "pk").iterator(PIECE)
        return [self._page(f"cars/{n:04}.html", str(one), "car", car=one) for n, one in enumerate(found, start=1)]

    def reviews(self) -> list[Entry]:
        """Conclusions of the year's management reviews."""
        rows = Review.objects.visible_to(self.user).filter(
            agency=self.place.agency, state__in=ISSUED, held_on__year=self.place.year
        )
        found = rows.order_by("held_on", "pk")
        return [
            self._page(f"reviews/{n:02}.html", str(one), "review", review=one, works=one.outputs.for_list())
            for n, one in enumerate(found, start=1)
        ]

    def minutes(self) -> list[Entry]:
        """Minutes and conclusion of the inspection."""
        subject = self.source.subject
        if not isinstance(subject, Inspection) or not subject.conclusion:
            return []
        title = _("Biên bản, kết luận kiểm tra")
        findings = list(subject.findings.order_by("pk"))
        return [self._page("inspection.html", title, "inspection", inspection=subject, findings=findings)]

    def write(self) -> int:
        """Everything; return how many files the manifest names."""
        place, template = self.place, self.source.template
        shown = card(template, place, standing(self.source.subject.points.all())) if template else None
        groups = [(_("Biên bản, kết luận kiểm tra"), self.minutes())]
        self.counted(shown)
        groups += [
            (_("Tài liệu đang có hiệu lực"), self.documents()),
            (_("Phiếu khắc phục"), self.cars()),
            (_("Xem xét của lãnh đạo"), self.reviews()),
        ]
        rows = (
            [Row(line, group.name, self._files(line)) for group in shown.groups for line in group.lines]
            if shown
            else []
        )
        self.out.add("style.css", _("Kiểu chữ"), STYLE)
        context = {"subject": self.source.subject, "card": shown, "rows": rows, "groups": groups}
        self._page("index.html", _("Gói bằng chứng"), "index", **context)
        self.out.close(
            {
                "format": "khung-evidence/1",
                "agency": {"code": place.agency.code, "name": place.agency.name},
                "year": place.year,
                "as_of": place.day.isoformat(),
                "subject": {"kind": self.source.subject.machine.name, "id": str(self.source.subject.pk)},
            }
        )
        return len(self.out.entries)

    def _files(self, line: Line) -> list[Entry]:
        rule = RULES.get(line.rule)
        keys = dict.fromkeys((rule.count, rule.whole, rule.lacking)) if rule else {}
        return [self.lists[key] for key in keys if key]


def _pieces(rows: Any) -> Iterator[list[Any]]:
    """Rows of a query, some at a time."""
    total = rows.count()
    for at in range(0, total, PIECE):
        yield list(rows[at : at + PIECE])


def make(source: Source, user: User, now: datetime) -> tuple[IO[bytes], EvidencePack]:
    """Write a pack to a file of no name, and keep what it was: who made it, when, and the digest of its bytes."""
    file = TemporaryFile()  # noqa: SIM115 - closed by the answer that sends it
    try:
        with translation.override("vi"):
            number = Packer(source, user, file).write()
        sha256, size = digest(file)
        row = EvidencePack.objects.create(
            agency=source.place.agency,
            as_of=source.place.day,
            sha256=sha256,
            size=size,
            files=number,
            by=user,
            at=now,
            **source.owner,
        )
    except BaseException:
        file.close()
        raise
    return file, row
