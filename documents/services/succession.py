"""What the public is told of an agency that ended: since when, who came in its place, and which of their published
documents go on with one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from documents.models import Document, DocumentVersion, Publication, PublicStamp, ScopeRow
from workflows.models import Unit
from workflows.rearranging import lasting


@dataclass(frozen=True)
class Ended:
    """From which day an agency is no more, and who stands in its place today, each with whether it ever published."""

    day: date
    places: list[tuple[Unit, bool]]


def ended_of(agency: Unit, day: date) -> Ended | None:
    """How an agency ended, if it has by the day."""
    if agency.valid_to is None or agency.valid_to > day:
        return None
    last = lasting(agency)
    places = [last] if last.valid_to is None else _parts(agency, day)
    known = set(PublicStamp.objects.filter(agency__in=places).values_list("agency", flat=True))
    return Ended(agency.valid_to, [(one, one.pk in known) for one in places])


def _parts(agency: Unit, day: date) -> list[Unit]:
    """Into whom an agency was divided, as they stand on a day."""
    rows = Unit.objects.agencies().standing_on(day).exclude(inherits=[]).order_by("path")
    return [one for one in rows if agency.path in one.inherits]


def published_heirs(document: Document, day: date) -> list[Document]:
    """Documents of other agencies that go on with one, in force and within a publication that holds."""
    found: list[Document] = []
    line: list[UUID] = [document.pk]
    while line:
        heirs = list(Document.objects.filter(predecessor__in=line).select_related("agency").order_by("pk"))
        found += [one for one in heirs if _is_public(one, day)]
        line = [one.pk for one in heirs]
    return found


def _is_public(document: Document, day: date) -> bool:
    publication = Publication.objects.standing().filter(agency=document.agency_id).first()
    if publication is None:
        return False
    named = ScopeRow.objects.filter(publication=publication, taken=publication.taken, document=document)
    return named.exists() and DocumentVersion.objects.in_force(day).filter(document=document).exists()
