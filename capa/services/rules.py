"""Computed criteria: each is counts of live records, and each count is the length of the list that is its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from capa.models import Review
from capa.models.review import HELD
from capa.services import known
from capa.services.known import Count, Place, Where
from capa.sheets import NOTHING, quarter
from documents.models import Publication
from workflows.models import Committee, Unit


def committees(place: Place) -> QuerySet[Committee]:
    """Committees whose decision holds on the day."""
    runs = Q(valid_to=None) | Q(valid_to__gt=place.day)
    return Committee.objects.filter(runs, agency=place.agency, valid_from__lte=place.day).order_by("valid_from")


def reviews(place: Where) -> QuerySet[Review]:
    """Reviews held in the year until the day."""
    rows = Review.objects.for_list().filter(place.among(), state__in=HELD, held_on__year=place.year)
    found: QuerySet[Review] = rows.filter(held_on__lte=place.day).order_by("held_on", "pk")
    return found


def publications(place: Place) -> QuerySet[Publication]:
    """The publication that stands."""
    found: QuerySet[Publication] = Publication.objects.standing().for_list().filter(agency=place.agency).order_by("pk")
    return found


def unaudited(place: Where) -> QuerySet[Unit]:
    """Units not visited in the year."""
    return known.units(place).exclude(pk__in=known.audited(place).order_by().values("pk"))


def objectives_unmeasured(place: Place) -> QuerySet[Any]:
    """Objectives without any measurement."""
    return known.objectives(place).filter(measured_period=0)


COUNTS = {
    **known.COUNTS,
    **{
        count.key: count
        for count in (
            Count("committees", _("Quyết định lập Ban chỉ đạo đang có giá trị"), committees),
            Count("reviews_held", _("Cuộc xem xét của lãnh đạo đã họp trong năm"), reviews),
            Count("publications", _("Công bố đang có giá trị"), publications),
            Count("units_unaudited", _("Đơn vị chưa được đánh giá trong năm"), unaudited),
            Count("objectives", _("Mục tiêu của năm đã duyệt"), known.objectives),
            Count("objectives_untouched", _("Mục tiêu chưa đo lần nào"), objectives_unmeasured),
        )
    },
}


@dataclass(frozen=True)
class Rule:
    """How a criterion is counted. ``share``: ``count`` of ``whole``; ``some``: any of ``count``; ``none``: none of it.

    ``lacking``: the count whose list is what is missing, if there is one.
    """

    kind: Literal["share", "some", "none"]
    count: str
    whole: str = ""
    lacking: str = ""


RULES = {
    "committee": Rule("some", "committees"),
    "living": Rule("share", "living", "documents", "outdated"),
    "covered": Rule("share", "covered", "announced", "uncovered"),
    "changes": Rule("none", "changes_late", lacking="changes_late"),
    "audited": Rule("some", "rounds_held"),
    "audit_scope": Rule("share", "units_audited", "units", "units_unaudited"),
    "timely": Rule("share", "cars_timely", "cars_closed"),
    "overdue": Rule("none", "cars_overdue", lacking="cars_overdue"),
    "reviewed": Rule("some", "reviews_held"),
    "measured": Rule("share", "objectives_measured", "objectives", "objectives_untouched"),
    "published": Rule("some", "publications"),
}
"""The codes are those of ``machines.scoring.RULES``."""


@dataclass(frozen=True)
class Figure:
    """One number of a computed criterion, and the key of its list."""

    key: str
    label: str
    number: int


@dataclass(frozen=True)
class Earned:
    """What a rule gives on a day: points, None where there is nothing to count, with the numbers it rests on."""

    points: Decimal | None
    figures: Sequence[Figure] = ()
    lacking: Figure | None = None


def is_known(place: Place) -> bool:
    """The product knows something of the agency: a document in force. Of others it counts nothing, not even zero."""
    return known.documents(place).exists()


def earned(rule: Rule, most: Decimal, place: Place) -> Earned:
    """Count one criterion."""
    count = _figure(rule.count, place)
    figures = [count]
    if rule.kind == "share":
        whole = _figure(rule.whole, place)
        figures.append(whole)
        points = quarter(most * count.number / whole.number) if whole.number else None
    else:
        points = most if bool(count.number) == (rule.kind == "some") else NOTHING
    return Earned(points, figures, _figure(rule.lacking, place) if rule.lacking else None)


def _figure(key: str, place: Place) -> Figure:
    return Figure(key, str(COUNTS[key].label), COUNTS[key].number(place))


def sheet(place: Place, criteria: Sequence[Mapping[str, Any]]) -> dict[str, Earned]:
    """Every computed criterion by key."""
    rows = [one for one in criteria if one["rule"] in RULES]
    if not rows or not is_known(place):
        return {one["key"]: Earned(None) for one in rows}
    return {one["key"]: earned(RULES[one["rule"]], Decimal(one["max"]), place) for one in rows}


def computed(agency: Unit, year: int, day: date, criteria: Sequence[Mapping[str, Any]]) -> dict[str, Decimal | None]:
    """Points alone, for the door."""
    return {key: one.points for key, one in sheet(Place(agency, day, year), criteria).items()}
