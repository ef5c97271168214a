"""What the clock owes for documents: versions that come into force, and items that their revision answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, QuerySet

from documents.machines.impact import OPEN, UNSETTLED
from documents.models import Campaign, DocumentVersion, ImpactItem
from documents.models.awaiting import arrived
from workflows import engine
from workflows.errors import WorkflowError, WrongState
from workflows.models import day_of
from workflows.ticking import Complaint

ENDED_WELL = ("effective", "superseded")


Owed = tuple[QuerySet[DocumentVersion] | QuerySet[ImpactItem] | QuerySet[Campaign] | list[ImpactItem], str]
"""Records on which a step is due, and the step."""


def documents_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Do everything due by ``now``, in the order of dates: a month late gives the same states as every day.

    Each version steps in, and its predecessor down, in one transaction; what fails is reported and does not stop
    the rest.
    """
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    for records, action in _owed(day_of(now)):
        for record in records:
            _do(record, action, now, done, complaints)
    return done, complaints


def _owed(day: date) -> Iterator[Owed]:
    """What is due, each asked for only after what stands before it is done."""
    yield (
        DocumentVersion.objects.filter(state="issued", effective_from__lte=day).order_by(
            "effective_from", "created_at"
        ),
        "effect",
    )
    items = ImpactItem.objects.select_related("revision", "regulation", "event")
    running, waived = items.filter(state="revision_open"), items.filter(state="waived")
    yield _answered(running), "resolve"
    yield running.filter(revision__state__in=(*ENDED_WELL, "cancelled")), "confirm"
    yield _answered(waived), "resolve"
    yield waived.filter(waived_until__lt=day), "confirm"
    yield items.filter(arrived(day), state="deferred"), "resume"
    versions = DocumentVersion.objects.filter(document=OuterRef("document"))
    lives, withdrawn = versions.filter(state__in=("issued", "effective")), versions.filter(state="withdrawn")
    yield items.filter(~Exists(lives), Exists(withdrawn), state__in=UNSETTLED), "drop"
    open_items = ImpactItem.objects.filter(campaign=OuterRef("pk"), state__in=OPEN)
    yield Campaign.objects.filter(Exists(open_items), state="closed").for_list(), "reopen"


def _answered(items: QuerySet[ImpactItem]) -> list[ImpactItem]:
    """Those whose revision took effect and cites nothing that the event ends."""
    ended = items.filter(revision__state__in=ENDED_WELL)
    return [one for one in ended if one.revision is not None and not one.still_cited(one.revision)]


def _do(
    record: DocumentVersion | ImpactItem | Campaign,
    action: str,
    now: datetime,
    done: Counter[str],
    complaints: list[Complaint],
) -> None:
    try:
        engine.fire(record, action, by=None, now=now)
    except WrongState:
        return  # another clock was faster: it is done
    except IntegrityError as error:
        complaints.append(Complaint(str(record), str(error)))  # a wall of the database: the others must go on
    except WorkflowError as error:
        complaints.append(Complaint(str(record), f"{error.sentence} {' '.join(error.problems)}".strip()))
    else:
        done[f"{record.machine.name}.{action}"] += 1
