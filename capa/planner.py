"""Cross-audit teams: who audits which unit, nobody where they have a hand in the work, the load shared evenly.

ISO 9001:2015 cl. 9.2.2 c wants auditors so chosen that the audit is objective and impartial; ISO 19011:2018 cl. 5.5.4
and 5.5.5 a team under one leader. Nothing here touches the database: the caller says who is barred from what, and why.

The plan is a maximum flow: source -> auditor (as many units as one may take) -> auditor at a unit (once) -> the unit's
leader's seat (trained leaders only) or its other seats -> sink. It fills every seat exactly when a legal plan exists.
The same input gives the same answer, in whatever order it comes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import networkx as nx
from django.utils.translation import gettext as _
from networkx.algorithms.flow import edmonds_karp

__all__ = ["Auditor", "Bar", "Blocked", "Proposal", "Team", "Visit", "propose"]


@dataclass(frozen=True)
class Auditor:
    """A person who may audit. ``leads``: a trained lead auditor, who may also sit in a team another one leads."""

    key: int
    name: str
    leads: bool


@dataclass(frozen=True)
class Visit:
    """A unit to be audited. ``size``: people wanted, the leader included; at least 1."""

    unit: int
    name: str
    size: int = 1


@dataclass(frozen=True)
class Bar:
    """Why this auditor may not audit this unit; one pair may have several bars, each with a reason of its own."""

    auditor: int
    unit: int
    reason: str


@dataclass(frozen=True)
class Team:
    """Who audits a unit. ``members``: the others, without the leader, by key; ``size - 1`` of them."""

    unit: int
    lead: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class Proposal:
    """One team for each unit, by unit key; ``load``: units per auditor, by auditor key, 0 included."""

    teams: tuple[Team, ...]
    load: Mapping[int, int]


@dataclass(frozen=True)
class Blocked:
    """No legal plan exists. ``units`` cannot be staffed, even if no other unit were audited; ``sentences`` say why.

    First what is wanting, then who is free, then for each unit who is barred and by which rule. Leave any one unit out
    of ``units`` and the others can be staffed, unless the list has no auditor or no leader: then it is every unit.
    """

    sentences: tuple[str, ...]
    units: tuple[int, ...]


_Node: TypeAlias = tuple[int, int, int]
"""Kind, auditor, unit; 0 where a kind has none. No text: its hash, and so the plan, would differ between processes."""
_Turned: TypeAlias = "nx.DiGraph[_Node]"
"""The flow without source and sink: an arc in use points backwards, a free one forwards. All its arcs carry 0 or 1."""

_SOURCE, _SINK = (0, 0, 0), (5, 0, 0)
_AUDITOR, _PAIR, _LEAD, _MEMBERS = 1, 2, 3, 4


@dataclass(frozen=True)
class _Round:
    """The input, sorted by key and found sound. ``most``: units that one auditor may take."""

    visits: tuple[Visit, ...]
    auditors: tuple[Auditor, ...]
    reasons: Mapping[tuple[int, int], list[str]]
    most: int
    capped: bool

    def free(self, visit: Visit) -> list[Auditor]:
        """Who may audit this unit."""
        return [auditor for auditor in self.auditors if (auditor.key, visit.unit) not in self.reasons]

    def hopeless(self, visit: Visit) -> bool:
        """Whether the unit cannot be staffed even if everyone free for it does nothing else."""
        free = self.free(visit)
        return len(free) < visit.size or not any(auditor.leads for auditor in free)


def propose(
    visits: Iterable[Visit], auditors: Iterable[Auditor], bars: Iterable[Bar], *, max_load: int | None = None
) -> Proposal | Blocked:
    """Staff every unit, or say why that cannot be: a legal plan is found whenever one exists.

    The largest number of units that one auditor gets is the smallest possible, then as few as possible have that many,
    and so on down. ``max_load``: units that one auditor may take at most; None: no limit.
    Raises ``ValueError`` on a key or bar given twice, a bar of an unknown key, a size or ``max_load`` below 1.
    """
    case = _sound(tuple(visits), tuple(auditors), tuple(bars), max_load)
    turned = _filled(case, case.visits)
    if any(_wanting(turned, case.visits)):
        return _blocked(case, turned)
    load = {auditor.key: turned.in_degree((_AUDITOR, auditor.key, 0)) for auditor in case.auditors}
    _even_out(turned, load)
    return Proposal(tuple(_team(turned, visit) for visit in case.visits), load)


def _sound(
    visits: tuple[Visit, ...], auditors: tuple[Auditor, ...], bars: tuple[Bar, ...], max_load: int | None
) -> _Round:
    units = _once("unit", (visit.unit for visit in visits))
    people = _once("auditor", (auditor.key for auditor in auditors))
    _once("bar", bars)
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    for bar in sorted(bars, key=lambda bar: (bar.unit, bar.auditor, bar.reason)):
        if bar.auditor not in people or bar.unit not in units:
            raise ValueError(f"bar names an unknown key: {bar}")
        reasons[bar.auditor, bar.unit].append(bar.reason)
    small = sorted(visit.unit for visit in visits if visit.size < 1)
    if small:
        raise ValueError(f"size below 1: units {small}")
    if max_load is not None and max_load < 1:
        raise ValueError(f"max_load below 1: {max_load}")
    return _Round(
        visits=tuple(sorted(visits, key=lambda visit: visit.unit)),
        auditors=tuple(sorted(auditors, key=lambda auditor: auditor.key)),
        reasons=dict(reasons),
        most=len(visits) if max_load is None else min(max_load, len(visits)),
        capped=max_load is not None,
    )


def _once(what: str, keys: Iterable[object]) -> Counter[object]:
    counted = Counter(keys)
    twice = [key for key, times in counted.items() if times > 1]
    if twice:
        raise ValueError(f"{what} given twice: {', '.join(sorted(map(str, twice)))}")
    return counted


def _seats(visit: Visit) -> dict[_Node, int]:
    """The two kinds of seat in the unit's team, and how many there are of each."""
    return {(_LEAD, 0, visit.unit): 1, (_MEMBERS, 0, visit.unit): visit.size - 1}


def _filled(case: _Round, visits: Iterable[Visit]) -> _Turned:
    """As many seats of these units filled as can be, with no regard to evenness."""
    net: nx.DiGraph[_Node] = nx.DiGraph()
    net.add_nodes_from((_SOURCE, _SINK))
    for auditor in case.auditors:
        net.add_edge(_SOURCE, (_AUDITOR, auditor.key, 0), capacity=case.most)
    for visit in visits:
        lead, members = _seats(visit)
        net.add_edge(lead, _SINK, capacity=1)
        net.add_edge(members, _SINK, capacity=visit.size - 1)
        for auditor in case.free(visit):
            pair = (_PAIR, auditor.key, visit.unit)
            net.add_edge((_AUDITOR, auditor.key, 0), pair, capacity=1)
            if auditor.leads:
                net.add_edge(pair, lead, capacity=1)
            if visit.size > 1:
                net.add_edge(pair, members, capacity=1)
    # Edmonds-Karp: no more searches than seats, and its set-up is the cheapest; three times as quick as Dinitz here.
    flow = nx.maximum_flow(net, _SOURCE, _SINK, flow_func=edmonds_karp)[1]
    net.remove_nodes_from((_SOURCE, _SINK))
    used = [(tail, head) for tail, head in net.edges if flow[tail][head]]
    net.remove_edges_from(used)
    net.add_edges_from((head, tail) for tail, head in used)
    return net


def _wanting(turned: _Turned, visits: Iterable[Visit]) -> Iterator[_Node]:
    """Kinds of seat that are not all filled: from a seat, only arcs in use lead away."""
    for visit in visits:
        for seat, number in _seats(visit).items():
            if turned.out_degree(seat) < number:
                yield seat


def _team(turned: _Turned, visit: Visit) -> Team:
    lead, members = (sorted(person for _kind, person, _unit in turned[seat]) for seat in _seats(visit))
    return Team(visit.unit, lead[0], tuple(members))


def _even_out(turned: _Turned, load: dict[int, int]) -> None:
    """Hand units on, from those who have two or more over another, until no chain of exchanges can do so.

    Then no other plan is more even, at the top or below it, for the loads of full plans are what flows can take from
    their sources, an M-convex set: Frank and Murota, "Decreasing minimization on M-convex sets: background and
    structures" (arXiv 2007.09616). So the load need not be raised step by step. From the heaviest to the lightest first
    keeps the exchanges few; the end is as even in any order.
    """
    moved = True
    while moved:
        moved = False
        for key in sorted(load, key=lambda key: (-load[key], key)):
            while _relieve(turned, load, key):
                moved = True


def _relieve(turned: _Turned, load: dict[int, int], key: int) -> bool:
    """Take one unit from this auditor, down a chain of exchanges, to the lightest that can have one; False if none."""
    if load[key] - min(load.values()) <= 1:
        return False
    heavy = (_AUDITOR, key, 0)
    reach = (person for kind, person, _unit in nx.ancestors(turned, heavy) if kind == _AUDITOR)
    light = min(reach, key=lambda person: (load[person], person), default=key)
    if load[key] - load[light] <= 1:
        return False
    chain = nx.shortest_path(turned, (_AUDITOR, light, 0), heavy)
    for tail, head in pairwise(chain):
        turned.remove_edge(tail, head)
        turned.add_edge(head, tail)
    load[light] += 1
    load[key] -= 1
    return True


def _blocked(case: _Round, turned: _Turned) -> Blocked:
    if not case.auditors:
        short, why = case.visits, [_("Chưa có đánh giá viên nào nên chưa xếp được đoàn cho đơn vị nào.")]
    elif not any(auditor.leads for auditor in case.auditors):
        sentence = _("Trong %(people)d đánh giá viên không có ai làm trưởng đoàn được, nên chưa xếp được đoàn nào.")
        short, why = case.visits, [sentence % {"people": len(case.auditors)}]
    else:
        short = _shortage(case, turned)
        why = [*_needs(case, short), _free(case, short)]
    others = [visit.name for visit in case.visits if visit not in short and case.hopeless(visit)]
    rest = _("Dù xét riêng từng đơn vị, các đơn vị sau cũng không đủ người: %(units)s.") % {"units": ", ".join(others)}
    sentences = (*why, *_barred(case, short), *([rest] if others else []))
    return Blocked(sentences, tuple(visit.unit for visit in short))


def _shortage(case: _Round, turned: _Turned) -> tuple[Visit, ...]:
    """Units that cannot be staffed together although any one fewer can: one unit alone if there is such a unit.

    All that leads to an empty seat is one side of a cut: its people are at their limit, and every place that others
    could take in its units' seats is taken (Hall). The smallest such set is then thinned.
    """
    alone = next((visit for visit in case.visits if case.hopeless(visit)), None)
    if alone:
        return (alone,)
    sides = [
        {unit for kind, _person, unit in nx.ancestors(turned, seat) | {seat} if kind in (_LEAD, _MEMBERS)}
        for seat in _wanting(turned, case.visits)
    ]
    smallest = min(sides, key=lambda units: (len(units), sorted(units)))
    short = [visit for visit in case.visits if visit.unit in smallest]
    for visit in reversed(short):
        fewer = [other for other in short if other is not visit]
        if any(_wanting(_filled(case, fewer), fewer)):
            short = fewer
    return tuple(short)


def _needs(case: _Round, short: tuple[Visit, ...]) -> Iterator[str]:
    turned = _filled(case, short)
    sentence = _(
        "Cần %(people)d lượt người, trong đó %(leaders)d trưởng đoàn, cho %(units)s; nhiều nhất chỉ xếp được %(most)d."
    )
    yield sentence % {
        "people": sum(visit.size for visit in short),
        "leaders": len(short),
        "units": ", ".join(visit.name for visit in short),
        "most": sum(turned.out_degree(seat) for visit in short for seat in _seats(visit)),
    }
    if case.capped and len(short) > 1:  # one unit alone is never short for the limit's sake
        yield _("Mỗi người nhận không quá %(limit)d đơn vị.") % {"limit": case.most}


def _free(case: _Round, short: tuple[Visit, ...]) -> str:
    free = {auditor for visit in short for auditor in case.free(visit)}
    leader = _("%(name)s (trưởng đoàn)")
    names = [
        leader % {"name": auditor.name} if auditor.leads else auditor.name
        for auditor in case.auditors
        if auditor in free
    ]
    return _("Người còn được xếp: %(people)s.") % {"people": ", ".join(names) or _("không có ai")}


def _barred(case: _Round, short: tuple[Visit, ...]) -> Iterator[str]:
    for visit in short:
        people = [
            f"{auditor.name} ({'; '.join(case.reasons[auditor.key, visit.unit])})"
            for auditor in case.auditors
            if (auditor.key, visit.unit) in case.reasons
        ]
        if people:
            sentence = _("Không được đánh giá %(unit)s: %(people)s.")
            yield sentence % {"unit": visit.name, "people": ", ".join(people)}
