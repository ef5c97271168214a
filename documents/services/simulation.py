"""What would happen if: a change is tried before it is made, and nothing is written.

The search is the campaign's own, with the supposed relations laid over the register; so what is foretold is what
happens. Deadlines count as if every item were confirmed on the day of asking.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, OuterRef, Subquery, When
from django.db.models.functions import Coalesce

from documents.citing import BASIS
from documents.models import (
    AnnouncedProcedure,
    Citation,
    Event,
    EventKind,
    Regulation,
    RegulationRelation,
    revise_by,
    wanted_day,
)
from documents.models.regulation import ENDING, is_dead
from documents.reach import Edge, Strength
from documents.services.events import Scope, coming_touches, event_touches
from documents.services.touching import Supposed, Touched, law_reached
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
    event: str = EventKind.EFFECTIVE

    def edges(self) -> Supposed:
        """The relations as the search takes them."""
        return {(self.act.pk, kind, target.pk): self.effective_on for kind, target in self.relations}

    def as_event(self) -> Event:
        """The event, not saved, about an act that has the supposed day."""
        act = copy.copy(self.act)
        if self.event == EventKind.EXPIRED:
            act.expired_on = self.effective_on
        else:
            act.effective_on = self.effective_on
        return Event(kind=self.event, regulation=act)


Change = Supposition | Event
"""What is tried: something about an act, or an event of another kind, which is not saved."""


@dataclass(frozen=True)
class Foretold:
    """A version that would be touched, the last day of its revision, and who would get the task.

    ``dead_from``: the day on which the cited document would be out of force; None if it would live, or nobody knows.
    ``baseless_from``: the day from which nothing that the version cites would be alive; None if something would be.
    """

    touched: Touched
    due_on: date
    owners: tuple[User, ...]
    dead_from: date | None = None
    baseless_from: date | None = None


def foretell(change: Change, *, agency: Unit, user: User, day: date, below: bool = False) -> list[Foretold]:
    """Versions of the agency (and of those ``below``) that would be touched, by unit and code, with task and deadline.

    Writes nothing: a statement that would is refused before it reaches the database.
    """
    supposed = change.edges() if isinstance(change, Supposition) else {}
    event = change.as_event() if isinstance(change, Supposition) else change
    with read_only():
        scope = Scope(day, user=user, agency=agency, below=below, supposed=supposed)
        touched = event_touches(event, scope)
        touched += coming_touches(event, scope, {one.version.document_id for one in touched})
        owners = _drafters({one.version.unit_id for one in touched}, day)
        deaths = _deaths(event, supposed)
        baseless = _baseless([one.version.pk for one in touched if one.strength == Strength.DIES], deaths, day)
        days = calendar()
        return [
            Foretold(
                one,
                revise_by(wanted_day(event, one.strength), day, days),
                owners.get(one.version.unit_id, ()),
                _dead_from(one, event),
                baseless.get(one.version.pk),
            )
            for one in touched
        ]


def uncovered(event: Event, day: date) -> list[AnnouncedProcedure]:
    """Announced procedures that the withdrawal of a document would leave without one; one query at most."""
    if event.document is None:
        return []
    rows = AnnouncedProcedure.objects.standing(max(day, event.occurs_on or day))
    return list(rows.filter(agency=event.document.agency_id, code_key=event.document.code_key))


def _dead_from(one: Touched, event: Event) -> date | None:
    if one.strength != Strength.DIES:
        return None
    days = [date.fromisoformat(hop["since"]) for hop in one.path if hop["since"]]
    return max(days) if days else event.day


def _deaths(event: Event, supposed: Supposed) -> dict[UUID, date | None]:
    """Acts that the event would put out of force, each with its day where it is known; one query over the search's."""
    if event.regulation is None:
        return {}
    reached = law_reached(event.regulation, event.kind, supposed)
    dying = [one for one in reached if one.strength == Strength.DIES and not one.parts]
    wanted = {edge for one in dying for edge in one.path} - supposed.keys()
    days: dict[Edge, date | None] = dict(supposed)
    if wanted:
        rows = RegulationRelation.objects.filter(source__in={edge[0] for edge in wanted})
        since = Coalesce("effective_on", "source__effective_on")
        for source, kind, target, on in rows.values_list("source", "kind", "target", since):
            days[source, kind, target] = on
    found: dict[UUID, date | None] = {}
    for one in dying:
        known = [day for edge in one.path if (day := days.get(edge)) is not None]
        found[one.act] = max(known) if known else event.day
    return found


def _baseless(versions: Sequence[UUID], deaths: Mapping[UUID, date | None], day: date) -> dict[UUID, date]:
    """Versions all of whose cited acts would be dead, and from when; two queries, none for no version.

    Each act dies on its own day, by the event or as the register has it already. A citation that the register does not
    know may be alive: nobody knows.
    """
    if not versions:
        return {}
    cited: dict[UUID, set[Any]] = {}
    basis = Citation.objects.filter(version__in=versions, place=BASIS)
    for version, act in basis.values_list("version", "regulation"):
        cited.setdefault(version, set()).add(act)
    dead, ends = _own_ends({act for own in cited.values() for act in own if act is not None}, day)
    ends = _sooner(ends, deaths)
    found = {}
    for version, own in cited.items():
        days = [ends.get(act) for act in own - dead]
        known = [on for on in days if on is not None]
        if known and own <= dead | ends.keys() and len(known) == len(days):
            found[version] = max(known)
    return found


def _own_ends(acts: Iterable[UUID], day: date) -> tuple[set[UUID], dict[UUID, date | None]]:
    """Acts that are dead on a day as things are, and the first day on which others will be, where one is known.

    One query.
    """
    dated: Any = RegulationRelation.objects.dated(ENDING)
    first = dated.filter(target=OuterRef("pk")).order_by("since").values("since")
    rows = Regulation.objects.filter(pk__in=list(acts)).annotate(
        gone=Case(When(is_dead(day), then=True), default=False),
        ended=Subquery(first[:1], output_field=DateField()),
    )
    dead: set[UUID] = set()
    ends: dict[UUID, date | None] = {}
    for pk, gone, expired, ended in rows.values_list("pk", "gone", "expired_on", "ended"):
        if gone:
            dead.add(pk)
        elif expired or ended:
            ends[pk] = min(filter(None, (expired, ended)))
    return dead, ends


def _sooner(ends: Mapping[UUID, date | None], deaths: Mapping[UUID, date | None]) -> dict[UUID, date | None]:
    """The first known day of each act's end: by itself, or by what is supposed."""
    keys = ends.keys() | deaths.keys()
    return {key: min(filter(None, (ends.get(key), deaths.get(key))), default=None) for key in keys}


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
