"""An observation (điểm lưu ý): not a nonconformity, yet the unit answers it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.audit import UNISSUED
from capa.machines.car import OBSERVATION
from capa.models.finding import Finding
from capa.models.independence import audited_since, seated_in
from capa.shapes import digest, folded
from documents.models import Document
from workflows import engine
from workflows.models import Record, RecordQuerySet, User, day_of

if TYPE_CHECKING:
    from workflows.engine import Act


class ObservationQuerySet(RecordQuerySet["Observation"]):
    """Observations with their finding."""

    def for_list(self) -> ObservationQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("finding", "document").defer("search")


class Observation(Record):
    """What an audit pointed out, and how the unit answered."""

    machine = OBSERVATION

    search = models.TextField(editable=False, default="")
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="observations")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="observations")
    clause = models.CharField(lazy("điều khoản"), max_length=300)
    description = models.TextField(lazy("nội dung"))
    response = models.TextField(lazy("phản hồi"), blank=True)

    objects: ClassVar[ObservationQuerySet] = ObservationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("điểm lưu ý")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["unit", "state", "due_on", "entered_at"], name="observation_unit_inbox"),)

    def __str__(self) -> str:
        head = self.description.strip().splitlines()[0][:120] if self.description.strip() else ""
        return f"{self.clause} · {head}"

    def get_absolute_url(self) -> str:
        """Page of the observation."""
        return reverse("capa:observation", args=[self.pk])

    def evidence(self) -> dict[str, object]:
        """Finding, and the texts by digest."""
        texts = {"description": self.description, "response": self.response}
        return {"finding": str(self.finding_id), "texts_sha256": digest(texts)}

    def tie_owner_unit(self, user: User, now: datetime | None) -> bool:
        """The person belongs or belonged to the unit that answers."""
        return bool(seated_in(user, [self.unit_id], audited_since(now), day_of(now)))

    def unfit_finding(self, act: Act) -> list[str]:
        """Raised from an agreed observation, once."""
        del act
        fit = self.finding.result == "observation" and self.finding.state in UNISSUED
        same = (self.finding.unit_id, self.finding.agency_id) == (self.unit_id, self.agency_id)
        return [] if fit and same else [_("Chỉ lập từ điểm lưu ý đã được thống nhất và chưa lập.")]

    def take_finding(self, act: Act) -> None:
        """Take over the finding's words; the finding is carried."""
        finding = self.finding
        self.document_id, self.clause, self.description = finding.document_id, finding.clause, finding.statement
        self.search = folded(self.clause, self.description)
        engine.fire(finding, "raise", by=None, now=act.now)

    def take_response(self, act: Act) -> None:
        """What the unit did or decided."""
        self.response = act.answers["response"]
