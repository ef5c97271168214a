"""What a reorganisation would carry where, before it does: counted by the finds by which the clock then acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workflows.carrying import Carrier, carriers
from workflows.machines.reorganisation import BEGUN
from workflows.models import Reorganisation, Unit, User
from workflows.models.reorganisation import ending_committees, ending_seats
from workflows.reading import read_only
from workflows.rearranging import Plan
from workflows.tables import Label


@dataclass(frozen=True)
class Going:
    """So many things of one kind go from a unit to an heir ("": nobody takes them, where somebody must)."""

    kind: Carrier
    unit: Unit
    heir: str
    heir_name: str
    number: int

    @property
    def missing(self) -> bool:
        """True if somebody has still to be named."""
        return self.kind.inherited and not self.heir


@dataclass(frozen=True)
class Foreseen:
    """What the decision would do: sentences of what stands in its way, what ends, what goes where."""

    problems: list[str]
    ends: list[tuple[Label, int]]
    goings: list[Going]

    @property
    def missing(self) -> int:
        """How many things have nobody who takes them."""
        return sum(one.number for one in self.goings if one.missing)

    @property
    def number(self) -> int:
        """How many things go, or end."""
        return sum(one.number for one in self.goings)

    @property
    def lone(self) -> Mapping[Unit, int]:
        """Units that have something which nobody takes, each with how much."""
        found = Counter[Unit]()
        for one in self.goings:
            if one.missing:
                found[one.unit] += one.number
        return dict(found)


def foresee(record: Reorganisation, day: date) -> Foreseen:
    """What would happen if it took effect on the day. Writes nothing: a statement that would is refused."""
    with read_only():
        plan = record.read_plan()
        keys = list(plan.endings)
        ends: list[tuple[Label, int]] = [
            (_("Vị trí kết thúc"), ending_seats(keys, day).count()),
            (_("Ban chỉ đạo kết thúc"), ending_committees(keys, day).count()),
        ]
        problems = plan.problems(record.agency, day) if record.state not in BEGUN else []
        return Foreseen(problems, ends, list(_goings(plan, day)))


def _goings(plan: Plan, day: date) -> Iterator[Going]:
    names = {ref: name for pk in plan.endings for ref, name in plan.places(pk).items()}
    units = {unit.pk: unit for rows in plan.parts.values() for unit in rows}
    for kind in carriers():
        found: Counter[tuple[int, str]] = Counter()
        for pk, unit in kind.find(list(plan.endings), day).order_by().values_list("pk", kind.of):
            found[unit, plan.heir(units[unit], pk) if kind.inherited else ""] += 1
        for (unit, heir), number in sorted(found.items(), key=lambda row: (units[row[0][0]].path, row[0][1])):
            yield Going(kind, units[unit], heir, names.get(heir, ""), number)


def readable(record: Reorganisation, kind: Carrier, user: User, day: date) -> QuerySet[Any]:
    """Those things of a kind that the person may read."""
    found: Any = kind.find(list(record.read_plan().endings), day)
    rows: QuerySet[Any] = found.visible_to(user)
    return rows
