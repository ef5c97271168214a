"""The steering committee and the people: who holds which seat, from when to when, by which decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows.deciding import place_of
from workflows.deeds import latest
from workflows.machines.committee import NEEDED
from workflows.models import Committee, Establishment, Seat, Unit, User, VacantSeat, day_of
from workflows.roles import Role, label_of
from workflows.views.person import person
from workflows.views.tree import asked_day

DEEDS = 20
PROPOSING = ("establishment", "propose")
PAST = 200
CHOICES = 200
"""Agencies offered in one list; who sees more goes down the tree."""
RANK = {role: place for place, role in enumerate(Role.values)}


@dataclass
class Node:
    """One unit in the chart: who sits in it today, and what is below it."""

    unit: Unit
    seats: list[Seat] = field(default_factory=list)
    below: list[Node] = field(default_factory=list)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """One agency: its committee by decision, its chart, and every seat present, to come and past."""
    user, (today, wrong) = person(request), asked_day(request)
    visible = Unit.objects.visible_to(user)
    agency = _agency(user, visible.agencies().select_related("parent"), request.GET.get("agency", ""))
    seats = Seat.objects.visible_to(user).filter(unit__agency=agency).select_related("user", "unit", "committee")
    ahead = sorted(seats.filter(Q(valid_to=None) | Q(valid_to__gt=today)), key=_rank)
    now = [seat for seat in ahead if seat.valid_from <= today]
    units = visible.filter(Q(agency=agency) | Q(parent=agency)) if agency else ()
    committees, may = _committees(agency, today), agency and place_of(user, agency, action=PROPOSING, own=True)
    vacant = _vacant(committees, now)
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": visible.agencies().order_by("path")[: CHOICES + 1],
        "most": CHOICES,
        "committees": committees,
        "chart": _chart(agency, sorted(units, key=_place), (seat for seat in now if seat.user.is_active)),
        "groups": [(unit, list(rows)) for unit, rows in groupby(now, key=lambda seat: seat.unit)],
        "future": [seat for seat in ahead if seat.valid_from > today],
        "day": today,
        "wrong_day": wrong,
        "is_today": today == day_of(),
        "vacant": vacant,
        "may_propose": may is not None,
        "drafts": Establishment.objects.visible_to(user).filter(about=agency, state="draft").for_list()[:PAST],
        "tasks": VacantSeat.objects.visible_to(user).filter(about=agency, state="open").for_list() if vacant else (),
        "past": seats.filter(valid_to__lte=today).order_by("-valid_to", "unit__path", "role")[:PAST],
    }
    return render(request, "workflows/people.html", context, status=400 if wrong else 200)


def _agency(user: User, agencies: Any, code: str) -> Unit | None:
    """The agency asked for; else the first of one's own. Raises ``Http404`` for one that is not seen."""
    if code:
        found: Unit | None = agencies.filter(code=code).first()
        if found is None:
            raise Http404
        return found
    own = next((seat.agency.pk for seat in user.seats_held()), None)
    first: Unit | None = agencies.filter(pk=own).first()
    return first


def _rank(seat: Seat) -> tuple[bool, int, int, str]:
    """The agency itself first, then its divisions as they were founded; roles in the order of the committee."""
    return not seat.unit.is_agency, seat.unit_id, RANK.get(seat.role, len(RANK)), str(seat.user)


def _place(unit: Unit) -> tuple[bool, int]:
    """Divisions before the agencies below, each as they were founded."""
    return unit.is_agency, unit.pk


def _committees(agency: Unit | None, today: date) -> list[dict[str, Any]]:
    rows = Committee.objects.filter(agency=agency).order_by("-valid_from") if agency else []
    return [{"committee": row, "tense": tense(row.valid_from, row.valid_to, today)} for row in rows]


def _vacant(committees: list[dict[str, Any]], now: Iterable[Seat]) -> list[str]:
    """Roles that an agency needs once it has had a committee and that nobody holds; as ``workflows.vacancies`` says."""
    held = {seat.role for seat in now if seat.user.is_active}
    begun = any(row["tense"] != "future" for row in committees)
    return [label_of(role) for role in NEEDED if begun and role not in held]


def _chart(agency: Unit | None, units: Iterable[Unit], seats: Iterable[Seat]) -> Node | None:
    """The agency's tree; agencies below stand in it as names, for their seats are their own page."""
    nodes = {unit.pk: Node(unit) for unit in units}
    for seat in seats:
        if seat.unit_id in nodes:
            nodes[seat.unit_id].seats.append(seat)
    for node in nodes.values():
        above = nodes.get(node.unit.parent_id or 0)
        if above is not None:
            above.below.append(node)
    return nodes.get(agency.pk) if agency else None


def tense(since: date, until: date | None, today: date) -> str:
    """``past``, ``now`` or ``future`` of a half-open interval of days."""
    if since > today:
        return "future"
    return "past" if until is not None and until <= today else "now"


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's seats over time and latest deeds, as far as the reader's agencies reach."""
    user, today = person(request), day_of()
    seats = list(
        Seat.objects.visible_to(user)
        .filter(user=pk)
        .select_related("unit__agency", "committee")
        .order_by("-valid_from", "role")
    )
    found = User.objects.filter(pk=pk).first()
    if found is None or not (seats or found == user):
        raise Http404
    rows = [{"seat": seat, "tense": tense(seat.valid_from, seat.valid_to, today)} for seat in seats]
    context = {"found": found, "rows": rows, "lines": latest(user, DEEDS, by=found)}
    return render(request, "workflows/person.html", context)
