"""What the lines of a reorganisation say: which agencies end, who is heir to what, and what is wrong with them.

Agencies are named by their codes, because some of them are still to be founded; a division by its agency's code and its
own, ``XA9/HCTP``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from workflows.machines.reorganisation import ABOLISH, ENDING, FOUND, MERGE, MOVE, OFFER, RENAME, SPLIT
from workflows.models.people import Unit
from workflows.text import fold

MOST = 200
"""Lines of one decision."""


@dataclass(frozen=True)
class Line:
    """One line: what happens to which agency. ``into``: who takes over; ``documents``: how its documents go."""

    what: str
    unit: str
    into: tuple[str, ...] = ()
    name: str = ""
    kind: str = ""
    parent: str = ""
    documents: str = OFFER

    @property
    def ends(self) -> bool:
        """True if the agency is no more after it."""
        return self.what in ENDING


def line_of(row: Mapping[str, Any]) -> Line:
    """A stored row as a line."""
    return Line(**{**row, "into": tuple(row["into"])})


class Plan:
    """The lines with the units that they name; two queries, however many lines there are.

    ``over``: who decides, and takes over what an agency leaves that ends without an heir, or whose heirs have ended.
    """

    def __init__(self, lines: list[Line], choices: Mapping[str, Mapping[str, str]], over: Unit | None = None) -> None:
        self.lines, self._choices, self._over = lines, choices, over
        named = {code for one in lines for code in (one.unit, one.parent, *one.into) if code}
        found = Unit.objects.agencies().filter(code__in=named).select_related("successor")
        self.units = {unit.code: unit for unit in found}
        self.founded = {one.unit: one for one in lines if one.what == FOUND}
        self.endings = {self.units[one.unit].pk: one for one in lines if one.ends and one.unit in self.units}
        self._known = {one.code: one for unit in self.units.values() for one in (unit, lasting(unit))}
        if over is not None and not all(self._takers(pk) for pk in self.endings):
            self._known.setdefault(over.code, over)
        keys = [unit.pk for unit in self._known.values()]
        mine = Unit.objects.filter(Q(agency__in=keys) | Q(parent__in=list(self.endings))).select_related("agency")
        self.parts: dict[int, list[Unit]] = defaultdict(list)
        self.children: list[Unit] = []
        for unit in mine.order_by("path"):
            if unit.is_agency and unit.parent_id in self.endings:
                self.children.append(unit)
            self.parts[unit.agency_id or unit.pk].append(unit)

    def places(self, agency: int) -> dict[str, str]:
        """Who may take over something of an agency that ends, by reference, with its name."""
        found: dict[str, str] = {}
        for code in self._takers(agency) or ([self._over.code] if self._over else []):
            known = self._known.get(code)
            found[code] = known.name if known else self.founded[code].name if code in self.founded else code
            divisions = [one for one in self.parts.get(known.pk, ()) if one.pk != known.pk] if known else []
            found |= {f"{code}/{one.code}": f"{found[code]}: {one.name}" for one in divisions if one.valid_to is None}
        return found

    def _takers(self, agency: int) -> list[str]:
        """Codes of who takes over by the line; who has ended since is stood for by the successor, if there is one."""
        named = {code: self.units.get(code) for code in self.endings[agency].into}
        last = {code: lasting(unit) if unit else None for code, unit in named.items()}
        codes = [one.code if one else code for code, one in last.items() if one is None or one.valid_to is None]
        return list(dict.fromkeys(codes))

    def heir(self, unit: Unit, thing: object = "") -> str:
        """Who takes over what a unit holds, or this one thing of it; "" if nobody is named and no rule says it."""
        places = self.places(unit.agency_id or unit.pk)
        for table, key in (("things", str(thing)), ("units", str(unit.pk))):
            if (chosen := self._choices.get(table, {}).get(key, "")) in places:
                return chosen
        return self._by_rule(unit, places)

    def _by_rule(self, unit: Unit, places: Mapping[str, str]) -> str:
        """The division of the same code or name, if there is one; else the only agency that takes over, if it is."""
        agency = unit.agency_id or unit.pk
        takers = self._takers(agency)
        if takers and unit.agency_id != unit.pk:
            for alike in (self._same_code, self._same_name):
                found = [ref for ref in places if "/" in ref and alike(unit, ref, places)]
                if len(found) == 1:
                    return found[0]
        return takers[0] if takers and len(self.endings[agency].into) == 1 else ""

    @staticmethod
    def _same_code(unit: Unit, ref: str, places: Mapping[str, str]) -> bool:
        del places
        return ref.partition("/")[2] == unit.code

    @staticmethod
    def _same_name(unit: Unit, ref: str, places: Mapping[str, str]) -> bool:
        return fold(places[ref].rpartition(": ")[2]) == unit.name_folded

    def manner(self, unit: Unit, thing: object) -> str:
        """How a document goes: as chosen for it, else as the line says."""
        line = self.endings[unit.agency_id or unit.pk]
        return self._choices.get("documents", {}).get(str(thing), line.documents)

    def problems(self, place: Unit | None, day: date) -> list[str]:
        """What keeps the lines from being carried out; ``place``: in whose tree all of it must lie."""
        found = list(dict.fromkeys(self._problems(place, day)))
        return found or ([] if self.lines else [_("Chưa có dòng nào.")])

    def _problems(self, place: Unit | None, day: date) -> Iterator[str]:
        named = Counter((one.unit, one.what if one.what in (RENAME, MOVE) else "") for one in self.lines)
        ending = {one.unit for one in self.lines if one.ends}
        for one in self.lines:
            twice = named[one.unit, one.what if one.what in (RENAME, MOVE) else ""] > 1
            if twice or (one.unit in ending and not one.ends):
                yield _("“%(code)s” có trong nhiều dòng.") % {"code": one.unit}
            yield from self._unit(one, day)
            yield from self._shape(one)
            for code in (*one.into, *([one.parent] if one.parent else [])):
                yield from self._target(one, code, ending, day)
        yield from self._outside(place)
        yield from self._orphans()
        for code in self.loops():
            yield _("“%(code)s” sẽ trực thuộc cơ quan dưới mình; cần một dòng chuyển về nơi khác.") % {"code": code}

    def _unit(self, one: Line, day: date) -> Iterator[str]:
        if one.what == FOUND:
            if one.unit in self.units:
                yield _("Mã “%(code)s” đã có cơ quan dùng.") % {"code": one.unit}
            return
        known = self.units.get(one.unit)
        if known is None:
            yield _("Không có cơ quan mã “%(code)s”.") % {"code": one.unit}
        elif not stands(known, day) or (one.ends and known.valid_from == day):
            yield _("“%(name)s” không tồn tại vào ngày hiệu lực.") % {"name": known}

    @staticmethod
    def _shape(one: Line) -> Iterator[str]:
        wants = {MERGE: (1, 1), SPLIT: (2, MOST), ABOLISH: (0, 1)}.get(one.what, (0, 0))
        if not wants[0] <= len(set(one.into)) <= wants[1] or len(set(one.into)) != len(one.into):
            yield {
                MERGE: _("“%(code)s”: nhập vào đúng một cơ quan."),
                SPLIT: _("“%(code)s”: chia, tách thành từ hai cơ quan khác nhau."),
            }.get(one.what, _("“%(code)s”: dòng này không có nơi nhận như vậy.")) % {"code": one.unit}
        if one.what in (FOUND, RENAME) and not one.name:
            yield _("“%(code)s”: cần tên.") % {"code": one.unit}
        if one.what == FOUND and not one.kind:
            yield _("“%(code)s”: cần loại cơ quan.") % {"code": one.unit}
        if (one.what == MOVE) > bool(one.parent) or (bool(one.parent) and one.what not in (MOVE, FOUND)):
            yield _("“%(code)s”: chỉ và phải ghi cơ quan cấp trên khi chuyển trực thuộc hoặc thành lập.") % {
                "code": one.unit
            }

    def _target(self, one: Line, code: str, ending: set[str], day: date) -> Iterator[str]:
        known = self.units.get(code)
        if known is None and code not in self.founded:
            yield _("Không có cơ quan mã “%(code)s”.") % {"code": code}
        elif code in ending or code == one.unit:
            yield _("“%(code)s” không nhận được vì chính nó kết thúc.") % {"code": code}
        elif known is not None and not stands(known, day):
            yield _("“%(name)s” không tồn tại vào ngày hiệu lực.") % {"name": known}

    def _outside(self, place: Unit | None) -> Iterator[str]:
        if place is None:
            return
        for unit in self.units.values():
            if not unit.path.startswith(place.path):
                yield _("“%(code)s” nằm ngoài cây của cơ quan quyết định.") % {"code": unit.code}
        own = [one for one in self.lines if one.unit == place.code and one.what != RENAME]
        if own:
            yield _("Cơ quan chỉ tự đổi tên mình; việc khác do cấp trên quyết định.")
        for one in self.founded.values():
            if not one.parent:
                yield _("“%(code)s”: cần cơ quan cấp trên.") % {"code": one.unit}

    def _orphans(self) -> Iterator[str]:
        """What is below an agency that ends goes with it to its heir, or must be placed by a line of its own."""
        placed = {one.unit for one in self.lines if one.what == MOVE or one.ends}
        for child in self.children:
            line = self.endings[child.parent_id or 0]
            if child.valid_to is None and child.code not in placed and len(line.into) != 1:
                yield _("“%(name)s” trực thuộc cơ quan kết thúc, cần một dòng chuyển về nơi mới.") % {"name": child}

    def loops(self) -> list[str]:
        """Agencies that would come to stand below themselves."""
        above = {one.unit: one.parent for one in self.lines if one.what in (MOVE, FOUND) and one.parent}
        ended = {one.unit for one in self.lines if one.ends}
        for child in self.children:
            line = self.endings[child.parent_id or 0]
            if child.valid_to is None and child.code not in {*above, *ended} and len(line.into) == 1:
                above[child.code] = line.into[0]
        known = {unit.code: unit for unit in (*self.children, *self.units.values())}
        moved = {str(known[code].pk): code for code in above if code in known}

        def up(code: str) -> str:
            """The nearest at or above that moves itself."""
            path = known[code].path.strip("/").split("/") if code in known else []
            return code if code in above else next((moved[pk] for pk in reversed(path) if pk in moved), "")

        found = []
        for code, over in above.items():
            here, passed = up(over), set[str]()
            while here and here != code and here not in passed:
                passed.add(here)
                here = up(above[here])
            found += [code] if here == code else []
        return found


def lasting(unit: Unit) -> Unit:
    """The unit, or if it has ended, the last in the line of its successors."""
    while unit.valid_to is not None and unit.successor is not None:
        unit = unit.successor
    return unit


def stands(unit: Unit, day: date) -> bool:
    """True if the unit exists on a day."""
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or unit.valid_to > day)
