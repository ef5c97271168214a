"""Makes one ministry or province of the national report, with everything below it, in one transaction.

How each kind of row comes about:

* governed records – versions of documents, declarations, decisions on units – by the one door, as the clock and with
  the day on which they are told to have happened; ``start_many`` judges each and writes a ledger row for each;
* rows that no door guards – units, lists of procedures, documents – by ``bulk_create``, with the columns that their
  ``save`` would fill. What listens to their ``save`` is the upkeep of kept facts, which is told by one row for the
  whole place, and the number of the public pages, which nobody has who never published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from capa.models import Touched
from config.demo.reports.national_plan import COURSES, EXEMPT, FULL, Body, Course, Plot
from config.demo.reports.places import agency, at_nine
from documents.models import AnnouncedChange, AnnouncedProcedure, Document, DocumentKind, DocumentVersion, Publication
from documents.models.document import code_key
from documents.numbers import number_key
from workflows import engine
from workflows.machines.tree import ENCOURAGED, NO_PROCEDURES, OBLIGATION, YES
from workflows.models import Unit, UnitDecision, UnitKind
from workflows.text import fold

DECIDED, LISTED = date(2014, 9, 1), date(2019, 1, 15)
IN_FORCE, DECLARED = date(2019, 7, 1), date(2020, 3, 2)
BEGUN, LISTED_LATER, IN_FORCE_LATER = date(2021, 1, 11), date(2021, 2, 1), date(2021, 3, 1)
"""Days of our own; the report says only what stood in April 2021."""
FIRST, LATER, POLICY = "TT-01", "TT-02", "CSCL"
LIST, LATER_LIST = "01/QĐ-CBTTHC", "02/QĐ-CBTTHC"
NAMES = {FIRST: "Thủ tục số 01", LATER: "Thủ tục số 02", POLICY: "Chính sách chất lượng"}
KINDS = {FIRST: DocumentKind.TTHC_PROC, LATER: DocumentKind.TTHC_PROC, POLICY: DocumentKind.POLICY}
CONTENTS: Mapping[str, dict[str, Any]] = {
    code: {"purpose": f"{name}.", "scope": "Cơ quan và các đơn vị trực thuộc."} for code, name in NAMES.items()
}
DECLARATION = {
    "edition": "TCVN ISO 9001:2015",
    "decision_no": "10/QĐ-CBHT",
    "decision_on": DECLARED,
    "website": "https://iso.example/cong-bo",
    "notified": "11/CV-CBHT",
    "alarms": "hidden",
}


def is_laid(plot: Plot) -> bool:
    """True if the place has been made to its end: all of it is one transaction, and its own declaration the last."""
    return Publication.objects.filter(agency__code=plot.code, decision_no=DECLARATION["decision_no"]).exists()


@transaction.atomic
def lay(plot: Plot) -> int:
    """Make what is missing of a place; return how many agencies it has."""
    units = _units(plot)
    rows = [(units[plot.code], COURSES[FULL]), *((units[one.code], COURSES[one.course]) for one in plot.bodies)]
    _decide(plot, units)
    _announce([one for one, course in rows if course.announced], FIRST, LIST, LISTED)
    _adopt(_those(rows, lambda course: course.in_force), (POLICY, FIRST), IN_FORCE)
    _declare(_those(rows, lambda course: course.declared))
    _announce(_those(rows, lambda course: course.later), LATER, LATER_LIST, LISTED_LATER)
    _adopt(_those(rows, lambda course: course.written), (LATER,), IN_FORCE_LATER)
    drafts = _documents(_those(rows, lambda course: course.drafted), FIRST, BEGUN)
    engine.start_many(drafts, "create", by=None, now=at_nine(BEGUN), content=CONTENTS[FIRST])
    Touched(agency=units[plot.code], below=True).save()
    return len(rows)


def _those(rows: Iterable[tuple[Unit, Course]], test: Callable[[Course], bool]) -> list[Unit]:
    return [unit for unit, course in rows if test(course)]


def _units(plot: Plot) -> dict[str, Unit]:
    """The place and what lies below it by code, parents before children; what another report has made stays."""
    own = {one.code: one for one in plot.bodies}
    found = {one.code: one for one in Unit.objects.agencies().filter(code__in=[plot.code, *own])}
    if plot.code not in found:
        found[plot.code] = agency(plot.code, plot.name, plot.kind)
    ends = found[plot.code].valid_to
    missing = [one for one in plot.bodies if one.code not in found]
    while missing:
        ready = [one for one in missing if one.above in found]
        made = Unit.objects.bulk_create(_unit(one, found[one.above], ends) for one in ready)
        for unit in made:
            unit.path, unit.agency_id = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/", unit.pk
            found[unit.code] = unit
        Unit.objects.bulk_update(made, ["path", "agency"], batch_size=200)
        missing = [one for one in missing if one.code not in found]
    return found


def _unit(body: Body, parent: Unit, ends: date | None) -> Unit:
    folded = fold(body.name)[:300]
    return Unit(code=body.code, name=body.name, name_folded=folded, kind=body.kind, parent=parent, valid_to=ends)


def _decide(plot: Plot, units: Mapping[str, Unit]) -> None:
    """A ministry encourages its service bodies, which the country's rule obliges, and says who has no procedures."""
    if plot.kind != UnitKind.MINISTRY:
        return
    place = units[plot.code]
    given = {"valid_from": DECIDED, "decision_no": "05/QĐ-ISO", "decision_on": DECIDED}
    decisions = [(place, OBLIGATION, ENCOURAGED, UnitKind.SUB_DEPARTMENT.value)]
    decisions += [(units[one.code], NO_PROCEDURES, YES, "") for one in plot.bodies if one.course == EXEMPT]
    for about, aspect, value, below in decisions:
        fresh = UnitDecision(about=about, agency=place, unit=place)
        engine.start(fresh, "record", by=None, now=at_nine(DECIDED), aspect=aspect, value=value, below=below, **given)


def _announce(agencies: Iterable[Unit], code: str, decision: str, since: date) -> None:
    AnnouncedProcedure.objects.bulk_create(
        AnnouncedProcedure(
            agency=one,
            code=code,
            code_key=code_key(code),
            title=NAMES[code],
            decision=decision,
            decision_key=number_key(decision),
            change=AnnouncedChange.NEW,
            effective_on=since,
            recorded_at=at_nine(since),
        )
        for one in agencies
    )


def _adopt(agencies: Sequence[Unit], codes: Iterable[str], since: date) -> None:
    """Documents of these codes, in force from a day on."""
    for code in codes:
        given = {"content": CONTENTS[code], "effective_from": since, "decision_no": "20/QĐ-BHTL"}
        engine.start_many(_documents(agencies, code, since), "adopt", by=None, now=at_nine(since), **given)


def _documents(agencies: Sequence[Unit], code: str, since: date) -> list[DocumentVersion]:
    """A document for each agency, known since a day; returns their first versions, which the door has still to take."""
    title, key = NAMES[code], code_key(code)
    search = fold(f"{code} {key} {title}").rstrip()
    own = {"kind": KINDS[code], "code": code, "code_key": key, "title": title, "search": search}
    made = Document.objects.bulk_create(Document(agency=one, unit=one, **own) for one in agencies)
    Document.objects.filter(pk__in=[one.pk for one in made]).update(created_at=at_nine(since))
    return [DocumentVersion(document=one, agency=one.agency, unit=one.unit, content={}) for one in made]


def _declare(agencies: Iterable[Unit]) -> None:
    fresh = [Publication(agency=one, unit=one) for one in agencies]
    engine.start_many(fresh, "adopt", by=None, now=at_nine(DECLARED), **DECLARATION)
