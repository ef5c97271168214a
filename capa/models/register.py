"""Registers that figures F16 and F17 rest on: certificates of agencies, and who may advise and assess (domain §1.3).

A certificate is optional: what the law asks for is the declaration (``documents.Publication``).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as lazy

from capa.indicators import ASSESSOR, CERTIFIER, CONSULTANCY, CONSULTANT
from workflows.models import Unit, User


class DatedQuerySet(models.QuerySet["Certificate"]):
    """Certificates by day and sight."""

    def valid_on(self, day: date) -> Self:
        """Issued by then, and neither run out nor withdrawn."""
        return self.filter(issued_on__lte=day, valid_to__gt=day).exclude(withdrawn_on__lte=day)

    def visible_to(self, user: User, now: datetime | None = None) -> Self:
        """Those of the person's agencies and of the agencies below."""
        where = Q(pk__in=())
        for path in user.agency_paths(now):
            where |= Q(agency__path__startswith=path)
        return self.filter(where)


class Certificate(models.Model):
    """A certificate of an agency's system, over ``[issued_on, valid_to)``; it may be withdrawn before its end."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="certificates", verbose_name=lazy("cơ quan"))
    number = models.CharField(lazy("số giấy chứng nhận"), max_length=60)
    body = models.CharField(lazy("tổ chức chứng nhận"), max_length=300)
    edition = models.CharField(lazy("tiêu chuẩn"), max_length=120, blank=True)
    issued_on = models.DateField(lazy("ngày cấp"))
    valid_to = models.DateField(lazy("có giá trị đến hết trước ngày"))
    withdrawn_on = models.DateField(lazy("thu hồi từ ngày"), null=True, blank=True)

    objects: ClassVar[DatedQuerySet] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("giấy chứng nhận")
        ordering = ("-issued_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=["body", "number"], name="certificate_once"),
            models.CheckConstraint(condition=Q(valid_to__gt=F("issued_on")), name="certificate_interval"),
        )
        indexes = (models.Index(fields=["agency", "valid_to"], name="certificate_agency"),)

    def __str__(self) -> str:
        return f"{self.number} · {self.body}"


PROVIDER_KINDS = (
    (CONSULTANCY, lazy("Tổ chức tư vấn")),
    (CONSULTANT, lazy("Chuyên gia tư vấn")),
    (CERTIFIER, lazy("Tổ chức chứng nhận")),
    (ASSESSOR, lazy("Chuyên gia đánh giá")),
)


class ProviderQuerySet(models.QuerySet["Provider"]):
    """Registrations by day."""

    def valid_on(self, day: date) -> Self:
        """Registrations that hold on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Provider(models.Model):
    """One registration: an organisation that advises or certifies, or a person with a card, over a half-open interval.

    ``flag``: what somebody noted against it (S4.13); it takes nothing from its registration.
    """

    kind = models.CharField(lazy("loại"), max_length=20, choices=PROVIDER_KINDS)
    name = models.CharField(lazy("tên"), max_length=300)
    number = models.CharField(lazy("số đăng ký, số thẻ"), max_length=60)
    organisation = models.CharField(lazy("thuộc tổ chức"), max_length=300, blank=True)
    valid_from = models.DateField(lazy("từ ngày"))
    valid_to = models.DateField(lazy("đến hết trước ngày"), null=True, blank=True)
    flag = models.TextField(lazy("lưu ý"), blank=True)

    objects: ClassVar[ProviderQuerySet] = ProviderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("tổ chức, chuyên gia tư vấn và đánh giá")
        ordering = ("kind", "name", "pk")
        constraints = (
            models.UniqueConstraint(fields=["kind", "number", "valid_from"], name="provider_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="provider_interval"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"
