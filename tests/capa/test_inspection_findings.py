"""What inspectors find becomes the agency's work, is not argued away there, and keeps the inspection open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from capa.models import Car, Inspection, Points, ScoringTemplate
from notifications.recipients import recipients
from tests.api.conftest import Caller
from tests.api.conftest import call as call  # noqa: PLC0414 - the fixture
from tests.capa import inspected, records
from tests.capa.inspected import on
from tests.people import World, person, seat
from workflows import engine
from workflows.errors import GuardFailed, SameHand
from workflows.models import Move


def concluded(world: World) -> Inspection:
    """An inspection of the commune with one major finding, concluded."""
    found = inspected.found(world).inspection
    assert not Car.objects.exists()
    for deed in ("judge", "score"):
        found = engine.fire(found, deed, by=world.kiemtra, now=on(7, 1), **inspected.answers(deed))
    return engine.fire(found, "conclude", by=world.doan, now=on(7, 2), **inspected.answers("conclude"))


def issued(severity: str, world: World) -> dict[str, Any]:
    return {"severity": severity, "clause": "7.5", "unit": str(world.unit("xa").pk), "document": "", "note": ""}


def test_a_finding_becomes_a_car_with_the_conclusion(world: World) -> None:
    found = concluded(world)
    (car,) = Car.objects.all()
    assert (car.agency, car.state, car.source, car.severity) == (world.unit("xa"), "reported", "inspection", "major")
    assert (car.description, car.found_on) == ("Thiếu hồ sơ đánh giá", found.done_on)
    assert car.inspected in found.findings.all()
    assert not Car.objects.visible_to(world.dung).exists()


def test_the_agency_does_not_argue_it_away(world: World) -> None:
    concluded(world)
    car = Car.objects.get()
    seat(world.xuan, "qmr", world.unit("xa"))
    with pytest.raises(GuardFailed):
        engine.fire(car, "reject", by=world.xuan, note="Không đồng ý")
    with pytest.raises(GuardFailed):
        engine.fire(car, "issue", by=world.xuan, **issued("minor", world))
    car = engine.fire(car, "issue", by=world.xuan, **issued("major", world))
    head = person("bithu")
    seat(head, "steering_head", world.unit("xa"))
    car = Car.objects.get(pk=car.pk)
    with pytest.raises((GuardFailed, SameHand)):
        engine.fire(car, "cancel", by=head, note="Không cần")
    own = records.report(world)
    assert engine.fire(own, "reject", by=world.quang, note="Không phải").state == "rejected"


def test_an_inspection_stays_open_until_its_cars_have_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = concluded(world)
    with pytest.raises(GuardFailed):
        engine.fire(found, "close", by=world.daumoi)
    found = engine.fire(found, "remediate", by=world.daumoi)
    monkeypatch.setattr("capa.models.inspection.ENDED", ("reported",))
    assert engine.fire(found, "close", by=world.daumoi).state == "closed"


def test_points_that_differ_from_the_count_are_explained(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capa.scores.computed", lambda *_given: {"c3": Decimal(10)})
    found = inspected.inspection(world, "in_progress")
    row = {"criterion": "c3", "points": "5", "note": "", "evidence": ""}
    with pytest.raises(GuardFailed):
        engine.fire(found, "score", by=world.kiemtra, rows=[row])
    engine.fire(found, "score", by=world.kiemtra, rows=[{**row, "note": "Một quy trình viện dẫn luật cũ"}])
    (kept,) = Points.objects.all()
    assert (kept.points, kept.computed, kept.by) == (Decimal(5), Decimal(10), world.kiemtra)
    with pytest.raises(IntegrityError), transaction.atomic():
        Points.objects.update(points=10)


def test_what_is_left_to_score_keeps_it_open(world: World) -> None:
    found = inspected.inspection(world, "in_progress")
    found = engine.fire(found, "judge", by=world.kiemtra, now=on(7, 1), **inspected.answers("judge"))
    found = engine.fire(found, "score", by=world.kiemtra, now=on(7, 1), rows=inspected.points(c1=10))
    with pytest.raises(GuardFailed) as refused:
        engine.fire(found, "conclude", by=world.doan, now=on(7, 2), **inspected.answers("conclude"))
    assert len(refused.value.problems) == 2


def test_a_template_in_use_is_never_edited(world: World) -> None:
    first = inspected.template(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(ScoringTemplate).filter(pk=first.pk).update(criteria=[])
    second = inspected.template(world)
    first.refresh_from_db()
    assert (first.state, first.version, second.state, second.version) == ("replaced", 1, "in_force", 2)
    assert ScoringTemplate.objects.for_agency(world.unit("xa"), inspected.YEAR) == second
    assert ScoringTemplate.objects.for_agency(world.unit("nx"), inspected.YEAR) is None
    assert second in ScoringTemplate.objects.visible_to(world.xuan)
    assert second not in ScoringTemplate.objects.visible_to(world.dung)


def test_the_agency_is_told(world: World) -> None:
    seat(world.xuan, "iso_secretary", world.unit("xa"))
    found = inspected.inspection(world, "notified")
    told = recipients(Move.objects.get(stream=found.pk, action="notify"))
    assert world.xuan in told
    assert world.dung not in told
    assert world.hoa not in told


def test_only_the_team_works_over_the_api(world: World, call: Any) -> None:
    found = inspected.inspection(world, "in_progress")
    given: dict[str, Any] = {"seen_on": "2026-07-01", "judgements": inspected.judgements(posted=True)}
    caller: Caller = call(world.kiemtra)
    sent = caller.do(found, "judge", **given)
    assert (sent.status_code, sent.json()["posted"]) == (200, True)
    theirs = call(world.xuan).get(f"inspections/{found.pk}/").json()
    assert (theirs["posted"], theirs["judgements"]) == (None, [])
    assert call(world.dung).get(f"inspections/{found.pk}/").status_code == 404
    assert call(world.xuan).do(Inspection.objects.get(pk=found.pk), "judge", **given).status_code == 403
