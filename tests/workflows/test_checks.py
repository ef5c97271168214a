"""System checks: a sound table passes, and each way of being wrong is refused under its own number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.checks import run_checks
from viewflow.workflow.lock import SelectForUpdateLock

from documents.flows import VersionFlow
from documents.models import DocumentVersion, Regulation
from workflows import registry
from workflows.checks import check_machines, problems
from workflows.roles import CLOCK, Role
from workflows.tables import ACTORS, AUTHOR, WAITS, Ask, Machine, Stage, Step

OPENED = Stage("opened", "Mở", "blue", (Role.DRAFTER,))
CHECKED = Stage("checked", "Kiểm tra", "azure", (Role.QMR,), days=2)
ENDED = Stage("ended", "Xong", "green", final=True)
BEGIN = Step("begin", "Mở hồ sơ", (), "opened", (Role.DRAFTER, CLOCK))
CHECK = Step("check", "Kiểm tra", ("opened",), "checked", (Role.DRAFTER,), tell=(WAITS, Role.QMR))
END = Step("end", "Kết thúc", ("checked",), "ended", (Role.QMR,), apart=("check",), tell=(ACTORS, AUTHOR))
BACK = Step("back", "Trả lại", ("checked",), "opened", (Role.QMR,), asks=(Ask("note", "text", "Lý do"),))
RETAKE = Step("retake", "Rút lại", ("checked",), "opened", (Role.DRAFTER,), same=("check",))
STEPS = (BEGIN, CHECK, END, BACK, RETAKE)
SOUND = Machine("sound", "Máy", (OPENED, CHECKED, ENDED), STEPS)


def found(machine: Machine, model: Any = None) -> list[int]:
    return sorted(number for number, _text, _hint in problems(machine, model))


def with_step(old: Step, **changes: Any) -> Machine:
    return replace(SOUND, steps=tuple(replace(step, **changes) if step is old else step for step in STEPS))


def with_stage(old: Stage, **changes: Any) -> Machine:
    return replace(SOUND, stages=tuple(replace(one, **changes) if one is old else one for one in SOUND.stages))


def test_a_sound_table_passes() -> None:
    assert list(problems(SOUND)) == []


def test_the_product_s_own_tables_pass() -> None:
    assert check_machines() == []
    assert [message for message in run_checks() if (message.id or "").startswith("workflows.")] == []


ORPHAN = Stage("orphan", "Lạc", "muted", final=True)
ISLAND = (
    Step("leave", "Đi", ("orphan",), "island", (Role.QMR,)),
    Step("return", "Về", ("island",), "orphan", (Role.QMR,)),
)
LONG_WAY = (
    BEGIN,
    Step("three", "Ba", ("checked",), "ended", (Role.QMR,)),
    Step("two", "Hai", ("opened",), "checked", (Role.DRAFTER,)),
)

WRONG: list[tuple[str, Machine, list[int]]] = [
    ("no step leads there", replace(SOUND, stages=(*SOUND.stages, ORPHAN)), [1]),
    (
        "an island: reached only from itself",
        replace(
            SOUND,
            stages=(*SOUND.stages, replace(ORPHAN, final=False), Stage("island", "Đảo", "muted")),
            steps=(*STEPS, *ISLAND),
        ),
        [1, 1],
    ),
    ("the steps stand in another order", replace(SOUND, steps=LONG_WAY), []),
    ("a dead end", with_stage(ENDED, final=False), [2]),
    (
        "a step that stays leads nowhere",
        replace(
            with_stage(ENDED, final=False), steps=(*STEPS, Step("stay", "Ở lại", ("ended",), "ended", (Role.QMR,)))
        ),
        [2],
    ),
    ("an end that is left", replace(SOUND, steps=(*STEPS, replace(BACK, sources=("ended",), action="reopen"))), [2]),
    (
        "an end that a person leaves beside the clock",
        replace(SOUND, steps=(*STEPS, replace(BACK, sources=("ended",), action="reopen", by=(Role.QMR, CLOCK)))),
        [2],
    ),
    (
        "an end that the clock alone leaves",
        replace(SOUND, steps=(*STEPS, replace(BACK, sources=("ended",), action="reopen", by=(CLOCK,), asks=()))),
        [],
    ),
    (
        "an end where one may still note something",
        replace(SOUND, steps=(*STEPS, Step("note", "Ghi", ("ended",), "ended", (Role.QMR,)))),
        [],
    ),
    ("nobody may take it", with_step(BACK, by=()), [3]),
    ("a role that nobody can hold", with_step(BACK, by=("emperor",)), [3]),
    ("the administrator has no business power", with_step(BACK, by=(Role.QMR, Role.SYSADMIN)), [3]),
    ("tells an unknown role", with_step(BACK, tell=("emperor",)), [3]),
    ("tells the clock", with_step(BACK, tell=(CLOCK,)), [3]),
    ("waits on who can do nothing there", with_stage(CHECKED, waits_on=(Role.QMR, Role.AUDITOR)), [4]),
    ("the machine has no label", replace(SOUND, label=" "), [5]),
    ("a stage has no label", with_stage(CHECKED, label=""), [5]),
    ("a step has no label", with_step(CHECK, label=""), [5]),
    ("an answer has no label", with_step(BACK, asks=(Ask("note", "text", ""),)), [5]),
    ("an unknown source", with_step(BACK, sources=("checked", "nowhere")), [6]),
    ("two rows of one action out of one state", replace(SOUND, steps=(*STEPS, replace(BACK, target="ended"))), [6]),
    ("two rows that begin by one action", replace(SOUND, steps=(*STEPS, replace(BEGIN, target="checked"))), [6]),
    ("apart from an unknown action", with_step(END, apart=("check", "sing")), [6]),
    ("only by the doer of an unknown action", with_step(RETAKE, same=("sing",)), [6]),
]


@pytest.mark.parametrize(("machine", "numbers"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_table_is_refused_under_its_number(machine: Machine, numbers: list[int]) -> None:
    assert found(machine) == numbers


def test_an_unknown_target_is_refused() -> None:
    assert 6 in found(replace(SOUND, steps=(*STEPS, replace(BACK, action="lose", target="nowhere"))))


def test_the_methods_that_a_table_names_must_be_on_the_model() -> None:
    for column in ("guard", "then"):
        missing, present = with_step(CHECK, **{column: "no_such_method"}), with_step(CHECK, **{column: "evidence"})
        assert found(missing, Regulation) == [7]
        assert found(present, Regulation) == []
        assert found(missing) == []
        assert found(with_step(CHECK, **{column: "state"}), Regulation) == [7]


def test_a_wrong_table_of_a_registered_model_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(DocumentVersion.machine, label="")
    monkeypatch.setattr(DocumentVersion, "machine", wrong)
    (error,) = check_machines()
    assert error.id == "workflows.E005"
    assert error.is_serious()
    assert "version" in str(error.msg)
    assert error.hint
    assert [message.id for message in run_checks() if (message.id or "").startswith("workflows.")] == [error.id]


@pytest.mark.parametrize("lock", [None, SelectForUpdateLock(nowait=True), object()])
def test_a_flow_without_a_waiting_row_lock_is_refused(monkeypatch: pytest.MonkeyPatch, lock: Any) -> None:
    monkeypatch.setattr(VersionFlow, "lock_impl", lock)
    assert [message.id for message in check_machines()] == ["workflows.E008"]
    monkeypatch.setattr(VersionFlow, "lock_impl", SelectForUpdateLock(nowait=False))
    assert check_machines() == []


def test_one_name_belongs_to_one_model() -> None:
    registry.register(DocumentVersion)
    assert registry.model_of("version") is DocumentVersion

    class Pretender:
        machine = replace(SOUND, name="version")

    with pytest.raises(ValueError, match="already belongs to DocumentVersion"):
        registry.register(Pretender)  # type: ignore[arg-type]
    assert registry.model_of("version") is DocumentVersion
    with pytest.raises(KeyError):
        registry.machine("no_such_machine")
