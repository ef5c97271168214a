"""What the door writes, with which day it reckons, and what it hands out beside the deed itself."""

from __future__ import annotations

import json
import logging
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_fsm.signals import post_transition
from pytest_django import DjangoCaptureOnCommitCallbacks

from documents.models import DocumentVersion, Regulation
from tests import factories
from tests.people import World, person, seat
from workflows import engine, ledger
from workflows.errors import BadAnswer, Busy, GuardFailed, NotVisible, NotYourTurn, WorkflowError
from workflows.models import CalendarException, Move, Pending, Record, Seat
from workflows.roles import Role
from workflows.signals import moved

FRIDAY = datetime(2026, 4, 24, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def last(record: Record) -> Move:
    return Move.objects.of(record.pk).get(seq=record.row_version)


def fresh(record: DocumentVersion) -> DocumentVersion:
    return DocumentVersion.objects.get(pk=record.pk)


def blank(world: World, unit: str = "hctp") -> DocumentVersion:
    owner = factories.document(world, unit)
    return DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})


def test_authority_is_that_of_the_day_of_the_deed(world: World) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    seat(person("moi"), Role.UNIT_HEAD, world.unit("hctp"), since=timezone.localdate() + timedelta(days=1))
    coming = Seat.objects.get(user__username="moi").user
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate() + timedelta(days=1))
    version = factories.version(world, "unit_review")
    with pytest.raises(NotYourTurn):
        engine.fire(version, "agree", by=world.minh, now=tomorrow)
    with pytest.raises(NotYourTurn):
        engine.fire(version, "agree", by=coming)
    done = engine.fire(version, "agree", by=coming, now=tomorrow)
    assert (last(done).actor, last(done).at) == (coming, tomorrow)


def test_a_record_is_begun_by_who_holds_the_role_on_that_day(world: World) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    coming = person("moi")
    seat(coming, Role.DRAFTER, world.unit("hctp"), since=timezone.localdate() + timedelta(days=1))
    with pytest.raises(NotYourTurn):
        engine.start(blank(world), "create", by=coming, content=factories.content())
    made = engine.start(blank(world), "create", by=coming, now=tomorrow, content=factories.content())
    assert (made.created_by, made.created_at, made.entered_at) == (coming, tomorrow, tomorrow)
    assert (last(made).at, last(made).source, made.row_version) == (tomorrow, "", 1)


def test_a_start_row_has_its_guard_and_its_answers_checked_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.regulation()
    with pytest.raises(BadAnswer) as bad:
        engine.start(blank(world), "create", by=world.lan, content=factories.content(), state="approved")
    assert list(bad.value.problems) == ["state"]
    with pytest.raises(BadAnswer):
        engine.start(blank(world), "create", by=world.lan)
    guard = DocumentVersion.machine.step("create", "")
    assert guard is not None
    monkeypatch.setattr(DocumentVersion, guard.guard, lambda self, act: ["Chưa đủ"])
    with pytest.raises(GuardFailed) as stopped:
        engine.start(blank(world), "create", by=world.lan, content=factories.content())
    assert stopped.value.problems == ["Chưa đủ"]
    assert not DocumentVersion.objects.exists()


def test_structured_answers_are_checked_by_the_record(world: World) -> None:
    version = factories.version(world)
    for content in ("x", {"steps": "x"}, {"unknown": "x"}):
        with pytest.raises(BadAnswer) as bad:
            engine.fire(version, "edit", by=world.lan, content=content)
        assert bad.value.problems
    assert fresh(version).content == version.content
    with pytest.raises(BadAnswer):
        engine.start(Regulation(), "register", by=world.phuc, facts={"title": "Không số"})


def test_the_last_day_is_reckoned_in_working_days_from_the_day_of_the_deed(world: World) -> None:
    version = factories.version(world)
    assert version.due_on is None
    version = engine.fire(version, "submit", by=world.lan, now=FRIDAY)
    assert version.due_on == date(2026, 4, 29)  # over a weekend and the Monday after the Hùng Kings' day
    CalendarException.objects.create(day=date(2026, 4, 29), is_working=False, reason="Mất điện")
    version = engine.fire(version, "recall", by=world.lan, now=FRIDAY, note="Sửa")
    assert version.due_on is None
    night = datetime(2026, 4, 23, 18, tzinfo=ZoneInfo("UTC"))  # already Friday in Việt Nam
    assert engine.fire(version, "submit", by=world.lan, now=night).due_on == date(2026, 5, 4)


def test_a_stage_without_limit_drops_the_last_day_of_the_one_before(world: World) -> None:
    item = factories.impact(world, "screening")
    assert item.due_on is not None
    assert engine.fire(item, "no_impact", by=world.quang).due_on is None


def test_a_record_enters_a_stage_when_it_comes_there_and_not_when_it_is_edited(world: World) -> None:
    version, later = factories.version(world), timezone.now() + timedelta(hours=2)
    entered = fresh(version).entered_at
    edited = engine.fire(version, "edit", by=world.lan, now=later, **factories.answers("edit"))
    assert (fresh(version).entered_at, edited.row_version) == (entered, 2)
    engine.fire(version, "submit", by=world.lan, now=later)
    assert fresh(version).entered_at == later
    assert fresh(version).created_at == version.created_at


def test_the_sealed_body_says_all_that_the_row_says(world: World) -> None:
    version, instant = factories.version(world), timezone.now() + timedelta(hours=1)
    mine = world.lan.seats.get()
    version = engine.fire(version, "submit", by=world.lan, now=instant, note="Trình")
    move = last(version)
    assert json.loads(move.body) == {
        "v": 1, "stream": str(version.pk), "seq": 2, "machine": "version", "action": "submit",
        "from": "draft", "to": "unit_review",
        "actor": world.lan.pk, "role": "drafter", "seat": mine.pk,
        "ground": mine.ground, "agency": world.unit("stp").pk, "unit": world.unit("hctp").pk,
        "at": ledger.stamp(instant), "answers": {"note": "Trình"}, "evidence": version.evidence(),
    }  # fmt: skip
    assert version.evidence()
    assert (move.at, move.agency, move.unit) == (instant, world.unit("stp"), world.unit("hctp"))
    assert (move.seat, move.note) == (mine, "Trình")


def test_the_role_of_the_row_is_taken_before_another_that_the_person_holds(world: World) -> None:
    """Two seats, of which the older is of no use here, and two that serve: the first of the row counts."""
    seat(world.son, Role.DRAFTER, world.unit("hctp"))
    made = engine.start(blank(world), "create", by=world.son, content=factories.content())
    assert (last(made).role, last(made).seat) == ("drafter", world.son.seats.get(role=Role.DRAFTER))
    seat(world.hoa, Role.LEGAL_WATCH, world.unit("stp"))
    item = factories.impact(world)
    done = engine.fire(item, "confirm", by=world.hoa)
    assert (last(done).role, last(done).seat) == ("legal_watch", world.hoa.seats.get(role=Role.LEGAL_WATCH))


def test_deeds_of_others_and_on_other_records_bar_nobody(world: World) -> None:
    seat(world.hoa, Role.UNIT_HEAD, world.unit("hctp"))
    own = factories.version(world, "iso_check")
    elsewhere = engine.start(blank(world), "create", by=world.hoa, content=factories.content())
    assert last(elsewhere).actor == world.hoa
    assert engine.fire(own, "pass", by=world.hoa).state == "leader_review"
    again = factories.version(world, "iso_check")
    seat(world.mai, Role.DRAFTER, world.unit("hctp"))
    engine.fire(factories.version(world, "draft"), "submit", by=world.mai)
    with pytest.raises(NotYourTurn):
        engine.fire(again, "recall", by=world.mai, note="Của người khác")


def offered(record: Record, user: Any, now: datetime | None = None) -> dict[str, str]:
    found = engine.offers(record, user, now)
    return {offer.step.action: offer.refusal.code if offer.refusal else "" for offer in found}


def test_offers_are_the_steps_of_people_with_the_reason_against_each(world: World) -> None:
    version = factories.version(world, "unit_review")
    no = "not_your_turn"
    assert offered(version, world.minh) == {"agree": "", "return": "", "recall": no}
    assert offered(version, world.lan) == {"agree": no, "return": no, "recall": ""}
    for name in ("hung", "dung", "mai", "root", "nghi"):
        assert set(offered(version, world.people[name]).values()) == {no}, name
    seat(world.lan, Role.UNIT_HEAD, world.unit("hctp"))
    both = type(world.lan).objects.get(pk=world.lan.pk)
    assert offered(version, both) == {"agree": "same_hand", "return": "same_hand", "recall": ""}
    other = factories.version(world, "unit_review", owner=factories.document(world))
    seat(world.mai, Role.DRAFTER, world.unit("hctp"))
    assert offered(other, type(world.mai).objects.get(pk=world.mai.pk))["recall"] == no


def test_offers_count_deeds_on_this_record_alone(world: World) -> None:
    seat(world.minh, Role.DRAFTER, world.unit("hctp"))
    engine.start(blank(world), "create", by=world.minh, content=factories.content())
    assert offered(factories.version(world, "unit_review"), world.minh)["agree"] == ""


def test_offers_follow_the_day_and_leave_the_clock_s_steps_out(world: World) -> None:
    version, tomorrow = factories.version(world, "unit_review"), timezone.now() + timedelta(days=1)
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate() + timedelta(days=1))
    assert offered(version, world.minh)["agree"] == ""
    assert offered(version, world.minh, tomorrow)["agree"] == "not_your_turn"
    assert set(offered(factories.version(world, "effective"), world.tuan)) == {"withdraw"}


def test_a_refusal_carries_the_state_and_a_record_that_is_not_there_is_not_visible(world: World) -> None:
    version = factories.version(world, "unit_review")
    with pytest.raises(WorkflowError) as refused:
        engine.fire(version, "return", by=world.minh)
    assert (refused.value.code, refused.value.state) == ("bad_answer", "unit_review")
    with pytest.raises(NotVisible):
        engine.fire(blank(world), "submit", by=world.lan)


class _Cause(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("sqlstate", "text", "busy"), [
    ("55P03", "lock not available", True), ("40P01", "deadlock detected", True), ("", "database is locked", True),
    ("57P01", "terminating connection", False), ("", "disk full", False),
])  # fmt: skip
def test_a_lock_that_is_taken_is_an_answer_and_any_other_trouble_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch, sqlstate: str, text: str, busy: bool
) -> None:
    version = factories.version(world, "unit_review")

    def trouble(_record: Record) -> Record:
        raise OperationalError(text) from (_Cause(sqlstate) if sqlstate else None)

    monkeypatch.setattr(engine, "_lock", trouble)
    with pytest.raises(Busy if busy else OperationalError) as caught:
        engine.fire(version, "agree", by=world.minh)
    if isinstance(caught.value, Busy):
        assert (caught.value.status, caught.value.state) == (409, "unit_review")


def test_a_listener_that_fails_does_not_reach_the_person(
    world: World,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    version = factories.version(world, "unit_review")

    def broken(**_kwargs: Any) -> None:
        raise RuntimeError("listener")

    moved.connect(broken)
    try:
        with caplog.at_level(logging.CRITICAL), django_capture_on_commit_callbacks(execute=True):
            engine.fire(version, "agree", by=world.minh)
    finally:
        moved.disconnect(broken)
    assert fresh(version).state == "iso_check"


def test_the_record_s_own_state_field_sees_each_move(world: World) -> None:
    """Beside the table the field itself knows from where to where: whoever listens to it hears of every step."""
    version, heard = factories.version(world), []

    def hear(source: str, target: str, **_kwargs: Any) -> None:
        heard.append((source, target))

    post_transition.connect(hear, sender=DocumentVersion)
    try:
        engine.fire(version, "submit", by=world.lan)
    finally:
        post_transition.disconnect(hear, sender=DocumentVersion)
    assert heard == [("draft", "unit_review")]


def test_a_row_that_tells_nobody_leaves_nothing_in_the_outbox(world: World) -> None:
    version = factories.version(world)
    engine.fire(version, "edit", by=world.lan, **factories.answers("edit"))
    assert not Pending.objects.exists()
    moved_on = engine.fire(version, "submit", by=world.lan)
    assert [pending.move for pending in Pending.objects.all()] == [last(moved_on)]
