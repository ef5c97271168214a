"""Files that people attach to a record: uploaded first, bound to a deed by the door, and then kept for good."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows.errors import BadAnswer
from workflows.models.people import Unit, User


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files by record and by whether a deed holds them."""

    def bound(self, stream: uuid.UUID) -> AttachmentQuerySet:
        """What belongs to the record, deed by deed."""
        return self.filter(stream=stream, seq__isnull=False).select_related("uploaded_by").order_by("seq", "name", "pk")

    def waiting(self, stream: uuid.UUID, user: User) -> AttachmentQuerySet:
        """What a person has uploaded to a record and not yet used."""
        return self.filter(stream=stream, uploaded_by=user, seq=None)

    def claim(
        self, name: str, ids: Sequence[uuid.UUID], *, stream: uuid.UUID, by: User | None
    ) -> tuple[Attachment, ...]:
        """The person's own files of this record by id, locked until the deed is written; raises ``BadAnswer``."""
        if not ids:
            return ()
        mine = self.waiting(stream, by) if by is not None else self.none()
        found = {one.pk: one for one in mine.filter(pk__in=ids).select_for_update()}
        if set(found) != set(ids):
            raise BadAnswer(problems={name: _("Có tệp không còn ở đây: hãy chọn lại và gửi lại.")})
        return tuple(found[pk] for pk in ids)

    def bind(self, found: Sequence[Attachment], seq: int) -> None:
        """Give files to the deed with this number in their record's ledger."""
        self.filter(pk__in=[one.pk for one in found], seq=None).update(seq=seq)


class Attachment(models.Model):
    """One file of one record. ``seq``: the ledger row that holds it; empty while it is only uploaded.

    The content lies in the store under its ``sha256`` (``workflows.files``) and is written once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    machine = models.CharField(max_length=40)
    stream = models.UUIDField()
    agency = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    name = models.CharField(lazy("tên tệp"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(lazy("cỡ"))
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=lazy("người tải lên"))
    uploaded_at = models.DateTimeField()
    seq = models.PositiveIntegerField(null=True)

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("tệp đính kèm")
        ordering = ("stream", "seq", "name")
        constraints = (
            # The same content sent again before it is used is the same file: a client may repeat an upload.
            models.UniqueConstraint(
                fields=["stream", "uploaded_by", "sha256"], condition=Q(seq=None), name="attachment_once"
            ),
        )
        indexes = (
            models.Index(fields=["stream", "seq"], name="attachment_stream"),
            models.Index(fields=["uploaded_at"], condition=Q(seq=None), name="attachment_unused"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where the file is fetched."""
        return reverse("workflows:file", args=[self.pk])

    def pin(self) -> dict[str, Any]:
        """What the ledger row keeps of the file."""
        return {"name": self.name, "sha256": self.sha256, "size": self.size}
