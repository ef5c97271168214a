"""Looking back and ahead on two axes: what was in force on a day, by what the product knew at the end of another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Protocol
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import DocumentVersion
from documents.models.version import VersionQuerySet

NOT_KNOWN_YET = _("Chưa ai biết điều sẽ được ghi nhận sau hôm nay: hãy chọn ngày không muộn hơn hôm nay.")


class UnknownYet(ValueError):
    """What will be known on a day to come, nobody knows today."""


@dataclass(frozen=True)
class Moment:
    """A day ``on`` which something is in force, seen from ``today`` with what was recorded by the end of ``known``.

    ``known`` None: with all that is recorded. Raises ``UnknownYet`` if ``known`` lies after ``today``; ``known`` today
    is the same as None, because nothing is recorded ahead of its time.
    """

    on: date
    known: date | None
    today: date

    def __post_init__(self) -> None:
        if self.known is not None and self.known > self.today:
            raise UnknownYet(self.known)
        if self.known == self.today:
            object.__setattr__(self, "known", None)

    @classmethod
    def now(cls, today: date) -> Moment:
        """Today, as known today."""
        return cls(today, None, today)

    @cached_property
    def cutoff(self) -> datetime | None:
        """The first instant that no longer counts: midnight after ``known``, in the agency's time. None: no limit."""
        if self.known is None:
            return None
        return timezone.make_aware(datetime.combine(self.known + timedelta(days=1), time.min))

    @property
    def is_now(self) -> bool:
        """Neither the past nor the future on either axis."""
        return self.on == self.today and self.known is None

    @property
    def is_past(self) -> bool:
        """The day has gone by."""
        return self.on < self.today

    @property
    def is_future(self) -> bool:
        """The day is still to come."""
        return self.on > self.today

    @property
    def until(self) -> date:
        """The last day of which the records count; today if there is no limit."""
        return self.known or self.today

    @property
    def query(self) -> dict[str, str]:
        """Parameters of the permanent link, both ISO days: later records do not change what it shows."""
        return {"on": self.on.isoformat(), "known": self.until.isoformat()}


class Standing(Protocol):
    """What an alarm asks of a version, whole or as a line of a list."""

    @property
    def pk(self) -> UUID:
        """Id of the version."""

    @property
    def document_id(self) -> UUID:
        """Id of its document."""


def versions_in_force(moment: Moment) -> VersionQuerySet:
    """The version in force of each document at a moment; one query, in no order, not narrowed to anybody's sight."""
    return _in_force(moment.on, moment.cutoff).all()


@lru_cache(maxsize=64)
def _in_force(on: date, cutoff: datetime | None) -> VersionQuerySet:
    """Kept and never run itself: to put the query together takes longer than to run it for one agency."""
    found: VersionQuerySet = DocumentVersion.objects.in_force(on, cutoff).order_by()
    return found


def end_unknown(ended_at: datetime | None, moment: Moment) -> bool:
    """What ended at an instant was not known to at the moment."""
    return moment.cutoff is not None and ended_at is not None and ended_at >= moment.cutoff


def as_known(version: DocumentVersion, moment: Moment) -> DocumentVersion:
    """Blank out of a version what was recorded of it after the moment: its end. For reading only."""
    if end_unknown(version.ended_at, moment):
        version.effective_to, version.ended_at, version.withdrawal_no = None, None, ""
    return version


def known_versions(versions: Iterable[DocumentVersion], moment: Moment) -> list[DocumentVersion]:
    """Versions that had been issued by the moment, as they were known then; without a limit all, as they are."""
    cutoff = moment.cutoff
    if cutoff is None:
        return list(versions)
    return [as_known(one, moment) for one in versions if one.issued_at is not None and one.issued_at < cutoff]
