"""What sets a review off: something that happens to an act, to a unit, to a text inside a document (domain §4.2)."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents.models.document import Document
from documents.models.regulation import Regulation
from workflows.models import Unit


class EventKind(models.TextChoices):
    """Kinds of event. The first four are about an act and are those of ``reach.EVENTS``.

    An announcement of administrative procedures, the approval of an internal process and a new edition of the standard
    are acts of the register that take effect: what they announce, approve or replace says whom they touch.
    """

    EFFECTIVE = "effective", lazy("văn bản có hiệu lực")
    EXPIRED = "expired", lazy("văn bản hết hiệu lực")
    SUSPENDED = "suspended", lazy("văn bản ngưng hiệu lực")
    AMENDED = "amended", lazy("văn bản được sửa đổi, bổ sung")
    SUNSET = "sunset", lazy("nội dung chỉ áp dụng đến một ngày")
    REORGANISED = "reorganised", lazy("đơn vị đổi tên, sáp nhập")
    WITHDRAWN = "withdrawn", lazy("tài liệu bị bãi bỏ")


ABOUT_ACTS = (EventKind.EFFECTIVE, EventKind.EXPIRED, EventKind.SUSPENDED, EventKind.AMENDED)


class EventManager(models.Manager["Event"]):
    """Events by what they are; each exists once."""

    def of_act(self, act: Regulation, kind: str = EventKind.EFFECTIVE) -> Event:
        """Something happens to an act; its day is the act's own and may still be corrected."""
        return self._once(f"{kind}:{act.pk}", kind=kind, regulation=act)

    def of_sunset(self, day: date) -> Event:
        """What documents say holds until the end of this day."""
        return self._once(f"sunset:{day.isoformat()}", kind=EventKind.SUNSET, occurs_on=day)

    def of_unit(self, unit: Unit, day: date, *, name: str = "", successor: Unit | None = None) -> Event:
        """From this day on a unit has another name, or another unit does its work: what else becomes of it on that day
        is another event.
        """
        becomes = {"unit": unit, "occurs_on": day, "new_name": name, "successor": successor}
        known = self.filter(kind=EventKind.REORGANISED, **becomes).first()
        what = hashlib.sha256(f"{name}\n{successor.pk if successor else ''}".encode()).hexdigest()[:32]
        key = f"reorganised:{unit.pk}:{day.isoformat()}:{what}"
        return known or self._once(key, kind=EventKind.REORGANISED, unit_name=unit.name, **becomes)

    def of_withdrawal(self, document: Document, day: date) -> Event:
        """A document goes: what other documents say of it has no object."""
        key = f"withdrawn:{document.pk}:{day.isoformat()}"
        return self._once(key, kind=EventKind.WITHDRAWN, document=document, occurs_on=day)

    def _once(self, key: str, **facts: object) -> Event:
        return self.get_or_create(key=key, defaults=facts)[0]


class Event(models.Model):
    """One thing that happens and sets reviews off, the same for every agency. Its facts are never changed.

    ``key`` says what it is, so that the same event is found again. ``occurs_on`` is empty for events about an act,
    whose day is the act's. ``unit_name``: the unit's name before the event.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True, editable=False)
    kind = models.CharField(lazy("điều xảy ra"), max_length=12, choices=EventKind.choices)
    regulation = models.ForeignKey(Regulation, models.PROTECT, null=True, related_name="events")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    unit_name = models.CharField(max_length=300, blank=True)
    successor = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    new_name = models.CharField(lazy("tên mới"), max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    occurs_on = models.DateField(lazy("từ ngày"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[EventManager] = EventManager()

    class Meta:
        verbose_name = lazy("điều xảy ra")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=ABOUT_ACTS, regulation__isnull=False)
                | Q(kind="sunset", occurs_on__isnull=False)
                | Q(kind="reorganised", unit__isnull=False, occurs_on__isnull=False)
                | Q(kind="withdrawn", document__isnull=False, occurs_on__isnull=False),
                name="event_whole",
            ),
        )

    def __str__(self) -> str:
        return _TITLES[EventKind(self.kind)]() % {
            "subject": self.subject,
            "day": f"{self.occurs_on:%d/%m/%Y}" if self.occurs_on else "",
            "new": self.new_name or (self.successor.name if self.successor else ""),
        }

    @property
    def subject(self) -> str:
        """What it happens to, in short: a legal number, a day, a unit, a document's code."""
        if self.regulation is not None:
            return self.regulation.number
        if self.document is not None:
            return self.document.code
        return self.unit_name or (f"{self.occurs_on:%d/%m/%Y}" if self.occurs_on else "")

    @property
    def day(self) -> date | None:
        """The day from which it holds; None while nobody knows it."""
        if self.regulation is None:
            return self.occurs_on
        return self.regulation.expired_on if self.kind == EventKind.EXPIRED else self.regulation.effective_on

    def evidence(self) -> dict[str, object]:
        """Its facts for the ledger."""
        return {
            "kind": self.kind,
            "key": self.key,
            "day": self.day.isoformat() if self.day else None,
            "subject": self.subject,
            "new": self.new_name or (str(self.successor_id) if self.successor_id else ""),
        }


_TITLES = {
    EventKind.EFFECTIVE: lambda: _("Rà soát theo %(subject)s"),
    EventKind.EXPIRED: lambda: _("Rà soát khi %(subject)s hết hiệu lực"),
    EventKind.SUSPENDED: lambda: _("Rà soát khi %(subject)s ngưng hiệu lực"),
    EventKind.AMENDED: lambda: _("Rà soát khi %(subject)s được sửa đổi, bổ sung"),
    EventKind.SUNSET: lambda: _("Rà soát nội dung chỉ áp dụng đến hết %(day)s"),
    EventKind.REORGANISED: lambda: _("Rà soát khi %(subject)s thành %(new)s từ %(day)s"),
    EventKind.WITHDRAWN: lambda: _("Rà soát khi bãi bỏ %(subject)s từ %(day)s"),
}
