"""Pages and addresses of reorganisations: preview that writes nothing, lines that stay as typed, who is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import Caller, call
from tests.documents.test_simulation import checksums
from tests.people import World
from tests.workflows.mergers import SOON, TODAY, leader, merge, prepared, second_commune
from tests.workflows.screens import log_in, statements, text
from workflows.models import Reorganisation, User

__all__ = ["call"]

NEW = "/reorganisations/new/"
Call = Callable[[User | None], Caller]


def typed(*rows: dict[str, str], **more: str) -> dict[str, str]:
    """The formset as a browser sends it."""
    sent = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0", **more}
    for number, row in enumerate(rows):
        full = {
            "what": "merge",
            "unit": "",
            "into": "",
            "name": "",
            "kind": "",
            "parent": "",
            "documents": "offer",
        } | row
        sent |= {f"form-{number}-{name}": value for name, value in full.items()}
    return sent


def test_lines_are_typed_and_wrong_ones_stay(world: World) -> None:
    second_commune(world)
    client = log_in(world.cao)
    wrong = client.post(NEW, typed({"unit": "XA1", "into": "KHONG"}))
    assert wrong.status_code == 422
    assert "KHONG" in wrong.content.decode()
    assert "Không có cơ quan mã" in wrong.content.decode()
    assert not Reorganisation.objects.exists()
    done = client.post(NEW, typed({"unit": "XA1", "into": "XB1"}))
    assert done.status_code == 302
    found = Reorganisation.objects.get()
    assert (found.agency, found.lines[0]["into"]) == (world.unit("tinh"), ["XB1"])
    edited = client.post(f"/reorganisations/{found.pk}/edit/", typed({"unit": "XB1", "into": "XA1"}, expected="1"))
    assert edited.status_code == 302
    stale = client.post(f"/reorganisations/{found.pk}/edit/", typed({"unit": "XA1", "into": "XB1"}, expected="1"))
    assert stale.status_code == 409
    assert Reorganisation.objects.get().lines[0]["unit"] == "XB1"


def test_the_preview_writes_nothing_and_costs_the_same_for_many_lines(world: World) -> None:
    found = prepared(world)
    client, url = log_in(leader(world)), f"/reorganisations/{found.pk}/"
    client.get(url)
    before = checksums()
    with statements() as few:
        page = client.get(url)
    assert checksums() == before
    assert page.context["foreseen"].ends[0][1] == 1
    assert "1" in page.content.decode()
    more = prepared(world, merge(), {"what": "rename", "unit": "STP", "name": "Sở Mới"})
    with statements() as many:
        client.get(f"/reorganisations/{more.pk}/")
    assert len(many) == len(few) <= 39


def test_who_reads_and_who_prepares(world: World) -> None:
    found = prepared(world)
    head = leader(world)
    url = f"/reorganisations/{found.pk}/"
    for user, status in ((world.cao, 200), (head, 200), (world.hoa, 404), (world.dung, 404), (world.xuan, 404)):
        assert log_in(user).get(url).status_code == status, user
    assert log_in(world.hoa).get(NEW).status_code == 200  # for agencies below her own
    for user in (world.lan, head, world.xuan):
        assert log_in(user).get(NEW).status_code == 403, user
    assert log_in(head).get(f"{url}edit/").status_code == 403
    assert log_in(world.cao).get(f"{url}heirs/").status_code == 200
    assert log_in(world.cao).get(f"{url}things/no-such/").status_code == 404
    assert "Chuẩn bị sắp xếp" not in text(world.lan, "/reorganisations/")


def test_over_the_api(world: World, call: Call) -> None:
    second_commune(world)
    lines = [{"what": "merge", "unit": "XA1", "into": ["XB1"]}]
    made = call(world.cao).post("reorganisations/", {"lines": lines})
    assert made.status_code == 201, made.content
    found = Reorganisation.objects.get()
    assert call(world.lan).post("reorganisations/", {"lines": lines}).status_code == 403
    for bad in ({}, {"lines": 3}, {"lines": [{"what": "merge"}], "state": "decided"}):
        assert call(world.cao).post("reorganisations/", bad).status_code == 400
    assert call(world.dung).get(f"reorganisations/{found.pk}/preview/").status_code == 404
    preview = call(world.cao).get(f"reorganisations/{found.pk}/preview/").json()
    assert (preview["problems"], preview["missing"]) == ([], 0)
    chosen = call(world.cao).do(found, "assign", choices={"units": {str(world.unit("xa").pk): "NX"}})
    assert chosen.status_code == 400
    facts: dict[str, Any] = {"decision_no": "5", "decision_on": TODAY, "effective_on": SOON}
    assert call(leader(world)).do(found, "decide", **facts).status_code == 200
    assert Reorganisation.objects.get().state == "decided"


@pytest.mark.parametrize("field", ["decision_on", "effective_on"])
def test_days_that_cannot_be(world: World, call: Call, field: str) -> None:
    found = prepared(world)
    facts: dict[str, Any] = {"decision_no": "5", "decision_on": TODAY, "effective_on": SOON}
    facts[field] = SOON if field == "decision_on" else "2020-01-01"
    assert call(leader(world)).do(found, "decide", **facts).status_code == 422
