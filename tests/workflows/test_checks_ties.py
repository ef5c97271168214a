"""System checks of what a table says by relation: each way of being wrong is refused under its number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capa.models import Car
from tests.workflows.test_checks import BACK, CHECK, CHECKED, END, SOUND, STEPS, found
from workflows.checks import check_machines
from workflows.roles import CLOCK, Role
from workflows.tables import If, Machine, Stage, Step, Tie

KNOWN, MINE, FOUND_OUT = Tie("state=checked", "đang kiểm tra"), Tie("created_by=me", "người mở"), Tie("evidence", "x")
TIED = replace(SOUND, ties=(KNOWN, MINE, FOUND_OUT))
SEALED = Stage("sealed", "Đã niêm phong", "muted", final=True)
FOLLOWER = Step("seal", "Niêm phong", ("ended",), "sealed", (CLOCK,))


def stepped(step: Step, **changes: object) -> Machine:
    rows = tuple(replace(row, **changes) if row is step else row for row in STEPS)  # type: ignore[arg-type]
    return replace(TIED, steps=rows)


def staged(*only: If) -> Machine:
    stages = tuple(replace(one, only=only) if one is CHECKED else one for one in TIED.stages)
    return replace(TIED, stages=stages)


def followed(by: tuple[str, ...] = (CLOCK,), sources: tuple[str, ...] = ("ended",)) -> Machine:
    """The end is followed by a seal, which the clock lays on what has ended."""
    stages = (*(replace(one, final=False) if one.final else one for one in TIED.stages), SEALED)
    rows = tuple(replace(row, follow="seal") if row is END else row for row in STEPS)
    last = replace(FOLLOWER, by=by, sources=sources)
    way_out = Step("file", "Lưu", ("ended",), "sealed", (Role.QMR,))
    return replace(TIED, stages=stages, steps=(*rows, last, way_out))


@pytest.mark.parametrize(("machine", "numbers"), [
    (TIED, []),
    (stepped(CHECK, bars=("created_by=me",)), []),
    (stepped(CHECK, only=(If("state=checked"), If("evidence", Role.DRAFTER))), []),
    (stepped(CHECK, bars=("stranger",)), [9]),
    (stepped(CHECK, only=(If("stranger"),)), [9]),
    (stepped(CHECK, only=(If("state=opened"),)), [9]),  # another value is another tie
    (stepped(BACK, bars=("stranger",), only=(If("nobody"),)), [9, 9]),
    (staged(If("state=checked"), If("created_by=me", Role.QMR)), []),
    (staged(If("stranger")), [9]),
    (staged(If("evidence")), [9]),  # an inbox is a query: it cannot call a method on each record
    (followed(), []),
    (followed(by=(Role.QMR,)), [9]),
    (followed(sources=("checked",)), [9]),
    (stepped(END, follow="sing"), [6, 9]),
    (stepped(CHECK, only=(If("state=checked", Role.QMR),)), [9]),  # who cannot take the step has no condition there
    (staged(If("created_by=me", Role.AUDITOR)), [9]),
])  # fmt: skip
def test_a_table_that_asks_for_what_it_does_not_have(machine: Machine, numbers: list[int]) -> None:
    assert found(machine) == numbers


def test_a_tie_is_a_column_or_a_method_of_the_model() -> None:
    assert found(TIED, Car) == [7]
    assert found(replace(TIED, ties=(KNOWN, MINE)), Car) == []
    assert found(replace(TIED, ties=(Tie("verdict=", "chưa"), Tie("verifier=me", "người kiểm tra"))), Car) == []
    assert found(replace(TIED, ties=(Tie("verifier_id=me", "người kiểm tra"),)), Car) == []
    assert found(replace(TIED, ties=(Tie("owner_unit", "đơn vị"),)), Car) == []
    assert found(replace(TIED, ties=(Tie("stranger", "lạ"),)), Car) == [7]
    assert found(replace(TIED, ties=(Tie("no_such_column=me", "lạ"),)), Car) == [7]
    assert found(replace(TIED, ties=(Tie("state", "đang"),)), Car) == [7]


def test_a_table_that_lost_a_tie_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Car.machine
    monkeypatch.setattr(Car, "machine", replace(table, ties=table.ties[:-1]))
    assert {message.id for message in check_machines()} == {"workflows.E009"}
