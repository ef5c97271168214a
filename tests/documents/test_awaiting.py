"""Put off until a superior's act arrives: told by its number, taken back by the clock, and shown where it matters."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import ImpactItem, Regulation
from documents.services.clock import documents_tick
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn
from workflows.models import Move, Pending

PROVINCE = "UBND tỉnh Sông Vàng"
NUMBER = "77/2026/QĐ-UBND"


def at(days: int) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(12)))


def deferred(world: World, **more: Any) -> ImpactItem:
    given = {"note": "Chờ tỉnh", "review_on": timezone.localdate() + timedelta(days=60), "awaits": NUMBER, **more}
    return engine.fire(factories.impact(world), "defer", by=world.phuc, **given)


def state(item: ImpactItem) -> str:
    found: str = ImpactItem.objects.get(pk=item.pk).state
    return found


def register(number: str, world: World, **facts: Any) -> Regulation:
    return engine.start(Regulation(), "register", by=world.phuc, facts={"number": number, **facts})


@pytest.mark.parametrize("spelling", [NUMBER, "77/2026/qđ-ubnd", "Quyết định số 077/2026/QĐ–UBND"])
def test_it_comes_back_when_the_act_is_recorded_in_any_spelling(world: World, spelling: str) -> None:
    item = deferred(world)
    other = deferred(world, awaits="78/2026/QĐ-UBND")
    plain = deferred(world, awaits="")
    assert documents_tick(at(0))[0] == {}
    with pytest.raises(GuardFailed):
        engine.fire(item, "resume", by=None)
    register(spelling, world)
    done, complaints = documents_tick(at(1))
    assert (dict(done), complaints) == ({"impact.resume": 1}, [])
    assert [state(one) for one in (item, other, plain)] == ["detected", "deferred", "deferred"]
    item.refresh_from_db()
    assert (item.awaits, item.awaits_key, item.awaits_known) == ("", "", False)
    assert item.due_on is not None
    move = Move.objects.of(item.pk).latest("seq")
    assert (move.action, move.actor) == ("resume", None)
    assert Pending.objects.filter(move=move).exists()
    kept = json.loads(Move.objects.get(stream=item.pk, action="defer").body)["answers"]
    assert kept["awaits"] == NUMBER
    assert documents_tick(at(1))[0] == {}


def test_the_issuer_tells_two_acts_of_one_number_apart(world: World) -> None:
    mine = deferred(world, awaits_issuer=PROVINCE)
    any_of_them = deferred(world)
    register(NUMBER, world, issuer="UBND tỉnh Núi Xanh")
    documents_tick(at(0))
    assert [state(mine), state(any_of_them)] == ["deferred", "detected"]
    register(NUMBER, world, issuer="Ủy ban nhân dân tỉnh Sông Vàng")
    assert documents_tick(at(0))[0] == {"impact.resume": 1}
    assert state(mine) == "detected"


def test_an_act_that_is_registered_already_arrives_on_its_day(world: World) -> None:
    act = register(NUMBER, world, effective_on=timezone.localdate() + timedelta(days=10))
    unknown = register("79/2026/QĐ-UBND", world)
    item, blank = deferred(world), deferred(world, awaits=unknown.number)
    assert item.awaits_known
    assert documents_tick(at(9))[0] == {}
    assert documents_tick(at(10))[0] == {"impact.resume": 1}
    assert [state(item), state(blank)] == ["detected", "deferred"]
    assert act.state == "registered"
    # A day that becomes known afterwards counts as well, and a clock that is a month late.
    facts = {"number": unknown.number, "effective_on": timezone.localdate() + timedelta(days=2)}
    engine.fire(unknown, "correct", by=world.phuc, facts=facts)
    assert documents_tick(at(40)) == ({"impact.resume": 1}, [])
    assert state(blank) == "detected"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"awaits": "quyết định của tỉnh"}, "Không đọc được số"),
        ({"awaits": f"{NUMBER}{'x' * 120}"}, "Không đọc được số"),
        ({"awaits": "", "awaits_issuer": PROVINCE}, "Ghi số, ký hiệu"),
        ({"awaits": factories.LAW}, "đã có hiệu lực"),
        ({"review_on": date(2026, 1, 1)}, "phải sau hôm nay"),
    ],
)
def test_what_nobody_can_wait_for(world: World, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(GuardFailed) as refused:
        deferred(world, **wrong)
    assert words in " ".join(refused.value.problems)
    assert ImpactItem.objects.get().state == "detected"


def test_the_day_of_review_stays_the_latest(world: World) -> None:
    with pytest.raises(BadAnswer):
        deferred(world, review_on="")
    item = deferred(world)
    assert item.due_on == item.review_on
    # Whoever does not want to wait any longer goes on by hand, and waits for nothing then.
    again = engine.fire(item, "screen", by=world.phuc, note="Không đổi")
    assert again.awaits_key == ""


def test_nobody_but_the_clock_resumes(world: World) -> None:
    item = deferred(world)
    register(NUMBER, world)
    for name in ("phuc", "hoa", "quang", "tuan", "lan", "dung"):
        with pytest.raises(NotYourTurn):
            engine.fire(item, "resume", by=world.people[name])
    assert state(item) == "deferred"


def test_a_registered_act_is_awaited_until_its_day_whoever_asks(world: World) -> None:
    register(NUMBER, world, effective_on=timezone.localdate() + timedelta(days=10))
    item = deferred(world)
    with pytest.raises(GuardFailed):
        engine.fire(item, "resume", by=None, now=at(9))
    assert engine.fire(item, "resume", by=None, now=at(10)).state == "detected"
