"""What answers an event: whether a version of the document deals with it, and an item that a version brings back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from documents.citing import BASIS
from documents.machines.version import SIGNED
from documents.models.citation import Citation
from documents.models.document import Document
from documents.models.event import Event, EventKind
from documents.models.regulation import ENDING, LOSING, RegulationRelation
from documents.models.version import DocumentVersion
from documents.provisions import Provisions, loaded, within

if TYPE_CHECKING:
    from workflows.engine import Act

ENDS = (*ENDING, *LOSING)
"""Relations by which an act ends or stops another, wholly or in part."""
OF_ITSELF = (EventKind.EXPIRED, EventKind.SUSPENDED)
"""Events that end or stop the act that they are about."""


class Answering(models.Model):
    """The part of an item that knows its answer: which versions deal with the event, and which do not."""

    if TYPE_CHECKING:
        event: models.ForeignKey[Event, Event]
        document: models.ForeignKey[Document, Document]
        version: models.ForeignKey[DocumentVersion, DocumentVersion]
        revision: models.ForeignKey[DocumentVersion | None, DocumentVersion | None]
        path: Any
        strength: Any
        reason: Any
        review_on: Any
        waived_until: Any
        created_at: datetime

    class Meta:
        abstract = True

    def is_answer(self, version: DocumentVersion) -> bool:
        """Whether a version that can be written no more deals with the event: it leaves out what the event ends; where
        it ends nothing, it was opened when the event was under review, or after the revision that this led to.
        """
        ended = ended_by(self.event)
        if ended:
            return not self.still_cited(version)
        begun = [self.created_at, *([self.revision.created_at] if self.revision is not None else [])]
        return version.created_at >= min(begun)

    def still_cited(self, version: DocumentVersion) -> list[str]:
        """Numbers in the version's legal basis that the event ends, wholly or in the cited part; two queries."""
        ended = ended_by(self.event)
        rows = Citation.objects.filter(version=version, regulation__in=list(ended), place=BASIS) if ended else ()
        said = [(row, ended[row.regulation_id]) for row in rows if row.regulation_id is not None]
        return [row.number for row, ways in said if any(not parts or within(row.parts, parts) for parts in ways)]

    def revision_not_in_force(self, act: Act) -> list[str]:
        """Resolved only by a version that took effect and cites nothing that the event ends; a later one of the line
        counts as well.
        """
        del act
        if self.revision is None or self.revision.state not in ("effective", "superseded"):
            return [_("Bản sửa đổi chưa có hiệu lực.")]
        left = ", ".join(self.still_cited(self.revision))
        return [_("Bản sửa đổi vẫn viện dẫn %(numbers)s.") % {"numbers": left}] if left else []

    def revision_still_open(self, act: Act) -> list[str]:
        """The duty comes back when the linked draft was cancelled, or took effect and did not do it."""
        del act
        found = self.revision
        gone = found is not None and found.state == "cancelled"
        undone = found is not None and found.state in ("effective", "superseded") and self.still_cited(found)
        return [] if gone or undone else [_("Bản sửa đổi chưa bị huỷ.")]

    def nothing_to_wake(self, act: Act) -> list[str]:
        """An item comes back for a version of its document that lives, or will, and does not deal with the event."""
        found = self._found(act)
        done = found is None or self.is_answer(found)
        return [_("Không có phiên bản nào phải rà soát lại.")] if done else []

    def take_found(self, act: Act) -> None:
        """What is reviewed now is that version, by the way on which the event comes to it."""
        found = self._found(act)
        if found is not None:
            self.version, self.revision = found, None
            self.reason, self.review_on, self.waived_until = "", None, None
            self.path, self.strength = act.answers["found"]["path"], act.answers["found"]["strength"]

    def _found(self, act: Act) -> DocumentVersion | None:
        return self.document.versions.filter(pk=act.answers["found"]["version"], state__in=SIGNED).first()


def ended_by(event: Event) -> dict[UUID, list[Provisions]]:
    """Acts that an event ends or stops by itself, each with the provisions of each way, none for the whole; one query.

    What it reaches through guidance or by a change of text may still be cited with good reason.
    """
    if event.regulation_id is None:
        return {}
    if event.kind in OF_ITSELF:
        return {event.regulation_id: [()]}
    acting = RegulationRelation.objects.filter(source=event.regulation_id, kind__in=ENDS)
    found: dict[UUID, list[Provisions]] = {}
    for target, parts in acting.values_list("target", "provisions"):
        found.setdefault(target, []).append(loaded(parts))
    return found


def may_fail(version: DocumentVersion) -> Q:
    """Items to which this version may be no answer: it cites an act that the event ends, or is older than the item.

    ``Answering.is_answer`` knows; this leaves out, in the database, nearly all.
    """
    cited = Citation.objects.filter(version=version, place=BASIS, regulation__isnull=False).values("regulation")
    ending = RegulationRelation.objects.filter(source=OuterRef("regulation"), kind__in=ENDS, target__in=cited)
    itself = Q(event__kind__in=OF_ITSELF, regulation__in=cited)
    return Q(Exists(ending)) | itself | Q(created_at__gt=version.created_at)
