"""The ministry of November 2013: 2 + 1 + 1 + 1 + 2 + 3 procedures re-issued in six units, 7 more planned (F15).

Each procedure is a document that was in use before; each re-issue is its next version, drafted, reviewed, approved and
issued by people of that year through the door, with a decision of 2013; each planned one is a draft that is open. The
report names neither units nor procedures nor days, so they are numbered, and the days are ours; it does not divide the
seven by units either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from rich.console import Console
from rich.progress import track

from capa.rollup import Figure
from capa.services.behind import NUMERATOR, behind, lines
from capa.services.rollup import Place, rows_of
from config.demo.reports.frame import Printed, frozen, say, tell
from config.demo.reports.places import at_nine, document, ministry_of_2013
from documents.models import DocumentVersion, open_version
from documents.services.imports import regulation_take
from workflows import engine
from workflows.models import Committee, Seat, Unit, UnitKind, User
from workflows.roles import Role

DAY = date(2013, 11, 30)
REISSUED = (2, 1, 1, 1, 2, 3)
PLANNED = (1, 1, 1, 1, 1, 2)
IN_USE, DRAFTED, PLANNED_ON = date(2013, 1, 2), date(2013, 9, 2), date(2013, 11, 15)
WANTED = date(2013, 12, 31)
DECISION, SINCE = {"decision_no": "Báo cáo không nêu"}, {"decision_on": IN_USE, "valid_from": IN_USE}
BASIS = {"number": "144/2006/QĐ-TTg", "issuer": "Thủ tướng Chính phủ", "issued": "2006-06-20", "expired": "2014-05-18"}
"""Replaced by Decision 19/2014 (domain §1.1)."""
PATH = (
    ("submit", Role.DRAFTER),
    ("agree", Role.UNIT_HEAD),
    ("pass", Role.ISO_SECRETARY),
    ("agree", Role.QMR),
    ("approve", Role.STEERING_HEAD),
    ("issue", Role.RECORDS_CLERK),
    ("effect", None),
)
"""From the draft to the day on which it takes effect, a step a day, and whose step it is."""
OF_AGENCY = {
    Role.STEERING_HEAD: "Thứ trưởng",
    Role.QMR: "Chánh Văn phòng",
    Role.ISO_SECRETARY: "Đơn vị thường trực",
    Role.RECORDS_CLERK: "Văn thư",
}
OF_UNIT = {Role.UNIT_HEAD: "Trưởng đơn vị", Role.DRAFTER: "Chuyên viên"}
PRINTED = (Printed(15, sum(REISSUED)), Printed(15, sum(PLANNED), part="planned"))


@dataclass(frozen=True)
class _Work:
    """One procedure. ``planned``: only its draft is open."""

    unit: Unit
    number: int
    planned: bool


class Ministry2013:
    """The report of the steering committee of a ministry's own units."""

    name = "ministry"
    title = "Một bộ, tháng 11/2013: quy trình ban hành lại trong năm"

    def load(self, console: Console) -> None:
        """Units, people of 2013, procedures in use, and what was done to them that year."""
        ministry = ministry_of_2013()
        regulation_take(BASIS)
        units = [_unit(ministry, number) for number in range(1, len(REISSUED) + 1)]
        people = {role: _seated(ministry, role, title) for role, title in OF_AGENCY.items()}
        works = _works(units)
        for work in track(works, "Bộ 2013: quy trình", console=console, disable=not console.is_terminal):
            hands = people | {role: _seated(work.unit, role, title) for role, title in OF_UNIT.items()}
            _walk(work, hands)
        console.print(f"Bộ 2013: {len(works)} quy trình của {len(units)} đơn vị")

    def tell(self, console: Console) -> None:
        """Both numbers, and the first by unit."""
        ministry = ministry_of_2013()
        kept, figures = frozen(ministry, DAY, self.title, PRINTED)
        tell(console, kept, figures, PRINTED)
        for key, label in ((NUMERATOR, "Ban hành lại theo đơn vị"), ("planned", "Đang soạn thảo theo đơn vị")):
            counts = by_unit(ministry, figures, key)
            say(console, f"{label}: {' + '.join(map(str, counts))} = {sum(counts)}")


def by_unit(ministry: Unit, figures: list[Figure], key: str) -> list[int]:
    """The numbers behind F15, unit by unit, as its page lists them."""
    place, figure = Place(ministry, DAY), next(one for one in figures if one.indicator.number == PRINTED[0].indicator)
    found = behind(place, figure, key)
    if found is None:
        raise LookupError(key)
    return [int(one.number) for one in lines(place, rows_of(place), figure, found, found.ids)]


def _unit(ministry: Unit, number: int) -> Unit:
    given = {"name": f"Đơn vị {number}", "kind": UnitKind.DIVISION, "parent": ministry}
    return Unit.objects.get_or_create(agency=ministry, code=f"DV{number}", defaults=given)[0]


def _seated(unit: Unit, role: Role, title: str) -> User:
    """The one who holds a role in a unit in that year."""
    name = f"{ministry_of_2013().code}-{unit.code}-{role}".lower()
    person = User.objects.filter(username=name).first()
    if person is None:
        person = User.objects.create_user(name, password=None, full_name=f"{title} · {unit}", position=title)
    committee = Committee.objects.get_or_create(agency=unit.agency, **DECISION, defaults=SINCE)[0]
    given = {"committee": committee, **DECISION}
    Seat.objects.get_or_create(user=person, role=role, unit=unit, valid_from=IN_USE, defaults=given)
    return person


def _works(units: Sequence[Unit]) -> list[_Work]:
    """Numbered through: those that were re-issued first, unit by unit, then those planned."""
    found = [(unit, False) for unit, number in zip(units, REISSUED, strict=True) for _each in range(number)]
    found += [(unit, True) for unit, number in zip(units, PLANNED, strict=True) for _each in range(number)]
    return [_Work(unit, at, planned) for at, (unit, planned) in enumerate(found, start=1)]


@transaction.atomic
def _walk(work: _Work, hands: Mapping[Role, User]) -> None:
    """Bring a procedure to where it stood in November 2013, from wherever it is; whole or not at all."""
    agency, code = work.unit.agency, f"QT.{work.number:02}"
    owner, fresh = document(work.unit, code, f"Quy trình số {work.number:02}", at_nine(IN_USE))
    if not fresh:
        return
    first = DocumentVersion(document=owner, agency=agency, unit=work.unit, content={})
    engine.start(first, "adopt", by=None, now=at_nine(IN_USE), content=_content(work.unit), effective_from=None)
    drafted = at_nine(PLANNED_ON if work.planned else DRAFTED + timedelta(days=work.number))
    note = "Ban chỉ đạo đề nghị sửa đổi"
    draft = open_version(owner, by=hands[Role.DRAFTER], note=note, wanted_by=WANTED, now=drafted)
    if work.planned:
        return
    for after, (action, role) in enumerate(PATH, start=1):
        now = drafted + timedelta(days=after)
        days = {"decision_on": now.date(), "effective_from": now.date() + timedelta(days=1)}
        asked: dict[str, Any] = days if action == "issue" else {}
        draft = engine.fire(draft, action, by=hands[role] if role else None, now=now, **asked)


def _content(unit: Unit) -> dict[str, Any]:
    """As little as a procedure must hold to be submitted: the report tells nothing of what they say."""
    told = "Báo cáo không nêu"
    return {
        "purpose": told,
        "scope": unit.name,
        "definitions": told,
        "dossier": [{"key": "d1", "item": told, "quantity": ""}],
        "time_limit": {"text": told, "days": None},
        "fee": told,
        "steps": [{"key": "s1", "name": told, "responsible": unit.name, "time": "", "form": ""}],
        "legal_basis": [{"key": "b1", "number": BASIS["number"], "issuer": BASIS["issuer"], "note": ""}],
        "forms": [],
        "records": [{"key": "r1", "name": told, "holder": unit.name, "retention": told}],
    }
