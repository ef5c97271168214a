"""The running procedure drawn: viewflow lays out its flow, we draw it without inline styles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from viewflow.workflow import flow
from viewflow.workflow.chart import calc_layout_data

from workflows import registry
from workflows.models import Record


@dataclass(frozen=True)
class Box:
    """One node: kind ``duty``, ``gate`` or ``event``, place and size in user units, the state it stands for."""

    kind: str
    state: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Chart:
    """Boxes with labels and marks (``done``, ``now``, ``next``), and edges as SVG paths."""

    title: str
    width: int
    height: int
    boxes: list[dict[str, Any]]
    edges: list[str]


MARGIN = 10


@lru_cache(maxsize=16)
def layout(flow_class: type[flow.Flow]) -> tuple[int, int, tuple[Box, ...], tuple[str, ...]]:
    """Lay a flow out once per process: width, height, boxes, edges."""
    grid = calc_layout_data(flow_class)
    boxes = []
    for cell in grid.cells:
        node, shape = cell.node, cell.shape
        kind = "duty" if isinstance(node, flow.View) else "gate" if isinstance(node, flow.Switch) else "event"
        boxes.append(Box(kind, node.name, int(shape.x), int(shape.y), int(shape.width), int(shape.height)))
    edges = tuple(
        "M" + " L".join(f"{x:g},{y:g}" for x, y in edge.segments) for edge in grid.edges if len(edge.segments) > 1
    )
    return int(grid.width) + MARGIN, int(grid.height) + MARGIN, tuple(boxes), edges


def chart_of(record: Record) -> Chart | None:
    """The chart of a record's flow with its state marked; None for a machine without flow.

    Drawn from the record's own state, so it is right with or without a running process.
    """
    flow_class = registry.flow_of(record.machine.name)
    if flow_class is None:
        return None
    width, height, boxes, edges = layout(flow_class)  # type: ignore[arg-type] # a class is hashable
    path = [box.state for box in boxes if box.kind == "duty"]
    order = [stage.state for stage in record.machine.stages if stage.state in path]
    at = order.index(record.state) if record.state in order else len(order)
    drawn = [_drawn(record, box, order, at) for box in boxes]
    return Chart(str(flow_class.process_title), width, height, drawn, list(edges))


def _drawn(record: Record, box: Box, order: list[str], at: int) -> dict[str, Any]:
    mark, label = "", ""
    if box.kind == "duty":
        place = order.index(box.state)
        mark = "now" if place == at else "done" if place < at else "next"
        label = str(record.machine.stage(box.state).label)
    elif box.kind == "event" and box.state in record.machine.states:
        mark = "now" if box.state == record.state else "next"
        label = str(record.machine.stage(box.state).label)
    return {"box": box, "mark": mark, "lines": _lines(label), "label": label}


def _lines(label: str, width: int = 18) -> list[str]:
    lines = [""]
    for word in label.split():
        if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
