"""Who may draft what, said beforehand: so that nobody is offered a button that the door would refuse."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from documents.machines.version import VERSION
from documents.models import Document, DocumentKind, DocumentVersion
from documents.models.document import SYSTEM_KINDS
from workflows.engine import Act
from workflows.errors import NotYourTurn
from workflows.models import Unit, User, covers
from workflows.roles import UNIT_SCOPED, Role

CREATE = VERSION.rows_of("create")[0]


def drafting_refusal(user: User, document: Document) -> str:
    """Why the person cannot draft this document, by the table's roles and its guard; "" if they can."""
    roles = {seat.role for seat in user.seats_held() if covers(seat, document.agency_id, document.unit_id)}
    mine = next((role for role in CREATE.by if role in roles), None)
    if mine is None:
        return str(NotYourTurn.default)
    act = Act(CREATE, user, mine, None, timezone.now())
    return " ".join(DocumentVersion(document=document).not_theirs_to_draft(act))


def drafting_places(user: User) -> tuple[QuerySet[Unit], list[str]]:
    """Units for which the person may open a document, and the kinds: system documents alone for a mere secretary."""
    where, kinds = Q(pk__in=()), set(SYSTEM_KINDS)
    for seat in user.seats_held():
        if seat.role in CREATE.by:
            where |= Q(pk=seat.unit_id) if seat.role in UNIT_SCOPED else Q(agency=seat.unit.agency_id)
            if seat.role != Role.ISO_SECRETARY:
                kinds = set(DocumentKind.values)
    return Unit.objects.filter(where).order_by("path"), sorted(kinds)
