"""Items of a campaign as its page needs them, counted and narrowed by the database: a campaign may have 50,000.

Beside each: what its legal basis would become; of all: what they wait for, and who holds them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from documents.classing import Change, Swap, classed
from documents.content import Content, empty
from documents.machines.impact import IMPACT, OPEN
from documents.machines.version import VERSION
from documents.models import Campaign, DocumentVersion, ImpactItem, code_key
from documents.models.difference import laws
from documents.models.swapping import Heir, heirs_of, swapped
from workflows.models import RecordQuerySet, Seat, Unit, User
from workflows.roles import UNIT_SCOPED, label_of
from workflows.text import fold

ROWS = "content__legal_basis"
HOLDINGS = 50
"""Places shown of those that hold items: the most urgent ones; a national campaign has thousands."""


@dataclass(frozen=True)
class Hint:
    """What the exchange of every replaced act would be: each with its relation, and the class of just that.

    ``change`` is a swap where nothing but the legal basis would have to change, and substance where a note names a
    place in the old act, so that people must look.
    """

    swaps: tuple[Swap, ...]
    change: Change


def hints(items: Iterable[ImpactItem]) -> dict[UUID, Hint]:
    """For each open item whose document cites a replaced act with one heir; by the item's id. Nothing is written.

    As many queries for many as for one.
    """
    asked = [item for item in items if item.state in OPEN]
    if not asked:
        return {}
    versions = DocumentVersion.objects.filter(pk__in={item.version_id for item in asked})
    bases: dict[UUID, Any] = {pk: rows or [] for pk, rows in versions.values_list("pk", ROWS)}
    heirs, blank = heirs_of(bases), empty()
    pairs = {pk: _pair(blank, bases[pk], found) for pk, found in heirs.items() if found}
    law = laws({pk: (old["legal_basis"], new["legal_basis"]) for pk, (old, new) in pairs.items()}) if pairs else {}
    made = {
        pk: Hint(_exchanges(old, new, heirs[pk]), classed(old, new, law[pk]).change) for pk, (old, new) in pairs.items()
    }
    return {item.pk: made[item.version_id] for item in asked if item.version_id in made}


def _pair(blank: Content, rows: Any, heirs: Mapping[str, Heir]) -> tuple[Content, Content]:
    """Two contents that differ in nothing but the legal basis: as it is, and with the exchange made."""
    old: Content = {**blank, "legal_basis": rows}
    return old, swapped(old, heirs)[0]


def _exchanges(old: Content, new: Content, heirs: Mapping[str, Heir]) -> tuple[Swap, ...]:
    after = {row["key"]: row for row in new["legal_basis"]}
    return tuple(
        Swap(row, after.get(row["key"]), heirs[row["key"]].act.number, heirs[row["key"]].link)
        for row in old["legal_basis"]
        if row["key"] in heirs
    )


def items_of(campaign: Campaign, user: User) -> RecordQuerySet[ImpactItem]:
    """Items of a campaign that the person sees, in the order of the page: by unit, then by code."""
    items = ImpactItem.objects.visible_to(user).filter(campaign=campaign).for_list()
    return items.order_by("unit__path", "document__code_key", "pk")


def wanted(
    items: RecordQuerySet[ImpactItem], user: User, *, state: str = "", unit: str = "", q: str = "", mine: bool = False
) -> RecordQuerySet[ImpactItem]:
    """Those that a filter lets through; what is empty does not narrow. ``mine``: whose turn is the person's."""
    given = {"state": state, "unit": unit}
    found = items.filter(**{name: value for name, value in given.items() if value})
    if mine:
        found = found.filter(pk__in=ImpactItem.objects.waiting_on(user.seats_held()).order_by().values("pk"))
    words = Q()
    for word in fold(q).split():
        words &= Q(document__search__contains=word)
    key = code_key(q)
    return found.filter(words | Q(document__code_key__contains=key) if key else words)


def units_of(items: RecordQuerySet[ImpactItem]) -> QuerySet[Unit]:
    """Units that hold any of the items, in the order of the page."""
    return Unit.objects.filter(pk__in=items.order_by().values("unit")).order_by("path")


def states_of(items: RecordQuerySet[ImpactItem]) -> Counter[str]:
    """How many items stand in each state; one query."""
    return Counter(dict(items.order_by().values_list("state").annotate(number=Count("pk"))))


def states_by_unit(items: RecordQuerySet[ImpactItem], units: Collection[int]) -> dict[int, Counter[str]]:
    """The same for each of some units, by its id; one query."""
    found: dict[int, Counter[str]] = {pk: Counter() for pk in units}
    rows = items.filter(unit__in=units).order_by().values_list("unit", "state")
    for pk, state, number in rows.annotate(number=Count("pk")):
        found[pk][state] = number
    return found


def awaited(items: RecordQuerySet[ImpactItem]) -> list[tuple[str, int, date | None]]:
    """What deferred items wait for, most wanted first: number as it was given, how many items, first day of review.

    One query.
    """
    rows = items.filter(state="deferred").exclude(awaits_key="").order_by().values("awaits_key")
    counted = rows.annotate(name=Min("awaits"), number=Count("pk"), first=Min("review_on"))
    return list(counted.order_by("-number", "awaits_key").values_list("name", "number", "first"))


@dataclass
class Holding:
    """What one role holds, in one unit where the role is a unit's; ``late``: past their last day."""

    role: str
    unit_id: int
    path: str
    unit: Unit = field(init=False)
    people: list[User] = field(default_factory=list)
    number: int = 0
    late: int = 0
    due: date | None = None

    @property
    def role_label(self) -> str:
        """The role in words."""
        return label_of(self.role)

    @property
    def in_unit(self) -> bool:
        """Whether the role belongs to the unit alone."""
        return self.role in UNIT_SCOPED


@dataclass(frozen=True)
class Held:
    """Who holds the open items: ``first``, the most urgent, with the people; ``places``, how many there are in all."""

    first: list[Holding]
    places: int
    late: int


def holdings(items: RecordQuerySet[ImpactItem], day: date | None = None, most: int = HOLDINGS) -> Held:
    """Who holds the open items, most urgent first: a document in revision is held by whom its draft waits on.

    Three queries, whatever the number of items; one for nothing. What is in memory is a line for each unit and state.
    """
    today = day or timezone.localdate()
    found: dict[tuple[str, int], Holding] = {}
    for row in _standing(items, today):
        draft = row["revision__state"] if row["state"] == "revision_open" else None
        for role in VERSION.stage(draft).waits_on if draft else IMPACT.stage(row["state"]).waits_on:
            place = "unit" if role in UNIT_SCOPED else "agency"
            fresh = Holding(role, row[place], row[f"{place}__path"])
            one = found.setdefault((role, row[place]), fresh)
            one.number += row["number"]
            one.late += row["late"]
            one.due = min(filter(None, (one.due, row["due"])), default=None)
    first = sorted(found.values(), key=lambda one: (one.due or date.max, one.role, one.path))[:most]
    _seat(first, today)
    return Held(first, len(found), sum(one.late for one in found.values()))


def _standing(items: RecordQuerySet[ImpactItem], day: date) -> Iterable[Any]:
    """Open items counted by unit, state and the state of their draft."""
    rows = items.filter(state__in=OPEN).order_by()
    by = rows.values("unit", "unit__path", "agency", "agency__path", "state", "revision__state")
    late = Count("pk", filter=Q(due_on__lt=day))
    return by.annotate(number=Count("pk"), late=late, due=Min("due_on")).iterator()


def _seat(found: Sequence[Holding], day: date) -> None:
    """Place names, and who sits there today."""
    if not found:
        return
    units = Unit.objects.in_bulk({one.unit_id for one in found})
    held: dict[tuple[str, int], Holding] = {}
    for one in found:
        one.unit = units[one.unit_id]
        held[one.role, one.unit_id] = one
    where = Q(unit__in=units) | Q(unit__agency__in=units)
    seats = Seat.objects.held_on(day).filter(where, role__in={one.role for one in found})
    for seat in seats.select_related("user", "unit").order_by("pk"):
        place = seat.unit_id if seat.role in UNIT_SCOPED else seat.unit.agency_id
        holding = held.get((seat.role, place or 0))
        if holding is not None and seat.user not in holding.people:
            holding.people.append(seat.user)
