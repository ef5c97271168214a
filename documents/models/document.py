"""Controlled documents and the counters that number them without gap or double."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflows.models import Unit, User
from workflows.text import fold


class DocumentKind(models.TextChoices):
    """Kinds of controlled document (domain §3.1)."""

    POLICY = "POLICY", _("Chính sách chất lượng")
    OBJECTIVE_SET = "OBJECTIVE_SET", _("Mục tiêu chất lượng")
    SCOPE = "SCOPE", _("Phạm vi")
    MANUAL = "MANUAL", _("Mô hình hệ thống quản lý chất lượng")
    SYS_PROC = "SYS_PROC", _("Quy trình hệ thống")
    TTHC_PROC = "TTHC_PROC", _("Quy trình thủ tục hành chính")
    INSTRUCTION = "INSTRUCTION", _("Hướng dẫn")


SYSTEM_KINDS = frozenset({"POLICY", "OBJECTIVE_SET", "SCOPE", "MANUAL", "SYS_PROC"})
"""Kinds that the ISO secretary drafts (domain §2.2)."""


def code_key(code: str) -> str:
    """Comparison form of a document code: ``QT 01/CX-HCTP``, ``qt.01.cx.hctp`` and ``QT01-CX/HCTP`` are one."""
    return re.sub(r"[\s./_\-–]+", "", fold(code)).upper()


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents by sight and by what cites what."""

    def in_agencies_of(self, user: User, now: datetime | None = None) -> Self:
        """Documents of the person's agencies and of those below."""
        where = Q(pk__in=())
        for path in user.agency_paths(now):
            where |= Q(agency__path__startswith=path)
        return self.filter(where)

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Documents of which the person may read at least one version."""
        from documents.models.version import DocumentVersion  # noqa: PLC0415 - version imports document

        readable = DocumentVersion.objects.visible_to(user, now).filter(document=OuterRef("pk"))
        return self.in_agencies_of(user, now).filter(Exists(readable))


class Document(models.Model):
    """A controlled document: the lasting identity over its versions. Its state is that of its versions.

    ``predecessor``: the document, of an agency that ended, with which this one goes on; ``former``: codes it had there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(_("loại"), max_length=20, choices=DocumentKind.choices)
    code = models.CharField(_("mã hiệu"), max_length=60)
    code_key = models.CharField(max_length=60, editable=False)
    title = models.TextField(_("tên"))
    search = models.TextField(editable=False)
    field = models.CharField(_("lĩnh vực"), max_length=120, blank=True)
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="heirs")
    former = models.CharField(_("mã hiệu trước đây"), max_length=300, blank=True, editable=False)
    levels = models.JSONField(_("cấp thực hiện"), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("tài liệu")
        ordering = ("agency", "code_key")
        constraints = (models.UniqueConstraint(fields=["agency", "code_key"], name="document_code"),)
        indexes = (models.Index(fields=["agency", "kind", "unit"], name="document_shelf"),)

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the comparison and search forms in step with code and title."""
        self.code_key = code_key(self.code)[:60]
        self.search = fold(f"{self.code} {self.code_key} {self.title} {self.field} {self.former}").rstrip()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        """Page of the document: version in force, versions, history."""
        return reverse("documents:document", args=[self.pk])


class Register(models.Model):
    """One number sequence: per agency, kind and year, from 1, dense (Decree 30/2020: numbers restart each year).

    The row is locked until the taking transaction ends, so a rolled-back step gives its number back.
    """

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    DECISION: ClassVar[str] = "decision"

    class Meta:
        verbose_name = _("sổ cấp số")
        constraints = (models.UniqueConstraint(fields=["agency", "name", "year"], name="register_once"),)

    def __str__(self) -> str:
        return f"{self.name}/{self.year}"


def take_number(agency_id: int, name: str, day: date) -> int:
    """Take the next number of a register for the year of ``day``; call inside a transaction."""
    with transaction.atomic():
        Register.objects.bulk_create([Register(agency_id=agency_id, name=name, year=day.year)], ignore_conflicts=True)
        row = Register.objects.select_for_update().get(agency_id=agency_id, name=name, year=day.year)
        row.last += 1
        row.save(update_fields=["last"])
    return row.last
