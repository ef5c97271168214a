"""Every indicator over every combination of what it asks, against the words of domain §6.3 written out once more."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from capa.services.rollup import Checked
from tests.capa.test_rollup_rules import agency, figure
from workflows.machines.tree import ENCOURAGED, MANDATORY, OWN_REGIME

THREE = (None, False, True)
BOTH = (False, True)
HELD = ("audit_done", "audit_ok", "review_done", "review_ok")


def inspected(names: tuple[str, ...]) -> list[Checked]:
    """One agency for each combination of these flags, none of the others judged."""
    made = []
    for n, row in enumerate(product(THREE, repeat=len(names)), start=1):
        flags: dict[str, Any] = dict(zip(names, row, strict=True))
        made.append(Checked(n, **flags))
    return made


def hits(number: int, rows: list[Any]) -> set[int]:
    return set(figure(number, rows).behind)


def test_each_that_was_inspected_is_in_one_of_three_figures() -> None:
    rows = inspected(HELD)
    right: set[int] = set()
    poor: set[int] = set()
    for one in rows:
        if one.audit_done is True and one.review_done is True:
            (right if one.audit_ok is True and one.review_ok is True else poor).add(one.agency)
    neither = {one.agency for one in rows} - right - poor
    assert (hits(5, rows), hits(6, rows), hits(7, rows)) == (right, poor, neither)
    half = {one.agency for one in rows if one.audit_done is True and one.review_done is False}
    assert half, "one without the other is not both"
    assert half <= neither


@pytest.mark.parametrize(
    ("number", "names", "any_of"),
    [
        (3, ("built_applied",), False),
        (4, ("outdated_law", "records_deficient", "internal_not_merged"), True),
        (8, ("posted", "link_alive"), False),
    ],
)
def test_a_figure_counts_what_was_judged_yes(number: int, names: tuple[str, ...], any_of: bool) -> None:
    rows = inspected(names)
    wanted = {one.agency for one in rows if (any if any_of else all)(getattr(one, name) is True for name in names)}
    found = figure(number, rows)
    assert set(found.behind) == wanted
    assert found.denominator == len(rows), "what was not judged is still inspected"
    others = [one._replace(mode=mode) for one in rows for mode in ("file", "website")]
    assert (figure(number, others).numerator, figure(number, others).denominator) == (0, 0)


def test_parts_are_counted_each_on_its_own() -> None:
    rows = inspected(("outdated_law", "records_deficient", "internal_not_merged"))
    wanted = {"law": "outdated_law", "records": "records_deficient", "merged": "internal_not_merged"}
    for key, name in wanted.items():
        part = figure(4, rows).part(key)
        assert part is not None
        assert set(part.behind) == {one.agency for one in rows if getattr(one, name) is True}, key


def test_why_an_audit_is_poor_is_told_of_poor_ones_alone() -> None:
    names = {"incomplete": "incomplete", "generic": "generic", "not_factual": "not_factual"}
    names |= {"cross_check": "cross_check_wrong"}
    for key, name in names.items():
        rows = inspected((*HELD, name))
        part = figure(6, rows).part(key)
        assert part is not None
        poor = hits(6, rows)
        assert set(part.behind) == {one.agency for one in rows if getattr(one, name) is True and one.agency in poor}


def test_a_commune_is_built_applied_and_published_all_three() -> None:
    asked = product(BOTH, BOTH, (1, 2), BOTH, BOTH, BOTH)
    rows = [
        agency(n, complete=complete, listed=listed, announced=2, covered=covered, applied=applied, published=published,
               counts=counts)
        for n, (complete, listed, covered, applied, published, counts) in enumerate(asked, start=1)
    ]  # fmt: skip
    built = {one.agency for one in rows if one.complete and one.listed and one.covered == one.announced}
    wanted = {one.agency for one in rows if one.agency in built and one.applied and one.published and one.counts}
    found = figure(13, rows)
    assert set(found.behind) == wanted
    assert set(found.of) == {one.agency for one in rows if one.counts}
    assert not figure(13, [one._replace(kind="department") for one in rows]).of, "a department is no commune"


def test_bodies_of_ministries_that_are_encouraged_and_have_procedures() -> None:
    asked = product((MANDATORY, ENCOURAGED, OWN_REGIME, ""), BOTH, ("ministry", "province", ""), BOTH)
    rows = [
        agency(
            n, kind="department", obligation=obligation, counts=counts, place=1, place_kind=place, published=published
        )
        for n, (obligation, counts, place, published) in enumerate(asked, start=1)
    ]
    found = figure(10, rows)
    wanted = {
        one.agency for one in rows if one.obligation == ENCOURAGED and one.counts and one.place_kind == "ministry"
    }
    assert set(found.of) == wanted
    assert set(found.behind) == {one.agency for one in rows if one.agency in wanted and one.published}


def test_rolled_out_with_any_commune_that_builds_or_applies() -> None:
    province = agency(1, kind="province", place=1, place_kind="province", building=True, applied=True)
    for building, applied, counts in product(BOTH, BOTH, BOTH):
        commune = agency(2, place=1, place_kind="province", building=building, applied=applied, counts=counts)
        found = figure(12, [province, commune])
        assert (found.behind, found.of) == ((1,) if building or applied else (), (1,))
    office = agency(3, kind="department", place=1, place_kind="province", building=True, applied=True)
    assert figure(12, [province, office]).behind == (), "neither the province itself nor its department is a commune"


def test_procedures_are_added_up_where_a_list_is_known() -> None:
    rows = [agency(1, announced=3, covered=2), agency(2, announced=4, covered=4, listed=False), agency(3, announced=1)]
    found = figure(14, rows)
    assert (found.numerator, found.denominator) == (2, 4)
    assert (found.behind, found.of) == ((1,), (1, 3))
    found = figure(15, [agency(1, reissued=2, planned=3), agency(2, planned=4), agency(3, reissued=1)])
    planned = found.part("planned")
    assert (found.numerator, found.behind) == (3, (1, 3))
    assert planned is not None
    assert (planned.number, planned.behind) == (7, (1, 2))


def test_a_certificate_that_is_valid_is_not_one_of_the_year() -> None:
    rows = [
        agency(1, certified=True, certificates=0, place=7, place_kind="province"),
        agency(2, certified=False, certificates=2, place=7, place_kind="province"),
        agency(3, certified=True, certificates=1, place=0, place_kind=""),
        agency(4, certified=False, certificates=0, place=8, place_kind="ministry"),
    ]
    found = figure(16, rows)
    told = {one.key: (one.number, one.behind) for one in found.parts}
    assert found.behind == (1, 3)
    assert told == {
        "local": (1, (1,)), "provinces": (1, (7,)), "central": (0, ()), "ministries": (0, ()), "issued": (3, (2, 3)),
    }  # fmt: skip
