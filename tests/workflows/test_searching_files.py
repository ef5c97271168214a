"""Files in the search: their text is read apart, within limits, and found behind the walls of their records."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
import zlib
from datetime import timedelta

import pytest
from django.utils import timezone

from capa.models import Car
from tests.capa import records
from tests.people import World
from tests.workflows import attached, bad_files, searched
from workflows import catching_up, files, searched_files
from workflows.models import Heading, Passage
from workflows.reader import LETTERS
from workflows.searched_files import READER

SAID = "Biên bản xác minh hộ khẩu thường trú"


@pytest.fixture
def car(world: World) -> Car:
    return records.car(world, "analysis")


def read(kind: str, content: bytes) -> tuple[int, str]:
    """Exit code and text of the reader."""
    done = subprocess.run(
        [sys.executable, "-I", str(READER), kind], input=content, capture_output=True, timeout=60, check=False
    )
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", searched.docx("Đoạn một", "Biên bản xác mi|nh hộ khẩu", "thường trú")),
        ("a.xlsx", searched.xlsx("TT", SAID)),
        ("a.pdf", searched.pdf(f"= {SAID}")),
        ("a.txt", SAID.encode()),
    ],
)
def test_the_text_of_a_file_is_found(world: World, car: Car, name: str, content: bytes) -> None:
    found = searched.hold(car, world.lan, content, name)
    for query in ("xác minh hộ khẩu", "xac minh ho khau"):
        (hit,) = searched.hits(world.minh, query, "file")
        assert (hit.id, hit.url, hit.within) == (found.pk, found.get_absolute_url(), car.get_absolute_url())
        assert [piece.text for piece in hit.excerpt if piece.hit]
    assert searched.ids(world.minh, name, "file") == [found.pk]


def test_who_does_not_read_the_record_does_not_find_its_file(world: World, car: Car) -> None:
    searched.hold(car, world.lan, SAID.encode(), "biên bản.txt")
    for who in ("dung", "xuan", "root", "cua"):
        assert searched.hits(world.people[who], "xác minh hộ khẩu") == [], who
        assert searched.hits(world.people[who], "biên bản") == [], who


def test_a_file_that_no_deed_holds_is_not_found(world: World, car: Car) -> None:
    files.keep([SAID.encode()], "a.txt", record=car, by=world.lan)
    catching_up.catch_up(timezone.now())
    assert searched.hits(world.lan, SAID) == []


def test_a_picture_and_a_broken_pdf_are_found_by_name(world: World, car: Car) -> None:
    for content, name in ((attached.png(), "ảnh cửa.png"), (attached.pdf(b"<< /Type"), "đơn hỏng.pdf")):
        found = searched.hold(car, world.lan, content, name)
        assert searched.ids(world.lan, name, "file") == [found.pk]


def test_each_file_is_read_once(world: World, car: Car, monkeypatch: pytest.MonkeyPatch) -> None:
    searched.hold(car, world.lan, SAID.encode(), "a.txt")
    monkeypatch.setattr(searched_files, "text_of", lambda _file: pytest.fail("read again"))
    assert catching_up.catch_up(timezone.now()) == ({}, [])


def forget_files() -> None:
    for model in (Heading, Passage):
        model.objects.filter(source="file").delete()


def test_a_lost_file_is_said_and_read_when_it_is_back(world: World, car: Car) -> None:
    found = searched.hold(car, world.lan, SAID.encode(), "a.txt")
    forget_files()
    place = files.place(found.sha256)
    place.rename(place.with_suffix(".away"))
    _done, (complaint,) = catching_up.catch_up(timezone.now())
    assert complaint.record == f"file {found.pk}"
    place.with_suffix(".away").rename(place)
    assert catching_up.catch_up(timezone.now() + timedelta(minutes=1)) == ({"searched.file": 1}, [])


def test_a_run_of_the_clock_leaves_the_rest_to_the_next(
    world: World, car: Car, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = searched.hold(car, world.lan, SAID.encode(), "a.txt")
    forget_files()
    monkeypatch.setattr(catching_up, "SECONDS", -1.0)
    assert catching_up.catch_up(timezone.now()) == ({}, [])
    monkeypatch.undo()
    catching_up.catch_up(timezone.now())
    assert Passage.objects.filter(owner=found.pk).exists()


def test_a_reader_that_takes_too_long_is_stopped(world: World, car: Car, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searched_files, "SECONDS", 0.001)
    found = searched.hold(car, world.lan, SAID.encode(), "sổ.txt")
    assert searched.ids(world.lan, "sổ.txt", "file") == [found.pk]
    assert searched.hits(world.lan, SAID, "file") == []


def test_a_long_text_is_cut_and_deleted_text_is_none() -> None:
    assert len(read("txt", b"a" * (LETTERS + 5))[1]) == LETTERS
    body = "<w:document xmlns:w='x'><w:p><w:r><w:delText>cũ</w:delText><w:t>mới</w:t></w:r></w:p></w:document>"
    assert read("docx", attached.package({"word/document.xml": body})) == (0, "mới\n")


def test_a_hostile_archive_gives_no_text_in_little_time() -> None:
    laughs = "<!DOCTYPE x [<!ENTITY a 'ha'>]><w:t xmlns:w='x'>&a;</w:t>"
    begun = time.monotonic()
    assert read("docx", attached.package({"word/document.xml": laughs}))[1] == ""
    assert read("docx", b"PK\x03\x04 not at all")[1] == ""
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as out:
        out.write(b"<w:t>")
        for _block in range(300):
            out.write(b"a" * 2**20)
    code, text = read("docx", large.getvalue())
    assert (code, len(text)) == (0, LETTERS)
    assert read("docx", bad_files.bomb())[1] == ""
    assert time.monotonic() - begun < 45


def bomb(body: bytes, kind: bytes = b"/FlateDecode") -> bytes:
    """A PDF whose page is a stream that unpacks to much."""
    packed = zlib.compress(body, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(packed), kind, packed),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer << /Root 1 0 R /Size 5 >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(out),
    )


@pytest.mark.parametrize(
    "content",
    [
        bomb(b"q " * 2**28),
        bomb(b"(a) Tj " * 10**6),
        bomb(b"[" * 10**6),
        bomb(b"x" * 10)[:200],
        attached.pdf(b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 99999999 >>"),
    ],
    ids=["unpacks to half a gigabyte", "a million words", "nested", "cut off", "its own page"],
)
def test_a_hostile_pdf_ends_in_little_time(content: bytes) -> None:
    begun = time.monotonic()
    _code, text = read("pdf", content)
    assert len(text) <= LETTERS
    assert time.monotonic() - begun < 45
