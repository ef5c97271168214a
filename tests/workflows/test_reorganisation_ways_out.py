"""A reorganisation never stands still: out of every open state somebody leads who is still there, or the clock does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from documents.models import Document
from tests.documents.test_carriers import heir, held
from tests.people import World, person, seat
from tests.workflows.mergers import SOON, TODAY, at, decided, leader, merge, prepared, second_commune
from tests.workflows.screens import log_in, text
from workflows import engine, inbox
from workflows.errors import GuardFailed, NotYourTurn, WorkflowError
from workflows.handing import sweep
from workflows.machines.reorganisation import REORGANISATION
from workflows.models import Move, Pending, Reorganisation, Unit, User
from workflows.roles import Role

__all__ = ["heir"]

DAY = timedelta(days=1)
OPEN = [stage.state for stage in REORGANISATION.stages if not stage.final]


def again(record: Reorganisation) -> Reorganisation:
    return Reorganisation.objects.get(pk=record.pk)


def split_department(world: World, **more: Any) -> Reorganisation:
    """The department is split into two and its division Bổ trợ tư pháp has no namesake in either."""
    Unit.objects.create(code="SK", name="Sở Khác", kind="department", parent=world.unit("tinh"))
    split = {"what": "split", "unit": "STP", "into": ["SM", "SK"], "documents": "hand"}
    second_commune(world)
    below = ({"what": "move", "unit": code, "parent": "SM"} for code in ("XA1", "XB1"))
    return decided(world, split, *below, **more)


def waits_on(record: Reorganisation, *names: str) -> set[str]:
    """Those of some people in whose inbox the record is."""
    found = {name: inbox.for_user(User.objects.get(username=name), machine="reorganisation") for name in names}
    return {name for name, entries in found.items() if record in [one.record for one in entries]}


def chosen(world: World, place: str) -> dict[str, dict[str, str]]:
    return {"units": {str(world.unit("bttp").pk): place}}


def test_what_arises_without_an_heir_waits_on_who_may_name_one(world: World, heir: Unit) -> None:
    found = split_department(world)
    assert sweep(at(TODAY, 9)) == ({}, [])
    assert waits_on(found, "cao", "chutich") == set()
    late = held(world, "QT-02", "bttp")
    assert sweep(at(TODAY, 10))[0] == {"reorganisation.hinder": 1}
    assert sweep(at(TODAY, 11)) == ({}, [])
    found = again(found)
    told = Move.objects.of(found.pk).last()
    assert told is not None
    assert (found.state, found.due_on is not None) == ("hindered", True)
    assert "Phòng Bổ trợ tư pháp: 1" in told.note
    assert "QT-02" not in told.note, "who decides may not read it"
    assert Pending.objects.filter(move=told).exists()
    assert waits_on(found, "cao", "chutich", "hoa", "tuan", "dung", "xuan") == {"cao", "chutich"}
    for name in ("hoa", "tuan", "dung"):
        with pytest.raises(NotYourTurn):
            engine.fire(found, "assign", by=world.people[name], choices=chosen(world, "SK"))
    assert engine.fire(found, "assign", by=world.cao, choices=chosen(world, "SK")).state == "decided"
    assert sweep(at(SOON))[1] == []
    assert again(found).state == "in_effect"
    assert Document.objects.get(predecessor=late.document).agency.code == "SK"


def test_what_goes_away_by_itself_clears_it(world: World, heir: Unit) -> None:
    found, late = split_department(world), held(world, "QT-02", "bttp")
    sweep(at(TODAY, 9))
    engine.fire(late, "lapse", by=None, effective_to=TODAY, note="Bãi bỏ")
    assert sweep(at(TODAY, 10)) == ({"reorganisation.clear": 1}, [])
    assert again(found).state == "decided"


def test_on_the_day_the_rest_goes_and_what_has_nobody_waits_until_somebody_names_one(world: World, heir: Unit) -> None:
    found = split_department(world, on=TODAY)
    late, other = held(world, "QT-02", "bttp"), held(world, "QT-01")
    done, complaints = sweep(at(TODAY, 9))
    assert (done["reorganisation.hinder"], done["carried.documents"], len(complaints)) == (1, 1, 1)
    assert Document.objects.get(predecessor=other.document).unit == world.unit("sm2")
    found = again(found)
    assert (found.state, found.due_on is not None) == ("halted", True)
    assert sweep(at(TODAY, 10))[0] == {}
    assert waits_on(found, "cao", "chutich", "hoa", "truong") == {"cao", "chutich"}
    url = f"/reorganisations/{found.pk}/"
    assert "chưa có nơi nhận" in text(leader(world), url)
    assert "không tồn tại" not in text(leader(world), url), "the tree has changed already"
    page = log_in(leader(world)).get(f"{url}heirs/")
    assert list(page.context["form"].fields) == [str(world.unit("bttp").pk)]
    sent = {**chosen(world, "SK")["units"], "expected": str(found.row_version)}
    assert log_in(leader(world)).post(f"{url}heirs/", sent).status_code == 302
    assert again(found).state == "applying"
    assert sweep(at(TODAY, 11))[1] == []
    assert Document.objects.get(predecessor=late.document).agency.code == "SK"
    assert [one.action for one in Move.objects.of(found.pk).order_by("seq")] == [
        "draft", "decide", "begin", "hinder", "assign", "finish",
    ]  # fmt: skip


def test_what_was_decided_is_not_given_to_another(world: World, heir: Unit) -> None:
    held(world, "QT-01")
    found = split_department(world)
    wrong: list[dict[str, Any]] = [
        {"units": {str(world.unit("hctp").pk): "SK"}},
        chosen(world, "SK") | {"things": {str(Document.objects.get().pk): "SK"}},
        chosen(world, "SK") | {"documents": {str(Document.objects.get().pk): "offer"}},
        {},
    ]
    for choices in wrong:
        with pytest.raises(GuardFailed):
            engine.fire(found, "assign", by=leader(world), choices=choices)
    given = engine.fire(found, "assign", by=leader(world), choices=chosen(world, "SK"))
    with pytest.raises(GuardFailed):
        engine.fire(given, "assign", by=leader(world), choices=chosen(world, "SM"))


def test_an_agency_that_ends_without_an_heir_leaves_late_things_to_who_decides(world: World) -> None:
    found = decided(world, {"what": "abolish", "unit": "XA1", "into": [], "documents": "hand"}, on=TODAY)
    late = held(world, "QT-09", "xa")
    sweep(at(TODAY, 9))
    assert again(found).state == "halted"
    choices = {"units": {str(world.unit("xa").pk): "SV"}}
    engine.fire(found, "assign", by=world.cao, choices=choices)
    assert sweep(at(TODAY, 10))[1] == []
    assert Document.objects.get(predecessor=late.document).agency == world.unit("tinh")


def test_the_successor_stands_for_an_heir_that_has_ended_meanwhile(world: World) -> None:
    Unit.objects.create(code="XD1", name="Xã Bình Hoà", kind="commune", parent=world.unit("stp"))
    found = decided(world, merge(documents="hand"), on=TODAY)
    engine.fire(found, "begin", by=None, now=at(TODAY, 1))
    late = held(world, "QT-09", "xa")
    ended = {"valid_to": TODAY, "successor": Unit.objects.get(code="XD1")}
    Unit.objects.filter(code="XB1").update(**ended)
    assert sweep(at(TODAY, 9))[1] == []
    assert Document.objects.get(predecessor=late.document).agency.code == "XD1"


def test_what_the_tree_makes_impossible_is_told_and_can_be_undone(world: World) -> None:
    found = decided(world)
    Unit.objects.filter(code="XB1").update(valid_to=TODAY)
    for moment in (at(TODAY, 9), at(SOON)):
        sweep(moment)
        assert again(found).state == "hindered"
    told = Move.objects.of(found.pk).last()
    assert told is not None
    assert "không tồn tại" in told.note
    assert engine.fire(found, "undo", by=leader(world), now=at(SOON + DAY), note="Không còn nơi nhận").state == "undone"


def test_nothing_open_is_left_over_by_an_import(world: World) -> None:
    held(world, "QT-09", "xa")
    fresh = Reorganisation(agency=world.unit("tinh"), unit=world.unit("tinh"))
    facts: dict[str, Any] = {"decision_no": "6", "decision_on": TODAY, "effective_on": TODAY}
    facts["lines"] = [{"what": "abolish", "unit": "XA1", "into": []}]
    with pytest.raises(GuardFailed) as caught:
        engine.start(fresh, "import", by=None, **facts)
    assert "chưa có nơi nhận" in caught.value.said
    assert not Reorganisation.objects.exists()


def by_the_department(world: World, state: str) -> Reorganisation:
    """A split of a commune by the department, in each open state; a document of the commune has no heir."""
    second_commune(world)
    stp, day = world.unit("stp"), TODAY if state in ("applying", "halted") else SOON
    Unit.objects.create(code="XD1", name="Xã Bình Hoà", kind="commune", parent=stp)
    lines = [{"what": "split", "unit": "XA1", "into": ["XB1", "XD1"], "documents": "hand"}]
    found = engine.start(Reorganisation(agency=stp, unit=stp), "draft", by=world.hoa, lines=lines)
    facts: dict[str, Any] = {"decision_no": "1/QĐ-STP", "decision_on": TODAY, "effective_on": day}
    if state != "draft":
        found = engine.fire(found, "decide", by=world.tuan, **facts)
    if state != "decided":
        held(world, "QT-09", "xa")
    if state == "applying":
        found = engine.fire(found, "begin", by=None, now=at(TODAY, 1))
    if state in ("hindered", "halted"):
        sweep(at(TODAY, 2))
    assert again(found).state == state
    return again(found)


FACTS: dict[str, Any] = {"decision_no": "2/QĐ-SNV", "decision_on": TODAY, "effective_on": SOON + DAY}
WAYS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "draft": (("abandon", {"note": "Thôi"}), ("decide", FACTS)),
    "decided": (("undo", {"note": "Thôi"}), ("", {})),
    "hindered": (("undo", {"note": "Thôi"}), ("assign", {})),
    "applying": (("assign", {}),),
    "halted": (("assign", {}),),
}
"""What somebody of the heir of who decided does in each open state, "": nothing; afterwards the clock ends it."""


def test_every_open_state_has_a_way_out() -> None:
    assert set(WAYS) == set(OPEN)


@pytest.mark.parametrize(("state", "way"), [(state, way) for state, ways in WAYS.items() for way in ways])
def test_when_who_decided_is_no_more_the_heir_leads_out(world: World, heir: Unit, state: str, way: Any) -> None:
    action, given = way
    choices = {"units": {str(world.unit("xa").pk): "XB1"}}
    found = by_the_department(world, state)
    decided(world, merge("STP", "SM", documents="hand"), on=TODAY, number="9/NQ")
    sweep(at(TODAY, 3))
    found, truong = again(found), User.objects.get(username="truong")
    assert (found.agency, found.unit) == (heir, heir)
    late = User.objects.get(username="tuan")
    if action:
        with pytest.raises(WorkflowError):
            engine.fire(found, action, by=late, now=at(TODAY, 4), **given or {"choices": choices})
        if action == "decide":
            secretary = person("thuky")
            seat(secretary, Role.ISO_SECRETARY, heir)
            found = engine.fire(found, "assign", by=secretary, now=at(TODAY, 4), choices=choices)
        found = engine.fire(found, action, by=truong, now=at(TODAY, 4), **given or {"choices": choices})
    for day in (TODAY, SOON, SOON + DAY):
        assert sweep(at(day, 5))[1] == []
    assert again(found).state == ("undone" if action in ("abandon", "undo") else "in_effect")


def test_a_draft_of_the_heir_is_in_its_inbox_and_nobody_elses(world: World, heir: Unit) -> None:
    found = by_the_department(world, "draft")
    assert waits_on(found, "tuan", "truong") == {"tuan"}
    lone = prepared(world, merge("XD1", "XB1"))
    decided(world, merge("STP", "SM", documents="hand"), on=TODAY, number="9/NQ")
    sweep(at(TODAY, 3))
    assert waits_on(found, "tuan", "truong", "chutich") == {"truong"}
    assert again(lone).agency == world.unit("tinh"), "others' stay where they are"
