"""What a publication covers, frozen as rows; what differs from it today; and why it must be made anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from documents.models.announced import AnnouncedProcedure
from documents.models.document import Document, DocumentKind
from documents.models.version import DocumentVersion

if TYPE_CHECKING:
    from documents.models.publication import Publication


class ScopeKind(models.TextChoices):
    """What a row of the scope names."""

    DOCUMENT = "document", lazy("Tài liệu")
    PROCEDURE = "procedure", lazy("Thủ tục hành chính")


class Cause(models.TextChoices):
    """The six causes of publishing again (domain §7(f))."""

    ADDED = "added", lazy("mở rộng phạm vi")
    REMOVED = "removed", lazy("thu hẹp phạm vi")
    CHANGED = "changed", lazy("điều chỉnh phạm vi")
    PROCEDURES = "procedures", lazy("danh mục thủ tục hành chính thay đổi")
    AGENCY = "agency", lazy("cơ quan đổi tên, sáp nhập")
    EDITION = "edition", lazy("phiên bản tiêu chuẩn mới")


class ScopeRow(models.Model):
    """One document in force or one announced procedure on the day of freezing. Rows are written once.

    ``taken``: the how-manieth list of its publication; the last one counts, the earlier ones stay as history. ``note``:
    version of a document; number of the decision that announced a procedure.
    """

    publication = models.ForeignKey("documents.Publication", models.PROTECT, related_name="scope")
    taken = models.PositiveSmallIntegerField()
    kind = models.CharField(lazy("loại"), max_length=10, choices=ScopeKind.choices)
    group = models.CharField(lazy("nhóm"), max_length=20, choices=DocumentKind.choices, blank=True)
    code = models.CharField(lazy("mã"), max_length=60)
    code_key = models.CharField(max_length=60, editable=False)
    title = models.TextField(lazy("tên"))
    note = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="published_in")

    class Meta:
        verbose_name = lazy("dòng phạm vi công bố")
        ordering = ("publication", "taken", "kind", "group", "code_key")
        constraints = (
            models.UniqueConstraint(fields=["publication", "taken", "kind", "code_key"], name="scope_row_once"),
        )

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    @property
    def key(self) -> tuple[str, str]:
        """What it is, whatever it is called today."""
        return self.kind, str(self.document_id or self.code_key)

    @property
    def said(self) -> tuple[str, str]:
        """What the declaration says of it; another version of the same document says the same."""
        return self.code, self.title


def scope_of(agency_id: int, day: date) -> list[ScopeRow]:
    """The rows that a publication of an agency would freeze on a day; two queries. Not saved, of no publication yet."""
    return scopes_of([agency_id], day)[agency_id]


def scopes_of(agencies: Collection[int], day: date) -> dict[int, list[ScopeRow]]:
    """The same of each of some agencies, by its id; two queries."""
    found: dict[int, list[ScopeRow]] = {pk: [] for pk in agencies}
    versions = DocumentVersion.objects.in_force(day).filter(agency__in=agencies).select_related("document")
    for one in versions.defer("content").order_by("document__kind", "document__code_key"):
        row = ScopeRow(
            kind=ScopeKind.DOCUMENT,
            group=one.document.kind,
            code=one.document.code,
            code_key=one.document.code_key,
            title=one.document.title,
            note=one.number,
            document=one.document,
        )
        found[one.agency_id].append(row)
    # Rows come in the order of time, those of unknown day first, so that the latest word on a procedure stays.
    announced = AnnouncedProcedure.objects.standing(day).filter(agency__in=agencies)
    order = models.F("effective_on").asc(nulls_first=True)
    latest = {(said.agency_id, said.code_key): said for said in announced.order_by(order, "pk")}
    for (agency, key), said in sorted(latest.items()):
        row = ScopeRow(kind=ScopeKind.PROCEDURE, code=said.code, code_key=key, title=said.title, note=said.decision)
        found[agency].append(row)
    return found


@dataclass
class Difference:
    """How one list differs from another; ``changed`` holds both sayings of the same thing."""

    added: list[ScopeRow] = field(default_factory=list)
    removed: list[ScopeRow] = field(default_factory=list)
    changed: list[tuple[ScopeRow, ScopeRow]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """True if anything differs."""
        return bool(self.added or self.removed or self.changed)


def difference(old: Iterable[ScopeRow], new: Iterable[ScopeRow]) -> Difference:
    """What was added, removed, or is said otherwise."""
    before, after = {row.key: row for row in old}, {row.key: row for row in new}
    both = [(before[key], row) for key, row in after.items() if key in before]
    return Difference(
        added=[row for key, row in after.items() if key not in before],
        removed=[row for key, row in before.items() if key not in after],
        changed=[(one, other) for one, other in both if one.said != other.said],
    )


class RepublicationCause(models.Model):
    """Why a publication that holds must be made anew: one row for each thing, written with the ledger row that says so.

    ``key``: what it is about, so that the same is not told twice.
    """

    publication = models.ForeignKey("documents.Publication", models.PROTECT, related_name="causes")
    cause = models.CharField(lazy("lý do"), max_length=12, choices=Cause.choices)
    key = models.CharField(max_length=140, editable=False)
    subject = models.TextField(lazy("nội dung"))
    noted_on = models.DateField(lazy("ghi nhận ngày"))

    class Meta:
        verbose_name = lazy("lý do công bố lại")
        ordering = ("publication", "noted_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=["publication", "cause", "key"], name="republication_cause_once"),
        )

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.subject}"


class PublicStamp(models.Model):
    """How often what an agency shows the public has changed; one row for each agency that has ever published.

    It is counted up in the very transaction of the change, so that whoever reads the number first and the content
    after it never keeps old content under a new number. ``swept`` and ``swept_on``: the number and the day at which
    the clock last looked for causes of publishing again.
    """

    agency = models.OneToOneField("workflows.Unit", models.PROTECT, related_name="+")
    number = models.PositiveBigIntegerField(default=1)
    swept = models.PositiveBigIntegerField(default=0)
    swept_on = models.DateField(null=True)

    objects: ClassVar[models.Manager[PublicStamp]] = models.Manager()

    class Meta:
        verbose_name = lazy("dấu thay đổi trang công khai")

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.number}"


def scope_lists(publication: Publication) -> Sequence[ScopeRow]:
    """The rows that count, with their documents."""
    rows = ScopeRow.objects.filter(publication=publication.pk, taken=publication.taken)
    return list(rows.select_related("document"))
