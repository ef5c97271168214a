"""The number of a CAR in its agency, and what becomes of it when the CAR goes to the heir of an agency that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as lazy

from capa.shapes import folded
from documents.models.document import take_number

if TYPE_CHECKING:
    from workflows.engine import Act

REGISTER = "car"


class Numbered(models.Model):
    """``former``: the numbers that it had in agencies that ended, by which it is still found."""

    former = models.CharField(lazy("số phiếu trước đây"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

    def give_number(self, act: Act) -> None:
        """The next number of the agency's register of the year."""
        car: Any = self
        car.number = f"{take_number(car.agency_id, REGISTER, act.day):02}/CAR-{act.day.year}"
        self.write_search()

    def write_search(self) -> None:
        """What a search by letters looks in."""
        car: Any = self
        car.search = folded(car.number, car.reference, self.former, car.description)

    def take_heir(self, act: Act) -> None:
        """Belong to the heir; a number or reference taken there is told apart, documents are those that go on there."""
        car: Any = self
        code, number = car.agency.code, car.number
        super().take_heir(act)  # type: ignore[misc] # the kernel's record comes next in line
        there = type(car).objects.filter(agency=car.agency_id).exclude(pk=car.pk)
        if number and there.filter(number=number).exists():
            self.former = "; ".join(filter(None, (f"{number} ({code})", self.former)))[:300]
            self.give_number(act)
        if car.reference and there.filter(reference=car.reference).exists():
            car.reference = f"{car.reference[:75]} ({code})"
        waiting = car.demands.filter(revision=None, document__heirs__agency=car.agency_id)
        for demand in waiting.select_related("document"):
            demand.document = demand.document.heirs.get(agency=car.agency_id)
            demand.save(update_fields=["document"])
        self.write_search()
