"""Kinds of records that end with their agency: the rows of their table named ``lapse`` say out of which states."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from workflows import engine
from workflows.carrying import Carrier, Find, Parting
from workflows.models import Record
from workflows.tables import Label

ENDS = lazy("Kết thúc cùng cơ quan, có ghi lý do; hồ sơ ở lại với cơ quan cũ, nơi nhận xem được")


def lapsers(model: type[Record]) -> tuple[str, ...]:
    """States out of which the table of a kind ends a record with its agency."""
    return tuple(state for row in model.machine.rows_of("lapse") for state in row.sources)


def ending(name: str, label: Label, model: type[Record], how: Label = ENDS) -> Carrier:
    """The kind as one that nobody takes over."""
    return Carrier(name, label, how, _open(model), lapse, inherited=False)


def _open(model: type[Record]) -> Find:
    states = lapsers(model)

    def find(agencies: Collection[int], day: date) -> QuerySet[Any]:
        del day
        rows: QuerySet[Any] = model.objects.filter(agency__in=list(agencies), state__in=states)
        return rows

    return find


def reason(parting: Parting) -> str:
    """Why it ends, for the ledger."""
    return _("Cơ quan kết thúc theo quyết định %(ground)s") % {"ground": parting.ground}


def lapse(record: Any, parting: Parting) -> None:
    """End one record."""
    engine.fire(record, "lapse", by=None, now=parting.now, note=reason(parting))
