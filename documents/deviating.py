"""Where a document differs from the model it follows, and whether the model lets it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from documents.redline import aligned
from documents.sections import SECTIONS, Content, Section


def _parts() -> Iterator[tuple[str, Any, Any]]:
    for item in SECTIONS:
        yield item.key, item.label, ""
        if item.kind == "rows":
            for column in item.columns:
                yield f"{item.key}.{column.key}", item.label, column.label


@dataclass(frozen=True, slots=True)
class Part:
    """What an agency may be let to write otherwise: a section, or one column of its rows."""

    name: str
    section: Any
    column: Any

    @property
    def label(self) -> str:
        """In words."""
        return f"{self.section}: {self.column}" if self.column else str(self.section)


PARTS = {name: Part(name, section, column) for name, section, column in _parts()}
"""A section stands for its rows and all their cells, a column for its cells alone."""

NOTHING = lazy("đúng như mô hình")


@dataclass(frozen=True, slots=True)
class Deviation:
    """Parts in which a document differs: those that the model opens, and those that it does not (drift)."""

    overridden: tuple[str, ...] = ()
    drifted: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """The harder of both."""
        return "drifted" if self.drifted else "overridden" if self.overridden else "same"


def deviation(model: Content, mine: Content, opened: Collection[str]) -> Deviation:
    """Compare a document with the item that it follows; ``opened``: parts that an adopter may override."""
    theirs: Mapping[str, Any] = model
    own: Mapping[str, Any] = aligned(mine, model)
    found = [part for item in SECTIONS for part in _differing(item, theirs[item.key], own[item.key])]
    free = [part for part in found if part in opened or part.partition(".")[0] in opened]
    return Deviation(tuple(free), tuple(part for part in found if part not in free))


def _differing(item: Section, model: Any, mine: Any) -> Iterator[str]:
    if item.kind != "rows":
        if model != mine:
            yield item.key
        return
    rows = {row["key"]: row for row in model}
    if [row["key"] for row in mine] != list(rows):
        yield item.key
    for column in item.columns:
        if any(row["key"] in rows and row[column.key] != rows[row["key"]][column.key] for row in mine):
            yield f"{item.key}.{column.key}"
