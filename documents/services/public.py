"""What an agency shows everybody: its declaration, documents of its scope in force today, and what became of the rest.

No person is known here and nothing is narrowed to anybody's sight: only what a publication that holds has named is
shown, and only as it stands on the day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from documents.models import (
    AnnouncedProcedure,
    Document,
    DocumentVersion,
    Publication,
    PublicStamp,
    ScopeKind,
    ScopeRow,
)
from documents.models.version import VersionQuerySet
from documents.services.alarm import Alarm, Dead, dead_citations
from documents.services.alarm_words import sentences
from documents.services.asof import Moment
from documents.services.sheets import Part, sheet
from documents.services.shelf import matching
from documents.services.succession import Ended, ended_of, published_heirs
from workflows.models import Unit

ORDER = ("document__kind", "document__code_key")
ENDED = ("superseded", "withdrawn")


@dataclass(frozen=True)
class Front:
    """An agency's front page. ``publication``: the one that holds; ``last``: if none does, the one that last did;
    ``ended``: how the agency ended, if it has.
    """

    agency: Unit
    publication: Publication | None
    last: Publication | None
    procedures: int = 0
    documents: int = 0
    ended: Ended | None = None


def stamp_number(code: str) -> int:
    """How often what the agency of this code shows has changed; 0 for one that never published. One query."""
    return PublicStamp.objects.filter(agency__code=code).values_list("number", flat=True).first() or 0


def published() -> QuerySet[PublicStamp]:
    """Agencies that have published at some time, by place in the tree."""
    return PublicStamp.objects.select_related("agency").order_by("agency__path")


def front_of(code: str, day: date) -> Front:
    """The declaration of an agency that has published; raises ``Unit.DoesNotExist``."""
    agency = Unit.objects.agencies().get(code=code)
    rows = Publication.objects.filter(agency=agency, published_on__isnull=False)
    current = rows.standing().first()
    if current is None:
        return Front(agency, None, rows.order_by("-ended_on", "-published_on").first(), ended=ended_of(agency, day))
    kinds = list(_rows(current).order_by().values_list("kind", flat=True))
    return Front(agency, current, None, kinds.count(ScopeKind.PROCEDURE), kinds.count(ScopeKind.DOCUMENT))


def _rows(publication: Publication) -> QuerySet[ScopeRow]:
    return ScopeRow.objects.filter(publication=publication, taken=publication.taken)


def shelf_of(publication: Publication, day: date, q: str = "") -> VersionQuerySet:
    """Versions in force on a day of the documents that a publication names; with words, those that match them."""
    named = _rows(publication).filter(document__isnull=False).values("document")
    rows = DocumentVersion.objects.in_force(day).filter(document__in=named)
    rows = rows.filter(matching(q)) if q.strip() else rows
    found: VersionQuerySet = rows.select_related("document", "unit").defer("content").order_by(*ORDER)
    return found


def procedures_of(publication: Publication) -> QuerySet[ScopeRow]:
    """Announced procedures that a publication names."""
    return _rows(publication).filter(kind=ScopeKind.PROCEDURE).order_by("code_key")


@dataclass
class Shown:
    """A document that is or was published. ``version``: in force today and of the scope; ``last``: if none is, the one
    that last was. ``heirs``: published documents that came in its place. ``ended``: how its agency ended, if it has.
    """

    document: Document
    publication: Publication | None
    version: DocumentVersion | None
    last: DocumentVersion | None = None
    heirs: list[Document] = field(default_factory=list)
    ended: Ended | None = None
    parts: list[Part] = field(default_factory=list)
    dead: list[Any] = field(default_factory=list)
    lost: set[UUID] = field(default_factory=set)


def document_of(code: str, pk: UUID, day: date) -> Shown | None:
    """A document that some publication of the agency of this code has named and shown; None for every other."""
    document = Document.objects.filter(pk=pk, agency__code=code).select_related("agency").first()
    if document is None or not _ever_public(document):
        return None
    publication = Publication.objects.standing().filter(agency=document.agency_id).first()
    version = None
    if publication is not None:
        rows = shelf_of(publication, day).filter(document=document)
        version = rows.defer(None).select_related("document", "unit", "agency").first()
    if version is None or publication is None:
        ended = DocumentVersion.objects.filter(document=document, state__in=ENDED).defer("content")
        last = ended.order_by(F("effective_to").desc(nulls_last=True)).first()
        heirs = [*heirs_of(document, publication, day), *published_heirs(document, day)]
        return Shown(document, publication, None, last, heirs, ended_of(document.agency, day))
    dead: list[Dead] = dead_citations([version.pk], Moment.now(day)) if publication.show_alarms else []
    return Shown(
        document,
        publication,
        version,
        parts=sheet(version.content, day),
        dead=sentences(Alarm(dead=dead)) if dead else [],
        lost={row.act.pk for row in dead},
    )


def _ever_public(document: Document) -> bool:
    named = ScopeRow.objects.filter(document=document, publication__published_on__isnull=False)
    return named.filter(taken=F("publication__taken")).exists()


def heirs_of(document: Document, publication: Publication | None, day: date) -> list[Document]:
    """Documents in force of the scope whose procedure was announced in the place of this one's."""
    if publication is None:
        return []
    rows = AnnouncedProcedure.objects.standing(day).filter(agency=document.agency_id)
    codes = rows.filter(replaces_key=document.code_key).values("code_key")
    found = shelf_of(publication, day).filter(document__code_key__in=codes)
    return [one.document for one in found.select_related("document__agency", "unit")]


@dataclass(frozen=True)
class Check:
    """What the QR on a printed copy asks: does this very version hold? ``now``: the document as it stands today."""

    version: DocumentVersion
    now: Shown

    @property
    def holds(self) -> bool:
        """True if the printed version is the one in force."""
        return self.now.version is not None and self.now.version.pk == self.version.pk


def check_of(code: str, pk: UUID, day: date) -> Check | None:
    """A version that was issued, of a document that was published; None for every other."""
    rows = DocumentVersion.objects.filter(pk=pk, agency__code=code, issued_at__isnull=False)
    version = rows.select_related("document").defer("content").first()
    now = document_of(code, version.document_id, day) if version is not None else None
    return Check(version, now) if version is not None and now is not None else None
