"""Items that came to their end, and of whose document a version lives again that does not deal with their event.

A document is reviewed once for an event; so a procedure that was withdrawn, and is issued anew with the act that ended,
has no second item: the first one comes back. It does so when the version is issued or takes effect, in the same
transaction; and when the campaign is widened, which the gate asks for. The clock does it, whoever caused it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import post_save

from documents.citing import BASIS
from documents.machines.impact import ANSWERED
from documents.machines.version import SIGNED
from documents.models import Campaign, Citation, DocumentVersion, ImpactItem
from documents.models.answering import ended_by, may_fail
from documents.models.impact import EVENT_PARTS
from documents.services.events import Scope, coming_touches, event_touches
from documents.services.touching import Touched
from workflows import engine
from workflows.errors import GuardFailed, WrongState
from workflows.models import day_of

Pair = tuple[ImpactItem, Touched]
"""An item, and the version for which it has to come back."""


def connect() -> None:
    """Listen to versions; called once at ``ready()``."""
    post_save.connect(_saved, sender=DocumentVersion, dispatch_uid="documents.waking")


def sleeping(campaign: Campaign, scope: Scope) -> list[Pair]:
    """Items of a campaign that have to come back: their document has a version, in force or issued for a day to come,
    that the event touches and that is no answer to it. Reads only; as many queries for one item as for 50,000.
    """
    mine = ImpactItem.objects.filter(campaign=campaign, state__in=ANSWERED).order_by()
    if not mine.exists():
        return []
    found = replace(scope, among=_failing(campaign, mine))
    pairs = _unanswered(mine, event_touches(campaign.event, found))
    known = {item.document_id for item, _touched in pairs}
    return pairs + _unanswered(mine, coming_touches(campaign.event, found, known))


def _failing(campaign: Campaign, mine: Any) -> Q:
    """Living versions that may be no answer, of documents of these items; ``Answering.is_answer`` knows."""
    items, ended, lives = mine.filter(document=OuterRef("document")), ended_by(campaign.event), Q(state__in=SIGNED)
    if ended:
        cited = Citation.objects.filter(version=OuterRef("pk"), place=BASIS, regulation__in=list(ended))
        return lives & Q(Exists(items)) & Q(Exists(cited.order_by()))
    return lives & Q(Exists(items.filter(created_at__gt=OuterRef("created_at"))))


def _unanswered(mine: Any, touched: Collection[Touched]) -> list[Pair]:
    by_document = {one.version.document_id: one for one in touched}
    if not by_document:
        return []
    items = mine.filter(document__in=list(by_document)).select_related("revision", *EVENT_PARTS)
    pairs = [(item, by_document[item.document_id]) for item in items.order_by("pk")]
    return [(item, one) for item, one in pairs if not item.is_answer(one.version)]


def wake(pairs: Iterable[Pair], now: datetime) -> int:
    """Bring items back through the door, and return how many came; one that moved meanwhile is left alone."""
    done = 0
    for item, one in pairs:
        found = {"version": str(one.version.pk), "path": one.path, "strength": one.strength}
        try:
            engine.fire(item, "wake", by=None, now=now, found=found)
        except (WrongState, GuardFailed):
            continue
        done += 1
    return done


def _saved(
    instance: DocumentVersion,
    created: bool,
    update_fields: Collection[str] | None = None,
    raw: bool = False,
    **_kwargs: Any,
) -> None:
    """A version was issued, or took effect. What is taken over as already applied is the first of its document."""
    moved = update_fields is None or "state" in update_fields
    if moved and not raw and not created and instance.state in SIGNED:
        wake(_roused(instance), instance.entered_at)


def _roused(version: DocumentVersion) -> list[Pair]:
    """Items of the version's document that have to come back for it; one query where there are none.

    All items of the document are held until the end: one that is about to be dropped, because no version lived, waits
    and then sees this one, or was dropped before and is seen here.
    """
    rows = ImpactItem.objects.select_for_update(of=("self",)).filter(document=version.document_id)
    ended: list[UUID] = [pk for pk, state in rows.order_by("pk").values_list("pk", "state") if state in ANSWERED]
    if not ended:
        return []
    items = ImpactItem.objects.filter(may_fail(version), pk__in=ended).select_related("revision", *EVENT_PARTS)
    pairs: list[Pair] = []
    for item in items.order_by("pk"):
        if not item.is_answer(version):
            pairs += [(item, one) for one in event_touches(item.event, _scope_of(version))]
    return pairs


def _scope_of(version: DocumentVersion) -> Scope:
    """The version alone, on the first day of its life that is not over."""
    day = day_of(version.entered_at)
    return Scope(max(day, version.effective_from or day), keys=(version.pk, version.pk))
