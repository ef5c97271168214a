"""A plan in figures: the agencies by score, how many stand in which band, and how many were inspected how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from capa.machines.inspection import MODES
from capa.models import Inspection, InspectionPlan
from capa.models.inspection import CONCLUDED
from workflows.models import UnitKind


@dataclass(frozen=True)
class Ranked:
    """One agency: equal scores share a rank."""

    rank: int
    inspection: Inspection


def ranking(plan: InspectionPlan) -> list[Ranked]:
    """Agencies whose inspection is concluded with a score, the best first; one query."""
    rows = plan.inspections.filter(state__in=CONCLUDED, score__isnull=False).for_list()
    found: list[Ranked] = []
    last: Decimal | None = None
    for number, one in enumerate(rows.order_by("-score", "about__path"), start=1):
        rank = found[-1].rank if found and one.score == last else number
        found.append(Ranked(rank, one))
        last = one.score
    return found


def bands(rows: Sequence[Ranked]) -> list[tuple[str, int]]:
    """How many agencies stand in each band, in the order in which the ranking meets them."""
    return list(Counter(one.inspection.band for one in rows).items())


@dataclass(frozen=True)
class Tally:
    """Inspections of one kind of agency, by mode, and their sum."""

    label: str
    numbers: Sequence[int]

    @property
    def total(self) -> int:
        """The sum of the row."""
        return sum(self.numbers)


def totals(plan: InspectionPlan) -> tuple[list[Tally], Tally]:
    """Inspections of the plan by kind and mode, cancelled ones apart, and the sums of the columns; one query.

    The sums are made of the rows, so a total that does not add up cannot be shown (domain §6.3, F1 and F2).
    """
    rows = plan.inspections.exclude(state="cancelled").order_by().values_list("kind", "mode").annotate(n=Count("pk"))
    found = {(kind, mode): number for kind, mode, number in rows}
    kinds = [kind for kind in UnitKind if any(one == kind for one, _mode in found)]
    lines = [Tally(str(kind.label), [found.get((kind, mode), 0) for mode, _label in MODES]) for kind in kinds]
    sums = [sum(line.numbers[place] for line in lines) for place in range(len(MODES))]
    return lines, Tally("", sums)
