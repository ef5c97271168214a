"""What a corrective action plan demands of the documents, and how each demand is met."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from documents.models import Document, DocumentVersion


class Demand(models.Model):
    """A document that a CAR's plan wants changed, and the revision that does it."""

    car = models.ForeignKey("capa.Car", models.PROTECT, related_name="demands")
    document = models.ForeignKey(Document, models.PROTECT, related_name="demands")
    what = models.TextField(lazy("sửa gì"), blank=True)
    revision = models.ForeignKey(DocumentVersion, models.PROTECT, null=True, related_name="demands")
    waived_until = models.DateField(lazy("miễn đến hết ngày"), null=True)
    waiver = models.TextField(lazy("lý do miễn"), blank=True)

    class Meta:
        verbose_name = lazy("tài liệu phải sửa")
        constraints = (models.UniqueConstraint(fields=["car", "document"], name="demand_once"),)

    def __str__(self) -> str:
        return f"{self.car_id} · {self.document}"

    def is_met(self, day: date) -> bool:
        """The revision took effect, or the head waived it for this day."""
        done = self.revision is not None and self.revision.state in ("effective", "superseded")
        return done or (self.waived_until is not None and self.waived_until >= day)
