"""Framework models on screen and over the API: who sees what, what is kept when it is refused, and the merge."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from documents.models import AdoptedItem, Adoption, DocumentVersion, ModelItem, ModelVersion
from documents.services import frameworks
from tests.documents import modelled
from tests.documents.modelled import item
from tests.documents.test_framework import steps
from tests.people import World
from tests.workflows.screens import log_in, statements, text
from workflows import engine
from workflows.models import day_of

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _commune(world: World) -> None:
    modelled.populated(world)


@pytest.fixture
def behind(world: World, monkeypatch: pytest.MonkeyPatch) -> AdoptedItem:
    """The commune's item, with one conflict, on the day on which the model's second version holds."""
    version = modelled.model(world, item("hs", open_parts=["steps.responsible"]))
    one = modelled.linked(world, version, steps=steps(responsible="Văn phòng xã"))
    parts = {"purpose": "Mục đích mới.", "steps": steps(responsible="Trung tâm")}
    modelled.moved(world, version, item("hs", open_parts=["steps.responsible"], parts=parts))
    tomorrow = day_of() + timedelta(days=1)
    for place in ("views.upgrading", "views.models", "views.framework", "api.frameworks"):
        monkeypatch.setattr(f"documents.{place}.day_of", lambda *_now: tomorrow)
    monkeypatch.setattr("workflows.engine.day_of", lambda *_now: tomorrow)
    return AdoptedItem.objects.select_related("adoption__model", "document").get(pk=one.pk)


def posted(client: Client, page: str, **given: str) -> Any:
    return client.post(page, given)


def fields(one: AdoptedItem) -> dict[str, str]:
    """What the page sends with the decisions."""
    target = ModelItem.objects.get(version__number=2)
    joined = one.joined(target)
    assert joined is not None
    return {"expected": str(one.row_version), "seen": joined.seen, "target": str(target.pk)}


def test_a_model_is_written_on_screen(world: World) -> None:
    client = log_in(world.hoa)
    bad = client.post(reverse("documents:model_new"), {"title": "Mô hình thử", "kinds": ["NONE"]})
    assert (bad.status_code, "Mô hình thử" in bad.content.decode()) == (400, True)
    given = {"title": "Mô hình thử", "kinds": ["commune"], "below": str(world.unit("stp").pk)}
    assert client.post(reverse("documents:model_new"), given).status_code == 302
    version = ModelVersion.objects.get()
    page = reverse("documents:model_item_new", args=[version.pk])
    assert client.get(page).status_code == 200
    facts = {"kind": "SYS_PROC", "code": "QT.{agency}", "title": "Kiểm soát tài liệu", "required": "True"}
    wrong = client.post(page, {**facts, "key": "Chữ Hoa", "purpose": "Giữ lại", "expected": str(version.row_version)})
    assert wrong.status_code == 400
    assert "Giữ lại" in wrong.content.decode()
    more = client.post(page, {**facts, "key": "hs", "purpose": "P", "do": "add:steps"})
    assert 'name="steps.0.name"' in more.content.decode()
    sent = {**facts, "key": "hs", "purpose": "P", "open_parts": ["fee"], "expected": str(version.row_version)}
    assert client.post(page, sent).status_code == 302
    row = version.items.get()
    assert (row.key, row.required, row.content["purpose"], row.open_parts) == ("hs", True, "P", ["fee"])
    assert client.post(page, sent).status_code == 409  # the page is of an older version
    page = reverse("documents:model_item", args=[version.pk, "hs"])
    now = str(ModelVersion.objects.get().row_version)
    assert client.post(page, {"do": "remove", "expected": now}).status_code == 302
    assert not version.items.exists()
    assert log_in(world.lan).get(page).status_code == 403


def test_a_file_goes_out_and_comes_in_again(world: World) -> None:
    version = modelled.drafted(world)
    client = log_in(world.hoa)
    file = client.get(reverse("documents:model_file", args=[version.pk])).content
    assert [json.loads(line)["key"] for line in file.splitlines()] == ["hs", "dg"]
    page = reverse("documents:model_import", args=[version.pk])
    seen = str(ModelVersion.objects.get().row_version)
    broken = client.post(page, {"expected": seen, "file": SimpleUploadedFile("a.jsonl", b"{\n[1]\n")})
    assert (broken.status_code, "Dòng 1" in broken.content.decode()) == (400, True)
    wrong = client.post(page, {"expected": seen, "file": SimpleUploadedFile("a.jsonl", b'{"key": "A B"}')})
    assert (wrong.status_code, "items.0.key" in wrong.content.decode()) == (400, True)
    back = file.splitlines()[0]
    assert client.post(page, {"expected": seen, "file": SimpleUploadedFile("a.jsonl", back)}).status_code == 302
    assert [one.facts() for one in version.items.all()] == [json.loads(back)]


def test_a_commune_adopts_and_takes_items_up(world: World) -> None:
    version = modelled.model(world)
    client = log_in(world.people["ba"])
    page = reverse("documents:model", args=[version.model_id])
    assert "Xã Bình Minh áp dụng mô hình này" in client.get(page).content.decode()
    assert "áp dụng mô hình này" not in text(world.xuan, page)
    adopt = reverse("documents:model_adopt", args=[version.model_id])
    assert client.post(adopt, {"agency": str(world.unit("stp").pk)}).status_code == 403
    assert client.post(adopt, {"agency": str(world.unit("xa").pk)}).status_code == 302
    adoption = Adoption.objects.get()
    page, unit = adoption.get_absolute_url(), str(world.unit("xa").pk)
    taken = {"unit-hs": unit, "code-hs": "QT-01", "unit-dg": unit, "code-dg": "QT-01"}
    twice = client.post(page, {**taken, "take": ["hs", "dg"]})
    assert (twice.status_code, "Mã hiệu này đã có trong cơ quan." in twice.content.decode()) == (400, True)
    assert not DocumentVersion.objects.exists()
    assert client.post(page, {**taken, "take": ["hs"]}).status_code == 302
    assert AdoptedItem.objects.get().document.code == "QT-01"
    assert "Còn thiếu 1 mục bắt buộc." in text(world.xuan, page)
    assert log_in(world.dung).get(page).status_code == 404
    assert "QT-01" in text(world.hoa, page)  # who publishes a model sees who applies it


def test_the_merge_is_decided_on_its_page(world: World, behind: AdoptedItem) -> None:
    page, client = behind.get_absolute_url(), log_in(world.people["ba"])
    shown = client.get(page).content.decode()
    assert "1 chỗ hai bên sửa khác nhau, phải quyết định" in shown
    for word in ("Văn phòng xã", "Trung tâm", "Mục đích mới."):
        assert word in shown
    silent = client.post(page, fields(behind))
    assert (silent.status_code, "Chưa quyết định" in silent.content.decode()) == (422, True)
    name = "steps.s1.responsible"
    typed = {**fields(behind), f"take:{name}": "typed", f"text:{name}": "Bộ phận một cửa của xã"}
    stale = client.post(page, {**typed, "expected": "9"})
    assert stale.status_code == 409
    assert "Bộ phận một cửa của xã" in stale.content.decode()
    assert 'value="typed" checked' in stale.content.decode()
    assert behind.document.versions.count() == 1
    assert client.post(page, typed).status_code == 302
    draft = behind.document.versions.get(state="draft")
    assert draft.content["steps"][0]["responsible"] == "Bộ phận một cửa của xã"
    assert draft.content["purpose"] == "Mục đích mới."


def test_who_may_not_draft_sees_no_merge(world: World, behind: AdoptedItem) -> None:
    shown = text(world.hoa, behind.get_absolute_url())
    assert "phải quyết định" not in shown
    assert log_in(world.hoa).post(behind.get_absolute_url(), fields(behind)).status_code == 403
    assert log_in(world.dung).post(behind.get_absolute_url(), fields(behind)).status_code == 404


def test_the_roll_up_counts_and_lists(world: World, behind: AdoptedItem) -> None:
    page = reverse("documents:model", args=[behind.adoption.model_id])
    shown = text(world.hoa, page)
    assert "?item=hs&amp;status=behind#agencies" in shown
    assert "Xã Bình Minh" in text(world.hoa, f"{page}?status=behind")
    assert "Không có cơ quan nào như vậy." in text(world.hoa, f"{page}?status=drifted")
    found = log_in(world.hoa).get(reverse("models_rollup", args=[behind.adoption.model_id])).json()
    assert found["count"] == 1
    line = found["results"][0]["items"][0]
    assert (line["status"], line["behind"], line["overridden"]) == ("overridden", True, ["steps.responsible"])


def test_the_api_merges_as_the_page_does(world: World, behind: AdoptedItem) -> None:
    client = log_in(world.people["ba"])
    found = client.get(reverse("adopted_items_detail", args=[behind.pk])).json()["merge"]
    assert [one["name"] for one in found["conflicts"]] == ["steps.s1.responsible"]
    body = {"expected_version": behind.row_version, "target": found["target"], "seen": found["seen"]}
    page = reverse("adopted_items_merge", args=[behind.pk])
    refused = client.post(page, {**body, "decisions": {}}, content_type="application/json")
    assert refused.status_code == 422
    body["decisions"] = {"steps.s1.responsible": {"take": "theirs"}}
    assert client.post(page, body, content_type="application/json").status_code == 200
    assert behind.document.versions.get(state="draft").content["steps"][0]["responsible"] == "Trung tâm"


def test_the_api_starts_each_kind(world: World) -> None:
    client, stp, xa = log_in(world.hoa), world.unit("stp"), world.unit("xa")
    page, body = reverse("model_versions_list"), {"agency": stp.pk, "title": "M", "kinds": ["commune"]}
    assert client.post(page, {"agency": stp.pk}, content_type="application/json").status_code == 400
    made = client.post(page, body, content_type="application/json")
    assert made.status_code == 201
    version = ModelVersion.objects.get()
    engine.fire(version, "edit", by=world.hoa, items=[item("hs")])
    modelled.published(world, version)
    ba = log_in(world.people["ba"])
    given = {"agency": xa.pk, "model": str(version.model_id)}
    adopted = ba.post(reverse("adoptions_list"), given, content_type="application/json")
    assert adopted.status_code == 201
    taken = {"adoption": adopted.json()["id"], "item": version.items.get().pk, "unit": xa.pk}
    assert ba.post(reverse("adopted_items_list"), taken, content_type="application/json").status_code == 201
    assert client.post(reverse("adopted_items_list"), taken, content_type="application/json").status_code == 403
    detail = ba.get(reverse("adoptions_detail", args=[adopted.json()["id"]])).json()
    assert [(line["key"], line["status"]) for line in detail["items"]] == [("hs", "drafting")]


def asked(client: Client, page: str) -> int:
    with statements() as found:
        assert client.get(page).status_code == 200
    return len(found)


def test_pages_cost_the_same_for_more(world: World) -> None:
    version = modelled.model(world, item("hs"), item("dg"), item("nc"), item("con"))
    one = modelled.linked(world, version, "hs", fee="Khác")
    places = [reverse("documents:models"), reverse("documents:framework"), one.adoption.get_absolute_url()]
    places += [version.model.get_absolute_url(), version.get_absolute_url()]
    client = log_in(world.people["ba"])
    first = [asked(client, page) for page in places]
    modelled.linked(world, version, "dg", fee="Khác")
    modelled.linked(world, version, "nc", purpose="Khác")
    assert [asked(client, page) for page in places] == first
    assert first == [8, 14, 17, 20, 11]


def test_two_models_stand_side_by_side(world: World) -> None:
    version = modelled.model(world)
    modelled.adopted(world, version)
    other = modelled.for_departments(world)
    free = frameworks.offered(world.unit("xa"), day_of())
    assert [model for model, _version in free] == [version.model]
    assert "chưa áp dụng" in text(world.hoa, reverse("documents:framework"))
    assert other.model.title in text(world.hoa, reverse("documents:framework"))
    assert version.model.title not in text(world.hoa, reverse("documents:framework"))
