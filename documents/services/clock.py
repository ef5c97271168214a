"""What the clock owes for documents: versions that come into force, and items that their revision answers."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Exists, OuterRef

from documents.machines.impact import OPEN
from documents.models import DocumentVersion, ImpactItem
from workflows import engine
from workflows.errors import WorkflowError, WrongState
from workflows.models import day_of
from workflows.ticking import Complaint

ENDED_WELL = ("effective", "superseded")


def documents_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Do everything due by ``now``, in the order of dates: a month late gives the same states as every day.

    Each version steps in, and its predecessor down, in one transaction; what fails is reported and does not stop
    the rest.
    """
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    due = DocumentVersion.objects.filter(state="issued", effective_from__lte=day_of(now))
    for version in due.order_by("effective_from", "created_at"):
        _do(version, "effect", now, done, complaints)
    running = ImpactItem.objects.filter(state="revision_open").select_related("revision", "regulation")
    for item in running.filter(revision__state__in=ENDED_WELL):
        _do(item, "resolve", now, done, complaints)
    for item in running.filter(revision__state="cancelled"):
        _do(item, "confirm", now, done, complaints)
    waived = ImpactItem.objects.filter(state="waived").select_related("revision", "regulation")
    for item in waived.filter(revision__state__in=ENDED_WELL):
        _do(item, "resolve", now, done, complaints)
    for item in waived.filter(waived_until__lt=day_of(now)).exclude(revision__state__in=ENDED_WELL):
        _do(item, "confirm", now, done, complaints)
    versions = DocumentVersion.objects.filter(document=OuterRef("document"))
    lives, withdrawn = versions.filter(state__in=("issued", "effective")), versions.filter(state="withdrawn")
    for item in ImpactItem.objects.filter(~Exists(lives), Exists(withdrawn), state__in=OPEN):
        _do(item, "drop", now, done, complaints)
    return done, complaints


def _do(
    record: DocumentVersion | ImpactItem,
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
