"""Addresses of the kernel: places, seats, committees, deeds, inbox, tables."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows import inbox, registry
from workflows.access import fetch
from workflows.api.bodies import Q_LIMIT, Id, Number, PageQuery, Text
from workflows.api.endpoint import Endpoint, pages
from workflows.api.files import Download
from workflows.api.records import searched
from workflows.api.searching import Search
from workflows.api.shapes import CommitteeShape, EntryShape, MachineShape, MoveShape, SeatShape, UnitShape
from workflows.errors import NotVisible
from workflows.models import Committee, Move, Seat, Unit, UnitKind
from workflows.printed import as_data
from workflows.roles import Role

INBOX_DEPTH = 2000
"""Inbox rows that can be paged through: tables are merged by urgency, which costs a row read for each row skipped."""


class UnitQuery(PageQuery):
    """Filters of units."""

    agency = Number(source="agency_id", required=False)
    kind = serializers.ChoiceField(UnitKind.choices, required=False)
    on = serializers.DateField(required=False, help_text="Only units that exist on this day.")
    q = Text(required=False, max_length=Q_LIMIT, help_text="Part of the name, without regard to marks and case.")


class Units(Endpoint):
    """Units."""

    tag, operation, many = "units", "list", True
    query, answer = UnitQuery, UnitShape

    def get(self, request: Request) -> Response:
        """List the units of the person's agencies and of those below, as a tree in one order."""
        query = self.query.read(request)
        rows = Unit.objects.visible_to(self.person)
        if "q" in query:
            rows = rows.filter(searched(("name_folded",), query["q"]))
        if "on" in query:
            rows = rows.standing_on(query["on"])
        return self.page(rows.filter(**_columns(query)).order_by("path"), query)


class OneUnit(Endpoint):
    """One unit."""

    tag, answer = "units", UnitShape

    def get(self, request: Request, pk: int) -> Response:
        """Read one unit."""
        self.query.read(request)
        return self.show(fetch(Unit, self.person, pk), UnitShape)


class SeatQuery(PageQuery):
    """Filters of seats."""

    unit = Number(source="unit_id", required=False)
    agency = Number(source="unit__agency_id", required=False)
    user = Number(source="user_id", required=False)
    committee = Number(source="committee_id", required=False)
    role = serializers.ChoiceField(Role.choices, required=False)
    on = serializers.DateField(required=False, help_text="Only seats held on this day.")


class Seats(Endpoint):
    """Seats."""

    tag, operation, many = "seats", "list", True
    query, answer = SeatQuery, SeatShape

    def get(self, request: Request) -> Response:
        """List who holds which role where, from when to when and by which decision; past seats included."""
        query = self.query.read(request)
        rows = Seat.objects.visible_to(self.person).select_related("user", "unit")
        if "on" in query:
            rows = rows.held_on(query["on"])
        return self.page(rows.filter(**_columns(query)).order_by("unit__path", "role", "valid_from", "pk"), query)


class OneSeat(Endpoint):
    """One seat."""

    tag, answer = "seats", SeatShape

    def get(self, request: Request, pk: int) -> Response:
        """Read one seat."""
        self.query.read(request)
        return self.show(fetch(Seat, self.person, pk), SeatShape)


class CommitteeQuery(PageQuery):
    """Filters of committees."""

    agency = Number(source="agency_id", required=False)
    on = serializers.DateField(required=False, help_text="Only committees standing on this day.")


class Committees(Endpoint):
    """Steering committees."""

    tag, operation, many = "committees", "list", True
    query, answer = CommitteeQuery, CommitteeShape

    def get(self, request: Request) -> Response:
        """List the steering committees of the agencies the person sees."""
        query = self.query.read(request)
        rows = Committee.objects.filter(agency__in=Unit.objects.visible_to(self.person)).select_related("agency")
        if "on" in query:
            day = query["on"]
            rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
        return self.page(rows.filter(**_columns(query)).order_by("agency__path", "-valid_from", "pk"), query)


class OneCommittee(Endpoint):
    """One committee."""

    tag, answer = "committees", CommitteeShape

    def get(self, request: Request, pk: int) -> Response:
        """Read one steering committee; its seats are at `/api/seats/?committee=`."""
        self.query.read(request)
        rows = Committee.objects.filter(agency__in=Unit.objects.visible_to(self.person)).select_related("agency")
        found = rows.filter(pk=pk).first()
        if found is None:
            raise NotVisible
        return self.show(found, CommitteeShape)


class MoveQuery(PageQuery):
    """Whose history."""

    stream = Id(help_text="Id of the record.")


class Moves(Endpoint):
    """History."""

    tag, operation, many = "moves", "list", True
    query, answer = MoveQuery, MoveShape

    def get(self, request: Request) -> Response:
        """Read the history of one record, oldest deed first; only for those who may read the record."""
        query = self.query.read(request)
        stream: UUID = query["stream"]
        deed = Move.objects.filter(stream=stream).first()
        if deed is None:
            raise NotVisible
        record = fetch(registry.model_of(deed.machine), self.person, stream)
        return self.page(Move.objects.of(stream), query, record=record)


class InboxQuery(PageQuery):
    """Which part of the inbox."""

    offset = Number(default=0, min_value=0, max_value=INBOX_DEPTH)
    machine = serializers.RegexField(r"^[a-z_]{1,40}$", required=False, help_text="Only records of this table.")


class Inbox(Endpoint):
    """Inbox."""

    tag, operation, many = "inbox", "list", True
    query, answer = InboxQuery, EntryShape

    def get(self, request: Request) -> Response:
        """List what waits on the seats that the person holds today, most urgent first."""
        query = self.query.read(request)
        machine, limit, offset = query.get("machine", ""), query["limit"], query["offset"]
        waiting = inbox.counts(self.person)
        count = waiting.get(machine, 0) if machine else sum(waiting.values())
        entries = inbox.for_user(self.person, machine=machine, limit=offset + limit)[offset:]
        rows = EntryShape(entries, many=True, context=self.context()).data
        return Response(pages(self.request, count, limit, offset) | {"results": rows})


class Machines(Endpoint):
    """Tables."""

    tag, operation, many = "machines", "list", True
    query, answer = PageQuery, MachineShape

    def get(self, request: Request) -> Response:
        """Read the tables of all machines: stages, steps, roles, separation of duties, answers."""
        query = self.query.read(request)
        machines, limit, offset = registry.machines(), query["limit"], query["offset"]
        tables = [as_data(machine) for machine in machines[offset : offset + limit]]
        return Response(pages(self.request, len(machines), limit, offset) | {"results": tables})


class OneMachine(Endpoint):
    """One table."""

    tag, answer = "machines", MachineShape

    def get(self, request: Request, name: str) -> Response:
        """Read the table of one machine."""
        self.query.read(request)
        if name not in {machine.name for machine in registry.machines()}:
            raise NotVisible
        return Response(as_data(registry.machine(name)))


def _columns(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if name not in {"limit", "offset", "q", "on"}}


urlpatterns: list[URLPattern] = [
    path("units/", Units.as_view(), name="units_list"),
    path("units/<int:pk>/", OneUnit.as_view(), name="units_detail"),
    path("seats/", Seats.as_view(), name="seats_list"),
    path("seats/<int:pk>/", OneSeat.as_view(), name="seats_detail"),
    path("committees/", Committees.as_view(), name="committees_list"),
    path("committees/<int:pk>/", OneCommittee.as_view(), name="committees_detail"),
    path("moves/", Moves.as_view(), name="moves_list"),
    path("inbox/", Inbox.as_view(), name="inbox_list"),
    path("files/<uuid:pk>/", Download.as_view(), name="files_detail"),
    path("search/", Search.as_view(), name="search_list"),
    path("machines/", Machines.as_view(), name="machines_list"),
    path("machines/<slug:name>/", OneMachine.as_view(), name="machines_detail"),
]
