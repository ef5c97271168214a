"""Two people upgrade the same item of a framework model at once: one draft, and the other is told."""

from __future__ import annotations

from typing import Any

import pytest

from documents.models import AdoptedItem
from tests.documents import modelled
from tests.documents.modelled import item
from tests.documents.test_framework import steps
from tests.people import World
from tests.races.test_races import at_once, town, won
from workflows import engine

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

__all__ = ["town"]
ROUNDS = 8


def test_two_upgrade_one_item(town: World) -> None:
    version = modelled.model(modelled.populated(town), *(item(f"m{n}") for n in range(ROUNDS)))
    rows = [modelled.linked(town, version, f"m{n}", steps=steps(responsible="Văn phòng xã")) for n in range(ROUNDS)]
    parts = {"purpose": "Mục đích mới."}
    fresh = modelled.moved(town, version, *(item(f"m{n}", parts=parts) for n in range(ROUNDS)))
    for one in rows:
        found = AdoptedItem.objects.select_related("adoption__model", "document").get(pk=one.pk)
        target = fresh.items.get(key=one.key)
        joined = found.joined(target)
        assert joined is not None
        given: dict[str, Any] = {"target": str(target.pk), "seen": joined.seen, "decisions": {}}

        def merge(by: Any, found: AdoptedItem = found, given: dict[str, Any] = given) -> Any:
            now = modelled.tomorrow()
            return engine.fire(found, "merge", by=by, expected=found.row_version, now=now, **given)

        results = at_once(*[lambda by=by: merge(by) for by in (town.people["ba"], town.people["ba"], town.xuan)])
        assert len(won(results)) == 1
        assert found.document.versions.filter(state="draft").count() == 1
        assert found.bases.count() == 2
