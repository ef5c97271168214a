"""The neighbourhood of a legal document as a picture: what is put in, and the geometry that comes out.

All in whole units, the same for the same. No Django here, and no markup: ``documents.layout`` computes it and a
template draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workflows.lettering import drawable, wrapped

LETTER, SMALL = 7.2, 6.6
"""Units of a measured character (``workflows.lettering``) in bold 12 and in plain 11."""


@dataclass(frozen=True)
class Act:
    """A legal document: ``hops`` from the middle, 0 for the one there; ``words``: its validity, "" if nothing special.

    ``dead``: wholly out of force.
    """

    key: str
    number: str
    title: str = ""
    words: str = ""
    dead: bool = False
    href: str = ""
    hops: int = 1


@dataclass(frozen=True)
class Relation:
    """“Source does ``label`` to target”; ``full`` says it with its day. ``later``: it does not hold yet."""

    source: str
    target: str
    label: str
    full: str = ""
    later: bool = False


@dataclass(frozen=True)
class Procedure:
    """A row in its unit's box. ``cites``: keys of acts on the map; ``words``: the same in words."""

    key: str
    code: str
    title: str
    words: str
    cites: tuple[str, ...]
    href: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit and its procedures."""

    key: str
    name: str
    procedures: tuple[Procedure, ...]
    href: str = ""


@dataclass(frozen=True)
class Plan:
    """What is drawn: exactly one act in the middle; ends of relations and citations that are no act here are left out.

    ``headings``: by column, -2 to 2 for acts and 3 for units. ``cites`` says how many procedures of a unit cite an act.
    """

    acts: Sequence[Act]
    relations: Sequence[Relation]
    units: Sequence[Unit]
    headings: Mapping[int, str]
    cites: Callable[[int], str]


@dataclass(frozen=True)
class Word:
    """A text at a point of its baseline. ``kind`` is a class; ``end``: it ends there, else it begins there."""

    x: int
    y: int
    text: str
    kind: str
    end: bool = False


@dataclass
class Box:
    """An act, a unit or a procedure's row. ``full``: what its words say uncut."""

    key: str
    kind: str
    x: int
    y: int
    width: int
    height: int
    href: str = ""
    full: str = ""
    dead: bool = False
    words: list[Word] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A line from box to box with its points of departure and arrival; the arrow stands at the latter.

    ``later``: it holds only after the day of the map.
    """

    kind: str
    source: str
    target: str
    path: str
    start: tuple[int, int]
    end: tuple[int, int]
    label: Word
    full: str
    back: int = 8
    later: bool = False

    @property
    def head(self) -> str:
        """The arrow's path: a line arrives level, and its arrow reaches ``back`` from the tip."""
        x, y = self.end
        return f"M{x} {y}l{self.back} -4v8z"


@dataclass
class Drawing:
    """All of it, from (0, 0) to (width, height); ``headings`` stand above the columns."""

    width: int = 0
    height: int = 0
    headings: list[Word] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def heads(self) -> list[tuple[str, str]]:
        """Kind and path of each arrow, once where many lines arrive at one point."""
        return list(dict.fromkeys((line.kind, line.head) for line in self.lines))


def cut(text: str, units: float, letter: float = SMALL, most: int = 1) -> list[str]:
    """What of a text fits into lines of so many units."""
    return wrapped(drawable(text), int(units / letter), most)
