"""Who stood where in April 2021: every agency of the national report, and how far each had come. Pure: no database.

The report gives totals alone. How they lie over ministries and provinces, how many departments and districts a place
has and what they are called, is ours: as even as whole numbers allow, so that every rule of counting meets somebody
whom it counts and somebody whom it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

from config.demo.reports.places import COMMUNES_OF_YEN_BAI, OF_2013, RECEIVER, YEN_BAI
from workflows.models import UnitKind

FULL, UNDECLARED, OUTGROWN, UNDOCUMENTED = "full", "undeclared", "outgrown", "undocumented"
DRAFTING, IDLE, EXEMPT = "drafting", "idle", "exempt"


@dataclass(frozen=True)
class Course:
    """How far an agency has come. ``declared``: it published what it had.

    ``later``: since then another procedure was announced; ``written``: and has its document.
    """

    announced: bool = True
    in_force: bool = False
    drafted: bool = False
    declared: bool = False
    later: bool = False
    written: bool = False


COURSES = {
    FULL: Course(in_force=True, declared=True),
    UNDECLARED: Course(in_force=True),
    OUTGROWN: Course(in_force=True, declared=True, later=True, written=True),
    UNDOCUMENTED: Course(in_force=True, declared=True, later=True),
    DRAFTING: Course(drafted=True),
    IDLE: Course(),
    EXEMPT: Course(announced=False),
}
FAILING = (UNDECLARED, OUTGROWN, UNDOCUMENTED)
"""Mandatory bodies of which one is enough that its ministry or province does not conform."""
NOT_DECLARED = (UNDECLARED, DRAFTING, IDLE)
NOT_THERE = (UNDECLARED, UNDOCUMENTED, DRAFTING, IDLE)
"""Communes that are not built, applied and published all at once."""


@dataclass(frozen=True)
class Scale:
    """How much of the country: numerators and denominators as printed, and what a province has beside communes.

    ``yen_bai``: communes of the first province, which another report is about; the others share what is left.
    """

    ministries: tuple[int, int] = (20, 22)
    bodies: tuple[int, int] = (74, 98)
    provinces: tuple[int, int] = (62, 63)
    rolled_out: tuple[int, int] = (62, 63)
    communes: tuple[int, int] = (5564, 8910)
    yen_bai: int = COMMUNES_OF_YEN_BAI
    departments: int = 3
    districts: int = 4


@dataclass(frozen=True)
class Body:
    """One agency below a ministry or province. ``above``: code of its parent."""

    code: str
    name: str
    kind: str
    above: str
    course: str


@dataclass
class Plot:
    """A ministry or province, which has come all the way itself, with everything below it, parents first."""

    code: str
    name: str
    kind: str
    bodies: list[Body] = field(default_factory=list)

    def add(self, mark: str, words: str, kind: str, course: str, above: Body | None = None) -> Body:
        """One more body."""
        where = above or self
        self.bodies.append(Body(f"{self.code}-{mark}", f"{words} ({self.name})", kind, where.code, course))
        return self.bodies[-1]


def plots(scale: Scale) -> Iterator[Plot]:
    """Every ministry, then every province."""
    yield from _ministries(scale)
    yield from _provinces(scale)


def _ministries(scale: Scale) -> Iterator[Plot]:
    conforming, number = scale.ministries
    shares, told = spread(scale.bodies[1], number), iter(_bodies(scale))
    named = [RECEIVER, OF_2013, *((f"BO{at:02}", f"Bộ số {at:02}") for at in range(3, number + 1))]
    for at, (code, name) in enumerate(named):
        plot = Plot(code, name, UnitKind.MINISTRY)
        failing = FAILING[(at - conforming) % len(FAILING)] if at >= conforming else FULL
        plot.add("C1", "Cục số 1", UnitKind.DEPARTMENT, FULL)
        plot.add("C2", "Cục số 2", UnitKind.DEPARTMENT, failing)
        for body in range(shares[at]):
            plot.add(f"D{body + 1}", f"Đơn vị sự nghiệp số {body + 1}", UnitKind.SUB_DEPARTMENT, next(told))
        if at == 0:
            plot.add("D0", "Đơn vị sự nghiệp không có thủ tục", UnitKind.SUB_DEPARTMENT, EXEMPT)
        yield plot


def _bodies(scale: Scale) -> list[str]:
    """How far the encouraged bodies have come: one that published does count, though a procedure came to it since."""
    published, number = scale.bodies
    return [UNDOCUMENTED, *[FULL] * (published - 1), *islice(cycle(NOT_DECLARED), number - published)]


def _provinces(scale: Scale) -> Iterator[Plot]:
    """The last ones have not reached their communes; those before them do not conform.

    The first has no departments and districts of ours: the other report has made them.
    """
    conforming, number = scale.provinces
    rolled_out = scale.rolled_out[0]
    communes = [scale.yen_bai, *spread(scale.communes[1] - scale.yen_bai, number - 1)]
    there = [*spread(scale.communes[0], rolled_out), *[0] * (number - rolled_out)]
    failing = range(rolled_out - (number - conforming), rolled_out)
    for at in range(number):
        code, name = (f"T{at + 1:02}", f"Tỉnh số {at + 1:02}") if at else YEN_BAI
        plot = Plot(code, name, UnitKind.PROVINCE)
        below = _offices(plot, scale, UNDECLARED if at in failing else FULL) if at else []
        rest = NOT_THERE if at < rolled_out else [IDLE]
        courses = [*[FULL] * there[at], *islice(cycle(rest), communes[at] - there[at])]
        for one, course in enumerate(courses):
            above = below[one % len(below)] if below else None
            plot.add(f"X{one + 1:03}", f"Xã {one + 1:03}", UnitKind.COMMUNE, course, above)
        yield plot


def _offices(plot: Plot, scale: Scale, last: str) -> list[Body]:
    """Departments, then districts, the last of which has come so far; returns the districts."""
    for one in range(scale.departments):
        plot.add(f"S{one + 1}", f"Sở số {one + 1}", UnitKind.DEPARTMENT, FULL)
    courses = [*[FULL] * (scale.districts - 1), last]
    return [
        plot.add(f"H{one + 1}", f"Huyện số {one + 1}", UnitKind.DISTRICT, course) for one, course in enumerate(courses)
    ]


def spread(number: int, places: int) -> list[int]:
    """A number in so many whole shares, as even as they can be, the larger ones first."""
    return [number // places + (at < number % places) for at in range(places)]
