"""The printed tables that README links to are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows import registry
from workflows.printed import as_data, as_markdown
from workflows.tables import Machine

PRINTED = Path(__file__).parent / "printed"


@pytest.mark.parametrize("machine", registry.machines(), ids=lambda machine: str(machine.name))
def test_the_printed_copy_is_up_to_date(machine: Machine) -> None:
    copy = (PRINTED / f"{machine.name}.md").read_text("utf-8")
    assert copy.strip() == as_markdown(machine).strip(), f"manage.py print_machines --markdown {machine.name}"


@pytest.mark.parametrize("machine", registry.machines(), ids=lambda machine: str(machine.name))
def test_the_data_hold_every_row(machine: Machine) -> None:
    data = as_data(machine)
    assert [stage["state"] for stage in data["stages"]] == list(machine.states)
    assert [(step["action"], step["sources"]) for step in data["steps"]] == [
        (step.action, list(step.sources)) for step in machine.steps
    ]
