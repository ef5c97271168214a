"""CARs in lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from capa.machines.car import ENDED
from workflows.models import RecordQuerySet

if TYPE_CHECKING:
    from capa.models.car import Car


class CarQuerySet(RecordQuerySet["Car"]):
    """CARs by what matters of them."""

    def for_list(self) -> Self:
        """With document; without the long structured parts, which lists do not show."""
        return super().for_list().select_related("document").defer("analysis", "plan", "search")

    def open(self) -> Self:
        """Cycles that are not over."""
        return self.exclude(state__in=ENDED)

    def similar_to(self, car: Car) -> Self:
        """Earlier CARs of the agency with the same clause and cause or document, in any unit or year: candidates for
        a repeat (domain §5.2: look for similar cases).
        """
        same = Q(pk__in=())
        if car.clause and car.cause_category:
            same |= Q(clause=car.clause, cause_category=car.cause_category)
        if car.clause and car.document_id:
            same |= Q(clause=car.clause, document=car.document_id)
        earlier = self.filter(same, agency=car.agency_id, created_at__lt=car.created_at)
        return earlier.exclude(root=car.root_id).exclude(state__in=("rejected", "cancelled"))
