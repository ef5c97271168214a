"""What document control gives the search: documents in force with all they say, and legal documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from documents.content import Content
from documents.models import Document, DocumentKind, DocumentVersion, Regulation
from documents.models.in_force import BEGINNING
from documents.sections import SECTIONS, section
from workflows.models import User, day_of
from workflows.sources import Source, Texts


class InForce(Source):
    """Documents, by their version in force today; a version is written down when it is issued or taken over."""

    name, label, model = "document", lazy("Tài liệu đang có hiệu lực"), DocumentVersion
    columns = frozenset({"issued_at"})
    beside = Document
    vast = True

    def visible(self, user: User) -> QuerySet[Any]:
        """Versions in force that the person reads."""
        return DocumentVersion.objects.in_force(day_of()).visible_to(user)

    def shown(self, ids: Collection[UUID]) -> QuerySet[Any]:
        """With what the document is called."""
        rows = DocumentVersion.objects.filter(pk__in=ids).select_related("document", "unit")
        return rows.only("issue_no", "revision_no", "document__code", "document__title", "document__kind", "unit__name")

    def holders(self) -> QuerySet[Any]:
        """Versions that are or were in force, or will be."""
        return DocumentVersion.objects.filter(issued_at__isnull=False).select_related("document")

    def touched(self, row: Any) -> Iterable[Any]:
        """The versions of a document whose name has changed."""
        return self.holders().filter(document=row)

    def texts(self, record: Any) -> Texts | None:
        """Name and code of the document, and every section of the version."""
        if record.issued_at is None:
            return None
        owner = record.document
        head = "\n".join(filter(None, (f"{owner.code} · {owner.title}", owner.field)))
        return Texts(
            head,
            record.effective_from or BEGINNING,
            (owner.code, *filter(None, owner.former.split("; "))),
            sections_of(record.content),
        )

    def kind(self, record: Any) -> str:
        """Kind of document."""
        return f"{DocumentKind(record.document.kind).label} · {record.unit}"

    def part(self, name: str) -> str:
        """Name of the section."""
        return str(section(name).label)


def sections_of(content: Content) -> dict[str, str]:
    """Text of each section, one row of a table on one line."""
    whole: Mapping[str, Any] = content
    found: dict[str, str] = {}
    for item in SECTIONS:
        value: Any = whole.get(item.key) or ""
        if item.kind == "rows":
            lines = (" · ".join(filter(None, (row[column.key] for column in item.columns))) for row in value)
            found[item.key] = "\n".join(lines)
        else:
            found[item.key] = value["text"] if isinstance(value, dict) else value
    return found


class Law(Source):
    """Legal documents, by number in any spelling and by title."""

    name, label, model = "regulation", lazy("Văn bản pháp luật"), Regulation
    columns = frozenset({"number", "title", "issuer", "issued_on"})
    parted = False

    def visible(self, user: User) -> QuerySet[Any]:
        """Legal documents that the person reads."""
        return Regulation.objects.visible_to(user)

    def texts(self, record: Any) -> Texts:
        """Number, title and issuer."""
        return Texts(head_of(record), record.issued_on or BEGINNING, (record.number,))

    def title(self, record: Any) -> str:
        """Number and title."""
        return " · ".join(filter(None, (record.number, record.title)))

    def kind(self, record: Any) -> str:
        """Kind of legal document and who issued it."""
        return " · ".join(filter(None, (record.kind, record.issuer)))


def head_of(regulation: Any) -> str:
    """What a legal document is called."""
    return "\n".join(filter(None, (f"{regulation.number} · {regulation.title}", regulation.kind, regulation.issuer)))
