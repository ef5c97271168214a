"""Agencies, units, people, committees and seats from one JSON file; a second load changes nothing.

Shape: an object with the lists ``agencies`` (code, name, kind, parent), ``units`` (code, name, agency, parent, fields),
``people`` (username, full_name, position, email, password), ``committees`` (agency, decision_no, decision_on,
valid_from, valid_to) and ``seats`` (username, role, unit or agency, committee, decision_no, decision_on, valid_from,
valid_to). ``kind`` is a code of ``UnitKind``, ``role`` a code of ``Role``; days are YYYY-MM-DD, ``valid_to`` excluded.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.db.models import Q

from workflows.importing import BadRow, Outcome, Report, Row, day, text, texts
from workflows.models import Committee, Seat, Unit, UnitKind, User
from workflows.roles import Role

LISTS = ("agencies", "units", "people", "committees", "seats")


def load(path: str, *, password: str = "") -> Report:
    """Load a file, list by list; a bad row is named and skipped. ``password`` is given to people without one."""
    try:
        data = json.loads(Path(path).read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
    if not isinstance(data, dict) or not all(isinstance(data.get(name, []), list) for name in LISTS):
        raise CommandError(f"{path}: must be an object with the lists {', '.join(LISTS)}")
    takers: dict[str, Callable[[Row], Outcome]] = {
        "agencies": take_agency,
        "units": take_division,
        "people": lambda row: take_person(row, password),
        "committees": take_committee,
        "seats": take_seat,
    }
    report = Report()
    with transaction.atomic():
        for name in LISTS:
            for number, row in enumerate(data.get(name, []), start=1):
                _take(row, name, number, takers[name], report)
    return report


def _take(row: Any, name: str, number: int, take: Callable[[Row], Outcome], report: Report) -> None:
    try:
        if not isinstance(row, dict):
            raise BadRow("not an object")
        with transaction.atomic():
            report.counts[take(row)] += 1
    except (BadRow, DatabaseError) as error:
        report.bad.append((name, number, str(error).splitlines()[0]))


def take_agency(row: Row) -> Outcome:
    """An agency: a ministry, province, department, sub-department or commune."""
    kind = text(row, "kind", required=True)
    if kind not in UnitKind.values or kind == UnitKind.DIVISION:
        raise BadRow(f"kind: {kind!r} is no kind of agency")
    parent_code = text(row, "parent")
    parent = _agency(parent_code) if parent_code else None
    return _unit(row, kind, parent, Unit.objects.agencies().filter(code=text(row, "code", required=True)).first())


def take_division(row: Row) -> Outcome:
    """A unit inside an agency; ``parent`` names another unit of it, the agency itself by default."""
    agency = _agency(text(row, "agency", required=True))
    parent_code = text(row, "parent")
    parent = agency if parent_code in ("", agency.code) else _unit_of(agency, parent_code)
    known = Unit.objects.filter(agency=agency, code=text(row, "code", required=True)).first()
    return _unit(row, UnitKind.DIVISION, parent, known)


def _unit(row: Row, kind: str, parent: Unit | None, known: Unit | None) -> Outcome:
    name, fields = text(row, "name", required=True, limit=300), texts(row, "fields")
    if known is None:
        code = text(row, "code", required=True, limit=40)
        Unit.objects.create(code=code, name=name, kind=kind, parent=parent, fields=fields)
        return "added"
    if known.name == name and (known.fields == fields or not fields):
        return "same"
    known.name, known.fields = name, fields or known.fields
    known.save()
    return "changed"


def take_person(row: Row, password: str = "") -> Outcome:
    """A person; a known username keeps its password."""
    username = text(row, "username", required=True, limit=150)
    facts = {
        "full_name": text(row, "full_name", limit=120) or username,
        "position": text(row, "position", limit=160),
        "email": text(row, "email", limit=254),
    }
    person = User.objects.filter(username=username).first()
    if person is None:
        User.objects.create_user(username, password=text(row, "password") or password or None, **facts)
        return "added"
    if all(getattr(person, name) == value for name, value in facts.items()):
        return "same"
    for name, value in facts.items():
        setattr(person, name, value)
    person.save(update_fields=list(facts))
    return "changed"


def take_committee(row: Row) -> Outcome:
    """A committee of an agency, known by its decision."""
    _committee, fresh = Committee.objects.get_or_create(
        agency=_agency(text(row, "agency", required=True)),
        decision_no=text(row, "decision_no", required=True, limit=60),
        defaults={
            "decision_on": day(row, "decision_on") or _must_day(row, "valid_from"),
            "valid_from": _must_day(row, "valid_from"),
            "valid_to": day(row, "valid_to"),
        },
    )
    return "added" if fresh else "same"


def take_seat(row: Row) -> Outcome:
    """A seat. A known one may be given its end; anything else about it is history."""
    role = text(row, "role", required=True)
    if role not in Role.values:
        raise BadRow(f"role: {role!r} is no role")
    person = User.objects.filter(username=text(row, "username", required=True)).first()
    if person is None:
        raise BadRow(f"username: no person {row['username']!r}")
    unit = _place(row)
    decision = text(row, "decision_no", limit=60)
    committee = _committee(row, unit, decision)
    seat, fresh = Seat.objects.get_or_create(
        user=person,
        role=role,
        unit=unit,
        valid_from=_must_day(row, "valid_from"),
        defaults={
            "committee": committee,
            "decision_no": decision,
            "decision_on": day(row, "decision_on"),
            "valid_to": day(row, "valid_to"),
        },
    )
    if fresh or seat.valid_to == day(row, "valid_to"):
        return "added" if fresh else "same"
    if seat.valid_to is not None:
        return "kept"
    seat.valid_to = day(row, "valid_to")
    seat.save(update_fields=["valid_to"])
    return "changed"


def _committee(row: Row, unit: Unit, decision: str) -> Committee | None:
    """The committee that the decision set up; for a later appointment to it, the one in force on that day."""
    mine = Committee.objects.filter(agency=unit.agency).order_by("valid_from")
    named = mine.filter(decision_no=decision).first()
    if named is not None or not row.get("committee"):
        return named
    since = _must_day(row, "valid_from")
    return mine.filter(Q(valid_to=None) | Q(valid_to__gt=since), valid_from__lte=since).last()


def _place(row: Row) -> Unit:
    """The unit of a seat: ``unit`` within ``agency`` if both are named; else the one unit or agency of that code."""
    code, agency_code = text(row, "unit"), text(row, "agency")
    if not code:
        return _agency(agency_code)
    if agency_code and code != agency_code:
        return _unit_of(_agency(agency_code), code)
    found = list(Unit.objects.filter(code=code).order_by("path")[:2])
    if len(found) != 1:
        raise BadRow(f"unit: {len(found) or 'no'} units of code {code!r}, name the agency as well")
    return found[0]


def _agency(code: str) -> Unit:
    found = Unit.objects.agencies().filter(code=code).first()
    if found is None:
        raise BadRow(f"no agency {code!r}")
    return found


def _unit_of(agency: Unit, code: str) -> Unit:
    found = Unit.objects.filter(agency=agency, code=code).first()
    if found is None:
        raise BadRow(f"agency {agency.code} has no unit {code!r}")
    return found


def _must_day(row: Row, name: str) -> date:
    found = day(row, name)
    if found is None:
        raise BadRow(f"{name}: missing")
    return found
