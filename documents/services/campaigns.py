"""From a change of law to the documents that it touches, and to one campaign of items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from documents.models import Campaign, Citation, DocumentVersion, ImpactItem, Regulation
from workflows import engine
from workflows.errors import BadAnswer, WorkflowError
from workflows.models import Unit, User, day_of

Hop = dict[str, object]


@dataclass(frozen=True)
class Touched:
    """A version in force that the act reaches, and the hops by which it does."""

    version: DocumentVersion
    path: list[Hop]


def regulation_touches(
    regulation: Regulation, *, on: date, user: User | None = None, agency: Unit | None = None
) -> list[Touched]:
    """Versions in force on a day that cite the act, by unit and code, each with its path; two queries.

    ``user`` narrows to what the person sees, ``agency`` to one agency's own documents.
    """
    versions = DocumentVersion.objects.in_force(on).filter(citations__regulation=regulation).distinct().for_list()
    if user is not None:
        versions = versions.visible_to(user)
    if agency is not None:
        versions = versions.filter(agency=agency)
    found = list(versions.order_by("agency__path", "unit__path", "document__code_key"))
    rows = Citation.objects.filter(regulation=regulation, version__in=[version.pk for version in found])
    first = rows.values_list("version_id", "position").order_by("-position")
    position = dict(first)
    return [Touched(version, [cites(regulation, version, position[version.pk])]) for version in found]


def cites(regulation: Regulation, version: DocumentVersion, position: int) -> Hop:
    """The hop “this version cites this act in row n of its legal basis” (row from 1)."""
    return {"kind": "cites", "from": regulation.number, "to": version.document.code, "row": position + 1}


@transaction.atomic
def campaign_open(*, regulation: Regulation, agency: Unit, by: User, now: datetime | None = None) -> Campaign:
    """Open the agency's campaign for an act, or widen the open one; run twice, it adds nothing.

    Raises ``WorkflowError``: the person has no right to, or the campaign is closed and new documents were found.
    """
    moment = now or timezone.now()
    campaign = Campaign.objects.filter(agency=agency, regulation=regulation).first()
    if campaign is None:
        fresh = Campaign(agency=agency, unit=agency, regulation=regulation)
        campaign = engine.start(fresh, "launch", by=by, now=moment)
    known = set(campaign.items.values_list("document", flat=True))
    touched = regulation_touches(regulation, on=day_of(moment), agency=agency)
    missing = [one for one in touched if one.version.document_id not in known]
    if missing and known:
        campaign = engine.fire(campaign, "widen", by=by, now=moment)
    for one in missing:
        item = ImpactItem(
            campaign=campaign,
            regulation=regulation,
            agency_id=one.version.agency_id,
            unit_id=one.version.unit_id,
            document=one.version.document,
            version=one.version,
            path=one.path,
        )
        engine.start(item, "detect", by=by, now=moment)
    return campaign


def impacts_decide(
    *, items: list[ImpactItem], action: str, by: User, note: str = "", now: datetime | None = None
) -> tuple[list[ImpactItem], list[tuple[ImpactItem, str]]]:
    """Do one action on many items, each through the door on its own; return (done, refused with the sentence).

    Raises ``BadAnswer`` for an action that has no place in bulk.
    """
    if action not in ("confirm", "screen", "no_impact", "open_revision"):
        raise BadAnswer(problems={"action": action})
    answers = {} if action == "open_revision" else {"note": note}
    done, refused = [], []
    for item in items:
        try:
            done.append(engine.fire(item, action, by=by, now=now, expected=item.row_version, **answers))
        except WorkflowError as error:
            refused.append((item, str(error.sentence)))
    return done, refused
