"""One action of a corrective action plan: a task with its person, its day and its evidence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.car import ACTION
from capa.models.car import Car
from capa.models.independence import workers
from capa.shapes import digest
from workflows.models import Record, RecordQuerySet, User, day_of
from workflows.tables import Stage

if TYPE_CHECKING:
    from workflows.engine import Act


class ActionQuerySet(RecordQuerySet["Action"]):
    """Actions with CAR and person."""

    def for_list(self) -> ActionQuerySet:
        """With what a line shows."""
        return super().for_list().select_related("car", "assignee")


class Action(Record):
    """One action. ``planned_for`` is the day of the approved plan; ``due_on`` moves with extensions, at most two."""

    machine = ACTION
    rests_on = "car"

    search = models.TextField(editable=False, default="")
    car = models.ForeignKey(Car, models.PROTECT, related_name="actions")
    row_key = models.CharField(max_length=40)
    what = models.TextField(lazy("việc"))
    resources = models.TextField(lazy("nguồn lực"), blank=True)
    assignee = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=lazy("người làm"))
    planned_for = models.DateField(lazy("hạn theo kế hoạch"))
    extensions = models.PositiveSmallIntegerField(lazy("số lần gia hạn"), default=0)
    done_on = models.DateField(lazy("ngày làm xong"), null=True)
    evidence_text = models.TextField(lazy("bằng chứng"), blank=True)

    objects: ClassVar[ActionQuerySet] = ActionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = lazy("hành động khắc phục")
        ordering = ("car", "planned_for", "row_key")
        constraints = (models.UniqueConstraint(fields=["car", "row_key"], name="action_once"),)
        indexes = (models.Index(fields=["assignee", "state", "due_on"], name="action_inbox"),)

    def __str__(self) -> str:
        head = self.what.strip().splitlines()[0][:120] if self.what.strip() else ""
        return f"{head} · {self.car.number}"

    def get_absolute_url(self) -> str:
        """Page of the action."""
        return reverse("capa:action", args=[self.pk])

    def due_for(self, stage: Stage, act: Act) -> date | None:
        """The planned day; what comes back from “done” is due as it was, or today if that has passed."""
        if stage.state != "open":
            return None
        return self.planned_for if self.done_on is None else max(self.planned_for, act.day)

    def evidence(self) -> dict[str, object]:
        """Person, days and the evidence by digest."""
        return {
            "car": str(self.car_id),
            "assignee": self.assignee_id,
            "planned_for": self.planned_for.isoformat(),
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "texts_sha256": digest({"what": self.what, "evidence": self.evidence_text}),
        }

    def options(self, name: str) -> list[tuple[str, str]]:
        """People to whom the work may go, never the verifier."""
        del name
        people = workers(self.agency_id, self.unit_id, day_of())
        return [(str(one.pk), str(one)) for one in people if one.pk != self.car.verifier_id]

    def unfit_extension(self, act: Act) -> list[str]:
        """At most ``CAR_EXTENSIONS`` times, to a day later than today and than the present one (domain §5.2)."""
        most, found = settings.CAR_EXTENSIONS, []
        if self.extensions >= most:
            found.append(_("Đã gia hạn %(most)d lần, không được gia hạn nữa.") % {"most": most})
        if act.answers["due"] <= max(act.day, self.due_on or act.day):
            found.append(_("Hạn mới phải sau hôm nay và sau hạn hiện nay."))
        return found

    def unfit_finish(self, act: Act) -> list[str]:
        """Done on a day that has come, and not before the work was given."""
        if day_of(self.created_at) <= act.answers["done_on"] <= act.day:
            return []
        return [_("Ngày làm xong phải từ ngày giao việc đến hôm nay.")]

    def car_moved_on(self, act: Act) -> list[str]:
        """Work comes back only while the CAR is being carried out."""
        del act
        return [] if self.car.state == "implementing" else [_("Phiếu không còn ở bước thực hiện.")]

    def take_extension(self, act: Act) -> None:
        """A new last day."""
        self.due_on, self.extensions = act.answers["due"], self.extensions + 1

    def take_assignee(self, act: Act) -> None:
        """Another person."""
        self.assignee_id = int(act.answers["assignee"])

    def take_proof(self, act: Act) -> None:
        """When it was done, and the evidence."""
        self.done_on, self.evidence_text = act.answers["done_on"], act.answers["evidence_text"]
