"""From what a change of law touches to one campaign of items, and to the decisions on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from documents.machines.impact import BULK, IMPACT
from documents.models import Campaign, Event, ImpactItem, Regulation
from documents.models.impact import FIRST
from documents.services.fanout import AT_ONCE, campaign_fill, campaign_lacks
from workflows import answers as answering
from workflows import engine
from workflows.errors import BadAnswer, NotVisible, NotYourTurn, WorkflowError
from workflows.models import Unit, User


def campaign_open(*, regulation: Regulation, agency: Unit, by: User, now: datetime | None = None) -> Campaign:
    """Open the agency's campaign for an act that takes effect; see ``campaign_for``."""
    return campaign_for(event=Event.objects.of_act(regulation), agency=agency, by=by, now=now)


def campaign_for(
    *, event: Event, agency: Unit, by: User | None, below: bool = False, now: datetime | None = None
) -> Campaign:
    """Open the agency's campaign for an event, or widen the one there is; run twice, it adds nothing.

    ``by`` None: the clock. It covers the agency's own documents; ``below`` (for the first run to say): those of all
    agencies below it as well. A document that another campaign of the same event holds stays there. About
    ``fanout.AT_ONCE`` items are written at once, the others by the clock, which then goes on
    (``Campaign.filled_to``). A closed campaign for which new documents are found is open again. Raises
    ``WorkflowError``: the person has no right to.
    """
    moment = now or timezone.now()
    campaign = Campaign.objects.for_list().filter(agency=agency, event=event).first()
    if campaign is None:
        fresh = Campaign(agency=agency, unit=agency, event=event, below=below, filled_to=FIRST)
        campaign = engine.start(fresh, "launch", by=by, now=moment)
    elif campaign.filled_to is None and campaign_lacks(campaign, now=moment):
        campaign = engine.fire(campaign, "widen", by=by, now=moment)
    campaign_fill(campaign, by=by, now=moment, most=AT_ONCE)
    return Campaign.objects.for_list().get(pk=campaign.pk)


def impacts_decide(
    *,
    items: list[ImpactItem],
    action: str,
    by: User,
    note: str = "",
    answers: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> tuple[list[ImpactItem], list[tuple[ImpactItem, WorkflowError]]]:
    """Do one action on many items, each through the door on its own; return (done, refused with the refusal).

    All are done at one instant, by which their notices are known to belong together. ``answers``: what the table asks
    for at this action; what it does not ask for is left out. Raises ``BadAnswer`` for an action that has no place in
    bulk.
    """
    if action not in BULK:
        raise BadAnswer(problems={"action": action})
    asked = {ask.name for ask in IMPACT.rows_of(action)[0].asks}
    given = {name: value for name, value in {"note": note, **(answers or {})}.items() if name in asked}
    moment = now or timezone.now()
    done, refused = [], []
    for item in items:
        try:
            done.append(engine.fire(item, action, by=by, now=moment, expected=item.row_version, **given))
        except WorkflowError as error:
            refused.append((item, error))
    return done, refused


def bulk_actions(campaign: Campaign, by: User) -> list[str]:
    """Bulk steps that some role of the person may take somewhere in the agencies that the campaign covers."""
    here = [seat for seat in by.seats_held() if _covered(campaign, seat.agency)]
    roles = {seat.role for seat in here}
    return [action for action in BULK if any(roles.intersection(step.by) for step in IMPACT.rows_of(action))]


def _covered(campaign: Campaign, agency: Unit) -> bool:
    return agency.pk == campaign.agency_id or (campaign.below and agency.path.startswith(campaign.agency.path))


def campaign_decide(
    *,
    campaign: Campaign,
    action: str,
    by: User,
    seen: Mapping[UUID, int],
    answers: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> tuple[list[ImpactItem], list[tuple[UUID, WorkflowError]]]:
    """The same for items of a campaign by id, each with the row version that the person saw.

    An id that names no item of the campaign within the person's wall is refused as one that is not there. Raises
    ``BadAnswer`` for answers that the table does not ask for or lacks, and ``NotYourTurn`` where the person takes this
    step nowhere in the campaign; then nothing is written.
    """
    if action not in bulk_actions(campaign, by):
        raise NotYourTurn
    answering.clean(IMPACT.rows_of(action)[0], answers or {})
    reachable = ImpactItem.objects.in_agencies_of(by, now).filter(campaign=campaign, pk__in=seen)
    items = list(reachable.for_list().order_by("unit__path", "document__code_key", "pk"))
    for item in items:
        item.row_version = seen[item.pk]
    done, refused = impacts_decide(items=items, action=action, by=by, answers=answers, now=now)
    gone = seen.keys() - {item.pk for item in items}
    missing = [(pk, NotVisible()) for pk in seen if pk in gone]
    return done, [*((item.pk, error) for item, error in refused), *missing]
