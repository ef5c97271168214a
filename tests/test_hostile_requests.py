"""Letters and numbers that no form of ours sends: a sentence or an empty answer, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from capa.sheets import decimal
from tests.documents import published
from tests.people import World
from tests.workflows.screens import log_in

NUL = "\0"


@pytest.mark.parametrize("raw", ["1e30", "9e999999", 1e30, "-1e40", "sNaN", "1e-30", "0,1"])
def test_points_are_no_astronomy(raw: Any) -> None:
    found: dict[str, str] = {}
    assert decimal("points", raw, found) == 0
    assert list(found) == ["points"]


@pytest.mark.parametrize("like", ["abc", NUL, "9" * 40])
def test_a_table_of_points_like_none(world: World, like: str) -> None:
    assert log_in(world.cao).get(reverse("capa:scoring_template_new"), {"like": like}).status_code == 404


def test_the_public_site_is_asked_for_letters_that_no_text_has(world: World) -> None:
    published.publication(world)
    code = world.unit("stp").code
    client = Client()
    assert client.get(f"/p/%00{code}/").status_code == 404
    published.forget()
    plain = client.get(f"/p/{code}/", {"q": "quy"})
    assert plain.status_code == 200
    assert client.get(f"/p/{code}/", {"q": f"{NUL}quy"}).content == plain.content


def test_a_note_of_a_snapshot_loses_what_no_text_has(world: World) -> None:
    answer = log_in(world.tuan).post(
        reverse("capa:rollup_freeze"), {"note": f"Quý{NUL} I", "node": world.unit("stp").pk}
    )
    assert answer.status_code == 302
