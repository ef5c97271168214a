"""Agencies of the reports. They lie in one country: whoever counts all of it counts those of the other reports too.

So a province or a ministry that one report is about is also one of the 63 or of the 22 of another. Each is known by its
code, and made by whichever report needs it first: ``agency`` finds before it makes.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from documents.models import Document, DocumentKind
from workflows.models import Unit, UnitKind

TWO_TIER = date(2025, 7, 1)
"""From this day on the provinces, districts and communes of the reports are no more (domain §1.1)."""
ENDED_THEN = (UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE)

RECEIVER = ("BKHCN", "Bộ Khoa học và Công nghệ")
"""The ministry to which reports go (domain §6.4): one of the 22."""
OF_2013 = ("BO2013", "Bộ (báo cáo tháng 11/2013)")
"""The ministry of the report of 2013, which our notes do not name: one of the 22."""
YEN_BAI = ("YB", "Tỉnh Yên Bái")
"""One of the 63."""
COMMUNES_OF_YEN_BAI = 173
"""38 inspected directly and 135 by their web sites."""


def agency(code: str, name: str, kind: str, parent: Unit | None = None) -> Unit:
    """The agency of a code, made if there is none; what ended with the two-tier system has its last day."""
    ends = TWO_TIER if kind in ENDED_THEN or (parent is not None and parent.valid_to == TWO_TIER) else None
    given = {"name": name, "kind": kind, "parent": parent, "valid_to": ends}
    return Unit.objects.get_or_create(code=code, kind=kind, defaults=given)[0]


def document(body: Unit, code: str, title: str, since: datetime) -> tuple[Document, bool]:
    """A procedure of a unit, kept since an instant gone by, and whether it was not there yet.

    The product writes the instant of the insert by itself, and figures of a day ask what was kept by then.
    """
    given = {"unit": body, "kind": DocumentKind.TTHC_PROC, "title": title}
    found, fresh = Document.objects.get_or_create(agency=body.agency, code=code, defaults=given)
    if fresh:
        Document.objects.filter(pk=found.pk).update(created_at=since)
    return found, fresh


def at_nine(day: date) -> datetime:
    """A day's morning."""
    return timezone.make_aware(datetime.combine(day, time(9)))


def receiver() -> Unit:
    """The ministry to which reports go."""
    return agency(*RECEIVER, UnitKind.MINISTRY)


def ministry_of_2013() -> Unit:
    """The ministry of the report of 2013."""
    return agency(*OF_2013, UnitKind.MINISTRY)


def yen_bai() -> Unit:
    """The province."""
    return agency(*YEN_BAI, UnitKind.PROVINCE)


def commune(province: Unit, number: int) -> tuple[str, str]:
    """Code and name of a province's n-th commune, counted from 1: no report names them."""
    return f"{province.code}-X{number:03}", f"Xã {number:03} ({province.name})"
