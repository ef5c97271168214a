"""A management review at its bounds: whose audit, what is waived, as of which day, and the last of its work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from capa.machines.review import INPUTS
from capa.models import InputText, Pack, Review
from capa.models.review_gates import audit_missing
from capa.services.isoyear import DONE, NOT_STARTED, _published
from capa.services.known import COUNTS, Place
from documents.models import ImpactItem
from tests import factories
from tests.capa import records, yearly
from tests.documents import published
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import day_of

pytestmark = pytest.mark.once


def test_an_audit_of_another_agency_is_none_of_ours(world: World) -> None:
    records.audit_round(world, "report_signed")
    ours = Review(agency=world.unit("stp"), year=day_of().year)
    theirs = Review(agency=world.unit("nx"), year=day_of().year)
    assert audit_missing(ours, day_of()) == []
    assert len(audit_missing(theirs, day_of())) == 1


def test_an_input_that_was_written_is_not_waived(world: World) -> None:
    found = yearly.review(world, "collecting_inputs")
    for one in INPUTS:
        if one.written or one.key == "audit":
            InputText.objects.create(review=found, subject=one.key, text="Đã viết", by=world.hoa, at=timezone.now())
    with pytest.raises(GuardFailed) as refused:
        engine.fire(found, "ready", by=world.hoa)
    assert "chưa có đợt đánh giá nội bộ" in " ".join(refused.value.problems)
    engine.fire(found, "waive_input", by=world.quang, subject="audit", note="Cơ quan mới lập")
    assert engine.fire(found, "ready", by=world.hoa).state == "ready"


def test_the_pack_is_of_the_day_on_which_the_meeting_was_recorded(world: World) -> None:
    found, today = yearly.review(world, "ready"), day_of()
    given = yearly.answers(world, "hold") | {"held_on": today - timedelta(days=3)}
    found = engine.fire(found, "hold", by=world.tuan, **given)
    pack = Pack.objects.get(review=found)
    assert (found.held_on, pack.as_of, pack.body["as_of"]) == (given["held_on"], today, today.isoformat())


def test_work_that_nobody_has_accepted_keeps_a_review_open(world: World) -> None:
    one = yearly.output(world, "done")
    review = Review.objects.get(pk=one.review_id)
    review = engine.fire(review, "track", by=world.hoa)
    with pytest.raises(GuardFailed) as refused:
        engine.fire(review, "close", by=world.hoa)
    assert refused.value.problems == ["Còn 1 việc chưa kết thúc."]


def test_a_procedure_of_two_decisions_counts_once(world: World) -> None:
    version = factories.in_force(world)
    code = version.document.code
    published.announce(world, code, decision="1/QĐ", effective_on=date(2025, 1, 1))
    published.announce(world, code, decision="2/QĐ", effective_on=date(2026, 1, 1), change="amended")
    published.announce(world, "99", decision="2/QĐ", effective_on=date(2026, 1, 1))
    place = Place(world.unit("stp"), day_of(), day_of().year)
    found = {key: COUNTS[key].number(place) for key in ("announced", "covered", "uncovered")}
    assert found == {"announced": 2, "covered": 1, "uncovered": 1}


def test_work_is_late_from_the_day_after_its_last(world: World) -> None:
    one = yearly.output(world, "open")
    assert one.due_on is not None
    places = [Place(world.unit("stp"), one.due_on + timedelta(days=n), one.due_on.year) for n in (0, 1)]
    assert [COUNTS["outputs_late"].number(place) for place in places] == [0, 1]
    assert [COUNTS["outputs_open"].number(place) for place in places] == [1, 1]


def test_a_round_that_was_put_off_or_called_off_is_not_planned(world: World) -> None:
    owner = records.audit_round(world, "planned")
    place = Place(world.unit("stp"), day_of(), owner.starts_on.year)
    assert COUNTS["rounds"].number(place) == 1
    owner = engine.fire(owner, "postpone", by=world.quang, **records.answers(world, "postpone"))
    assert COUNTS["rounds"].number(place) == 0


def test_a_change_of_law_is_late_from_the_day_after_its_last(world: World) -> None:
    item, day = factories.impact(world, "screening"), day_of()
    QuerySet.update(ImpactItem.objects.filter(pk=item.pk), due_on=day)
    place = Place(world.unit("stp"), day, day.year)
    assert (COUNTS["changes_late"].number(place), COUNTS["changes_open"].number(place)) == (0, 1)
    QuerySet.update(ImpactItem.objects.filter(pk=item.pk), due_on=day - timedelta(days=1))
    assert COUNTS["changes_late"].number(place) == 1


def test_a_declaration_of_another_agency_is_none_of_ours(world: World) -> None:
    published.publication(world)
    states = [
        _published(Place(world.unit(name), day_of(), day_of().year)).state for name in ("stp", "xa", "nx")
    ]  # fmt: skip
    assert states == [DONE, NOT_STARTED, NOT_STARTED]
