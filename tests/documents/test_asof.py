"""As of a day, by what was known on another: against the ledger read row by row, and what the pages said then."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from documents.models import DocumentVersion, Regulation, RegulationRelation, RelationKind
from documents.services.asof import Moment, UnknownYet, as_known, known_versions, versions_in_force
from documents.services.lawthen import acts_known
from documents.services.sheets import basis_then
from tests import factories
from tests.documents import lives
from tests.documents.lives import START, TIMES, Turn, at
from tests.people import World
from workflows import engine
from workflows.models import Move

DEEDS = ("issue", "issue", "tick", "tick", "withdraw")
QUICK = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a history takes a second: shrinking one takes minutes
)

turns = st.lists(
    st.builds(
        Turn,
        deed=st.sampled_from(DEEDS),
        after=st.integers(0, 6),
        clock=st.sampled_from(TIMES),
        notice=st.sampled_from((0, 0, 1, 3, 9)),
        document=st.integers(0, 1),
    ),
    min_size=2,
    max_size=7,
)
beginnings = st.one_of(st.none(), st.integers(-5, 0).map(lambda days: START + timedelta(days=days)))


@QUICK
@given(began=beginnings, turns=turns, data=st.data())
def test_who_was_in_force_is_what_the_ledger_says(
    world: World, began: date | None, turns: list[Turn], data: Any
) -> None:
    with transaction.atomic():
        adopted = lives.adopt(world, began, START)
        owners = [adopted.document, factories.document(world)]
        last = lives.live(world, owners, turns)
        for _look in range(25):
            on = data.draw(st.integers(-8, 60).map(lambda days: START + timedelta(days=days)))
            known = data.draw(st.integers(-2, (last - START).days).map(lambda days: START + timedelta(days=days)))
            found = set(versions_in_force(Moment(on, known, last + timedelta(days=1))).values_list("pk", flat=True))
            assert found == lives.replay(on, known), (on, known)
            everything = set(DocumentVersion.objects.in_force(on).values_list("pk", flat=True))
            assert everything == lives.replay(on, last), on
        check_columns()
        transaction.set_rollback(True)


def check_columns() -> None:
    """The columns say of every version what its ledger says: when it was put in force, and when it was ended."""
    wanted: dict[UUID, list[datetime | None]] = {}
    for move in Move.objects.filter(machine="version"):
        row = wanted.setdefault(move.stream, [None, None])
        if move.action in ("issue", "adopt", "supersede", "withdraw"):
            row[move.action in ("supersede", "withdraw")] = move.at
    columns = DocumentVersion.objects.values_list("pk", "issued_at", "ended_at")
    assert {pk: [issued, ended] for pk, issued, ended in columns} == wanted


NUMBERS = ("1/2020/NĐ-CP", "2/2021/NĐ-CP", "3/2022/NĐ-CP")
days = st.one_of(st.none(), st.integers(-6, 12).map(lambda more: START + timedelta(days=more)))
edits = st.fixed_dictionaries(
    {
        "act": st.integers(0, 2),
        "after": st.integers(0, 2),
        "clock": st.sampled_from(TIMES),
        "effective_on": days,
        "expired_on": days,
        "source_status": st.sampled_from(("", "in_force", "in_force_partly_repealed", "expired", "unknown")),
        "relation": st.one_of(st.none(), st.tuples(st.sampled_from(RelationKind.values), st.integers(0, 2), days)),
    }
)


@QUICK
@given(edits=st.lists(edits, min_size=1, max_size=8))
def test_the_register_says_of_a_day_what_it_said_then(world: World, edits: list[dict[str, Any]]) -> None:
    """The oracle is the register itself: what its own query said at the end of each day, it must say again."""
    looked = [START + timedelta(days=more) for more in (-7, -1, 0, 3, 7, 13)]
    said: dict[tuple[date, date], dict[UUID, str]] = {}
    with transaction.atomic():
        acts, day, now = [lives.register(NUMBERS[0], START)], START, at(START)
        said |= {(on, day): said_now(on) for on in looked}
        for edit in edits:
            day += timedelta(days=edit["after"])
            now = max(now, at(day, edit["clock"]))
            happen(acts, edit, now)
            said |= {(on, day): said_now(on) for on in looked}
        for (on, known), expected in said.items():
            cutoff = at(known + timedelta(days=1), TIMES[0])
            found = acts_known(Regulation.objects.all(), on, cutoff)
            assert {pk: act.validity_on for pk, act in found.items()} == expected  # type: ignore[attr-defined]
        assert acts_known(Regulation.objects.all(), START, at(START)) == {}, "recorded later that day"
        transaction.set_rollback(True)


def said_now(on: date) -> dict[UUID, str]:
    rows: Any = Regulation.objects.with_validity(on)
    return {act.pk: act.validity_on for act in rows}


def happen(acts: list[Regulation], edit: dict[str, Any], now: datetime) -> None:
    """Register the next act or correct one; then perhaps relate it to another."""
    facts = {name: edit[name] for name in ("effective_on", "expired_on", "source_status")}
    place = edit["act"]
    if place >= len(acts):
        acts.append(
            engine.start(Regulation(), "import", by=None, now=now, facts={"number": NUMBERS[len(acts)], **facts})
        )
    else:
        acts[place] = engine.fire(acts[place], "correct", by=None, now=now, facts={"number": NUMBERS[place], **facts})
    kind, other, since = edit["relation"] or ("", place, None)
    place = min(place, len(acts) - 1)
    if other < len(acts) and other != place:
        RegulationRelation.objects.get_or_create(
            source=acts[place], kind=kind, target=acts[other], defaults={"effective_on": since, "recorded_at": now}
        )


def test_a_moment_ends_at_midnight_and_never_lies_ahead() -> None:
    today = date(2026, 3, 10)
    moment = Moment(today, date(2026, 3, 1), today)
    assert moment.cutoff == at(date(2026, 3, 2), TIMES[0])
    assert moment.query == {"on": "2026-03-10", "known": "2026-03-01"}
    assert (moment.is_now, moment.is_past, moment.is_future) == (False, False, False)
    assert Moment(today, today, today) == Moment.now(today)
    assert Moment.now(today).query == {"on": "2026-03-10", "known": "2026-03-10"}
    assert Moment(today + timedelta(days=1), None, today).is_future
    assert Moment(date(1, 1, 1), date(1, 1, 1), today).cutoff is not None
    with pytest.raises(UnknownYet):
        Moment(today, today + timedelta(days=1), today)


def test_an_end_that_was_recorded_later_is_not_shown(world: World) -> None:
    old = lives.adopt(world, START, START)
    lives.withdraw(world, old, START + timedelta(days=5))
    read = DocumentVersion.objects.get(pk=old.pk)
    today = timezone.localdate()
    for known, ends in ((4, None), (5, START + timedelta(days=5))):
        moment = Moment(START, START + timedelta(days=known), today)
        shown = as_known(DocumentVersion.objects.get(pk=old.pk), moment)
        assert (shown.effective_to, bool(shown.withdrawal_no)) == (ends, ends is not None)
    assert known_versions([read], Moment(START, START - timedelta(days=1), today)) == []
    assert known_versions([read], Moment(START, None, today)) == [read]
    assert read.effective_to is not None, "nothing is blanked without a limit"


def test_a_number_corrected_later_is_found_by_what_was_cited(world: World) -> None:
    act = lives.register("7/2029/NĐ-CP", START, effective_on=START)
    basis = [{"key": "b1", "number": "7/2029/NĐ-CP", "issuer": "", "note": ""}]
    version = lives.adopt(world, START, START, legal_basis=basis)
    facts = {"number": "7/2019/NĐ-CP", "effective_on": START}
    engine.fire(act, "correct", by=None, now=at(START + timedelta(days=9)), facts=facts)
    today = timezone.localdate()
    acts, _heirs = basis_then(version, Moment(START, START + timedelta(days=8), today))
    assert (acts["b1"].pk, acts["b1"].number) == (act.pk, "7/2029/NĐ-CP")
    assert basis_then(version, Moment(START, START + timedelta(days=9), today))[0] == {}
    assert basis_then(version, Moment(START, START - timedelta(days=1), today))[0] == {}


def test_the_database_keeps_when_a_thing_became_known(world: World) -> None:
    old = lives.adopt(world, START, START)
    gone = lives.withdraw(world, lives.adopt(world, START, START), START)
    law, heir = lives.register("1/2020/NĐ-CP", START), lives.register("2/2020/NĐ-CP", START)
    RegulationRelation.objects.create(source=heir, kind="replaces", target=law)
    for rows, column in (
        (DocumentVersion.objects.filter(pk=old.pk), "issued_at"),
        (DocumentVersion.objects.filter(pk=gone.pk), "ended_at"),
        (RegulationRelation.objects.all(), "recorded_at"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            QuerySet.update(rows, **{column: timezone.now()})


def test_a_relation_recorded_at_midnight_belongs_to_the_day_that_begins(world: World) -> None:
    del world
    law, heir = (lives.register(number, START, effective_on=START) for number in NUMBERS[:2])
    midnight = at(START + timedelta(days=1), TIMES[0])
    RegulationRelation.objects.create(
        source=heir, kind="replaces", target=law, effective_on=START, recorded_at=midnight
    )
    for cutoff, validity in ((midnight, "in_force"), (midnight + timedelta(microseconds=1), "expired")):
        found = acts_known(Regulation.objects.filter(pk=law.pk), START, cutoff)
        assert found[law.pk].validity_on == validity  # type: ignore[attr-defined]
