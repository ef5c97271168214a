"""A campaign's items, written a part at a time: bounded memory, short transactions, and a start again after any end.

Versions are looked through in the order of their ids. Each part is a transaction of its own that writes its items and
says in the campaign's row how far it came (``Campaign.filled_to``); so a process that is killed loses the part under
way and nothing else, and whoever comes next goes on from there. What the clock has to finish, it finishes at the next
tick. Once, at the end, everybody on whom items wait is told of the campaign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Campaign, Event, ImpactItem
from documents.models.impact import EVENT_PARTS
from documents.services.events import Scope, coming_touches, event_touches
from documents.services.touching import Touched
from documents.services.waking import sleeping, wake
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import User, day_of
from workflows.ticking import Complaint

CHUNK = 1000
"""Items of one part, about."""
AT_ONCE = 2000
"""Items that are written while a person waits, about; the clock writes the rest."""
NAMED = 5
"""Documents that the gate names at most."""
KEYS = 1 << 128

Told = Callable[[Campaign, int], None]
"""Called after each part with the campaign as it stands and the number of items written by then."""


@dataclass
class _Stride:
    """How many ids the next part spans: as many as hold about ``CHUNK`` items, by what the last part held."""

    width: int

    @classmethod
    def over(cls, scope: Scope) -> _Stride:
        """The first part, before anything is known, spans the first ``CHUNK`` versions in force."""
        last = scope.versions().order_by("pk").values_list("pk", flat=True)[CHUNK : CHUNK + 1].first()
        return cls(last.int if last else KEYS)

    def span(self, first: UUID) -> tuple[UUID, UUID]:
        """First and last id of the part that begins here."""
        return first, UUID(int=min(first.int + self.width, KEYS) - 1)

    def learn(self, touched: int) -> None:
        """Grow at most fourfold, shrink at most to a quarter, and never to nothing."""
        wanted = self.width * CHUNK // max(touched, CHUNK // 4)
        self.width = min(max(wanted, self.width // 4, 1), 4 * self.width, KEYS)


def campaign_fill(
    campaign: Campaign,
    *,
    by: User | None = None,
    now: datetime | None = None,
    most: int | None = None,
    told: Told | None = None,
) -> int:
    """Go on writing the campaign's items and return how many were written; 0 if it is whole, closed or being written.

    ``by``: who launched it; what lies in other agencies, where that person holds no seat, the clock writes. ``most``:
    stop after about so many. Raises ``WorkflowError``; the parts before stay written.
    """
    moment, written = now or timezone.now(), 0
    stride = None
    while most is None or written < most:
        with transaction.atomic():
            held = _held(campaign)
            if held is None or held.filled_to is None:
                break
            scope = _scope(held, moment)
            stride = stride or _Stride.over(scope)
            span = stride.span(held.filled_to)
            touched = _missing(held.event, event_touches(held.event, replace(scope, keys=span)))
            _write(held, touched, by, moment)
            if span[1].int + 1 == KEYS:
                ahead = _missing(held.event, coming_touches(held.event, scope, ()))
                _write(held, ahead, by, moment)
                touched += ahead
                wake(sleeping(held, scope), moment)
            held = _advance(held, span[1], moment)
        written += len(touched)
        stride.learn(len(touched))
        if told is not None:
            told(held, written)
    return written


def campaign_lacks(campaign: Campaign, *, now: datetime | None = None) -> bool:
    """True if the event touches a document that no campaign of the event holds yet, or one whose item has to come
    back. Reads only.
    """
    moment = now or timezone.now()
    return bool(_lacking(campaign, moment, 1) or sleeping(campaign, _scope(campaign, moment)))


def overlooked(campaign: Campaign, now: datetime) -> list[str]:
    """The gate's question (``closing``): what began to be touched since the items were written and is in none of them,
    and what is touched again after its item came to an end.

    As many queries for one document as for 50,000, and only the first ones are named.
    """
    fresh, again = _lacking(campaign, now, NAMED + 1), sleeping(campaign, _scope(campaign, now))
    texts = (
        (fresh, _("Chịu tác động mà chưa có trong đợt: %(documents)s. %(deed)s")),
        (
            [one for _item, one in again],
            _("Mục đã xử lý xong nhưng có bản khác vẫn chịu tác động: %(documents)s. %(deed)s"),
        ),
    )
    deed = _("Hãy dùng “Tìm tài liệu mới chịu tác động” để đưa vào đợt.")
    return [text % {"documents": _named(found), "deed": deed} for found, text in texts if found]


def _named(found: list[Touched]) -> str:
    codes = [one.version.document.code for one in found]
    return ", ".join([*codes[:NAMED], "…"] if len(codes) > NAMED else codes)


def _lacking(campaign: Campaign, now: datetime, most: int) -> list[Touched]:
    """What the event touches, in force or issued for a day to come, that no campaign of the event holds."""
    held = ImpactItem.objects.filter(event=campaign.event, document=OuterRef("document")).order_by()
    scope = replace(_scope(campaign, now), among=Q(~Exists(held)), most=most)
    return event_touches(campaign.event, scope) or coming_touches(campaign.event, scope, ())


def fill_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Go on with every campaign whose items are not all written, the oldest first."""
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    for campaign in unfilled():
        try:
            if written := campaign_fill(campaign, now=now):
                done["campaign.items"] += written
        except IntegrityError as error:
            complaints.append(Complaint(str(campaign), str(error)))
        except WorkflowError as error:
            complaints.append(Complaint(str(campaign), f"{error.sentence} {' '.join(error.problems)}".strip()))
    return done, complaints


def unfilled() -> QuerySet[Campaign]:
    """Open campaigns whose items are being written, the oldest first."""
    return Campaign.objects.for_list().filter(state="open", filled_to__isnull=False).order_by("created_at", "pk")


def _held(campaign: Campaign) -> Campaign | None:
    """The campaign's row, ours until the end of the part; None if it is whole or closed, or another process has it."""
    rows = Campaign.objects.select_for_update(skip_locked=True, of=("self",)).select_related("agency", *EVENT_PARTS)
    return rows.filter(pk=campaign.pk, state="open", filled_to__isnull=False).first()


def _scope(campaign: Campaign, now: datetime) -> Scope:
    return Scope(day_of(now), agency=campaign.agency, below=campaign.below)


def _missing(event: Event, touched: list[Touched]) -> list[Touched]:
    """What no campaign of the event holds; one query."""
    documents = [one.version.document_id for one in touched]
    held = ImpactItem.objects.filter(event=event, document__in=documents).order_by()
    known = set(held.values_list("document", flat=True))
    return [one for one in touched if one.version.document_id not in known]


def _write(campaign: Campaign, touched: list[Touched], by: User | None, now: datetime) -> None:
    items = [
        ImpactItem(
            campaign=campaign,
            agency_id=one.version.agency_id,
            unit_id=one.version.unit_id,
            document_id=one.version.document_id,
            version_id=one.version.pk,
            path=one.path,
            strength=one.strength,
        )
        for one in touched
    ]
    own = [item for item in items if item.agency_id == campaign.agency_id]
    engine.start_many(own, "detect", by=by, now=now)
    engine.start_many([item for item in items if item.agency_id != campaign.agency_id], "detect", by=None, now=now)


def _advance(campaign: Campaign, last: UUID, now: datetime) -> Campaign:
    """Say how far the campaign is written; at the end through the door, which tells everybody."""
    if last.int + 1 == KEYS:
        return engine.fire(campaign, "fill", by=None, now=now)
    campaign.filled_to = UUID(int=last.int + 1)
    # Not a change of the record: how far it is written carries no meaning of its own, and no ledger row is due for it.
    QuerySet.update(Campaign.objects.filter(pk=campaign.pk), filled_to=campaign.filled_to)
    return campaign
