"""The store of attached files: what is taken, what is refused, what the ledger and the database keep of it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
import uuid
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from capa.models import Car
from tests.capa import records
from tests.patience import HUNG
from tests.people import World
from tests.workflows import attached, bad_files
from workflows import engine, files, ledger, protections, ticking
from workflows.contents import BadFile
from workflows.deeds import proofs
from workflows.errors import BadAnswer, WorkflowError
from workflows.models import Attachment, Move

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def car(world: World) -> Car:
    return records.report(world)


def contents(media: Path) -> list[Path]:
    """Every file of the store, temporary ones included, but for the lock."""
    return sorted(path for path in media.rglob("*") if path.is_file() and path.name != "lock")


def attach(world: World, car: Car, *found: Attachment) -> Car:
    return engine.fire(car, "attach", by=world.son, files=[str(one.pk) for one in found])


@pytest.mark.parametrize("name", attached.good())
def test_a_good_file_is_kept_under_its_content(world: World, car: Car, media: Path, name: str) -> None:
    content, kind = attached.good()[name]
    found = files.keep([content[:7], content[7:]], name, record=car, by=world.son)
    digest = hashlib.sha256(content).hexdigest()
    assert (found.name, found.size, found.sha256, found.content_type) == (name, len(content), digest, kind)
    assert (found.machine, found.stream, found.agency, found.unit) == ("car", car.pk, car.agency, car.unit)
    assert (found.uploaded_by, found.seq) == (world.son, None)
    assert contents(media) == [media / "attachments" / digest[:2] / digest]
    with files.opened(found) as stored:
        assert stored.read() == content


@pytest.mark.parametrize("case", bad_files.CORPUS)
def test_a_bad_file_is_refused_and_nothing_stays(world: World, car: Car, media: Path, case: str) -> None:
    name, content = bad_files.CORPUS[case]()
    began = time.perf_counter()
    with pytest.raises(WorkflowError) as caught:
        files.keep([content], name, record=car, by=world.son)
    assert time.perf_counter() - began < HUNG
    assert 400 <= caught.value.status < 500
    assert len(str(caught.value.sentence)) > 8
    assert contents(media) == []
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("case", bad_files.RAW_NAMES)
def test_a_name_that_could_deceive_is_refused(world: World, car: Car, media: Path, case: str) -> None:
    with pytest.raises(BadFile):
        attached.text(car, world.son, name=bad_files.RAW_NAMES[case])
    assert contents(media) == []


def test_the_corpus_is_large_enough() -> None:
    assert len(bad_files.CORPUS) + len(bad_files.RAW_NAMES) >= 60


def test_a_name_is_composed(world: World, car: Car) -> None:
    assert attached.text(car, world.son, name=" biên bản.TXT ").name == "biên bản.TXT"


def test_the_same_content_again_is_the_same_file_under_its_last_name(world: World, car: Car) -> None:
    first = attached.text(car, world.son)
    again = attached.text(car, world.son, name="đổi tên.txt")
    assert (again.pk, again.name, Attachment.objects.count()) == (first.pk, "đổi tên.txt", 1)
    assert attached.text(car, world.hoa).pk != first.pk
    attach(world, car, again)
    assert attached.text(car, world.son).pk != first.pk


def test_the_deed_binds_and_the_ledger_pins(world: World, car: Car) -> None:
    one, two = attached.text(car, world.son), attached.text(car, world.son, b"hai", "hai.txt")
    done = attach(world, car, two, one)
    move = Move.objects.get(stream=car.pk, seq=2)
    assert json.loads(move.body)["answers"] == {"files": [two.pin(), one.pin()]}
    assert two.pin() == {"name": "hai.txt", "sha256": hashlib.sha256(b"hai").hexdigest(), "size": 3}
    assert list(Attachment.objects.bound(car.pk).values_list("seq", flat=True)) == [2, 2]
    rows, ends = proofs(done, Move.objects.of(car.pk))
    assert ends
    assert all(row.sound for row in rows)
    assert move.hash == ledger.link(move.prev_hash, move.body)


def test_an_optional_answer_left_out_says_nothing(world: World) -> None:
    car = records.car(world, "issued")
    done = engine.fire(car, "correct", by=world.minh, **records.answers(world, "correct"))
    assert "files" not in json.loads(Move.objects.get(stream=car.pk, seq=done.row_version).body)["answers"]


def test_files_of_others_of_elsewhere_and_of_nobody_are_not_taken(world: World, car: Car) -> None:
    mine = attached.text(car, world.son)
    others, elsewhere = attached.text(car, world.hoa), attached.text(records.report(world), world.son)
    used = attached.text(car, world.son, b"x")
    attach(world, car, used)
    for wrong in (others.pk, elsewhere.pk, used.pk, uuid.uuid4()):
        with pytest.raises(BadAnswer) as caught:
            engine.fire(car, "attach", by=world.son, files=[str(mine.pk), str(wrong)])
        assert set(caught.value.problems) == {"files"}
    assert Move.objects.filter(stream=car.pk).count() == 2
    assert Attachment.objects.waiting(car.pk, world.son).get() == mine


@pytest.mark.parametrize("given", [None, "", [], "x", ["x"], [None], {"a": 1}, 5, [str(uuid.uuid4())] * 2, [["x"]]])
def test_an_answer_that_is_no_list_of_files(world: World, car: Car, given: Any) -> None:
    with pytest.raises(BadAnswer) as caught:
        engine.fire(car, "attach", by=world.son, files=given)
    assert set(caught.value.problems) == {"files"}


def test_a_step_takes_ten_files(world: World, car: Car) -> None:
    found = [attached.text(car, world.son, str(number).encode(), f"{number}.txt") for number in range(11)]
    with pytest.raises(BadAnswer):
        attach(world, car, *found)
    assert attach(world, car, *found[:10]).row_version == 2


def test_nobody_fills_the_store_with_files_that_no_step_uses(
    world: World, car: Car, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "WAITING_LIMIT", 2)
    attached.text(car, world.son, b"1")
    attached.text(car, world.son, b"2")
    with pytest.raises(BadFile):
        attached.text(car, world.son, b"3")


def test_a_refused_step_binds_nothing(world: World, car: Car) -> None:
    found = attached.text(car, world.son)
    with pytest.raises(WorkflowError):
        engine.fire(car, "attach", by=world.son, expected=9, files=[str(found.pk)])
    found.refresh_from_db()
    assert found.seq is None


# The database.


def refused(act: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            act()
    except IntegrityError:
        return True
    return False


CHANGES: dict[str, dict[str, Any]] = {
    "name": {"name": "x"},
    "content": {"sha256": "0" * 64},
    "size": {"size": 1},
    "owner": {"uploaded_by_id": 1},
    "free again": {"seq": None},
    "another deed": {"seq": 1},
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_keeps_a_bound_row(world: World, car: Car, change: str) -> None:
    found = attached.text(car, world.son)
    attach(world, car, found)
    row = Attachment.objects.filter(pk=found.pk)
    assert refused(lambda: row.update(**CHANGES[change]))
    assert refused(row.delete)
    assert refused(found.delete)


def test_a_row_is_bound_with_its_deed_only(world: World, car: Car) -> None:
    found = attached.text(car, world.son)
    row = Attachment.objects.filter(pk=found.pk)
    assert refused(lambda: row.update(seq=2))
    assert refused(lambda: row.update(sha256="0" * 64))
    assert refused(lambda: row.update(stream=uuid.uuid4()))
    born = Attachment(**{f.attname: getattr(found, f.attname) for f in Attachment._meta.concrete_fields})
    born.pk, born.seq, born.sha256 = uuid.uuid4(), 1, "1" * 64
    assert refused(lambda: born.save(force_insert=True))
    row.delete()


def test_no_bound_row_is_replaced_or_truncated(world: World, car: Car) -> None:
    attach(world, car, attached.text(car, world.son))
    table = Attachment._meta.db_table
    sql = (
        f"TRUNCATE {table} CASCADE"
        if connection.vendor == "postgresql"
        else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert refused(lambda: cursor.execute(sql))
    assert protections.missing("default") == []


@pytest.mark.parametrize("field", ["agency", "unit", "uploaded_by"])
def test_what_a_file_names_stays(field: str) -> None:
    relation: Any = Attachment._meta.get_field(field)
    assert relation.remote_field.on_delete is models.PROTECT


# The store.


def test_a_disk_nearly_full_takes_nothing(world: World, car: Car, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1000, 901, 99))
    with pytest.raises(files.StoreFull) as caught:
        attached.text(car, world.son)
    assert caught.value.status == 507
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1000, 900, 100))
    attached.text(car, world.son)
    assert len(contents(media)) == 1


def test_a_missing_store_is_said_and_leaves_no_row(world: World, car: Car, media: Path) -> None:
    media.rmdir()
    with pytest.raises(files.StoreUnfit):
        attached.text(car, world.son)
    assert not Attachment.objects.exists()
    assert not media.exists()
    files.prepare()
    attached.text(car, world.son)


@pytest.mark.parametrize("broken", ["open", "replace", "fsync"])
def test_a_disk_that_fails_leaves_no_row(
    world: World, car: Car, media: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(30, "Read-only file system")

    target: Any = os if broken == "fsync" else Path
    with monkeypatch.context() as patch:
        patch.setattr(target, broken, fails)
        with pytest.raises(files.StoreUnfit):
            attached.text(car, world.son)
    assert not Attachment.objects.exists()
    assert contents(media) == []


def test_a_lost_content_is_said(world: World, car: Car) -> None:
    found = attached.text(car, world.son)
    files.place(found.sha256).unlink()
    with pytest.raises(files.StoreUnfit):
        files.opened(found)


def test_an_upload_that_breaks_off_leaves_nothing(world: World, car: Car, media: Path) -> None:
    def chunks() -> Any:
        yield attached.TEXT
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError):
        files.keep(chunks(), "a.txt", record=car, by=world.son)
    assert contents(media) == []


# The sweep.


def age(path: Path, days: int = 3) -> Path:
    when = time.time() - days * 86_400
    os.utime(path, (when, when))
    return path


def test_the_sweep_takes_what_nobody_uses_and_nothing_else(world: World, car: Car, media: Path) -> None:
    now, old = timezone.now(), timezone.now() - timedelta(days=3)
    bound = files.keep([b"bound"], "a.txt", record=car, by=world.son, now=old)
    attach(world, car, bound)
    left = files.keep([b"left"], "a.txt", record=car, by=world.son, now=old)
    young = files.keep([b"young"], "a.txt", record=car, by=world.son)
    shared = files.keep([b"bound"], "b.txt", record=car, by=world.hoa, now=old)
    stray = media / "attachments" / "ab" / ("ab" + "0" * 62)
    half = media / "attachments" / "tmp" / "half"
    fresh = media / "attachments" / "tmp" / "fresh"
    for path in (stray, half, fresh):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for path in (stray, half, *(files.place(one.sha256) for one in (bound, left, young))):
        age(path)
    for minute in range(files.SHARDS):
        files.sweep(now + timedelta(minutes=minute))
    kept = {files.place(bound.sha256), files.place(young.sha256), fresh}
    assert set(contents(media)) == kept
    assert set(Attachment.objects.values_list("pk", flat=True)) == {bound.pk, young.pk}
    assert shared.sha256 == bound.sha256
    assert files.sweep(now)[0] == {}


def test_the_clock_sweeps(world: World, car: Car) -> None:
    files.keep([b"left"], "a.txt", record=car, by=world.son, now=timezone.now() - timedelta(days=3))
    done, complaints = ticking.tick(timezone.now())
    assert done["attachment.forgotten"] == 1
    assert [one for one in complaints if "attachments" in one.record] == []


def test_a_store_that_cannot_be_swept_is_a_complaint(world: World, car: Car, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "sweep_folder", fails)
    counts, complaints = files.sweep(timezone.now())
    assert counts == {}
    assert "Input/output error" in complaints[0].reason
