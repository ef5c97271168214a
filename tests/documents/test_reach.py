"""How far a change of law reaches: the rules one by one, and random registers against a search that knows no queue."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.models import DocumentVersion, Regulation, RegulationRelation, RelationKind
from documents.reach import EVENTS, RANK, Edge, Reached, Strength, spread
from documents.services.campaigns import campaign_open
from documents.services.touching import Touched, regulation_touches
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in, statements

ACTS = [uuid5(UUID(int=0), str(number)) for number in range(6)]
KINDS = [str(kind) for kind in RelationKind]

# What the law says, written a second time: (what happens here, relation, which end we stand at) → what happens there.
DYING, STOPPED, CHANGED = (
    {"replaces", "repeals"},
    {"suspends", "stays"},
    {"amends", "supplements", "repeals_part", "corrects"},
)


def beyond(given: str, kind: str, *, acting: bool) -> str:
    """What comes to the other end of a relation, or ""."""
    if given == "cited" and acting:
        if kind in DYING | STOPPED | CHANGED:
            return "dies" if kind in DYING else "stops" if kind in STOPPED else "changes"
        return "guided" if kind == "guides" else ""
    if acting:
        return ""
    if kind == "guides" and given in ("dies", "stops", "ungrounded"):
        return "ungrounded"
    return given if kind == "consolidates" and given in ("dies", "changes") else ""


def by_hand(act: Any, event: str, edges: list[Any]) -> dict[tuple[Any, str], int]:
    """Least number of relations to each (document, what happens to it): relaxed until nothing changes."""
    far = {(act, str(EVENTS[event])): 0}
    while True:
        better = dict(far)
        for (at, state), steps in far.items():
            for source, kind, target in edges:
                for here, there, acting in ((source, target, True), (target, source, False)):
                    gives = beyond(state, kind, acting=acting) if here == at else ""
                    if gives and steps + 1 < better.get((there, gives), 99):
                        better[there, gives] = steps + 1
        if better == far:
            return far
        far = better


def asked_of(edges: list[Edge]) -> Any:
    """The same relations as the search asks for them."""
    return lambda out, into: {e: () for e in edges if e[0] in out.get(e[1], ()) or e[2] in into.get(e[1], ())}


edge = st.tuples(st.sampled_from(ACTS), st.sampled_from(KINDS), st.sampled_from(ACTS))
registers = st.lists(edge, max_size=14, unique=True)


@settings(max_examples=10_000 if connection.vendor == "sqlite" else 600, deadline=None)
@given(edges=registers, event=st.sampled_from(sorted(EVENTS)))
def test_a_random_register_is_searched_whole_and_each_way_is_a_shortest_one(edges: list[Edge], event: str) -> None:
    found = spread(ACTS[0], event, asked_of(edges))
    assert {(one.act, str(one.strength)): len(one.path) for one in found} == by_hand(ACTS[0], event, edges)
    for one in found:
        walk(one, event, edges)


def walk(one: Reached, event: str, edges: list[Edge]) -> None:
    """Every step of the way is a relation of the register that carries on what the step before gave."""
    at, given = ACTS[0], str(EVENTS[event])
    for step in one.path:
        assert step in edges
        source, kind, target = step
        ways = [(target, beyond(given, kind, acting=True))] if at == source else []
        ways += [(source, beyond(given, kind, acting=False))] if at == target else []
        at, given = next(way for way in ways if way[1])
    assert (at, given) == (one.act, str(one.strength))


# On the database.


def relate(source: Regulation, kind: str, target: Regulation, day: date | None = None) -> None:
    RegulationRelation.objects.create(source=source, kind=kind, target=target, effective_on=day)


def citing(world: World, *acts: Regulation, unit: str = "hctp") -> DocumentVersion:
    """A procedure in force that cites these acts, in this order."""
    rows = [{"key": f"b{n}", "number": act.number, "issuer": "", "note": ""} for n, act in enumerate(acts, 1)]
    return factories.in_force(world, unit, legal_basis=rows)


def touches(act: Regulation, **how: Any) -> dict[str, Touched]:
    found = regulation_touches(act, on=timezone.localdate(), **how)
    return {one.version.document.code: one for one in found}


@pytest.fixture
def law(world: World) -> dict[str, Regulation]:
    """A new decree that replaces an old one; a circular guided the old one; another circular is only based on it."""
    del world
    numbers = {"new": "1/2026/NĐ-CP", "old": "2/2020/NĐ-CP", "guide": "3/2021/TT-BTP", "based": "4/2021/TT-BTP",
               "deep": "5/2022/TT-BTP", "amended": "6/2019/NĐ-CP", "of_amended": "7/2019/TT-BTP"}  # fmt: skip
    acts = {name: factories.regulation(number) for name, number in numbers.items()}
    relate(acts["new"], "replaces", acts["old"], date(2026, 3, 1))
    relate(acts["guide"], "guides", acts["old"])
    relate(acts["based"], "legal_basis", acts["old"])
    relate(acts["deep"], "guides", acts["guide"])
    relate(acts["new"], "amends", acts["amended"])
    relate(acts["of_amended"], "guides", acts["amended"])
    return acts


def test_what_guided_a_repealed_act_is_reached_with_every_step(world: World, law: dict[str, Regulation]) -> None:
    reached = {name: citing(world, law[name]).document.code for name in ("new", "old", "guide", "deep", "amended")}
    for name in ("based", "of_amended"):
        citing(world, law[name])
    found = touches(law["new"])
    assert {name: str(found[code].strength) for name, code in reached.items()} == {
        "new": "cited", "old": "dies", "guide": "ungrounded", "deep": "ungrounded", "amended": "changes",
    }  # fmt: skip
    assert set(found) == set(reached.values())
    assert found[reached["deep"]].path == [
        {"kind": "replaces", "from": "1/2026/NĐ-CP", "to": "2/2020/NĐ-CP", "row": None, "since": "2026-03-01"},
        {"kind": "guides", "from": "3/2021/TT-BTP", "to": "2/2020/NĐ-CP", "row": None, "since": "2016-01-01"},
        {"kind": "guides", "from": "5/2022/TT-BTP", "to": "3/2021/TT-BTP", "row": None, "since": "2016-01-01"},
        {"kind": "cites", "from": "5/2022/TT-BTP", "to": reached["deep"], "row": 1, "since": None},
    ]


def test_to_guide_is_not_to_replace(world: World, law: dict[str, Regulation]) -> None:
    """A new text that guides an old one leaves those who cite the old one their basis."""
    guiding = factories.regulation("8/2026/TT-BTP")
    relate(guiding, "guides", law["old"])
    code = citing(world, law["old"]).document.code
    citing(world, law["guide"])
    assert {code: one.strength for code, one in touches(guiding).items()} == {code: Strength.GUIDED}
    assert set(touches(law["based"])) == set()


def test_the_hardest_way_is_shown_before_the_nearest(world: World, law: dict[str, Regulation]) -> None:
    both = citing(world, law["new"], law["guide"], law["old"])
    (one,) = touches(law["new"]).values()
    assert (one.version.pk, one.strength, one.path[-1]["row"]) == (both.pk, Strength.DIES, 3)


def test_an_act_that_ends_by_its_own_date_takes_its_guides_along(world: World, law: dict[str, Regulation]) -> None:
    old, guide = citing(world, law["old"]).document.code, citing(world, law["guide"]).document.code
    citing(world, law["new"])
    found = touches(law["old"], event="expired")
    assert {code: str(one.strength) for code, one in found.items()} == {old: "dies", guide: "ungrounded"}


def test_sight_and_agency_narrow(world: World, law: dict[str, Regulation]) -> None:
    ours, theirs = citing(world, law["old"]), citing(world, law["old"], unit="nx1")
    assert len(touches(law["new"])) == 2
    assert set(touches(law["new"], user=world.phuc)) == {ours.document.code}
    assert set(touches(law["new"], agency=world.unit("stp"))) == {ours.document.code}
    assert set(touches(law["new"], agency=theirs.agency)) == {theirs.document.code}


def test_a_campaign_keeps_strength_and_way(world: World, law: dict[str, Regulation]) -> None:
    citing(world, law["guide"])
    campaign = campaign_open(regulation=law["new"], agency=world.unit("stp"), by=world.phuc)
    item = campaign.items.get()
    assert (item.strength, [hop["kind"] for hop in item.path]) == ("ungrounded", ["replaces", "guides", "cites"])
    page = log_in(world.phuc).get(item.get_absolute_url()).content.decode()
    for said in (
        "hướng dẫn văn bản không còn hiệu lực",
        "1/2026/NĐ-CP → thay thế 2/2020/NĐ-CP từ 01/03/2026",
        "3/2021/TT-BTP",
    ):
        assert said in page
    assert campaign_open(regulation=law["new"], agency=world.unit("stp"), by=world.phuc).items.count() == 1


@pytest.mark.parametrize("many", [2, 40])
def test_statements_do_not_grow_with_documents(world: World, law: dict[str, Regulation], many: int) -> None:
    for _each in range(many):
        citing(world, law["guide"])
    with statements() as run:
        assert len(touches(law["new"])) == many
    assert len(run) == 8, run  # three levels of relations and the empty fourth; versions, citations, two of facts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edges=registers,
    cited=st.lists(st.lists(st.sampled_from(range(6)), min_size=1, max_size=3, unique=True), max_size=4),
)
def test_documents_are_found_exactly(world: World, edges: list[Edge], cited: list[list[int]]) -> None:
    with transaction.atomic():
        acts = {key: factories.regulation(f"{n}/2020/NĐ-CP") for n, key in enumerate(ACTS, 1)}
        for source, kind, target in edges:
            relate(acts[source], kind, acts[target])
        far = by_hand(ACTS[0], "effective", edges)
        expected = {}
        for row in cited:
            version = citing(world, *[acts[ACTS[n]] for n in row])
            ways = [(RANK[Strength(s)], steps) for (act, s), steps in far.items() if act in {ACTS[n] for n in row}]
            if ways:
                expected[version.document.code] = min(ways)
        found = touches(acts[ACTS[0]])
        assert {code: (RANK[one.strength], len(one.path) - 1) for code, one in found.items()} == expected
        transaction.set_rollback(True)


# Parts of acts.

PARTS = ("1", "2", "1.1", "1.2", "2.1", "1.1.a")
partial = STOPPED | CHANGED
named = st.lists(st.sampled_from(PARTS), max_size=2, unique=True).map(lambda parts: tuple(sorted(parts)))


def in_parts(act: Any, event: str, edges: dict[Any, tuple[str, ...]]) -> dict[tuple[Any, str, Any, bool], int]:
    """Least number of relations to each (document, what happens, to which parts, whether to these alone)."""
    far: dict[tuple[Any, str, Any, bool], int] = {(act, str(EVENTS[event]), (), False): 0}
    while True:
        better = dict(far)
        for (at, state, parts, exact), steps in far.items():
            for (source, kind, target), on in edges.items():
                if at == source and (gives := beyond(state, kind, acting=True)):
                    ways = [(target, gives, on, False)] + (
                        [(target, "dies", on, True)] if kind == "repeals_part" else []
                    )
                    for way in ways[: 2 if on else 1]:
                        better[way] = min(better.get(way, 99), steps + 1)
                if (
                    at == target
                    and (not parts or kind == "consolidates")
                    and (gives := beyond(state, kind, acting=False))
                ):
                    way = (source, gives, parts, exact)
                    better[way] = min(better.get(way, 99), steps + 1)
        if better == far:
            return far
        far = better


def feels(cited: tuple[str, ...], parts: tuple[str, ...], *, exact: bool) -> bool:
    """Whether a citation of these parts is touched: some part of it lies in one of those, or the other way round."""
    inside = any(f"{mine}.".startswith(f"{gone}.") for mine in cited for gone in parts)
    around = any(f"{gone}.".startswith(f"{mine}.") for mine in cited for gone in parts)
    return inside if exact else inside or around or not cited or not parts


@settings(max_examples=600, deadline=None)
@given(
    edges=st.dictionaries(edge, named, max_size=12),
    event=st.sampled_from(sorted(EVENTS)),
    cited=st.lists(named, min_size=1, max_size=3),
)
def test_what_happens_to_parts_is_found_whole_and_felt_by_those_who_cite_them(
    edges: dict[Edge, tuple[str, ...]], event: str, cited: list[tuple[str, ...]]
) -> None:
    edges = {one: parts if one[1] in partial else () for one, parts in edges.items()}
    asked = asked_of(list(edges))
    found = spread(ACTS[0], event, lambda out, into: {one: edges[one] for one in asked(out, into)})
    expected = in_parts(ACTS[0], event, edges)
    assert {(one.act, str(one.strength), one.parts, one.exact): len(one.path) for one in found} == expected
    for one in found:
        for parts in cited:
            assert one.touches(parts) is feels(parts, one.parts, exact=one.exact)
