"""Whether it happened before: the chain of cycles of one nonconformity, and earlier CARs that look like it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from capa.models import Car
from workflows.models import User

SHOWN = 10


@dataclass(frozen=True)
class Recurrence:
    """``cycles``: the whole chain, first cycle first. ``similar``: candidates that the reader may read, newest first;
    ``hidden``: how many others there are, of which the reader learns no more than that.
    """

    cycles: list[Car] = field(default_factory=list)
    similar: list[Car] = field(default_factory=list)
    hidden: int = 0

    @property
    def is_chain(self) -> bool:
        """More than one cycle."""
        return len(self.cycles) > 1


def recurrence(car: Car, user: User) -> Recurrence:
    """Chain and candidates for a reader; four queries at most."""
    cycles = list(Car.objects.filter(root=car.root_id).for_list().order_by("cycle"))
    candidates = list(Car.objects.similar_to(car).values_list("pk", flat=True))
    candidates = [pk for pk in candidates if pk != car.repeats_id]
    if not candidates:
        return Recurrence(cycles)
    readable = Car.objects.visible_to(user).filter(pk__in=candidates).for_list()
    seen = list(readable.order_by("-created_at"))
    return Recurrence(cycles, seen[:SHOWN], len(candidates) - len(seen))


def differences(car: Car, others: Iterable[Car]) -> list[tuple[Car, bool, bool]]:
    """Each candidate with whether it is of another unit and whether of another year."""
    return [(one, one.unit_id != car.unit_id, one.found_on.year != car.found_on.year) for one in others]
