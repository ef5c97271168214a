"""What yearly reports told on the days on which they were sent. Rows are added only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as lazy

from capa.reportsums import summed


class ReportContent(models.Model):
    """What was told on a day: numbers with the rows behind each, facts, and numbers from below. Rows are only added."""

    report = models.ForeignKey("capa.YearReport", models.PROTECT, related_name="contents")
    as_of = models.DateField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = lazy("nội dung báo cáo")
        ordering = ("report", "pk")

    def __str__(self) -> str:
        return f"{self.report_id} · {self.as_of:%d/%m/%Y}"

    @property
    def totals(self) -> Mapping[str, int]:
        """Own numbers and those from below, together."""
        own = {key: len(one["rows"]) for key, one in self.body["counts"].items()}
        return summed([{"totals": own, "part": False}, *self.body["below"]])


def newest(reports: Iterable[Any]) -> dict[Any, ReportContent]:
    """What was last sent of each of these reports, by the report's key; one query."""
    rows = ReportContent.objects.filter(report__in=list(reports)).order_by()
    last = rows.values("report").annotate(last=Max("pk")).values("last")
    return {one.report_id: one for one in ReportContent.objects.filter(pk__in=last)}
