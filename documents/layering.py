"""Which column and which place every box of a map gets, before anything has a size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from documents.drawing import Act, Plan, Relation

UNITS = 3
"""Column of the units; acts have -2 to 2."""
FAR = 2


@dataclass(frozen=True)
class Link:
    """One line to draw: all that a source does to a target, or all citations of an act in a unit.

    ``label`` stands at the ``outer`` end, the one farther from the middle.
    """

    kind: str
    source: str
    target: str
    label: str
    full: str
    later: bool
    outer: str

    @property
    def inner(self) -> str:
        """The end nearer to the middle."""
        return self.target if self.outer == self.source else self.source

    @property
    def way(self) -> tuple[str, ...]:
        """What it shares its way past other columns with: citations of one act run together."""
        return ("cites", self.target) if self.kind == "cites" else (self.source, self.target)


def columns(acts: Sequence[Act], relations: Iterable[Relation]) -> dict[str, int]:
    """The column of each act: 0 in the middle, below it those that act on it, above it those that it acts on.

    An act two hops away stands on the side of most of its neighbours, the left one if they are equally many.
    """
    hops = {act.key: act.hops for act in acts}
    lines = [(one.source, one.target) for one in relations if {one.source, one.target} <= hops.keys()]
    middle = next(act.key for act in acts if not act.hops)
    acting = {source for source, target in lines if target == middle}
    found = {key: 0 if not far else -1 if key in acting else 1 for key, far in hops.items() if far < FAR}
    lean: dict[str, int] = defaultdict(int)
    for source, target in lines:
        for one, other in ((source, target), (target, source)):
            if hops[one] >= FAR and hops[other] == 1:
                lean[one] += found[other]
    return found | {key: FAR if lean[key] > 0 else -FAR for key, far in hops.items() if far >= FAR}


def ordered(acts: Sequence[Act], column: Mapping[str, int], hung: Mapping[str, list[str]]) -> dict[int, list[str]]:
    """Acts by column, left to right and from the top: as given, but far ones in the order of those they hang on."""
    place = {act.key: at for at, act in enumerate(acts)}
    layers: dict[int, list[str]] = defaultdict(list)
    for act in acts:
        layers[column[act.key]].append(act.key)
    first = {far: place[near] for near in sorted(place, key=place.__getitem__, reverse=True) for far in hung[near]}
    for outer in {-FAR, FAR} & layers.keys():
        layers[outer].sort(key=lambda key: (first.get(key, 0), place[key]))
    return {at: layers[at] for at in sorted(layers)}


def hangs(column: Mapping[str, int], relations: Iterable[Relation]) -> dict[str, list[str]]:
    """Far acts by each near act on their side that they have a relation with."""
    found: dict[str, list[str]] = {key: [] for key in column}
    for one in relations:
        for far, near in ((one.source, one.target), (one.target, one.source)):
            if far in column and near in column and column[far] == FAR * column[near] != 0:
                found[near].append(far)
    return found


def links(plan: Plan, column: Mapping[str, int]) -> list[Link]:
    """Lines to draw: one for each acting act and target, and one for each unit and act that it cites."""
    joined: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for one in plan.relations:
        if one.source in column and one.target in column and one.source != one.target:
            joined[one.source, one.target].append(one)
    found = []
    for (source, target), rows in joined.items():
        label, full = ", ".join(one.label for one in rows), "; ".join(one.full or one.label for one in rows)
        outer = target if abs(column[target]) > abs(column[source]) else source
        found.append(Link("relation", source, target, label, full, all(one.later for one in rows), outer))
    number = {act.key: act.number for act in plan.acts}
    for unit in plan.units:
        for act in plan.acts:
            if count := sum(act.key in one.cites for one in unit.procedures):
                # The act's number: among many lines nobody needs to follow one to know where it goes.
                label = f"{number[act.key]} ({count})"
                full = f"{unit.name} → {number[act.key]}: {plan.cites(count)}"
                found.append(Link("cites", unit.key, act.key, label, full, later=False, outer=unit.key))
    return found
