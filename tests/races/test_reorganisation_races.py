"""Two clocks at midnight, and a hand that undoes in the last moment: one of them has an effect, and it is whole."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from tests.people import World
from tests.races.test_races import at_once, town, won
from tests.workflows.mergers import SOON, TODAY, at, decided, leader, merge, prepared
from workflows import engine
from workflows.errors import GuardFailed
from workflows.handing import sweep
from workflows.models import FormerParent, Move, Reorganisation, Unit, User

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
__all__ = ["town"]


def test_the_clock_and_who_undoes_meet(town: World) -> None:
    for number in range(4):
        Unit.objects.filter(code__startswith="T").update(valid_to=SOON - timedelta(days=1))
        Unit.objects.create(code=f"T{number}", name="Xã", kind="commune", parent=town.unit("stp"))
        line = {"what": "merge", "unit": f"T{number}", "into": ["XB1"]}
        found, head = decided(town, line, number=f"{number}/NQ"), leader(town)
        late = at(SOON) - timedelta(seconds=1)
        undo = partial(engine.fire, found, "undo", by=head, now=late, note="x")
        at_once(undo, partial(sweep, at(SOON)))
        state = Reorganisation.objects.get(pk=found.pk).state
        ended = Unit.objects.get(code=f"T{number}").valid_to
        assert (state, ended) in {("undone", None), ("in_effect", SOON)}


def test_the_clock_and_who_undoes_late_meet(town: World) -> None:
    for number in range(4):
        Unit.objects.filter(code__startswith="T").update(valid_to=SOON - timedelta(days=1))
        Unit.objects.create(code=f"T{number}", name="Xã", kind="commune", parent=town.unit("stp"))
        found, head = decided(town, merge(f"T{number}"), number=f"{number}/NQ"), leader(town)
        undo = partial(engine.fire, found, "undo", by=head, now=at(SOON, 9), note="x")
        at_once(undo, partial(sweep, at(SOON, 9)))
        ended = Unit.objects.get(code=f"T{number}").valid_to
        assert (Reorganisation.objects.get(pk=found.pk).state, ended) in {("undone", None), ("in_effect", SOON)}


def refused(draft: Reorganisation, head: User, facts: dict[str, Any]) -> bool:
    try:
        engine.fire(draft, "decide", by=head, **facts)
    except GuardFailed:
        return True
    return False


def test_of_two_decisions_that_need_and_end_one_agency_one_is_recorded(town: World) -> None:
    facts: dict[str, Any] = {"decision_on": TODAY, "effective_on": SOON}
    head = leader(town)
    for number in range(4):
        codes = [f"T{number}{letter}" for letter in "abc"]
        for code in codes:
            Unit.objects.create(code=code, name=f"Xã {code}", kind="commune", parent=town.unit("stp"))
        drafts = [prepared(town, merge(old, new)) for old, new in pairwise(codes)]
        at_once(*(partial(refused, one, head, facts | {"decision_no": f"{number}/NQ"}) for one in drafts))
        assert sorted(one.state for one in Reorganisation.objects.filter(pk__in=[one.pk for one in drafts])) == [
            "decided",
            "draft",
        ]


def test_two_clocks_do_it_once(town: World) -> None:
    line = {"what": "move", "unit": "XA1", "parent": "SV"}
    found = decided(town, line)
    assert won(at_once(*[lambda: sweep(at(SOON))] * 4))
    assert Reorganisation.objects.get(pk=found.pk).state == "in_effect"
    deeds = Move.objects.filter(stream=found.pk).order_by("seq").values_list("action", flat=True)
    assert list(deeds) == ["draft", "decide", "begin", "finish"]
    assert FormerParent.objects.count() == 1
