"""Objectives: who proposes what, how measuring goes in time, how one stands, and what the product counts of itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from capa import periods
from capa.machines.objective import MANUAL, SOURCES
from capa.models import Car, Measurement, Objective
from capa.services.known import COUNTS, MEASURES, Place
from capa.services.measuring import Live, live, measure_tick
from capa.standing import AT_RISK, MET, MISSED, UNMEASURED, decimal_of, said
from tests import factories
from tests.capa import records, yearly
from tests.people import World
from workflows import engine, inbox
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn
from workflows.models import Reminder
from workflows.reminding import remind


def test_every_source_but_the_typed_one_is_a_measure() -> None:
    assert {code for code, _label in SOURCES} == {MANUAL, *MEASURES}


@pytest.mark.parametrize(("frequency", "number", "first", "last"), [
    ("month", 2, date(2028, 2, 1), date(2028, 2, 29)),
    ("quarter", 4, date(2028, 10, 1), date(2028, 12, 31)),
    ("half", 1, date(2028, 1, 1), date(2028, 6, 30)),
    ("year", 1, date(2028, 1, 1), date(2028, 12, 31)),
])  # fmt: skip
def test_periods(frequency: str, number: int, first: date, last: date) -> None:
    assert periods.first_day(2028, frequency, number) == first
    assert periods.last_day(2028, frequency, number) == last
    assert periods.ended(2028, frequency, last) == number - 1
    assert periods.begun(2028, frequency, first) == number


@pytest.mark.parametrize(("typed", "number"), [
    ("85", "85"), ("98,5", "98.5"), ("98.5", "98.5"), (" -3 ", "-3"), ("", None), ("85%", None), ("1,2345", None),
    ("1e3", None), ("٣", None), ("123456789012", None),
])  # fmt: skip
def test_numbers_as_people_write_them(typed: str, number: str | None) -> None:
    assert decimal_of(typed) == (None if number is None else Decimal(number))


def test_a_number_is_said_with_a_comma() -> None:
    assert [said(Decimal(text)) for text in ("90.000", "98.500", "0.125", "-3", "100")] == [
        "90", "98,5", "0,125", "-3", "100",
    ]  # fmt: skip


def test_a_head_proposes_for_the_own_unit_only(world: World) -> None:
    owner = yearly.objectives(world)
    for unit, may in (("hctp", True), ("bttp", False), ("stp", False)):
        fresh = Objective(agency=world.unit("stp"), unit=world.unit(unit), owner_set=owner)
        if may:
            assert engine.start(fresh, "propose", by=world.minh, **yearly.facts(world)).state == "proposed"
        else:
            with pytest.raises(NotYourTurn):
                engine.start(fresh, "propose", by=world.minh, **yearly.facts(world))


@pytest.mark.parametrize(("changes", "field"), [
    ({"target": "chín mươi"}, "target"),
    ({"target": "90%"}, "target"),
    ({"owner": "0"}, "owner"),
    ({"source": "living", "measured_in": "tài liệu"}, "measured_in"),
    ({"frequency": "week"}, "frequency"),
])  # fmt: skip
def test_what_cannot_be_measured_is_refused_by_field(world: World, changes: dict[str, Any], field: str) -> None:
    owner = yearly.objectives(world)
    with pytest.raises(BadAnswer) as caught:
        yearly.propose(world, owner, **changes)
    assert list(caught.value.problems) == [field]


def test_a_person_of_another_unit_is_not_in_charge(world: World) -> None:
    offered = {key for key, _label in yearly.objective(world).options("owner")}
    assert str(world.lan.pk) in offered
    assert not offered & {str(world.mai.pk), str(world.dung.pk), str(world.xuan.pk), str(world.nghi.pk)}


def test_there_is_one_set_of_a_year(world: World) -> None:
    yearly.objectives(world)
    with pytest.raises(BadAnswer):
        yearly.objectives(world)
    assert yearly.objectives(world, year=2027).year == 2027


def test_what_was_submitted_is_changed_no_more(world: World) -> None:
    owner = yearly.objectives(world, "submitted")
    one = owner.objectives.get()
    with pytest.raises(GuardFailed):
        yearly.propose(world, owner)
    with pytest.raises(GuardFailed):
        engine.fire(one, "edit", by=world.hoa, **yearly.facts(world))


def test_an_empty_set_is_not_submitted(world: World) -> None:
    owner = yearly.objectives(world)
    engine.fire(owner.objectives.get(), "drop", by=world.hoa, note="Trùng")
    with pytest.raises(GuardFailed):
        engine.fire(owner, "submit", by=world.hoa)


def test_the_clock_asks_the_owner_after_each_period_and_catches_up(world: World) -> None:
    one = yearly.objective(world, "running")
    assert measure_tick(yearly.on(3, 31)) == ({}, [])
    done, complaints = measure_tick(yearly.on(7, 2))
    assert (dict(done), complaints) == ({"ask": 1}, [])
    assert measure_tick(yearly.on(7, 2)) == ({}, [])
    one.refresh_from_db()
    assert (one.state, one.due_on) == ("due", one.period_due(1))
    assert [entry.record.pk for entry in inbox.for_user(world.lan, yearly.on(7, 2), machine="objective")] == [one.pk]
    assert not inbox.for_user(world.minh, yearly.on(7, 2), machine="objective")
    assert not inbox.for_user(world.dung, yearly.on(7, 2), machine="objective")
    yearly.measure(world, one, 1, now=yearly.on(7, 2))
    assert dict(measure_tick(yearly.on(7, 2))[0]) == {"ask": 1}
    one.refresh_from_db()
    assert (one.state, one.due_on) == ("due", one.period_due(2))


def test_who_is_late_is_reminded(world: World) -> None:
    one = yearly.objective(world, "running")
    measure_tick(yearly.on(4, 1))
    remind(yearly.on(4, 20))
    assert Reminder.objects.filter(stream=one.pk).count() == 1


def test_periods_are_measured_in_order_and_again_with_a_reason(world: World) -> None:
    one = yearly.objective(world, "running")
    with pytest.raises(GuardFailed):
        yearly.measure(world, one, 2)
    one = yearly.measure(world, one, 1, "95")
    with pytest.raises(GuardFailed):
        yearly.measure(world, one, 1, "85")
    one = yearly.measure(world, one, 1, "85", "Đếm sót hồ sơ")
    rows = list(one.measurements.order_by("pk").values_list("period", "value", "by", "note"))
    assert rows == [(1, Decimal(95), world.lan.pk, ""), (1, Decimal(85), world.lan.pk, "Đếm sót hồ sơ")]
    assert (one.value, one.measured_period) == (Decimal(85), 1)


def test_a_correction_of_an_older_period_leaves_the_latest_value(world: World) -> None:
    one = yearly.measure(world, yearly.objective(world, "running"), 1, "80")
    one = yearly.measure(world, one, 2, "95")
    one = yearly.measure(world, one, 1, "82", "Đếm sót")
    assert (one.value, one.measured_period, one.measurements.count()) == (Decimal(95), 2, 3)


def test_what_was_measured_is_never_rewritten(world: World) -> None:
    row = yearly.measure(world, yearly.objective(world, "running"), 1).measurements.get()
    for deed in (
        lambda: Measurement.objects.filter(pk=row.pk).update(value=1),
        lambda: Measurement.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            deed()
    assert Measurement.objects.get().value == Decimal(95)


def test_only_the_owner_measures_and_only_what_people_measure(world: World) -> None:
    one = yearly.objective(world, "running")
    for person in (world.minh, world.hoa, world.mai, world.dung):
        with pytest.raises(NotYourTurn):
            engine.fire(one, "measure", by=person, period="1", value="90", note="")


def test_a_counted_one_is_not_typed(world: World) -> None:
    one = yearly.objective(world, "running", source="living")
    with pytest.raises(NotYourTurn):
        yearly.measure(world, one, 1)


@pytest.mark.parametrize(("values", "deadline", "day", "expected"), [
    ((), None, date(2026, 3, 1), UNMEASURED),
    (("95",), None, date(2026, 5, 1), MET),
    (("85",), None, date(2026, 5, 1), AT_RISK),
    (("85",), date(2026, 4, 30), date(2026, 4, 30), AT_RISK),
    (("85",), date(2026, 4, 30), date(2026, 5, 1), MISSED),
    (("95",), None, date(2026, 8, 1), AT_RISK),
    (("95", "95", "95", "85"), None, date(2027, 1, 2), MISSED),
    (("85", "85", "85", "90"), None, date(2027, 1, 2), MET),
])  # fmt: skip
def test_how_it_stands_on_a_day(
    world: World, values: tuple[str, ...], deadline: date | None, day: date, expected: Any
) -> None:
    one = yearly.objective(world, "running", deadline=deadline)
    for number, value in enumerate(values, start=1):
        if number > 3:
            one.value, one.measured_period = Decimal(value), number
        else:
            one = yearly.measure(world, one, number, value)
    assert one.standing(day) == expected


def test_at_most_turns_the_target_round(world: World) -> None:
    one = yearly.objective(world, "running", direction="most", target="2", measured_in="phản ánh")
    assert yearly.measure(world, one, 1, "2").is_reached
    assert not yearly.measure(world, one, 2, "3").is_reached
    assert one.target_words == "≤ 2 phản ánh"


def test_the_year_is_judged_by_the_last_value_of_each(world: World) -> None:
    owner = yearly.objectives(world)
    bad = yearly.propose(world, owner, statement="Không có phản ánh")
    yearly.advance(world, owner, "running")
    with pytest.raises(GuardFailed) as caught:
        engine.fire(owner, "evaluate", by=world.hoa, conclusion="Xong")
    assert len(caught.value.problems) == 2
    for one in owner.objectives.all():
        for number in range(1, one.periods_ended(records.in_days(0)) + 1):
            yearly.measure(world, one, number, "80" if one.pk == bad.pk else "95")
    engine.fire(owner, "evaluate", by=world.hoa, conclusion="Xong")
    assert dict(owner.objectives.values_list("state", "statement")) == {
        "met": "Giải quyết hồ sơ đúng hạn",
        "missed": "Không có phản ánh",
    }


def test_a_missed_objective_becomes_a_nonconformity(world: World) -> None:
    one = yearly.measure(world, yearly.objective(world, "running"), 1, "60")
    given = records.reported(source="objective", clause="6.2")
    fresh = Car(agency=world.unit("stp"), unit=world.unit("hctp"), objective=one)
    made = engine.start(fresh, "report", by=world.minh, **given)
    assert (made.objective, made.state) == (one, "reported")
    reached = yearly.measure(world, one, 2, "95")
    fresh = Car(agency=world.unit("stp"), unit=world.unit("hctp"), objective=reached)
    with pytest.raises(GuardFailed):
        engine.start(fresh, "report", by=world.minh, **given)


def test_the_clock_takes_the_figure_of_every_period_gone_by(world: World) -> None:
    factories.in_force(world)
    one = yearly.objective(world, "running", source="living", target="100")
    done, complaints = measure_tick(yearly.on(7, 2))
    assert (dict(done), complaints) == ({"pull": 2}, [])
    assert measure_tick(yearly.on(7, 2)) == ({}, [])
    one.refresh_from_db()
    found = live(one, date(2026, 7, 2))
    assert found is not None
    rows: list[Any] = list(one.measurements.values_list("period", "part", "whole", "value", "by"))
    value = Decimal(100 * found.part) / found.whole
    assert rows == [(1, found.part, found.whole, value, None), (2, found.part, found.whole, value, None)]
    assert (one.state, one.measured_on) == ("running", date(2026, 7, 2))


def test_a_measured_share_is_rounded_half_up_too(world: World) -> None:
    one = yearly.objective(world, "running", source="living", target="100")
    one = engine.fire(one, "pull", by=None, span=1, part=1, whole=64)
    assert one.value == Decimal("1.563")


def test_nothing_to_count_is_no_hundred_percent(world: World) -> None:
    one = yearly.objective(world, "running", source="cars_closed", target="100")
    measure_tick(yearly.on(4, 2))
    one.refresh_from_db()
    assert (one.value, one.measured_period, one.standing(date(2026, 4, 2))) == (None, 1, UNMEASURED)


def test_a_share_of_a_figure_is_rounded_half_up_like_every_other() -> None:
    one = COUNTS["documents"]
    shown = [Live(part, whole, one, one).percent for part, whole in ((1, 16), (5564, 8910), (0, 0))]
    assert shown == [Decimal("6.3"), Decimal("62.4"), None]


def test_counts_are_of_the_place_alone(world: World) -> None:
    mine, theirs = factories.in_force(world), factories.in_force(world, "bttp")
    foreign = factories.in_force(world, "nx1")
    today = records.in_days(0)
    agency = Place(world.unit("stp"), today, today.year)
    unit = Place(world.unit("stp"), today, today.year, world.unit("hctp"))
    assert set(COUNTS["documents"].rows(agency)) == {mine, theirs}
    assert set(COUNTS["documents"].rows(unit)) == {mine}
    assert foreign not in COUNTS["documents"].rows(agency)


def test_every_count_is_the_length_of_its_list_and_parts_make_the_whole(world: World) -> None:
    factories.in_force(world)
    records.car(world, "closed")
    today = records.in_days(0)
    place = Place(world.unit("stp"), today, today.year)
    for count in COUNTS.values():
        assert count.number(place) == len(list(count.rows(place))), count.key
    number = {key: count.number(place) for key, count in COUNTS.items()}
    assert number["living"] + number["outdated"] == number["documents"] >= 1
    assert number["covered"] + number["uncovered"] == number["announced"]
    assert number["cars_closed"] >= number["cars_timely"]
    for measure in MEASURES.values():
        assert set(measure.part.rows(place)) <= set(measure.whole.rows(place))
