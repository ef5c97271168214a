"""The door: what it checks beyond the table, and that a refusal leaves nothing behind."""

from __future__ import annotations

import itertools
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from documents.models import Document, DocumentVersion
from tests import factories, people
from tests.people import World
from workflows import engine, ledger
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn, SameHand, Stale, WorkflowError, WrongState
from workflows.models import Move, Pending, Seat
from workflows.roles import Role
from workflows.signals import moved


def traces() -> tuple[int, int]:
    return Move.objects.count(), Pending.objects.count()


def test_the_version_one_decided_on_must_be_the_present_one(world: World) -> None:
    version = factories.version(world, "unit_review")
    before = traces()
    with pytest.raises(Stale) as caught:
        engine.fire(version, "agree", by=world.minh, expected=version.row_version - 1)
    assert (caught.value.status, caught.value.state) == (409, "unit_review")
    assert traces() == before
    assert engine.fire(version, "agree", by=world.minh, expected=version.row_version).state == "iso_check"


@pytest.mark.parametrize(("deed", "state", "action", "role"), [
    ("edit", "unit_review", "agree", Role.UNIT_HEAD), ("edit", "iso_check", "pass", Role.ISO_SECRETARY),
    ("edit", "leader_review", "agree", Role.QMR), ("edit", "pending_approval", "approve", Role.STEERING_HEAD),
    ("submit", "pending_approval", "approve", Role.STEERING_HEAD),
    ("agree", "pending_approval", "approve", Role.STEERING_HEAD),
    ("pass", "pending_approval", "approve", Role.STEERING_HEAD),
    ("edit", "pending_approval", "return", Role.STEERING_HEAD),
])  # fmt: skip
def test_a_past_deed_bars_the_later_step_whatever_seat_is_held_now(
    world: World, deed: str, state: str, action: str, role: str
) -> None:
    """The doer of the earlier step is given the later role, and loses the earlier one: still refused, by deed."""
    doer = {"edit": world.lan, "submit": world.lan, "agree": world.minh, "pass": world.hoa}[deed]
    draft = factories.version(world)
    engine.fire(draft, "edit", by=world.lan, **factories.answers("edit"))
    version = draft
    for target, step, name in factories.PATH:
        version = engine.fire(version, step, by=world.people[name or ""])
        if target == state:
            break
    assert version.state == state
    Seat.objects.filter(user=doer).update(valid_to=timezone.localdate())
    place = world.unit("hctp") if role == Role.UNIT_HEAD else world.unit("stp")
    people.seat(doer, role, place, since=date(2026, 2, 2))
    before = traces()
    with pytest.raises(SameHand) as caught:
        engine.fire(version, action, by=doer, **factories.answers(action))
    assert caught.value.status == 403
    assert traces() == before


def test_only_who_submitted_recalls(world: World) -> None:
    version = factories.version(world, "iso_check")
    other = people.person("thu")
    people.seat(other, Role.DRAFTER, world.unit("hctp"))
    with pytest.raises(NotYourTurn):
        engine.fire(version, "recall", by=other, note="Thử")
    assert engine.fire(version, "recall", by=world.lan, note="Sửa thêm").state == "draft"


@pytest.mark.parametrize(("since", "until", "may"), [
    (-10, None, True), (0, None, True), (1, None, False), (-10, 1, True), (-10, 0, False),
])  # fmt: skip
def test_a_seat_counts_from_its_first_day_to_before_its_end(
    world: World,
    since: int,
    until: int | None,
    may: bool,
) -> None:
    version, today, person = factories.version(world, "unit_review"), timezone.localdate(), people.person("moi")
    end = None if until is None else today + timedelta(days=until)
    people.seat(person, Role.UNIT_HEAD, world.unit("hctp"), since=today + timedelta(days=since), until=end)
    if may:
        assert engine.fire(version, "agree", by=person).state == "iso_check"
    else:
        with pytest.raises(NotYourTurn):
            engine.fire(version, "agree", by=person)


def test_a_seat_revoked_after_the_page_was_read_is_gone(world: World) -> None:
    version = factories.version(world, "unit_review")
    assert world.minh.seats_held()
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate())
    with pytest.raises(NotYourTurn):
        engine.fire(version, "agree", by=world.minh)


def test_an_agency_role_may_sit_in_a_division(world: World) -> None:
    version, person = factories.version(world, "iso_check"), people.person("thuky")
    people.seat(person, Role.ISO_SECRETARY, world.unit("bttp"))
    assert engine.fire(version, "pass", by=person).state == "leader_review"


def test_a_guard_stops_the_step_and_names_what_is_missing(world: World) -> None:
    for changes, word in (
        ({"purpose": ""}, "Mục đích"),
        ({"legal_basis": [{"key": "b1", "number": "99/2031/NĐ-CP", "issuer": "", "note": ""}]}, "99/2031/NĐ-CP"),
        ({"time_limit": {"text": "01 ngày", "days": "1"}}, "2,5"),
    ):
        version = factories.version(world, **changes)
        before = traces()
        with pytest.raises(GuardFailed) as caught:
            engine.fire(version, "submit", by=world.lan)
        assert any(word in sentence for sentence in caught.value.problems), (word, caught.value.problems)
        assert traces() == before
        assert DocumentVersion.objects.get(pk=version.pk).state == "draft"


@pytest.mark.parametrize(("answers", "field"), [
    ({}, "note"), ({"note": "  "}, "note"), ({"note": "a\x00b"}, "note"), ({"note": 7}, "note"),
    ({"note": "x" * 4001}, "note"), ({"note": "Được", "state": "approved"}, "state"),
])  # fmt: skip
def test_answers_are_checked_by_field(world: World, answers: dict[str, Any], field: str) -> None:
    version = factories.version(world, "unit_review")
    before = traces()
    with pytest.raises(BadAnswer) as caught:
        engine.fire(version, "return", by=world.minh, **answers)
    assert list(caught.value.problems) == [field]
    assert traces() == before


def test_the_ledger_row_says_who_what_when_in_which_role_and_by_which_decision(world: World) -> None:
    version = factories.version(world, "unit_review")
    move = Move.objects.get(stream=engine.fire(version, "return", by=world.minh, note="Thiếu").pk, seq=3)
    body = json.loads(move.body)
    assert ledger.canonical(body) == move.body
    assert (body["actor"], body["role"], body["ground"]) == (world.minh.pk, "unit_head", people.DECISION)
    assert (body["from"], body["to"], body["seq"]) == ("unit_review", "draft", 3)
    assert body["answers"] == {"note": "Thiếu"}
    assert body["evidence"]["content_sha256"] == version.content_sha256
    assert (move.note, move.ground, move.role) == ("Thiếu", people.DECISION, "unit_head")
    chain = list(Move.objects.of(version.pk))
    assert chain[0].prev_hash == ledger.genesis(version.pk)
    assert all(later.prev_hash == earlier.hash for earlier, later in itertools.pairwise(chain))


def test_a_tampered_body_or_key_shows(world: World, tmp_path: Any, settings: Any) -> None:
    version = factories.version(world)
    move = Move.objects.get(stream=version.pk)
    assert ledger.link(move.prev_hash, move.body.replace("lan", "x") + " ") != move.hash
    assert ledger.is_sealed(move.hash, move.mac)
    settings.AUDIT_MAC_KEY_FILE = tmp_path / "other.key"
    assert not ledger.is_sealed(move.hash, move.mac)
    assert (tmp_path / "other.key").stat().st_mode & 0o777 == 0o600
    short = tmp_path / "short.key"
    short.write_bytes(b"short")
    settings.AUDIT_MAC_KEY_FILE = short
    with pytest.raises(ValueError, match="fewer than"):
        ledger.seal(move.hash)


@pytest.mark.django_db(transaction=True)
def test_the_announcement_follows_the_commit_and_never_a_rollback(transactional_db: None) -> None:
    world, heard = people.build(), []
    version = factories.version(world)

    def hear(move: Move, **_kwargs: Any) -> None:
        heard.append((move.action, transaction.get_connection().in_atomic_block))

    moved.connect(hear)
    try:
        with transaction.atomic():
            engine.fire(version, "submit", by=world.lan)
            transaction.set_rollback(True)
        assert heard == []
        engine.fire(version, "submit", by=world.lan)
    finally:
        moved.disconnect(hear)
    assert heard == [("submit", False)]


def test_nobody_is_the_clock_and_the_clock_is_nobody(world: World) -> None:
    version = factories.version(world, "unit_review")
    with pytest.raises(NotYourTurn):
        engine.fire(version, "agree", by=None)
    issued = factories.version(world, "issued")
    with pytest.raises(NotYourTurn):
        engine.fire(issued, "effect", by=world.tuan)


def test_a_record_begins_by_a_start_row_only(world: World) -> None:
    owner: Document = factories.document(world)
    fresh = DocumentVersion(document=owner, agency=owner.agency, unit=owner.unit, content={})
    for action, by, error in (
        ("submit", world.lan, WorkflowError), ("create", world.son, NotYourTurn), ("adopt", world.lan, NotYourTurn),
        ("create", world.mai, NotYourTurn), ("nonsense", world.lan, WorkflowError),
    ):  # fmt: skip
        with pytest.raises(error):
            engine.start(fresh, action, by=by, content=factories.content())
    assert not DocumentVersion.objects.filter(document=owner).exists()


def test_an_ended_record_stays_ended(world: World) -> None:
    for state in ("cancelled", "withdrawn", "superseded"):
        version = factories.version(world, state)
        with pytest.raises(WrongState):
            engine.fire(version, "edit", by=world.lan, **factories.answers("edit"))
