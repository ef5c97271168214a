"""How many documents in force each cause of the alarm holds for: one statement for a whole tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from documents.models.version import VersionQuerySet
from documents.services.alarm import CAUSES, CHANGES, LAW, OUTDATED, REVIEW, changes_known, condition
from documents.services.asof import Moment


@dataclass(frozen=True)
class Figures:
    """Documents in force, how many a cause holds for (the causes overlap), and how many none does.

    ``changes`` is None where it is not known (``changes_known``); then ``sound`` rests on the other two.
    """

    total: int = 0
    law: int = 0
    changes: int | None = 0
    review: int = 0
    outdated: int = 0

    @property
    def sound(self) -> int:
        """Documents without any cause."""
        return self.total - self.outdated

    def __add__(self, other: Figures) -> Figures:
        changes = None if self.changes is None or other.changes is None else self.changes + other.changes
        return Figures(
            self.total + other.total,
            self.law + other.law,
            changes,
            self.review + other.review,
            self.outdated + other.outdated,
        )


def figures(versions: VersionQuerySet, at: Moment, by: str = "unit") -> dict[int, Figures]:
    """Figures by ``unit`` or ``agency`` of these versions in force; one query, three more by the records of a day gone
    by.
    """
    wanted = (*CAUSES, OUTDATED)
    held = {cause: condition(cause, at, versions) for cause in CAUSES}
    held[OUTDATED] = held[LAW] | held[CHANGES] | held[REVIEW]
    counted = {f"n_{cause}": Count("pk", filter=held[cause]) for cause in wanted}
    rows: Any = versions.order_by(by).values(by).annotate(n_total=Count("pk"), **counted)
    told = changes_known(at)
    return {
        row[by]: Figures(
            row["n_total"], row["n_law"], row["n_changes"] if told else None, row["n_review"], row["n_outdated"]
        )
        for row in rows
    }
