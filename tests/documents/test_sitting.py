"""Many signatures in one sitting, each through the door: what is shown, what is refused, what the ledger keeps."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from documents.classing import Change
from documents.models import DocumentVersion, RegulationRelation
from documents.models.difference import differences
from documents.services.sitting import Outcome, sitting_lines, sitting_open, sitting_sign
from tests import factories, people
from tests.documents.sittings import (
    NEW,
    OLD,
    SINCE,
    SUBSTANCE,
    SWAPPED,
    WRITING,
    basis,
    campaign_of,
    chosen,
    items,
    revisions,
)
from tests.people import World
from tests.workflows.screens import statements
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed, NotVisible
from workflows.models import Move, User
from workflows.roles import Role


def states(*versions: DocumentVersion) -> list[str]:
    return [DocumentVersion.objects.get(pk=one.pk).state for one in versions]


def refusals(outcome: Outcome) -> dict[Any, str]:
    return {version.pk: f"{error.code} {' '.join(map(str, error.problems))}" for version, error in outcome.refused}


def evidence(version: DocumentVersion, action: str) -> Any:
    return json.loads(Move.objects.get(stream=version.pk, action=action).body)["evidence"]


def test_the_classes_and_the_exchange_with_its_day(world: World) -> None:
    campaign = campaign_of(world, SWAPPED, WRITING, SUBSTANCE)
    lines = sitting_lines(campaign, world.tuan)
    assert [line.difference.change for line in lines] == [Change.SWAP, Change.EDITORIAL, Change.SUBSTANTIVE]
    assert [line.may_tick for line in lines] == [True, False, False]
    (swap,) = lines[0].difference.verdict.swaps
    assert swap.old is not None
    assert swap.new is not None
    assert (swap.old["number"], swap.new["number"], swap.link.kind, swap.link.since) == (OLD, NEW, "replaces", SINCE)
    assert lines[2].difference.hard == "Phí, lệ phí"
    assert {line.step.action for line in lines} == {"approve"}


def test_only_what_waits_on_the_person_and_of_this_campaign(world: World) -> None:
    campaign = campaign_of(world, SWAPPED)
    factories.version(world, "pending_approval")  # of no campaign
    for name in ("quang", "minh", "hoa", "lan", "phuc", "van", "dung", "cao", "root", "xuan"):
        assert sitting_lines(campaign, world.people[name]) == [], name
    assert [line.version for line in sitting_lines(campaign, world.tuan)] == revisions(campaign)


def test_each_is_signed_with_its_own_evidence(world: World) -> None:
    campaign = campaign_of(world, SWAPPED, SWAPPED, WRITING, SUBSTANCE)
    first, second, writing, substance = revisions(campaign)
    shown = [chosen(first), chosen(second), chosen(writing, world.tuan)]
    outcome = sitting_sign(campaign=campaign, by=world.tuan, chosen=shown, note="Đồng ý")
    assert (len(outcome.done), outcome.refused) == (3, [])
    assert states(first, second, writing, substance) == ["approved", "approved", "approved", "pending_approval"]
    kept = [evidence(one, "approve")["sitting"] for one in (first, second, writing)]
    assert [(one["class"], one["size"], one["id"]) for one in kept] == [
        (name, 3, str(outcome.id)) for name in ("swap", "swap", "editorial")
    ]
    assert [one["difference"] for one in kept] == [one.difference for one in shown]
    assert [one["opened"] is None for one in kept] == [True, True, False]
    assert kept[0]["base"] == items(campaign)[0].version.content_sha256
    assert Move.objects.get(stream=first.pk, action="approve").note == "Đồng ý"


def test_substance_is_refused_whatever_is_posted(world: World) -> None:
    campaign = campaign_of(world, SWAPPED, SUBSTANCE)
    swap, substance = revisions(campaign)
    posted = chosen(substance, world.tuan)
    for one in (posted, replace(posted, difference=chosen(swap).difference)):
        outcome = sitting_sign(campaign=campaign, by=world.tuan, chosen=[one])
        assert "phải mở riêng" in refusals(outcome)[substance.pk]
    given = {"id": str(uuid4()), "size": 1, "difference": posted.difference, "opened": posted.opened}
    with pytest.raises(GuardFailed):
        engine.fire(substance, "approve", by=world.tuan, sitting=given)
    assert states(swap, substance) == ["pending_approval", "pending_approval"]
    assert "sitting" not in evidence(engine.fire(substance, "approve", by=world.tuan), "approve")


def test_writing_is_refused_until_this_person_opened_this_difference(world: World) -> None:
    campaign = campaign_of(world, WRITING, WRITING)
    one, other = revisions(campaign)
    proofs = {
        "none": "",
        "forged": "x",
        "of another person": chosen(one, world.quang).opened,
        "of another version": chosen(other, world.tuan).opened,
    }
    for name, proof in proofs.items():
        outcome = sitting_sign(campaign=campaign, by=world.tuan, chosen=[replace(chosen(one), opened=proof)])
        assert "Chưa mở xem" in refusals(outcome)[one.pk], name
    assert states(one) == ["pending_approval"]
    _shown, proof = sitting_open(campaign, world.tuan, one.pk)
    assert [line.may_tick for line in sitting_lines(campaign, world.tuan, opened={str(one.pk): proof})] == [True, False]
    assert sitting_sign(campaign=campaign, by=world.tuan, chosen=[replace(chosen(one), opened=proof)]).done


def test_what_changed_since_it_was_shown_is_refused_and_the_others_go_on(world: World) -> None:
    campaign = campaign_of(world, SWAPPED, SWAPPED, SWAPPED, SWAPPED)
    fine, recalled, returned, base = revisions(campaign)
    shown = [chosen(one) for one in (fine, recalled, returned, base)]
    engine.fire(recalled, "recall", by=world.lan, note="Sửa thêm")
    back = engine.fire(returned, "return", by=world.tuan, note="Sửa phí")
    back = engine.fire(back, "edit", by=world.lan, content=factories.content(**SUBSTANCE))
    for action, name in (("submit", "lan"), ("agree", "minh"), ("pass", "hoa"), ("agree", "quang")):
        back = engine.fire(back, action, by=world.people[name])
    wrong = replace(shown[3], difference="0" * 64)
    outcome = sitting_sign(campaign=campaign, by=world.tuan, chosen=[*shown[:3], wrong])
    assert [one.pk for one in outcome.done] == [fine.pk]
    found = refusals(outcome)
    assert [found[recalled.pk], found[returned.pk]] == ["stale ", "stale "]
    assert "đã thay đổi sau khi hiển thị" in found[base.pk]
    assert states(fine, recalled, returned, base) == ["approved", "draft", "pending_approval", "pending_approval"]


def test_a_register_that_says_so_no_more_ends_the_swap(world: World) -> None:
    campaign = campaign_of(world, SWAPPED)
    (version,) = revisions(campaign)
    shown = chosen(version)
    RegulationRelation.objects.update(kind="guides")
    outcome = sitting_sign(campaign=campaign, by=world.tuan, chosen=[shown])
    assert "Căn cứ pháp lý" in refusals(outcome)[version.pk]
    assert states(version) == ["pending_approval"]


def test_duties_stay_apart_and_other_roles_are_refused(world: World) -> None:
    campaign = campaign_of(world, SWAPPED)
    (version,) = revisions(campaign)
    for name in ("quang", "minh", "hoa", "lan"):
        outcome = sitting_sign(campaign=campaign, by=world.people[name], chosen=[chosen(version)])
        assert refusals(outcome)[version.pk].startswith("not_your_turn"), name
    people.seat(world.quang, Role.STEERING_HEAD, world.unit("stp"))
    (line,) = sitting_lines(campaign, User.objects.get(pk=world.quang.pk))
    assert not line.may_tick
    assert "Bạn đã thực hiện bước" in line.refusal
    outcome = sitting_sign(campaign=campaign, by=world.quang, chosen=[chosen(version)])
    assert refusals(outcome)[version.pk].startswith("same_hand")
    assert states(version) == ["pending_approval"]


@pytest.mark.parametrize(
    ("state", "name", "action", "then"),
    [
        ("unit_review", "minh", "agree", "iso_check"),
        ("iso_check", "hoa", "pass", "leader_review"),
        ("leader_review", "quang", "agree", "pending_approval"),
    ],
)
def test_earlier_reviewers_sit_as_well(world: World, state: str, name: str, action: str, then: str) -> None:
    campaign = campaign_of(world, SWAPPED, SUBSTANCE, state=state)
    swap, substance = revisions(campaign)
    by = world.people[name]
    assert [line.step.action for line in sitting_lines(campaign, by)] == [action, action]
    assert sitting_lines(campaign, world.tuan) == []
    outcome = sitting_sign(campaign=campaign, by=by, chosen=[chosen(swap), chosen(substance)])
    assert states(swap, substance) == [then, state]
    assert list(refusals(outcome)) == [substance.pk]
    move = Move.objects.filter(stream=swap.pk, action=action).latest("seq")
    assert json.loads(move.body)["evidence"]["sitting"]["class"] == "swap"


def test_nothing_twice_or_a_stranger_s(world: World) -> None:
    campaign = campaign_of(world, SWAPPED)
    (version,) = revisions(campaign)
    other = factories.version(world, "pending_approval")
    for wrong in ([], [chosen(version)] * 2):
        with pytest.raises(BadAnswer):
            sitting_sign(campaign=campaign, by=world.tuan, chosen=wrong)
    with pytest.raises(NotVisible):
        sitting_sign(campaign=campaign, by=world.dung, chosen=[chosen(version)])
    outcome = sitting_sign(campaign=campaign, by=world.tuan, chosen=[chosen(other)])
    assert refusals(outcome)[other.pk].startswith("stale")
    for who in (world.dung, world.root):
        with pytest.raises(NotVisible):
            sitting_open(campaign, who, version.pk)
    with pytest.raises(NotVisible):
        sitting_open(campaign, world.tuan, other.pk)
    assert states(version, other) == ["pending_approval", "pending_approval"]


@pytest.mark.parametrize(
    "wrong",
    [
        "x",
        {},
        {"id": "x"},
        {"size": 0},
        {"size": True},
        {"size": 501},
        {"size": "1"},
        {"difference": "ab"},
        {"difference": None},
        {"opened": 3},
        {"class": "swap"},
    ],
)
def test_an_answer_that_is_none(world: World, wrong: Any) -> None:
    campaign = campaign_of(world, SWAPPED)
    (version,) = revisions(campaign)
    good = {"id": str(uuid4()), "size": 1, "difference": chosen(version).difference}
    given = {**good, **wrong} if isinstance(wrong, dict) and wrong else wrong
    with pytest.raises(BadAnswer) as refused:
        engine.fire(version, "approve", by=world.tuan, sitting=given or {"size": 1})
    assert "sitting" in refused.value.problems
    assert states(version) == ["pending_approval"]


def test_against_the_version_in_force_and_not_the_one_it_followed(world: World) -> None:
    campaign = campaign_of(world, SUBSTANCE)
    (version,) = revisions(campaign)
    base = differences([version])[version.pk].base
    assert base == items(campaign)[0].version
    engine.fire(base, "withdraw", by=world.tuan, **factories.answers("withdraw"))
    assert differences([version])[version.pk].base == base  # what it followed


def test_an_heir_of_an_heir_counts_with_the_first_day(world: World) -> None:
    last = factories.regulation("7/2024/TT-BTP")
    campaign = campaign_of(world, {"legal_basis": basis(last.number)})
    (version,) = revisions(campaign)
    assert differences([version])[version.pk].change == Change.SUBSTANTIVE
    middle = factories.regulation(NEW)
    relation = RegulationRelation.objects.create(source=last, kind="replaces", target=middle)
    (swap,) = differences([version])[version.pk].verdict.swaps
    assert (swap.link.through, swap.link.since) == ((NEW,), SINCE)
    RegulationRelation.objects.filter(pk=relation.pk).update(kind="amends")
    assert differences([version])[version.pk].change == Change.SUBSTANTIVE


def test_statements_do_not_grow_with_the_versions(world: World) -> None:
    counted = []
    for number in (1, 6):
        campaign = campaign_of(world, *[SWAPPED] * number)
        with statements() as found:
            assert len(sitting_lines(campaign, User.objects.get(pk=world.tuan.pk))) >= number
        counted.append(len(found))
    assert counted[0] == counted[1]
    assert counted[1] <= 10
