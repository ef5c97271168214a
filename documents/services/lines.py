"""What a list of documents shows of a version in force: columns, no objects, which are the greater part of its cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from documents.models import DocumentVersion
from documents.models.version import VersionQuerySet, number_of
from documents.services.asof import Moment, end_unknown
from workflows.tables import Stage


@dataclass
class Line:
    """A version as a list shows it. ``exact``: 0 where the words of a search stand with their marks, else 1."""

    pk: UUID
    document_id: UUID
    unit_id: int
    unit_name: str
    kind: str
    code: str
    title: str
    field: str
    state: str
    issue_no: int
    revision_no: int
    effective_from: date | None
    effective_to: date | None
    ended_at: datetime | None
    exact: int = 0

    @property
    def number(self) -> str:
        """Issue and revision as printed."""
        return number_of(self.issue_no, self.revision_no)

    @property
    def stage(self) -> Stage:
        """The table row of the state."""
        return DocumentVersion.machine.stage(self.state)

    @property
    def document_url(self) -> str:
        """Page of the document."""
        return reverse("documents:document", args=[self.document_id])

    @property
    def version_url(self) -> str:
        """Page of the version."""
        return reverse("documents:version", args=[self.pk])


COLUMNS = (
    *("pk", "document", "unit", "unit__name", "document__kind", "document__code", "document__title", "document__field"),
    *("state", "issue_no", "revision_no", "effective_from", "effective_to", "ended_at"),
)


def lines(rows: VersionQuerySet, moment: Moment) -> list[Line]:
    """Rows of the shelf as they were known at a moment; one query."""
    searched = ("exact",) if "exact" in rows.query.annotations else ()
    found = [Line(*row) for row in rows.values_list(*COLUMNS, *searched)]
    for line in found:
        if end_unknown(line.ended_at, moment):
            line.effective_to = line.ended_at = None
    return found
