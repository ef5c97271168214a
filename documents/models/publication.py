"""Publications: an agency's head declares that its system conforms, and what it covers (domain §1.3, §7(f))."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from documents import gates
from documents.machines.publication import PUBLICATION, STANDS, UNDER_WAY
from documents.models.citation import replacements
from documents.models.document import Register, take_number
from documents.models.event import Event, EventKind
from documents.models.regulation import Regulation
from documents.models.scope import (
    Cause,
    PublicStamp,
    RepublicationCause,
    ScopeKind,
    ScopeRow,
    difference,
    scope_lists,
    scope_of,
    scopes_of,
)
from workflows import engine
from workflows.models import Record, RecordQuerySet, day_of

if TYPE_CHECKING:
    from workflows.engine import Act


class PublicationQuerySet(RecordQuerySet["Publication"]):
    """Publications by whether they hold."""

    def standing(self) -> Self:
        """Those that hold; one of each agency at most."""
        return self.filter(state__in=STANDS)


class Ahead(NamedTuple):
    """What a publication asks of its agency before it is written: the list of a day, and the one that holds."""

    scope: list[ScopeRow]
    standing: Publication | None


class Publication(Record):
    """One declaration of conformity of an agency, with its scope as frozen rows.

    ``edition``: the standard as the declaration names it; ``standard``: the same in the register, if it is there, from
    which a new edition is known. ``agency_name``: the name under which it was published. ``show_alarms``: the public
    site marks a document whose legal basis is dead.
    """

    machine = PUBLICATION

    predecessor = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")
    edition = models.CharField(lazy("tiêu chuẩn áp dụng"), max_length=120)
    standard = models.ForeignKey(Regulation, models.PROTECT, null=True, related_name="+")
    agency_name = models.CharField(lazy("tên cơ quan"), max_length=300)
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    frozen_on = models.DateField(lazy("lập danh mục ngày"))
    scope_sha256 = models.CharField(max_length=64, editable=False)
    decision_no = models.CharField(lazy("số quyết định"), max_length=300, blank=True)
    decision_on = models.DateField(lazy("ngày quyết định"), null=True)
    website = models.CharField(lazy("địa chỉ đăng tải"), max_length=500, blank=True)
    notified = models.CharField(lazy("thông báo cơ quan quản lý"), max_length=300, blank=True)
    published_on = models.DateField(lazy("đăng tải ngày"), null=True)
    ended_on = models.DateField(lazy("hết giá trị từ ngày"), null=True)
    revocation_no = models.CharField(lazy("số quyết định huỷ công bố"), max_length=300, blank=True)
    show_alarms = models.BooleanField(lazy("hiển thị căn cứ hết hiệu lực"), default=False)

    objects: ClassVar[PublicationQuerySet] = PublicationQuerySet.as_manager()  # type: ignore[assignment]
    ahead: Ahead | None = None
    """What was read for many at once."""

    class Meta:
        verbose_name = lazy("công bố")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=["agency"], condition=Q(state__in=STANDS), name="publication_one_stands"),
            models.UniqueConstraint(fields=["agency"], condition=Q(state__in=UNDER_WAY), name="publication_one_open"),
        )
        indexes = (models.Index(fields=["agency", "state", "due_on", "entered_at"], name="publication_agency_inbox"),)

    def __str__(self) -> str:
        number = self.decision_no or _("chưa có số")
        return _("Công bố hệ thống quản lý chất lượng %(agency)s (%(number)s)") % {
            "agency": self.agency_name,
            "number": number,
        }

    def get_absolute_url(self) -> str:
        """Page of the publication."""
        return reverse("documents:publication", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Digest of the frozen list, and what was declared by which decision where."""
        days = {name: getattr(self, name) for name in ("decision_on", "published_on", "ended_on")}
        return {
            "edition": self.edition,
            "agency_name": self.agency_name,
            "taken": self.taken,
            "scope_sha256": self.scope_sha256,
            "decision_no": self.decision_no,
            "website": self.website,
            "notified": self.notified,
            "show_alarms": self.show_alarms,
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }

    @classmethod
    def look_ahead(cls, records: Sequence[Publication], now: datetime) -> None:
        """Lists and what holds, of all agencies; three queries."""
        agencies = {one.agency_id for one in records}
        scopes = scopes_of(agencies, day_of(now))
        standing = {one.agency_id: one for one in cls.objects.standing().filter(agency__in=agencies)}
        for one in records:
            one.ahead = Ahead(scopes[one.agency_id], standing.get(one.agency_id))

    def _standing(self) -> Publication | None:
        """The one of the agency that holds."""
        if self.ahead is not None:
            return self.ahead.standing
        return Publication.objects.standing().filter(agency=self.agency_id).first()

    # Guards.

    def not_preparable(self, act: Act) -> list[str]:
        """One publication at a time, of an agency that has something to publish."""
        found = []
        if Publication.objects.filter(agency=self.agency_id, state__in=UNDER_WAY).exclude(pk=self.pk).exists():
            found.append(_("Cơ quan đang có một hồ sơ công bố chưa xong."))
        if not any(row.kind == ScopeKind.DOCUMENT for row in scope_of(self.agency_id, act.day)):
            found.append(_("Cơ quan chưa có tài liệu nào đang có hiệu lực để công bố."))
        return found

    def unmet(self, act: Act) -> list[str]:
        """Every condition that does not hold (``documents.gates``), and a list that is no longer that of today."""
        found = [one.sentence for one in gates.verdicts(self.agency, act.day) if not one.met]
        if difference(scope_lists(self), scope_of(self.agency_id, act.day)):
            found.append(_("Danh mục đã lập không còn đúng với tài liệu và thủ tục hôm nay; phải lập lại danh mục."))
        return found

    def unfit_publishing(self, act: Act) -> list[str]:
        """Decided by today, posted at an address that can be opened."""
        found, address = [], urlsplit(act.answers["website"])
        if act.answers["decision_on"] > act.day:
            found.append(_("Ngày quyết định không được ở tương lai."))
        if address.scheme not in ("http", "https") or not address.netloc:
            found.append(_("Địa chỉ trang đăng bản công bố phải bắt đầu bằng http:// hoặc https://."))
        return found

    def not_adoptable(self, act: Act) -> list[str]:
        """What held before the product came: decided by today, posted, and the only one."""
        found = self.unfit_publishing(act)
        if self._standing() is not None:
            found.append(_("Cơ quan đã có một bản công bố đang có giá trị."))
        return found

    def nothing_new(self, act: Act) -> list[str]:
        """A cause that is not told yet."""
        return [] if self.new_causes(act.day) else [_("Không có lý do mới để công bố lại.")]

    # What the table's ``then`` names.

    def freeze_scope(self, act: Act) -> None:
        """Write down what is in force and announced today, and by which edition of the standard."""
        rows = scope_of(self.agency_id, act.day) if self.ahead is None else self.ahead.scope
        self.taken, self.frozen_on, self.edition = self.taken + 1, act.day, act.answers["edition"]
        self.standard = Regulation.objects.by_number(self.edition).first()
        self.agency_name = self.agency.name
        for row in rows:
            row.publication_id, row.taken = self.pk, self.taken
        ScopeRow.objects.bulk_create(rows)
        lines = [[row.kind, row.group, row.code, row.title, row.note] for row in rows]
        self.scope_sha256 = hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()
        if self.predecessor_id is None:
            self.predecessor = self._standing()

    def go_public(self, act: Act) -> None:
        """Number, date and place of the declaration; the one that held until now steps down in the same transaction."""
        answers = act.answers
        self.decision_on, self.website, self.notified = (
            answers[name] for name in ("decision_on", "website", "notified")
        )
        self.decision_no = answers["decision_no"] or self._next_number(answers["decision_on"])
        self.published_on, self.show_alarms = act.day, answers["alarms"] == "shown"
        old = self._standing()
        if old is not None:
            engine.fire(old, "supersede", by=None, now=act.now)
            self.predecessor = old
        PublicStamp.objects.get_or_create(agency_id=self.agency_id)

    def take_adoption(self, act: Act) -> None:
        """Take over a declaration that already holds, with the list as it is on the day of taking it over."""
        self.freeze_scope(act)
        self.go_public(act)

    def take_alarms(self, act: Act) -> None:
        """Whether the public site marks dead law."""
        self.show_alarms = act.answers["alarms"] == "shown"

    def take_causes(self, act: Act) -> None:
        """Keep each cause as a row."""
        RepublicationCause.objects.bulk_create(self.new_causes(act.day))

    def step_down(self, act: Act) -> None:
        """Another one holds from today on."""
        self.ended_on = act.day

    def take_revocation(self, act: Act) -> None:
        """By a decision of its own; that of an agency that has ended, from the day of its end."""
        ended = self.agency.valid_to if act.by is None else None
        self.revocation_no, self.ended_on = act.answers["revocation_no"], min(ended or act.day, act.day)

    def new_causes(self, day: date) -> list[RepublicationCause]:
        """Causes to publish again that stand on a day and are not told yet; not saved.

        None of an agency that has ended: nobody is left to publish.
        """
        if self.agency.valid_to is not None and self.agency.valid_to <= day:
            return []
        told = set(self.causes.values_list("cause", "key"))
        found = [
            RepublicationCause(publication=self, cause=cause, key=key, subject=subject, noted_on=day)
            for cause, key, subject in self._causes(day)
        ]
        return [one for one in found if (one.cause, one.key) not in told]

    def _causes(self, day: date) -> Iterator[tuple[Cause, str, str]]:
        yield from self._scope_causes(day)
        if self.agency.name != self.agency_name:
            yield Cause.AGENCY, self.agency.name[:140], f"{self.agency_name} → {self.agency.name}"
        since = self.published_on or self.frozen_on
        moved = Event.objects.filter(kind=EventKind.REORGANISED, unit=self.agency_id)
        for event in moved.filter(occurs_on__gt=since, occurs_on__lte=day).select_related("successor"):
            yield Cause.AGENCY, event.key, str(event)
        if self.standard is not None:
            for act in replacements(self.standard, day):
                yield Cause.EDITION, str(act.pk), f"{self.standard.number} → {act.number}"

    def _scope_causes(self, day: date) -> Iterator[tuple[Cause, str, str]]:
        found = difference(scope_lists(self), scope_of(self.agency_id, day))
        for row in found.added:
            listed = row.kind == ScopeKind.PROCEDURE
            words = _("thêm %(row)s") if listed else "%(row)s"
            yield Cause.PROCEDURES if listed else Cause.ADDED, "+".join(row.key), words % {"row": row}
        for row in found.removed:
            listed = row.kind == ScopeKind.PROCEDURE
            words = _("bỏ %(row)s") if listed else "%(row)s"
            yield Cause.PROCEDURES if listed else Cause.REMOVED, "-".join(row.key), words % {"row": row}
        for old, new in found.changed:
            yield Cause.CHANGED, "=".join(new.key), f"{old} → {new}"

    def _next_number(self, day: date) -> str:
        number = take_number(self.agency_id, Register.DECISION, day)
        return f"{number:02}/QĐ-{self.agency.code}"
