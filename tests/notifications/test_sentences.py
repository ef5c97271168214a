"""Every deed that is told has its words, and words of one line do not become two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents.machines.version import VERSION
from documents.models import DocumentVersion
from notifications.checks import sentences_exist
from notifications.sentences import sentence
from tests import factories
from tests.people import World
from workflows import engine
from workflows.models import Move, Record


def test_every_told_step_has_a_template() -> None:
    assert sentences_exist(None) == []


def test_a_told_step_without_a_template_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tuple(replace(step, tell=("author",)) if step.action == "edit" else step for step in VERSION.steps)
    monkeypatch.setattr(DocumentVersion, "machine", replace(VERSION, steps=steps))
    (error,) = sentences_exist(None)
    assert error.id == "notifications.E001"
    assert "documents/notices/version_edit.txt" in error.msg


def words(record: Record) -> tuple[str, str]:
    found = sentence(Move.objects.of(record.pk).get(seq=record.row_version), record)
    return found.subject, found.body


@pytest.mark.parametrize("state", ["unit_review", "iso_check", "leader_review", "approved", "issued", "effective",
                                   "withdrawn", "cancelled"])  # fmt: skip
def test_a_versions_words_name_it_and_its_page(world: World, state: str) -> None:
    version = factories.version(world, state)
    subject, body = words(version)
    assert str(version) in subject
    assert version.get_absolute_url() in body
    assert "{{" not in subject + body
    assert "\n\n\n" not in body


@pytest.mark.parametrize("state", ["impact_confirmed", "screening", "no_impact"])
def test_an_impacts_words_name_it(world: World, state: str) -> None:
    item = factories.impact(world, state)
    assert str(item) in words(item)[0]


def test_a_campaigns_words_name_the_act(world: World) -> None:
    assert "18/2026/NĐ-CP" in words(factories.campaign(world))[0]


def test_a_title_of_two_lines_stays_one_subject(world: World) -> None:
    owner = factories.document(world, title="Quy trình\r\nBcc: ai@example.vn")
    subject, _body = words(factories.version(world, "unit_review", owner=owner))
    assert subject.endswith("Quy trình Bcc: ai@example.vn")


def test_the_day_due_is_of_this_deed_not_of_a_later_one(world: World) -> None:
    version = factories.version(world, "unit_review")
    move = Move.objects.of(version.pk).latest("seq")
    assert "Hạn xử lý" in sentence(move, version).body
    later = engine.fire(version, "agree", by=world.minh)
    assert "Hạn xử lý" not in sentence(move, later).body


def test_a_record_that_is_gone_is_still_told(world: World) -> None:
    move = Move.objects.of(factories.version(world, "unit_review").pk).latest("seq")
    assert sentence(move, None).url == ""
