"""For whom a model is meant, and a document that is under way when its model moves."""

from __future__ import annotations

import copy
from typing import cast

import pytest

from documents.content import Content
from documents.models.version import open_version
from tests.documents import modelled
from tests.people import World
from workflows import engine
from workflows.errors import GuardFailed
from workflows.models import Unit, UnitKind

pytestmark = pytest.mark.once


def test_a_model_is_for_the_kinds_it_names_within_its_reach_and_not_for_its_owner(world: World) -> None:
    model = modelled.model(world).model
    stp = world.unit("stp")
    branch = Unit.objects.create(code="CC1", name="Chi cục", kind=UnitKind.SUB_DEPARTMENT, parent=stp)
    twin = Unit.objects.create(code="XZ1", name="Xã khác", kind=UnitKind.COMMUNE, parent=world.unit("nx"))
    found = {name: model.is_for(one) for name, one in (("xa", world.unit("xa")), ("cc", branch), ("xz", twin))}
    assert found == {"xa": True, "cc": False, "xz": False}
    model.kinds = [*model.kinds, UnitKind.SUB_DEPARTMENT, UnitKind.DEPARTMENT]
    assert (model.is_for(branch), model.is_for(stp)) == (True, False)


def test_an_item_is_not_merged_into_a_text_that_waits_for_somebody(world: World) -> None:
    modelled.populated(world)
    version = modelled.model(world)
    one = modelled.linked(world, version)
    content = cast("Content", copy.deepcopy(dict(modelled.CONTENT)) | {"scope": "Phạm vi đang soạn."})
    draft = open_version(one.document, by=world.xuan, content=content)
    waiting = engine.fire(draft, "submit", by=world.xuan)
    fresh = modelled.moved(world, version, modelled.item("hs", parts={"purpose": "Mục đích mới."}))
    target = fresh.items.get(key="hs")
    with pytest.raises(GuardFailed) as refused:
        modelled.upgrade(world, one, target)
    assert "Tài liệu có một bản đang trình duyệt" in " ".join(refused.value.problems)
    assert waiting.state == "unit_review"
