"""Files over the API: the content goes up before the step that uses it, and comes down behind the record's wall."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from capa.models import Car
from tests.capa import records
from tests.people import World
from tests.workflows import attached
from workflows.models import Attachment, Move, User

RAW = "application/octet-stream"


@pytest.fixture
def car(world: World) -> Car:
    """A nonconformity that a unit is analysing."""
    return records.car(world, "analysis")


def put(user: User, record: Any, content: bytes = attached.TEXT, name: str = "so.txt", **extra: Any) -> Any:
    """Upload a file as a program does."""
    client = Client()
    client.force_login(user)
    kind = extra.pop("content_type", RAW)
    return client.put(f"/api/cars/{record.pk}/files/{name}", content, content_type=kind, **extra)


def test_a_file_goes_up_is_held_by_a_step_and_comes_down(world: World, car: Car) -> None:
    answer = put(world.lan, car)
    assert answer.status_code == 201, answer.content
    given = {"files": [answer.json()["id"]], "note": "", "expected_version": car.row_version}
    client = Client()
    client.force_login(world.lan)
    address = f"/api/cars/{car.pk}/actions/attach/"
    done = client.post(address, given, content_type="application/json")
    assert (done.status_code, done.json()["state"]) == (200, "analysis")
    (found,) = Attachment.objects.all()
    move = Move.objects.filter(stream=car.pk).latest("seq")
    assert (found.seq, move.action, move.actor) == (move.seq, "attach", world.lan)
    down = client.get(f"/api/files/{found.pk}/")
    assert b"".join(down) == attached.TEXT
    assert down["Content-Disposition"] == 'attachment; filename="so.txt"'
    assert down["X-Content-Type-Options"] == "nosniff"


def test_the_same_again_is_the_same_file(world: World, car: Car) -> None:
    first, again = put(world.lan, car), put(world.lan, car)
    assert first.json()["id"] == again.json()["id"]
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("dung", 404), ("root", 404), ("son", 403), ("tuan", 403), ("lan", 201)])
def test_only_who_may_take_a_step_with_files_uploads(world: World, car: Car, who: str, status: int) -> None:
    assert put(world.people[who], car).status_code == status
    assert Attachment.objects.count() == (1 if status == 201 else 0)


def test_what_no_step_holds_is_for_its_uploader_alone(world: World, car: Car) -> None:
    pk = put(world.lan, car).json()["id"]
    got = dict[str, set[int]]()
    for who in ("lan", "minh", "quang", "dung"):
        client = Client()
        client.force_login(world.people[who])
        for url in (f"/api/files/{pk}/", f"/files/{pk}/"):
            answer = client.get(url)
            if answer.streaming:
                list(answer)
            got.setdefault(who, set()).add(answer.status_code)
    assert got == {"lan": {200}, "minh": {404}, "quang": {404}, "dung": {404}}


def test_a_form_of_another_site_cannot_upload(world: World, car: Car) -> None:
    assert put(world.lan, car, content_type="text/plain").status_code == 415
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ\x90\x00", "a.exe"), (b"<script>alert(1)</script>", "a.pdf"), (b"a\0b", "a.txt")]
)
def test_what_is_no_evidence_is_refused_in_words(world: World, car: Car, content: bytes, name: str) -> None:
    answer = put(world.lan, car, content, name)
    assert answer.status_code == 400
    assert len(answer.json()["detail"]) > 8
    assert not Attachment.objects.exists()


def test_somebody_else_s_file_is_not_taken(world: World, car: Car) -> None:
    pk = put(world.lan, car).json()["id"]
    client = Client()
    client.force_login(world.minh)
    given = {"files": [pk], "note": "", "expected_version": car.row_version}
    answer = client.post(f"/api/cars/{car.pk}/actions/attach/", given, content_type="application/json")
    assert answer.status_code == 400
    assert Attachment.objects.get().seq is None
