"""The running flow: its one open duty is that of the record's state, and it can be rebuilt from the record."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from viewflow.workflow import STATUS
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Process, Task

from documents.flows import VersionFlow
from documents.models import DocumentVersion
from tests import factories
from tests.people import World
from workflows import engine, flows, registry

DUTIES = ("draft", "unit_review", "iso_check", "leader_review", "pending_approval", "approved")


def duties(version: DocumentVersion) -> list[str]:
    """Names of the open duties of a version's process."""
    tasks = Task.objects.filter(process=version.flow_id, status__in=flows.OPEN)
    return [task.flow_task.name for task in tasks]


@pytest.mark.parametrize("state", [*DUTIES, "issued", "effective", "cancelled"])
def test_the_open_duty_follows_the_state(world: World, state: str) -> None:
    version = factories.version(world, state)
    assert version.flow_id
    assert duties(version) == ([state] if state in DUTIES else [])
    done = Process.objects.get(pk=version.flow_id).status == "DONE"
    assert done == (state not in DUTIES)


@pytest.mark.parametrize(("state", "action", "name"), [
    ("unit_review", "return", "minh"), ("iso_check", "return", "hoa"), ("pending_approval", "return", "tuan"),
    ("leader_review", "recall", "lan"),
])  # fmt: skip
def test_a_step_back_reopens_the_draft(world: World, state: str, action: str, name: str) -> None:
    version = factories.version(world, state)
    version = engine.fire(version, action, by=world.people[name], note="Lý do")
    assert duties(version) == ["draft"]


def test_an_edit_leaves_the_duty_where_it_is(world: World) -> None:
    version = factories.version(world)
    tasks = Task.objects.filter(process=version.flow_id).count()
    engine.fire(version, "edit", by=world.lan, **factories.answers("edit"))
    assert Task.objects.filter(process=version.flow_id).count() == tasks


def test_reseat_puts_right_what_drifted_and_nothing_else(world: World) -> None:
    sound, cut, lost, astray = (factories.version(world, "iso_check") for _number in range(4))
    Task.objects.filter(process=cut.flow_id, status__in=flows.OPEN).update(status=STATUS.CANCELED)
    Task.objects.filter(process=lost.flow_id).delete()
    Process.objects.filter(pk=lost.flow_id).delete()
    Task.objects.filter(process=astray.flow_id, status__in=flows.OPEN).update(flow_task=VersionFlow.approved)
    before = Task.objects.filter(process=sound.flow_id).count()
    assert flows.reseat() == (4, 3)
    for version in (sound, cut, lost, astray):
        fresh = DocumentVersion.objects.get(pk=version.pk)
        assert duties(fresh) == ["iso_check"]
        assert (fresh.state, fresh.row_version) == ("iso_check", version.row_version)
    assert Task.objects.filter(process=sound.flow_id).count() == before
    assert flows.reseat() == (4, 0)
    call_command("reseat", verbosity=0)


def test_every_duty_is_a_waiting_state_and_every_flow_is_locked() -> None:
    machine = registry.machine("version")
    nodes = [name for name, node in VersionFlow._nodes_by_name.items() if isinstance(node, type(VersionFlow.draft))]
    assert set(nodes) == {stage.state for stage in machine.stages if stage.waits_on}
    for flow_class in registry.flows():
        assert isinstance(flow_class.lock_impl, SelectForUpdateLock)
        assert flow_class.lock_impl.nowait is False
