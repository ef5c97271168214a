"""What the product knows of an agency by itself: counts, each with its list, and measures made of two counts.

A count is the number of rows of its list, asked of the same query: a number and the list behind it cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from capa.models import Car, Finding, Objective, Output, Round, Visit
from capa.services.car_filters import group_q, timely_q
from capa.standing import AT_RISK, MET, MISSED, UNMEASURED, Standing
from documents.machines.impact import OPEN
from documents.models import AnnouncedProcedure, DocumentKind, ImpactItem
from documents.models.announced import AnnouncedQuerySet
from documents.models.version import VersionQuerySet
from documents.services.alarm import OUTDATED, condition
from documents.services.asof import Moment, versions_in_force
from workflows.models import Unit

HELD = ("report_signed", "follow_up", "closed")
"""Rounds whose report is signed."""
NOT_PLANNED = ("cancelled", "postponed")


@dataclass(frozen=True)
class Place:
    """Of which agency, or of which unit of it, on which day, in which year."""

    agency: Unit
    day: date
    year: int
    unit: Unit | None = None

    @property
    def moment(self) -> Moment:
        """The day, as known on it."""
        return Moment.now(self.day)

    def among(self, name: str = "agency") -> Q:
        """Its agency, as a condition on a foreign key."""
        return Q(**{name: self.agency})

    def own(self, rows: Any) -> Any:
        """Those rows that belong to the place."""
        rows = rows.filter(self.among())
        return rows if self.unit is None else rows.filter(unit=self.unit)


@dataclass(frozen=True)
class Places:
    """Several whole agencies on one day, in one year: what a ``Place`` is asked of one, in one query for all of them.

    Only counts that say so in their type take it.
    """

    agencies: Collection[int]
    day: date
    year: int
    unit: None = None

    @property
    def moment(self) -> Moment:
        """The day, as known on it."""
        return Moment.now(self.day)

    def among(self, name: str = "agency") -> Q:
        """Any of the agencies, as a condition on a foreign key."""
        return Q(**{f"{name}__in": self.agencies})

    def own(self, rows: Any) -> Any:
        """Those rows that belong to any of them."""
        return rows.filter(self.among())


Where = Place | Places


@dataclass(frozen=True)
class Count:
    """A number: what it counts, and the rows that it is the number of. ``by``: the column that names the agency."""

    key: str
    label: str | Promise
    rows: Callable[[Any], QuerySet[Any]]
    by: str = "agency"

    def number(self, place: Place) -> int:
        """How many rows."""
        return self.rows(place).count()

    def numbers(self, places: Places) -> dict[int, int]:
        """How many rows by agency, those without any left out; one query, as many more as the rows themselves cost."""
        rows: Any = self.rows(places).order_by().values(self.by)
        return {row[self.by]: row["n"] for row in rows.annotate(n=models.Count("pk"))}


def documents(place: Where) -> VersionQuerySet:
    """Versions in force."""
    found: VersionQuerySet = place.own(versions_in_force(place.moment)).select_related("document")
    return found.order_by("document__code_key", "pk")


def outdated(place: Place) -> VersionQuerySet:
    """Versions in force that no longer hold, for whatever cause."""
    rows = documents(place)
    return rows.filter(condition(OUTDATED, place.moment, rows))


def living(place: Place) -> VersionQuerySet:
    """Versions in force without any alarm."""
    rows = documents(place)
    return rows.exclude(condition(OUTDATED, place.moment, rows))


def announced(place: Where) -> AnnouncedQuerySet:
    """Announced procedures, each once; those of a unit by the fields in its charge."""
    standing = AnnouncedProcedure.objects.standing(place.day).filter(place.among())
    if place.unit is not None:
        standing = standing.filter(field__in=place.unit.fields)
    same = {"agency": OuterRef("agency"), "code_key": OuterRef("code_key")}
    twin = standing.filter(**same, pk__lt=OuterRef("pk")).order_by()
    found: AnnouncedQuerySet = standing.filter(~Exists(twin)).order_by("code_key")
    return found


def _documented(place: Where) -> Exists:
    rows = versions_in_force(place.moment).filter(agency=OuterRef("agency"), document__kind=DocumentKind.TTHC_PROC)
    return Exists(rows.filter(document__code_key=OuterRef("code_key")))


def covered(place: Where) -> AnnouncedQuerySet:
    """Announced procedures that have a document in force."""
    return announced(place).filter(_documented(place))


def uncovered(place: Where) -> AnnouncedQuerySet:
    """Announced procedures without one."""
    return announced(place).filter(~_documented(place))


def cars(place: Place, *where: Q) -> QuerySet[Car]:
    """CARs that meet the conditions, by number."""
    found: QuerySet[Car] = place.own(Car.objects.for_list()).filter(*where).order_by("found_on", "number", "pk")
    return found


def raised(place: Place) -> Q:
    """CARs found in the year that turned out to be nonconformities."""
    return group_q("raised", place.day, place.year)


def rounds(place: Where, *where: Q) -> QuerySet[Round]:
    """Audit rounds of the year."""
    found = Round.objects.for_list().filter(*where, place.among(), starts_on__year=place.year)
    if place.unit is not None:
        found = found.filter(Exists(Visit.objects.filter(round=OuterRef("pk"), unit=place.unit)))
    return found.order_by("starts_on", "pk")


def units(place: Where) -> QuerySet[Unit]:
    """The agency's units, itself among them."""
    found = Unit.objects.standing_on(place.day).filter(place.among())
    return (found if place.unit is None else found.filter(pk=place.unit.pk)).order_by("path")


def signed(place: Where, prefix: str = "") -> Q:
    """Rounds of the year whose report was signed by the day, as a condition on the round, or on what names one."""
    given = {"state__in": HELD, "starts_on__year": place.year, "signed_on__lte": place.day}
    return Q(**{f"{prefix}{name}": value for name, value in given.items()})


def audited(place: Where) -> QuerySet[Unit]:
    """Units visited in the year by a round whose report is signed."""
    visits = Visit.objects.filter(signed(place, "round__"), unit=OuterRef("pk"), round__agency=OuterRef("agency"))
    return units(place).filter(Exists(visits))


def changes(place: Place, *where: Q) -> QuerySet[ImpactItem]:
    """Open items of changes of law."""
    rows = place.own(ImpactItem.objects.for_list()).filter(*where, state__in=OPEN)
    found: QuerySet[ImpactItem] = rows.order_by("due_on", "pk")
    return found


def _cars_of(*named: str, year: bool = True, **where: Any) -> Callable[[Place], QuerySet[Car]]:
    """CARs in all of the named groups of the register, and with these columns."""
    return lambda p: cars(p, *(group_q(name, p.day, p.year if year else None) for name in named), Q(**where))


def _timely(place: Place) -> QuerySet[Car]:
    return cars(place, group_q("closed", place.day, place.year), timely_q())


def _late_changes(place: Place) -> QuerySet[ImpactItem]:
    return changes(place, Q(due_on__lt=place.day))


def _planned(place: Place) -> QuerySet[Round]:
    return rounds(place, ~Q(state__in=NOT_PLANNED))


def held(place: Where) -> QuerySet[Round]:
    """Rounds whose report is signed."""
    return rounds(place, signed(place))


def objectives(place: Place) -> QuerySet[Objective]:
    """Objectives of the year that were approved."""
    rows = place.own(Objective.objects.for_list()).filter(owner_set__year=place.year)
    found: QuerySet[Objective] = rows.exclude(state__in=("proposed", "dropped"))
    return found.order_by("unit__path", "created_at", "pk")


def _standing(which: Standing) -> Callable[[Place], QuerySet[Objective]]:
    """Those that stand so on the day: a rule of several columns, so it is asked of each."""

    def rows(place: Place) -> QuerySet[Objective]:
        found = objectives(place)
        return found.filter(pk__in=[one.pk for one in found if one.standing(place.day) == which])

    return rows


def _measured(place: Place) -> QuerySet[Objective]:
    return objectives(place).filter(measured_period__gt=0)


def _findings(result: str) -> Callable[[Place], QuerySet[Finding]]:
    """Findings of the year's rounds that stand."""

    def rows(place: Place) -> QuerySet[Finding]:
        kept = place.own(Finding.objects.for_list()).exclude(state="withdrawn")
        found: QuerySet[Finding] = kept.filter(result=result, round__starts_on__year=place.year)
        return found.order_by("round__starts_on", "unit__path", "pk")

    return rows


def _outputs(*states: str, late: bool = False) -> Callable[[Place], QuerySet[Output]]:
    """What reviews decided, whatever the year: a decision stays one until it is done."""

    def rows(place: Place) -> QuerySet[Output]:
        found: QuerySet[Output] = place.own(Output.objects.for_list()).filter(state__in=states)
        found = found.filter(due_on__lt=place.day) if late else found
        return found.order_by("due", "pk")

    return rows


COUNTS = {
    count.key: count
    for count in (
        Count("documents", _("Tài liệu đang có hiệu lực"), documents),
        Count("living", _("Tài liệu có hiệu lực không bị cảnh báo lạc hậu"), living),
        Count("outdated", _("Tài liệu có hiệu lực bị cảnh báo lạc hậu"), outdated),
        Count("announced", _("Thủ tục hành chính đã công bố"), announced),
        Count("covered", _("Thủ tục đã công bố có tài liệu đang có hiệu lực"), covered),
        Count("uncovered", _("Thủ tục đã công bố chưa có tài liệu"), uncovered),
        Count("cars_raised", _("Phiếu khắc phục phát sinh trong năm"), _cars_of("raised")),
        Count("cars_major", _("Phiếu khắc phục mức nặng phát sinh trong năm"), _cars_of("raised", severity="major")),
        Count("cars_open", _("Phiếu khắc phục đang mở"), _cars_of("open")),
        Count("cars_overdue", _("Phiếu khắc phục quá hạn"), _cars_of("overdue")),
        Count("cars_recurring", _("Phiếu khắc phục lặp lại trong năm"), _cars_of("recurring")),
        Count("cars_closed", _("Phiếu khắc phục đã đóng trong năm"), _cars_of("closed")),
        Count("cars_timely", _("Phiếu đóng trong năm có việc làm xong đúng hạn kế hoạch"), _timely),
        Count("raised_open", _("Phiếu phát sinh trong năm chưa kết thúc"), _cars_of("raised", "open")),
        Count("raised_closed", _("Phiếu phát sinh trong năm đã đóng"), _cars_of("raised", state="closed")),
        Count("complaints", _("Phiếu từ phản ánh, kiến nghị trong năm"), _cars_of("raised", source="complaint")),
        Count("rounds", _("Đợt đánh giá nội bộ trong năm"), _planned),
        Count("rounds_held", _("Đợt đánh giá đã ký báo cáo"), held),
        Count("units", _("Đơn vị của cơ quan"), units),
        Count("units_audited", _("Đơn vị đã được đánh giá trong năm"), audited),
        Count("changes_open", _("Thay đổi của văn bản pháp luật chưa xử lý xong"), changes),
        Count("changes_late", _("Thay đổi của văn bản pháp luật quá hạn xử lý"), _late_changes),
        Count("objectives_met", _("Mục tiêu đạt"), _standing(MET)),
        Count("objectives_at_risk", _("Mục tiêu có nguy cơ không đạt"), _standing(AT_RISK)),
        Count("objectives_missed", _("Mục tiêu không đạt"), _standing(MISSED)),
        Count("objectives_unmeasured", _("Mục tiêu chưa đo"), _standing(UNMEASURED)),
        Count("objectives_measured", _("Mục tiêu đã đo ít nhất một kỳ"), _measured),
        Count("findings_major", _("Phát hiện không phù hợp nặng trong năm"), _findings("major")),
        Count("findings_minor", _("Phát hiện không phù hợp nhẹ trong năm"), _findings("minor")),
        Count("findings_observation", _("Điểm lưu ý trong năm"), _findings("observation")),
        Count("findings_opportunity", _("Cơ hội cải tiến qua đánh giá trong năm"), _findings("opportunity")),
        Count("outputs_open", _("Việc theo kết luận trước đang làm"), _outputs("open", "done")),
        Count("outputs_late", _("Việc theo kết luận trước quá hạn"), _outputs("open", "done", late=True)),
        Count("outputs_ended", _("Việc theo kết luận trước đã xác nhận kết quả"), _outputs("ended")),
    )
}


@dataclass(frozen=True)
class Measure:
    """One count of another, as a percentage; the codes are those of ``machines.objective.SOURCES``."""

    part: Count
    whole: Count


MEASURES = {
    "living": Measure(COUNTS["living"], COUNTS["documents"]),
    "covered": Measure(COUNTS["covered"], COUNTS["announced"]),
    "cars_timely": Measure(COUNTS["cars_timely"], COUNTS["cars_closed"]),
    "cars_closed": Measure(COUNTS["raised_closed"], COUNTS["cars_raised"]),
    "rounds_held": Measure(COUNTS["rounds_held"], COUNTS["rounds"]),
    "units_audited": Measure(COUNTS["units_audited"], COUNTS["units"]),
}
