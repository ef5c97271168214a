"""What would happen if: an act is tried before it is registered, and nothing is written.

The search is the campaign's own, with the supposed relations laid over the register; so what is foretold is what
happens. Deadlines count as if every item were confirmed on the day of asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from documents.models import Regulation, revise_by
from documents.reach import Strength
from documents.services.touching import Supposed, Touched, regulation_touches
from workflows.models import Seat, Unit, User, calendar
from workflows.reading import read_only
from workflows.roles import Role


@dataclass(frozen=True)
class Supposition:
    """An act, registered or not, what it would do to others, and what happens to it (``reach.EVENTS``).

    ``relations``: kind and target; each holds from ``effective_on``, the supposed day of the act.
    """

    act: Regulation
    effective_on: date | None
    relations: Sequence[tuple[str, Regulation]] = ()
    event: str = "effective"

    def edges(self) -> Supposed:
        """The relations as the search takes them."""
        return {(self.act.pk, kind, target.pk): self.effective_on for kind, target in self.relations}


@dataclass(frozen=True)
class Foretold:
    """A version that would be touched, the last day of its revision, and who would get the task.

    ``dead_from``: the day on which the cited document would be out of force; None if it would live, or nobody knows.
    """

    touched: Touched
    due_on: date
    owners: tuple[User, ...]
    dead_from: date | None


def foretell(supposition: Supposition, *, agency: Unit, user: User, day: date) -> list[Foretold]:
    """The agency's versions that would be touched, by unit and code, with task and deadline. Writes nothing."""
    with read_only():
        touched = regulation_touches(
            supposition.act,
            on=day,
            user=user,
            agency=agency,
            event=supposition.event,
            supposed=supposition.edges(),
        )
        owners = _drafters({one.version.unit_id for one in touched}, day)
        due = revise_by(supposition.effective_on, day, calendar())
        return [
            Foretold(one, due, owners.get(one.version.unit_id, ()), _dead_from(one, supposition)) for one in touched
        ]


def _dead_from(one: Touched, supposition: Supposition) -> date | None:
    if one.strength != Strength.DIES:
        return None
    days = [date.fromisoformat(hop["since"]) for hop in one.path if hop["since"]]
    return max(days) if days else supposition.effective_on


def _drafters(units: Iterable[int], day: date) -> dict[int, tuple[User, ...]]:
    """Who drafts in each unit on a day; one query."""
    found: dict[int, list[User]] = {}
    seats = Seat.objects.held_on(day).filter(role=Role.DRAFTER, unit__in=list(units))
    for seat in seats.select_related("user").order_by("user__full_name", "pk"):
        found.setdefault(seat.unit_id, []).append(seat.user)
    return {unit: tuple(users) for unit, users in found.items()}


def agencies_of(user: User, day: date) -> list[Unit]:
    """Agencies in which the person holds a seat: where they may try things out."""
    seats = Seat.objects.of(user, day)
    return sorted({seat.agency.pk: seat.agency for seat in seats}.values(), key=lambda unit: unit.path)
