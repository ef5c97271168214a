"""The leaders' figures against a count by hand over every CAR."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone

from capa.models import Car
from capa.services.car_filters import KEYS, chosen, clause_key
from capa.services.figure_charts import charts
from capa.services.figures import SHOWN, Figures, Number, figures, percent
from tests.capa import town_of_cars as town
from tests.people import World
from tests.workflows.screens import statements
from workflows.models import User


def of(user: User, year: int | None = None) -> Figures:
    """Figures that a person sees."""
    given = {"year": str(year)} if year else {}
    return figures(Car.objects.visible_to(user), given, timezone.localdate())


def listed(user: User, number: Number) -> int:
    """Length of the list that a number leads to."""
    return chosen(Car.objects.visible_to(user), dict(parse_qsl(number.query)), timezone.localdate()).count()


def is_in(car: Car, group: str, year: int) -> bool:
    """Whether a CAR counts in a group: said once more, in Python."""
    today = timezone.localdate()
    over = car.state in ("rejected", "closed", "reissued", "cancelled")
    if group == "open":
        return not over
    if group == "overdue":
        return not over and car.state != "ineffective" and car.due_on is not None and car.due_on < today
    if group == "recurring":
        founded = car.state not in ("rejected", "cancelled")
        return founded and (car.repeats_id is not None or car.cycle > 1)
    return car.state == "closed" and car.closed_on is not None and car.closed_on.year == year


VALUES: dict[str, Callable[[Car], Any]] = {
    "unit": lambda car: str(car.unit_id),
    "clause": lambda car: clause_key(car.clause),
    "cause": lambda car: car.cause_category or "none",
    "source": lambda car: car.source,
    "severity": lambda car: car.severity,
}


def by_hand(cars: list[Car], key: str, year: int) -> dict[str, tuple[int, ...]]:
    """Numbers of one grouping, lines of nothing left out."""
    counted = {name: Counter(VALUES[key](car) for car in cars if is_in(car, name, year)) for name in SHOWN}
    values = {value for counter in counted.values() for value in counter}
    return {value: tuple(counted[name][value] for name in SHOWN) for value in values}


@pytest.fixture
def cars(world: World) -> list[Car]:
    """Forty CARs of two units, and as many abroad that nobody here may see in a number."""
    town.build(world, 40, seed=8, units=("nx1",))
    return town.build(world, 42)


@pytest.mark.parametrize("back", [0, 1])
def test_every_table_is_what_counting_by_hand_gives(world: World, cars: list[Car], back: int) -> None:
    year = timezone.localdate().year - back
    found = of(world.tuan, year)
    assert found.year == year
    for table in found.tables:
        shown = {
            dict(parse_qsl(row.numbers[0].query))[table.key]: tuple(number.n for number in row.numbers)
            for row in table.rows
        }
        assert shown == by_hand(cars, table.key, year), table.key
        assert len(shown) == len(table.rows)
    totals = {name: sum(is_in(car, name, year) for car in cars) for name in SHOWN}
    assert {name: number.n for name, number in found.numbers.items()} == totals
    assert all(totals.values()) or back


def test_every_number_is_the_length_of_its_list(world: World, cars: list[Car]) -> None:
    found = of(world.tuan)
    numbers = [number for table in found.tables for row in (*table.rows, table.total) for number in row.numbers]
    numbers += [*found.numbers.values(), found.timely.number, found.uncaused]
    numbers += [part.number for part in (*found.ages, *found.causes)]
    assert len(numbers) > 100
    assert [(number, length) for number in numbers if (length := listed(world.tuan, number)) != number.n] == []


def test_days_to_close_and_what_was_in_time(world: World, cars: list[Car]) -> None:
    found = of(world.tuan)
    closed = [car for car in cars if is_in(car, "closed", found.year)]
    days = sum((car.closed_on - car.found_on).days for car in closed if car.closed_on)
    done = [(car.completed_on, max(car.actions.values_list("planned_for", flat=True))) for car in closed]
    late = [day for day, planned in done if day is None or planned < day]
    assert closed
    assert abs(found.mean_days - Decimal(days) / len(closed)) <= Decimal("0.05")  # type: ignore[operator]
    assert (found.timely.number.n, found.timely.of) == (len(closed) - len(late), len(closed))


def test_ages_end_at_thirty_sixty_and_ninety_days(world: World) -> None:
    today = timezone.localdate()
    for days in (-2, 0, 30, 31, 60, 61, 90, 91, 900):
        town.car(world, found_on=today - timedelta(days=days))
    town.car(world, state="closed", found_on=today, closed_on=today)
    found = of(world.tuan)
    assert [part.number.n for part in found.ages] == [3, 2, 2, 2]
    assert {part.of for part in found.ages} == {9}


def test_pareto_counts_causes_of_the_year_and_adds_up(world: World, cars: list[Car]) -> None:
    found = of(world.tuan)
    raised = [c for c in cars if c.found_on.year == found.year and c.state not in ("rejected", "cancelled")]
    by_cause = Counter(car.cause_category for car in raised)
    assert found.uncaused.n == by_cause.pop("")
    assert [part.number.n for part in found.causes] == sorted(by_cause.values(), reverse=True)
    assert [part.upto for part in found.causes] == [
        sum(part.number.n for part in found.causes[: place + 1]) for place in range(len(found.causes))
    ]
    assert found.causes[-1].upto_percent == 100


def test_shares_are_rounded_once_and_half_up() -> None:
    assert percent(1, 3) == Decimal("33.3")
    assert percent(2, 3) == Decimal("66.7")
    assert percent(1, 16) == Decimal("6.3")  # 6.25
    assert percent(5564, 8910) == Decimal("62.4")  # 62.447, which was once printed as 62.5
    assert percent(0, 5) == Decimal("0.0")
    assert percent(0, 0) is None


def test_each_sees_their_own_and_nobody_another_agency(world: World, cars: list[Car]) -> None:
    own = [car for car in cars if car.unit_id == world.unit("hctp").pk]
    for name in ("tuan", "quang", "hoa", "binh2"):
        assert of(world.people[name]).numbers["open"].n == sum(is_in(car, "open", 0) for car in cars), name
    assert of(world.minh).numbers["open"].n == sum(is_in(car, "open", 0) for car in own)
    abroad = Car.objects.filter(agency=world.unit("nx"))
    assert of(world.dung).numbers["open"].n == sum(is_in(car, "open", 0) for car in abroad)
    for name in ("xuan", "cao", "root"):
        found = of(world.people[name])
        assert not found.any
        assert {number.n for number in found.numbers.values()} == {0}, name
    foreign = {"unit": str(world.unit("nx1").pk)}
    assert not chosen(Car.objects.visible_to(world.tuan), foreign, timezone.localdate()).exists()


def test_units_of_two_agencies_are_told_apart(world: World) -> None:
    town.car(world, "hctp")
    town.car(world, "nx1")
    found = figures(Car.objects.all(), {}, timezone.localdate())
    assert [row.label for row in found.tables[0].rows] == [
        "Phòng Hành chính tư pháp – Sở Tư pháp tỉnh Núi Xanh",
        "Phòng Hành chính tư pháp – Sở Tư pháp tỉnh Sông Vàng",
    ]


def test_nothing_yet(world: World) -> None:
    found = of(world.tuan)
    assert found.mean_days is None
    assert found.timely.percent is None
    assert found.years == (timezone.localdate().year,)
    assert found.causes == ()
    assert not found.any
    assert set(charts(found).values()) == {None}


def test_years_reach_back_to_the_first_car_but_not_for_ever(world: World) -> None:
    today = timezone.localdate()
    town.car(world, found_on=date(today.year - 2, 12, 31))
    assert of(world.tuan).years == (today.year, today.year - 1, today.year - 2)
    town.car(world, found_on=date(1011, 1, 1))
    assert len(of(world.tuan).years) == 30
    for odd in ("", "0000", "99999", "２０２６", "-1", "x", str(today.year + 1)):
        assert figures(Car.objects.visible_to(world.tuan), {"year": odd}, today).year == today.year


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 40, "１", "\0", "'--", "none", "0"])
def test_an_address_that_says_nonsense_is_no_error(world: World, odd: str) -> None:
    town.car(world)
    rows = Car.objects.visible_to(world.tuan)
    for key in KEYS:
        assert chosen(rows, {key: odd}, timezone.localdate()).count() in (0, 1)
    assert chosen(rows, dict.fromkeys(KEYS, odd), timezone.localdate()).count() in (0, 1)


def test_clause_filter_takes_what_is_below_and_no_neighbour(world: World) -> None:
    for clause in ("7.5", "7.5.3", "7.50", "7.1", "17.5", ""):
        town.car(world, clause=clause)
    rows, today = Car.objects.visible_to(world.tuan), timezone.localdate()
    assert sorted(chosen(rows, {"clause": "7.5"}, today).values_list("clause", flat=True)) == ["7.5", "7.5.3"]
    assert chosen(rows, {"clause": "none"}, today).count() == 1


def test_as_many_statements_for_three_as_for_sixty(world: World) -> None:
    counted = []
    for number in (3, 57):
        town.build(world, number, seed=number)
        user = User.objects.get(pk=world.tuan.pk)
        with statements() as found:
            charts(of(user))
        counted.append(len(found))
    assert counted == [8, 8]


def test_charts_draw_every_line_up_to_twelve_and_say_so(world: World, cars: list[Car]) -> None:
    drawn = charts(of(world.tuan))
    assert all(drawn.values())
    for key, chart in drawn.items():
        assert chart is not None
        assert all(bar.x >= 0 and bar.x + bar.width <= chart.width for bar in chart.bars), key
        assert all(0 < word.y <= chart.height for word in chart.words), key
        assert chart.desc.endswith(".")
    for place in range(10, 18):
        town.car(world, clause=f"8.{place}")
    clauses = charts(of(world.tuan))["clause"]
    assert clauses is not None
    assert "12 dòng đầu" in clauses.desc
    assert sum(word.kind == "name" for word in clauses.words) == 12
