"""Figures that inspectors judge beside the same by the product's own data, and where the two differ (domain §6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from capa.machines.inspection import FLAGS
from capa.rollup import AGENCIES, INSPECTIONS, Figure, Indicator, Live
from capa.services.auto import AUTO as SAID
from capa.services.auto import Flags, flags_of
from capa.services.rollup import Checked, Place, Rows, one_figure

AUTO, AUTO_OF, DIFFER = "auto", "auto_of", "differ"
"""Keys of the lists: who counts by the product's own data, of whom, and of whom the inspector says otherwise."""
LIVE = "live"
"""Source of rows: inspected agencies as the product's data has them, without those that do not work with it."""
AT_ONCE = 500
"""Inspected agencies of which the product's word is given unasked: of the whole country it takes two seconds."""
SILENT = tuple(flag for flag in FLAGS if flag.key not in SAID)
"""Flags that only an inspector can tell."""


def is_quick(rows: Rows) -> bool:
    """Whether the product's word costs little."""
    return len(rows[INSPECTIONS]) <= AT_ONCE


def with_live(place: Place, rows: Rows) -> Rows:
    """The rows and those of ``LIVE``, as of the day of the place; a fixed number of queries more, none where nothing
    was inspected.
    """
    checked: Sequence[Checked] = rows[INSPECTIONS]
    names = {one.agency for one in checked}
    facts = {one.agency: one for one in rows[AGENCIES] if one.agency in names} if names else {}
    found = flags_of(facts, place.day, place.day.year)
    return {**rows, LIVE: [_live_row(one, found[one.agency]) for one in checked if one.agency in found]}


def _live_row(one: Checked, flags: Flags) -> Checked:
    return Checked(one.agency, one.pk, one.kind, one.mode, **flags)


def compared(figures: Sequence[Figure], rows: Rows) -> list[Figure]:
    """The figures, those that are judged with what the product's data says."""
    return [replace(one, live=_live(one.indicator, rows)) if one.indicator.is_judged else one for one in figures]


def _live(indicator: Indicator, rows: Rows) -> Live:
    judged = {(one.agency, one.mode): bool(indicator.hit(one)) for one in rows[INSPECTIONS]}
    base = [(one, bool(indicator.hit(one))) for one in rows[LIVE] if indicator.base(one)]
    return Live(
        behind=tuple(one.agency for one, hit in base if hit),
        of=tuple(one.agency for one, _hit in base),
        differ=tuple(one.agency for one, hit in base if hit != judged[one.agency, one.mode]),
    )


def one_compared(place: Place, number: int, key: str) -> tuple[Rows, Figure]:
    """One indicator with the rows it was counted over, and with the product's own word where the key asks for it."""
    rows, figure = one_figure(place, number)
    if not figure.indicator.is_judged or key not in (AUTO, AUTO_OF, DIFFER):
        return rows, figure
    rows = with_live(place, {**rows})
    return rows, compared([figure], rows)[0]
