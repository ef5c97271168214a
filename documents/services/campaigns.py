"""From what a change of law touches to one campaign of items, and to the decisions on them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from documents.models import Campaign, ImpactItem, Regulation
from documents.services.touching import regulation_touches
from workflows import engine
from workflows.errors import BadAnswer, WorkflowError
from workflows.models import Unit, User, day_of


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
            strength=one.strength,
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
