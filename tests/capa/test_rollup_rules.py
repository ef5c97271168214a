"""How figures are counted: the seeds' printed numbers, one rounding, all-of against any-of, and what overlaps."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capa.indicators import BY_NUMBER, INDICATORS
from capa.rollup import ALL_OF, ANY_OF, Facts, Figure, Listed, Reference, count, percent
from capa.services.rollup import Checked
from workflows.models import UnitKind

KINDS = dict(UnitKind.choices)
NOTHING = Facts(
    0, "/0/", "commune", 0, "", "mandatory", True, True, 0, 0, 0, False, False, False, False, 0, 0, False, 0
)  # fmt: skip


def agency(pk: int, **facts: Any) -> Facts:
    return NOTHING._replace(agency=pk, path=f"/{pk}/", **facts)


def conforming(pk: int, **facts: Any) -> Facts:
    good = {"announced": 2, "covered": 2, "declared": 2, "published": True, "applied": True, "complete": True}
    return agency(pk, **{**good, **facts})


def figure(number: int, rows: list[Any], **more: Any) -> Figure:
    return count(BY_NUMBER[number], rows, kinds=KINDS, **more)


def test_the_table_is_f1_to_f17_and_says_what_each_means() -> None:
    assert [one.key for one in INDICATORS] == [f"F{n}" for n in range(1, 18)]
    assert all(str(one.means) and str(one.label) for one in INDICATORS)
    assert {one.number for one in INDICATORS if one.has_denominator} == {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}
    assert [one.number for one in INDICATORS if one.how == ALL_OF] == [9, 11]
    assert [one.number for one in INDICATORS if one.how == ANY_OF] == [12]
    overlaps = {(one.number, other) for one in INDICATORS for other in one.overlaps}
    assert overlaps == {(3, 4), (4, 3)}, "they overlap each other"


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "printed"),
    [
        (50, 52, 1, "96.2"), (39, 52, 1, "75.0"), (19, 52, 1, "36.5"), (32, 52, 1, "61.5"), (20, 22, 0, "91"),
        (74, 98, 1, "75.5"), (62, 63, 1, "98.4"), (5564, 8910, 1, "62.4"), (44, 44, 1, "100.0"), (1, 16, 1, "6.3"),
        (1, 8, 0, "13"), (0, 7, 1, "0.0"),
    ],
)  # fmt: skip
def test_the_seeds_percentages_by_one_rounding_half_up(part: int, whole: int, decimals: int, printed: str) -> None:
    assert str(percent(part, whole, decimals)) == printed


@given(st.integers(0, 10**7), st.integers(1, 10**7), st.integers(0, 3))
def test_a_percentage_is_the_nearest_number_and_the_upper_of_two(part: int, whole: int, decimals: int) -> None:
    exact, shown, step = Fraction(100 * part, whole), percent(part, whole, decimals), Fraction(1, 10**decimals)
    assert -step / 2 <= exact - Fraction(shown) < step / 2, "the nearest; of two the upper"
    assert shown == shown.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_a_ministry_conforms_only_with_every_mandatory_body() -> None:
    good = [conforming(pk, kind="ministry", place=pk, place_kind="ministry") for pk in (1, 2, 3)]
    bodies = [conforming(10 + pk, kind="department", place=pk, place_kind="ministry") for pk in (1, 2)]
    rows = [*good, *bodies]
    assert (figure(9, rows).numerator, figure(9, rows).denominator) == (3, 3)
    for lame in ({"published": False}, {"declared": 1}, {"covered": 1}, {"listed": False}):
        broken = [*rows, conforming(20, place=2, place_kind="ministry", kind="department", **lame)]
        assert figure(9, broken).behind == (1, 3), lame
    for aside in ({"counts": False}, {"obligation": "encouraged"}, {"obligation": "own_regime"}, {"obligation": ""}):
        broken = [*rows, agency(20, place=2, place_kind="ministry", kind="department", **aside)]
        assert figure(9, broken).behind == (1, 2, 3), aside
    alone = [agency(4, kind="ministry", place=4, place_kind="ministry", counts=False)]
    assert figure(9, alone).denominator == 0, "with no body that must, nobody says that it conforms"
    assert figure(9, bodies).denominator == 0, "of a body alone nobody says what holds for its ministry"
    assert figure(11, rows).denominator == 0, "ministries are no provinces"


def test_a_province_has_rolled_out_with_any_commune() -> None:
    rows = [agency(pk, kind="province", place=pk, place_kind="province") for pk in (1, 2, 3)]
    rows += [agency(10 + n, place=1, place_kind="province") for n in range(3)]
    rows += [agency(20 + n, place=2, place_kind="province") for n in range(2)]
    assert figure(12, rows).numerator == 0
    rows[3] = rows[3]._replace(building=True)
    found = figure(12, rows)
    assert (found.behind, found.of, found.percent) == ((1,), (1, 2, 3), Decimal("33.3"))
    assert figure(13, rows).numerator == 0, "building is not yet built, applied and published"


def test_a_denominator_is_the_dated_number_where_there_is_one() -> None:
    rows = [conforming(n, kind="commune") for n in range(3)] + [agency(9, kind="commune", counts=False)]
    found = figure(13, rows, reference=Reference(8910, "4/2021"))
    assert (found.numerator, found.denominator, found.held, found.of) == (3, 8910, 3, (0, 1, 2))
    assert figure(13, rows).denominator == 3
    assert figure(13, []).percent is None
    assert figure(14, [agency(1, announced=44, covered=44), agency(2, listed=False)]).percent == Decimal("100.0")


def test_inspections_of_the_seed() -> None:
    kinds = ["department"] * 5 + ["sub_department"] * 5 + ["district"] * 4 + ["commune"] * 38
    rows = [Checked(n, kind=kind) for n, kind in enumerate(kinds)]
    rows = [one._replace(built_applied=n < 50, posted=n < 50, link_alive=True) for n, one in enumerate(rows)]
    rows = [one._replace(outdated_law=n >= 13, audit_done=n < 51, review_done=n < 51) for n, one in enumerate(rows)]
    rows = [one._replace(audit_ok=n < 19, review_ok=n < 25, generic=19 <= n < 30) for n, one in enumerate(rows)]
    seen = [Checked(100 + n, mode="website", kind="department" if n < 26 else "commune") for n in range(161)]
    both = [*rows, *seen, Checked(999, mode="file", built_applied=True)]
    told = {n: (figure(n, both).numerator, str(figure(n, both).percent)) for n in range(1, 9)}
    assert told == {
        1: (52, "None"), 2: (161, "None"), 3: (50, "96.2"), 4: (39, "75.0"), 5: (19, "36.5"), 6: (32, "61.5"),
        7: (1, "1.9"), 8: (50, "96.2"),
    }  # fmt: skip
    assert [one.number for one in figure(1, both).parts] == [5, 5, 4, 38]
    assert [one.number for one in figure(2, both).parts] == [26, 135]
    assert sum(told[n][0] for n in (5, 6, 7)) == 52, "these three divide the inspected"
    assert told[3][0] + told[4][0] > 52, "these two overlap"
    found = figure(6, both)
    assert {one.key: one.number for one in found.parts} == {
        "incomplete": 0, "generic": 11, "not_factual": 0, "cross_check": 0,
    }  # fmt: skip
    assert set(figure(5, both).behind).isdisjoint(found.behind)


def test_certificates_and_registrations() -> None:
    local = [agency(n, place=1 + n % 3, place_kind="province", certified=True, certificates=n % 2) for n in range(5)]
    central = [agency(10, place=9, place_kind="ministry", certified=True), agency(11, certificates=2)]
    found = figure(16, [*local, *central])
    told = {one.key: one.number for one in found.parts}
    assert (found.numerator, told) == (6, {"local": 5, "provinces": 3, "central": 1, "ministries": 1, "issued": 4})
    listed = [Listed(1, "consultancy"), Listed(2, "consultant"), Listed(3, "consultant"), Listed(4, "assessor")]
    found = figure(17, listed)
    assert (found.numerator, [one.number for one in found.parts]) == (4, [1, 2, 0, 1])


def test_a_number_is_as_long_as_the_list_behind_it() -> None:
    rows = [
        conforming(n, place=n // 4, place_kind="province", kind="province" if n % 4 == 0 else "commune")
        for n in range(16)
    ]
    for one in INDICATORS:
        if one.source == "agencies" and one.how != "sum":
            found = count(one, rows, kinds=KINDS)
            assert (len(found.behind), len(found.of)) == (found.numerator, found.held), one.key
            assert not one.has_denominator or set(found.behind) <= set(found.of), one.key
