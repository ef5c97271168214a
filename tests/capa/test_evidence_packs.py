"""Evidence packs: whole, deterministic, of one agency alone, and what was changed in one is named."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from capa import archives
from capa.models import Car, EvidencePack
from tests import factories
from tests.capa import inspected, records
from tests.people import World
from tests.workflows.screens import log_in
from workflows import engine
from workflows.models import User

LINK = re.compile(r'(?:href|src)="([^"]+)"')


def packed(user: User, url: str) -> bytes:
    answer = log_in(user).post(url)
    assert answer.status_code == 200
    raw = b"".join(answer)
    assert answer["X-Content-SHA256"] == hashlib.sha256(raw).hexdigest()
    return raw


def url_of(world: World) -> str:
    factories.in_force(world, since=inspected.on(1, 10).date(), purpose="Mục đích <b>của ta</b>")
    factories.document(world, "nx1", title="Tài liệu của Núi Xanh")
    records.report(world)
    return f"{inspected.self_score(world).get_absolute_url()}pack/"


def test_a_pack_is_whole_and_every_link_resolves_inside(world: World) -> None:
    raw = packed(world.quang, url_of(world))
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        told = json.loads(archive.read(archives.MANIFEST))
        assert told["agency"]["code"] == "STP"
        names = set(archive.namelist())
        assert {row["path"] for row in told["files"]} == names - {archives.MANIFEST}
        for row in told["files"]:
            content = archive.read(row["path"])
            assert (row["size"], row["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        pages = {name: archive.read(name).decode() for name in names if name.endswith(".html")}
    assert {"index.html", "documents/0001.html", "lists/living.html", "cars/0001.html"} <= set(pages)
    for name, page in pages.items():
        assert "<script" not in page
        for link in LINK.findall(page):
            assert "://" not in link
            assert normpath(join(dirname(name), link)) in names, (name, link)
    assert "Núi Xanh" not in "".join(pages.values())
    assert "Mục đích &lt;b&gt;của ta&lt;/b&gt;" in pages["documents/0001.html"]
    assert archives.faults(BytesIO(raw)) == []
    (row_made,) = EvidencePack.objects.all()
    assert (row_made.sha256, row_made.by) == (hashlib.sha256(raw).hexdigest(), world.quang)


def test_the_same_content_is_the_same_bytes(world: World) -> None:
    url = url_of(world)
    assert packed(world.quang, url) == packed(world.quang, url)
    api = f"/api/self_scores/{url.split('/')[3]}/pack/"
    answer = log_in(world.quang).get(api)
    assert b"".join(answer) == packed(world.quang, url)
    assert log_in(world.dung).get(api).status_code == 404
    assert log_in(world.dung).post(url).status_code == 404
    assert log_in(world.lan).post(url).status_code == 403


def rewritten(raw: bytes, change: str) -> bytes:
    """The pack with its index altered, left out, or a file more."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if (name, change) == ("index.html", "missing"):
                continue
            content = old.read(name)
            new.writestr(name, content + b" " if (name, change) == ("index.html", "altered") else content)
        if change == "added":
            new.writestr("them.html", b"")
    return target.getvalue()


@pytest.mark.parametrize(
    ("change", "named"), [("altered", "index.html"), ("missing", "index.html"), ("added", "them.html")]
)
def test_what_was_changed_is_named(world: World, tmp_path: Path, change: str, named: str) -> None:
    raw = rewritten(packed(world.quang, url_of(world)), change)
    (fault,) = archives.faults(BytesIO(raw))
    assert named in fault
    file = tmp_path / "goi.zip"
    file.write_bytes(raw)
    with pytest.raises(CommandError):
        call_command("verify_pack", str(file))
    sent = {"pack": SimpleUploadedFile("goi.zip", raw)}
    page = log_in(world.quang).post("/inspections/packs/check/", sent).content.decode()
    assert named in page


def test_the_page_knows_a_pack_that_was_made_here(world: World) -> None:
    raw = packed(world.quang, url_of(world))
    page = "/inspections/packs/check/"
    seen = log_in(world.hoa).post(page, {"pack": SimpleUploadedFile("goi.zip", raw)}).content.decode()
    assert "Gói còn nguyên vẹn" in seen
    assert "đúng với gói đã lập" in seen
    foreign = log_in(world.dung).post(page, {"pack": SimpleUploadedFile("goi.zip", raw)}).content.decode()
    assert "đúng với gói đã lập" not in foreign
    nothing = log_in(world.hoa).post(page, {"pack": SimpleUploadedFile("goi.zip", b"PK nothing")})
    assert "Không đọc được tệp ZIP" in nothing.content.decode()
    assert log_in(world.hoa).post(page).status_code == 400


def test_an_inspection_pack_waits_for_the_conclusion(world: World) -> None:
    found = inspected.inspection(world, "in_progress")
    url = f"/inspections/{found.pk}/pack/"
    assert log_in(world.xuan).post(url).status_code == 403
    assert log_in(world.xuan).get(f"/api{url}").status_code == 403
    assert b"".join(log_in(world.kiemtra).get(f"/api{url}")) == packed(world.kiemtra, url)
    assert log_in(world.dung).post(url).status_code == 404
    assert log_in(world.dung).get(f"/api{url}").status_code == 404


def test_a_pack_holds_the_corrective_actions_of_its_own_year_and_agency(world: World) -> None:
    url = url_of(world)
    place, last_year = world.unit("hctp"), date(timezone.localdate().year - 1, 12, 31)
    facts = records.reported(found_on=last_year, description="Sai sót của năm trước.")
    engine.start(Car(agency=place.agency, unit=place), "report", by=world.son, **facts)
    foreign = world.unit("nx1")
    told = records.reported(description="Sai sót của Núi Xanh.")
    engine.start(Car(agency=foreign.agency, unit=foreign), "report", by=world.dung, **told)
    with zipfile.ZipFile(BytesIO(packed(world.quang, url))) as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("cars/")}
        whole = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".html"))
    assert set(pages) == {"cars/0001.html"}
    assert records.reported()["description"] in pages["cars/0001.html"]
    assert "Sai sót của" not in whole
