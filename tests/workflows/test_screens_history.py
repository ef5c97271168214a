"""The history of a record: who, what, when, in which role and by which decision; and the proof of the chain."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests import factories
from tests.people import DECISION, World
from tests.workflows.screens import log_in, statements, text, url_of
from workflows import engine, ledger
from workflows.deeds import proofs
from workflows.models import Move
from workflows.standing import main_path, progress


def test_every_deed_is_told_with_role_and_decision(world: World) -> None:
    version = factories.version(world, "iso_check")
    version = engine.fire(version, "return", by=world.hoa, note="Thiếu căn cứ")
    page = text(world.lan, url_of("history", version))
    for said in ("Lan", "Minh", "Hoa", "Người soạn thảo", "Trưởng đơn vị", "Thư ký ISO", DECISION, "Thiếu căn cứ"):
        assert said in page
    for move in Move.objects.of(version.pk):
        assert move.hash in page
    assert "Chuỗi ghi chép nguyên vẹn" in page
    pane = text(world.lan, url_of("inbox_item", version))
    assert f"Thư ký ISO, {world.unit('stp')}, theo {DECISION}" in pane


def test_a_long_history_is_folded(world: World) -> None:
    version = factories.version(world, "draft")
    for number in range(15):
        version = engine.fire(version, "edit", by=world.lan, content=factories.content(purpose=f"Lần {number}."))
    assert "4 việc trước đó" in text(world.lan, url_of("inbox_item", version))


def test_history_is_behind_the_wall(world: World) -> None:
    version = factories.version(world, "draft")
    for who in ("dung", "xuan", "root"):
        text(world.people[who], url_of("history", version), 404)
    assert "chưa công bố" in text(world.son, url_of("history", version), 403)
    text(world.lan, f"/records/version/{uuid4()}/history/", 404)
    text(world.lan, f"/records/no_such/{version.pk}/history/", 404)


def test_history_costs_the_same_however_long(world: World) -> None:
    short, client = factories.version(world, "draft"), log_in(world.lan)
    long = factories.version(world, "draft")
    for number in range(9):
        long = engine.fire(long, "edit", by=world.lan, content=factories.content(purpose=f"Lần {number}."))
    client.get(url_of("history", short))
    with statements() as few:
        client.get(url_of("history", short))
    with statements() as many:
        client.get(url_of("history", long))
    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"note": "Khác"}, "faithful"),
        ({"role": "qmr"}, "faithful"),
        ({"actor_id": None}, "faithful"),
        ({"ground": "1/QĐ"}, "faithful"),
        ({"target": "approved"}, "faithful"),
        ({"seq": 9}, "linked"),
        ({"prev_hash": "0" * 64}, "linked"),
        ({"mac": "0" * 64}, "sealed"),
        ({"body": "{}"}, "linked"),
    ],
)
def test_a_changed_row_is_seen(world: World, changes: dict[str, Any], broken: str) -> None:
    version = factories.version(world, "iso_check")
    moves = list(Move.objects.of(version.pk))
    for name, value in changes.items():
        setattr(moves[1], name, value)
    rows, _ends = proofs(version, moves)
    assert not getattr(rows[1], broken)
    assert [row.sound for row in rows] == [True, False, True]


def test_a_row_rewritten_whole_without_the_key_is_seen(world: World) -> None:
    version = factories.version(world, "iso_check")
    moves = list(Move.objects.of(version.pk))
    moves[-1].body = moves[-1].body.replace('"to":"iso_check"', '"to":"approved"')
    moves[-1].target = "approved"
    moves[-1].hash = ledger.link(moves[-1].prev_hash, moves[-1].body)
    rows, ends = proofs(version, moves)
    assert (rows[-1].linked, rows[-1].faithful, rows[-1].sealed, ends) == (True, True, False, False)


def test_a_missing_last_row_is_seen(world: World) -> None:
    version = factories.version(world, "iso_check")
    rows, ends = proofs(version, list(Move.objects.of(version.pk))[:-1])
    assert all(row.sound for row in rows)
    assert not ends


def test_the_page_says_that_a_chain_is_broken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    version = factories.version(world, "iso_check")
    monkeypatch.setattr(ledger, "is_sealed", lambda _hash, _mac: False)
    page = text(world.lan, url_of("history", version))
    assert "CẢNH BÁO" in page
    assert page.count("SAI DẤU NIÊM") == 3


def test_the_main_path_is_read_off_each_table(world: World) -> None:
    paths = {
        record.machine.name: [stage.state for stage in main_path(record.machine)]
        for record in (factories.version(world), factories.impact(world), factories.campaign(world))
    }
    assert paths == {
        "version": [
            "draft", "unit_review", "iso_check", "leader_review", "pending_approval", "approved", "issued", "effective",
        ],
        "impact": ["detected", "impact_confirmed", "revision_open", "resolved"],
        "campaign": ["open", "closed"],
    }  # fmt: skip


def test_progress_marks_what_is_done_and_where_a_side_road_ends(world: World) -> None:
    marks = [mark for _stage, mark in progress(factories.version(world, "iso_check"))]
    assert marks == ["done", "done", "now", *["next"] * 5]
    cancelled = progress(factories.version(world, "cancelled"))
    assert [(stage.state, mark) for stage, mark in cancelled] == [("draft", "done"), ("cancelled", "now")]
