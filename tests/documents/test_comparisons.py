"""Which versions are compared, which signatures count, and what the revision sheet says of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from documents.models import DocumentVersion, RegulationRelation
from documents.services.comparisons import base_of, compared
from documents.services.sheets import revision_sheet, sheet, signatures
from tests import factories
from tests.people import World
from workflows import engine
from workflows.models import Move

TODAY = timezone.localdate()


def signed(version: DocumentVersion) -> list[tuple[str, str]]:
    found = signatures(Move.objects.of(version.pk).select_related("actor"))
    return [(str(one.label), one.move.actor.username) for one in found if one.move.actor]


def test_a_version_on_its_way_is_compared_with_the_one_in_force(world: World) -> None:
    first = factories.in_force(world)
    draft = factories.version(world, "unit_review", owner=first.document)
    assert base_of(draft) == first
    assert base_of(first) is None
    assert base_of(factories.version(world)) is None


def test_each_is_compared_with_what_it_will_replace(world: World) -> None:
    first = factories.in_force(world)
    waits = []
    for days in (2, 5):
        approved = factories.version(world, "approved", owner=first.document)
        begins = TODAY + timedelta(days=days)
        waits.append(engine.fire(approved, "issue", by=world.van, decision_on=TODAY, effective_from=begins))
    second, third = waits
    gone = factories.version(world, "cancelled", owner=first.document)
    draft = factories.version(world, "draft", owner=first.document)
    assert [base_of(one) for one in (first, second, third, gone, draft)] == [None, first, second, third, third]
    assert [one.predecessor for one in (second, third, draft)] == [first, second, third]


def test_a_version_that_took_effect_is_compared_with_the_one_it_followed(world: World) -> None:
    first = factories.in_force(world)
    second = factories.version(world, "effective", owner=first.document)
    third = factories.version(world, "draft", owner=first.document)
    old = DocumentVersion.objects.get(pk=first.pk)
    assert (old.state, base_of(old)) == ("superseded", None)
    assert (base_of(second), base_of(third)) == (first, second)


def test_a_comparison_parts_what_changed_from_what_did_not(world: World) -> None:
    first = factories.in_force(world)
    basis = [*first.content["legal_basis"], {"key": "b2", "number": "7/2025/NĐ-CP", "issuer": "", "note": ""}]
    draft = factories.version(world, owner=first.document, legal_basis=basis)
    found = compared(draft, first)
    assert [diff.section.key for diff in found.changed] == ["legal_basis"]
    assert len(found.unchanged) == len(found.diffs) - 1
    assert found.basis_only
    assert not compared(factories.version(world, purpose="Khác"), first).basis_only
    assert compared(draft, None).base is None
    assert all(diff.status in ("added", "same") for diff in compared(draft, None).diffs)


def test_only_signatures_since_the_last_submission_count(world: World) -> None:
    version = factories.version(world, "leader_review")
    full = [("Soạn thảo", "lan"), ("Xem xét", "minh"), ("Thẩm tra", "hoa")]
    assert signed(version) == full
    engine.fire(version, "return", by=world.quang, note="Thiếu")
    assert signed(version) == []
    version = engine.fire(version, "submit", by=world.lan)
    assert signed(version) == full[:1]
    engine.fire(version, "agree", by=world.minh)
    assert signed(version) == full[:2]
    engine.fire(version, "recall", by=world.lan, note="Sửa")
    assert signed(version) == []


def test_all_signatures_of_a_version_in_force(world: World) -> None:
    names = [name for _label, name in signed(factories.version(world, "effective"))]
    assert names == ["lan", "minh", "hoa", "quang", "tuan", "van"]
    labels = [label for label, _name in signed(factories.version(world, "effective"))]
    assert labels == ["Soạn thảo", "Xem xét", "Thẩm tra", "Xem xét", "Phê duyệt", "Ban hành"]


def test_the_revision_sheet_says_what_each_version_changed_and_why(world: World) -> None:
    item = factories.impact(world, "impact_confirmed")
    basis = [{"key": "b1", "number": "18/2026/NĐ-CP", "issuer": "", "note": ""}]
    draft = factories.version(world, "unit_review", owner=item.document, fee="10.000 đồng.", legal_basis=basis)
    engine.fire(item, "open_revision", by=world.lan)
    other = factories.version(world)
    versions = list(item.document.versions.order_by("revision_no"))
    moves = list(Move.objects.filter(stream__in=[item.version_id, draft.pk, other.pk]))
    first, second = revision_sheet(versions, moves)
    assert (first.version.pk, first.lines, first.grounds, first.signatures) == (item.version_id, [], [], [])
    assert second.version.pk == draft.pk
    assert second.lines == ["Phí, lệ phí: Không thu phí. → 10.000 đồng."]
    assert [act.number for act in second.grounds] == ["18/2026/NĐ-CP"]
    assert [one.move.action for one in second.signatures] == ["submit"]


def lines_of(content: Any, on: date) -> list[tuple[int, str | None, list[str]]]:
    parts = {part.section.key: part for part in sheet(content, on)}
    basis = parts["legal_basis"].lines
    heirs = [[heir.number for heir in line.heirs] for line in basis]
    acts = [line.act.number if line.act else None for line in basis]
    return list(zip([line.number for line in basis], acts, heirs, strict=True))


def test_a_printed_legal_basis_tells_dead_law_with_its_heir_as_of_the_day(world: World) -> None:
    law = factories.regulation()
    heir = factories.regulation("7/2026/NĐ-CP", effective_on=TODAY)
    RegulationRelation.objects.create(source=heir, kind="replaces", target=law, effective_on=TODAY)
    numbers = {"s1": law.number, "s2": "9/1999/X"}  # keys of rows are their table's own: steps have the same
    rows = [{"key": key, "number": number, "issuer": "", "note": ""} for key, number in numbers.items()]
    content = factories.version(world, legal_basis=rows).content
    assert lines_of(content, TODAY - timedelta(days=1)) == [(1, law.number, []), (2, None, [])]
    assert lines_of(content, TODAY) == [(1, law.number, [heir.number]), (2, None, [])]
    parts = {part.section.key: part for part in sheet(content, TODAY)}
    assert [part.number for part in parts.values()] == ["1", "2", "4", "5.1", "5.2", "5.3", "5.4", "5.5", "6", "7"]
    assert (parts["time_limit"].days, parts["purpose"].text) == ("3", content["purpose"])
    assert all(line.act is None for line in parts["steps"].lines)
    assert sheet(factories.version(world, definitions="").content, TODAY)[2].blank
