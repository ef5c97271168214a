"""A draft that starts with the exchange made: asked for, said in its note, seen in its redline, signed as a swap."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from documents.classing import Change
from documents.models import DocumentVersion, ImpactItem, RegulationRelation
from documents.models.difference import differences, links_to
from documents.models.swapping import heirs_of, swapped_of
from documents.services.comparisons import compared
from tests import factories
from tests.documents.sittings import NEW, OLD, basis, law
from tests.people import World
from tests.workflows.screens import log_in
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed


def item_on(world: World, *rows: dict[str, str]) -> ImpactItem:
    """A confirmed item on a procedure with this legal basis."""
    law()
    cited = factories.in_force(world, legal_basis=list(rows) or basis(OLD))
    act = factories.regulation(NEW)
    campaign = factories.campaign(world, act.number)
    fresh = ImpactItem(
        campaign=campaign, document=cited.document, version=cited, agency=cited.agency, unit=cited.unit, regulation=act
    )
    return engine.fire(engine.start(fresh, "detect", by=world.phuc), "confirm", by=world.phuc)


def opened(world: World, item: ImpactItem, **answers: Any) -> DocumentVersion:
    done = engine.fire(item, "open_revision", by=world.lan, **answers)
    assert done.revision is not None
    return done.revision


def numbers(version: DocumentVersion) -> list[str]:
    return [row["number"] for row in version.content["legal_basis"]]


def test_the_draft_is_a_swap_and_says_so(world: World) -> None:
    item = item_on(world)
    draft = opened(world, item, basis="swap")
    assert numbers(draft) == [NEW]
    assert f"{OLD} → {NEW}" in draft.change_note
    assert "cần kiểm tra điều khoản" in draft.change_note
    assert differences([draft])[draft.pk].change == Change.SWAP
    assert compared(draft, item.version).basis_only
    assert draft.citations.get().regulation == factories.regulation(NEW)
    assert numbers(item.version) == [OLD]


def test_without_the_answer_nothing_is_exchanged(world: World) -> None:
    draft = opened(world, item_on(world))
    assert (numbers(draft), "→" in draft.change_note) == ([OLD], False)
    with pytest.raises(BadAnswer):
        opened(world, item_on(world), basis="yes")


def test_notes_stay_for_people_and_make_it_substance(world: World) -> None:
    row = {"key": "b1", "number": OLD, "issuer": "Bộ Tư pháp", "note": "Điều 5"}
    draft = opened(world, item_on(world, row), basis="swap")
    assert draft.content["legal_basis"] == [row | {"number": NEW, "issuer": ""}]
    assert differences([draft])[draft.pk].change == Change.SUBSTANTIVE


def test_an_heir_that_is_cited_already_leaves_one_row(world: World) -> None:
    draft = opened(world, item_on(world, *basis(OLD, factories.LAW, NEW)), basis="swap")
    assert numbers(draft) == [factories.LAW, NEW]
    assert differences([draft])[draft.pk].change == Change.SWAP
    noted = [row | {"note": "Điều 1"} for row in basis(OLD)]
    with pytest.raises(GuardFailed):
        opened(world, item_on(world, *noted, {"key": "k", "number": NEW, "issuer": "", "note": ""}), basis="swap")


def test_there_must_be_one_heir_with_a_day(world: World) -> None:
    item = item_on(world)
    other = factories.regulation("9/2021/TT-BTP", effective_on=None)
    second = RegulationRelation.objects.create(source=other, kind="replaces", target=factories.regulation(OLD))
    for _case in ("a second one without a day", "a second one"):
        with pytest.raises(GuardFailed) as refused:
            opened(world, item, basis="swap")
        assert "Không có căn cứ nào" in " ".join(refused.value.problems)
        RegulationRelation.objects.filter(pk=second.pk).update(effective_on=timezone.localdate())
    RegulationRelation.objects.filter(pk=second.pk).update(kind="guides")
    assert numbers(opened(world, item, basis="swap")) == [NEW]


def test_the_last_of_a_line_of_heirs(world: World) -> None:
    item = item_on(world)
    last = factories.regulation("7/2024/TT-BTP")
    RegulationRelation.objects.create(source=last, kind="replaces", target=factories.regulation(NEW))
    content, pairs = swapped_of(item.version)
    assert pairs == [(OLD, last.number)]
    assert content["legal_basis"][0]["key"] == "b1"
    found = heirs_of({item.version.pk: item.version.content["legal_basis"], uuid4(): []})
    assert [heir.link.through for heirs in found.values() for heir in heirs.values()] == [(NEW,)]


def test_a_cell_that_says_more_than_the_number_is_left_to_people(world: World) -> None:
    (row,) = basis(f"Điều 5 Thông tư {OLD}")
    with pytest.raises(GuardFailed):
        opened(world, item_on(world, row), basis="swap")


def test_a_draft_under_way_is_joined_as_it_is(world: World) -> None:
    item = item_on(world)
    waiting = factories.version(world, "draft", owner=item.document)
    with pytest.raises(GuardFailed) as refused:
        opened(world, item, basis="swap")
    assert "căn cứ phải đổi trong bản đó" in " ".join(refused.value.problems)
    assert opened(world, item) == waiting


def test_an_act_that_is_amended_and_not_replaced_has_no_heir(world: World) -> None:
    item = item_on(world, *basis("6/2021/TT-BTP"))
    amended = factories.regulation("6/2021/TT-BTP")
    RegulationRelation.objects.create(source=factories.regulation(NEW), kind="amends", target=amended)
    assert heirs_of({item.version.pk: item.version.content["legal_basis"]}) == {item.version.pk: {}}
    page = log_in(world.phuc).get(item.campaign.get_absolute_url())
    assert page.status_code == 200


def test_a_way_with_a_day_that_nobody_knows_leads_nowhere(world: World) -> None:
    del world
    first, middle, last = (factories.regulation(f"{n}/2020/TT-BTP", effective_on=None) for n in (1, 2, 3))
    RegulationRelation.objects.create(source=middle, kind="replaces", target=first)
    RegulationRelation.objects.create(source=last, kind="replaces", target=middle, effective_on=date(2021, 1, 1))
    assert list(links_to({first.pk})) == [(middle.pk, first.pk)]
    assert list(links_to({middle.pk})) == [(last.pk, middle.pk)]
