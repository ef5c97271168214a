"""What an inspection found, what it saw on the web, and the evidence packs that were made. Rows are added only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from capa.machines.car import SEVERITIES
from capa.machines.inspection import FLAGS
from workflows.models import Unit, User


class Judgement(models.Model):
    """One flag as somebody judged it, and on what: the newest of a flag counts."""

    inspection = models.ForeignKey("capa.Inspection", models.PROTECT, related_name="judgements")
    flag = models.CharField(lazy("nhận định"), max_length=20, choices=[(flag.key, flag.label) for flag in FLAGS])
    value = models.BooleanField(lazy("đúng"))
    note = models.TextField(lazy("bằng chứng"), blank=True)
    seen_on = models.DateField(lazy("ngày xem"), null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=lazy("người kiểm tra"))
    at = models.DateTimeField(lazy("lúc"))

    class Meta:
        verbose_name = lazy("nhận định")
        ordering = ("inspection", "pk")

    def __str__(self) -> str:
        return f"{self.inspection_id} · {self.flag}"


class InspectionFinding(models.Model):
    """A nonconformity as inspectors found it; with the conclusion it becomes a CAR of the agency."""

    inspection = models.ForeignKey("capa.Inspection", models.PROTECT, related_name="findings")
    severity = models.CharField(lazy("mức độ"), max_length=10, choices=SEVERITIES)
    clause = models.CharField(lazy("điều khoản"), max_length=300, blank=True)
    requirement = models.TextField(lazy("yêu cầu"), blank=True)
    description = models.TextField(lazy("mô tả"))
    evidence_text = models.TextField(lazy("bằng chứng"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=lazy("người kiểm tra"))
    at = models.DateTimeField(lazy("lúc"))

    class Meta:
        verbose_name = lazy("phát hiện kiểm tra")
        ordering = ("inspection", "pk")

    def __str__(self) -> str:
        return self.description.strip().splitlines()[0][:120] if self.description.strip() else ""


class SeenAddress(models.Model):
    """A page that an inspector opened by themselves, and what they saw; the product never asks the network."""

    inspection = models.ForeignKey("capa.Inspection", models.PROTECT, related_name="addresses")
    url = models.CharField(lazy("địa chỉ"), max_length=300)
    alive = models.BooleanField(lazy("mở được"))
    posted = models.BooleanField(lazy("có đăng tài liệu"))
    seen_on = models.DateField(lazy("ngày xem"))
    note = models.TextField(lazy("đã thấy gì"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=lazy("người xem"))
    at = models.DateTimeField(lazy("lúc"))

    class Meta:
        verbose_name = lazy("địa chỉ đã xem")
        ordering = ("inspection", "pk")

    def __str__(self) -> str:
        return self.url


class EvidencePack(models.Model):
    """That a pack was made: of which agency and year, for what, by whom, when, and what its bytes are."""

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=lazy("cơ quan"))
    inspection = models.ForeignKey("capa.Inspection", models.PROTECT, null=True, related_name="packs")
    self_score = models.ForeignKey("capa.SelfScore", models.PROTECT, null=True, related_name="packs")
    as_of = models.DateField(lazy("tính đến ngày"))
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(lazy("cỡ"))
    files = models.PositiveIntegerField(lazy("số tệp"))
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=lazy("người lập"))
    at = models.DateTimeField(lazy("lúc"))

    class Meta:
        verbose_name = lazy("gói bằng chứng")
        ordering = ("-at", "pk")

    def __str__(self) -> str:
        return f"{self.agency} · {self.sha256[:12]}"
