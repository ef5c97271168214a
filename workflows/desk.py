"""A person's desk: what waits on them, what they sent, what they did, and for leaders what is late in their agency.

Statements do not grow with records: one for all numbers, one per machine for a list, one for who sent each record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows import inbox, registry
from workflows.marks import marks
from workflows.models import Move, Record, RecordQuerySet, User, day_of
from workflows.roles import Role
from workflows.tables import Machine

PAGE = 50
LAST_PAGE = 20
"""Deeper than a thousand records nobody reads by hand; the filters lead there faster."""
DEEDS_READ = 400
"""Own deeds looked through for the list of records handled: several deeds may concern one record."""

TABS: Mapping[str, str | Promise] = {
    "waiting": _("Chờ tôi xử lý"),
    "mine": _("Tôi trình"),
    "done": _("Đã xử lý"),
    "late": _("Quá hạn trong cơ quan"),
}
LEADERS = frozenset({Role.STEERING_HEAD, Role.QMR, Role.ISO_SECRETARY})
"""Who sees what is late in the whole agency."""


@dataclass(frozen=True)
class Look:
    """Which part of the desk is looked at, as the address says it. ``unit``: a unit's id, for the tab ``late``."""

    tab: str = "waiting"
    kind: str = ""
    late: bool = False
    unit: int | None = None
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The same look as a query string, with changes; what is ordinary is left out."""
        look, plain = replace(self, **changes), Look()
        named = {
            "tab": look.tab,
            "kind": look.kind,
            "late": 1 if look.late else "",
            "unit": look.unit or "",
            "page": look.page,
        }
        return urlencode({name: value for name, value in named.items() if value not in ("", getattr(plain, name))})


def look_of(given: Mapping[str, str]) -> Look:
    """Read a look from a query string; what it does not understand is taken as not said."""
    unit, page = (_number(given.get(name, "")) for name in ("unit", "page"))
    kinds = {machine.name for machine in registry.machines()}
    return Look(
        tab=tab if (tab := given.get("tab", "")) in TABS else "waiting",
        kind=kind if (kind := given.get("kind", "")) in kinds else "",
        late=given.get("late") == "1",
        unit=unit or None,
        page=min(max(page, 1), LAST_PAGE),
    )


def _number(text: str) -> int:
    digits = 9  # fits every database's integer
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else 0


@dataclass(frozen=True)
class Line(inbox.Entry):
    """One line of a list, and the deed that matters there: who sent it here, or what the person did to it."""

    deed: Move | None = None


@dataclass(frozen=True)
class Numbers:
    """How many records: by machine what waits on the person, what of that is late, what they sent; late ones by unit.

    ``units``: (unit id, name) → number, of the agencies whose leader the person is; ``delayed``: the machines of those.
    """

    waiting: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    mine: Counter[str] = field(default_factory=Counter)
    units: Counter[tuple[int, str]] = field(default_factory=Counter)
    delayed: set[str] = field(default_factory=set)


def leads(user: User, now: datetime | None = None) -> set[int]:
    """Ids of the agencies whose late work the person watches over."""
    return {seat.agency.pk for seat in user.seats_held(now) if seat.role in LEADERS}


def numbers(user: User, now: datetime | None = None) -> Numbers:
    """All numbers of a person's desk; one query."""
    places = tuple((seat.role, seat.unit_id, seat.agency.pk) for seat in user.seats_held(now))
    sight = tuple(sorted(user.agency_paths(now)))
    sql, params = _question(_Asker(user.pk, day_of(now), places, sight, connection.vendor, user, now))
    found = Numbers()
    if not sql:
        return found
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    for said, unit, unit_name, number, overdue in rows:
        if not number:
            continue  # a group by constants alone is there even if it is empty
        what, name = said.split(":", 1)
        if what == "waiting":
            found.waiting[name], found.late[name] = number, overdue
        elif what == "mine":
            found.mine[name] = number
        else:
            found.units[unit, unit_name] += number
            found.delayed.add(name)
    return found


@dataclass(frozen=True)
class _Asker:
    """Who asks, and all that their sight and their turns follow from: who has the same gets the same question."""

    person: int
    day: date
    places: tuple[tuple[str, int, int], ...]
    sight: tuple[str, ...]
    vendor: str
    user: User = field(compare=False)
    now: datetime | None = field(compare=False)


@lru_cache(maxsize=200)
def _question(asker: _Asker) -> tuple[str, tuple[Any, ...]]:
    """The statement that counts; "" if there is nothing to count. Kept: with twenty machines it takes a tenth of a
    second to put together and a hundredth to run.
    """
    user, now = asker.user, asker.now
    seats, agencies, parts = user.seats_held(now), leads(user, now), []
    roles = {seat.role for seat in seats}
    for model in registry.models():
        name = model.machine.name
        if model.machine.waiting_on(roles):
            parts.append(_counted(model.objects.waiting_on(seats), f"waiting:{name}", now, lines=True))
        if not _under_way(model.machine):
            continue
        parts.append(_counted(_sent_by(model, user, now), f"mine:{name}", now))
        if agencies:
            late = _late_in(model, user, agencies, now)
            parts.append(_counted(late, f"unit:{name}", now, unit=F("unit"), unit_name=F("unit__name")))
    if not parts:
        return "", ()
    try:
        sql, params = parts[0].union(*parts[1:], all=True).query.sql_with_params()
    except EmptyResultSet:
        return "", ()
    return sql, tuple(params)


def _counted(
    records: RecordQuerySet[Any],
    what: str,
    now: datetime | None,
    unit: Any = None,
    unit_name: Any = None,
    *,
    lines: bool = False,
) -> QuerySet[Any, Any]:
    # No field of a model ends with an underscore, so none of these is ever one.
    named = records.order_by().annotate(
        what_=Value(what),
        unit_id_=unit or Value(0),  # not NULL, which PostgreSQL would take for text
        unit_name_=unit_name or Value(""),
    )
    late, model = Q(due_on__lt=day_of(now)), records.model
    number = inbox.number_of_lines(model) if lines else Count("pk")
    overdue = inbox.number_of_lines(model, late) if lines else Count("pk", filter=late)
    return named.values("what_", "unit_id_", "unit_name_").annotate(number_=number, overdue_=overdue)


def lines(user: User, look: Look, now: datetime | None = None, counted: Numbers | None = None) -> list[Line]:
    """One page of a tab; at most one query per machine and one for the deeds.

    ``counted``: the numbers of the same desk; machines that hold nothing by them are not asked.
    """
    first = (look.page - 1) * PAGE
    if look.tab == "done":
        return _done(user, look, now)
    if look.tab == "waiting":
        among = None if counted is None else counted.waiting.keys()
        entries = inbox.for_user(user, now, machine=look.kind, among=among, late=look.late, limit=first + PAGE)
        records = [entry.record for entry in entries]
    else:
        holding = None if counted is None else set(counted.mine) if look.tab == "mine" else counted.delayed
        records = _merged(user, look, first + PAGE, now, holding)
    return _with_senders(records[first:])


def _merged(
    user: User, look: Look, limit: int, now: datetime | None, among: Collection[str] | None = None
) -> list[Record]:
    found: list[Record] = []
    agencies = leads(user, now)
    for model in registry.models():
        name = model.machine.name
        if look.kind not in ("", name) or not _under_way(model.machine) or (among is not None and name not in among):
            continue
        if look.tab == "mine":
            found.extend(_sent_by(model, user, now).for_list().order_by("-entered_at")[:limit])
        elif agencies:
            late = _late_in(model, user, agencies, now)
            late = late.filter(unit=look.unit) if look.unit else late
            found.extend(late.for_list().order_by("due_on", "entered_at")[:limit])
    if look.tab == "mine":
        found.sort(key=lambda record: record.entered_at, reverse=True)
    else:
        found.sort(key=lambda record: (record.due_on, record.entered_at))
    return found[:limit]


def _sent_by(model: type[Record], user: User, now: datetime | None) -> RecordQuerySet[Any]:
    """Records the person created that are still under way and that they may still read."""
    return model.objects.visible_to(user, now).filter(created_by=user, state__in=_under_way(model.machine))


def _under_way(machine: Machine) -> list[str]:
    """States that wait on somebody or are not published yet; what is published and waits on nobody has arrived."""
    return [stage.state for stage in machine.stages if not stage.final and (stage.waits_on or not stage.public)]


def _late_in(model: type[Record], user: User, agencies: Iterable[int], now: datetime | None) -> RecordQuerySet[Any]:
    """Records of these agencies that wait on somebody past their last day, as far as the person may read them."""
    waiting = [stage.state for stage in model.machine.stages if stage.waits_on]
    readable = model.objects.visible_to(user, now)
    return readable.filter(agency__in=list(agencies), state__in=waiting, due_on__lt=day_of(now))


def _done(user: User, look: Look, now: datetime | None) -> list[Line]:
    """Records the person acted on, each once with their latest deed, newest first, where still readable."""
    own = Move.objects.filter(actor=user)
    own = own.filter(machine=look.kind) if look.kind else own
    latest: dict[UUID, Move] = {}
    for move in own.defer("body").order_by("-pk")[:DEEDS_READ]:
        latest.setdefault(move.stream, move)
    found = readable(latest.values(), user, now)
    return [Line(found[stream], deed=move) for stream, move in latest.items() if stream in found][:PAGE]


def readable(moves: Iterable[Move], user: User, now: datetime | None = None) -> dict[UUID, Record]:
    """Records of these deeds that the person may read, by id; one query per machine that occurs."""
    streams: dict[str, set[UUID]] = {}
    for move in moves:
        streams.setdefault(move.machine, set()).add(move.stream)
    found: dict[UUID, Record] = {}
    for model in registry.models():
        wanted = streams.get(model.machine.name)
        if wanted:
            found |= {
                record.pk: record for record in model.objects.visible_to(user, now).for_list().filter(pk__in=wanted)
            }
    return found


def marked(lines: Iterable[Line]) -> list[Line]:
    """The same lines with what the apps say of their records; the queries of ``marks``."""
    rows = list(lines)
    found = marks(line.record for line in rows)
    return [replace(line, marks=found.get(line.record.pk, ())) for line in rows]


def _with_senders(records: list[Record]) -> list[Line]:
    """Beside each record the deed that brought it into its stage; one query."""
    keys, days = [record.pk for record in records], {record.entered_at for record in records}
    arrivals = Move.objects.filter(stream__in=keys, at__in=days).select_related("actor").defer("body")
    by_arrival = {(move.stream, move.at): move for move in arrivals.order_by("seq")}
    return [Line(record, deed=by_arrival.get((record.pk, record.entered_at))) for record in records]
