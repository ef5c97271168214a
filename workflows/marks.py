"""Marks on records in lists of the kernel: an app says in words what is amiss with what a record is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflows.models import Record


@dataclass(frozen=True)
class Mark:
    """What is said of a record, in words; the colour only repeats it."""

    text: str
    colour: str


Marker = Callable[[Sequence[Any]], Mapping[UUID, list[Mark]]]
_markers: dict[str, Marker] = {}


def register(machine: str, marker: Marker) -> None:
    """Announce who marks the records of a machine; called once per app at ``ready()``. One marker may mark several."""
    _markers[machine] = marker


def marks(records: Iterable[Record]) -> dict[UUID, list[Mark]]:
    """Marks by record, those without any left out; as many queries as the markers that are asked say they cost."""
    asked: dict[Marker, list[Record]] = {}
    for record in records:
        marker = _markers.get(record.machine.name)
        if marker is not None:
            asked.setdefault(marker, []).append(record)
    return {pk: own for marker, rows in asked.items() for pk, own in marker(rows).items() if own}
