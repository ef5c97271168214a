"""Rules by relation: how a tie bars a step or opens it, and on whom a stage waits that depends on the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db.models import QuerySet

from documents.models import DocumentVersion
from tests import factories
from tests.people import World, seat
from workflows import engine
from workflows.errors import NotYourTurn, SameHand
from workflows.models import Move, User
from workflows.roles import CLOCK, Role
from workflows.tables import If, Machine, Refusal, Stage, Step, Tie, acting_role, judge, staying

MINE, CLOSE = Tie("created_by=me", "người mở"), Tie("close", "là người nhà")
FIRST, SECOND = Tie("issue_no=1", "lần 1"), Tie("issue_no=2", "lần 2")
STEP = Step("do", "Làm", ("a",), "b", ("qmr", "auditor"), bars=("close",), only=(If("created_by=me", "auditor"),))
TABLE = Machine("t", "T", (Stage("a", "A", "x"), Stage("b", "B", "x")), (STEP,), ties=(MINE, CLOSE))


@pytest.mark.parametrize(("roles", "ties", "refusal", "acts_as"), [
    ({"qmr"}, set(), None, "qmr"),
    ({"qmr"}, {"close"}, Refusal("barred", "close"), ""),
    ({"auditor"}, set(), Refusal("not_tied", "created_by=me"), ""),
    ({"auditor"}, {"created_by=me"}, None, "auditor"),
    ({"auditor"}, {"created_by=me", "close"}, Refusal("barred", "close"), ""),
    ({"auditor", "qmr"}, set(), None, "qmr"),
    ({"auditor", "qmr"}, {"created_by=me"}, None, "qmr"),
    ({"staff"}, {"created_by=me"}, Refusal("not_your_turn"), ""),
])  # fmt: skip
def test_a_tie_bars_everybody_and_is_needed_by_whom_the_row_says(
    roles: set[str], ties: set[str], refusal: Refusal | None, acts_as: str
) -> None:
    assert judge(TABLE, "a", "do", roles, ties=ties) == refusal
    if acts_as:
        assert acting_role(STEP, roles, ties) == acts_as


def test_the_first_role_whose_ties_hold_is_the_one_acted_in() -> None:
    turned = replace(STEP, by=("auditor", "qmr"))
    assert acting_role(turned, {"auditor", "qmr"}, set()) == "qmr"
    assert acting_role(turned, {"auditor", "qmr"}, {"created_by=me"}) == "auditor"


def test_an_own_deed_is_named_before_a_tie() -> None:
    tied = replace(TABLE, steps=(replace(STEP, apart=("do",)),))
    assert judge(tied, "a", "do", {"qmr"}, {"do"}, ties={"close"}) == Refusal("same_hand", "do")


def test_a_condition_without_a_role_is_for_all() -> None:
    all_tied = replace(STEP, only=(If("created_by=me"), If("issue_no=1", "qmr")))
    assert (all_tied.conditions("qmr"), all_tied.conditions("auditor")) == (
        ("created_by=me", "issue_no=1"),
        ("created_by=me",),
    )
    assert all_tied.ties == ("close", "created_by=me", "issue_no=1")
    stage = Stage("a", "A", "x", ("qmr",), only=all_tied.only)
    assert (stage.conditions("qmr"), stage.conditions("auditor")) == (all_tied.conditions("qmr"), ("created_by=me",))


def test_a_tie_is_a_column_or_a_method() -> None:
    columns = [Tie(name, "").column for name in ("lead=me", "verdict=", "close")]
    assert columns == [("lead", "me"), ("verdict", ""), None]


def test_a_step_that_stays_has_a_row_for_each_state() -> None:
    rows = staying(Step("note", "Ghi", ("a", "b"), "", ("qmr",)))
    assert [(row.sources, row.target) for row in rows] == [(("a",), "a"), (("b",), "b")]


Lay = Callable[..., None]


@pytest.fixture
def lay(monkeypatch: pytest.MonkeyPatch) -> Lay:
    """Change rows of the version's own table for a test: one stage's conditions, one action's step, the author."""
    plain = DocumentVersion.machine

    def change(*, stage: tuple[If, ...] = (), author_reads: bool = False, **step: Any) -> None:
        stages = tuple(replace(one, only=stage) if one.state == "unit_review" else one for one in plain.stages)
        rows = tuple(
            replace(row, **step) if (row.action, row.sources) == ("agree", ("unit_review",)) else row
            for row in plain.steps
        )
        ties = (MINE, FIRST, SECOND, CLOSE)
        table = replace(plain, stages=stages, steps=rows, ties=ties, author_reads=author_reads)
        monkeypatch.setattr(DocumentVersion, "machine", table)

    return change


def awaited(version: DocumentVersion, world: World) -> set[str]:
    every = {name: User.objects.get(pk=one.pk).seats_held() for name, one in world.people.items()}
    return {n for n, seats in every.items() if DocumentVersion.objects.waiting_on(seats).filter(pk=version.pk).exists()}


@pytest.mark.parametrize(("conditions", "names", "turns"), [
    ((), {"minh", "lan"}, "all"),
    ((If("issue_no=1"),), {"minh", "lan"}, "all"),
    ((If("issue_no=2"),), set(), "none"),
    ((If("issue_no=2", Role.QMR),), {"minh", "lan"}, "all"),
    ((If("issue_no=2", Role.UNIT_HEAD),), set(), "none"),
    ((If("created_by=me"),), {"lan"}, "lan"),
    ((If("created_by=me"), If("issue_no=1")), {"lan"}, "lan"),
    ((If("created_by=me"), If("issue_no=2")), set(), "none"),
])  # fmt: skip
def test_a_stage_waits_on_those_for_whom_its_conditions_hold(
    world: World, lay: Lay, conditions: tuple[If, ...], names: set[str], turns: str
) -> None:
    version = factories.version(world, "unit_review")
    seat(world.lan, Role.UNIT_HEAD, world.unit("hctp"))
    lay(stage=conditions)
    assert awaited(version, world) == names
    person = {"all": [(Role.UNIT_HEAD, None)], "lan": [(Role.UNIT_HEAD, world.lan.pk)], "none": []}
    assert DocumentVersion.objects.get(pk=version.pk).turns() == person[turns]


def test_a_stage_that_means_a_person_waits_on_nobody_while_none_is_named(world: World, lay: Lay) -> None:
    version = factories.version(world, "unit_review")
    lay(stage=(If("created_by=me"),))
    QuerySet.update(DocumentVersion.objects.filter(pk=version.pk), created_by=None)
    assert awaited(version, world) == set()
    assert DocumentVersion.objects.get(pk=version.pk).turns() == []


def test_the_door_asks_for_ties_and_names_the_one_in_the_way(
    world: World, lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = factories.version(world, "unit_review")
    monkeypatch.setattr(DocumentVersion, "tie_close", lambda self, user, now: user == world.minh, raising=False)
    lay(bars=("close",))
    with pytest.raises(SameHand, match="là người nhà"):
        engine.fire(version, "agree", by=world.minh)
    lay(only=(If("created_by=me"),))
    with pytest.raises(NotYourTurn, match="người mở"):
        engine.fire(version, "agree", by=world.minh)
    assert engine.offers(version, world.minh)[0].refusal == Refusal("not_tied", "created_by=me")
    lay(only=(If("issue_no=2"),))
    with pytest.raises(NotYourTurn, match="lần 2"):
        engine.fire(version, "agree", by=world.minh)
    assert Move.objects.filter(stream=version.pk).count() == 2
    lay(only=(If("issue_no=1"),))
    assert engine.fire(version, "agree", by=world.minh).state == "iso_check"


def test_ties_of_the_clock_are_those_of_columns_alone(world: World, lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DocumentVersion, "tie_close", lambda self, user, now: True, raising=False)
    lay()
    version, names = factories.version(world), [tie.name for tie in (MINE, FIRST, SECOND, CLOSE)]
    assert version.ties_of(None, names) == {"issue_no=1"}
    assert version.ties_of(world.lan, names) == {"created_by=me", "issue_no=1", "close"}
    assert version.ties_of(world.mai, names) == {"issue_no=1", "close"}
    assert version.ties_of(world.lan, []) == set()


def test_what_the_clock_does_at_once_afterwards_is_one_with_the_step(
    world: World, lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = factories.version(world, "unit_review")
    lay(follow="pass")
    with pytest.raises(NotYourTurn):  # the clock may not pass: then the step itself is undone as well
        engine.fire(version, "agree", by=world.minh)
    assert DocumentVersion.objects.get(pk=version.pk).state == "unit_review"
    assert Move.objects.filter(stream=version.pk).count() == 2
    table = DocumentVersion.machine
    rows = tuple(replace(row, by=(CLOCK,)) if row.action == "pass" else row for row in table.steps)
    monkeypatch.setattr(DocumentVersion, "machine", replace(table, steps=rows))
    done = engine.fire(version, "agree", by=world.minh)
    assert done.state == "leader_review"
    told = list(Move.objects.filter(stream=version.pk).order_by("seq").values_list("action", "actor", "role"))
    assert told[2:] == [("agree", world.minh.pk, "unit_head"), ("pass", None, CLOCK)]


def test_the_author_reads_on_where_the_table_says_so_and_never_beyond_the_wall(world: World, lay: Lay) -> None:
    version = factories.version(world)

    def reads(name: str) -> bool:
        user = User.objects.get(username=name)
        return bool(DocumentVersion.objects.visible_to(user).filter(pk=version.pk).exists())

    for author in ("son", "dung"):
        QuerySet.update(DocumentVersion.objects.filter(pk=version.pk), created_by=world.people[author])
        lay()
        assert not reads(author)
        lay(author_reads=True)
        assert reads(author) == (author == "son")
        assert not reads("mai")
