"""Two decisions beside each other: what one ends the other must not need, and what both need they may have."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.people import World
from tests.workflows.mergers import SOON, TODAY, at, decided, leader, merge, prepared, second_commune
from workflows import engine
from workflows.errors import WorkflowError
from workflows.handing import sweep
from workflows.models import Reorganisation, Unit

DAY = timedelta(days=1)
Line = dict[str, Any]
END_B = merge("XB1", "XD1")
SPLIT_B = {"what": "split", "unit": "XB1", "into": ["XD1", "XE1"]}
INTO_B = merge("XA1", "XB1")
UNDER_B = {"what": "move", "unit": "XA1", "parent": "XB1"}
FOUND_B = {"what": "found", "unit": "XF1", "name": "Xã Mới", "kind": "commune", "parent": "XB1"}
SAID = ("cần nó làm nơi nhận", "sẽ kết thúc theo", "đã có trong một quyết định khác", "dưới mình")
Case = tuple[Line, date, Line, date, int | None]
CASES: list[Case] = [
    (INTO_B, SOON, END_B, SOON, 0),
    (INTO_B, SOON + DAY, END_B, SOON, 0),
    (INTO_B, SOON - DAY, END_B, SOON, None),
    (UNDER_B, SOON, END_B, SOON, 0),
    (UNDER_B, SOON - DAY, END_B, SOON, None),
    (UNDER_B, SOON - DAY, SPLIT_B, SOON, 0),
    (FOUND_B, SOON, END_B, SOON, 0),
    (END_B, SOON, INTO_B, SOON, 1),
    (END_B, SOON, INTO_B, SOON + DAY, 1),
    (END_B, SOON, INTO_B, SOON - DAY, None),
    (END_B, SOON, FOUND_B, SOON + DAY, 1),
    (SPLIT_B, SOON, UNDER_B, SOON - DAY, 1),
    (INTO_B, SOON, UNDER_B, SOON + DAY, 2),
    (INTO_B, SOON, {"what": "rename", "unit": "XA1", "name": "Xã Mới"}, SOON, 2),
    (UNDER_B, SOON, {"what": "move", "unit": "XB1", "parent": "XA1"}, SOON + DAY, 3),
    (UNDER_B, SOON, {"what": "move", "unit": "XD1", "parent": "XA1"}, SOON + DAY, None),
    (INTO_B, SOON, merge("XD1", "XB1"), SOON, None),
    (INTO_B, SOON, {"what": "rename", "unit": "XB1", "name": "Xã Mới"}, SOON, None),
]


@pytest.mark.parametrize("case", CASES)
def test_beside_a_decision_that_waits(world: World, case: Case) -> None:
    first, on, second, then, said = case
    second_commune(world)
    for code in ("XD1", "XE1"):
        Unit.objects.create(code=code, name=f"Xã {code}", kind="commune", parent=world.unit("stp"))
    one, draft = decided(world, first, on=on), prepared(world, second)
    facts: dict[str, Any] = {"decision_no": "6/NQ-SV", "decision_on": TODAY, "effective_on": then}
    if said is None:
        other = engine.fire(draft, "decide", by=leader(world), **facts)
        for day in sorted({on, then}):
            assert sweep(at(day))[1] == []
        assert [Reorganisation.objects.get(pk=row.pk).state for row in (one, other)] == ["in_effect"] * 2
        return
    with pytest.raises(WorkflowError) as caught:
        engine.fire(draft, "decide", by=leader(world), **facts)
    assert SAID[said] in caught.value.said
    engine.fire(one, "undo", by=leader(world), note="Làm theo quyết định sau")
    assert engine.fire(draft, "decide", by=leader(world), **facts).state == "decided"


def test_an_import_stands_beside_no_decision_that_it_breaks(world: World) -> None:
    second_commune(world)
    decided(world)
    tinh = world.unit("tinh")
    facts: dict[str, Any] = {"decision_no": "6", "decision_on": TODAY, "effective_on": SOON}
    fresh = Reorganisation(agency=tinh, unit=tinh)
    facts["lines"] = [{"what": "abolish", "unit": "XB1", "into": ["STP"]}]
    with pytest.raises(WorkflowError) as caught:
        engine.start(fresh, "import", by=None, **facts)
    assert SAID[0] in caught.value.said
    assert Reorganisation.objects.count() == 1
