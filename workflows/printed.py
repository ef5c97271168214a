"""A machine as people and programs read it: text, Markdown, JSON. One rendering of the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workflows.roles import label_of
from workflows.tables import TELL_TOKENS, If, Machine, Stage, Step

STAGE_HEAD = ("state", "label", "waits on", "working days", "public", "final")
STEP_HEAD = ("action", "label", "from", "to", "by", "apart from", "only by", "guard", "asks", "tells")


def as_data(machine: Machine) -> dict[str, Any]:
    """JSON values: every column of every row."""
    return {
        "name": machine.name,
        "label": str(machine.label),
        "readers": list(machine.readers),
        "ties": [{"name": tie.name, "label": str(tie.label)} for tie in machine.ties],
        "stages": [
            {
                "state": stage.state,
                "label": str(stage.label),
                "colour": stage.colour,
                "waits_on": list(stage.waits_on),
                "only": _conditions(stage.only),
                "days": stage.days,
                "public": stage.public,
                "final": stage.final,
            }
            for stage in machine.stages
        ],
        "steps": [
            {
                "action": step.action,
                "label": str(step.label),
                "sources": list(step.sources),
                "target": step.target,
                "by": list(step.by),
                "apart": list(step.apart),
                "same": list(step.same),
                "bars": list(step.bars),
                "only": _conditions(step.only),
                "guard": step.guard,
                "asks": [
                    {"name": ask.name, "kind": ask.kind, "label": str(ask.label), "required": ask.required}
                    for ask in step.asks
                ],
                "then": step.then,
                "follow": step.follow,
                "inner": step.inner,
                "tell": list(step.tell),
            }
            for step in machine.steps
        ],
    }


def as_markdown(machine: Machine) -> str:
    """Two Markdown tables under a heading."""
    stages = [_stage_cells(stage) for stage in machine.stages]
    steps = [_step_cells(step) for step in machine.steps]
    return "\n".join(
        [f"## {machine.label} (`{machine.name}`)", "", *_table(STAGE_HEAD, stages), "", *_table(STEP_HEAD, steps)]
    )


def as_text(machine: Machine) -> str:
    """Aligned columns for a terminal."""
    lines = [f"{machine.label} ({machine.name})"]
    tables = (
        (STAGE_HEAD, [_stage_cells(stage) for stage in machine.stages]),
        (STEP_HEAD, [_step_cells(step) for step in machine.steps]),
    )
    for head, rows in tables:
        widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
        lines.append("")
        for row in (head, *rows):
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            lines += ["  ".join(cells).rstrip()]
    return "\n".join(lines)


def _stage_cells(stage: Stage) -> tuple[str, ...]:
    return (
        stage.state,
        str(stage.label),
        _roles(stage.waits_on, stage.only),
        str(stage.days or ""),
        "yes" if stage.public else "",
        "yes" if stage.final else "",
    )


def _step_cells(step: Step) -> tuple[str, ...]:
    asks = ", ".join(ask.name if ask.required else f"({ask.name})" for ask in step.asks)
    asks += " [insiders]" if step.inner else ""
    return (
        step.action,
        str(step.label),
        ", ".join(step.sources) or "–",
        step.target,
        _roles(step.by, step.only),
        ", ".join((*step.apart, *step.bars)),
        ", ".join(step.same),
        step.guard,
        asks,
        _roles(step.tell),
    )


def _conditions(only: Sequence[If]) -> list[dict[str, str]]:
    return [{"role": one.role, "tie": one.tie} for one in only]


def _roles(codes: Sequence[str], only: Sequence[If] = ()) -> str:
    said = []
    for code in codes:
        ties = " and ".join(one.tie for one in only if one.role in ("", code))
        said.append((code if code in TELL_TOKENS else label_of(code)) + (f" [{ties}]" if ties else ""))
    return ", ".join(said)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return [line(head), line(["---"] * len(head)), *(line(row) for row in rows)]
