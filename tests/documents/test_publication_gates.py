"""What keeps an agency from confirming and signing its publication: each condition at its bounds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from capa.models import Review, Round
from documents import gates
from documents.models import Adoption, DocumentVersion, RegulationRelation
from documents.services.frameworks import Choice, take
from documents.services.republishing import publications_tick
from tests import factories
from tests.capa import records
from tests.documents import modelled, published
from tests.documents.test_publication import LATER, causes, tick_of, unmet
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import day_of

pytestmark = pytest.mark.once


def test_a_model_that_is_applied_is_complete_with_every_required_item_in_force(world: World) -> None:
    published.fit(world)
    version, place = modelled.for_departments(world), world.unit("stp")
    assert unmet(world) == {}  # offered, and not applied
    adoption = engine.start(Adoption(agency=place, unit=place, model=version.model), "adopt", by=world.hoa)
    assert set(unmet(world)) == {"framework"}
    assert "“Mô hình khung cấp sở”" in unmet(world)["framework"]
    assert "Quy trình hs" in unmet(world)["framework"]
    live = DocumentVersion.objects.in_force(day_of()).get(agency=place)
    draft = take(adoption, [Choice(version.items.get(), live.unit)], by=world.lan)[0]
    assert "Quy trình hs" in unmet(world)["framework"]  # taken up, and nothing in force
    engine.fire(draft, "drop", by=world.lan, note="Dùng tài liệu đang có")
    take(adoption, [Choice(version.items.get(), document=live.document)], by=world.lan)
    assert unmet(world) == {}


def test_a_model_that_was_left_asks_for_nothing(world: World) -> None:
    published.fit(world)
    version, place = modelled.for_departments(world), world.unit("stp")
    adoption = engine.start(Adoption(agency=place, unit=place, model=version.model), "adopt", by=world.hoa)
    assert set(unmet(world)) == {"framework"}
    engine.fire(adoption, "leave", by=world.tuan, note="Có mô hình khác")
    assert unmet(world) == {}


@pytest.mark.parametrize("name", ["audit", "review"])
def test_what_was_done_counts_for_a_year_to_the_day(world: World, name: str) -> None:
    published.fit(world)
    done = Round.objects.get().signed_on if name == "audit" else Review.objects.get().held_on
    assert done is not None

    def met(day: date) -> bool:
        return next(one for one in gates.verdicts(world.unit("stp"), day) if one.gate.name == name).met

    over = done.replace(year=done.year + 1)
    assert [met(day) for day in (done - timedelta(days=1), done, over - timedelta(days=1), over)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_major_nonconformity_is_open_until_it_is_closed(world: World) -> None:
    car = records.car(world, "issued", severity="major")
    assert "major" in unmet(world)
    for _state, action, name in records.CAR_PATH:
        if action == "complete":
            records.finish(world, car)
        by = records.decider(world, car) if action == "approve_plan" else world.people[name]
        car = engine.fire(car, action, by=by, **records.answers(world, action))
        assert "major" in unmet(world), car.state
    car = engine.fire(car, "pass", by=world.binh, **records.answers(world, "pass"))
    assert "major" in unmet(world), "effective, and not closed yet"
    engine.fire(car, "close", by=records.decider(world, car))
    assert "major" not in unmet(world)


@pytest.mark.parametrize(("state", "still"), [("disputed", True), ("cancelled", False), ("reissued", True)])
def test_a_major_nonconformity_that_left_the_road(world: World, state: str, still: bool) -> None:
    records.car(world, state, severity="major")
    assert ("major" in unmet(world)) is still


def test_what_holds_when_it_is_confirmed_must_hold_when_it_is_signed(world: World) -> None:
    found = published.publication(world, "pending_signature")
    major = records.answers(world, "issue") | {"severity": "major"}
    engine.fire(records.report(world), "issue", by=world.quang, **major)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(found, "sign", by=world.tuan)
    assert "không phù hợp nặng" in " ".join(refused.value.problems)
    found.refresh_from_db()
    assert found.state == "pending_signature"


def test_an_edition_to_come_is_no_cause_before_its_day(world: World) -> None:
    old = factories.regulation(published.EDITION, effective_on=date(2015, 10, 1))
    found = published.publication(world)
    new = factories.regulation("TCVN ISO 9001:2026", effective_on=day_of(LATER))
    RegulationRelation.objects.create(source=new, target=old, kind="replaces")
    assert tick_of(found)[1] == []
    publications_tick(LATER)
    assert [cause for cause, _said in causes(found)] == ["edition"]
