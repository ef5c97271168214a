"""Which CARs a filter of the address means: the list, its export and every leaders' figure ask here.

One place, so that a number on the page of figures is always the length of the list that it leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from capa.machines.car import CAR, ENDED
from capa.models import Action
from capa.models.car_rows import CarQuerySet

KEYS = ("unit", "clause", "cause", "source", "severity", "group", "age", "timely", "year")
"""What an address may say; a page takes no other key for a filter of these figures."""

NONE = "none"
"""As value of ``clause``, ``cause``, ``source`` or ``severity``: CARs in which it is not written."""

COLUMNS = {"cause": "cause_category", "source": "source", "severity": "severity"}
WAITING = tuple(stage.state for stage in CAR.stages if stage.waits_on)
UNFOUNDED = ("rejected", "cancelled")
"""Neither counts as a nonconformity."""

GROUPS: dict[str, str | Promise] = {
    "open": _("Đang mở"),
    "overdue": _("Quá hạn"),
    "recurring": _("Lặp lại"),
    "closed": _("Đã đóng"),
    "raised": _("Phát sinh"),
}
AGES: dict[str, str | Promise] = {
    "0-30": _("0–30 ngày"),
    "31-60": _("31–60 ngày"),
    "61-90": _("61–90 ngày"),
    "over-90": _("Trên 90 ngày"),
}
_OLDEST = {"0-30": 30, "31-60": 60, "61-90": 90}
_YOUNGEST = {"31-60": 31, "61-90": 61, "over-90": 91}
_ID_DIGITS = 9  # fits every database's integer
_YEAR_DIGITS = 4


def chosen(rows: CarQuerySet, given: Mapping[str, str], today: date) -> CarQuerySet:
    """Rows that every filter given lets through; what it does not understand is taken as not said.

    ``rows`` come from ``visible_to``: this narrows only. ``year`` means the year of closing with the group ``closed``
    or with ``timely``, else the year in which the nonconformity was found.
    """
    said = {key: value for key in KEYS if (value := given.get(key, "")) and "\0" not in value}
    where = Q()
    for key, value in said.items():
        where &= _CONDITIONS[key](value, said, today)
    return rows.filter(where)


def group_q(name: str, today: date, year: int | None = None) -> Q:
    """CARs of a group. ``overdue`` as the inbox has it; ``recurring`` as a person confirmed it, or by its cycle."""
    if name == "open":
        return ~Q(state__in=ENDED)
    if name == "overdue":
        return Q(state__in=WAITING, due_on__lt=today)
    founded = ~Q(state__in=UNFOUNDED)
    if name == "recurring":
        found = founded & (Q(repeats__isnull=False) | Q(cycle__gt=1))
        return found & Q(found_on__year=year) if year else found
    if name == "closed":
        return Q(state="closed", closed_on__year=year) if year else Q(state="closed")
    return founded & Q(found_on__year=year) if year else founded


def age_q(name: str, today: date) -> Q:
    """CARs by days since they were found; a day to come, which an import may bring, is as young as today."""
    where = Q()
    if name in _OLDEST:
        where &= Q(found_on__gte=today - timedelta(days=_OLDEST[name]))
    if name in _YOUNGEST:
        where &= Q(found_on__lte=today - timedelta(days=_YOUNGEST[name]))
    return where


def timely_q() -> Q:
    """Closed CARs whose work was reported done by the last day of the approved plan.

    The plan's days, not the extended ones: an extension granted does not make a late work timely.
    """
    in_time = Action.objects.filter(car=OuterRef("pk"), planned_for__gte=OuterRef("completed_on"))
    return Q(state="closed") & Q(Exists(in_time))


def clause_key(clause: str) -> str:
    """The heading under which a clause is counted: 7.5.3 → 7.5; NONE for a CAR that names none."""
    return ".".join(clause.split(".")[:2]) or NONE


def year_of(given: Mapping[str, str]) -> int | None:
    """The year asked for; None for what is no year."""
    text = given.get("year", "")
    fits = text.isascii() and text.isdecimal() and len(text) == _YEAR_DIGITS
    return int(text) or None if fits else None


def _unit(value: str, _said: Mapping[str, str], _today: date) -> Q:
    fits = value.isascii() and value.isdecimal() and len(value) <= _ID_DIGITS
    return Q(unit=int(value)) if fits else Q()


def _clause(value: str, _said: Mapping[str, str], _today: date) -> Q:
    if value == NONE:
        return Q(clause="")
    return Q(clause=value) | Q(clause__startswith=f"{value}.") if "." in value else Q(clause=value)


def _column(name: str) -> Callable[[str, Mapping[str, str], date], Q]:
    return lambda value, _said, _today: Q(**{COLUMNS[name]: "" if value == NONE else value})


def _group(value: str, _said: Mapping[str, str], today: date) -> Q:
    return group_q(value, today) if value in GROUPS else Q()


def _age(value: str, _said: Mapping[str, str], today: date) -> Q:
    return age_q(value, today) if value in AGES else Q()


def _timely(value: str, _said: Mapping[str, str], _today: date) -> Q:
    return timely_q() if value == "1" else Q()


def _year(_value: str, said: Mapping[str, str], _today: date) -> Q:
    year = year_of(said)
    if year is None:
        return Q()
    by_closing = said.get("group") == "closed" or said.get("timely") == "1"
    return Q(closed_on__year=year) if by_closing else Q(found_on__year=year)


_CONDITIONS: dict[str, Callable[[str, Mapping[str, str], date], Q]] = {
    "unit": _unit,
    "clause": _clause,
    **{name: _column(name) for name in COLUMNS},
    "group": _group,
    "age": _age,
    "timely": _timely,
    "year": _year,
}
