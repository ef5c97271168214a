"""Files in a step's form: kept through every refusal, shown under the deed that holds them, saved and never opened."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from capa.models import Car
from tests.capa import records
from tests.people import World
from tests.workflows import attached
from tests.workflows.screens import log_in, text, url_of
from workflows import engine
from workflows.models import Attachment


@pytest.fixture
def car(world: World) -> Car:
    """A nonconformity that a unit is analysing."""
    return records.car(world, "analysis")


def send(world: World, car: Car, *uploads: SimpleUploadedFile, **given: Any) -> Any:
    """Attach as the page does."""
    data = {"expected": car.row_version, "note": "", "files": list(uploads), **given}
    return log_in(world.lan).post(url_of("act", car, "attach"), data)


def photo(name: str = "ảnh quầy.png") -> SimpleUploadedFile:
    """A picture from a phone."""
    return SimpleUploadedFile(name, attached.png(), "image/png")


def test_a_picture_is_attached_and_shown_where_the_record_is(world: World, car: Car) -> None:
    assert send(world, car, photo(), note="Tại quầy 2").status_code == 302
    (found,) = Attachment.objects.all()
    assert found.seq is not None
    for url in (car.get_absolute_url(), f"/inbox/car/{car.pk}/"):
        page = text(world.quang, url)
        assert f'href="{found.get_absolute_url()}" download>ảnh quầy.png</a>' in page
        assert "Đính kèm bằng chứng" in page


def test_the_page_asks_for_files_in_a_form_that_can_carry_them(world: World, car: Car) -> None:
    page = text(world.lan, url_of("act", car, "attach"))
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" name="files"' in page


def test_a_good_file_survives_the_refusal_of_a_bad_one(world: World, car: Car) -> None:
    bad = SimpleUploadedFile("virus.exe", b"MZ\x90\x00", "application/octet-stream")
    refused = send(world, car, photo(), bad, note="Ảnh và tệp")
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "virus.exe: " in page
    assert "Ảnh và tệp" in page
    (kept,) = Attachment.objects.all()
    assert kept.seq is None
    assert f'value="{kept.pk}" checked' in page
    assert send(world, car, files=[str(kept.pk)]).status_code == 302
    assert Attachment.objects.get().seq is not None


def test_who_comes_late_keeps_the_upload(world: World, car: Car) -> None:
    engine.fire(car, "attach", by=world.minh, files=[str(attached.text(car, world.minh).pk)], note="")
    late = log_in(world.lan).post(
        url_of("act", car, "attach"), {"expected": car.row_version, "note": "", "files": [photo()]}
    )
    assert late.status_code == 409
    kept = Attachment.objects.get(uploaded_by=world.lan)
    assert f'value="{kept.pk}" checked' in late.content.decode()


def test_nothing_is_stored_for_who_may_not_take_the_step(world: World, car: Car) -> None:
    data = {"expected": car.row_version, "note": "", "files": [photo()]}
    assert log_in(world.quang).post(url_of("act", car, "attach"), data).status_code == 403
    assert log_in(world.dung).post(url_of("act", car, "attach"), data).status_code == 404
    assert not Attachment.objects.exists()


def test_a_hostile_name_is_only_text(world: World, car: Car) -> None:
    send(world, car, photo("<img src=x onerror=alert(1)>.png"))
    page = text(world.lan, car.get_absolute_url())
    assert "<img src=x" not in page


def test_a_file_is_saved_and_never_opened_in_place(world: World, car: Car) -> None:
    found = attached.held(car, world.lan)
    answer = log_in(world.quang).get(found.get_absolute_url())
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert b"".join(answer) == attached.TEXT
