"""What the clock owes for publications: each cause to publish again becomes a row and somebody's work."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Exists, F, OuterRef, Q

from documents.models import Publication, PublicStamp
from workflows import engine
from workflows.errors import GuardFailed, NotVisible, WorkflowError, WrongState
from workflows.models import day_of
from workflows.ticking import Complaint


def publications_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Look for causes in agencies where something shown has changed since the last look, and once a day in all that
    have not ended.

    What is no longer there when its turn comes owes nothing; what fails is reported and does not stop the rest.
    """
    day = day_of(now)
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    due = PublicStamp.objects.filter(Q(swept_on=None) | Q(swept_on__lt=day) | ~Q(swept=F("number")))
    stands = Publication.objects.standing().filter(agency=OuterRef("agency")).exclude(agency__valid_to__lte=day)
    for stamp in due.filter(Exists(stands)).order_by("pk"):
        rows = Publication.objects.standing().select_related("agency", "standard")
        found = rows.filter(agency=stamp.agency_id).first()
        if found is None:
            continue  # it was revoked since the list was read
        try:
            engine.fire(found, "require", by=None, now=now)
            done["publication.require"] += 1
        except (GuardFailed, WrongState, NotVisible):
            pass  # nothing new, or it has moved on since it was read
        except IntegrityError as error:
            complaints.append(Complaint(str(found), str(error)))
            continue
        except WorkflowError as error:
            complaints.append(Complaint(str(found), str(error.sentence)))
            continue
        # What came meanwhile has another number, and is looked at next time.
        PublicStamp.objects.filter(pk=stamp.pk).update(swept=stamp.number, swept_on=day)
    return done, complaints
