"""A process's rows: begun once, kept to one open duty, mended without a trace of what was wrong."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import RequestFactory
from viewflow.workflow import STATUS
from viewflow.workflow.models import Process, Task
from viewflow.workflow.token import Token

from documents.flows import VersionFlow
from documents.models import DocumentVersion, open_version
from tests import factories
from tests.people import World
from workflows import engine, flows
from workflows.models import Move


def fresh(version: DocumentVersion) -> DocumentVersion:
    return DocumentVersion.objects.get(pk=version.pk)


def open_tasks(version: DocumentVersion) -> list[Task]:
    return list(Task.objects.filter(process=version.flow_id, status__in=flows.OPEN))


def test_a_process_is_begun_once_and_leaves_no_deed(world: World) -> None:
    version = factories.version(world)
    before = (version.flow_id, Process.objects.count(), Move.objects.count())
    assert flows.begin(version).flow_id == version.flow_id
    assert (fresh(version).flow_id, Process.objects.count(), Move.objects.count()) == before


def test_bulk_work_and_kinds_without_a_flow_begin_none(world: World) -> None:
    taken_over, item = factories.in_force(world), factories.impact(world)
    assert (taken_over.flow_id, item.flow_id) == (None, None)
    assert flows.begin(item).flow_id is None
    flows.follow(item)
    flows.follow(taken_over)
    assert not Process.objects.exists()
    assert flows.reseat() == (0, 0)


def test_a_process_begun_late_opens_the_duty_of_the_present_state(world: World) -> None:
    version = factories.version(world, "iso_check")
    Task.objects.filter(process=version.flow_id).delete()
    Process.objects.filter(pk=version.flow_id).delete()
    flows.reseat()
    late = fresh(version)
    assert late.flow_id
    assert [task.flow_task.name for task in open_tasks(late)] == ["iso_check"]
    assert Process.objects.get(pk=late.flow_id).status == STATUS.NEW


def test_each_process_knows_its_own_record_s_state(world: World) -> None:
    first, second = factories.version(world), factories.version(world, "iso_check")
    for version, state in ((first, "draft"), (second, "iso_check")):
        assert flows.state_of(Process.objects.get(pk=version.flow_id)) == state
    stray = Process.objects.create(flow_class=VersionFlow)
    assert flows.state_of(stray) == ""


def test_two_open_duties_become_one(world: World) -> None:
    version = factories.version(world, "unit_review")
    process = Process.objects.get(pk=version.flow_id)
    Task.objects.create(process=process, flow_task=VersionFlow.approved, token=Token("start"))
    assert flows.seat(fresh(version))
    (task,) = open_tasks(version)
    assert task.flow_task.name == "unit_review"
    assert not flows.seat(fresh(version))


def test_a_mended_duty_follows_the_one_before(world: World) -> None:
    version = factories.version(world, "unit_review")
    Task.objects.filter(process=version.flow_id, status__in=flows.OPEN).update(status=STATUS.CANCELED)
    last = Task.objects.filter(process=version.flow_id).latest("pk")
    Process.objects.filter(pk=version.flow_id).update(status=STATUS.DONE)
    assert flows.reseat() == (1, 1)
    (task,) = open_tasks(version)
    assert list(task.previous.all()) == [last]
    assert Process.objects.get(pk=version.flow_id).status == STATUS.NEW
    assert engine.fire(version, "agree", by=world.minh).state == "iso_check"


def test_a_process_without_any_duty_is_given_one(world: World) -> None:
    version = factories.version(world, "unit_review")
    Task.objects.filter(process=version.flow_id).delete()
    assert flows.reseat() == (1, 1)
    (task,) = open_tasks(version)
    assert (task.flow_task.name, task.token.token) == ("unit_review", "start")
    Task.objects.filter(process=version.flow_id).delete()
    engine.fire(version, "agree", by=world.minh)
    assert [task.flow_task.name for task in open_tasks(version)] == ["iso_check"]


def test_a_process_left_open_after_the_end_is_closed(world: World) -> None:
    version = factories.version(world, "cancelled")
    process = Process.objects.get(pk=version.flow_id)
    Process.objects.filter(pk=process.pk).update(status=STATUS.NEW)
    Task.objects.create(process=process, flow_task=VersionFlow.draft, token=Token("start"))
    assert flows.reseat() == (1, 1)
    assert open_tasks(version) == []
    assert Process.objects.get(pk=process.pk).status == STATUS.DONE


def test_a_duty_has_no_page_of_its_own(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        flows.unmounted(rf.get("/"))


def test_two_documents_have_two_processes(world: World) -> None:
    factories.regulation()
    made = [open_version(factories.document(world), by=world.lan, content=factories.content()) for _number in range(2)]
    assert made[0].flow_id != made[1].flow_id
    engine.fire(made[0], "submit", by=world.lan)
    assert [task.flow_task.name for task in open_tasks(made[1])] == ["draft"]
