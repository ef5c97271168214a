"""What a new agency has still to do before its system stands: rows that each app computes from its own records.

Nothing here is ticked by hand. An app announces its rows at ``ready()``; a row answers for many agencies at once, so
that a list of them costs what one costs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows.machines.committee import NEEDED
from workflows.models import Committee, Unit, User, day_of
from workflows.panels import Panel
from workflows.roles import Role, label_of
from workflows.vacancies import held

NEW = timedelta(days=365)
"""How long after its founding an agency is shown its checklist unasked."""
LEADERS = frozenset({Role.STEERING_HEAD, Role.QMR, Role.ISO_SECRETARY, Role.PROVINCE_COORDINATOR})
TITLE = lazy("Việc khởi đầu của cơ quan mới")


@dataclass(frozen=True)
class Found:
    """How one row stands for one agency; ``said``: what there is, or what is missing."""

    done: bool
    said: str = ""


Finder = Callable[[Collection[int], date], Mapping[int, Found]]


@dataclass(frozen=True)
class Row:
    """One row of the checklist. ``find``: how it stands by agency; one that is left out is not done.

    ``place``: name of the page where it is done.
    """

    name: str
    label: str | Promise
    find: Finder
    place: str = ""


@dataclass(frozen=True)
class Line:
    """A row as it stands for one agency."""

    row: Row
    found: Found

    @property
    def url(self) -> str:
        """Where it is done; "" if there is no page for it."""
        return reverse(self.row.place) if self.row.place else ""


_rows: list[Row] = []


def register(row: Row) -> None:
    """Announce a row, once per name; rows stand in the order in which they are announced."""
    if row.name not in {one.name for one in rows()}:
        _rows.append(row)


def rows() -> tuple[Row, ...]:
    """All rows."""
    return (*OWN, *_rows)


def checklist(agencies: Collection[int], day: date) -> dict[int, list[Line]]:
    """Every row for each of these agencies on a day; the queries of the rows, however many agencies."""
    found = [(row, row.find(agencies, day)) for row in rows()]
    return {pk: [Line(row, by_agency.get(pk, Found(done=False))) for row, by_agency in found] for pk in agencies}


def _committee(agencies: Collection[int], day: date) -> Mapping[int, Found]:
    begun = Committee.objects.filter(agency__in=agencies, valid_from__lte=day).order_by("valid_from")
    return {
        one.agency_id: Found(done=True, said=f"{one.decision_no} ({one.decision_on:%d/%m/%Y})")
        for one in begun
        if one.valid_to is None or one.valid_to > day
    }


def _seats(agencies: Collection[int], day: date) -> Mapping[int, Found]:
    return _filled(agencies, day, NEEDED)


def _working(agencies: Collection[int], day: date) -> Mapping[int, Found]:
    return _filled(agencies, day, (Role.DRAFTER, Role.LEGAL_WATCH, Role.RECORDS_CLERK))


def _filled(agencies: Collection[int], day: date, roles: Collection[Role]) -> Mapping[int, Found]:
    filled = held(agencies, day, roles)
    found = {}
    for pk in agencies:
        empty = [label_of(role) for role in roles if (pk, str(role)) not in filled]
        found[pk] = Found(not empty, _("Còn thiếu: %(roles)s") % {"roles": ", ".join(empty)} if empty else "")
    return found


OWN = (
    Row("committee", lazy("Lập Ban chỉ đạo theo quyết định"), _committee, "workflows:people"),
    Row("seats", lazy("Có Trưởng ban, Đại diện lãnh đạo và Thư ký"), _seats, "workflows:people"),
    Row("working", lazy("Có người soạn thảo, pháp chế và văn thư"), _working, "workflows:people"),
)
"""The kernel's own rows, which come first."""


def led(user: User) -> list[Unit]:
    """Agencies whose checklist is the person's business, the highest first; no query beyond the person's seats."""
    agencies = {seat.agency.pk: seat.agency for seat in user.seats_held() if seat.role in LEADERS}
    return sorted(agencies.values(), key=lambda one: one.path)


def panel(user: User) -> Panel | None:
    """The section of inbox and home page, for who leads an agency founded lately."""
    today = day_of()
    fresh = [one for one in led(user) if one.valid_from and one.valid_from <= today < one.valid_from + NEW]
    return Panel(TITLE, reverse("workflows:onboarding", args=[fresh[0].pk])) if fresh else None
