"""What a CAR owes to an inspection from which it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import models
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from capa.models.car import Car
    from capa.models.inspection_rows import InspectionFinding
    from workflows.engine import Act

TAKEN = ("severity", "clause", "requirement", "description", "evidence_text")


class CarInspected(models.Model):
    """A CAR that a finding of an inspection became: the agency puts it right, and does not argue it away."""

    inspected = models.ForeignKey("capa.InspectionFinding", models.PROTECT, null=True, related_name="cars")

    class Meta:
        abstract = True

    @property
    def car(self) -> Car:
        """Itself as the CAR that it always is: only CARs inherit from here."""
        return cast("Car", self)

    def take_inspection(self, act: Act) -> None:
        """From the finding, when the inspection is concluded."""
        found = self.inspected
        if found is None:
            raise TypeError("a CAR of an inspection names its finding")
        car = self.car
        for name in TAKEN:
            setattr(car, name, getattr(found, name))
        car.source = "inspection"
        car.found_on = found.inspection.done_on or act.day
        car.reference = str(found.inspection.plan)[:120]
        car.write_search()

    def _of_inspection(self) -> InspectionFinding | None:
        return self.car.root.inspected

    def found_by_inspection(self, act: Act) -> list[str]:
        """What inspectors found is not rejected or cancelled by the agency itself."""
        del act
        text = _(
            "Phiếu này lập từ kết luận kiểm tra nên không được từ chối hay huỷ; hãy khắc phục hoặc kiến nghị đoàn."
        )
        return [text] if self._of_inspection() else []

    def milder_than_found(self, act: Act) -> list[str]:
        """Nor made a minor one of a major one."""
        found = self._of_inspection()
        milder = found is not None and (found.severity, act.answers["severity"]) == ("major", "minor")
        return [_("Đoàn kiểm tra đã kết luận mức nặng.")] if milder else []
