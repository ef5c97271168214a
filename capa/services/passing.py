"""What the clock owes for yearly reports: who answers for those that were sent, and an end for those that came late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from capa.machines.report import AGENCY, SENT
from capa.models import ReportReceipt, YearReport
from capa.models.report_receipt import heeded
from workflows import engine
from workflows.errors import GuardFailed, NotVisible, WorkflowError, WrongState
from workflows.models import RecordQuerySet, day_of
from workflows.ticking import Complaint

Owed = tuple[YearReport | ReportReceipt, str, dict[str, Any]]
"""A record, the step that is due on it, and its answers."""


def reports_tick(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Do everything due by ``now``; what has moved on meanwhile owes nothing, what fails does not stop the rest."""
    done: Counter[str] = Counter()
    complaints: list[Complaint] = []
    for record, action, given in _owed(day_of(now)):
        try:
            engine.fire(record, action, by=None, now=now, **given)
        except (GuardFailed, WrongState, NotVisible):
            continue
        except IntegrityError as error:
            complaints.append(Complaint(str(record), str(error)))
        except WorkflowError as error:
            complaints.append(Complaint(str(record), str(error.sentence)))
        else:
            done[f"{record.machine.name}.{action}"] += 1
    return done, complaints


def _misrouted(day: date) -> RecordQuerySet[YearReport]:
    """Reports with a receiver that has come into the system, or left it, since they were sent."""
    awaited = Exists(heeded(day).filter(report=OuterRef("pk")))
    rows = YearReport.objects.filter(state__in=("submitted", "accepted"), level=AGENCY)
    return rows.filter(Q(awaited, outside=True) | Q(~awaited, outside=False))


def _missed() -> RecordQuerySet[ReportReceipt]:
    """Accepted too late for good: the receiver's own report was closed, or taken up above by one that is out."""
    rows = YearReport.objects.all()
    above = rows.filter(unit=OuterRef("receipt__agency"), year=OuterRef("year"), state__in=SENT)
    over = rows.filter(Q(Exists(above), state="consolidated") | Q(state="left_out"))
    onward = over.filter(unit=OuterRef("agency"), year=OuterRef("report__year"))
    return ReportReceipt.objects.filter(Exists(onward), state="accepted")


def _owed(day: date) -> Iterator[Owed]:
    for report in _misrouted(day).for_list().order_by("pk"):
        yield report, "reroute", {}
    note = _("Báo cáo của nơi nhận đã tổng hợp xong ở cấp trên nữa.")
    for receipt in _missed().for_list().order_by("pk"):
        yield receipt, "leave_out", {"note": note}
