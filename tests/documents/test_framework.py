"""Framework models: published in versions, adopted, overridden, and merged three ways when the model moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from django.db import DatabaseError, transaction

from documents.models import AdoptedItem, Adoption, DocumentVersion, FrameworkModel, MergeBase, ModelItem, ModelVersion
from documents.services.frameworks import Choice, model_open, next_version, offered, standing, take
from documents.services.rolling import roll
from tests import people
from tests.documents import modelled
from tests.documents.modelled import CONTENT, item
from tests.people import World
from workflows import engine
from workflows.errors import BadAnswer, GuardFailed, NotYourTurn, SameHand, Stale
from workflows.models import Unit, UnitKind, day_of
from workflows.roles import Role

TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def _commune(world: World) -> None:
    modelled.populated(world)


def steps(**cells: str) -> list[dict[str, str]]:
    """The steps of the sample with some cells of the first written otherwise."""
    first, *others = ({**row} for row in cast("list[dict[str, str]]", CONTENT["steps"]))
    return [first | cells, *others]


def statuses(world: World, version: ModelVersion, *, after: int = 0) -> dict[str, tuple[str, bool]]:
    """How the commune stands to each item."""
    day = day_of() + timedelta(days=after)
    lines = standing(version, [world.unit("xa").pk], day)[world.unit("xa").pk]
    return {line.key: (line.status, line.behind) for line in lines}


# --- the publisher --------------------------------------------------------------------------------------------------


def test_who_wrote_a_model_does_not_publish_it(world: World) -> None:
    version = engine.fire(modelled.drafted(world), "submit", by=world.hoa)
    answers: dict[str, Any] = {"decision_no": "1", "decision_on": day_of(), "effective_from": day_of()}
    with pytest.raises(NotYourTurn):
        engine.fire(version, "publish", by=world.hoa, **answers)
    with pytest.raises(GuardFailed):
        engine.fire(version, "publish", by=world.tuan, **answers | {"effective_from": day_of() - TOMORROW})
    assert engine.fire(version, "publish", by=world.tuan, **answers).state == "published"


def test_items_are_of_the_exact_shape(world: World) -> None:
    version = modelled.drafted(world)
    bad = [item("A!"), item("x", kind="NONE"), item("x", open_parts=["nowhere"], title=""), {"key": "z"}, "row"]
    with pytest.raises(BadAnswer) as refused:
        engine.fire(version, "edit", by=world.hoa, items=bad)
    assert {"items.0.key", "items.1.kind", "items.2.key", "items.2.open_parts", "items.2.title", "items.3.code",
            "items.4"} <= set(refused.value.problems)  # fmt: skip
    assert list(version.items.values_list("key", flat=True)) == ["hs", "dg"]


def test_an_empty_model_or_item_is_not_submitted(world: World) -> None:
    version = modelled.drafted(world, item("hs"))
    engine.fire(version, "edit", by=world.hoa, items=[item("hs") | {"content": {}}])
    with pytest.raises(GuardFailed):
        engine.fire(version, "submit", by=world.hoa)


def test_a_published_version_is_frozen_by_the_database(world: World) -> None:
    version = modelled.model(world)
    row = version.items.get(key="hs")
    for write in (
        lambda: ModelItem.objects.filter(pk=row.pk).update(title="khác"),
        lambda: ModelItem.objects.filter(pk=row.pk).delete(),
        lambda: ModelItem.objects.create(version=version, key="z", position=9, kind="POLICY", code="z", content={}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_the_next_version_begins_with_the_items_of_the_last(world: World) -> None:
    version = modelled.model(world)
    fresh = next_version(version.model, by=world.hoa)
    assert [one.facts() for one in fresh.items.all()] == [one.facts() for one in version.items.all()]
    with pytest.raises(BadAnswer):
        next_version(version.model, by=world.hoa)


def test_a_model_is_seen_below_once_it_is_published_and_nowhere_else(world: World) -> None:
    draft = modelled.drafted(world)
    ba, dung = world.people["ba"], world.people["dung"]
    assert not ModelVersion.objects.visible_to(ba).exists()
    assert not FrameworkModel.objects.visible_to(ba).exists()
    version = modelled.published(world, draft, on=day_of() + TOMORROW)
    assert ModelVersion.objects.visible_to(ba).get() == version
    assert not ModelVersion.objects.visible_to(dung).exists()
    assert offered(world.unit("xa"), day_of()) == []
    assert offered(world.unit("xa"), day_of() + TOMORROW) == [(version.model, version)]
    assert offered(world.unit("stp"), day_of() + TOMORROW) == []
    assert offered(world.unit("nx"), day_of() + TOMORROW) == []


def test_a_department_writes_what_communes_beside_it_apply(world: World) -> None:
    beside = Unit.objects.create(code="XA9", name="Xã Bên Sông", kind=UnitKind.COMMUNE, parent=world.unit("tinh"))
    far = Unit.objects.create(code="XA8", name="Xã Núi Cao", kind=UnitKind.COMMUNE, parent=world.unit("nx"))
    world.people["kim"] = people.person("kim")
    people.seat(world.people["kim"], Role.ISO_SECRETARY, beside)
    place = world.unit("stp")
    draft = model_open(
        agency=place, below=world.unit("tinh"), title="M", sector="", kinds=[UnitKind.COMMUNE], by=world.hoa
    )
    version = modelled.published(world, engine.fire(draft, "edit", by=world.hoa, items=[item("hs")]))
    assert [one for _model, one in offered(beside, day_of())] == [version]
    assert offered(far, day_of()) == []
    assert ModelVersion.objects.visible_to(world.people["kim"]).get() == version
    made = Adoption(agency=beside, unit=beside, model=version.model)
    adoption = engine.start(made, "adopt", by=world.people["kim"])
    assert Adoption.objects.visible_to(world.hoa).get() == adoption  # who wrote the model
    assert not Adoption.objects.visible_to(world.people["ba"]).exists()
    assert not Adoption.objects.visible_to(world.dung).exists()
    assert set(roll(version, world.hoa, day_of()).agencies) == {world.unit("xa"), beside}
    assert roll(version, world.people["ba"], day_of()).agencies == [world.unit("xa")]


# --- adopting -------------------------------------------------------------------------------------------------------


def test_adopting_an_item_opens_a_draft_and_puts_nothing_in_force(world: World) -> None:
    version = modelled.model(world)
    one = modelled.taken(world, version)
    draft = one.document.versions.get()
    assert (draft.state, draft.content, one.document.code) == ("draft", dict(CONTENT), "QT-hs.XA1")
    assert statuses(world, version) == {"hs": ("drafting", False), "dg": ("gap", False)}


def test_an_item_is_drafted_by_who_drafts_such_documents(world: World) -> None:
    version = modelled.model(world, item("tthc", kind="TTHC_PROC"), item("hs"))
    with pytest.raises(GuardFailed):
        modelled.taken(world, version, "tthc")  # the secretary drafts system documents only
    assert modelled.taken(world, version, "tthc", by="xuan").unit == world.unit("xa")
    adoption = Adoption.objects.get()
    row = version.items.get(key="hs")
    with pytest.raises(NotYourTurn):
        take(adoption, [Choice(row, world.unit("xa"))], by=world.lan)
    assert AdoptedItem.objects.count() == 1


def test_items_are_taken_all_or_none(world: World) -> None:
    version = modelled.model(world)
    modelled.taken(world, version, "hs")
    rows = list(version.items.order_by("-position"))
    with pytest.raises(GuardFailed) as refused:
        take(
            Adoption.objects.get(),
            [Choice(row, world.unit("xa"), code=f"C{row.key}") for row in rows],
            by=world.people["ba"],
        )
    assert set(refused.value.problems) == {"hs"}
    assert set(AdoptedItem.objects.values_list("key", flat=True)) == {"hs"}
    assert not DocumentVersion.objects.filter(document__code="Cdg").exists()


def test_a_model_is_adopted_once_and_only_where_it_is_meant_for(world: World) -> None:
    version = modelled.model(world)
    modelled.adopted(world, version)
    with pytest.raises(GuardFailed):
        modelled.adopted(world, version)
    place = world.unit("stp")
    with pytest.raises(GuardFailed):
        engine.start(Adoption(agency=place, unit=place, model=version.model), "adopt", by=world.hoa)


def test_a_difference_is_an_override_where_the_model_lets_it_and_drift_elsewhere(world: World) -> None:
    version = modelled.model(world, item("hs", open_parts=["steps.responsible", "fee"]), item("dg"), item("nc"))
    changed = steps(responsible="Văn phòng xã")
    modelled.linked(world, version, "hs", steps=changed, fee="10.000 đồng")
    modelled.linked(world, version, "dg", steps=changed)
    modelled.linked(world, version, "nc")
    assert statuses(world, version) == {
        "hs": ("overridden", False),
        "dg": ("drifted", False),
        "nc": ("same", False),
    }
    rolled = roll(version, world.hoa, day_of())
    assert rolled.tally == {"all": 1, "adopted": 1, "behind": 0, "drifted": 1, "gap": 0}
    assert rolled.chosen("dg", "drifted") == [world.unit("xa")]
    assert rolled.chosen("hs", "drifted") == []


# --- the model moves ------------------------------------------------------------------------------------------------


def test_a_new_version_gives_each_adopter_a_dated_task_on_its_day(world: World) -> None:
    version = modelled.model(world, item("hs"))
    one = modelled.linked(world, version)
    modelled.moved(world, version, item("hs", parts={"purpose": "Mục đích mới."}))
    assert modelled.tick() == {}
    done = modelled.tick(modelled.tomorrow())
    assert done == {"model_version.supersede": 1, "adoption.fall_behind": 1}
    adoption = Adoption.objects.get(pk=one.adoption_id)
    assert adoption.state == "behind"
    assert adoption.due_on is not None
    assert Adoption.objects.waiting_on(world.people["ba"].seats_held()).get() == adoption
    assert not Adoption.objects.waiting_on(world.hoa.seats_held()).exists()
    assert modelled.tick(modelled.tomorrow()) == {}


def two_sided(world: World) -> tuple[AdoptedItem, ModelItem]:
    """The commune changed who receives; the model changed the purpose, the same cell, and added a step."""
    version = modelled.model(world, item("hs", open_parts=["steps.responsible"]))
    one = modelled.linked(world, version, steps=steps(responsible="Văn phòng xã"))
    added = {"key": "s9", "name": "Lưu", "responsible": "Văn thư", "time": "", "form": ""}
    parts = {"purpose": "Mục đích mới.", "steps": [*steps(responsible="Trung tâm"), added]}
    fresh = modelled.moved(world, version, item("hs", open_parts=["steps.responsible"], parts=parts))
    modelled.tick(modelled.tomorrow())
    return AdoptedItem.objects.select_related("adoption__model", "document").get(pk=one.pk), fresh.items.get(key="hs")


def test_no_conflict_is_decided_silently(world: World) -> None:
    one, target = two_sided(world)
    with pytest.raises(GuardFailed) as refused:
        modelled.upgrade(world, one, target)
    assert refused.value.problems == ["Chưa quyết định: Các bước thực hiện, bước 1, trách nhiệm."]
    for bad in (
        {"steps.s1.responsible": "mine"},
        {"steps.s1.responsible": {"take": "both"}},
        {"nowhere": {"take": "mine"}},
    ):
        joined = one.joined(target)
        assert joined is not None
        with pytest.raises(GuardFailed):
            engine.fire(
                one, "merge", by=world.people["ba"], now=modelled.tomorrow(), target=str(target.pk), seen=joined.seen,
                decisions=bad,
            )  # fmt: skip
    assert one.document.versions.count() == 1


@pytest.mark.parametrize(("taken", "who"), [("mine", "Văn phòng xã"), ("theirs", "Trung tâm")])
def test_the_outcome_is_a_draft_with_both_sides(world: World, taken: str, who: str) -> None:
    one, target = two_sided(world)
    done = modelled.upgrade(world, one, target, steps__s1__responsible=taken)
    draft = one.document.versions.get(state="draft")
    assert draft.content["purpose"] == "Mục đích mới."
    assert [row["responsible"] for row in draft.content["steps"]] == [who, "Chuyên viên", "Văn thư"]
    assert (draft.revision_no, draft.wanted_by, draft.created_by) == (1, one.adoption.due_on, world.people["ba"])
    assert done.row_version == 2
    assert statuses(world, target.version, after=1) == {"hs": ("overridden", False)}
    assert modelled.tick(modelled.tomorrow()) == {"adoption.settle": 1}


def test_an_abandoned_draft_leaves_the_item_behind_as_before(world: World) -> None:
    one, target = two_sided(world)
    modelled.upgrade(world, one, target, steps__s1__responsible="mine")
    modelled.tick(modelled.tomorrow())
    draft = one.document.versions.get(state="draft")
    with pytest.raises(NotYourTurn):
        engine.fire(draft, "abandon", by=world.people["ba"], note="Không làm nữa")
    engine.fire(draft, "abandon", by=world.xuan, note="Không làm nữa")
    assert statuses(world, target.version, after=1)["hs"] == ("overridden", True)
    joined = AdoptedItem.objects.get(pk=one.pk).joined(target)
    assert joined is not None
    assert [each.name for each in joined.conflicts] == ["steps.s1.responsible"]


def test_a_text_that_changed_meanwhile_is_not_overwritten(world: World) -> None:
    one, target = two_sided(world)
    modelled.upgrade(world, one, target, steps__s1__responsible="mine")
    fresh = AdoptedItem.objects.select_related("adoption__model", "document").get(pk=one.pk)
    joined = fresh.joined(target)
    assert joined is not None
    draft = one.document.versions.get(state="draft")
    engine.fire(draft, "edit", by=world.people["ba"], content=draft.content | {"fee": "Khác"})
    with pytest.raises(Stale):
        engine.fire(
            fresh,
            "merge",
            by=world.people["ba"],
            now=modelled.tomorrow(),
            target=str(target.pk),
            seen=joined.seen,
            decisions={},
        )
    with pytest.raises(Stale):
        engine.fire(
            one, "merge", by=world.people["ba"], now=modelled.tomorrow(), expected=one.row_version,
            target=str(target.pk), seen=joined.seen, decisions={},
        )  # fmt: skip


def test_an_item_that_the_model_drops_is_kept_or_left_by_decision(world: World) -> None:
    version = modelled.model(world)
    hs, dg = modelled.linked(world, version, "hs"), modelled.linked(world, version, "dg")
    with pytest.raises(GuardFailed):
        engine.fire(dg, "keep", by=world.people["ba"], note="Vẫn cần")
    fresh = modelled.moved(world, version, item("hs"), item("moi"))
    now = modelled.tomorrow()
    assert modelled.tick(now)["adoption.fall_behind"] == 1
    assert statuses(world, fresh, after=1) == {
        "hs": ("same", False), "moi": ("gap", False), "dg": ("same", True),
    }  # fmt: skip
    with pytest.raises(GuardFailed) as refused:
        engine.fire(Adoption.objects.get(), "settle", by=world.people["ba"], now=now)
    assert len(refused.value.problems) == 2
    engine.fire(dg, "keep", by=world.people["ba"], note="Vẫn cần", now=now)
    row = fresh.items.get(key="moi")
    take(Adoption.objects.get(), [Choice(row, world.unit("xa"))], by=world.people["ba"], now=now)
    assert modelled.tick(now) == {"adoption.settle": 1}
    assert statuses(world, fresh, after=1)["dg"] == ("kept", False)
    assert hs.document.versions.count() == 1


def test_leaving_a_model_frees_the_documents_and_keeps_them(world: World) -> None:
    version = modelled.model(world)
    one = modelled.linked(world, version)
    engine.fire(one.adoption, "leave", by=world.people["dao"], note="Theo mô hình của bộ")
    assert AdoptedItem.objects.get().state == "dropped"
    assert one.document.versions.get().state == "effective"
    assert roll(version, world.hoa, day_of()).tally["adopted"] == 0
    modelled.adopted(world, version)


def test_what_a_text_was_merged_from_is_written_once(world: World) -> None:
    modelled.taken(world, modelled.model(world))
    with pytest.raises(DatabaseError), transaction.atomic():
        MergeBase.objects.all().delete()


def test_separate_hands(world: World) -> None:
    version = modelled.drafted(world)
    world.hoa.seats_held()
    engine.fire(version, "submit", by=world.hoa)
    people.seat(world.hoa, "steering_head", world.unit("stp"))
    del world.hoa.__dict__["_seats_by_day"]
    with pytest.raises(SameHand):
        engine.fire(version, "publish", by=world.hoa, decision_no="1", decision_on=day_of(), effective_from=day_of())
