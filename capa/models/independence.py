"""Who may audit or verify what: the rule of independence (domain §2.2 rules 2 and 3; ISO 19011), stated once.

It looks at deeds and at seats over time, not at seats held today: who moved away after doing the work stays barred.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from capa.machines.car import WORKERS
from capa.planner import Auditor, Bar
from workflows.models import Move, Seat, User, day_of
from workflows.roles import UNIT_SCOPED, Role

if TYPE_CHECKING:
    from capa.models.programme import Round, Visit
    from capa.rounds import Team, Teams

AUDITING = (Role.AUDITOR, Role.LEAD_AUDITOR)
WROTE = ("create", "edit", "submit", "agree", "pass", "approve")
"""Deeds on a version that make it a person's own work: drafting, reviewing, approving."""
OF_THE_UNIT = Q(role__in=UNIT_SCOPED) | ~Q(unit=F("unit__agency"))
"""Seats that make a person one of the unit. A role held for a whole agency does not, where the agency itself is the
unit in question: else its auditors and leaders could judge nothing that the agency as a whole answers for.
"""


def seated_in(user: User | int, units: Collection[int], since: date, until: date) -> set[int]:
    """Those of the units in which the person held a seat on any day of ``[since, until]``."""
    lasted = Q(valid_to=None) | Q(valid_to__gt=since)
    return set(
        Seat.objects.filter(lasted, OF_THE_UNIT, user=user, unit__in=units, valid_from__lte=until).values_list(
            "unit", flat=True
        )
    )


def worked_for(user: User | int, units: Collection[int]) -> set[int]:
    """Those of the units whose documents the person drafted, reviewed or approved."""
    deeds = Move.objects.filter(machine="version", actor=user, action__in=WROTE, unit__in=units)
    return set(deeds.values_list("unit", flat=True).distinct())


def workers(agency_id: int, unit_id: int, day: date) -> QuerySet[User]:
    """People who may be given work of a unit: its own, and those who work for the whole agency."""
    near = Q(role__in=[role for role in WORKERS if role in UNIT_SCOPED], unit=unit_id)
    wide = Q(role__in=[role for role in WORKERS if role not in UNIT_SCOPED], unit__agency=agency_id)
    seats = Seat.objects.held_on(day).filter(near | wide)
    return User.objects.filter(pk__in=seats.values("user")).order_by("full_name", "pk")


def audited_since(now: datetime | None) -> date:
    """First day of the period that an audit of today looks back on."""
    return day_of(now) - timedelta(days=settings.AUDIT_PERIOD_DAYS)


def auditors(agency_id: int, now: datetime | None) -> list[Auditor]:
    """The agency's auditors of today, with who of them leads."""
    seats = Seat.objects.held_on(day_of(now)).filter(role__in=AUDITING, unit__agency=agency_id)
    names: dict[int, str] = {}
    leads: set[int] = set()
    for seat in seats.select_related("user"):
        names[seat.user_id] = str(seat.user)
        if seat.role == Role.LEAD_AUDITOR:
            leads.add(seat.user_id)
    return [Auditor(key, name, key in leads) for key, name in sorted(names.items())]


def bars(people: Iterable[int], units: Collection[int], now: datetime | None) -> list[Bar]:
    """Every pair that may not meet, with the reason; two queries for all of them."""
    keys, since = list(people), audited_since(now)
    lasted = Q(valid_to=None) | Q(valid_to__gt=since)
    seats = Seat.objects.filter(lasted, OF_THE_UNIT, user__in=keys, unit__in=units, valid_from__lte=day_of(now))
    found = {(user, unit): _("là người của đơn vị này") for user, unit in seats.values_list("user", "unit")}
    deeds = Move.objects.filter(machine="version", actor__in=keys, action__in=WROTE, unit__in=units)
    for user, unit in deeds.values_list("actor", "unit").distinct():
        if user and unit:
            found.setdefault((user, unit), _("đã soạn thảo, xem xét hoặc phê duyệt tài liệu của đơn vị này"))
    return [Bar(user, unit, reason) for (user, unit), reason in sorted(found.items())]


def team_problems(record: Round, teams: Teams, now: datetime | None) -> list[str]:
    """What is wrong with a round's teams, as sentences; none: they may be appointed."""
    known = {one.key: one for one in auditors(record.agency_id, now)}
    visits = {visit.unit_id: visit for visit in record.visits.select_related("unit")}
    given = {team["unit"]: team for team in teams["teams"]}
    found = [_("Chưa phân công đoàn cho %(unit)s.") % {"unit": visits[u].unit} for u in sorted(visits.keys() - given)]
    if given.keys() - visits.keys() or len(given) != len(teams["teams"]):
        found.append(_("Mỗi đơn vị của đợt có đúng một đoàn; có đơn vị thừa hoặc trùng."))
    if not _leads(known, teams["lead"]):
        found.append(_("Trưởng đoàn của đợt phải đang giữ vai trò Trưởng đoàn đánh giá."))
    people = {key for team in given.values() for key in (team["lead"], *team["members"])}
    barred = {(bar.auditor, bar.unit): bar.reason for bar in bars(people & known.keys(), visits.keys(), now)}
    for unit in sorted(given.keys() & visits.keys()):
        found += _one_team(visits[unit], given[unit], known, barred)
    return found


def _leads(known: Mapping[int, Auditor], key: int) -> bool:
    return key in known and known[key].leads


def _one_team(
    visit: Visit, team: Team, known: Mapping[int, Auditor], barred: Mapping[tuple[int, int], str]
) -> Iterator[str]:
    members, names = [team["lead"], *team["members"]], {"unit": str(visit.unit), "size": visit.size}
    if not _leads(known, team["lead"]):
        yield _("%(unit)s: người đứng đầu phải là Trưởng đoàn đánh giá.") % names
    if len(set(members)) != visit.size or len(set(members)) != len(members):
        yield _("%(unit)s: cần %(size)d người khác nhau.") % names
    for key in dict.fromkeys(members):
        if key not in known:
            yield _("%(unit)s: có người không phải đánh giá viên của cơ quan.") % names
        elif reason := barred.get((key, visit.unit_id)):
            text = _("%(person)s không được đánh giá %(unit)s: %(reason)s.")
            yield text % {**names, "person": known[key].name, "reason": reason}
