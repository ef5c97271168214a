"""Publications over HTTP: prepared for an agency of one's own, read with conditions, list and causes."""

from __future__ import annotations

from collections.abc import Callable

from documents import gates
from documents.models import Publication
from tests import factories
from tests.api.conftest import Caller
from tests.documents import published
from tests.people import World
from workflows.models import User

Call = Callable[[User | None], Caller]


def test_prepared_read_and_confirmed(world: World, call: Call) -> None:
    version = published.fit(world)
    body = {"agency": world.unit("stp").pk, "edition": published.EDITION}
    made = call(world.hoa).post("publications/", body)
    assert made.status_code == 201, made.content
    shown = call(world.quang).get(f"publications/{made.json()['id']}/").json()
    assert {row["name"]: row["missing"] for row in shown["conditions"]}["major"] == ""
    assert {(row["kind"], row["code"]) for row in shown["rows"]} == {
        ("document", version.document.code),
        ("procedure", version.document.code),
    }
    assert call(world.quang).do(Publication.objects.get(), "confirm").json()["state"] == "confirmed"


def test_who_may_not_prepare(world: World, call: Call) -> None:
    published.fit(world)
    body = {"agency": world.unit("stp").pk, "edition": published.EDITION}
    assert call(world.lan).post("publications/", body).status_code == 403
    for outsider in (world.dung, world.xuan):
        assert call(outsider).post("publications/", body).status_code == 404
    unit = {**body, "agency": world.unit("hctp").pk}
    assert call(world.hoa).post("publications/", unit).status_code == 400
    assert call(world.hoa).post("publications/", {"agency": body["agency"]}).status_code == 400
    assert Publication.objects.count() == 0


def test_every_unmet_condition_is_in_the_refusal(world: World, call: Call) -> None:
    factories.in_force(world)
    found = published.prepared(world)
    refused = call(world.quang).do(found, "confirm")
    assert refused.status_code == 422
    assert len(refused.json()["problems"]) == len(gates.names()) - 3


def test_causes_and_who_sees_them(world: World, call: Call) -> None:
    found = published.publication(world, "republish_required")
    shown = call(world.son).get(f"publications/{found.pk}/").json()
    assert [row["cause"] for row in shown["causes"]] == ["added"]
    assert shown["conditions"] == []
    assert call(world.dung).get(f"publications/{found.pk}/").status_code == 404
    assert call(world.dung).get("publications/").json()["count"] == 0
