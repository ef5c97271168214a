"""The latest deeds, of all and of one person, and the proof of a history."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import DocumentVersion
from tests import factories
from tests.people import World, person, seat
from workflows import deeds, engine, ledger
from workflows.models import Move, Seat, User
from workflows.roles import Role


def told(user: User, limit: int = 50, **options: Any) -> list[tuple[Any, str]]:
    lines = deeds.latest(User.objects.get(pk=user.pk), limit, **options)
    return [(line.record.pk, line.deed.action) for line in lines if line.deed]


def test_deeds_are_told_of_records_that_one_may_read_newest_first(world: World) -> None:
    draft, act = factories.version(world, "unit_review"), factories.regulation()
    every = [(draft.pk, "submit"), (draft.pk, "create"), (act.pk, "import")]
    for name in ("lan", "minh", "hoa", "tuan"):
        assert told(world.people[name]) == every, name
    for name in ("son", "mai", "dung", "xuan", "cao"):
        assert told(world.people[name]) == [(act.pk, "import")], name
    for name in ("root", "nghi"):
        assert told(world.people[name]) == [], name
    assert told(world.lan, 1) == every[:1]


def test_deeds_on_what_is_published_now_are_told_if_they_led_there(world: World) -> None:
    version = factories.version(world, "issued")
    assert (version.pk, "issue") in told(world.son)
    assert (version.pk, "create") in told(world.lan)
    assert not [action for key, action in told(world.dung) if key == version.pk]


def test_deeds_of_one_person_are_that_person_s(world: World) -> None:
    draft = factories.version(world, "iso_check")
    assert told(world.hoa, by=world.minh) == [(draft.pk, "agree")]
    assert told(world.hoa, by=world.lan) == [(draft.pk, "submit"), (draft.pk, "create")]
    assert told(world.hoa, by=world.quang) == []
    assert told(world.son, by=world.minh) == []


def test_deeds_follow_the_day(world: World) -> None:
    draft, now = factories.version(world), timezone.now()
    Seat.objects.filter(user=world.minh).update(valid_to=timezone.localdate() + timedelta(days=1))
    assert (draft.pk, "create") in told(world.minh, now=now)
    assert told(world.minh, now=now + timedelta(days=1)) == []


def test_a_reader_of_many_seats_is_told_of_each_place(world: World) -> None:
    draft, both = factories.version(world), person("moi")
    seat(both, Role.QMR, world.unit("nx"))
    assert (draft.pk, "create") not in told(both)
    seat(both, Role.QMR, world.unit("stp"))
    assert (draft.pk, "create") in told(both)


def history(version: DocumentVersion) -> tuple[DocumentVersion, list[Move]]:
    return DocumentVersion.objects.get(pk=version.pk), list(Move.objects.of(version.pk))


def verdict(record: DocumentVersion, moves: list[Move]) -> tuple[list[tuple[bool, bool, bool]], bool]:
    rows, ends = deeds.proofs(record, moves)
    assert [row.sound for row in rows] == [row.linked and row.sealed and row.faithful for row in rows]
    return [(row.linked, row.sealed, row.faithful) for row in rows], ends


GOOD = (True, True, True)


def test_a_whole_history_holds(world: World) -> None:
    version = engine.fire(factories.version(world, "unit_review"), "return", by=world.minh, note="Thiếu")
    assert verdict(*history(version)) == ([GOOD] * 3, True)


def test_a_row_put_out_of_place_or_left_out_breaks_the_link(world: World) -> None:
    record, moves = history(factories.version(world, "iso_check"))
    assert verdict(record, [moves[0], moves[2]])[0] == [GOOD, (False, True, True)]
    assert verdict(record, [moves[1], moves[0], moves[2]])[0][0][0] is False
    assert verdict(record, moves[:2]) == ([GOOD, GOOD], False)
    assert verdict(record, []) == ([], False)


@pytest.mark.parametrize("column", ["row_version", "ledger_hash", "state"])
def test_a_record_that_is_not_where_its_history_ends_is_seen(world: World, column: str) -> None:
    record, moves = history(factories.version(world, "unit_review"))
    setattr(record, column, {"row_version": 9, "ledger_hash": "0" * 64, "state": "approved"}[column])
    assert verdict(record, moves) == ([GOOD, GOOD], False)


def test_a_hash_that_is_not_of_its_body_breaks_the_link(world: World) -> None:
    record, moves = history(factories.version(world))
    (move,) = moves
    move.hash = ledger.link(move.prev_hash, "{}")
    move.mac = ledger.seal(move.hash)
    assert verdict(record, [move])[0] == [(False, True, True)]
    record, (move,) = history(factories.version(world))
    move.mac = "0" * 64
    assert verdict(record, [move])[0] == [(True, False, True)]
    record, (move,) = history(factories.version(world))
    move.prev_hash = ledger.genesis(move.stream).replace("a", "b")
    assert verdict(record, [move])[0][0][0] is False


@pytest.mark.parametrize("column", [
    "seq", "machine", "action", "source", "target", "actor_id", "role", "seat_id", "ground", "agency_id", "unit_id",
    "at", "note", "stream",
])  # fmt: skip
def test_a_column_that_says_another_thing_than_the_body_is_seen(world: World, column: str) -> None:
    record, moves = history(engine.fire(factories.version(world), "submit", by=world.lan, note="Trình"))
    other = moves[1]
    value = getattr(other, column)
    if column == "at":
        new = value + timedelta(seconds=1)
    elif column == "stream":
        new = uuid.uuid4()
    else:
        new = value + 1 if isinstance(value, int) else f"{value}x"
    setattr(other, column, new)
    assert verdict(record, moves)[0][1][2] is False
