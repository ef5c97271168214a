"""Issuing: the dates that a decision may have, its number, and what the ledger pins."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from documents.models import Document, DocumentVersion, Register, RegulationRelation, open_version, take_number
from documents.provisions import stored
from documents.services.early import early_acts
from tests import factories
from tests.people import World
from tests.workflows.screens import log_in
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed, WorkflowError
from workflows.models import Move

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=timezone.get_default_timezone())
TODAY = NOW.date()
PAST, FUTURE, OTHER = "Ngày quyết định", "Ngày có hiệu lực", "Đã có phiên bản khác"


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def approved(world: World, owner: Document | None = None) -> DocumentVersion:
    return factories.version(world, "approved", owner=owner)


def issue(world: World, version: DocumentVersion, signed: int = 0, begins: int = 0, **more: Any) -> DocumentVersion:
    given = {"decision_on": day(signed), "effective_from": day(begins), **more}
    return engine.fire(version, "issue", by=world.van, now=NOW, **given)


@pytest.mark.parametrize(("signed", "begins"), [(0, 0), (-3, 0), (0, 30), (-3, 1)])
def test_dates_that_a_decision_may_have(world: World, signed: int, begins: int) -> None:
    done = issue(world, approved(world), signed, begins)
    assert (done.state, done.decision_on, done.effective_from) == ("issued", day(signed), day(begins))
    assert done.effective_to is None


@pytest.mark.parametrize(
    ("signed", "begins", "found"),
    [(1, 1, [PAST]), (0, -1, [FUTURE]), (-3, -1, [FUTURE]), (-3, -4, [FUTURE]), (2, 1, [PAST, FUTURE])],
)
def test_dates_that_it_may_not_have(world: World, signed: int, begins: int, found: list[str]) -> None:
    version = approved(world)
    with pytest.raises(GuardFailed) as refused:
        issue(world, version, signed, begins)
    assert all(str(text).startswith(start) for text, start in zip(refused.value.problems, found, strict=True))
    again = DocumentVersion.objects.get(pk=version.pk)
    assert (again.state, again.decision_no, again.effective_from) == ("approved", "", None)


@pytest.mark.parametrize("missing", ["decision_on", "effective_from"])
def test_both_dates_are_required(world: World, missing: str) -> None:
    version = approved(world)
    given: dict[str, Any] = {"decision_on": TODAY, "effective_from": TODAY, missing: None}
    with pytest.raises(BadAnswer) as refused:
        engine.fire(version, "issue", by=world.van, now=NOW, **given)
    assert list(refused.value.problems) == [missing]


@pytest.mark.parametrize(("begins", "may"), [(4, False), (5, False), (6, True)])
def test_it_begins_after_every_version_that_waits(world: World, begins: int, may: bool) -> None:
    waits = issue(world, approved(world), begins=5)
    issue(world, approved(world), begins=200)  # of another document: no matter
    later = approved(world, waits.document)
    if may:
        assert issue(world, later, begins=begins).state == "issued"
        return
    with pytest.raises(GuardFailed) as refused:
        issue(world, later, begins=begins)
    assert [str(text)[: len(OTHER)] for text in refused.value.problems] == [OTHER]


@pytest.mark.parametrize("state", ["effective", "withdrawn"])
def test_it_begins_after_a_version_that_was_in_force(world: World, state: str) -> None:
    first = engine.fire(issue(world, approved(world)), "effect", by=None, now=NOW)
    if state == "withdrawn":
        engine.fire(first, "withdraw", by=world.tuan, now=NOW, **factories.answers("withdraw"))
    later = approved(world, first.document)
    with pytest.raises(GuardFailed):
        issue(world, later)
    assert issue(world, later, begins=1).state == "issued"


def test_an_empty_number_is_the_next_of_the_agencys_register(world: World) -> None:
    found = [issue(world, approved(world)).decision_no for _round in range(3)]
    assert found == ["01/QĐ-STP", "02/QĐ-STP", "03/QĐ-STP"]
    assert issue(world, approved(world), decision_no="77/QĐ-STP").decision_no == "77/QĐ-STP"
    assert issue(world, approved(world)).decision_no == "04/QĐ-STP", "a number given by hand takes none"


def test_units_of_an_agency_share_its_register(world: World) -> None:
    version = open_version(factories.document(world, "bttp"), by=world.mai, content=factories.content())
    factories.regulation()
    for action, name in (
        ("submit", "mai"),
        ("agree", "hung"),
        ("pass", "hoa"),
        ("agree", "quang"),
        ("approve", "tuan"),
    ):
        version = engine.fire(version, action, by=world.people[name])
    found = [issue(world, approved(world)), issue(world, version), issue(world, approved(world))]
    assert [done.decision_no for done in found] == ["01/QĐ-STP", "02/QĐ-STP", "03/QĐ-STP"]


def test_the_number_is_of_the_year_in_which_it_was_signed(world: World) -> None:
    issue(world, approved(world))
    assert issue(world, approved(world), signed=-90).decision_no == "01/QĐ-STP"
    assert dict(Register.objects.values_list("year", "last")) == {2025: 1, 2026: 1}


def test_each_agency_register_and_year_counts_for_itself_without_gap(world: World) -> None:
    stp, nx = world.unit("stp").pk, world.unit("nx").pk
    assert [take_number(stp, "decision", TODAY) for _round in range(3)] == [1, 2, 3]
    assert take_number(nx, "decision", TODAY) == 1
    assert take_number(stp, "letter", TODAY) == 1
    assert take_number(stp, "decision", date(2027, 1, 1)) == 1
    assert take_number(stp, "decision", date(2026, 12, 31)) == 4
    assert Register.objects.count() == 4


def test_the_ledger_pins_number_dates_and_content(world: World) -> None:
    done = issue(world, approved(world), signed=-1, begins=10)
    evidence = json.loads(Move.objects.get(stream=done.pk, seq=done.row_version).body)["evidence"]
    assert evidence == {
        "document": str(done.document_id),
        "version": "01/00",
        "content_sha256": done.content_sha256,
        "decision_no": "01/QĐ-STP",
        "effective_from": "2026-03-26",
        "effective_to": None,
    }


def test_a_withdrawal_has_a_decision_of_its_own_and_ends_the_version_that_day(world: World) -> None:
    first = engine.fire(issue(world, approved(world)), "effect", by=None, now=NOW)
    gone = engine.fire(first, "withdraw", by=world.tuan, now=NOW, decision_no="99/QĐ-STP", note="Luật bãi bỏ")
    again = DocumentVersion.objects.get(pk=gone.pk)
    assert (again.decision_no, again.withdrawal_no, again.effective_to) == ("01/QĐ-STP", "99/QĐ-STP", TODAY)
    evidence = json.loads(Move.objects.get(stream=gone.pk, seq=gone.row_version).body)["evidence"]
    assert evidence["effective_to"] == "2026-03-16"


def basis(number: str, note: str = "") -> list[dict[str, str]]:
    return [{"key": "b1", "number": number, "issuer": "", "note": note}]


def resting_on(world: World, number: str, note: str = "") -> DocumentVersion:
    """An approved version, signed while the act that it rests on lived."""
    factories.regulation(number)
    return factories.version(world, "approved", legal_basis=basis(number, note))


def repealed(number: str, since: date, parts: str = "") -> None:
    """Let an act, or an article of it, be repealed from a day on."""
    source = factories.regulation("18/2026/NĐ-CP", effective_on=since)
    kind = "repeals_part" if parts else "replaces"
    RegulationRelation.objects.create(
        source=source, kind=kind, target=factories.regulation(number), provisions=stored([parts] if parts else [])
    )


def test_the_basis_is_judged_on_the_first_day_and_not_on_that_of_the_signature(world: World) -> None:
    version = resting_on(world, "15/2015/TT-BTP")
    repealed("15/2015/TT-BTP", day(20))
    with pytest.raises(GuardFailed) as refused:
        issue(world, version, begins=20)
    assert [str(one) for one in refused.value.problems] == [
        f"Vào ngày có hiệu lực {day(20):%d/%m/%Y}: Căn cứ 15/2015/TT-BTP đã hết hiệu lực; được thay bằng 18/2026/NĐ-CP."
    ]
    assert DocumentVersion.objects.get(pk=version.pk).state == "approved"
    assert issue(world, version, begins=19).state == "issued", "it still lives on that first day"


def test_a_part_of_the_basis_that_is_repealed_by_the_first_day_bars_as_well(world: World) -> None:
    version, other = (resting_on(world, "15/2015/TT-BTP", note) for note in ("Điều 5", "Điều 6"))
    repealed("15/2015/TT-BTP", day(20), "5")
    with pytest.raises(GuardFailed) as refused:
        issue(world, version, begins=20)
    assert "đã bị bãi bỏ" in " ".join(map(str, refused.value.problems))
    assert issue(world, other, begins=20).state == "issued"


def test_a_basis_that_is_not_in_force_by_the_first_day_is_named_on_the_page(world: World) -> None:
    today = timezone.localdate()
    begins = today + timedelta(days=20)
    factories.regulation("18/2026/NĐ-CP", effective_on=begins)
    version = factories.version(world, "approved", legal_basis=basis("18/2026/NĐ-CP"))
    said = f"Căn cứ 18/2026/NĐ-CP đến ngày {begins:%d/%m/%Y} mới có hiệu lực."
    client = log_in(world.van)
    assert said in client.get(version.get_absolute_url()).content.decode()
    engine.fire(version, "issue", by=world.van, decision_on=today, effective_from=begins)
    assert said not in client.get(version.get_absolute_url()).content.decode()
    assert early_acts(version.content["legal_basis"], begins - timedelta(days=1)) == [said]


def test_what_may_not_be_issued_any_more_goes_back_to_the_drafter(world: World) -> None:
    version = resting_on(world, "15/2015/TT-BTP")
    repealed("15/2015/TT-BTP", TODAY)
    with pytest.raises(GuardFailed):
        issue(world, version)
    for person in (world.lan, world.tuan, world.phuc):
        with pytest.raises(WorkflowError):
            engine.fire(version, "return", by=person, note="Căn cứ đã hết hiệu lực")
    back = engine.fire(version, "return", by=world.van, note="Căn cứ đã hết hiệu lực")
    assert back.state == "draft"
    changed = engine.fire(back, "edit", by=world.lan, content=factories.content(legal_basis=basis("18/2026/NĐ-CP")))
    assert changed.content["legal_basis"][0]["number"] == "18/2026/NĐ-CP"
