"""The running procedure: a viewflow process beside a record, always rebuildable from the record, never the truth.

The record's state says where things stand; the process has one open duty for it, the chart and the history of
duties. The door moves the record and then lets the process follow; nothing here ever writes a record's state.
Its stock views are not mounted: they would move a process without the record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from viewflow.workflow import STATUS, flow
from viewflow.workflow.flow import Flow
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Process, Task
from viewflow.workflow.token import Token

from workflows import registry
from workflows.models import Record

R = TypeVar("R", bound=Record)
OPEN = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED)

patient_lock = SelectForUpdateLock(nowait=False)
"""Every flow's lock: viewflow ships with none, and its nowait lock sleeps up to five seconds inside the request.
Waiting is bounded by the connection's ``lock_timeout``."""


def unmounted(_request: HttpRequest, **_kwargs: Any) -> Any:
    """A duty has no page of viewflow's: people act through the inbox and the door."""
    raise Http404


def duty(then: Any) -> Any:
    """A node that waits for a person; its name is the record's state."""
    return flow.View(unmounted).Next(then)


def moved_to(*states: str) -> Callable[[Any], bool]:
    """A gate's condition: the record of this process now stands in one of these states."""

    def stands(activation: Any) -> bool:
        return state_of(activation.process) in states

    return stands


def state_of(process: Process) -> str:
    """State of the record that a process belongs to; ``""`` if it belongs to none."""
    for model in registry.models():
        if registry.flow_of(model.machine.name) is process.flow_class:
            state = model.objects.filter(flow_id=process.pk).values_list("state", flat=True).first()
            return str(state or "")
    return ""


@transaction.atomic
def begin(record: R) -> R:
    """Start the process of a record, because a person opened the work; harmless if it has one or knows no flow."""
    flow_class = registry.flow_of(record.machine.name)
    if flow_class is None or record.flow_id:
        return record
    process = flow_class.start.run()
    record.flow_id = process.pk
    # Not a change of the record: the link carries no meaning of its own, and no ledger row is due for it.
    QuerySet.update(type(record).objects.filter(pk=record.pk), flow_id=process.pk)
    seat(record)
    return record


def follow(record: Record) -> None:
    """Let the process catch up with its record, inside the door's transaction, under the flow's lock."""
    flow_class = registry.flow_of(record.machine.name)
    if flow_class is None or not record.flow_id:
        return
    with flow_class.lock(record.flow_id):
        seat(record)


def seat(record: Record) -> bool:
    """Make the process's one open duty that of the record's state; return True if it was elsewhere.

    The ordinary way is through the gates; a process that they do not bring there (cancelled by hand, a node removed)
    is put there.
    """
    before = _open(record)
    if _sits(record, before):
        return False
    for task in before:
        activation = task.flow_task.activation_class(task) if task.flow_task else None
        if activation is None:
            continue
        if task.status == STATUS.NEW:
            task.status = STATUS.ASSIGNED
        if task.status == STATUS.ASSIGNED:
            activation.start(None)
        activation.execute()
    if not _sits(record, _open(record)):
        _put(record)
    return True


def _open(record: Record) -> list[Task]:
    return list(Task.objects.filter(process=record.flow_id, status__in=OPEN).select_related("process"))


def _sits(record: Record, tasks: list[Task]) -> bool:
    flow_class = registry.flow_of(record.machine.name)
    wanted = [record.state] if _node(flow_class, record.state) is not None else []
    return [task.flow_task.name if task.flow_task else "" for task in tasks] == wanted


def _node(flow_class: type[Flow] | None, state: str) -> Any:
    node = getattr(flow_class, state, None)
    return node if isinstance(node, flow.View) else None


def _put(record: Record) -> None:
    """Close whatever is open and open the duty of the record's state; no state, no duty: the process is done."""
    flow_class = registry.flow_of(record.machine.name)
    Task.objects.filter(process=record.flow_id, status__in=OPEN).update(status=STATUS.CANCELED)
    process = Process.objects.get(pk=record.flow_id)
    node = _node(flow_class, record.state)
    process.status = STATUS.DONE if node is None else STATUS.NEW
    process.save(update_fields=["status"])
    if node is not None:
        last = Task.objects.filter(process=process).order_by("pk").last()
        task = Task.objects.create(process=process, flow_task=node, token=last.token if last else Token("start"))
        if last:
            task.previous.add(last)


def reseat() -> tuple[int, int]:
    """Put every running process where its record stands; return (looked at, put right)."""
    looked = mended = 0
    for model in registry.models():
        flow_class = registry.flow_of(model.machine.name)
        if flow_class is None:
            continue
        for pk in model.objects.exclude(flow_id=None).values_list("pk", flat=True).iterator():
            with transaction.atomic():
                record = model.objects.select_for_update(of=("self",)).get(pk=pk)
                looked += 1
                if not Process.objects.filter(pk=record.flow_id).exists():
                    record.flow_id = None
                    begin(record)
                    mended += 1
                    continue
                with flow_class.lock(record.flow_id):
                    mended += seat(record)
    return looked, mended
