"""The door for many at once: what it writes is what the door writes for each, and a refusal refuses the whole."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capa.models import Action, Finding, Programme, Round
from documents.models import Campaign, DocumentVersion, Event, ImpactItem, Regulation
from tests import factories, people
from tests.capa import records
from tests.people import World
from workflows import engine, writing
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn, WorkflowError
from workflows.models import Heading, Move, Passage, Pending, Record, Seat, User, calendar
from workflows.roles import Role
from workflows.signals import moved

NOW = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


def row(instance: Any, *without: str) -> dict[str, Any]:
    """Every column of a row."""
    return {f.attname: getattr(instance, f.attname) for f in instance._meta.concrete_fields if f.attname not in without}


def written(model: type[Record]) -> dict[str, Any]:
    """All that a start leaves behind, in the order of the ledger where it has one. Counters are not compared."""
    moves = list(Move.objects.order_by("pk"))
    return {
        "records": sorted((row(one) for one in model.objects.all()), key=lambda one: str(one["id"])),
        "moves": [row(one, "id") for one in moves],
        "outbox": [one.stream for one in moves if Pending.objects.filter(move=one).exists()],
        "texts": sorted(str(row(one, "id")) for model in (Heading, Passage) for one in model.objects.all()),
    }


def same(fresh: list[Any], action: str, by: User | None, **given: Any) -> dict[str, Any]:
    """What ``start_many`` writes, after it was seen to be what ``start`` writes for each of the same records."""
    model = type(fresh[0])
    left = []
    for many in (False, True):
        made = copy.deepcopy(fresh)
        with transaction.atomic():
            if many:
                assert engine.start_many(made, action, by=by, now=NOW, **given) is made
            else:
                for one in made:
                    engine.start(one, action, by=by, now=NOW, **given)
            left.append(written(model))
            left.append({"memory": [row(one) for one in fresh], "saved": [one._state.adding for one in made]})
            transaction.set_rollback(True)
    assert left[0] == left[2]
    assert left[1] == left[3]
    assert left[3]["saved"] == [False] * len(fresh)
    return left[2]


def items(world: World, units: tuple[str, ...] = ("hctp", "bttp", "hctp")) -> list[ImpactItem]:
    """Items that nobody has written yet, of documents of these units."""
    campaign = Campaign.objects.for_list().get(pk=factories.campaign(world).pk)
    made = []
    for unit in units:
        version = factories.in_force(world, unit)
        made.append(
            ImpactItem(
                campaign=campaign,
                regulation=campaign.regulation,
                document=version.document,
                version=version,
                agency=version.agency,
                unit=version.unit,
                path=[{"kind": "cites", "from": "x", "to": version.document.code, "row": 1, "since": None}],
            )
        )
    return made


def test_items_are_written_as_one_by_one(world: World) -> None:
    made = items(world)
    before = Move.objects.count()
    found = same(made, "detect", world.phuc)
    assert [one["stream"] for one in found["moves"]][before:] == [one.pk for one in made]
    assert {one["due_on"] for one in found["records"]} != {None}
    assert {(one["actor_id"], one["role"], one["seq"]) for one in found["moves"][before:]} == {
        (world.phuc.pk, Role.LEGAL_WATCH, 1)
    }
    assert set(found["outbox"]).isdisjoint(one.pk for one in made)


def test_what_a_start_tells_keeps_then_and_searches_is_the_same(world: World) -> None:
    """Steps that keep a day, that tell, that have answers and texts for the search, and that have citations."""
    place = world.unit("stp")
    acts = [factories.regulation(f"{number}/2026/NĐ-CP") for number in (1, 2, 3)]
    campaigns = [Campaign(agency=place, unit=place, event=Event.objects.of_act(act)) for act in acts]
    found = same(campaigns, "launch", world.phuc)
    assert len(found["records"]) == len(campaigns)
    assert {one["opened_on"] for one in found["records"]} == {datetime(2026, 11, 20).date()}  # noqa: DTZ001
    car = records.car(world)
    plan = {"car": car, "assignee": world.lan, "planned_for": car.created_at.date(), "what": "Sửa mẫu"}
    actions = [Action(agency=car.agency, unit=car.unit, row_key=f"a{at}", **plan) for at in range(2)]
    assert set(same(actions, "assign", None)["outbox"]) >= {one.pk for one in actions}
    texts = same([Regulation()], "import", None, facts={"number": "77/2026/TT-BTP", "title": "Về đăng ký"})["texts"]
    assert any("77/2026/TT-BTP" in one for one in texts)
    factories.regulation()
    owners = [factories.document(world) for _ in range(2)]
    drafts = [DocumentVersion(document=one, agency=one.agency, unit=one.unit, content={}) for one in owners]
    same(drafts, "create", world.lan, content=factories.content(), note="Bản đầu")


def test_batches_are_joined(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "BATCH", 2)
    same(items(world, ("hctp",) * 5), "detect", world.phuc)


def test_few_statements_for_many(world: World) -> None:
    """One for the seats, one insert a table for each batch; on SQLite more inserts, its statements hold few values."""
    few, many = items(world, ("hctp",) * 2), items(world, ("hctp",) * 30)
    spent: list[list[str]] = []
    calendar()  # read once and kept
    for made in (few, many):
        with CaptureQueriesContext(connection) as asked:
            engine.start_many(made, "detect", by=world.phuc)
        spent.append([q["sql"] for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])
    if connection.vendor == "postgresql":  # seats, numbers for the ledger, and one COPY for each table
        assert [len(one) for one in spent] == [4, 4]
        return
    assert len([sql for sql in spent[0] if sql.startswith("INSERT")]) == 2
    reads = [[sql for sql in one if sql.startswith("SELECT")] for one in spent]
    assert [len(one) for one in reads] == [1, 1]


def refusals(world: World) -> list[tuple[str, Callable[[], Any], type[Exception]]]:
    """A call in which one record, and not the first, is refused; or the hand, or the answer."""
    here, foreign = items(world, ("hctp", "hctp")), items(world, ("hctp", "nx1"))
    twice = items(world, ("hctp",)) * 2
    Seat.objects.filter(user=world.hoa).update(valid_to=timezone.localdate())
    return [
        ("role", lambda: engine.start_many(here, "detect", by=world.lan), NotYourTurn),
        ("seat lost", lambda: engine.start_many(here, "detect", by=world.hoa), NotYourTurn),
        ("foreign agency", lambda: engine.start_many(foreign, "detect", by=world.phuc), NotYourTurn),
        ("clock", lambda: engine.start_many(here, "confirm", by=None), WorkflowError),
        ("answers", lambda: engine.start_many(here, "detect", by=world.phuc, note="x"), BadAnswer),
        ("not a start", lambda: engine.start_many(here, "confirm", by=world.phuc), WorkflowError),
        ("mixed", lambda: engine.start_many([here[0], Regulation()], "detect", by=world.phuc), TypeError),
        ("the same twice", lambda: engine.start_many(twice, "detect", by=world.phuc), IntegrityError),
    ]


def test_a_refusal_refuses_the_whole(world: World) -> None:
    cases = refusals(world)
    before = Move.objects.count(), ImpactItem.objects.count(), Pending.objects.count()
    heard: list[Move] = []

    def hear(move: Move, **_kwargs: Any) -> None:
        heard.append(move)

    moved.connect(hear)
    try:
        for name, call, error in cases:
            with pytest.raises(error), transaction.atomic():
                call()
            assert (Move.objects.count(), ImpactItem.objects.count(), Pending.objects.count()) == before, name
    finally:
        moved.disconnect(hear)
    assert heard == []


def test_the_guard_asks_what_the_record_rests_on_as_it_stands_now(world: World) -> None:
    owner = records.programme(world, "running")
    seen = Programme.objects.get(pk=owner.pk)
    plan = records.round_plan(world)
    rounds = [Round(agency_id=owner.agency_id, unit_id=owner.unit_id, programme=seen) for _ in range(2)]
    same(rounds, "plan", world.hoa, plan=plan)
    for one in owner.rounds.all():
        engine.fire(one, "cancel", by=world.tuan, note="Không cần")
    engine.fire(owner, "complete", by=world.hoa)
    before = Move.objects.count()
    assert seen.state == "running"
    with pytest.raises(GuardFailed) as refused:
        engine.start_many(rounds, "plan", by=world.hoa, plan=plan)
    assert [str(one) for one in refused.value.problems] == ["Chương trình này đã hoàn thành."]
    assert (Move.objects.count(), Round.objects.count()) == (before, 1)


def test_what_they_rest_on_is_locked_once_each_in_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = records.programme(world)
    other = Programme(agency=first.agency, unit=first.unit)
    owners = [first, engine.start(other, "draft", by=world.hoa, year=2025, title="Chương trình trước", aim="")]
    rounds = [Round(agency_id=one.agency_id, unit_id=one.unit_id, programme=one) for one in (*owners, owners[0])]
    locked: list[tuple[Any, tuple[str, ...]]] = []
    real = QuerySet.select_for_update

    def select_for_update(self: QuerySet[Any], **how: Any) -> QuerySet[Any]:
        locked.append((self.model, how["of"]))
        return real(self, **how)

    monkeypatch.setattr(QuerySet, "select_for_update", select_for_update)
    with CaptureQueriesContext(connection) as asked:
        engine.start_many(rounds, "plan", by=world.hoa, plan=records.round_plan(world))
    assert locked == [(Programme, ("self",))]
    sql = next(one["sql"] for one in asked if "SAVEPOINT" not in one["sql"])
    assert "capa_programme" in sql
    assert 'ORDER BY "capa_programme"."id" ASC' in sql


def test_ties_are_asked_of_every_record(world: World) -> None:
    """An auditor records for the rounds of whose team they are, and for no other."""
    ours = records.audit_round(world, "in_progress")
    fresh = [Finding(agency_id=ours.agency_id, unit=world.unit("hctp"), round=ours) for _ in range(2)]
    same(fresh, "record", world.binh, **records.recorded())
    people.seat(world.son, Role.AUDITOR, world.unit("stp"))
    before = Move.objects.count()
    with pytest.raises(WorkflowError):
        engine.start_many(fresh, "record", by=world.son, **records.recorded())
    assert Move.objects.count() == before


def test_all_are_announced_after_the_commit(world: World, django_capture_on_commit_callbacks: Any) -> None:
    made, heard = items(world), []

    def hear(move: Move, **_kwargs: Any) -> None:
        heard.append((move.stream, json.loads(move.body)["seq"], Move.objects.filter(pk=move.pk).exists()))

    moved.connect(hear)
    try:
        with django_capture_on_commit_callbacks() as later:
            engine.start_many(made, "detect", by=world.phuc)
        assert heard == []
        for call in later:
            call()
    finally:
        moved.disconnect(hear)
    assert heard == [(one.pk, 1, True) for one in made]


def test_nothing_is_nothing(world: World) -> None:
    before = Move.objects.count()
    assert engine.start_many([], "detect", by=world.lan) == []
    assert Move.objects.count() == before
