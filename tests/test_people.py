"""The world that is written at once is the world that was written row by row."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests import people


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every column of every row, without what the clock wrote."""
    return {
        model.__name__: list(
            model.objects.order_by("pk").values_list(
                *(field.attname for field in model._meta.concrete_fields if not getattr(field, "auto_now_add", False))
            )
        )
        for model in people.MODELS
    }


def test_the_second_world_is_the_first(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_kept", [])
    seen = []
    for _time in range(2):
        with transaction.atomic():
            world = people.build()
            world.lan.full_name = "Tên khác"
            assert world.unit("hctp").agency_id == world.unit("stp").pk
            seen.append(rows())
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert len(seen[0]["Seat"]) > len(people.HOLDERS)
