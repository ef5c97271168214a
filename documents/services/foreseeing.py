"""Ends that are known ahead: the clock opens the review in time by itself (domain §4.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from documents.models import Campaign, DocumentVersion, Event, EventKind, ImpactItem, Regulation, RegulationRelation
from documents.models.regulation import ENDING, holds, since_of
from documents.models.sunset import SunsetClause
from documents.services.campaigns import campaign_for
from workflows.errors import WorkflowError
from workflows.models import Unit, day_of
from workflows.ticking import Complaint


def foresee(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Open reviews of what ends within ``FORESEE_DAYS``: wordings of documents in force, and acts that they cite.

    Safe to run twice; after a month off, what ended meanwhile is reviewed as well.
    """
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    day = day_of(now)
    for event, agency in [*_wordings(day), *_acts(day)]:
        try:
            campaign = campaign_for(event=event, agency=agency, by=None, now=now)
        except WorkflowError as error:
            complaints.append(Complaint(str(event), f"{agency}: {error.sentence}"))
        else:
            done[f"{campaign.machine.name}.{event.kind}"] += 1
    return done, complaints


def _wordings(day: date) -> Iterator[tuple[Event, Unit]]:
    """Each last day that documents in force name, with the agencies that have not reviewed all of theirs."""
    reviewed = ImpactItem.objects.filter(
        document=OuterRef("version__document"), event__kind=EventKind.SUNSET, event__occurs_on=OuterRef("until")
    )
    clauses = SunsetClause.objects.filter(~Exists(reviewed), until__lte=day + timedelta(settings.FORESEE_DAYS))
    standing = clauses.filter(version__in=DocumentVersion.objects.in_force(day).order_by())
    pairs = standing.order_by("until", "version__agency").values_list("until", "version__agency").distinct()
    agencies = Unit.objects.in_bulk([agency for _until, agency in pairs])
    for until, agency in pairs:
        yield Event.objects.of_sunset(until), agencies[agency]


def _acts(day: date) -> Iterator[tuple[Event, Unit]]:
    """Acts that end by their own date, with the agencies that cite them and have no campaign for it.

    What another act ends, or will on a day that nobody knows, is reviewed with that other act; one that is dead before
    it could, ends nothing.
    """
    around = timedelta(settings.FORESEE_DAYS)
    ends = RegulationRelation.objects.filter(target=OuterRef("pk"), kind__in=ENDING).annotate(since=since_of())
    ended = ends.filter(holds(ENDING))
    acts = Regulation.objects.filter(~Exists(ended), expired_on__range=(day - around, day + around))
    for act in acts.order_by("expired_on", "number_key"):
        for agency in _citing(act, day):
            yield Event.objects.of_act(act, EventKind.EXPIRED), agency


def _citing(act: Regulation, day: date) -> QuerySet[Unit]:
    versions = DocumentVersion.objects.in_force(day).filter(citations__regulation=act).order_by()
    known = Campaign.objects.filter(agency=OuterRef("pk"), event__kind=EventKind.EXPIRED, regulation=act)
    return Unit.objects.filter(~Exists(known), pk__in=versions.values("agency")).order_by("path")
