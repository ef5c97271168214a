"""The roll-up of any node on any day: rows of facts, and the seventeen figures counted from them (domain §6.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from capa.indicators import BY_NUMBER, DIRECT, INDICATORS
from capa.models import Inspection, Provider
from capa.models.inspection import CONCLUDED
from capa.models.register import PROVIDER_KINDS
from capa.rollup import AGENCIES, INSPECTIONS, REGISTER, Figure, Listed, Reference, count
from capa.services.agencyfacts import Among
from capa.services.upkeep import facts
from workflows.models import ReferenceSet, Unit, UnitKind, day_of
from workflows.models.people import COUNTRY
from workflows.tree import Then

KINDS: Mapping[str, str | Promise] = {**dict(UnitKind.choices), **dict(PROVIDER_KINDS)}


class Checked(NamedTuple):
    """One inspected agency and what was judged of it; None: not judged. ``pk``: of the inspection."""

    agency: int
    pk: Any = None
    kind: str = UnitKind.COMMUNE
    mode: str = DIRECT
    built_applied: bool | None = None
    outdated_law: bool | None = None
    records_deficient: bool | None = None
    internal_not_merged: bool | None = None
    audit_done: bool | None = None
    audit_ok: bool | None = None
    review_done: bool | None = None
    review_ok: bool | None = None
    incomplete: bool | None = None
    generic: bool | None = None
    not_factual: bool | None = None
    cross_check_wrong: bool | None = None
    posted: bool | None = None
    link_alive: bool | None = None


class NotYet(ValueError):
    """What stands on a day to come nobody knows."""


@dataclass(frozen=True)
class Place:
    """A node and a day. ``node`` None: the whole country."""

    node: Unit | None
    day: date

    @property
    def path(self) -> str:
        """What the paths of its agencies begin with."""
        return COUNTRY if self.node is None else self.node.path

    @cached_property
    def then(self) -> Then | None:
        """Where agencies stood on a day gone by; None: where they are."""
        return Then(self.day) if self.day < day_of() else None

    @cached_property
    def among(self) -> Among:
        """Its agencies on the day."""
        return Among(self.path) if self.then is None else Among(self.path).stood(self.then)


Rows = Mapping[str, Sequence[Any]]


def figures(node: Unit | None, day: date, today: date | None = None) -> list[Figure]:
    """F1 to F17 of a node (None: the country) on a day, in their order; raises ``NotYet`` for a day to come."""
    place = Place(node, day)
    return counted(rows_of(place, today), references(place))


def rows_of(place: Place, today: date | None = None) -> Rows:
    """Everything that is counted, by source."""
    today = today or day_of()
    if place.day > today:
        raise NotYet(place.day)
    return {
        AGENCIES: facts(place.day, today, place.path),
        INSPECTIONS: inspected(place),
        REGISTER: [Listed(*row) for row in Provider.objects.valid_on(place.day).values_list("pk", "kind")],
    }


def inspected(place: Place) -> list[Checked]:
    """Agencies inspected in the day's year until the day, each once for each mode: the last inspection counts.

    One that was taken over without its day was held by the last day of its plan.
    """
    rows: Any = Inspection.objects.filter(place.among.of("about"), state__in=CONCLUDED).order_by()
    rows = rows.annotate(held=Coalesce("done_on", "plan__ends_on"))
    rows = rows.filter(held__range=(date(place.day.year, 1, 1), place.day)).order_by("held", "created_at")
    found = (Checked(*row) for row in rows.values_list("about", *Checked._fields[1:]))
    return list({(one.agency, one.mode): one for one in found}.values())


def counted(rows: Rows, numbers: Mapping[str, Reference]) -> list[Figure]:
    """Every indicator over its rows."""
    return [
        count(one, rows.get(one.source, ()), kinds=KINDS, reference=numbers.get(one.reference)) for one in INDICATORS
    ]


def references(place: Place) -> dict[str, Reference]:
    """Dated numbers of the whole country by kind, those that are known; none for a part of it."""
    if place.node is not None:
        return {}
    begun = F("valid_from").asc(nulls_first=True)  # the databases differ in where they put what is not known
    rows = ReferenceSet.objects.on(place.day).exclude(number=None).order_by("kind", begun, "pk")
    return {row.kind: Reference(row.number, row.source) for row in rows if row.number is not None}


def one_figure(place: Place, number: int, today: date | None = None) -> tuple[Rows, Figure]:
    """One indicator with the rows that it was counted over."""
    one, rows = BY_NUMBER[number], rows_of(place, today)
    reference = references(place).get(one.reference) if one.reference else None
    return rows, count(one, rows[one.source], kinds=KINDS, reference=reference)
