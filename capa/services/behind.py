"""The list behind a number of the roll-up: what was counted, so it is as long as the number or adds up to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from capa.machines.inspection import FLAGS
from capa.models import Inspection, Provider
from capa.rollup import AGENCIES, ALL_OF, ANY_OF, INSPECTIONS, REGISTER, SUM, Figure, Indicator
from capa.services.agencyfacts import reissued_on, under_way_on
from capa.services.compared import AUTO, AUTO_OF, DIFFER, LIVE
from capa.services.rollup import KINDS, Place, Rows
from documents.models import DocumentVersion
from workflows.models import Unit, User

NUMERATOR, DENOMINATOR = "in", "of"
LIVE_LABELS = {
    AUTO: lazy("Theo dữ liệu hệ thống: %(label)s"),
    AUTO_OF: lazy("Cơ quan được kiểm tra trực tiếp có dữ liệu trong hệ thống"),
    DIFFER: lazy("Đoàn kiểm tra và dữ liệu hệ thống nói khác nhau: %(label)s"),
}
BY_UNIT = {15: {NUMERATOR: reissued_on, "planned": under_way_on}}
"""Indicators that are told by unit and not by agency (F15), by which versions."""
WHOLE_LABEL = lazy("Mẫu số trong hệ thống: %(whole)s")


@dataclass(frozen=True)
class Behind:
    """What is behind one number. ``ids`` of the lines, in their order; ``adds``: their numbers add up to it."""

    key: str
    label: str | Promise
    number: int
    ids: Sequence[int]
    adds: bool = False
    by_unit: bool = False


@dataclass(frozen=True)
class Line:
    """One line: what it is, its page, how much it adds, why it counts, and the inspection that says so."""

    text: str
    url: str
    kind: str | Promise
    number: str = ""
    detail: str = ""
    inspection: str = ""


def behind(place: Place, figure: Figure, key: str, *, by_unit: bool = True) -> Behind | None:
    """What is behind the numerator, the denominator as the rows give it, or a part; None if there is no such number.

    ``by_unit`` False: by agency also what the records of today could tell by unit.
    """
    one = figure.indicator
    part = figure.part(key)
    if by_unit and key in BY_UNIT.get(one.number, ()):
        label, number = (part.label, part.number) if part else (one.label, figure.numerator)
        return Behind(key, label, number, list(_units(place, one, key)), adds=True, by_unit=True)
    if key == NUMERATOR:
        return Behind(key, one.label, figure.numerator, figure.behind, adds=one.how == SUM)
    if key == DENOMINATOR and one.has_denominator:
        label = WHOLE_LABEL % {"whole": one.whole}
        return Behind(key, label, figure.held, figure.of, adds=one.how == SUM)
    if figure.live is not None and key in LIVE_LABELS:
        ids = {AUTO: figure.live.behind, AUTO_OF: figure.live.of, DIFFER: figure.live.differ}[key]
        return Behind(key, LIVE_LABELS[key] % {"label": one.label}, len(ids), ids)
    if part is None:
        return None
    return Behind(key, part.label, part.number, part.behind, adds=part.number != len(part.behind))


def lines(
    place: Place,
    rows: Rows,
    figure: Figure,
    found: Behind,
    ids: Sequence[int],
    *,
    user: User | None = None,
    names: Mapping[str, str] | None = None,
) -> list[Line]:
    """Lines of some of its ids, in their order; a fixed number of queries. ``names``: what agencies were called
    in a snapshot, from whose rows their kind comes too.

    ``user`` is led to those agencies only that they see, and those inspections that they may read; nobody to any.
    """
    one = figure.indicator
    if one.source == REGISTER:
        entries = Provider.objects.in_bulk(list(ids))
        return [Line(str(entries[pk]), "", entries[pk].get_kind_display(), detail=entries[pk].flag) for pk in ids]
    units = Unit.objects.select_related("agency").in_bulk(list(ids))
    pages = _pages(place, units.values(), user)
    if found.by_unit:
        counts = _units(place, one, found.key)
        return [_line(units[pk], pages, str(counts[pk])) for pk in ids]
    told = _told(one, rows, found)
    if names is not None:
        kinds = {row.agency: row.kind for row in rows[AGENCIES]}
        for pk, unit in units.items():
            unit.name, unit.kind = names.get(str(pk), unit.name), kinds.get(pk, unit.kind)
    led = _inspections(one, rows, ids, user)
    return [_line(units[pk], pages, *told.get(pk, ("", "")), led.get(pk, "")) for pk in ids]


def _inspections(one: Indicator, rows: Rows, ids: Sequence[int], user: User | None) -> dict[int, str]:
    """Pages of the inspections that were counted, by agency; one query, none for other figures."""
    if one.source != INSPECTIONS or user is None:
        return {}
    wanted = set(ids)
    mine = {str(row.pk): row.agency for row in rows[INSPECTIONS] if row.agency in wanted and _counted(one, row)}
    seen = Inspection.objects.visible_to(user).filter(pk__in=list(mine)).order_by().values_list("pk", flat=True)
    return {mine[str(pk)]: reverse("capa:inspection", args=[pk]) for pk in seen}


def _counted(one: Indicator, row: Any) -> bool:
    """It stands in the denominator; where there is none, in the numerator."""
    return bool(one.base(row) if one.has_denominator else one.hit(row))


def _pages(place: Place, units: Iterable[Unit], user: User | None) -> dict[int, str]:
    """Figures of the agencies of units on the day, by agency, of those that the person sees."""
    paths, page = tuple(user.agency_paths()) if user is not None else (), reverse("capa:rollup")
    owners = {owner.pk for owner in (unit.agency or unit for unit in units) if owner.path.startswith(paths)}
    return {pk: f"{page}?node={pk}&on={place.day.isoformat()}" for pk in owners}


def _line(unit: Unit, pages: Mapping[int, str], number: str = "", detail: str = "", inspection: str = "") -> Line:
    owner = unit.agency or unit
    name = str(unit) if unit.is_agency else f"{unit} · {owner}"
    return Line(name, pages.get(owner.pk, ""), KINDS.get(unit.kind, unit.kind), number, detail, inspection)


def _units(place: Place, one: Indicator, key: str) -> dict[int, int]:
    """Units with their number of versions, in the order of the tree."""
    which = BY_UNIT[one.number][key](place.day)
    rows: Any = DocumentVersion.objects.filter(place.among.of()).filter(which)
    rows = rows.filter(agency__in=Unit.objects.standing_on(place.day)).order_by("unit__path").values("unit")
    return {row["unit"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _told(one: Indicator, rows: Rows, found: Behind) -> dict[int, tuple[str, str]]:
    """By id, how much a line adds and why it counts."""
    mine = rows.get(one.source, ())
    if one.how in (ALL_OF, ANY_OF):
        return _of_places(one, mine)
    if one.how == SUM and one.of is not None:
        return {row.agency: (f"{one.hit(row)}/{one.of(row)}", "") for row in mine}
    if found.adds:
        hit = next((part.hit for part in one.parts if part.key == found.key), one.hit)
        return {row.agency: (str(int(hit(row))), "") for row in mine}
    if found.key in LIVE_LABELS:
        return _of_both(one, rows)
    if one.source == INSPECTIONS:
        return {row.agency: ("", _reasons(one, row)) for row in mine if one.base(row)}
    return {}


def _reasons(one: Indicator, row: Any) -> str:
    return ", ".join(str(part.label) for part in one.parts if part.hit(row))


def _of_both(one: Indicator, rows: Rows) -> dict[int, tuple[str, str]]:
    """Of each agency what the inspector said and what the product's data says, with the flags that differ."""
    judged = {(row.agency, row.mode): row for row in rows[INSPECTIONS]}
    pairs = [(judged[row.agency, row.mode], row) for row in rows[LIVE] if one.base(row)]
    words = _("đoàn kiểm tra: %(judged)s; hệ thống: %(live)s")
    said = {True: _("có"), False: _("không")}
    told = {}
    for row, live in pairs:
        sentence = words % {"judged": said[bool(one.hit(row))], "live": said[bool(one.hit(live))]}
        told[row.agency] = ("", f"{sentence}{_apart(one, row, live)}")
    return told


def _apart(one: Indicator, row: Any, live: Any) -> str:
    """The flags of the figure that both have said, and not alike."""
    found = [
        str(flag.label)
        for flag in FLAGS
        if one.key in flag.figure.split()
        and None not in (getattr(row, flag.key), getattr(live, flag.key))
        and getattr(row, flag.key) != getattr(live, flag.key)
    ]
    return f" ({', '.join(found)})" if found else ""


def _of_places(one: Indicator, rows: Iterable[Any]) -> dict[int, tuple[str, str]]:
    """Of each ministry or province, how many of its agencies count, of how many that are asked."""
    counts: dict[int, list[int]] = {}
    for row in rows:
        if one.base(row):
            held = counts.setdefault(row.place, [0, 0])
            held[0] += bool(one.hit(row))
            held[1] += 1
    words = _("%(part)d/%(whole)d cơ quan")
    return {pk: ("", words % {"part": part, "whole": whole}) for pk, (part, whole) in counts.items()}
