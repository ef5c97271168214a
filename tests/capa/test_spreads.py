"""Do you have this too: asked below, answered by each for itself, followed to the end; and who sees nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from capa.models import Car, Spread, SpreadAnswer
from notifications.models import Notice
from tests.api.conftest import Caller, call
from tests.capa import records
from tests.people import World, person, seat
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.errors import WorkflowError
from workflows.models import Unit, User
from workflows.roles import Role

__all__ = ["call"]
TODAY = timezone.localdate()
DUE = TODAY + timedelta(days=10)
LATER = "Thiếu sổ theo dõi hồ sơ trả kết quả"


@pytest.fixture
def below(world: World) -> list[Unit]:
    """Three communes below the department, each with a secretary and a head."""
    found = [world.unit("xa")]
    for number in (2, 3):
        made = {"kind": "commune", "parent": world.unit("stp")}
        found.append(Unit.objects.create(code=f"XA{number}", name=f"Xã Số {number}", **made))
    for number, unit in enumerate(found, start=1):
        for name, role in ((f"thuky{number}", Role.ISO_SECRETARY), (f"truong{number}", Role.STEERING_HEAD)):
            world.people[name] = person(name)
            seat(world.people[name], role, unit)
    return found


def asked(world: World, below: list[Unit], car: Car | None = None, **changes: Any) -> Spread:
    given = {"wording": LATER, "answer_by": DUE, "agencies": [one.pk for one in below], **changes}
    stp = world.unit("stp")
    return engine.start(Spread(agency=stp, unit=stp, car=car), "ask", by=world.hoa, **given)


def answer_of(found: Spread, unit: Unit) -> SpreadAnswer:
    return SpreadAnswer.objects.get(spread=found, agency=unit)


REPORT: dict[str, Any] = {"found_on": TODAY, "description": "Sổ không có", "evidence_text": "Biên bản"}


def test_followed_to_the_end(world: World, below: list[Unit]) -> None:
    found = asked(world, below, records.car(world, "issued"))
    one, two, three = (answer_of(found, unit) for unit in below)
    assert {(row.state, row.due_on) for row in (one, two, three)} == {("asked", DUE)}
    assert list(SpreadAnswer.objects.waiting_on(world.thuky1.seats_held())) == [one]
    said = engine.fire(one, "confirm", by=world.thuky1, **REPORT)
    assert said.car is not None
    assert (said.car.agency, said.car.state, said.car.requirement) == (below[0], "reported", LATER)
    engine.fire(two, "deny", by=world.thuky2, note="Đã xem 20 hồ sơ")
    with pytest.raises(WorkflowError) as caught:
        engine.fire(found, "close", by=world.quang)
    assert [line[:5] for line in caught.value.problems] == ["Còn 1", "Còn 1"]
    waived = engine.fire(found, "waive", by=world.hoa, answer=str(three.pk), note="Mới thành lập")
    assert (answer_of(found, below[2]).state, waived.state) == ("waived", "open")
    with pytest.raises(WorkflowError) as caught:
        engine.fire(waived, "close", by=world.quang)
    assert "phiếu khắc phục" in caught.value.said
    engine.fire(said.car, "reject", by=world.truong1, note="Không phải")
    assert engine.fire(waived, "close", by=world.quang).state == "closed"


def test_the_asked_see_the_words_and_nothing_else(world: World, below: list[Unit]) -> None:
    car = records.car(world, "issued")
    found = asked(world, below, car)
    one = answer_of(found, below[0])
    page = text(world.thuky1, f"/spreads/answers/{one.pk}/")
    assert LATER in page
    assert car.number not in page
    assert str(found.pk) not in page
    for who in ("thuky1", "thuky2", "dung", "root"):
        assert log_in(world.people[who]).get(f"/spreads/{found.pk}/").status_code == 404, who
    for who in ("thuky2", "dung", "root"):
        assert log_in(world.people[who]).get(f"/spreads/answers/{one.pk}/").status_code == 404, who
    assert not Car.objects.visible_to(world.thuky1).exists()
    assert set(SpreadAnswer.objects.visible_to(world.thuky2)) == {answer_of(found, below[1])}
    assert LATER[:20] in text(world.thuky1, "/spreads/")
    assert log_in(world.son).get(f"/spreads/{found.pk}/").status_code == 403


def test_a_question_waits_for_the_last_cycle_of_what_came_of_it(world: World) -> None:
    found = asked(world, [world.unit("xa")])
    (answer,) = found.answers.all()
    found = engine.fire(found, "waive", by=world.hoa, answer=str(answer.pk), note="Đã có phiếu")
    first = records.car(world, "reissued")
    QuerySet.update(SpreadAnswer.objects.filter(pk=answer.pk), car=first)
    assert Car.objects.get(predecessor=first).root == first
    with pytest.raises(WorkflowError) as caught:
        engine.fire(found, "close", by=world.quang)
    assert caught.value.problems == ["Còn 1 phiếu khắc phục chưa kết thúc."]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agencies": []}, "Cần chọn"),
        ({"agencies": "x"}, "Cần chọn"),
        ({"agencies": [True]}, "Cần chọn"),
        ({"agencies": [987654]}, "cấp dưới"),
        ({"answer_by": TODAY - timedelta(days=1)}, "đã qua"),
    ],
)
def test_what_cannot_be_asked(world: World, below: list[Unit], changes: dict[str, Any], said: str) -> None:
    with pytest.raises(WorkflowError) as caught:
        asked(world, below, **changes)
    assert said in caught.value.said
    assert not SpreadAnswer.objects.exists()


def test_nobody_is_asked_beside_or_above(world: World, below: list[Unit]) -> None:
    for unit in ("nx", "tinh", "stp", "hctp"):
        with pytest.raises(WorkflowError):
            asked(world, [*below, world.unit(unit)])
    with pytest.raises(WorkflowError) as caught:
        engine.fire(answer_of(asked(world, below), below[0]), "deny", by=world.thuky2, note="x")
    assert caught.value.code == "not_your_turn"


def test_the_page_asks_counts_and_costs_the_same(world: World, below: list[Unit]) -> None:
    client = log_in(world.hoa)
    car = records.car(world, "issued")
    typed = {"wording": LATER, "answer_by": DUE.strftime("%d/%m/%Y"), "agencies": [below[0].pk]}
    wrong = client.post("/spreads/new/", {**typed, "answer_by": "x"})
    assert (wrong.status_code, LATER in wrong.content.decode()) == (400, True)
    assert client.post(f"/spreads/new/?car={car.pk}", typed).status_code == 302
    found = Spread.objects.get()
    assert found.car == car
    few = asked(world, below[:1])
    many = asked(world, below)
    counts = []
    for one in (few, many):
        client.get(one.get_absolute_url())
        with statements() as run:
            page = client.get(one.get_absolute_url())
        counts.append(len(run))
    assert counts[0] == counts[1] <= 24
    engine.fire(answer_of(many, below[1]), "exclude", by=world.thuky2, note="Không có bộ phận này")
    page = client.get(f"{many.get_absolute_url()}?state=outside")
    assert (page.context["answered"], page.context["total"]) == (1, 3)
    assert [one.agency for one in page.context["page_obj"]] == [below[1]]
    narrowed = client.get("/spreads/new/?kind=province")
    assert narrowed.context["form"].fields["agencies"].choices == []
    assert log_in(world.lan).get("/spreads/new/").status_code == 403


def test_over_the_api(world: World, below: list[Unit], call: Callable[[User | None], Caller]) -> None:
    body = {"agency": world.unit("stp").pk, "wording": LATER, "answer_by": str(DUE), "agencies": [below[0].pk]}
    assert call(world.lan).post("spreads/", body).status_code == 403
    assert call(world.dung).post("spreads/", body).status_code == 404
    assert call(world.hoa).post("spreads/", {**body, "agencies": []}).status_code == 400
    assert call(world.hoa).post("spreads/", body).status_code == 201
    mine = call(world.thuky1).get("spread_answers/").json()["results"]
    assert [one["wording"] for one in mine] == [LATER]
    done = call(world.thuky1).do(SpreadAnswer.objects.get(), "deny", note="Đã rà soát")
    assert done.status_code == 200
    assert call(world.thuky2).get("spread_answers/").json()["count"] == 0


def test_the_asked_are_told(world: World, below: list[Unit]) -> None:
    from notifications.deliver import deliver  # noqa: PLC0415 - only here

    asked(world, below[:1])
    deliver()
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert {"thuky1", "truong1"} <= told
    assert not told & {"thuky2", "dung", "lan"}
