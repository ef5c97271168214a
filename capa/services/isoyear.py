"""The ISO year of an agency: its steps in their order, each as the records show it on a day (domain §1.3, S1.23)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import Max
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.report import SENT
from capa.models import ObjectiveSet, Review, Round, YearReport
from capa.models.review import ISSUED
from capa.services.known import COUNTS, HELD, Place, objectives
from documents.models import Publication
from workflows.models import Record

DONE, UNDER_WAY, NOT_STARTED = "done", "under_way", "not_started"
STATES: dict[str, tuple[str | Promise, str]] = {
    DONE: (lazy("Đã xong"), "green"),
    UNDER_WAY: (lazy("Đang làm"), "blue"),
    NOT_STARTED: (lazy("Chưa bắt đầu"), "secondary"),
}
APPROVED = ("approved", "running", "evaluated")


@dataclass(frozen=True)
class Number:
    """A count of the step, with the key of its list."""

    key: str
    label: str
    number: int


@dataclass(frozen=True)
class Found:
    """How a step stands, why, by which records and which counts."""

    state: str
    sentence: str = ""
    records: Sequence[Record] = ()
    numbers: Sequence[Number] = ()


@dataclass(frozen=True)
class YearStep:
    """One step with its standing. ``waits_for``: earlier steps that are not done although this one has begun or is
    next.
    """

    label: str | Promise
    url: str
    found: Found
    waits_for: Sequence[str | Promise] = field(default_factory=tuple)

    @property
    def state_label(self) -> str | Promise:
        """The state in words."""
        return STATES[self.found.state][0]

    @property
    def colour(self) -> str:
        """What repeats the state."""
        return STATES[self.found.state][1]


def _numbers(place: Place, *keys: str) -> list[Number]:
    return [Number(key, str(COUNTS[key].label), COUNTS[key].number(place)) for key in keys]


def _planned(place: Place) -> Found:
    """Objectives are set at the beginning of the year."""
    one = ObjectiveSet.objects.filter(agency=place.agency, year=place.year).first()
    if one is None:
        return Found(NOT_STARTED, _("Chưa lập mục tiêu của năm."))
    if one.state in APPROVED:
        return Found(DONE, records=[one])
    return Found(UNDER_WAY, _("Mục tiêu chưa được phê duyệt."), [one])


def _measured(place: Place) -> Found:
    """Every objective is measured up to the last period that has ended."""
    rows = list(objectives(place))
    numbers = _numbers(place, "objectives_met", "objectives_at_risk", "objectives_missed", "objectives_unmeasured")
    if not any(one.measured_period for one in rows):
        return Found(NOT_STARTED, _("Chưa đo mục tiêu nào."), numbers=numbers)
    behind = sum(one.measured_period < max(1, one.periods_ended(place.day)) for one in rows)
    if behind:
        return Found(UNDER_WAY, _("Còn %(n)d mục tiêu chưa đo đến kỳ gần nhất.") % {"n": behind}, numbers=numbers)
    return Found(DONE, numbers=numbers)


def _audited(place: Place) -> Found:
    """Every round that was planned has its signed report."""
    numbers = _numbers(place, "rounds", "rounds_held", "units", "units_audited")
    planned, held = numbers[0].number, numbers[1].number
    if not planned:
        return Found(NOT_STARTED, _("Chưa có đợt đánh giá nào trong năm."), numbers=numbers)
    if held < planned:
        return Found(UNDER_WAY, _("Còn %(n)d đợt chưa ký báo cáo.") % {"n": planned - held}, numbers=numbers)
    return Found(DONE, numbers=numbers)


def _corrected(place: Place) -> Found:
    """What was found in the year is corrected, once the audit has looked."""
    numbers = _numbers(place, "cars_raised", "raised_open", "cars_overdue")
    raised, left = numbers[0].number, numbers[1].number
    if left:
        return Found(UNDER_WAY, _("Còn %(n)d phiếu khắc phục của năm chưa đóng.") % {"n": left}, numbers=numbers)
    if raised or _audited(place).state == DONE:
        return Found(DONE, numbers=numbers)
    return Found(NOT_STARTED, _("Trong năm chưa phát sinh phiếu, và chưa đánh giá xong."), numbers=numbers)


def _reviewed(place: Place) -> Found:
    """Leaders met after the audit, and said what follows."""
    rows = list(Review.objects.filter(agency=place.agency, year=place.year).order_by("-meets_on", "pk"))
    if not rows:
        return Found(NOT_STARTED, _("Chưa lên kế hoạch xem xét của lãnh đạo."))
    issued = [one for one in rows if one.state in ISSUED and one.held_on is not None]
    if not issued:
        return Found(UNDER_WAY, _("Chưa thông báo kết luận."), rows)
    signed = Round.objects.filter(agency=place.agency, state__in=HELD, starts_on__year=place.year)
    last = signed.aggregate(last=Max("signed_on"))["last"]
    if last is not None and max(one.held_on for one in issued if one.held_on) < last:
        return Found(UNDER_WAY, _("Cuộc họp diễn ra trước khi ký báo cáo đánh giá gần nhất."), rows)
    return Found(DONE, records=rows)


def _published(place: Place) -> Found:
    """The declaration stands, and nothing calls for a new one."""
    rows = list(Publication.objects.filter(agency=place.agency).exclude(state__in=("superseded", "revoked")))
    states = {one.state for one in rows}
    if states == {"published"}:
        return Found(DONE, records=rows)
    if not rows:
        return Found(NOT_STARTED, _("Chưa công bố."))
    return Found(UNDER_WAY, records=rows)


def _reported(place: Place) -> Found:
    """The yearly report is with the one above."""
    one = YearReport.objects.filter(unit=place.agency, year=place.year).first()
    if one is None:
        return Found(NOT_STARTED, _("Chưa lập báo cáo năm."))
    if one.state in SENT:
        return Found(DONE, records=[one])
    return Found(UNDER_WAY, _("Báo cáo năm chưa gửi cấp trên."), [one])


STEPS: tuple[tuple[str | Promise, str, Callable[[Place], Found]], ...] = (
    (lazy("Kế hoạch và mục tiêu"), "capa:objectives", _planned),
    (lazy("Đo mục tiêu"), "capa:objectives", _measured),
    (lazy("Đánh giá nội bộ"), "capa:programmes", _audited),
    (lazy("Khắc phục"), "capa:cars", _corrected),
    (lazy("Xem xét của lãnh đạo"), "capa:reviews", _reviewed),
    (lazy("Công bố"), "documents:publications", _published),
    (lazy("Báo cáo năm"), "capa:year_reports", _reported),
)
"""The order of the year: a step rests on those before it."""


def year_of(place: Place) -> list[YearStep]:
    """Every step of an agency's year as it stands, with the earlier ones that it waits for."""
    found: list[YearStep] = []
    open_before: list[str | Promise] = []
    for label, name, look in STEPS:
        now = look(place)
        waits = tuple(open_before) if now.state != DONE or open_before else ()
        found.append(YearStep(label, reverse(name), now, waits))
        if now.state != DONE:
            open_before.append(label)
    return found
