"""Which rows are locked by whom, on any database: where SQLite has one writer, the asking is seen nevertheless.

That the locks hold is shown by ``tests/races`` on PostgreSQL.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model, QuerySet
from viewflow.workflow.models import Process

from documents.models import DocumentVersion
from notifications.deliver import deliver
from tests import factories
from tests.people import World
from workflows import engine, flows
from workflows.errors import WrongState
from workflows.models import Pending

Lock = tuple[type[Model], dict[str, Any]]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Lock]:
    """Locks asked for, in order."""
    asked: list[Lock] = []
    real = QuerySet.select_for_update

    def select_for_update(self: QuerySet[Any], **how: Any) -> QuerySet[Any]:
        asked.append((self.model, {name: value for name, value in how.items() if value}))
        return real(self, **how)

    monkeypatch.setattr(QuerySet, "select_for_update", select_for_update)
    return asked


RECORD: Lock = (DocumentVersion, {"of": ("self",)})
PROCESS: Lock = (Process, {})


def test_the_door_locks_the_record_first_and_then_its_process(world: World, taken: list[Lock]) -> None:
    version = factories.version(world, "unit_review")
    taken.clear()
    engine.fire(version, "agree", by=world.minh)
    assert taken[:2] == [RECORD, PROCESS]


def test_the_door_locks_a_record_without_process_too(world: World, taken: list[Lock]) -> None:
    act = factories.regulation()
    taken.clear()
    engine.fire(act, "verify", by=world.phuc)
    assert taken == [(type(act), {"of": ("self",)})]


def test_what_was_read_before_the_lock_does_not_count(world: World) -> None:
    stale = factories.version(world)
    seen = DocumentVersion.objects.get(pk=stale.pk)
    engine.fire(stale, "submit", by=world.lan)
    assert seen.state == "draft"
    with pytest.raises(WrongState) as refused:
        engine.fire(seen, "submit", by=world.lan)
    assert refused.value.state == "unit_review"
    assert engine.fire(seen, "recall", by=world.lan, note="Sửa").row_version == 3


def test_flows_are_put_right_under_both_locks(world: World, taken: list[Lock]) -> None:
    factories.version(world, "unit_review")
    taken.clear()
    flows.reseat()
    assert taken == [RECORD, PROCESS]


def test_an_outbox_row_is_taken_by_one_and_passed_over_by_the_others(world: World, taken: list[Lock]) -> None:
    factories.version(world, "unit_review")
    taken.clear()
    assert deliver() == 1
    assert taken == [(Pending, {"skip_locked": True})]
