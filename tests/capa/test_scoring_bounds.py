"""Scores at their bounds: bands, quarters, ranks, templates, what counts by itself, and the last cycle of a CAR."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from capa.models import Car, Inspection, InspectionPlan, ScoringTemplate
from capa.services.auto import said_of
from capa.services.known import Place
from capa.services.ranking import bands, ranking
from capa.services.rules import COUNTS, RULES, earned, sheet
from capa.sheets import band_of, quarter
from tests import factories
from tests.capa import inspected, records
from tests.capa.test_evidence_packs import packed
from tests.capa.test_inspection_findings import concluded, issued
from tests.people import World, seat
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import Committee, Unit, UnitKind, day_of

pytestmark = pytest.mark.once

BANDS = inspected.table()["bands"]


@pytest.mark.parametrize(
    ("points", "most", "said"),
    [
        ("90", "100", "Tốt"), ("89.75", "100", "Khá"), ("100", "100", "Tốt"), ("75", "100", "Khá"),
        ("74.75", "100", "Trung bình"), ("0", "100", "Yếu"), ("36", "40", "Tốt"), ("35.75", "40", "Khá"),
        ("0", "0", "Yếu"),
    ],
)  # fmt: skip
def test_a_band_begins_with_its_least_share_unrounded(points: str, most: str, said: str) -> None:
    assert band_of(BANDS, Decimal(points), Decimal(most)) == said


@pytest.mark.parametrize(
    ("value", "given"), [("9.99", "9.75"), ("9.875", "9.75"), ("9.75", "9.75"), ("0.24", "0"), ("10", "10")]
)
def test_a_share_never_gives_more_than_was_earned(value: str, given: str) -> None:
    assert quarter(Decimal(value)) == Decimal(given)


def test_equal_scores_share_a_rank_and_the_next_one_is_counted_on(world: World) -> None:
    stp = world.unit("stp")
    facts = {"year": 2025, "number": "1", "title": "1", "decided_on": day_of(), "starts_on": day_of()}
    facts["ends_on"] = day_of()
    plan = engine.start(InspectionPlan(agency=stp, unit=stp), "import", by=None, facts=facts)

    def held(code: str, score: int | None) -> Inspection:
        about = Unit.objects.create(code=code, name=code, kind=UnitKind.COMMUNE, parent=stp)
        given = {"about": about, "mode": "direct", "done_on": day_of(), "conclusion": "", "judgements": []}
        one = engine.start(Inspection(agency=stp, unit=stp, plan=plan), "import", by=None, facts=given)
        QuerySet.update(Inspection.objects.filter(pk=one.pk), score=score, band="Tốt" if score == 9 else "Khá")
        return one

    for code, score in (("C1", 7), ("C2", 9), ("C3", 9), ("C4", None), ("C5", 5), ("C6", 7)):
        held(code, score)
    told = sorted((one.rank, one.inspection.about.code) for one in ranking(plan))
    assert told == [(1, "C2"), (1, "C3"), (3, "C1"), (3, "C6"), (5, "C5")]
    assert bands(ranking(plan)) == [("Tốt", 2), ("Khá", 3)]


def test_a_score_that_is_not_concluded_has_no_rank(world: World) -> None:
    found = inspected.inspection(world, "in_progress")
    found = engine.fire(found, "score", by=world.kiemtra, now=inspected.on(7, 1), **inspected.answers("score"))
    assert found.score is not None
    assert ranking(found.plan) == []


def test_the_nearest_agency_s_template_counts(world: World) -> None:
    xa, stp = world.unit("xa"), world.unit("stp")
    own = inspected.template(world)
    seat(world.daumoi, "province_coordinator", world.unit("tinh"))
    seat(world.doan, "inspection_head", world.unit("tinh"))
    above = inspected.template(world, unit="tinh")
    found = [ScoringTemplate.objects.for_agency(one, inspected.YEAR) for one in (xa, stp, world.unit("tinh"))]
    assert found == [own, own, above]
    assert ScoringTemplate.objects.for_agency(world.unit("nx"), inspected.YEAR) is None
    assert ScoringTemplate.objects.for_agency(xa, inspected.YEAR - 1) is None


def test_a_committee_counts_to_the_day_before_its_end(world: World) -> None:
    day = day_of()
    place = Place(world.unit("stp"), day, day.year)
    assert earned(RULES["committee"], Decimal(5), place).points == 5
    Committee.objects.update(valid_to=day)
    assert earned(RULES["committee"], Decimal(5), place).points == 0
    before = Place(world.unit("stp"), day - timedelta(days=1), day.year)
    assert COUNTS["committees"].number(before) == 1


def test_of_an_agency_without_a_document_nothing_is_counted_not_even_zero(world: World) -> None:
    day = timezone.localdate()
    criteria: list[dict[str, Any]] = [
        {"key": rule, "rule": rule, "max": "5"} for rule in (*RULES, "manual")
    ]  # fmt: skip
    place = Place(world.unit("stp"), day, day.year)
    assert {one.points for one in sheet(place, criteria).values()} == {None}
    factories.in_force(world)
    found = {key: one.points for key, one in sheet(place, criteria).items()}
    assert "manual" not in found
    five = Decimal(5)
    assert [found[key] for key in ("committee", "overdue", "audited", "living")] == [five, five, Decimal(0), five]
    assert (found["covered"], found["timely"], found["measured"]) == (None, None, None), "no list, no CAR, no objective"


def second_cycle(world: World) -> tuple[Inspection, Car]:
    """An inspection whose CAR was found ineffective, and the CAR that came in its place."""
    found = concluded(world)
    roles = {"minh": "unit_head", "lan": "drafter", "quang": "qmr", "hoa": "iso_secretary", "tuan": "steering_head"}
    for name, role in {**roles, "binh": "auditor"}.items():
        seat(world.people[name], role, world.unit("xa"))
        world.people[name].__dict__.pop("_seats_by_day", None)
    car = engine.fire(Car.objects.get(), "issue", by=world.quang, **issued("major", world))
    car = records.advance(world, car, "awaiting_verification")
    engine.fire(car, "fail", by=world.binh, **records.answers(world, "fail"))
    return found, Car.objects.get(predecessor=car)


def test_an_inspection_waits_for_the_last_cycle_which_the_agency_cannot_argue_away(world: World) -> None:
    found, again = second_cycle(world)
    assert (again.cycle, again.inspected) == (2, None)
    found = engine.fire(found, "remediate", by=world.daumoi)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(found, "close", by=world.daumoi)
    assert "Còn 1 phiếu" in " ".join(refused.value.problems)
    with pytest.raises(GuardFailed):
        engine.fire(again, "cancel", by=world.tuan, note="Không cần")


def test_a_pack_holds_nothing_that_its_maker_may_not_read(world: World) -> None:
    found = concluded(world)
    assert Car.objects.visible_to(world.xuan).count() != Car.objects.visible_to(world.kiemtra).count() == 0
    seat(world.xuan, "qmr", world.unit("xa"))
    url = f"{found.get_absolute_url()}pack/"

    def cars(user: Any) -> int:
        with zipfile.ZipFile(BytesIO(packed(user, url))) as archive:
            return sum(name.startswith("cars/") for name in archive.namelist())

    assert (cars(world.xuan), cars(world.kiemtra)) == (1, 0)


def test_what_an_inspector_gave_is_not_overwritten_by_what_is_counted(world: World) -> None:
    factories.in_force(world, "xa", since=inspected.on(1, 10).date())
    found = inspected.inspection(world, "concluded")
    assert found.counted(day_of()) == {"c3": Decimal(10)}
    assert found.score == Decimal("29.75"), "7.5 and 20 and the 2.25 that the inspector gave"
    assert [row.by for row in found.points.order_by("pk")] == [world.kiemtra] * 3


def test_without_a_declaration_no_link_is_alive(world: World) -> None:
    factories.in_force(world)
    found = said_of(Place(world.unit("stp"), day_of(), day_of().year))
    assert (found["posted"].value, found["link_alive"].value) == (False, False)
