"""The tree of agencies on any day: name, kind, obligation, and whether there are procedures, each with its ground.

Reads do not grow with the tree: the decisions of a subtree and of the path above it are one query, the rules another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from workflows.machines.tree import BY_RULE, KIND, NAME, NO_PROCEDURES, OBLIGATION, OBLIGATIONS, YES
from workflows.models import FormerParent, ObligationRule, Unit, UnitDecision, UnitKind, day_of
from workflows.models.people import COUNTRY
from workflows.models.tree import COLUMNS, latest, set_column
from workflows.ticking import Complaint

LIGHT = ("pk", "code", "name", "kind", "path", "parent_id", "agency_id", "valid_from", "valid_to")


@dataclass(frozen=True)
class Held:
    """What holds of a unit on a day: a value, from which day, on which ground; "" where nothing says it."""

    value: str = ""
    since: date | None = None
    ground: str = ""


@dataclass(frozen=True)
class Reading:
    """One unit on one day."""

    unit: Unit
    name: str
    kind: str
    obligation: Held
    no_procedures: Held

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(UnitKind(self.kind).label)

    @property
    def obligation_label(self) -> str:
        """The obligation in words; "" where none is known."""
        return str(dict(OBLIGATIONS).get(self.obligation.value, ""))

    @property
    def counts(self) -> bool:
        """True if the agency belongs in a denominator: it has procedures to handle (domain §1.2)."""
        return self.no_procedures.value != YES


@dataclass(frozen=True)
class Spell:
    """What held over ``[since, until)``; None: from the beginning, or until further notice."""

    value: str
    since: date | None
    until: date | None
    ground: str


def ids_of(path: str) -> list[int]:
    """Ids of a unit and of all above it, the root first."""
    return [int(one) for one in path.strip("/").split("/") if one]


class Book:
    """Everything that has been decided on the units of one subtree and above it, also as it stood ``then``; two
    queries.
    """

    def __init__(self, root: Unit | None = None, then: Then | None = None) -> None:
        decisions = UnitDecision.objects.all()
        if root is not None:
            above = [*ids_of(root.path), *(then.ids(root.path) if then else ())]
            wanted = Q(about__path__startswith=root.path) | Q(about__in=above)
            for path in then.left(root.path) if then else ():
                wanted |= Q(about__path__startswith=path)
            decisions = decisions.filter(wanted)
        self._own: dict[tuple[int, str], list[UnitDecision]] = defaultdict(list)
        self._below: dict[tuple[int, str], list[UnitDecision]] = defaultdict(list)
        self._first: dict[tuple[int, str], str] = {}
        for one in decisions.order_by("created_at", "pk"):
            self._first.setdefault((one.about_id, one.aspect), one.was)
            if one.state == "standing":
                place = self._below if one.below else self._own
                place[one.about_id, one.below or one.aspect].append(one)
        self._rules: dict[str, list[ObligationRule]] = defaultdict(list)
        for rule in ObligationRule.objects.order_by("valid_from"):
            self._rules[rule.kind].append(rule)

    def read(self, unit: Unit, day: date) -> Reading:
        """A unit on a day."""
        kind = self.column(unit, KIND, day).value
        return Reading(
            unit, self.column(unit, NAME, day).value, kind, self.obligation(unit, kind, day), self.flag(unit, day)
        )

    def column(self, unit: Unit, aspect: str, day: date) -> Held:
        """Name or kind of a unit on a day."""
        found = latest(self._own.get((unit.pk, aspect), []), day)
        if found is not None:
            return Held(found.value, found.valid_from, found.ground)
        return Held(self._first.get((unit.pk, aspect), str(getattr(unit, COLUMNS[aspect]))))

    def flag(self, unit: Unit, day: date) -> Held:
        """Whether the unit has no administrative procedures."""
        found = latest(self._own.get((unit.pk, NO_PROCEDURES), []), day)
        return Held(found.value, found.valid_from, found.ground) if found else Held()

    def obligation(self, unit: Unit, kind: str, day: date) -> Held:
        """By a decision on the unit; else by the nearest one above on all of its kind; else by the country's rule."""
        own = latest(self._own.get((unit.pk, OBLIGATION), []), day)
        above = [latest(self._below.get((pk, kind), []), day) for pk in reversed(ids_of(unit.path))]
        for found in (own, *above):
            if found is not None and found.value != BY_RULE:
                return Held(found.value, found.valid_from, found.ground)
        return self._by_rule(kind, day)

    def _by_rule(self, kind: str, day: date) -> Held:
        for rule in self._rules.get(kind, ()):
            if rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to):
                return Held(rule.obligation, rule.valid_from, rule.source)
        return Held()

    def history(self, unit: Unit) -> dict[str, list[Spell]]:
        """Names, kinds, obligations and the flag of a unit as intervals, the oldest first."""
        ends: set[date | None] = set()
        for pk in ids_of(unit.path):
            ends |= {one.valid_from for (about, _b), rows in self._below.items() if about == pk for one in rows}
        kinds = [one.valid_from for one in self._own.get((unit.pk, KIND), [])]
        ends |= {day for rules in self._rules.values() for rule in rules for day in (rule.valid_from, rule.valid_to)}
        ends |= {one.valid_from for one in self._own.get((unit.pk, OBLIGATION), [])} | set(kinds)
        names = [one.valid_from for one in self._own.get((unit.pk, NAME), [])]
        flags = [one.valid_from for one in self._own.get((unit.pk, NO_PROCEDURES), [])]
        return {
            NAME: spells(names, lambda day: self.column(unit, NAME, day)),
            KIND: spells(kinds, lambda day: self.column(unit, KIND, day)),
            OBLIGATION: spells(
                (day for day in ends if day),
                lambda day: self.obligation(unit, self.column(unit, KIND, day).value, day),
            ),
            NO_PROCEDURES: spells(flags, lambda day: self.flag(unit, day)),
        }


def spells(days: Iterable[date], held: Callable[[date], Held]) -> list[Spell]:
    """Intervals between days on which something may change; neighbours that say the same on one ground are one."""
    bounds = [date.min, *sorted(set(days))]
    found: list[Spell] = []
    for at, day in enumerate(bounds):
        now, until = held(day), bounds[at + 1] if at + 1 < len(bounds) else None
        if found and (found[-1].value, found[-1].ground) == (now.value, now.ground):
            found[-1] = Spell(now.value, found[-1].since, until, now.ground)
        else:
            found.append(Spell(now.value, None if day == date.min else day, until, now.ground))
    return [one for one in found if one.value]


class Then:
    """Where agencies stood on a day: those that have moved since under whom they were, all others where they are."""

    def __init__(self, day: date) -> None:
        self.moved: dict[int, FormerParent] = {}
        for one in FormerParent.objects.filter(until__gt=day).select_related("unit", "parent"):
            self.moved.setdefault(one.unit_id, one)

    def ids(self, path: str) -> list[int]:
        """Ids of a unit, by its path of today, and of all above it as they stood."""
        ids = ids_of(path)
        for at in range(len(ids) - 1, -1, -1):
            one = self.moved.get(ids[at])
            if one is not None:
                return [*(self.ids(one.parent.path) if one.parent else []), *ids[at:]]
        return ids

    def path(self, path: str) -> str:
        """The path that a unit had, by that of today."""
        return "".join(("/", *(f"{pk}/" for pk in self.ids(path)))) if self.moved else path

    def left(self, root: str) -> list[str]:
        """Paths of today of what stood under a unit and does no longer; the unit by its own."""
        mine = ids_of(root)[-1:]
        paths = [one.unit.path for one in self.moved.values()]
        return [path for path in paths if not path.startswith(root) and set(mine) <= set(self.ids(path))]

    def under(self, root: str, units: QuerySet[Unit]) -> list[Unit]:
        """Those of some units that stood under one, by its path of today, with the paths that they had, in the order
        of the tree; one query.
        """
        near = Q(path__startswith=root)
        for path in self.left(root):
            near |= Q(path__startswith=path)
        found, mine = list(units.filter(near)), ids_of(root)[-1:]
        if not self.moved:
            return found
        return self.put_back(unit for unit in found if set(mine) <= set(self.ids(unit.path)))

    def parent(self, unit: Unit) -> Unit | None:
        """The unit right above one."""
        one = self.moved.get(unit.pk)
        return unit.parent if one is None else one.parent

    def below(self, unit: Unit | None) -> Q:
        """As a condition: the units right below one; None: those below none."""
        came = [pk for pk, one in self.moved.items() if one.parent == unit]
        return (Q(parent=unit) & ~Q(pk__in=list(self.moved))) | Q(pk__in=came)

    def put_back(self, units: Iterable[Unit]) -> list[Unit]:
        """Units with the parents and paths that they had, in the order of the tree. For reading only."""
        found = list(units)
        for unit in found:
            if unit.pk in self.moved:
                unit.parent_id = self.moved[unit.pk].parent_id
            unit.path = self.path(unit.path)
        return sorted(found, key=lambda unit: unit.path) if self.moved else found


def readings(root: Unit | None, day: date, *, among: QuerySet[Unit] | None = None) -> list[Reading]:
    """Agencies of a subtree (None: of the country) that exist on a day, in the order of the tree; four queries.

    Agencies that have moved since are where they were on the day. ``among``: of which ones.
    """
    then = Then(day)
    book = Book(root, then)
    if among is None:
        among = Unit.objects.agencies().standing_on(day).only(*LIGHT).order_by("path")
    return [book.read(unit, day) for unit in then.under(root.path if root else COUNTRY, among)]


def tally(rows: Sequence[Reading]) -> list[tuple[str, Counter[str]]]:
    """Agencies by kind, and of each kind by obligation; those without procedures are counted apart, as ``none``."""
    found: dict[str, Counter[str]] = {kind: Counter() for kind in UnitKind.values}
    for one in rows:
        found[one.kind]["all"] += 1
        found[one.kind][(one.obligation.value or "unknown") if one.counts else "none"] += 1
    return [(str(UnitKind(kind).label), counts) for kind, counts in found.items() if counts]


def settle(now: datetime) -> tuple[Counter[str], list[Complaint]]:
    """Let names and kinds whose day has come show in the units' own rows. Safe to run twice and late."""
    done, day = Counter[str](), day_of(now)
    asked = UnitDecision.objects.filter(aspect__in=COLUMNS, state="standing", valid_from__lte=day)
    decided: dict[tuple[int, str], list[UnitDecision]] = defaultdict(list)
    for one in asked.select_related("about"):
        decided[one.about_id, one.aspect].append(one)
    for (_about, aspect), rows in decided.items():
        holding = latest(rows, day)
        if holding is not None and getattr(holding.about, COLUMNS[aspect]) != holding.value:
            set_column(holding.about, COLUMNS[aspect], holding.value)
            done["rename"] += 1
    return done, []


def without_procedures(agencies: Iterable[int], day: date) -> set[int]:
    """Those of some agencies that by decision have no administrative procedures on a day; one query."""
    asked = UnitDecision.objects.filter(about__in=list(agencies), aspect=NO_PROCEDURES, state="standing", below="")
    decided: dict[int, list[UnitDecision]] = defaultdict(list)
    for one in asked:
        decided[one.about_id].append(one)
    found = {pk: latest(rows, day) for pk, rows in decided.items()}
    return {pk for pk, one in found.items() if one is not None and one.value == YES}
