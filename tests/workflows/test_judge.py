"""Legality by itself, on a table made for it: rows with two deeds in a column, which our own tables do not all have."""

from __future__ import annotations

import pytest

from workflows.roles import CLOCK
from workflows.tables import Machine, Refusal, Stage, Step, judge, method_name, transitions

OPENED = Stage("opened", "Mở", "blue", ("drafter", "qmr"))
CHECKED = Stage("checked", "Kiểm tra", "azure", ("auditor",))
ENDED = Stage("ended", "Xong", "green", final=True)
TABLE = Machine(
    "table",
    "Bảng",
    (OPENED, CHECKED, ENDED),
    (
        Step("begin", "Mở", (), "opened", ("drafter",)),
        Step("edit", "Sửa", ("opened",), "opened", ("drafter", "qmr")),
        Step("check", "Kiểm tra", ("opened",), "checked", ("qmr",), apart=("begin", "edit")),
        Step("retake", "Rút", ("checked",), "opened", ("drafter",), same=("begin", "edit")),
        Step("check", "Kiểm tra lại", ("checked",), "ended", ("auditor",), apart=("begin",)),
        Step("expire", "Hết hạn", ("opened", "checked"), "ended", (CLOCK,)),
    ),
)
NOT_YOURS = Refusal("not_your_turn")


@pytest.mark.parametrize(("state", "action", "roles", "deeds", "refusal"), [
    ("", "begin", {"drafter"}, set(), None),
    ("", "begin", {"qmr"}, set(), NOT_YOURS),
    ("", "edit", {"drafter"}, set(), Refusal("wrong_state")),
    ("opened", "begin", {"drafter"}, set(), Refusal("wrong_state")),
    ("opened", "edit", set(), set(), NOT_YOURS),
    ("opened", "edit", {"staff", "qmr"}, {"begin"}, None),
    ("opened", "check", {"qmr"}, set(), None),
    ("opened", "check", {"qmr"}, {"begin"}, Refusal("same_hand", "begin")),
    ("opened", "check", {"qmr"}, {"edit"}, Refusal("same_hand", "edit")),
    ("opened", "check", {"qmr"}, {"edit", "begin"}, Refusal("same_hand", "begin")),
    ("opened", "check", {"qmr"}, {"retake", "check"}, None),
    ("opened", "check", {"auditor"}, {"begin"}, NOT_YOURS),  # has part in the action, but out of another state
    ("checked", "check", {"qmr"}, set(), NOT_YOURS),
    ("checked", "check", {"auditor"}, {"edit"}, None),
    ("checked", "check", {"auditor"}, {"begin"}, Refusal("same_hand", "begin")),
    ("ended", "check", {"qmr"}, {"edit"}, Refusal("wrong_state")),
    ("ended", "check", {"drafter"}, set(), NOT_YOURS),  # has no part in it, so learns nothing of the state
    ("checked", "retake", {"drafter"}, set(), Refusal("not_your_turn", "begin")),
    ("checked", "retake", {"drafter"}, {"check"}, Refusal("not_your_turn", "begin")),
    ("checked", "retake", {"drafter"}, {"begin"}, None),
    ("checked", "retake", {"drafter"}, {"edit"}, None),
    ("checked", "retake", {"qmr"}, {"begin", "edit"}, NOT_YOURS),
    ("checked", "expire", {CLOCK}, set(), None),
    ("checked", "expire", {"drafter", "qmr", "auditor"}, set(), NOT_YOURS),
    ("opened", "edit", {CLOCK}, set(), NOT_YOURS),
    ("opened", "sing", {"drafter"}, set(), NOT_YOURS),
])  # fmt: skip
def test_judgement(state: str, action: str, roles: set[str], deeds: set[str], refusal: Refusal | None) -> None:
    assert judge(TABLE, state, action, roles, deeds) == refusal


def test_what_a_table_answers_about_itself() -> None:
    assert TABLE.actions == ("begin", "edit", "check", "retake", "expire")
    assert TABLE.states == ("opened", "checked", "ended")
    assert [step.action for step in TABLE.starts] == ["begin"]
    assert [step.action for step in TABLE.steps_from("opened")] == ["edit", "check", "expire"]
    assert [step.target for step in TABLE.rows_of("check")] == ["checked", "ended"]
    assert TABLE.step("check", "checked") == TABLE.steps[4]
    assert TABLE.step("begin", "") == TABLE.steps[0]
    assert (TABLE.step("check", "ended"), TABLE.step("check", "")) == (None, None)
    assert TABLE.insiders == {"drafter", "qmr", "auditor", CLOCK}
    waiting = {role: TABLE.waiting_on({role}) for role in ("drafter", "qmr", "auditor", "staff")}
    assert waiting == {"drafter": ("opened",), "qmr": ("opened",), "auditor": ("checked",), "staff": ()}
    assert TABLE.waiting_on({"auditor", "qmr"}) == ("opened", "checked")


def test_a_record_gets_one_method_for_each_action_and_target() -> None:
    names = {method_name(step.action, step.target) for step in TABLE.steps if not step.starts}
    assert set(transitions(TABLE)) == names
    assert names == {
        "to_opened_by_edit", "to_checked_by_check", "to_opened_by_retake", "to_ended_by_check", "to_ended_by_expire",
    }  # fmt: skip
