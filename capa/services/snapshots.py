"""Roll-ups kept as they stood: the rows that were counted, what was counted from them, and the digest of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone, translation

from capa.models import Snapshot
from capa.rollup import AGENCIES, INSPECTIONS, REGISTER, Facts, Figure, Listed
from capa.services.rollup import Checked, Place, Rows, counted, references, rows_of
from capa.shapes import digest
from workflows.errors import NotYourTurn
from workflows.models import Unit, User, day_of
from workflows.roles import Role

TAKERS = frozenset({Role.ISO_SECRETARY, Role.QMR, Role.STEERING_HEAD, Role.PROVINCE_COORDINATOR, Role.NATIONAL_VIEWER})
"""Who freezes figures, and enters what a report on paper says: those who answer for reports (domain §6.4)."""
SHAPES: Mapping[str, type[NamedTuple]] = {AGENCIES: Facts, INSPECTIONS: Checked, REGISTER: Listed}


def may_take(user: User, place: Place, now: datetime | None = None) -> bool:
    """Whether a person answers for reports of a node: in it or above it; of the country who watches it."""
    seats = [seat for seat in user.seats_held(now) if seat.role in TAKERS]
    if place.node is None:
        return any(seat.watches_country for seat in seats)
    return any(seat.watches_country or place.path.startswith(seat.agency.path) for seat in seats)


@transaction.atomic
def take(place: Place, user: User, note: str = "", now: datetime | None = None) -> Snapshot:
    """Freeze the figures of a node on a day. Raises ``NotYourTurn``, and ``NotYet`` for a day to come."""
    moment = now or timezone.now()
    if not may_take(user, place, moment):
        raise NotYourTurn
    rows = rows_of(place, day_of(moment))
    with translation.override("vi"):
        figures = [shown(one) for one in counted(rows, references(place))]
    kept = {source: [[_plain(value) for value in row] for row in rows[source]] for source in SHAPES}
    names = dict(Unit.objects.filter(pk__in=[row.agency for row in rows[AGENCIES]]).values_list("pk", "name"))
    body = {**kept, "names": {str(pk): name for pk, name in sorted(names.items())}}
    return Snapshot.objects.create(
        node=place.node,
        path=place.path,
        day=place.day,
        note=note,
        taken_at=moment,
        taken_by=user,
        rows=body,
        figures=figures,
        sha256=digest({"rows": body, "figures": figures, "day": place.day.isoformat(), "path": place.path}),
    )


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)


def is_intact(kept: Snapshot) -> bool:
    """What it holds is what was frozen."""
    body = {"rows": kept.rows, "figures": kept.figures, "day": kept.day.isoformat(), "path": kept.path}
    return digest(body) == kept.sha256


def rows_kept(kept: Snapshot) -> Rows:
    """The rows that were counted."""
    return {source: [_row(shape, values) for values in kept.rows[source]] for source, shape in SHAPES.items()}


def _row(shape: type[NamedTuple], values: Sequence[Any]) -> Any:
    return shape(*values)


def shown(one: Figure) -> dict[str, Any]:
    """A figure as plain values: what a snapshot keeps and what files print."""
    row = one.indicator
    return {
        "number": row.number,
        "key": row.key,
        "label": str(row.label),
        "means": str(row.means),
        "whole": str(row.whole),
        "numerator": one.numerator,
        "denominator": one.denominator,
        "held": one.held,
        "source": one.reference.source if one.reference else "",
        "percent": None if one.percent is None else str(one.percent),
        "overlaps": list(row.overlaps),
        "parts": [{"key": part.key, "label": str(part.label), "number": part.number} for part in one.parts],
    }
