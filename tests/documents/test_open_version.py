"""The next draft of a document: its number, what it starts from, and that there is one at a time."""

from __future__ import annotations

from datetime import date

import pytest

from documents.models import Document, DocumentVersion, open_version
from tests import factories
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed, NotYourTurn, WrongState
from workflows.models import Move

UNDER_WAY = ["draft", "unit_review", "iso_check", "leader_review", "pending_approval", "approved"]


def numbers(document: Document) -> list[str]:
    return [version.number for version in document.versions.exclude(state="cancelled")]


def test_the_first_is_issue_one_without_revision_and_empty(world: World) -> None:
    draft = open_version(factories.document(world), by=world.lan)
    assert (draft.issue_no, draft.revision_no, draft.number) == (1, 0, "01/00")
    assert (draft.predecessor, draft.change_note, draft.wanted_by) == (None, "", None)
    assert (draft.content["purpose"], draft.content["steps"], draft.state) == ("", [], "draft")


def test_each_later_one_raises_the_revision_by_one(world: World) -> None:
    owner = factories.in_force(world).document
    factories.version(world, "effective", owner=owner)
    assert numbers(owner) == ["01/00", "01/01"]
    assert open_version(owner, by=world.lan).number == "01/02"


def test_a_cancelled_draft_gives_its_number_back(world: World) -> None:
    owner = factories.in_force(world).document
    factories.version(world, "cancelled", owner=owner)
    again = open_version(owner, by=world.lan)
    assert (again.number, numbers(owner)) == ("01/01", ["01/00", "01/01"])


def test_an_issued_version_keeps_its_number_and_the_next_follows_it(world: World) -> None:
    owner = factories.in_force(world).document
    factories.version(world, "issued", owner=owner)
    assert open_version(owner, by=world.lan).number == "01/02"


def test_it_is_seeded_with_the_version_that_it_will_follow(world: World) -> None:
    base = factories.in_force(world, fee="Phí cũ.")
    waits = factories.version(world, "issued", owner=base.document, fee="Phí sẽ đến.")
    draft = open_version(base.document, by=world.lan)
    assert (draft.predecessor, draft.content["fee"]) == (waits, "Phí sẽ đến.")


def test_after_a_withdrawal_it_is_seeded_with_the_last_one(world: World) -> None:
    gone = factories.version(world, "withdrawn", fee="Phí đã bãi bỏ.")
    draft = open_version(gone.document, by=world.lan)
    assert (draft.predecessor, draft.content["fee"], draft.number) == (gone, "Phí đã bãi bỏ.", "01/01")


def test_what_is_given_stands_in_the_draft_and_in_the_ledger(world: World) -> None:
    base = factories.in_force(world)
    wanted = date(2026, 12, 31)
    changed = factories.content(fee="Phí mới.")
    draft = open_version(base.document, by=world.minh, content=changed, note="Theo luật mới", wanted_by=wanted)
    draft = DocumentVersion.objects.get(pk=draft.pk)
    assert (draft.content["fee"], draft.change_note, draft.wanted_by) == ("Phí mới.", "Theo luật mới", wanted)
    assert (draft.due_on, draft.created_by) == (wanted, world.minh)
    assert (draft.document, draft.unit, draft.agency) == (base.document, base.unit, base.agency)
    move = Move.objects.get(stream=draft.pk)
    assert (move.action, move.note, move.actor, move.role) == ("create", "Theo luật mới", world.minh, "unit_head")


def test_back_in_the_draft_it_is_due_when_its_cause_wants_it(world: World) -> None:
    wanted = date(2026, 12, 31)
    draft = open_version(factories.document(world), by=world.lan, content=factories.content(), wanted_by=wanted)
    factories.regulation()
    sent = engine.fire(draft, "submit", by=world.lan)
    assert sent.due_on not in (None, wanted)
    assert engine.fire(sent, "return", by=world.minh, note="Thiếu").due_on == wanted


@pytest.mark.parametrize("state", UNDER_WAY)
def test_one_at_a_time(world: World, state: str) -> None:
    first = factories.version(world, state)
    with pytest.raises(WrongState) as refused:
        open_version(first.document, by=world.lan)
    assert (refused.value.state, "01/00" in str(refused.value.sentence)) == (state, True)
    assert first.document.versions.count() == 1
    assert open_version(factories.document(world), by=world.lan).state == "draft"


@pytest.mark.parametrize("name", ["mai", "son", "quang", "tuan", "van", "dung", "xuan", "root"])
def test_others_open_nothing(world: World, name: str) -> None:
    base = factories.in_force(world)
    with pytest.raises(NotYourTurn):
        open_version(base.document, by=world.people[name])
    assert numbers(base.document) == ["01/00"]


@pytest.mark.parametrize("kind", ["POLICY", "OBJECTIVE_SET", "SCOPE", "MANUAL", "SYS_PROC"])
def test_the_secretary_drafts_system_documents(world: World, kind: str) -> None:
    assert open_version(factories.document(world, kind=kind), by=world.hoa).created_by == world.hoa


@pytest.mark.parametrize("kind", ["TTHC_PROC", "INSTRUCTION"])
def test_and_leaves_procedures_to_the_units(world: World, kind: str) -> None:
    owner = factories.document(world, kind=kind)
    with pytest.raises(GuardFailed):
        open_version(owner, by=world.hoa)
    assert numbers(owner) == []
    assert open_version(owner, by=world.lan).state == "draft"
    assert open_version(factories.document(world, kind=kind), by=world.phuc).created_by == world.phuc


def test_an_edit_without_a_reason_keeps_the_one_given(world: World) -> None:
    draft = open_version(factories.document(world), by=world.lan, note="Theo luật mới")
    edited = engine.fire(draft, "edit", by=world.lan, content=factories.content())
    assert edited.change_note == "Theo luật mới"
    assert engine.fire(edited, "edit", by=world.lan, content=factories.content(), note="Khác").change_note == "Khác"


def test_the_digest_follows_the_content(world: World) -> None:
    draft = factories.version(world)
    edited = engine.fire(draft, "edit", by=world.lan, content=factories.content(fee="Phí mới."))
    back = engine.fire(edited, "edit", by=world.lan, content=factories.content())
    assert edited.content_sha256 != draft.content_sha256
    assert back.content_sha256 == draft.content_sha256
